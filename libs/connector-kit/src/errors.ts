import type { LocalizedText } from './json.js';

/**
 * The closed list of connector error codes. The code alone decides who acts, whether to retry and the HTTP status;
 * vendor codes and messages travel beside it as data.
 */
export const ERROR_CODES = {
  config_invalid: { actor: 'deployer', retry: false, status: 400 },
  auth_failed: { actor: 'deployer', retry: false, status: 401 },
  permission_denied: { actor: 'deployer', retry: false, status: 403 },
  input_invalid: { actor: 'caller', retry: false, status: 400 },
  not_found: { actor: 'caller', retry: false, status: 404 },
  rate_limited: { actor: 'nobody', retry: true, status: 429 },
  unavailable: { actor: 'platform', retry: true, status: 503 },
  cursor_expired: { actor: 'nobody', retry: false, status: 410 },
  bad_response: { actor: 'platform', retry: false, status: 502 },
  internal: { actor: 'developer', retry: false, status: 500 },
} as const satisfies Record<string, { actor: string; retry: boolean; status: number }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What the platform itself said; safe to show and to search by, never used to decide. */
export interface VendorErrorData {
  vendorCode?: string;
  vendorMessage?: string;
  vendorRequestId?: string;
}

export interface ConnectorErrorData extends VendorErrorData {
  code: ErrorCode;
  /** For people, without secrets. */
  message: string;
  /** What to do about it: which console page to open, what to tick. */
  advice?: LocalizedText;
  /** How long to wait before trying again; only meaningful when the code is retried. */
  retryAfterMs?: number;
}

const BRAND = Symbol.for('trainbridge.connector-error');

/** The one error a connector throws. Recognised by brand, never by `instanceof`: two copies of the kit may be installed. */
export class ConnectorError extends Error {
  readonly [BRAND] = true;
  readonly data: ConnectorErrorData;

  constructor(code: ErrorCode, message: string, details: Omit<ConnectorErrorData, 'code' | 'message'> = {}) {
    super(message);
    this.name = 'ConnectorError';
    this.data = { code, message, ...details };
  }

  get code(): ErrorCode {
    return this.data.code;
  }
}

export function isConnectorError(error: unknown): error is ConnectorError {
  return typeof error === 'object' && error !== null && (error as { [BRAND]?: unknown })[BRAND] === true;
}

/** May the host try the same call again later? Anything that is not a ConnectorError is a bug and is not retried. */
export function isRetryable(error: unknown): boolean {
  return isConnectorError(error) && ERROR_CODES[error.code].retry;
}
