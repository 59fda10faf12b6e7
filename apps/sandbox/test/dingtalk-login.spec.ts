import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dingtalkAccountOf, startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { DingtalkCaller, type DingtalkAnswer } from './dingtalk-caller.js';

describe('DingTalk login', () => {
  let sandbox: Sandbox;
  let caller: DingtalkCaller;
  let now = 1_764_000_000_000;

  beforeEach(async () => {
    sandbox = await startSandbox({
      people: 30,
      departments: 6,
      now: () => now,
      dingtalk: { limits: { perSecond: 0 } },
    });
    caller = new DingtalkCaller(sandbox);
  });
  afterEach(() => sandbox.close());

  const redirect = 'https://lms.example.test/callback?tenant=a%2Bb';
  function loginUrl(change: Record<string, string> = {}): string {
    const query = new URLSearchParams({
      redirect_uri: redirect,
      response_type: 'code',
      client_id: sandbox.dingtalk.app.clientId,
      scope: 'openid',
      prompt: 'consent',
      state: 'state123',
      ...change,
    });
    return `${sandbox.url}/oauth2/auth?${query.toString()}`;
  }
  const visit = (url: string): Promise<Response> => fetch(url, { redirect: 'manual' });
  async function codeFor(userid: string, change: Record<string, string> = {}): Promise<string> {
    const response = await visit(loginUrl({ sandbox_user: userid, ...change }));
    return new URL(response.headers.get('location') ?? '').searchParams.get('authCode') ?? '';
  }
  function exchange(change: Record<string, unknown>): Promise<DingtalkAnswer> {
    const { clientId, clientSecret } = sandbox.dingtalk.app;
    return caller.send('POST', '/v1.0/oauth2/userAccessToken', {
      clientId,
      clientSecret,
      grantType: 'authorization_code',
      ...change,
    });
  }

  it('shows people to log in as, and leads back with both names of the code', async () => {
    const page = await visit(loginUrl());
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const [person] = sandbox.company.people();
    const text = await page.text();
    const link = new RegExp(`href="([^"]+sandbox_user=${person?.account}[^"]*)"`).exec(text)?.[1] ?? '';
    const response = await visit(new URL(link.replaceAll('&#38;', '&'), sandbox.url).href);
    expect(response.status).toBe(302);
    const target = new URL(response.headers.get('location') ?? '');
    expect(target.origin + target.pathname).toBe('https://lms.example.test/callback');
    const { authCode, code, ...rest } = Object.fromEntries(target.searchParams);
    expect(rest).toEqual({ tenant: 'a+b', state: 'state123' });
    expect(code).toBe(authCode);
    sandbox.dingtalk.setFacts({ loginCodeNames: 'authCode' });
    const older = await visit(loginUrl({ sandbox_user: person?.account ?? '' }));
    expect(new URL(older.headers.get('location') ?? '').searchParams.has('code')).toBe(false);
  });

  it.each([
    ['client_id', { client_id: 'other' }],
    ['response_type', { response_type: 'token' }],
    ['scope', { scope: 'profile' }],
    ['prompt', { prompt: '' }],
    ['redirect_uri', { redirect_uri: 'javascript:alert(1)' }],
    ['corpId', { corpId: 'dingother' }],
  ])('refuses a wrong %s with a page', async (name, change) => {
    const response = await visit(loginUrl({ ...change, sandbox_user: 'outsider' }));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(name);
  });

  it('leads back to registered addresses only', async () => {
    sandbox.dingtalk.setApp({ redirectUrls: ['https://lms.example.test/other'] });
    expect((await visit(loginUrl({ sandbox_user: 'outsider' }))).status).toBe(400);
    sandbox.dingtalk.setApp({ redirectUrls: ['https://lms.example.test/callback'] });
    expect((await visit(loginUrl({ sandbox_user: 'outsider' }))).status).toBe(302);
  });

  it('a code becomes a token, the token an account, the union id an employee', async () => {
    const [person] = sandbox.company.people();
    const token = await exchange({ code: await codeFor(person?.account ?? '', { scope: 'openid corpid' }) });
    expect(token.body).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expireIn: 7200,
      corpId: sandbox.dingtalk.corpId,
    });
    const me = await caller.send('GET', '/v1.0/contact/users/me', undefined, String(token.body.accessToken));
    const { unionId, openId } = dingtalkAccountOf(`person ${person?.id}`);
    expect(me.body).toMatchObject({ nick: person?.name, unionId, openId, mobile: person?.mobile });
    expect(await caller.old('/topapi/user/getbyunionid', { unionid: unionId })).toMatchObject({
      result: { contact_type: 0, userid: person?.account },
    });
    const renewed = await exchange({ grantType: 'refresh_token', refreshToken: token.body.refreshToken });
    expect(renewed.body).toMatchObject({ expireIn: 7200, corpId: sandbox.dingtalk.corpId });
    expect(
      await exchange({ grantType: 'refresh_token', refreshToken: token.body.refreshToken }),
    ).toMatchObject({ status: 400 });
  });

  it('names no company without the scope, and no mobile without the permission', async () => {
    sandbox.dingtalk.setApp({ scopes: ['Contact.User.Read'] });
    const [person] = sandbox.company.people();
    const token = await exchange({ code: await codeFor(person?.account ?? '') });
    expect(token.body).not.toHaveProperty('corpId');
    const me = await caller.send('GET', '/v1.0/contact/users/me', undefined, String(token.body.accessToken));
    expect(me.body).not.toHaveProperty('mobile');
    sandbox.dingtalk.setApp({ scopes: [] });
    expect(
      await caller.send('GET', '/v1.0/contact/users/me', undefined, String(token.body.accessToken)),
    ).toMatchObject({ status: 403 });
  });

  it('customers log in as customers, and others as nobody of this company', async () => {
    const [contact] = sandbox.dingtalk.contacts.all();
    for (const [userid, expected] of [
      [contact?.userid ?? '', { errcode: 0, result: { contact_type: 1, userid: contact?.userid } }],
      ['outsider', { errcode: 60121 }],
    ] as const) {
      const token = await exchange({ code: await codeFor(userid) });
      const me = await caller.send(
        'GET',
        '/v1.0/contact/users/me',
        undefined,
        String(token.body.accessToken),
      );
      expect(await caller.old('/topapi/user/getbyunionid', { unionid: me.body.unionId })).toMatchObject(
        expected,
      );
    }
  });

  it('codes are good once, for five minutes, and each for its own door', async () => {
    const [person] = sandbox.company.people();
    const userid = person?.account ?? '';
    const inApp = async (code: string): Promise<Record<string, unknown>> =>
      caller.old('/topapi/v2/user/getuserinfo', { code });
    const code = await codeFor(userid);
    expect(await inApp(code)).toMatchObject({ errcode: 40078 });
    expect(await exchange({ code })).toMatchObject({ status: 200 });
    expect(await exchange({ code })).toMatchObject({
      status: 400,
      body: { code: 'invalidParameter.authCode.notFound' },
    });
    const client = sandbox.dingtalk.loginCode(userid);
    expect(await exchange({ code: client })).toMatchObject({ status: 400 });
    expect(await inApp(client)).toMatchObject({
      result: { userid, unionid: expect.any(String), name: person?.name, sys: true, sys_level: 1 },
    });
    expect(await inApp(client)).toMatchObject({ errcode: 40078 });
    const late = [await codeFor(userid), sandbox.dingtalk.loginCode(userid)] as const;
    now += 300_001;
    expect(await exchange({ code: late[0] })).toMatchObject({ status: 400 });
    expect(await inApp(late[1])).toMatchObject({ errcode: 40078 });
  });

  it('tokens of people and of the app do not stand for each other', async () => {
    const token = await exchange({ code: await codeFor('outsider') });
    const userToken = String(token.body.accessToken);
    const bad = { status: 400, body: { code: 'InvalidAuthentication' } };
    expect(
      await caller.send('GET', '/v1.0/contact/users/me', undefined, await caller.appToken()),
    ).toMatchObject(bad);
    expect(
      await caller.send('GET', '/v1.0/workflow/processInstances?processInstanceId=x', undefined, userToken),
    ).toMatchObject(bad);
    expect(
      await caller.send('POST', `/topapi/user/getbyunionid?access_token=${userToken}`, { unionid: 'x' }),
    ).toMatchObject({ body: { errcode: 88, sub_code: '40014' } });
  });

  it('somebody who left since is nobody', async () => {
    const [, person] = sandbox.company.people();
    const userid = person?.account ?? '';
    const code = sandbox.dingtalk.loginCode(userid);
    const token = await exchange({ code: await codeFor(userid) });
    sandbox.mutations.dismiss(userid);
    expect(await caller.old('/topapi/v2/user/getuserinfo', { code })).toMatchObject({ errcode: 33012 });
    const me = await caller.send('GET', '/v1.0/contact/users/me', undefined, String(token.body.accessToken));
    expect(me.status).toBe(200);
    expect(await caller.old('/topapi/user/getbyunionid', { unionid: me.body.unionId })).toMatchObject({
      errcode: 60121,
    });
  });
});
