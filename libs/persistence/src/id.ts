import { randomBytes } from 'node:crypto';

/**
 * A new id: prefix, underscore, 12 hex digits of the time in milliseconds, 16 random ones. Sorts by time; the same
 * form as `tb_id(prefix)` in SQL.
 */
export function newId(prefix: string): string {
  return `${prefix}_${Date.now().toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;
}
