import { randomBytes, randomUUID } from 'node:crypto';
import type { DingtalkFacts } from './facts.js';

/**
 * Why the gateway in front of the APIs turns a call away, whichever generation was called: each says it in
 * its own style (server-api-error-codes-1).
 */
export type RefusalReason =
  | 'token_missing' | 'token_unknown' | 'token_expired' | 'scope_missing' | 'address_unknown' | 'throttled'
  | 'throttled_everybody' | 'quota' | 'app_stopped'; // prettier-ignore

/** Refuses a call at the gateway. */
export class Refusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    /** The permissions that are missing, for `scope_missing`. */
    readonly scopes: readonly string[] = [],
  ) {
    super(message);
  }
}

/** A business error of the old API: HTTP 200, its own `errcode`, no `sub_code` unless it is `wrapped` in errcode 88. */
export class OldApiError extends Error {
  constructor(
    readonly errcode: number,
    message = oldTexts[errcode] ?? 'error',
    readonly wrapped = false,
  ) {
    super(message);
  }
}

/** An error of the new API: HTTP 4xx or 5xx and a code in words. */
export class NewApiError extends Error {
  constructor(
    readonly code: string,
    message: string = code,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** An error as it goes over the wire. */
export interface ErrorAnswer {
  status: number;
  body: Record<string, unknown>;
  /** What the call counter and the log call it: the effective code. */
  label: string;
}

const oldTexts: Readonly<Record<number, string>> = {
  [-1]: 'system busy',
  1: 'Platform System error',
  22: 'Invalid method',
  22005: 'external contact exists',
  33012: 'invalid userid',
  40035: 'missing parameter',
  40056: 'invalid agentid',
  40068: 'invalid offset or cursor',
  40069: 'invalid size',
  40078: 'the code does not exist',
  40089: 'invalid corpid or corpsecret',
  40096: 'invalid appkey or appsecret',
  40104: 'invalid mobile',
  41052: 'too many recipients for this query',
  43002: 'a POST is needed',
  50002: 'the user is outside the range of the app',
  50004: 'the department is outside the range of the app',
  52019: 'invalid agent',
  60003: 'department not found',
  60103: 'invalid mobile',
  60112: 'invalid name',
  60121: 'user not found',
  60204: 'label_ids is missing',
  71006: 'a callback is registered',
  71007: 'no callback is registered',
  71008: 'tag not allowed',
  71012: 'the url cannot be reached',
  400002: 'invalid parameter',
};

/** Old code, new code and HTTP status of the new answer. */
const refusals: Readonly<Record<RefusalReason, readonly [number, string, number]>> = {
  token_missing: [40000, 'AuthenticationFailed.MissingParameter', 400],
  token_unknown: [40014, 'InvalidAuthentication', 400],
  token_expired: [42001, 'InvalidAuthentication', 400],
  scope_missing: [60011, 'Forbidden.AccessDenied.AccessTokenPermissionDenied', 403],
  address_unknown: [60020, 'Forbidden.AccessDenied.IpNotInWhiteList', 403],
  throttled: [90018, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 403],
  throttled_everybody: [90002, 'Forbidden.AccessDenied.QpsLimitForApi', 403],
  quota: [90020, 'Forbidden.AccessDenied.ApiCountLimitForOrg', 403],
  app_stopped: [50003, 'InvalidAuthentication', 400],
};

/** An error of the old API. Most refusals are wrapped in errcode 88; `bare` paths name their code themselves. */
export function oldAnswer(
  error: Refusal | OldApiError,
  facts: DingtalkFacts,
  bare: boolean,
): ErrorAnswer & { status: 200 } {
  const request_id = oldRequestId();
  const code = error instanceof OldApiError ? error.errcode : oldCodeOf(error, facts);
  const message = error.message;
  const label = String(code);
  if (bare || (error instanceof OldApiError && !error.wrapped))
    return { status: 200, body: { errcode: code, errmsg: message, request_id }, label };
  const body: Record<string, unknown> = {
    errcode: 88,
    sub_code: label,
    sub_msg: message,
    errmsg: `ding talk error[subcode=${label},submsg=${message}]`,
    request_id,
  };
  if (facts.subCodeField === 'absent') {
    delete body.sub_code;
    delete body.sub_msg;
  }
  return { status: 200, body, label };
}

/** An error of the new API. */
export function newAnswer(error: Refusal | NewApiError, facts: DingtalkFacts): ErrorAnswer {
  const requestid = randomUUID().toUpperCase();
  if (error instanceof NewApiError)
    return {
      status: error.status,
      body: { code: error.code, requestid, message: error.message },
      label: error.code,
    };
  const [, usual, status] = refusals[error.reason];
  const code = error.reason === 'scope_missing' ? facts.missingScopeCode : usual;
  const denied = error.scopes.length > 0 ? { accessdenieddetail: { requiredScopes: [...error.scopes] } } : {};
  return { status, body: { code, requestid, message: error.message, ...denied }, label: code };
}

/** What a call to a path of the old host gets that leads nowhere. */
export function unknownMethod(path: string): ErrorAnswer {
  const sub_msg = `invalid api name: ${path}`;
  return {
    status: 200,
    body: { errcode: 22, sub_msg, errmsg: `ding talk error[submsg=${sub_msg}]`, request_id: oldRequestId() },
    label: '22',
  };
}

/** The same at the new host, which answers in the old envelope. */
export function unknownPath(path: string): ErrorAnswer {
  return { status: 200, body: { errcode: 404, errmsg: `the path is not found: ${path}` }, label: '404' };
}

/** A request id as the old API makes them. */
export function oldRequestId(): string {
  return `16l${randomBytes(6).toString('hex').slice(0, 10)}`;
}

function oldCodeOf(error: Refusal, facts: DingtalkFacts): number {
  return error.reason === 'token_expired' ? facts.expiredTokenCode : refusals[error.reason][0];
}
