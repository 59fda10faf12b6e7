import { createHash } from 'node:crypto';
import { isJsonObject, type JsonValue } from '@trainbridge/connector-kit';
import { ProblemError } from '../problems/problem-error.js';
import { isTimestamp } from '../validation/timestamp.js';

/** A list, and the filters it was asked with: a cursor is only good for the very same. */
export interface CursorScope {
  list: string;
  /** Filters that change which rows there are. `limit` and `cursor` do not belong here. */
  filters?: object;
}

const VERSION = 1;
const LONGEST = 4_096;

/** An opaque cursor that carries where the next page begins, and which list with which filters it belongs to. */
export function encodeCursor(scope: string | CursorScope, values: readonly JsonValue[]): string {
  return Buffer.from(JSON.stringify({ v: VERSION, s: fingerprint(scope, values), k: values })).toString(
    'base64url',
  );
}

/**
 * The values given to `encodeCursor` for the same list and filters; undefined when there is no cursor.
 * @throws {ProblemError} `invalid_cursor` for anything else, a cursor of another list included.
 */
export function decodeCursor(
  scope: string | CursorScope,
  cursor: string | undefined,
): JsonValue[] | undefined {
  if (cursor === undefined) return undefined;
  const content = parse(cursor);
  if (!content || content.s !== fingerprint(scope, content.k)) throw new ProblemError('invalid_cursor');
  return content.k;
}

/**
 * The same for a list in the order of a time and an id; two nulls when there is no cursor. A cursor is no secret: one
 * that somebody made up himself must not reach the database with anything but a time.
 * @throws {ProblemError} `invalid_cursor`.
 */
export function decodeTimeCursor(
  scope: string | CursorScope,
  cursor: string | undefined,
): [at: string, id: string] | [null, null] {
  const values = decodeCursor(scope, cursor);
  if (values === undefined) return [null, null];
  const [at, id] = values;
  if (!isTimestamp(at) || typeof id !== 'string') throw new ProblemError('invalid_cursor');
  return [at, id];
}

function parse(cursor: string): { s: string; k: JsonValue[] } | null {
  if (cursor.length > LONGEST) return null;
  try {
    const content: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!isJsonObject(content) || content.v !== VERSION) return null;
    return typeof content.s === 'string' && Array.isArray(content.k) ? { s: content.s, k: content.k } : null;
  } catch {
    return null;
  }
}

/** Covers the values as well, so that a cursor changed on its way is noticed before it reaches the database. */
function fingerprint(scope: string | CursorScope, values: readonly JsonValue[]): string {
  const { list, filters = {} } = typeof scope === 'string' ? { list: scope } : scope;
  const set = Object.entries(filters).filter(([, value]) => value !== undefined);
  const ordered = set.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([list, ordered, values]))
    .digest('base64url')
    .slice(0, 16);
}
