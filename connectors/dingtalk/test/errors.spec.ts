import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse, JsonValue } from '@trainbridge/connector-kit';
import { classify } from '../src/errors.js';
import { wrapped } from './fake-context.js';

const request: HttpRequest = {
  method: 'POST',
  url: 'https://oapi.dingtalk.com/topapi/v2/user/get',
  token: 'app',
};
const tokenless: HttpRequest = { method: 'POST', url: 'https://api.dingtalk.com/v1.0/oauth2/accessToken' };

const answer = (body: JsonValue, status = 200, headers = {}): HttpResponse => ({ status, headers, body });
const says = (code: string, message = '', status = 400): HttpResponse =>
  answer({ code, requestid: 'A1-B2', message }, status);

describe('what an answer means', () => {
  it.each([
    ['the old API’s success', answer({ errcode: 0, errmsg: 'ok', result: {} })],
    ['the same without errmsg, the number as text', answer({ errcode: '0' })],
    ['the new API’s success, which has no envelope', answer({ accessToken: 'x', expireIn: 7200 })],
    ['an empty object', answer({})],
    ['no content', answer(null, 204)],
    ['a payload that happens to have a code', answer({ code: 'LABEL', name: 'x' })],
  ])('%s', (_name, response) => {
    expect(classify(response, request)).toEqual({ outcome: 'ok' });
  });

  it.each([
    ['wrapped, sub_code', answer(wrapped('40014'))],
    [
      'wrapped, the code in the message only',
      answer({ errcode: 88, errmsg: 'error[subcode=40014,submsg=x]' }),
    ],
    ['bare, by a legacy path', answer({ errcode: 40014, errmsg: 'invalid access_token' })],
    ['expired', answer(wrapped('42001'))],
    ['new API: 400, not 401', says('InvalidAuthentication')],
    ['new API, other word', says('invalidAccessToken', '', 401)],
  ])('a dead token, %s, is fetched anew', (_name, response) => {
    expect(classify(response, request)).toMatchObject({ outcome: 'token_expired' });
  });

  it('a person’s dead token cannot be fetched: they log in again', () => {
    const url = 'https://api.dingtalk.com/v1.0/contact/users/me';
    expect(classify(says('InvalidAuthentication'), { method: 'GET', url })).toMatchObject({
      outcome: 'error',
      code: 'input_invalid',
    });
  });

  it.each([
    [answer(wrapped('33012')), 'not_found'],
    [answer({ errcode: 60121, errmsg: 'user not found' }), 'not_found'],
    [answer(wrapped('60003')), 'not_found'],
    [answer({ errcode: 40096, errmsg: 'invalid appkey' }), 'auth_failed'],
    [says('invalidClientIdOrSecret'), 'auth_failed'],
    [says('unknownError', '', 500), 'unavailable'],
    [answer(wrapped('40000', 'access_token is blank')), 'internal'],
    [says('AuthenticationFailed.MissingParameter'), 'internal'],
    [answer({ errcode: 22, sub_msg: 'invalid api' }), 'internal'],
    [answer({ errcode: 404, errmsg: 'no such path' }), 'internal'],
    [answer(wrapped('60011')), 'permission_denied'],
    [answer(wrapped('50002')), 'permission_denied'],
    [answer(wrapped('90020')), 'permission_denied'],
    [answer({ errcode: -1, errmsg: 'busy' }), 'unavailable'],
    [answer(wrapped('40078')), 'input_invalid'],
    [says('todo.taskCreate.paramError', 'task exist'), 'input_invalid'],
    [says('todo.taskUpdate.paramError', 'task not exist'), 'not_found'],
    [says('todo.taskUpdate.paramError', 'task not belong to bizTag'), 'permission_denied'],
    [says('todo.taskCreate.lockError'), 'unavailable'],
    [says('todo.taskCreate.systemError', '', 500), 'unavailable'],
    [says('processInstanceNotExist'), 'not_found'],
    [says('processCodeError'), 'config_invalid'],
    [says('Forbidden.AccessDenied.AccessTokenPermissionDenied', '', 403), 'permission_denied'],
    [says('somethingNew', '', 400), 'bad_response'],
    [says('somethingNew', '', 503), 'unavailable'],
    [answer({}, 502), 'unavailable'],
    [answer({}, 429), 'rate_limited'],
    [answer([], 200), 'bad_response'],
    [answer('<html>', 503), 'unavailable'],
    [answer({ errcode: 31415 }), 'bad_response'],
    [answer({ errcode: 88, errmsg: 'no code at all' }), 'bad_response'],
    [answer({ errcode: true }), 'bad_response'],
    [answer({ errcode: {} }), 'bad_response'],
    [says('constructor'), 'bad_response'],
    [says('__proto__', '', 403), 'permission_denied'],
    [answer({ errcode: 'toString' }), 'bad_response'],
  ])('%j is %s', (response, code) => {
    expect(classify(response, request)).toMatchObject({ outcome: 'error', code });
  });

  it('a code used twice at the login page is the person’s to repeat, whatever DingTalk calls it', () => {
    const url = 'https://api.dingtalk.com/v1.0/oauth2/userAccessToken';
    expect(classify(says('anyNewWord'), { method: 'POST', url })).toMatchObject({ code: 'input_invalid' });
    expect(classify(says('invalidClientIdOrSecret'), { method: 'POST', url })).toMatchObject({
      code: 'auth_failed',
    });
    expect(classify(says('unknownError', '', 500), { method: 'POST', url })).toMatchObject({
      code: 'unavailable',
    });
  });

  it.each([
    [answer(wrapped('90002')), 1_000],
    [answer(wrapped('90018')), 1_000],
    [says('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', '', 403), 1_000],
    [says('Forbidden.AccessDenied.QpsLimitForApi', '', 403), 1_000],
    [says('Forbidden.AccessDenied.QpmLimitForAppkeyAndApi', '', 403), 15_000],
    [says('todo.taskCreate.flowControlError'), 1_000],
    [answer({ status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'u' }), 300_000],
  ])('%j is a limit, over after %i ms', (response, retryAfterMs) => {
    expect(classify(response, request)).toMatchObject({ code: 'rate_limited', retryAfterMs });
  });
});

