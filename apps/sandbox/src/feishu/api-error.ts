import type { FeishuFacts } from './facts.js';

/** Texts as the platform sends them; callers must look at the code only, texts change. */
const texts: Readonly<Record<number, string>> = {
  2200: 'internal error',
  10003: 'invalid param',
  10014: 'app id not exists',
  10015: 'app secret invalid',
  40001: 'param error',
  40004: 'no dept authority error',
  40011: 'page size is invalid',
  40012: 'page token is invalid',
  40015: 'dept not exist',
  41044: 'custom attr is invalid',
  41045: 'custom attr id is invalid',
  41046: 'custom attr value is invalid',
  41050: 'no user authority error',
  41056: 'no field authority error',
  42006: 'user resigned',
  44010: 'user unjoined',
  43010: 'big dept forbid recursion',
  44051: 'employee_no already used',
  91403: 'Forbidden',
  230001: 'Your request contains an invalid request parameter.',
  230006: 'Bot ability is not activated.',
  230013: 'Bot has NO availability to this user.',
  230020: 'This operation triggers the frequency limit.',
  230025: 'The length of the message content reaches its limit.',
  230034: 'The receive_id is invalid.',
  230099: 'Failed to create card content.',
  1254001: 'WrongRequestBody',
  1254003: 'WrongBaseToken',
  1254004: 'WrongTableId',
  1254015: 'Field types do not match.',
  1254037: 'Invalid client token',
  1254043: 'RecordIdNotFound',
  1254045: 'FieldNameNotFound',
  1254060: 'TextFieldConvFail',
  1254061: 'NumberFieldConvFail',
  1254062: 'SingleSelectFieldConvFail',
  1254063: 'MultiSelectFieldConvFail',
  1254064: 'DatetimeFieldConvFail',
  1254065: 'CheckboxFieldConvFail',
  1254066: 'UserFieldConvFail',
  1254104: 'RecordAddOnceExceedLimit',
  1254290: 'TooManyRequest',
  1254291: 'Write conflict',
  1390001: 'param is invalid',
  1390002: 'approval code not found',
  1390003: 'instance code not found',
  1390007: 'subscription existed',
  1470400: 'invalid params',
  1470403: 'permission denied',
  1470404: 'resource not found',
  1470500: 'server error',
  99991201: 'path not found',
  99991301: 'http method not allowed',
  99991400: 'request trigger frequency limit',
  99991401: 'ip not in whitelist',
  99991543: 'app_id or app_secret does not match',
  99991661: 'Need a token',
  99991662: 'app is not in use',
  99991663: 'Invalid access token for authorization. Please make a test attempt: {}',
  99991664: 'app access token invalid',
  99991668: 'Invalid access token for authorization.',
  99991671: 'Invalid access token, it must start with t- or u-',
  99991679: 'Unauthorized. You do not have permission to perform the requested operation on the resource.',
  99992351: 'not a valid open_id',
  99992352: 'not a valid user_id',
  99992353: 'not a valid union_id',
  99992357: 'not a valid open_department_id',
  99992358: 'not a valid department_id',
  99992361: 'open_id cross app',
  99992402: 'field validation failed',
};

/** HTTP status where it is not the usual one of its family. */
const statuses: Readonly<Record<number, number>> = {
  20050: 500, 20072: 503, 40004: 403, 40014: 403, 41056: 403, 42008: 401, 91403: 403, 1254015: 400, 1254036: 400,
  1254037: 400, 1254302: 403, 1254304: 403, 1390009: 403, 1470403: 403, 1470404: 404, 1470422: 500, 1470500: 500,
  1470603: 500, 99991201: 404,
}; // prettier-ignore

/** What an error tells beside its code. */
export interface ErrorDetail {
  msg?: string;
  status?: number;
  violations?: { type: string; subject: string }[];
  fields?: { field: string; value: string; description: string }[];
  headers?: Record<string, string>;
  /** Errors of the OAuth endpoint are flat: `{code, error, error_description}`. */
  oauth?: string;
}

/** Refuses a call with one of the platform's codes. */
export class FeishuApiError extends Error {
  constructor(
    readonly code: number,
    readonly detail: ErrorDetail = {},
  ) {
    super(detail.msg ?? texts[code] ?? 'error');
  }
}

/** A field of the request is missing or wrong, as the gateway says it. */
export function invalidField(field: string, value: unknown, description: string): FeishuApiError {
  const shown = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return new FeishuApiError(99992402, { fields: [{ field, value: shown, description }] });
}

/** HTTP status of an error by the family of the endpoint (auth and authen answer 200, bitable mostly, the rest 400). */
export function statusOf(error: FeishuApiError, endpoint: string, facts: FeishuFacts): number {
  const { code } = error;
  if (error.detail.status !== undefined) return error.detail.status;
  if (code === 99991663) return facts.invalidTokenStatus;
  if (code === 99991668) return facts.userTokenStatus;
  if (code === 99991400) return facts.rateLimitStatus;
  const known = statuses[code];
  if (known !== undefined) return known;
  if (code >= 99990000 && code <= 99999999) return 400;
  return /^(auth\/v3|authen\/v1|bitable|callback)/.test(endpoint) ? 200 : 400;
}

/** The body of an error. */
export function errorBody(error: FeishuApiError, logId: string, facts: FeishuFacts): Record<string, unknown> {
  const { code, detail } = error;
  if (detail.oauth !== undefined) return { code, error: detail.oauth, error_description: error.message };
  const troubleshooter = `排查建议查看(Troubleshooting suggestions): https://open.feishu.cn/search?log_id=${logId}`;
  const violations = (detail.violations ?? []).map(({ type, subject }) =>
    facts.errorForm === 'seen' ? { type, subject } : { scope: subject, url: 'https://open.feishu.cn/app' },
  );
  return {
    code,
    msg: error.message,
    error: {
      ...(facts.errorForm === 'seen' ? { log_id: logId, troubleshooter } : { logid: logId }),
      ...(violations.length === 0 ? {} : { permission_violations: violations }),
      ...(detail.fields === undefined ? {} : { field_violations: detail.fields }),
    },
  };
}
