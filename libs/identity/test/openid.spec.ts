import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { employee, exchanged, subjects } from './login-connector.js';
import { LoginApp, REDIRECT_URI, type LmsClient } from './login-app.js';
import type { FakeBrowser } from './browser.js';

describe('the OpenID provider', () => {
  let app: LoginApp;
  let connection: string;
  let lin: string;
  let lms: LmsClient;
  let configuration: oidc.Configuration;

  beforeAll(async () => {
    app = await LoginApp.start();
    connection = await app.connect('Acme');
    lin = await app.user(connection, 'lin.mei', {
      display_name: '林梅',
      employee_number: 'E7',
      work_email: 'lin.mei@example.com',
      mobile: '+8613800138000',
    });
    await app.query(
      `insert into departments (id, connection_id, external_id, name, status) values ('dep_1', $1, '7', '研发部', 'active')`,
      [connection],
    );
    await app.query(
      `insert into memberships (user_id, department_id, is_primary) values ($1, 'dep_1', true)`,
      [lin],
    );
    lms = await app.client({ connectionIds: [connection] });
    configuration = await app.discover(lms);
  });
  afterAll(() => app?.stop());
  beforeEach(() => {
    subjects.clear();
    subjects.set('lin', employee('lin.mei'));
    exchanged.length = 0;
  });

  /** From the LMS's link to its callback. */
  async function signIn(
    browser: FakeBrowser,
    code = 'lin',
    parameters: Record<string, string> = {},
    using = configuration,
  ) {
    const { url, checks } = await app.authorize(using, parameters);
    const visit = await browser.follow(url);
    if (!visit.location?.startsWith('https://platform.example.com/')) return { visit, checks };
    return { visit: await app.comeBack(browser, visit.location, code), checks };
  }

  async function tokens(
    { visit, checks }: Awaited<ReturnType<typeof signIn>>,
    using = configuration,
  ): Promise<oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers> {
    return oidc.authorizationCodeGrant(using, new URL(visit.location!), checks);
  }

  it('tells the truth about itself', () => {
    expect(configuration.serverMetadata()).toMatchObject({
      issuer: `${app.publicUrl}/oidc`,
      authorization_endpoint: `${app.publicUrl}/oidc/auth`,
      token_endpoint: `${app.publicUrl}/oidc/token`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['openid', 'profile', 'email', 'phone'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    });
    expect(configuration.serverMetadata().claims_supported).toEqual(
      expect.arrayContaining(['sub', 'person_id', 'connection_id', 'departments', 'phone_number']),
    );
  });

  it('signs an employee in, by a standard client', async () => {
    const answer = await tokens(await signIn(app.browser()));
    const claims = answer.claims()!;
    expect(claims).toMatchObject({
      iss: `${app.publicUrl}/oidc`,
      aud: lms.id,
      sub: lin,
      connection_id: connection,
      name: '林梅',
      employee_number: 'E7',
      departments: [{ id: 'dep_1', external_id: '7', name: '研发部', is_primary: true, is_leader: false }],
    });
    expect(claims.person_id).toMatch(/^per_/);
    const userinfo = await oidc.fetchUserInfo(configuration, answer.access_token, lin);
    expect(userinfo).toMatchObject({ sub: lin, name: '林梅', connection_id: connection });
    expect(answer.scope).toBe('openid profile');
    expect(exchanged).toEqual([
      { code: 'lin', redirectUri: `${app.publicUrl}/sso/${connection}/callback`, mode: 'browser' },
    ]);
  });

  it('tells mail and phone only to clients with directory:contact', async () => {
    const asked = { scope: 'openid profile email phone' };
    const answer = await tokens(await signIn(app.browser(), 'lin', asked));
    expect(answer.scope).toBe('openid profile');
    expect(answer.claims()).not.toHaveProperty('email');
    expect(await oidc.fetchUserInfo(configuration, answer.access_token, lin)).not.toHaveProperty(
      'phone_number',
    );

    const trusted = await app.client({ scopes: ['openid', 'directory:contact'] });
    const using = await app.discover(trusted);
    const other = await tokens(await signIn(app.browser(), 'lin', { ...asked, connection }, using), using);
    expect(other.claims()).toMatchObject({ email: 'lin.mei@example.com', phone_number: '+8613800138000' });
    expect(other.claims()).not.toHaveProperty('name');
  });

  it('takes a code once, and a second use ends what the first opened', async () => {
    const done = await signIn(app.browser());
    const answer = await tokens(done);
    await expect(tokens(done)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.fetchUserInfo(configuration, answer.access_token, lin)).rejects.toThrow();
  });

  it('takes a code once when it is used twice at the same moment', async () => {
    const done = await signIn(app.browser());
    const outcomes = await Promise.allSettled([tokens(done), tokens(done)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThan(2);
  });

  it('wants PKCE', async () => {
    const { url } = await app.authorize(configuration);
    const without = new URL(url);
    without.searchParams.delete('code_challenge');
    without.searchParams.delete('code_challenge_method');
    const visit = await app.browser().get(without.href);
    const answer = new URL(visit.location!);
    expect(answer.origin).toBe('https://lms.example.com');
    expect(answer.searchParams.get('error')).toBe('invalid_request');
    const plain = new URL(url);
    plain.searchParams.set('code_challenge_method', 'plain');
    expect((await app.browser().get(plain.href)).location).toContain('error=invalid_request');
  });

  it('does not redeem a code with another verifier', async () => {
    const done = await signIn(app.browser());
    done.checks.pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    await expect(tokens(done)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('sends nobody to an address the client did not register', async () => {
    const { url } = await app.authorize(configuration, { redirect_uri: 'https://evil.example.com/' });
    const page = await app.browser().get(url, { 'accept-language': 'zh-CN' });
    expect([page.status, page.location]).toEqual([400, null]);
    expect(page.text).toContain('<html lang="zh-CN">');
    expect(page.text).toContain('invalid_redirect_uri');
    const program = await app.browser().get(url, { accept: 'application/json' });
    expect(JSON.parse(program.text)).toMatchObject({ error: 'invalid_redirect_uri' });
  });

  it('refuses a wrong secret, and tells how to go on', async () => {
    const wrong = await app.discover({ ...lms, secret: lms.secret.replace(/.$/, 'x') });
    const done = await signIn(app.browser());
    await expect(tokens(done, wrong)).rejects.toMatchObject({ error: 'invalid_client', status: 401 });
    // The code was not used up by somebody who could not prove anything.
    expect((await tokens(done)).claims()!.sub).toBe(lin);
  });

  it('takes both secrets while one is being replaced, and none of a deleted client', async () => {
    const client = await app.client();
    const call = (method: string, path: string, body?: unknown) =>
      app.host.call(method, `/api/v1/clients/${client.id}${path}`, body);
    const { body } = await call('POST', '/rotate-secret', { overlapSeconds: 600 });
    const old = await app.discover(client);
    const fresh = await app.discover({ ...client, secret: body.clientSecret });
    const sign = async (using: oidc.Configuration) =>
      tokens(await signIn(app.browser(), 'lin', { connection }, using), using);
    expect((await sign(old)).claims()!.sub).toBe(lin);
    const answer = await sign(fresh);
    expect(answer.claims()!.sub).toBe(lin);

    await call('POST', '/rotate-secret', { overlapSeconds: 0 });
    await expect(sign(fresh)).rejects.toMatchObject({ error: 'invalid_client' });

    await call('DELETE', '');
    await expect(oidc.fetchUserInfo(fresh, answer.access_token, lin)).rejects.toThrow();
    const { url } = await app.authorize(fresh);
    expect((await app.browser().get(url)).text).toContain('invalid_client');
  });

  it('knows an expired client no more, and slows down who guesses secrets', async () => {
    const client = await app.client();
    const using = await app.discover(client);
    const signed = await signIn(app.browser(), 'lin', { connection }, using);
    const guesses = await app.discover({ ...client, secret: 'tbcs_guess' });
    for (let tries = 0; tries < 10; tries++)
      await expect(tokens(signed, guesses)).rejects.toMatchObject({ error: 'invalid_client' });
    await expect(tokens(signed, using)).rejects.toMatchObject({ error: 'slow_down', status: 429 });
    await app.query(`update clients set expires_at = now() where id = $1`, [client.id]);
    const { url } = await app.authorize(using);
    expect((await app.browser().get(url)).text).toContain('invalid_client');
    await expect(tokens(signed, using)).rejects.toMatchObject({ error: 'invalid_client' });
  });

  it.each(['http://127.0.0.1:4711/cb', 'http://localhost:4711/cb', 'https://lms.example.com/a/b'])(
    'sends people back to %s',
    async (redirectUri) => {
      const using = await app.discover(await app.client({ redirectUris: [REDIRECT_URI, redirectUri] }));
      const asked = { connection, redirect_uri: redirectUri };
      const done = await signIn(app.browser(), 'lin', asked, using);
      expect(done.visit.location).toContain(redirectUri);
      expect((await tokens(done, using)).claims()!.sub).toBe(lin);
    },
  );

  it('knows only clients with scope openid', async () => {
    const client = await app.client({ scopes: ['directory:read'] });
    const { url } = await app.authorize(await app.discover(client));
    const page = await app.browser().get(url);
    expect([page.status, page.location]).toEqual([400, null]);
    expect(page.text, 'and says what such a client lacks').toContain('the scope openid or its redirectUris');
  });

  it('takes no client secret from an address the client may not call from', async () => {
    const client = await app.client({ allowedIps: ['203.0.113.0/24'] });
    const using = await app.discover(client);
    const done = await signIn(app.browser(), 'lin', { connection }, using);
    await expect(tokens(done, using)).rejects.toMatchObject({ error: 'unauthorized_client' });
  });

  it('gives tokens that open userinfo and not the API', async () => {
    const answer = await tokens(await signIn(app.browser()));
    const { status } = await app.host.call('GET', '/api/v1/clients', undefined, {
      authorization: `Bearer ${answer.access_token}`,
    });
    expect(status).toBe(401);
    const { body } = await app.host.call('POST', '/oidc/token', undefined, {
      authorization: `Basic ${Buffer.from(`${lms.id}:${lms.secret}`).toString('base64')}`,
    });
    expect(body.error).toBe('invalid_request');
  });

  it('asks nobody who is signed in, and everybody when told to', async () => {
    const browser = app.browser();
    await signIn(browser);
    exchanged.length = 0;
    const silent = await signIn(browser, 'nobody asks');
    expect((await tokens(silent)).claims()!.sub).toBe(lin);
    expect((await signIn(browser, 'x', { prompt: 'none' })).visit.location).toContain('code=');
    expect(exchanged).toEqual([]);

    const again = await tokens(await signIn(browser, 'lin', { prompt: 'login' }));
    expect(again.claims()!.sub).toBe(lin);
    expect(exchanged.length).toBe(1);
    await signIn(browser, 'lin', { max_age: '0' });
    await signIn(browser, 'lin', { prompt: 'select_account' });
    expect(exchanged.length).toBe(3);
    const consented = await signIn(browser, 'x', { prompt: 'consent' });
    expect((await tokens(consented)).claims()!.sub).toBe(lin);
    expect(exchanged.length).toBe(3);
  });

  it('answers prompt=none with login_required where nobody is signed in', async () => {
    const { visit } = await signIn(app.browser(), 'lin', { prompt: 'none' });
    expect(new URL(visit.location!).searchParams.get('error')).toBe('login_required');
  });

  it('lets another person sign in at the same browser, and the one before is out', async () => {
    const browser = app.browser();
    const first = await tokens(await signIn(browser));
    const wang = await app.user(connection, 'wang.wei');
    subjects.set('wang', employee('wang.wei'));
    const second = await tokens(await signIn(browser, 'wang', { prompt: 'login' }));
    expect(second.claims()!.sub).toBe(wang);
    await expect(oidc.fetchUserInfo(configuration, first.access_token, lin)).rejects.toThrow();
    expect((await tokens(await signIn(browser))).claims()!.sub).toBe(wang);
  });

  it('goes on when the session a request began in ran out meanwhile', async () => {
    const browser = app.browser();
    await signIn(browser);
    const { url, checks } = await app.authorize(configuration, { prompt: 'login' });
    const platform = await browser.follow(url);
    await app.query(`delete from openid_records where model = 'Session'`);
    const visit = await app.comeBack(browser, platform.location!, 'lin');
    expect((await tokens({ visit, checks })).claims()!.sub).toBe(lin);
  });

  it('ends codes, tokens and sessions of somebody who was disabled meanwhile', async () => {
    const chen = await app.user(connection, 'chen.jie');
    subjects.set('chen', employee('chen.jie'));
    const browser = app.browser();
    const answer = await tokens(await signIn(browser, 'chen'));
    const pending = await signIn(browser);
    await app.query(`update users set status = 'disabled' where id = $1`, [chen]);
    await expect(oidc.fetchUserInfo(configuration, answer.access_token, chen)).rejects.toThrow();
    await expect(tokens(pending)).rejects.toMatchObject({ error: 'invalid_grant' });
    // Asked to sign in again, and not let in.
    const { visit } = await signIn(browser, 'chen');
    expect([visit.status, visit.text.includes('disabled')]).toEqual([403, true]);
  });

  it('ends what people of a deleted connection had, although they are kept', async () => {
    const gone = await app.connect('Gone');
    await app.user(gone, 'zhao');
    subjects.set('zhao', employee('zhao'));
    const using = await app.discover(await app.client());
    const browser = app.browser();
    const answer = await tokens(await signIn(browser, 'zhao', { connection: gone }, using), using);
    const sub = answer.claims()!.sub;
    expect((await oidc.fetchUserInfo(using, answer.access_token, sub)).sub).toBe(sub);
    await app.host.call('DELETE', `/api/v1/connections/${gone}?people=keep`);
    await expect(oidc.fetchUserInfo(using, answer.access_token, sub)).rejects.toThrow();
    const { visit } = await signIn(browser, 'zhao', { prompt: 'none' }, using);
    expect(visit.location).toContain('error=login_required');
  });

  it('signs out, and goes back to the LMS only', async () => {
    const browser = app.browser();
    const answer = await tokens(await signIn(browser));
    const url = oidc.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: 'https://lms.example.com/bye',
      id_token_hint: answer.id_token!,
    });
    const page = await browser.get(url.href, { 'accept-language': 'zh' });
    expect(page.text).toContain('退出登录');
    const action = /action="([^"]+)"/.exec(page.text)![1]!;
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)![1]!;
    const out = await browser.submit(action, { xsrf, logout: 'yes' });
    expect(out.location).toBe('https://lms.example.com/bye');
    await expect(oidc.fetchUserInfo(configuration, answer.access_token, lin)).rejects.toThrow();
    expect((await signIn(browser, 'lin', { prompt: 'none' })).visit.location).toContain('login_required');
    const elsewhere = oidc.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: 'https://evil.example.com/',
      id_token_hint: answer.id_token!,
    });
    expect((await browser.get(elsewhere.href)).status).toBe(400);
  });

  it('answers unknown paths and methods like the rest of the host', async () => {
    for (const path of ['/oidc/nothing', '/oidc', '/oidc/', '/oidc/reg', '/oidc/token/introspection']) {
      const { status, body } = await app.host.call('GET', path);
      expect([path, status, body.code]).toEqual([path, 404, 'route_not_found']);
    }
  });

  it('keeps neither sessions nor codes nor tokens in readable form', async () => {
    const done = await signIn(app.browser());
    const code = new URL(done.visit.location!).searchParams.get('code')!;
    const { access_token: token } = await tokens(done);
    const rows = await app.query<{ row: string }>(`select r::text as row from openid_records r`);
    const keys = await app.query<{ row: string }>(`select r::text as row from signing_keys r`);
    const dump = [...rows, ...keys].map(({ row }) => row).join('\n');
    expect(rows.length).toBeGreaterThan(3);
    expect(keys.length).toBe(1);
    for (const secret of [code, token, lin, 'accountId', '"d":']) expect(dump).not.toContain(secret);
  });

  it('publishes keys without their secret part', async () => {
    const { body } = await app.host.call('GET', '/oidc/jwks');
    expect(body.keys).toHaveLength(1);
    expect(Object.keys(body.keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(REDIRECT_URI).toContain('lms.example.com');
  });
});
