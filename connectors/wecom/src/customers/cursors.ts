import { cursorParts, positionParts, readPosition, strangeCursor, type Position } from '../api/paging.js';
import { FOLLOWERS_PER_CALL } from '../api/customers.js';

/** Where the walk of customers goes on: with the next members, or with more rows of the same. */
export type CustomerCursor = MembersCursor | RowsCursor;

/** Members in the order of their lower-case ids, after `after`. */
export interface MembersCursor {
  stage: 'members';
  after: string;
}

/** WeCom's cursor only fits the members it was given for, so they are kept beside it. */
export interface RowsCursor {
  stage: 'rows';
  userIds: readonly string[];
  position: Position;
  /** Are there members after these? */
  more: boolean;
}

export const firstMembers: MembersCursor = { stage: 'members', after: '' };

export function writeCursor(cursor: CustomerCursor): string {
  return JSON.stringify(
    cursor.stage === 'members'
      ? ['members', cursor.after]
      : ['rows', cursor.userIds, cursor.more, ...positionParts(cursor.position)],
  );
}

/** @throws ConnectorError `cursor_expired` for what was not written here. */
export function readCursor(text: string): CustomerCursor {
  const [stage, first, more, ...rest] = cursorParts(text);
  if (stage === 'members' && typeof first === 'string') return { stage, after: first };
  const position = readPosition(rest);
  if (stage === 'rows' && isMembers(first) && typeof more === 'boolean' && position) {
    return { stage, userIds: first, more, position };
  }
  throw strangeCursor();
}

function isMembers(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= FOLLOWERS_PER_CALL &&
    value.every((id) => typeof id === 'string')
  );
}
