import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';

/*
 * What values of an answer may be taken for. The examples of the documentation print numbers and booleans as text, the
 * wire carries real ones; both are read, and a type nobody expects counts as not told.
 */

/** Absent: not told. Empty: told to be empty. */
export function text(value: JsonValue | undefined): string | null | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return value === null ? null : undefined;
  const trimmed = value.trim();
  return trimmed === '' ? null : trimmed;
}

/** Zero or above; ranks of 64 bits come without their last digits, which sorting survives. */
export function whole(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && /^\d{1,19}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : undefined;
}

export function flag(value: JsonValue | undefined): boolean | undefined {
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'boolean' ? value : undefined;
}

export function list(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function objects(value: JsonValue | undefined): JsonObject[] {
  return list(value).filter(
    (item): item is JsonObject => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}

const MAX_ID = 256;

/** A userid, unionid or instance id as it was written; null when it cannot be one. */
export function idOf(value: JsonValue | undefined): string | null {
  const id = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof id === 'string' && id.length <= MAX_ID && /^[^\s\p{Cc}]+$/u.test(id) ? id : null;
}

/** A department's id as text. Education organisations show a pseudo department -1, which is none. */
export function departmentId(value: JsonValue | undefined): string | null {
  const id = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? String(id) : null;
}
