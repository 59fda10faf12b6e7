/** Seconds to wait before the 2nd, 3rd and 4th attempt; after the last one a delivery is dead. */
export const DEFAULT_RETRY_SCHEDULE: readonly number[] = [5, 60, 600];

const JITTER = 0.1;

/**
 * Milliseconds until the next attempt, or null when none is left. A delay moves by up to 10 % either way so that failures of
 * one moment do not come back in one moment. What the receiver asks for with `Retry-After` counts between the schedule's
 * delay and twice that: it can neither storm nor stall the queue.
 *
 * @param attemptCount attempts spent so far, this one included
 */
export function retryDelayMs(
  schedule: readonly number[],
  attemptCount: number,
  retryAfterMs: number | null,
  random: () => number = Math.random,
): number | null {
  const seconds = schedule[attemptCount - 1];
  if (seconds === undefined) return null;
  const base = seconds * 1_000;
  if (retryAfterMs !== null && retryAfterMs > base) {
    // Later than asked for is polite, earlier is not.
    return Math.round(Math.min(retryAfterMs, base * 2) * (1 + JITTER * random()));
  }
  return Math.round(base * (1 + JITTER * (2 * random() - 1)));
}

/** Milliseconds a `Retry-After` header (seconds or an HTTP date) asks to wait; null when it says nothing usable. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  if (/^\s*\d{1,12}\s*$/.test(value)) return Number(value) * 1_000;
  const date = /\d{4}/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(date) || date <= nowMs ? null : date - nowMs;
}
