import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { obviousChoice, type LoginChoice } from '../src/login/login-choices.js';
import { employee, subjects } from './login-connector.js';
import { LoginApp, type LmsClient } from './login-app.js';

describe('which platform an OpenID request signs in with', () => {
  let app: LoginApp;
  let acme: string;
  let beta: string;
  let foreign: string;
  let lms: LmsClient;
  let configuration: oidc.Configuration;

  beforeAll(async () => {
    app = await LoginApp.start();
    acme = await app.connect('Acme <b>');
    beta = await app.connect('Beta');
    foreign = await app.connect('Foreign');
    const mute = await app.connect('Mute', 'no-login-fixture');
    await app.user(acme, 'lin');
    await app.user(beta, 'lin');
    lms = await app.client({ connectionIds: [acme, beta, mute] });
    configuration = await app.discover(lms);
  });
  afterAll(() => app?.stop());
  beforeEach(() => subjects.set('lin', employee('lin')));

  const link = async (parameters = {}, using = configuration) => (await app.authorize(using, parameters)).url;

  it('lets people choose among the connections of the client that can sign people in', async () => {
    const browser = app.browser({ 'accept-language': 'zh-CN' });
    const page = await browser.follow(await link());
    expect(page.status).toBe(200);
    expect(page.text).toContain('请选择');
    expect(page.text).toContain('Acme &lt;b&gt;');
    expect(page.text).toContain('测试平台');
    for (const absent of ['Foreign', 'Mute', '<b>']) expect(page.text).not.toContain(absent);
    const hrefs = [...page.text.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!);
    expect(hrefs).toHaveLength(2);
    const platform = await browser.follow(app.publicUrl + hrefs[1]!);
    expect(new URL(platform.location!).searchParams.get('tenant')).toBe('Beta');
    const done = await app.comeBack(browser, platform.location!, 'lin');
    expect(done.location).toContain('https://lms.example.com/callback?code=');
  });

  it('speaks the language the LMS asks for', async () => {
    const browser = app.browser({ 'accept-language': 'en' });
    expect((await browser.follow(await link({ ui_locales: 'zh-Hans en' }))).text).toContain('请选择');
    const broken = await link({ ui_locales: 'zh', redirect_uri: 'https://evil.example.com' });
    expect((await browser.get(broken)).text).toContain('登录无法继续');
  });

  it('chooses by itself in the client of a platform, when that leaves one', () => {
    const choice = (connectionId: string, mark: string): LoginChoice => ({
      connectionId,
      name: connectionId,
      platform: { en: mark, 'zh-CN': mark },
      inAppUserAgents: [mark],
    });
    const choices = [choice('a', 'Red'), choice('b', 'Blue'), choice('c', 'Blue')];
    expect(obviousChoice(choices, 'Mozilla red/4')?.connectionId).toBe('a');
    for (const agent of ['Mozilla Blue/1', 'Mozilla', undefined])
      expect(obviousChoice(choices, agent)).toBe(null);
    expect(obviousChoice([choices[1]!], 'Mozilla red/4')?.connectionId).toBe('b');
  });

  it('asks nothing where the request names the connection, or the client has one', async () => {
    const named = await app.browser().follow(await link({ connection: beta }));
    expect(new URL(named.location!).searchParams.get('tenant')).toBe('Beta');
    const single = await app.discover(await app.client({ connectionIds: [acme] }));
    const only = await app.browser().follow(await link({}, single));
    expect(new URL(only.location!).searchParams.get('tenant')).toBe('Acme <b>');
  });

  it('tells the LMS when it names a connection that is not its own, or none', async () => {
    for (const connection of [foreign, 'con_nobody']) {
      const { location } = await app.browser().get(await link({ connection }));
      const answer = new URL(location!);
      expect([answer.origin, answer.searchParams.get('error')]).toEqual([
        'https://lms.example.com',
        'invalid_request',
      ]);
    }
  });

  it('does not let a page choose a connection that is not the client’s', async () => {
    const browser = app.browser();
    const { location } = await browser.get(await link());
    const page = await browser.get(`${location}?connection=${foreign}`);
    expect([page.status, page.location]).toEqual([200, null]);
  });

  it('does not let a person exchange the connection the LMS named', async () => {
    const browser = app.browser();
    const { location } = await browser.get(await link({ connection: acme }));
    const platform = await browser.get(`${location}?connection=${beta}`);
    expect(new URL(platform.location!).searchParams.get('tenant')).toBe('Acme <b>');
  });

  it('asks to sign in again for another connection than the session’s', async () => {
    const browser = app.browser();
    const platform = await browser.follow(await link({ connection: acme }));
    await app.comeBack(browser, platform.location!, 'lin');
    expect((await browser.follow(await link())).location).toContain('lms.example.com/callback?code=');
    const other = await browser.follow(await link({ connection: beta }));
    expect(new URL(other.location!).searchParams.get('tenant')).toBe('Beta');
    expect((await app.comeBack(browser, other.location!, 'lin')).location).toContain('?code=');
    const silent = await browser.get(await link({ connection: acme, prompt: 'none' }));
    expect(silent.location).toContain('error=login_required');
  });

  it('does not take over the session of a connection the client may not use', async () => {
    const browser = app.browser();
    const begun = await browser.follow(await link({ connection: acme }));
    await app.comeBack(browser, begun.location!, 'lin');
    const betaOnly = await app.discover(await app.client({ connectionIds: [beta] }));
    const visit = await browser.follow(await link({}, betaOnly));
    expect(new URL(visit.location!).searchParams.get('tenant')).toBe('Beta');
  });

  it('says so when the client has no connection to sign in through', async () => {
    const mute = await app.connect('Mute 2', 'no-login-fixture');
    const using = await app.discover(await app.client({ connectionIds: [mute] }));
    const page = await app.browser().follow(await link({}, using));
    expect([page.status, page.text.includes('no connection')]).toEqual([409, true]);
  });

  it('offers to go on with the same request when the platform’s side took too long', async () => {
    const browser = app.browser();
    const platform = await browser.follow(await link({ connection: acme }));
    await app.query(`update login_states set expires_at = now() - interval '1 second'`);
    const page = await app.comeBack(browser, platform.location!, 'lin');
    const retry = /href="([^"]+)"/.exec(page.text)![1]!;
    const second = await browser.follow(app.publicUrl + retry);
    expect((await app.comeBack(browser, second.location!, 'lin')).location).toContain('/callback?code=');
  });

  it('gives a waiting request to nobody but the browser that made it', async () => {
    const attacker = app.browser();
    const { location } = await attacker.get(await link({ connection: acme }));
    const victim = app.browser();
    const page = await victim.get(location!);
    expect([page.status, page.location]).toEqual([400, null]);
    // And a finished one neither: the way back needs a cookie of the same browser.
    const platform = await attacker.follow(location!);
    const callback = new URL(new URL(platform.location!).searchParams.get('redirect_uri')!);
    callback.search = `code=lin&state=${new URL(platform.location!).searchParams.get('state')}`;
    const back = await attacker.get(callback.href);
    expect(back.location).toContain('/oidc/auth/');
    expect((await victim.get(back.location!)).status).toBe(400);
    expect((await attacker.get(back.location!)).location).toContain('?code=');
  });
});

