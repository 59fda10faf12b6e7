import { isJsonObject, type JsonObject, type JsonValue } from '@trainbridge/connector-kit';

const SECRET_KEY =
  /secret|password|passwd|token|aeskey|encryptkey|privatekey|apikey|authorization|cookie|credential/i;
const SECRET_VALUE = /\b(?:tb|tbat|tbcs|whsec)_[A-Za-z0-9+/=_-]{16,}/g;
const URL_CREDENTIALS = /(\/\/)[^/@\s]+:[^/@\s]+@/g;
/** Receivers of webhooks often carry their key in the address. */
const URL_QUERY_SECRET = /([?&][^=&#\s]*(?:key|token|secret|passw|sign|credential)[^=&#\s]*=)[^&#\s]+/gi;
const HIDDEN = '[redacted]';

/**
 * A copy without secrets: by the name of the key (numbers and booleans stay: a token's life time is no secret), by
 * the form of our own secrets, and credentials and keys in URLs.
 */
export function withoutSecrets(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redact(key, inner)]));
}

function redact(key: string, value: JsonValue): JsonValue {
  const secret = SECRET_KEY.test(key);
  if (typeof value === 'string') return secret ? HIDDEN : shownText(value);
  if (Array.isArray(value)) return value.map((item) => redact(key, item));
  if (isJsonObject(value)) {
    return secret ? HIDDEN : withoutSecrets(value);
  }
  return value;
}

function shownText(text: string): string {
  const shown = text.replace(SECRET_VALUE, HIDDEN).replace(URL_CREDENTIALS, `$1${HIDDEN}@`);
  return /^https?:/i.test(text) ? shown.replace(URL_QUERY_SECRET, `$1${HIDDEN}`) : shown;
}

/** Only the top-level fields that differ, of both sides. */
export function changedFields(
  before: JsonObject,
  after: JsonObject,
): { before: JsonObject; after: JsonObject } {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const pick = (from: JsonObject): JsonObject =>
    Object.fromEntries(changed.filter((key) => from[key] !== undefined).map((key) => [key, from[key]!]));
  return { before: pick(before), after: pick(after) };
}
