import { ERROR_CODES, type ConnectorErrorData } from '@trainbridge/connector-kit';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Pauses before the second, third, … try: over two days, so that a platform may be away for a weekend's maintenance. */
const PAUSES = [
  5 * SECOND,
  30 * SECOND,
  120 * SECOND,
  600 * SECOND,
  1_800 * SECOND,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
  24 * HOUR,
];

/**
 * Milliseconds until the next try; null when there is none: the code says that the same call will fail again, or it was tried
 * often enough. What a platform asks us to wait is waited, up to a day.
 *
 * @param attempts how often it was tried, this time included
 */
export function retryPause(
  error: Pick<ConnectorErrorData, 'code' | 'retryAfterMs'>,
  attempts: number,
): number | null {
  const pause = PAUSES[attempts - 1];
  if (!ERROR_CODES[error.code].retry || pause === undefined) return null;
  // Up to a fifth more, so that what failed together does not come back together.
  return Math.max(Math.min(error.retryAfterMs ?? 0, 24 * HOUR), pause * (1 + Math.random() / 5));
}
