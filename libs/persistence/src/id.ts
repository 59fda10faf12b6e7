import { randomUUID } from 'node:crypto';

/**
 * A new id: prefix, underscore, 12 hex digits of the time in milliseconds, 16 random ones. Sorts by time; the same
 * form as `tb_id(prefix)` in SQL.
 */
export function newId(prefix: string): string {
  // randomUUID draws its randomness in stock, which randomBytes does not; both ends of it are random throughout.
  const uuid = randomUUID();
  return `${prefix}_${Date.now().toString(16).padStart(12, '0')}${uuid.slice(0, 8)}${uuid.slice(28)}`;
}
