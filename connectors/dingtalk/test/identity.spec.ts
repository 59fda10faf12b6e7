import { describe, expect, it } from 'vitest';
import { identity } from '../src/identity.js';
import { Answer, baseConfig, bodyOf, callsOf, fakeContext, wrapped, type Answers } from './fake-context.js';

const redirectUri = 'https://lms.example.test/sso/con_1/callback';

const answers: Answers = {
  'POST /v1.0/oauth2/userAccessToken': (request) =>
    bodyOf(request).code === 'used'
      ? new Answer(400, { code: 'invalidCode', requestid: 'R', message: 'used' })
      : { accessToken: 'person-token', refreshToken: 'r', expireIn: 7200, corpId: baseConfig.corpId },
  'GET /v1.0/contact/users/me': (request) => {
    expect(request.headers).toMatchObject({ 'x-acs-dingtalk-access-token': 'person-token' });
    expect(request.token).toBeUndefined();
    return { nick: '小三', openId: 'o', unionId: 'un-1', email: 'private@example.test', mobile: '139' };
  },
  'POST /topapi/user/getbyunionid': { errcode: 0, result: { contact_type: 0, userid: 'zhang3' } },
  'POST /topapi/v2/user/getuserinfo': (request) =>
    bodyOf(request).code === 'client-code'
      ? { errcode: 0, result: { userid: 'zhang3', unionid: 'un-1', name: '张三', sys: false, sys_level: 0 } }
      : wrapped('40078'),
};

const employee = {
  kind: 'employee',
  externalId: 'zhang3',
  externalIds: [{ type: 'unionid', value: 'un-1' }],
};

describe('the login page', () => {
  it.each(['browser', 'inApp'] as const)('has every parameter DingTalk asks for: %s', async (mode) => {
    const { url } = await identity.authorizationUrl(fakeContext(), { redirectUri, state: 'S123', mode });
    const { origin, pathname, searchParams } = new URL(url);
    expect(origin + pathname).toBe('https://login.dingtalk.com/oauth2/auth');
    expect(Object.fromEntries(searchParams)).toEqual({
      redirect_uri: redirectUri,
      response_type: 'code',
      client_id: baseConfig.clientId,
      scope: 'openid corpid',
      prompt: 'consent',
      corpId: baseConfig.corpId,
      state: 'S123',
    });
    expect(url).toContain('scope=openid%20corpid');
  });
});

describe('who logged in', () => {
  it.each([
    [{ authCode: 'a' }, 'browser'],
    [{ code: 'a' }, 'browser'],
    [{ authCode: 'a', code: 'a' }, 'browser'],
    // The login page works inside the client as well; only there `authCode` exists.
    [{ authCode: 'a', code: 'a' }, 'inApp'],
  ] as const)('by the login page: %j, %s', async (query, mode) => {
    const context = fakeContext({}, answers);
    const subject = await identity.authenticate(context, { query, redirectUri, mode });
    expect(subject).toEqual({ ...employee, profile: { name: '小三' } });
    expect(callsOf(context)).toEqual({
      'POST /v1.0/oauth2/userAccessToken': 1,
      'GET /v1.0/contact/users/me': 1,
      'POST /topapi/user/getbyunionid': 1,
    });
    expect(bodyOf(context.requests[0])).toMatchObject({ code: 'a', grantType: 'authorization_code' });
  });

  it('by a code of the client’s own script', async () => {
    const context = fakeContext({}, answers);
    const query = { code: 'client-code' };
    expect(await identity.authenticate(context, { query, redirectUri, mode: 'inApp' })).toEqual({
      ...employee,
      profile: { name: '张三' },
    });
    expect(callsOf(context)).toEqual({ 'POST /topapi/v2/user/getuserinfo': 1 });
  });

  it('in the client by a page code under the short name: tried as one, then taken for the other', async () => {
    const context = fakeContext({}, answers);
    const query = { code: 'page-code' };
    expect(await identity.authenticate(context, { query, redirectUri, mode: 'inApp' })).toMatchObject(
      employee,
    );
    expect(callsOf(context)['POST /topapi/v2/user/getuserinfo']).toBe(1);
  });

  it('an external contact is a customer, somebody unknown a stranger', async () => {
    const contact = fakeContext(
      {},
      {
        ...answers,
        'POST /topapi/user/getbyunionid': { errcode: 0, result: { contact_type: 1, userid: 'ext1' } },
      },
    );
    const input = { query: { authCode: 'a' }, redirectUri, mode: 'browser' as const };
    expect(await identity.authenticate(contact, input)).toMatchObject({
      kind: 'customer',
      externalId: 'ext1',
    });
    const unknown = fakeContext({}, { ...answers, 'POST /topapi/user/getbyunionid': wrapped('60121') });
    expect(await identity.authenticate(unknown, input)).toMatchObject({ kind: 'stranger', externalId: null });
  });

  it('who chose another organisation is a stranger, and is not even looked for', async () => {
    const context = fakeContext(
      {},
      {
        ...answers,
        'POST /v1.0/oauth2/userAccessToken': {
          accessToken: 'person-token',
          corpId: 'dingother',
          expireIn: 1,
        },
      },
    );
    const input = { query: { authCode: 'a' }, redirectUri, mode: 'browser' as const };
    expect(await identity.authenticate(context, input)).toMatchObject({ kind: 'stranger' });
    expect(callsOf(context)['POST /topapi/user/getbyunionid']).toBeUndefined();
  });

  it('is never told by the account’s mail or mobile', async () => {
    const input = { query: { authCode: 'a' }, redirectUri, mode: 'browser' as const };
    const subject = await identity.authenticate(fakeContext({}, answers), input);
    expect(JSON.stringify(subject)).not.toMatch(/private@example|139/);
  });

  it.each([
    ['no code at all', {}],
    ['an empty one', { code: '', authCode: '' }],
    ['one too long', { code: 'x'.repeat(600) }],
    ['a used one', { authCode: 'used' }],
  ])('%s is the person’s to repeat', async (_name, query: Record<string, string>) => {
    await expect(
      identity.authenticate(fakeContext({}, answers), { query, redirectUri, mode: 'browser' }),
    ).rejects.toMatchObject({ code: 'input_invalid' });
  });

  it.each([
    ['no token', { 'POST /v1.0/oauth2/userAccessToken': { expireIn: 1 } }],
    ['nobody', { 'GET /v1.0/contact/users/me': { nick: 'x' } }],
    ['no userid', { 'POST /topapi/user/getbyunionid': { errcode: 0, result: {} } }],
    ['no result', { 'POST /topapi/user/getbyunionid': { errcode: 0 } }],
  ])('an answer with %s lets nobody in', async (_name, broken: Answers) => {
    const context = fakeContext({}, { ...answers, ...broken });
    await expect(
      identity.authenticate(context, { query: { authCode: 'a' }, redirectUri, mode: 'browser' }),
    ).rejects.toMatchObject({ code: 'bad_response' });
  });
});
