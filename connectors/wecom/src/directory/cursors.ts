import { ConnectorError } from '@trainbridge/connector-kit';

/**
 * Where the company-wide walk of people goes on. First the ids of everybody, page by page under WeCom's own cursor, then
 * the people the visible range names in person, a slice at a time.
 */
export type PeopleCursor = IdsCursor | SliceCursor;

export interface IdsCursor {
  stage: 'ids';
  /** WeCom's cursor; null for the first page. */
  at: string | null;
  pages: number;
  /** A cursor met earlier, and how often it came again since: how a loop gives itself away. */
  mark: string | null;
  hits: number;
}

/** People asked for one by one, in the order of their lower-case ids, after `after`. */
export interface SliceCursor {
  stage: 'slice';
  after: string;
}

export const firstIds: IdsCursor = { stage: 'ids', at: null, pages: 0, mark: null, hits: 0 };
export const firstSlice: SliceCursor = { stage: 'slice', after: '' };

/** 100 million rows at 10,000 a page: beyond the largest company there is. */
const MAX_PAGES = 10_000;
/** A page sent twice happens and does no harm; three times in a row of fresh marks is a loop. */
const MAX_HITS = 3;

/**
 * The next position after a page. WeCom's cursor is opaque, so a loop is found the way Brent finds cycles: a mark is
 * set at every power of two, and a cursor that keeps coming back to it will do so for ever.
 *
 * @throws ConnectorError `bad_response` when the pages go round in circles.
 */
export function nextIds(from: IdsCursor, at: string): IdsCursor {
  const pages = from.pages + 1;
  const hits = at === from.mark ? from.hits + 1 : from.hits;
  if (hits >= MAX_HITS || pages > MAX_PAGES) {
    throw new ConnectorError(
      'bad_response',
      `user/list_id sends the same pages again and again (${pages} so far).`,
    );
  }
  const isPowerOfTwo = (pages & (pages - 1)) === 0;
  return isPowerOfTwo
    ? { stage: 'ids', at, pages, mark: at, hits: 0 }
    : { stage: 'ids', at, pages, mark: from.mark, hits };
}

export function writeCursor(cursor: PeopleCursor): string {
  return cursor.stage === 'ids'
    ? JSON.stringify(['ids', cursor.at, cursor.pages, cursor.mark, cursor.hits])
    : JSON.stringify(['slice', cursor.after]);
}

/** @throws ConnectorError `cursor_expired` for what was not written here: the host starts that walk anew. */
export function readCursor(text: string): PeopleCursor {
  const parts = parse(text);
  const [stage, at, pages, mark, hits] = parts;
  if (stage === 'slice' && typeof at === 'string') return { stage, after: at };
  if (stage === 'ids' && isTextOrNull(at) && isTextOrNull(mark) && isCount(pages) && isCount(hits)) {
    return { stage, at, pages, mark, hits };
  }
  throw new ConnectorError('cursor_expired', 'The cursor was not written by this version of the connector.');
}

function parse(text: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
