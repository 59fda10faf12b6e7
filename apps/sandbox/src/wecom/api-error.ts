import type { WecomFacts } from './facts.js';

/** English texts as the platform sends them; callers must look at the code only (sheet 1). */
const texts: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40031: 'invalid userid list',
  40032: 'invalid userid list size',
  40035: 'invalid parameter',
  40056: 'invalid agentid',
  40058: 'invalid request parameter',
  40063: 'some parameters are empty',
  40066: 'invalid party list',
  40068: 'invalid tagid',
  40070: 'all tag targets invalid',
  40071: 'tagname existed',
  40072: 'invalid tagname length',
  40096: 'invalid external userid',
  40126: 'external contact tag exceed limit',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'secret missing',
  42001: 'access_token expired',
  42003: 'oauth code expired',
  42022: 'oauth code used',
  42052: 'message can not be recalled',
  45002: 'content size out of limit',
  45009: 'api freq out of limit',
  45029: 'response size out of limit',
  45033: 'api concurrent out of limit',
  46004: 'user no exist',
  48001: 'api unauthorized',
  48002: 'api forbidden',
  48009: 'api forbidden for contact assistant',
  50001: 'redirect_url unauthorized',
  50003: 'app is disabled',
  50100: 'invalid cursor',
  60001: 'department name is invalid',
  60003: 'department not found',
  60004: 'parent department not found',
  60005: 'department not empty: has children',
  60006: 'department not empty: has members',
  60008: 'department name existed',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  60102: 'userid existed',
  60110: 'user department count exceeds limit',
  60111: 'userid not found',
  60123: 'invalid party id',
  60129: 'missing mobile or email',
  60132: 'is_leader_in_dept and department do not match',
  60140: 'invalid response code',
  81011: 'no privilege to operate tag',
  81013: 'user & party & tag all invalid',
  84014: 'user ticket expired',
  84015: 'invalid user ticket',
  84061: 'not external contact',
  301002: 'not allow operate another agent with this accesstoken',
  301025: 'invalid approval parameter',
  301036: 'userid can not be modified',
  301055: 'no approval auth',
};

/** Refuses a call with one of the platform's codes. The HTTP status stays 200 (sheet 1). */
export class WecomApiError extends Error {
  constructor(
    readonly errcode: number,
    /** Put before the text; the platform does so for bodies that are not JSON. */
    readonly prefix = '',
  ) {
    super(texts[errcode] ?? 'error');
  }
}

let hints = 0;

/** `errmsg` in the real shape: text, hint, the caller's address, where to read more. */
export function errorMessage(
  error: WecomApiError,
  ip: string,
  at: number,
  form: WecomFacts['hintForm'],
): string {
  hints = (hints + 1) % 1_000_000;
  const seconds = Math.floor(at / 1000);
  const serial = String(hints).padStart(6, '0');
  const hint =
    form === 'digits'
      ? `${seconds}${String(Math.trunc(at) % 1000).padStart(3, '0')}${serial}1`
      : `${seconds}_${hints % 100}_${serial.repeat(6).slice(0, 32)}`;
  return `${error.prefix}${error.message}, hint: [${hint}], from ip: ${ip}, more info at https://open.work.weixin.qq.com/devtool/query?e=${error.errcode}`;
}
