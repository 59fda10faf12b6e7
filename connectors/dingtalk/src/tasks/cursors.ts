import {
  cursorParts,
  firstPosition,
  readPosition,
  unknownCursor,
  writePosition,
  type Position,
} from '../api/paging.js';

const DAY_MS = 86_400_000;
/** How far back the list of approvals reaches, and how much of that one call may cover: 365 and 120 days. */
const HORIZON_MS = 365 * DAY_MS;
const WINDOW_MS = 119 * DAY_MS;
/** Within the horizon, so that a slow clock of ours is not refused. */
const MARGIN_MS = 60_000;

/** Where the listing stands: form by form, window by window, page by page. Times in milliseconds since the epoch. */
export interface Place {
  code: string;
  from: number;
  /** Now when the listing began: what is submitted while it runs is for the next one. */
  until: number;
  position: Position;
}

/** Where a listing begins; null when no form is configured, or nothing can be new. */
export function firstPlace(codes: readonly string[], since: number, now: number): Place | null {
  const [code] = codes;
  const from = inHorizon(since, now);
  return code === undefined || from >= now ? null : { code, from, until: now, position: firstPosition };
}

/** The window a place is in. A listing that was interrupted for long may find its beginning out of reach. */
export function windowOf({ from, until }: Place, now: number): { from: number; to: number } {
  return { from: inHorizon(from, now), to: Math.min(from + WINDOW_MS, until) };
}

/** The window after this one: of the same form, else the first of the next form; null at the end. */
export function placeAfter(at: Place, codes: readonly string[], since: number, now: number): Place | null {
  const { to } = windowOf(at, now);
  if (to < at.until) return { ...at, from: to, position: firstPosition };
  const code = codes[codes.indexOf(at.code) + 1];
  return code === undefined
    ? null
    : { ...at, code, from: Math.min(inHorizon(since, now), at.until), position: firstPosition };
}

export function writePlace({ code, from, until, position }: Place): string {
  return JSON.stringify([code, from, until, ...writePosition(position)]);
}

/** @throws ConnectorError `cursor_expired` for what was not written here, or when the form is configured no more. */
export function readPlace(cursor: string, codes: readonly string[]): Place {
  const [code, from, until, ...rest] = cursorParts(cursor);
  const position = readPosition(rest);
  if (typeof code === 'string' && codes.includes(code) && isTime(from) && isTime(until) && position)
    return { code, from, until, position };
  throw unknownCursor();
}

function inHorizon(time: number, now: number): number {
  return Math.max(time, now - HORIZON_MS + MARGIN_MS);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