it('refused credentials that carried no token are the credentials’ fault', () => {
  expect(classify(says('InvalidAuthentication'), tokenless)).toMatchObject({ code: 'auth_failed' });
  expect(classify(answer({ errcode: 40001, errmsg: 'x' }), tokenless)).toMatchObject({ code: 'auth_failed' });
});

describe('what a deployer is told', () => {
  it('names the missing permissions, from either generation', () => {
    const old = answer(
      wrapped('60011', 'apply at https://open-dev.dingtalk.com/x {requiredScopes=[qyapi_get_member]}'),
    );
    const fresh = answer(
      {
        code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
        requestid: 'A1',
        message: 'no',
        accessdenieddetail: { requiredScopes: ['Todo.Todo.Write', '<script>', 7] },
      },
      403,
    );
    for (const [response, scope] of [
      [old, 'qyapi_get_member'],
      [fresh, 'Todo.Todo.Write'],
    ] as const) {
      const told = classify(response, request);
      expect(told).toMatchObject({
        code: 'permission_denied',
        advice: { en: expect.stringContaining(`\`${scope}\``) as string },
      });
      expect(JSON.stringify(told)).not.toContain('<script>');
    }
  });

  it('names the address to allow', () => {
    const refusals = [
      answer(wrapped('60020', 'request ip=203.0.113.7 appKey(dingx) is not in whitelist')),
      says('Forbidden.AccessDenied.IpNotInWhiteList', 'ip: 203.0.113.7 not allowed', 403),
    ];
    for (const response of refusals) {
      expect(classify(response, request)).toMatchObject({
        code: 'permission_denied',
        advice: { en: expect.stringContaining('203.0.113.7') as string },
      });
    }
  });

  it('has both languages for everything that needs doing', () => {
    const codes = ['40096', '60011', '50002', '50003', '40056', '52010', '40078', '60203', '60205', '90020'];
    for (const code of codes) {
      const told = classify(answer({ errcode: Number(code), errmsg: 'x' }), tokenless);
      const advice = told.outcome === 'error' ? told.advice : undefined;
      expect(advice?.en.length, code).toBeGreaterThan(20);
      expect(advice?.['zh-CN'], code).toMatch(/\p{Script=Han}/u);
    }
  });

  it('carries the vendor’s code, words and request id', () => {
    expect(classify(answer(wrapped('60011', 'no\u0000pe')), request)).toMatchObject({
      vendorCode: '60011',
      vendorMessage: expect.stringMatching(/^no pe/) as string,
      vendorRequestId: '16l4ew3d47pdp',
    });
    expect(classify(says('needAuth'), request)).toMatchObject({ vendorRequestId: 'A1-B2' });
    expect(classify(says('constructor'), request)).not.toHaveProperty('advice');
    expect(classify(says('Forbidden.SomethingNew', '', 403), request)).toHaveProperty('advice');
    expect(classify(says('Forbidden.AccessDenied.QpsLimitForApi', '', 403), request)).not.toHaveProperty(
      'advice',
    );
    const header = answer({ code: 'needAuth', message: '' }, 400, { 'x-acs-request-id': 'H-1' });
    expect(classify(header, request)).toMatchObject({ vendorRequestId: 'H-1' });
    const long = classify(answer({ errcode: 1, errmsg: 'x'.repeat(10_000) }), request);
    expect(long.outcome === 'error' && long.vendorMessage?.length).toBe(300);
  });
});
