import { isJsonObject, type HttpResponse, type JsonValue } from '@trainbridge/connector-kit';

/** An object with fewer keys is an envelope or a pair of ids, and no record. */
const RECORD_KEYS = 5;

/** Every object of an answer with fields nobody knows: platforms add some without notice. */
export function withUnknownFields(response: HttpResponse): HttpResponse {
  const add = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(add);
    if (!isJsonObject(value)) return value;
    const known = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, add(item)]));
    return { ...known, zz_added_later: { nested: [1, null, 'x'] }, zzAddedLater: null };
  };
  return { ...response, body: add(response.body) };
}

/** Records of an answer with one field missing each, another one for every record and seed. */
export function withoutSomeFields(response: HttpResponse, seed: number): HttpResponse {
  let records = seed * 7;
  const spoil = (value: JsonValue): JsonValue => {
    if (Array.isArray(value))
      return value.map((item) => (isJsonObject(item) ? spoilRecord(item) : spoil(item)));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, spoil(item)]));
  };
  const spoilRecord = (record: { [key: string]: JsonValue }): JsonValue => {
    const keys = Object.keys(record);
    if (keys.length < RECORD_KEYS) return spoil(record);
    records += 1;
    const { [keys[(records * 13) % keys.length]!]: _missing, ...rest } = record;
    return rest;
  };
  return { ...response, body: spoil(response.body) };
}
