import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feishuDefaults, startSandbox, type Person, type Sandbox } from '@trainbridge/sandbox';
import { FeishuCaller, type FeishuAnswer, type Json } from './feishu-caller.js';

const redirect_uri = 'http://127.0.0.1:3000/sso/con_1/callback';

describe('login with Feishu', () => {
  let sandbox: Sandbox;
  let caller: FeishuCaller;
  let clock: number;
  let person: Person;

  beforeEach(async () => {
    clock = 1767225600_000;
    sandbox = await startSandbox({ people: 60, departments: 12, now: () => clock });
    caller = new FeishuCaller(sandbox);
    person = sandbox.company.people()[7] as Person;
    sandbox.mutations.edit(person.account, { status: 'active' });
  });
  afterEach(() => sandbox.close());

  const authorize = (query: Record<string, string>): Promise<Response> => {
    const full = {
      client_id: feishuDefaults.appId,
      response_type: 'code',
      redirect_uri,
      state: 'abc123',
      ...query,
    };
    const url = `${sandbox.url}/open-apis/authen/v1/authorize?${new URLSearchParams(full).toString()}`;
    return fetch(url, { redirect: 'manual' });
  };
  const codeOf = async (query: Record<string, string> = {}): Promise<string> => {
    const response = await authorize({ sandbox_user: person.account, ...query });
    return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
  };
  const exchange = (body: Json): Promise<FeishuAnswer> =>
    caller.send(
      'POST',
      'authen/v2/oauth/token',
      {
        grant_type: 'authorization_code',
        client_id: feishuDefaults.appId,
        client_secret: feishuDefaults.appSecret,
        ...body,
      },
      {},
    );
  const userInfo = (token: unknown): Promise<FeishuAnswer> =>
    caller.as(String(token), 'GET', 'authen/v1/user_info');

  it('shows people to log in as, and sends the chosen one back', async () => {
    const page = await authorize({});
    expect(page.headers.get('content-type')).toContain('text/html');
    const text = await page.text();
    expect(text).toContain(`sandbox_user=${person.account}`);
    const chosen = await authorize({ sandbox_user: person.account });
    expect(chosen.status).toBe(302);
    const target = new URL(chosen.headers.get('location') ?? '');
    expect(`${target.origin}${target.pathname}`).toBe(redirect_uri);
    expect(target.searchParams.get('state')).toBe('abc123');
    expect(target.searchParams.get('code')?.length).toBeGreaterThanOrEqual(64);
    const denied = new URL((await authorize({ sandbox_user: '' })).headers.get('location') ?? '');
    expect(Object.fromEntries(denied.searchParams)).toEqual({ state: 'abc123', error: 'access_denied' });
  });

  it('escapes names on its page', async () => {
    sandbox.mutations.edit(person.account, { name: '<b>"x"' });
    expect(await (await authorize({})).text()).not.toContain('<b>');
  });

  it('refuses other apps, addresses, scopes and people', async () => {
    const refused = async (query: Record<string, string>): Promise<string> => {
      const response = await authorize({ sandbox_user: person.account, ...query });
      expect(response.status).toBe(400);
      return /错误码 (\d+)/.exec(await response.text())?.[1] ?? '';
    };
    expect(await refused({ client_id: 'cli_another' })).toBe('20048');
    expect(await refused({ response_type: 'token' })).toBe('20001');
    expect(await refused({ redirect_uri: 'javascript:alert(1)' })).toBe('20029');
    expect(await refused({ scope: 'calendar:calendar' })).toBe('20027');
    expect(await refused({ sandbox_user: 'nobody' })).toBe('20010');
    sandbox.feishu.setApp({ redirectUrls: ['https://lms.example.test/'] });
    expect(await refused({})).toBe('20029');
  });

  it('exchanges a code once for a token, and the token for who it is', async () => {
    const code = await codeOf();
    const { status, body } = await exchange({ code, redirect_uri });
    expect(status).toBe(200);
    expect(body).toMatchObject({ code: 0, expires_in: 7200, token_type: 'Bearer', scope: '' });
    expect(body).not.toHaveProperty('refresh_token');
    expect(String(body.access_token)).toMatch(/^eyJ.{1000}/);
    const { data } = await userInfo(body.access_token);
    expect(data).toMatchObject({
      name: person.name,
      open_id: sandbox.feishu.ids.openId(person.id),
      union_id: sandbox.feishu.ids.unionId(person.id),
      user_id: person.account,
      tenant_key: feishuDefaults.tenantKey,
      mobile: `+86${person.mobile}`,
      employee_no: person.employeeNumber,
    });
    expect(await exchange({ code, redirect_uri })).toMatchObject({
      status: 400,
      body: { code: 20065, error: 'invalid_grant' },
    });
  });

  it('withholds from user_info what scopes do not open', async () => {
    for (const scope of ['contact:user.phone:readonly', 'contact:user.employee_id:readonly'])
      sandbox.feishu.setScope(scope, false);
    const { body } = await exchange({ code: await codeOf(), redirect_uri });
    const { data } = await userInfo(body.access_token);
    expect(data).not.toHaveProperty('mobile');
    expect(data).not.toHaveProperty('user_id');
    expect(data).toHaveProperty('union_id');
  });

  it('says what is wrong with an exchange', async () => {
    const code = async (body: Json): Promise<number> => (await exchange(body)).code;
    expect(await code({ code: 'x' })).toBe(20003);
    expect(await code({})).toBe(20001);
    expect(await code({ client_id: 'cli_x', code: 'x' })).toBe(20048);
    expect(await code({ client_secret: 'x', code: 'x' })).toBe(20002);
    expect(await code({ grant_type: 'password' })).toBe(20036);
    expect(await code({ code: await codeOf() })).toBe(20071);
    expect(await code({ code: await codeOf(), redirect_uri: 'https://elsewhere.test/' })).toBe(20071);
    const late = await codeOf();
    clock += 300_000;
    expect(await code({ code: late, redirect_uri })).toBe(20004);
  });

  it('checks the verifier of PKCE, S256 or plain', async () => {
    const verifier = randomBytes(40).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const s256 = { code_challenge: challenge, code_challenge_method: 'S256' };
    expect((await exchange({ code: await codeOf(s256), redirect_uri })).code).toBe(20049);
    expect((await exchange({ code: await codeOf(s256), redirect_uri, code_verifier: challenge })).code).toBe(
      20049,
    );
    expect((await exchange({ code: await codeOf(s256), redirect_uri, code_verifier: verifier })).code).toBe(
      0,
    );
    const plain = await codeOf({ code_challenge: verifier });
    expect((await exchange({ code: plain, redirect_uri, code_verifier: verifier })).code).toBe(0);
  });

  it('refreshes once per refresh token', async () => {
    const { body } = await exchange({ code: await codeOf({ scope: 'offline_access' }), redirect_uri });
    const refresh = (refresh_token: unknown): Promise<FeishuAnswer> =>
      exchange({ grant_type: 'refresh_token', refresh_token });
    const second = await refresh(body.refresh_token);
    expect(second.body).toMatchObject({ code: 0, refresh_token_expires_in: 604_800 });
    expect((await userInfo(second.body.access_token)).code).toBe(0);
    expect((await refresh(body.refresh_token)).code).toBe(20073);
    expect((await refresh('ur-x')).code).toBe(20026);
    clock += 604_800_000;
    expect((await refresh(second.body.refresh_token)).code).toBe(20037);
  });

  it('answers user_info with HTTP 200 for dead tokens and for people who may not', async () => {
    const { access_token } = (await exchange({ code: await codeOf(), redirect_uri })).body;
    expect(await userInfo('u-x')).toMatchObject({ status: 200, code: 20005 });
    expect(await caller.get('authen/v1/user_info')).toMatchObject({ status: 200, code: 20005 });
    sandbox.mutations.edit(person.account, { status: 'disabled' });
    expect(await userInfo(access_token)).toMatchObject({ status: 200, code: 20022 });
    sandbox.mutations.edit(person.account, { status: 'inactive' });
    expect((await userInfo(access_token)).code).toBe(20023);
    sandbox.mutations.dismiss(person.account);
    expect((await userInfo(access_token)).code).toBe(20021);
    clock += 7200_000;
    expect((await userInfo(access_token)).code).toBe(20005);
  });

  it('a code from inside the client is exchanged without a redirect address', async () => {
    const response = await fetch(`${sandbox.url}/sandbox/feishu/login-codes`, {
      method: 'POST',
      body: JSON.stringify({ account: person.account }),
    });
    const { code } = (await response.json()) as { code: string };
    const { body } = await exchange({ code });
    expect((await userInfo(body.access_token)).data.union_id).toBe(sandbox.feishu.ids.unionId(person.id));
    const slow = sandbox.feishu.sessions.code({ person, scopes: [] });
    clock += 180_000;
    expect((await exchange({ code: slow })).code).toBe(20004);
  });

  it('a token of a person opens what the person granted', async () => {
    const granted = await exchange({ code: await codeOf({ scope: 'task:task:read' }), redirect_uri });
    const token = String(granted.body.access_token);
    expect((await caller.as(token, 'GET', 'task/v2/tasks')).code).toBe(0);
    const refused = await caller.as(token, 'GET', 'contact/v3/departments/0/children');
    expect(refused.code).toBe(99991679);
    expect(refused.error.permission_violations).toContainEqual({
      type: 'action_privilege_required',
      subject: 'contact:contact.base:readonly',
    });
    expect((await caller.as(token, 'GET', 'contact/v3/scopes')).code).toBe(99991668);
  });
});
