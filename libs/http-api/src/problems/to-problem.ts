import { HttpException } from '@nestjs/common';
import {
  ERROR_CODES,
  isConnectorError,
  type ConnectorError,
  type JsonValue,
  type LocalizedText,
} from '@trainbridge/connector-kit';
import type { ProblemCode } from './catalogue.js';
import { ProblemError, type ProblemDetails } from './problem-error.js';

/** Turns whatever was thrown into a problem. What we do not know becomes `internal` and tells nothing about itself. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isConnectorError(error)) return fromConnectorError(error);
  return (
    fromFastify(error) ??
    fromHttpException(error) ??
    fromDatabase(error) ??
    fromDepth(error) ??
    internal(error)
  );
}

function internal(cause: unknown): ProblemError {
  return new ProblemError('internal', { cause });
}

function fromConnectorError(error: ConnectorError): ProblemError {
  const { code, message, advice, vendorCode, vendorMessage, vendorRequestId, retryAfterMs } = error.data;
  const extensions: Record<string, JsonValue> = {};
  if (vendorCode !== undefined) extensions.vendorCode = vendorCode;
  if (vendorMessage !== undefined) extensions.vendorMessage = vendorMessage;
  if (vendorRequestId !== undefined) extensions.vendorRequestId = vendorRequestId;
  const detail: LocalizedText | string = advice
    ? { en: `${message} ${advice.en}`, 'zh-CN': `${message} ${advice['zh-CN']}` }
    : message;
  return new ProblemError(code, {
    detail: code === 'internal' ? undefined : detail,
    status: ERROR_CODES[code].status,
    extensions,
    headers: retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
    cause: error,
  });
}

const FASTIFY_CODES: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_BAD_URL: 'invalid_request',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
};

/** Nest wraps some of Fastify's errors in an HttpException and keeps the original as its cause. */
function fromFastify(error: unknown): ProblemError | null {
  for (const candidate of [error, (error as { cause?: unknown } | null)?.cause]) {
    const code = (candidate as { code?: unknown } | null | undefined)?.code;
    const problem = typeof code === 'string' ? FASTIFY_CODES[code] : undefined;
    if (!problem) continue;
    if (code === 'FST_ERR_BAD_URL') {
      return new ProblemError(problem, {
        detail: {
          en: 'The address is not correctly percent-encoded.',
          'zh-CN': '请求地址的百分号编码不正确。',
        },
      });
    }
    return new ProblemError(problem);
  }
  return null;
}

const STATUS_CODES: Record<number, ProblemCode> = {
  400: 'invalid_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  409: 'conflict',
  410: 'gone',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  422: 'unprocessable',
  429: 'rate_limited',
  503: 'unavailable',
};

function fromHttpException(error: unknown): ProblemError | null {
  if (!(error instanceof HttpException)) return null;
  const status = error.getStatus();
  const code = STATUS_CODES[status] ?? (status >= 400 && status < 500 ? 'invalid_request' : null);
  if (!code) return null;
  const details: ProblemDetails = { status, cause: error };
  // A 5xx may hold anything; a 4xx was written for the caller.
  if (status < 500) details.detail = error.message;
  return new ProblemError(code, details);
}

/** Only what the input alone can cause, however it reached the database. */
function fromDatabase(error: unknown): ProblemError | null {
  const driverError = (error as { driverError?: { code?: unknown } } | null)?.driverError;
  switch (driverError?.code) {
    case '22021': // character_not_in_repertoire: NUL in a text
    case '22P05': // untranslatable_character: \u0000 in a jsonb
      return new ProblemError('invalid_request', {
        detail: {
          en: 'The input holds a character that cannot be stored (NUL, U+0000).',
          'zh-CN': '输入包含无法存储的字符（NUL，U+0000）。',
        },
        cause: error,
      });
    case '54001': // statement_too_complex: a jsonb nested deeper than the server's stack
      return tooDeep(error);
    default:
      return null;
  }
}

/** Every recursive walk over a body ends like this when it is nested some thousand levels deep. */
function fromDepth(error: unknown): ProblemError | null {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack')
    ? tooDeep(error)
    : null;
}

function tooDeep(cause: unknown): ProblemError {
  return new ProblemError('invalid_request', {
    detail: { en: 'The body is nested too deeply.', 'zh-CN': '请求体嵌套过深。' },
    cause,
  });
}
