import {
  cursorParts,
  firstPosition,
  positionParts,
  readPosition,
  strangeCursor,
  type Position,
} from '../api/paging.js';
import type { Window } from '../api/approvals.js';

/** Where the walk of approvals goes on: in which stretch of time, and where in it. */
export interface ApprovalsCursor extends Window {
  position: Position;
}

/** A day below the most WeCom takes at a time (31 days, D-91816). */
const WINDOW_SECONDS = 30 * 86_400;
/** There was no WeCom before April 2016; asking for 1970 would cost 500 calls that cannot find anything. */
const BEGINNING = 1_459_468_800;

/** The first window from `since` on; null when that lies ahead. Seconds since the epoch. */
export function firstWindow(since: number, now: number): ApprovalsCursor | null {
  const from = Math.max(since, BEGINNING);
  return from >= now ? null : windowFrom(from, now);
}

/** The window after one that was read to its end; null when it reached the time of its reading. */
export function windowAfter({ from, until }: Window, now: number): ApprovalsCursor | null {
  // What is submitted while this walk goes on belongs to the next one.
  return until - from < WINDOW_SECONDS || until >= now ? null : windowFrom(until, now);
}

export function writeCursor({ from, until, position }: ApprovalsCursor): string {
  return JSON.stringify(['approvals', from, until, ...positionParts(position)]);
}

/** @throws ConnectorError `cursor_expired` for what was not written here. */
export function readCursor(text: string): ApprovalsCursor {
  const [kind, from, until, ...rest] = cursorParts(text);
  const position = readPosition(rest);
  if (kind !== 'approvals' || !isTime(from) || !isTime(until) || until < from || !position) {
    throw strangeCursor();
  }
  return { from, until, position };
}

function windowFrom(from: number, now: number): ApprovalsCursor {
  return { from, until: Math.min(from + WINDOW_SECONDS, now), position: firstPosition };
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= BEGINNING;
}
