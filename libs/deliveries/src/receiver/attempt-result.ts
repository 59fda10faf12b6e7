/** Why an attempt did not succeed. Only what the receiver did counts against it. */
export type AttemptErrorCode =
  | 'timeout'
  | 'connection_failed'
  | 'name_not_resolved'
  | 'tls_failed'
  | 'address_refused'
  | 'bad_answer'
  | 'redirect_refused'
  | 'status';

export interface AttemptResult {
  /** Null: nothing was answered. */
  status: number | null;
  /** The beginning of the answer, at most 4 KiB. */
  excerpt: string | null;
  errorCode: AttemptErrorCode | null;
  error: string | null;
  retryAfterMs: number | null;
  durationMs: number;
}

/** Whether the receiver took it: 2xx and nothing else. */
export function succeeded(result: AttemptResult): boolean {
  return result.errorCode === null;
}

/**
 * Whether this speaks against the receiver as a whole (down, overloaded, unreachable) and not against the one message:
 * only such failures open its breaker.
 */
export function receiverIsDown(result: AttemptResult): boolean {
  if (result.errorCode === null) return false;
  if (result.errorCode === 'status')
    return result.status === 429 || result.status === null || result.status >= 500;
  return result.errorCode !== 'redirect_refused';
}
