import { describe, expect, it } from 'vitest';
import type { Finding, JsonObject } from '@trainbridge/connector-kit';
import { check } from '../src/check.js';
import type { DingtalkConfig } from '../src/config.js';
import { Answer, bodyOf, fakeContext, nameOf, wrapped, type Answers } from './fake-context.js';

const person = {
  userid: 'a',
  unionid: 'un-a',
  name: 'A',
  mobile: '13900001111',
  email: 'a@x.test',
  org_email: '',
  job_number: '1',
  title: 'T',
  extension: '{}',
};

const healthy: Answers = {
  'POST /v1.0/oauth2/accessToken': { accessToken: 't', expireIn: 7200 },
  'GET /auth/scopes': {
    errcode: 0,
    auth_org_scopes: { authed_dept: [1], authed_user: [] },
    auth_user_field: ['name'],
  },
  'POST /topapi/v2/department/listsub': { errcode: 0, result: [{ dept_id: 2, name: 'x', parent_id: 1 }] },
  'POST /topapi/v2/user/list': { errcode: 0, result: { has_more: false, list: [person] } },
  'POST /topapi/v2/user/get': wrapped('33012'),
  'POST /topapi/user/count': { errcode: 0, result: { count: 120 } },
  'POST /topapi/extcontact/list': { errcode: 0, results: [] },
  'POST /v1.0/todo/users/un-a/org/tasks/query': { nextToken: null, todoCards: [] },
  'POST /v1.0/workflow/processes/instanceIds/query': { result: { list: [] }, success: true },
};

async function findings(answers: Answers, config: Partial<DingtalkConfig> = {}, callbackUrl?: string | null) {
  const context = fakeContext(config, answers);
  const made = await check({ ...context, ...(callbackUrl === undefined ? {} : { callbackUrl }) });
  for (const { message, advice } of made) {
    for (const text of [message, advice].filter((told) => told !== undefined)) {
      expect(text['zh-CN']).toMatch(/\p{Script=Han}/u);
      expect(text.en).not.toMatch(/\p{Script=Han}(?!】)/u);
    }
  }
  return { context, steps: new Map(made.map((finding) => [finding.step, finding])) };
}

const failing = (steps: Map<string, Finding>): string[] =>
  [...steps.values()].filter(({ ok }) => !ok).map(({ step }) => step);

describe('a healthy app', () => {
  it('passes every step by reading only', async () => {
    const { context, steps } = await findings(healthy, { processCodes: ['PROC-A'], agentId: 7 });
    expect(failing(steps)).toEqual([]);
    expect([...steps.keys()]).toEqual([
      'token', 'outbound-ip', 'permissions', 'visible-range', 'readable-fields', 'head-count', 'customers',
      'approvals', 'todos', 'login', 'callback', 'messages',
    ]); // prettier-ignore
    expect(steps.get('head-count')?.data).toEqual({ people: 120 });
    const reading = /list|get|query|count|scopes|accessToken/;
    expect(context.requests.map(nameOf).every((name) => reading.test(name))).toBe(true);
    expect(JSON.stringify([...steps.values()])).not.toMatch(/13900001111|a@x\.test/);
  });

  it('passes without what it does not use, and is told how to get it', async () => {
    const { steps } = await findings({
      ...healthy,
      'POST /topapi/extcontact/list': wrapped('60011', '{requiredScopes=[qyapi_ext_read]}'),
      'POST /v1.0/todo/users/un-a/org/tasks/query': new Answer(403, {
        code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
        requestid: 'R',
        message: 'no',
        accessdenieddetail: { requiredScopes: ['Todo.Todo.Read'] },
      }),
    });
    expect(failing(steps)).toEqual([]);
    expect(steps.get('customers')).toMatchObject({
      data: { available: false },
      advice: { en: expect.stringContaining('qyapi_ext_read') as string },
    });
    expect(steps.get('todos')?.advice?.en).toContain('Todo.Todo.Read');
    expect(steps.get('approvals')?.data).toEqual({ available: false });
    expect(steps.get('messages')?.advice?.en).toContain('Credentials');
  });
});

