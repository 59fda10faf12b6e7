import { AddressRefusedError } from '@trainbridge/connector-runtime';
import type { AttemptErrorCode } from './attempt-result.js';

/** What a failed connection or a broken answer means, in words that name the thing to check and hold no secret. */
export function networkFailure(error: unknown): { code: AttemptErrorCode; message: string } {
  const refused = [error, (error as { cause?: unknown } | null)?.cause].find(
    (one) => one instanceof AddressRefusedError,
  );
  if (refused instanceof AddressRefusedError) return { code: 'address_refused', message: refused.message };
  const code = codeOf(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return { code: 'name_not_resolved', message: `The host name cannot be resolved (${code}).` };
    case 'ECONNREFUSED':
      return { code: 'connection_failed', message: 'The receiver refuses connections.' };
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return { code: 'timeout', message: 'The receiver did not accept a connection in time.' };
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return { code: 'timeout', message: 'The receiver did not answer in time.' };
    case 'UND_ERR_HEADERS_OVERFLOW':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return {
        code: 'bad_answer',
        message: `The receiver answered something that is not proper HTTP (${code}).`,
      };
  }
  if (code.startsWith('HPE_')) {
    return {
      code: 'bad_answer',
      message: `The receiver answered something that is not proper HTTP (${code}).`,
    };
  }
  if (/CERT|SSL|TLS|EPROTO/.test(code)) {
    return {
      code: 'tls_failed',
      message: `No trusted TLS connection to the receiver could be made (${code}).`,
    };
  }
  return {
    code: 'connection_failed',
    message: `The connection to the receiver failed${code === '' ? '' : ` (${code})`}.`,
  };
}

function codeOf(error: unknown): string {
  const { code, errors, cause } = (error ?? {}) as { code?: unknown; errors?: unknown[]; cause?: unknown };
  if (typeof code === 'string') return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return cause === undefined || cause === null ? '' : codeOf(cause);
}
