import type { Classification, HttpRequest, JsonValue } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { tokens } from '../src/api.js';
import { classify } from '../src/errors.js';
import { missingScopes } from '../src/errors/advice.js';
import { fakeContext, ok, refused } from './fake-context.js';

const request: HttpRequest = {
  method: 'GET',
  url: 'https://open.feishu.cn/open-apis/contact/v3/scopes',
  token: 'tenant',
};

function said(
  body: JsonValue,
  status = 200,
  headers: Record<string, string> = {},
  of = request,
): Classification {
  return classify({ status, headers, body }, of);
}

/** The advice, where there is one. */
function adviceOf(outcome: Classification): string {
  return 'advice' in outcome ? `${outcome.advice?.en} ${outcome.advice?.['zh-CN']}` : '';
}

describe('the code decides, at any status', () => {
  it.each([200, 400, 429, 500])('99991400 at status %i', (status) => {
    expect(
      said({ code: 99991400, msg: 'request trigger frequency limit' }, status, {
        'x-ogw-ratelimit-reset': '7',
      }),
    ).toEqual({
      outcome: 'error',
      code: 'rate_limited',
      vendorCode: '99991400',
      vendorMessage: 'request trigger frequency limit',
      retryAfterMs: 7_000,
    });
  });

  it.each([
    [10003, 200, 'config_invalid'],
    [10014, 200, 'config_invalid'],
    [10015, 200, 'auth_failed'],
    [2200, 200, 'unavailable'],
    [99991662, 400, 'config_invalid'],
    [99991668, 401, 'auth_failed'],
    [99991672, 400, 'permission_denied'],
    [99991679, 403, 'permission_denied'],
    [99991401, 400, 'permission_denied'],
    [99991403, 429, 'permission_denied'],
    [99991543, 400, 'auth_failed'],
    [99992357, 400, 'not_found'],
    [99992361, 400, 'input_invalid'],
    [99992402, 400, 'input_invalid'],
    [40004, 403, 'permission_denied'],
    [40012, 400, 'cursor_expired'],
    [40015, 400, 'not_found'],
    [41050, 400, 'permission_denied'],
    [41056, 403, 'permission_denied'],
    [44025, 400, 'rate_limited'],
    [20003, 400, 'input_invalid'],
    [20050, 500, 'unavailable'],
    [20071, 400, 'config_invalid'],
    [20072, 503, 'unavailable'],
    [230006, 400, 'permission_denied'],
    [230013, 400, 'permission_denied'],
    [230020, 400, 'rate_limited'],
    [1470403, 403, 'permission_denied'],
    [1470404, 404, 'not_found'],
    [1470422, 500, 'unavailable'],
    [1390002, 400, 'not_found'],
    [1390009, 403, 'permission_denied'],
    [1254045, 200, 'config_invalid'],
    [1254291, 200, 'rate_limited'],
    [1254302, 403, 'permission_denied'],
    [1255040, 504, 'unavailable'],
    [91403, 200, 'permission_denied'],
    [4711, 400, 'bad_response'],
    [4711, 503, 'unavailable'],
    [-1, 200, 'bad_response'],
  ])('%i at status %i is %s', (code, status, expected) => {
    expect(said({ code, msg: 'x' }, status)).toMatchObject({
      outcome: 'error',
      code: expected,
      vendorCode: String(code),
    });
  });

  it.each([
    { code: 0, data: {} },
    { code: '0' },
    { access_token: 'u', expires_in: 7200 },
    { code: null, data: {} },
  ] as JsonValue[])('%j is fine', (body) => {
    expect(said(body)).toEqual({ outcome: 'ok' });
  });

  it.each([
    [null, 200, 'bad_response'],
    [[], 200, 'bad_response'],
    ['ok', 200, 'bad_response'],
    [{ code: 'zero' }, 200, 'bad_response'],
    [{ code: true }, 200, 'bad_response'],
    [{ code: 1.5 }, 200, 'bad_response'],
    [{}, 404, 'bad_response'],
    [{}, 502, 'unavailable'],
    [null, 429, 'rate_limited'],
  ])('%j at status %i is %s', (body, status, expected) => {
    expect(said(body, status)).toMatchObject({ outcome: 'error', code: expected });
  });

  it('a dead token is fetched anew, where a token was sent', () => {
    for (const code of [99991663, 99991664, 99991665]) {
      expect(said({ code, msg: 'x' }, 400)).toMatchObject({
        outcome: 'token_expired',
        vendorCode: String(code),
      });
      const { token: _token, ...bare } = request;
      expect(said({ code, msg: 'x' }, 400, {}, bare)).toMatchObject({
        outcome: 'error',
        code: 'auth_failed',
      });
    }
  });

  it.each([
    [1, 'unavailable'],
    [403, 'permission_denied'],
    [514, 'auth_failed'],
    [1000040343, 'unavailable'],
    [1000040350, 'rate_limited'],
  ])('of the long connection, %i is %s; of anything else it is unknown', (code, expected) => {
    const url = 'https://open.feishu.cn/callback/ws/endpoint';
    expect(said({ code, msg: 'x' }, 200, {}, { method: 'POST', url })).toMatchObject({ code: expected });
    expect(said({ code, msg: 'x' })).toMatchObject({ code: 'bad_response' });
  });
});