describe('what a deployer forgot', () => {
  it('wrong credentials end it: nothing else would tell more', async () => {
    const refused = new Answer(400, { code: 'invalidClientIdOrSecret', requestid: 'R', message: 'no' });
    const { context, steps } = await findings({ 'POST /v1.0/oauth2/accessToken': refused });
    expect(failing(steps)).toEqual(['token']);
    expect(steps.get('token')).toMatchObject({
      data: { code: 'auth_failed', vendorCode: 'invalidClientIdOrSecret', vendorRequestId: 'R' },
      advice: { en: expect.stringContaining('Credentials and basic information') as string },
    });
    expect(context.requests).toHaveLength(1);
  });

  it('an address that is not listed is named', async () => {
    const { context, steps } = await findings({
      ...healthy,
      'GET /auth/scopes': wrapped('60020', 'request ip=203.0.113.9 appKey(dingx) not in whitelist'),
    });
    expect(failing(steps)).toEqual(['outbound-ip']);
    expect(steps.get('outbound-ip')).toMatchObject({
      data: { ip: '203.0.113.9' },
      advice: { en: expect.stringContaining('203.0.113.9') as string },
    });
    expect(context.requests).toHaveLength(2);
  });

  it('each missing permission by its name', async () => {
    const { steps } = await findings({
      ...healthy,
      'POST /topapi/v2/department/listsub': wrapped('60011'),
      'POST /topapi/v2/user/list': wrapped('60011'),
      'POST /topapi/v2/user/get': wrapped('60011'),
    });
    expect(failing(steps)).toEqual(['permissions']);
    expect(steps.get('permissions')?.data).toEqual({
      missing: ['qyapi_get_department_list', 'qyapi_get_department_member', 'qyapi_get_member'],
    });
  });

  it('an empty contact range', async () => {
    const { steps } = await findings({
      ...healthy,
      'GET /auth/scopes': { errcode: 0, auth_org_scopes: { authed_dept: [], authed_user: [] } },
    });
    expect(failing(steps)).toEqual(['visible-range']);
  });

  it('a part of the company is fine, and said to be one', async () => {
    const { steps } = await findings({
      ...healthy,
      'GET /auth/scopes': { errcode: 0, auth_org_scopes: { authed_dept: [2], authed_user: ['a'] } },
      'POST /topapi/v2/user/get': { errcode: 0, result: person },
    });
    expect(failing(steps)).toEqual([]);
    expect(steps.get('visible-range')).toMatchObject({
      data: { departments: 1, users: 1 },
      advice: { en: expect.stringContaining('all employees') as string },
    });
  });

  it('fields that do not come are named', async () => {
    const { mobile: _mobile, email: _email, ...less } = person;
    const { steps } = await findings({
      ...healthy,
      'POST /topapi/v2/user/list': { errcode: 0, result: { has_more: false, list: [less] } },
    });
    expect(steps.get('readable-fields')).toMatchObject({ ok: true, data: { withheld: ['mobile', 'email'] } });
  });

  it('a form that cannot be read is one too many', async () => {
    const { steps } = await findings(
      {
        ...healthy,
        'POST /v1.0/workflow/processes/instanceIds/query': (request) =>
          bodyOf(request).processCode === 'PROC-B'
            ? new Answer(400, { code: 'processCodeError', requestid: 'R', message: 'no such form' })
            : { result: { list: [] } },
      },
      { processCodes: ['PROC-A', 'PROC-B'] },
    );
    expect(failing(steps)).toEqual(['approvals']);
    expect(steps.get('approvals')?.message.en).toContain('PROC-B');
  });

  it.each<[string, Partial<DingtalkConfig>, string | null, boolean, RegExp]>([
    ['half a pair', { callbackToken: 'abc' }, 'https://x.test/cb', false, /callbackAesKey/],
    ['the other half', { callbackAesKey: 'x'.repeat(43) }, 'https://x.test/cb', false, /callbackToken/],
    ['no pair', {}, null, true, /Stream/],
    [
      'a pair and no address',
      { callbackToken: 'abc', callbackAesKey: 'x'.repeat(43) },
      null,
      false,
      /no public/,
    ],
    [
      'all of it',
      { callbackToken: 'abc', callbackAesKey: 'x'.repeat(43) },
      'https://x.test/cb',
      true,
      /configured/,
    ],
  ])('the callback: %s', async (_name, config, callbackUrl, ok, message) => {
    const { steps } = await findings(healthy, config, callbackUrl);
    expect(steps.get('callback')?.ok).toBe(ok);
    expect(steps.get('callback')?.message.en).toMatch(message);
  });
});

it('goes on after a failure where that tells more', async () => {
  const busy: JsonObject = { errcode: -1, errmsg: 'busy' };
  const { steps } = await findings({
    ...healthy,
    'POST /topapi/user/count': busy,
    'POST /topapi/extcontact/list': busy,
  });
  expect(failing(steps)).toEqual(['head-count', 'customers']);
  expect(steps.get('todos')?.ok).toBe(true);
});
