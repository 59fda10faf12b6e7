import {
  cursorParts,
  firstPosition,
  nextPosition,
  positionParts,
  readPosition,
  strangeCursor,
  type Position,
} from '../api/paging.js';

/**
 * Where the company-wide walk of people goes on. First the ids of everybody, page by page under WeCom's own cursor, then
 * the people the visible range names in person, a slice at a time.
 */
export type PeopleCursor = IdsCursor | SliceCursor;

export interface IdsCursor extends Position {
  stage: 'ids';
}

/** People asked for one by one, in the order of their lower-case ids, after `after`. */
export interface SliceCursor {
  stage: 'slice';
  after: string;
}

export const firstIds: IdsCursor = { stage: 'ids', ...firstPosition };
export const firstSlice: SliceCursor = { stage: 'slice', after: '' };

/** @throws ConnectorError `bad_response` when the pages go round in circles. */
export function nextIds(from: IdsCursor, at: string): IdsCursor {
  return { stage: 'ids', ...nextPosition(from, at, 'user/list_id') };
}

export function writeCursor(cursor: PeopleCursor): string {
  return JSON.stringify(cursor.stage === 'ids' ? ['ids', ...positionParts(cursor)] : ['slice', cursor.after]);
}

/** @throws ConnectorError `cursor_expired` for what was not written here. */
export function readCursor(text: string): PeopleCursor {
  const [stage, ...rest] = cursorParts(text);
  if (stage === 'slice' && typeof rest[0] === 'string') return { stage, after: rest[0] };
  const position = stage === 'ids' ? readPosition(rest) : null;
  if (!position) throw strangeCursor();
  return { stage: 'ids', ...position };
}
