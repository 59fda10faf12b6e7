import { ProblemError, decodeCursor, encodeCursor } from '@trainbridge/http-api';

/** Not bound to filters: a position is the same whichever connection is asked for. */
const FEED = 'directory-changes';

/** A cursor of the change feed: what comes after the change of this sequence number. */
export function feedCursor(sequence: number): string {
  return encodeCursor(FEED, [sequence]);
}

/** The sequence number to go on after; undefined when there is no cursor. @throws {ProblemError} `invalid_cursor` */
export function feedPosition(cursor: string | undefined): number | undefined {
  const values = decodeCursor(FEED, cursor);
  if (values === undefined) return undefined;
  const [sequence] = values;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence))
    throw new ProblemError('invalid_cursor');
  return sequence;
}
