import { ConnectorError } from '@trainbridge/connector-kit';

/** Where a listing stands under DingTalk's own number, and how far it came. */
export interface Position {
  /** DingTalk's cursor; 0 for the first page. */
  at: number;
  pages: number;
  /** A cursor met earlier, and how often it came again since: how a loop gives itself away. */
  mark: number;
  hits: number;
}

export const firstPosition: Position = { at: 0, pages: 0, mark: -1, hits: 0 };

/** Beyond the largest department or form there is, at 20 or 100 entries a page. */
const MAX_PAGES = 10_000;
/** A page sent twice happens and does no harm; three times in a row of fresh marks is a loop. */
const MAX_HITS = 3;

/**
 * The position after a page. No page says that the cursor only grows, so a loop is found the way Brent finds cycles: a mark
 * is set at every power of two, and a cursor that keeps coming back to it will do so for ever.
 *
 * @throws ConnectorError `bad_response` when the pages go round in circles.
 */
export function nextPosition(from: Position, at: number, path: string): Position {
  const pages = from.pages + 1;
  const hits = at === from.mark ? from.hits + 1 : from.hits;
  if (hits >= MAX_HITS || pages >= MAX_PAGES) {
    throw new ConnectorError(
      'bad_response',
      `${path} sends the same pages again and again (${pages} so far).`,
    );
  }
  const isPowerOfTwo = (pages & (pages - 1)) === 0;
  return isPowerOfTwo ? { at, pages, mark: at, hits: 0 } : { at, pages, mark: from.mark, hits };
}

export function writePosition({ at, pages, mark, hits }: Position): number[] {
  return [at, pages, mark, hits];
}

/** Null for what was not written here. */
export function readPosition(parts: readonly unknown[]): Position | null {
  const [at, pages, mark, hits] = parts;
  const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= -1;
  return parts.length === 4 && isWhole(at) && isWhole(pages) && isWhole(mark) && isWhole(hits)
    ? { at, pages, mark, hits }
    : null;
}

/** The list a cursor of ours was made from; empty for anything else. */
export function cursorParts(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(cursor);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

export function unknownCursor(): ConnectorError {
  return new ConnectorError('cursor_expired', 'The cursor was not written by this version of the connector.');
}