describe('behind a reverse proxy', () => {
  let app: LoginApp;
  beforeAll(async () => void (app = await LoginApp.start('https://bridge.example.com/tb')));
  afterAll(() => app?.stop());

  it('is what PUBLIC_URL says, whatever a request says', async () => {
    const connection = await app.connect('Acme');
    const lin = await app.user(connection, 'lin');
    subjects.set('lin', employee('lin'));
    const configuration = await app.discover(await app.client());
    expect(configuration.serverMetadata()).toMatchObject({
      issuer: 'https://bridge.example.com/tb/oidc',
      authorization_endpoint: 'https://bridge.example.com/tb/oidc/auth',
      jwks_uri: 'https://bridge.example.com/tb/oidc/jwks',
    });
    const browser = app.browser({ 'x-forwarded-host': 'evil.example.com', 'x-forwarded-proto': 'http' });
    const { url, checks } = await app.authorize(configuration);
    const first = await browser.get(url);
    expect(first.location).toMatch(/^https:\/\/bridge\.example\.com\/tb\/sso\/interactions\//);
    for (const cookie of first.setCookies) expect(cookie).toMatch(/path=\/tb\/.*secure.*httponly/i);
    const platform = await browser.follow(first.location!);
    expect(new URL(platform.location!).searchParams.get('redirect_uri')).toBe(
      `https://bridge.example.com/tb/sso/${connection}/callback`,
    );
    const done = await app.comeBack(browser, platform.location!, 'lin');
    const again = await browser.get(`https://bridge.example.com/tb/sso/${connection}/login`);
    const signedIn = await app.comeBack(browser, again.location!, 'lin');
    for (const { setCookies } of [again, signedIn]) {
      for (const cookie of setCookies) expect(cookie).toMatch(/path=\/tb\/.*; secure/i);
    }
    expect(signedIn.setCookies.some((cookie) => cookie.startsWith('tb_session='))).toBe(true);
    const answer = await oidc.authorizationCodeGrant(configuration, new URL(done.location!), checks);
    expect(answer.claims()).toMatchObject({ iss: 'https://bridge.example.com/tb/oidc', sub: lin });
    const userinfo = await oidc.fetchUserInfo(configuration, answer.access_token, lin);
    expect(userinfo.connection_id).toBe(connection);
  });
});

describe('without PUBLIC_URL', () => {
  let app: LoginApp;
  beforeAll(async () => void (app = await LoginApp.start(null)));
  afterAll(() => app?.stop());

  it('says what to set', async () => {
    const connection = await app.connect('Acme');
    for (const path of [
      '/oidc/.well-known/openid-configuration',
      `/sso/${connection}/login`,
      `/go/${connection}/c1`,
      '/sso/interactions/x',
    ]) {
      const { status, body } = await app.host.call('GET', path);
      expect([path, status, body.code]).toEqual([path, 503, 'unavailable']);
      expect(body.detail).toContain('PUBLIC_URL');
    }
    const page = await app.browser().get(`${app.publicUrl}/sso/${connection}/login`);
    expect(page.text).toContain('PUBLIC_URL');
  });
});
