import { ConnectorError, type JsonObject } from '@trainbridge/connector-kit';

/** Where a walk stands under WeCom's own cursor, which says nothing to us. */
export interface Position {
  /** WeCom's cursor; null for the first page. */
  at: string | null;
  pages: number;
  /** A cursor met earlier, and how often it came again since: how a loop gives itself away. */
  mark: string | null;
  hits: number;
}

export const firstPosition: Position = { at: null, pages: 0, mark: null, hits: 0 };

/** 100 million ids at 10,000 a page, a million customers at 100: beyond the largest company there is. */
const MAX_PAGES = 10_000;
/** A page sent twice happens and does no harm; three times in a row of fresh marks is a loop. */
const MAX_HITS = 3;
/** A position is stored with every page, and a real cursor has a few dozen characters. */
const MAX_CURSOR = 2_000;

/**
 * The position after a page. WeCom's cursor is opaque, so a loop is found the way Brent finds cycles: a mark is set at
 * every power of two, and a cursor that keeps coming back to it will do so for ever.
 *
 * @throws ConnectorError `bad_response` when the pages go round in circles.
 */
export function nextPosition(from: Position, at: string, endpoint: string): Position {
  const pages = from.pages + 1;
  const hits = at === from.mark ? from.hits + 1 : from.hits;
  if (hits >= MAX_HITS || pages > MAX_PAGES) {
    throw new ConnectorError(
      'bad_response',
      `${endpoint} sends the same pages again and again (${pages} so far).`,
    );
  }
  const isPowerOfTwo = (pages & (pages - 1)) === 0;
  return isPowerOfTwo ? { at, pages, mark: at, hits: 0 } : { at, pages, mark: from.mark, hits };
}

/** WeCom's cursor in an answer; null when it was the last page, which an absent and an empty one say alike. */
export function cursorIn(payload: JsonObject, key: string, endpoint: string): string | null {
  const next = payload[key];
  if (typeof next !== 'string' || next === '') return null;
  if (next.length > MAX_CURSOR)
    throw new ConnectorError('bad_response', `${endpoint} sent no usable ${key}.`);
  return next;
}

/** A position as the last parts of one of our cursors. */
export function positionParts({ at, pages, mark, hits }: Position): (string | number | null)[] {
  return [at, pages, mark, hits];
}

/** The position in such parts; null when they are none. */
export function readPosition([at, pages, mark, hits]: readonly unknown[]): Position | null {
  if (!isTextOrNull(at) || !isTextOrNull(mark) || !isCount(pages) || !isCount(hits)) return null;
  return { at, pages, mark, hits };
}

/** The parts of one of our cursors, whatever they are. */
export function cursorParts(text: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

/** For what was not written here: the host starts that walk anew. */
export function strangeCursor(): ConnectorError {
  return new ConnectorError('cursor_expired', 'The cursor was not written by this version of the connector.');
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
