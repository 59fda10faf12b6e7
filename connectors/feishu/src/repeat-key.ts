import { createHash } from 'node:crypto';

/**
 * An item's key in the form the platform drops repeats by: `min` to `max` characters (`max` at least 43). A key of another
 * form is known by its hash.
 */
export function repeatKey(key: string, min: number, max: number): string {
  const fits = key.length >= min && key.length <= max && /^[A-Za-z0-9_-]+$/.test(key);
  return fits ? key : createHash('sha256').update(key).digest('base64url').slice(0, max);
}

/** A UUID of version 4 in form, the same for the same items in the same order. */
export function repeatUuid(keys: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(keys)).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
