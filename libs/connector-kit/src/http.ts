import type { ErrorCode, VendorErrorData } from './errors.js';
import type { JsonValue, LocalizedText } from './json.js';

/** One call to the platform. The host adds the token, waits for the rate limit, sends, retries and records it. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute; its host must be one of `manifest.allowedHosts`. */
  url: string;
  /** `undefined` leaves a parameter out; a list repeats the key. Encoded exactly once. */
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  headers?: Record<string, string>;
  /** JSON body; excludes `form`. */
  json?: JsonValue;
  form?: Record<string, string>;
  /** Name of an entry of the connector's `tokens`; absent: the call needs none. */
  token?: string;
  /**
   * Values in this call that are secret although neither the configuration nor `tokens` holds them: a person's own token, a
   * one-time code. Kept out of records and messages like every other secret.
   */
  secrets?: readonly string[];
  /** May the host send it again when it does not know whether it arrived? Default: GET yes, everything else no. */
  retry?: 'safe' | 'never';
  /** Default 15,000. */
  timeoutMs?: number;
  /** Answers larger than this are `bad_response`; default 16 MiB. */
  maxBytes?: number;
}

/** Always parsed JSON: an answer that is none never reaches the connector (`unavailable` from 500 up, else `bad_response`). */
export interface HttpResponse {
  status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  headers: Record<string, string>;
  body: JsonValue;
}

/** What an answer means. These platforms say 200 with an error inside, so only the connector can tell. */
export type Classification =
  | { outcome: 'ok' }
  | ({ outcome: 'token_expired' } & VendorErrorData)
  | ({
      outcome: 'error';
      code: ErrorCode;
      advice?: LocalizedText;
      /** For `rate_limited`: how long the platform wants us to wait. The host clamps it. */
      retryAfterMs?: number;
    } & VendorErrorData);

/**
 * Sends one request. Resolves only when `classify` said `ok`; a `token_expired` is answered by one refresh (shared by
 * everybody who waits) and one more try; `rate_limited` and `unavailable` are retried within bounds when the request is
 * `safe`; everything else rejects with a ConnectorError.
 */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;
