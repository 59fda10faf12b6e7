import type { ErrorCode } from '@trainbridge/connector-kit';

/**
 * One HTTP attempt, as it may be stored and shown: secrets and tokens are replaced by value, mobile numbers and email
 * addresses are masked, bodies are kept of failures only and cut at 4 KiB.
 */
export interface Exchange {
  connectionId: string;
  direction: 'outbound';
  method: string;
  url: string;
  requestBody?: string;
  /** Null when no answer came. */
  status: number | null;
  vendorCode: string | null;
  vendorRequestId: string | null;
  /** Null for a success. */
  errorCode: ErrorCode | 'token_expired' | null;
  errorMessage: string | null;
  durationMs: number;
  /** 1 for the first try of one call. */
  attempt: number;
  responseExcerpt?: string;
  /** ISO 8601, when the attempt began. */
  at: string;
}

export type ExchangeListener = (exchange: Exchange) => void | Promise<void>;