describe('what support asks for', () => {
  it('the log id, from the header or from either place in the body', () => {
    const of = (error: JsonValue, headers: Record<string, string> = {}) =>
      said({ code: 4711, error }, 400, headers);
    expect(of({ log_id: 'L1' }, { 'x-tt-logid': 'H1', 'x-request-id': 'R1' })).toHaveProperty(
      'vendorRequestId',
      'H1',
    );
    expect(of({ log_id: 'L1' }, { 'x-request-id': 'R1' })).toHaveProperty('vendorRequestId', 'L1');
    expect(of({ logid: 'L2' })).toHaveProperty('vendorRequestId', 'L2');
    expect(of(null, { 'x-request-id': 'R1' })).toHaveProperty('vendorRequestId', 'R1');
    expect(of({ log_id: '<script>' })).not.toHaveProperty('vendorRequestId');
  });

  it('messages of either form, short and on one line', () => {
    expect(
      said({ code: 20003, error: 'invalid_grant', error_description: 'code is\ninvalid' }, 400),
    ).toHaveProperty('vendorMessage', 'code is invalid');
    expect(said({ code: 4711, msg: 'x'.repeat(5_000) })).toHaveProperty('vendorMessage', 'x'.repeat(300));
    expect(said({ code: 4711, msg: { deep: true } })).not.toHaveProperty('vendorMessage');
  });
});

describe('advice', () => {
  it.each([
    [
      {
        permission_violations: [{ type: 'action_scope_required', subject: 'contact:contact.base:readonly' }],
      },
    ],
    [{ permission_violations: [{ scope: 'contact:contact.base:readonly', url: 'https://x' }] }],
  ])('names the missing scope: %j', (error) => {
    const advice = adviceOf(said({ code: 99991672, msg: 'Access denied.', error }, 400));
    expect(advice).toContain('contact:contact.base:readonly');
    expect(advice).toContain('Permissions & Scopes');
    expect(advice).toContain('权限管理');
  });

  it('any one of several will do; where none is listed, the message is looked at', () => {
    const subjects = ['task:task:write', 'task:task:writeonly'];
    const violations = {
      permission_violations: subjects.map((subject) => ({ type: 'action_scope_required', subject })),
    };
    expect(missingScopes({ error: violations })).toEqual(subjects);
    expect(adviceOf(said({ code: 99991672, error: violations }))).toContain(
      'one of task:task:write / task:task:writeonly',
    );
    expect(
      missingScopes({ msg: 'One of the following scopes is required: [im:message, im:message:send_as_bot]' }),
    ).toEqual(['im:message', 'im:message:send_as_bot']);
    expect(missingScopes({ msg: 'denied' })).toEqual([]);
  });

  it('repeats nothing hostile', () => {
    const violations = [{ subject: '<img src=x>' }, { subject: 'a b' }, null, { subject: 5 }];
    expect(missingScopes({ error: { permission_violations: violations } })).toEqual([]);
  });

  it.each([
    [10014, 'Credentials & Basic Info', '凭证与基础信息'],
    [40004, 'contact scope', '通讯录权限范围'],
    [99991401, 'IP allowlist', 'IP 白名单'],
    [20071, 'Redirect URLs', '重定向 URL'],
    [230006, 'Bot', '机器人'],
    [230013, 'availability', '可用范围'],
    [1390002, 'definitionCode', 'definitionCode'],
    [1254045, 'columns', '字段名称'],
    [91403, 'document app', '文档应用'],
    [41056, 'Member field management', '成员字段管理'],
    [20046, 'open.larksuite.com', 'Lark'],
  ])('of %i names the page to open', (code, en, zh) => {
    const advice = adviceOf(said({ code, msg: 'x' }, 400));
    expect(advice).toContain(en);
    expect(advice).toContain(zh);
  });
});

describe('the token', () => {
  const path = 'POST auth/v3/tenant_access_token/internal';

  it('stands beside the code, not inside data', async () => {
    const context = fakeContext({
      [path]: { body: { code: 0, msg: 'ok', tenant_access_token: 't-1', expire: 4567 } },
    });
    expect(await tokens.tenant.fetch(context)).toEqual({ value: 't-1', expiresInSeconds: 4567 });
    expect(context.calls[0]?.json).toEqual({ app_id: 'cli_kat', app_secret: 'app-secret' });
  });

  it.each([
    ['a refusal at status 200', refused(10014, {}, 200), 'config_invalid'],
    ['no token', ok(), 'bad_response'],
    ['an empty one', { body: { code: 0, tenant_access_token: '', expire: 7200 } }, 'bad_response'],
    ['no lifetime', { body: { code: 0, tenant_access_token: 't-1' } }, 'bad_response'],
    ['a lifetime of nothing', { body: { code: 0, tenant_access_token: 't-1', expire: 0 } }, 'bad_response'],
  ])('%s is an error', async (_name, answer, code) => {
    await expect(tokens.tenant.fetch(fakeContext({ [path]: answer }))).rejects.toMatchObject({ code });
  });
});
