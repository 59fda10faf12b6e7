import { ConnectorError } from '@trainbridge/connector-kit';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IdentityHousekeeping } from '../src/housekeeping.js';
import { LoginLimits, MOST_FAILURES } from '../src/login/login-limits.js';
import { employee, exchanged, subjects } from './login-connector.js';
import { logOf, LoginApp } from './login-app.js';
import type { FakeBrowser } from './browser.js';

const IN_APP = { 'user-agent': 'Mozilla/5.0 (iPhone) fixtureclient/4.1' };

describe('signing in with the platform', () => {
  let app: LoginApp;
  let connection: string;
  let lin: string;

  beforeAll(async () => {
    app = await LoginApp.start();
    connection = await app.connect('Acme');
    lin = await app.user(connection, 'Lin.Mei', {
      external_ids: JSON.stringify([{ type: 'open_id', value: 'ou_lin' }]),
    });
  });
  afterAll(() => app?.stop());
  beforeEach(() => {
    subjects.clear();
    subjects.set('lin', employee('lin.mei'));
    exchanged.length = 0;
  });

  const login = (id = connection): string => `${app.publicUrl}/sso/${id}/login`;
  const go = (course: string, id = connection): string => `${app.publicUrl}/go/${id}/${course}`;

  async function platformUrl(browser: FakeBrowser, url = login()): Promise<string> {
    const { location, text } = await browser.follow(url);
    if (!location?.startsWith('https://platform.example.com/')) throw new Error(text || String(location));
    return location;
  }

  async function signIn(code: string, browser = app.browser()) {
    return app.comeBack(browser, await platformUrl(browser), code);
  }

  it('sends a browser to the platform with a state of letters and digits, bound to this browser', async () => {
    const browser = app.browser();
    const visit = await browser.get(login());
    const { origin, pathname, searchParams } = new URL(visit.location!);
    expect([visit.status, origin, pathname]).toEqual([302, 'https://platform.example.com', '/qr']);
    expect(searchParams.get('state')).toMatch(/^[A-Za-z0-9]{32,64}$/);
    expect(searchParams.get('redirect_uri')).toBe(`${app.publicUrl}/sso/${connection}/callback`);
    expect(visit.setCookies).toHaveLength(1);
    expect(visit.setCookies[0]).toMatch(
      new RegExp(`; Path=/sso/${connection}/callback; Max-Age=600; HttpOnly; SameSite=Lax$`),
    );
    const [row] = await app.query<{ row: string }>(`select s::text as row from login_states s`);
    expect(row!.row).not.toContain(searchParams.get('state'));
  });

  it('greets who signed in, in their language', async () => {
    const browser = app.browser({ 'accept-language': 'zh-CN,zh;q=0.9' });
    const page = await signIn('lin', browser);
    expect(page.status).toBe(200);
    expect(page.text).toContain('name of Lin.Mei');
    expect(page.text).toContain('登录成功');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(browser.cookieNames()).toEqual(['tb_session']);
  });

  it('signs in silently in the platform’s own client', async () => {
    const browser = app.browser(IN_APP);
    const url = await platformUrl(browser);
    expect(new URL(url).pathname).toBe('/silent');
    expect((await app.comeBack(browser, url, 'lin')).status).toBe(200);
    expect(exchanged).toMatchObject([{ mode: 'inApp' }]);
  });

  it('knows people by any id the platform gives', async () => {
    const other = { type: 'open_id', value: 'ou_lin' };
    subjects.set('other', employee('on_unknown', { externalIds: [{ type: 'x', value: 'y' }, other] }));
    subjects.set('none', employee('', { externalId: null, externalIds: [other] }));
    expect((await signIn('other')).text).toContain('name of Lin.Mei');
    expect((await signIn('none')).text).toContain('name of Lin.Mei');
  });

  it.each([
    ['customer', { ...employee('lin.mei'), kind: 'customer' as const }, 'customer', 'external contact'],
    ['stranger', { ...employee('lin.mei'), kind: 'stranger' as const }, 'stranger', 'visible range'],
    ['employee nobody synced', employee('new.hire'), 'not_synced', 'run a sync'],
    ['employee without any id', employee('', { externalId: null }), 'not_synced', 'run a sync'],
  ])('refuses a %s, and says what to do', async (_name, subject, reason, text) => {
    subjects.set('them', subject);
    const browser = app.browser();
    const page = await signIn('them', browser);
    expect([page.status, page.text.includes(text)]).toEqual([403, true]);
    expect(page.text).toContain(`href="/sso/${connection}/login"`);
    expect(browser.cookieNames()).toEqual([]);
    const program = app.browser({ accept: 'application/json', 'accept-language': 'zh' });
    const problem = await signIn('them', program);
    expect(problem.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.parse(problem.text)).toMatchObject({ status: 403, code: 'forbidden', reason });
    expect(JSON.parse(problem.text).detail).toMatch(/管理员|员工/);
  });

  it('refuses disabled people', async () => {
    await app.user(connection, 'gone', { status: 'disabled' });
    subjects.set('gone', employee('gone'));
    expect((await signIn('gone')).text).toContain('disabled');
  });

  it('takes a state once, whatever came of it', async () => {
    const browser = app.browser();
    const url = await platformUrl(browser);
    expect((await app.comeBack(browser, url, 'wrong code')).status).toBe(400);
    const again = await app.comeBack(browser, url, 'lin');
    expect([again.status, again.text.includes('another browser')]).toEqual([400, true]);

    const other = await platformUrl(browser);
    expect((await app.comeBack(browser, other, 'lin')).status).toBe(200);
    expect((await app.comeBack(browser, other, 'lin')).status).toBe(400);
    expect(exchanged.map(({ code }) => code)).toEqual(['wrong code', 'lin']);
  });

  it('takes no state from another browser, another connection, or out of thin air', async () => {
    const url = await platformUrl(app.browser());
    expect((await app.comeBack(app.browser(), url, 'lin')).status).toBe(400);

    const second = await app.connect('Beta');
    const browser = app.browser();
    const elsewhere = new URL(await platformUrl(browser));
    elsewhere.searchParams.set('redirect_uri', `${app.publicUrl}/sso/${second}/callback`);
    expect((await app.comeBack(browser, elsewhere.href, 'lin')).status).toBe(400);

    const callback = `${app.publicUrl}/sso/${connection}/callback`;
    for (const query of [
      '',
      '?code=lin',
      `?code=lin&state=${'f'.repeat(48)}`,
      '?code=lin&state=%00',
      '?state=a&state=b',
    ]) {
      expect([query, (await app.browser().get(callback + query)).status]).toEqual([query, 400]);
    }
    expect(exchanged).toEqual([]);
  });

  it('takes no state that ran out, and offers to begin again', async () => {
    const browser = app.browser();
    const url = await platformUrl(browser);
    await app.query(`update login_states set expires_at = now() - interval '1 second'`);
    const page = await app.comeBack(browser, url, 'lin');
    expect([page.status, page.text.includes('too long')]).toEqual([400, true]);
    expect(page.text).toContain(`href="/sso/${connection}/login"`);
    expect(exchanged).toEqual([]);
  });

  it('keeps two logins of one browser apart', async () => {
    const browser = app.browser();
    const [first, second] = [await platformUrl(browser), await platformUrl(browser)];
    expect((await app.comeBack(browser, first, 'lin')).status).toBe(200);
    expect((await app.comeBack(browser, second, 'lin')).status).toBe(200);
  });

  it('says so when the person cancelled', async () => {
    const browser = app.browser();
    const page = await app.comeBack(browser, await platformUrl(browser), '', { error: 'access_denied' });
    expect([page.status, page.text.includes('cancelled')]).toEqual([403, true]);
    expect(exchanged).toEqual([]);
  });

  it('exchanges a code once, tells people nothing of the platform’s words, and logs no code and no secret', async () => {
    for (const [code, status] of [
      ['auth_failed', 502],
      ['unavailable', 503],
      ['internal', 500],
    ] as const) {
      const secretWords = `app correct-horse refused one-time-code-${code}`;
      subjects.set(
        `one-time-code-${code}`,
        code === 'internal'
          ? new TypeError(secretWords)
          : new ConnectorError(code, secretWords, { vendorCode: '40001', vendorMessage: secretWords }),
      );
      let text = '';
      const log = await logOf(async () => {
        const page = await signIn(`one-time-code-${code}`);
        expect([code, page.status]).toEqual([code, status]);
        text = page.text;
      });
      expect(exchanged.filter((one) => one.code === `one-time-code-${code}`)).toHaveLength(1);
      for (const secret of ['correct-horse', 'one-time-code']) {
        expect(text).not.toContain(secret);
        expect(log).not.toContain(secret);
      }
      expect(log).toContain(`login through ${connection} failed`);
    }
  });

  it('keeps a code out of the record of calls, even when the connector does not say it is secret', async () => {
    const platform = createServer((request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ said: `no such grant in ${request.url}` }));
    });
    await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
    const { port } = platform.address() as AddressInfo;
    const careless = await app.connect('Careless', 'login-fixture', {
      exchangeAt: `http://127.0.0.1:${port}`,
    });
    const browser = app.browser();
    const page = await app.comeBack(browser, await platformUrl(browser, login(careless)), 'one-time-grant-x');
    await new Promise((resolve) => platform.close(resolve));
    expect(page.status).toBe(400);
    let exchanges = '';
    for (let tries = 0; tries < 100 && !exchanges.includes('/exchange'); tries++) {
      exchanges = (await app.host.call('GET', `/api/v1/exchanges?connectionId=${careless}`)).text;
    }
    expect(exchanges).toContain('no such grant in');
    expect(exchanges).not.toContain('grant-x');
  });

  it('logs who came in and who did not', async () => {
    expect(await logOf(() => signIn('lin'))).toContain(`${lin} signed in through ${connection} (browser)`);
    subjects.set('new', employee('new.hire'));
    expect(await logOf(() => signIn('new'))).toContain(`login through ${connection} refused: not_synced`);
  });

  it('answers 404 for a connection that does not exist, 409 for a platform without sign-in', async () => {
    expect((await app.browser().get(login('con_nobody'))).status).toBe(404);
    const mute = await app.connect('Mute', 'no-login-fixture');
    const page = await app.browser().get(login(mute));
    expect([page.status, page.text.includes('offers no sign-in')]).toEqual([409, true]);
    const { status, body } = await app.host.call('GET', `/sso/${mute}/login`);
    expect([status, body.code, body.reason]).toEqual([409, 'conflict', 'no_login']);
  });

  it('removes logins nobody came back from', async () => {
    await platformUrl(app.browser());
    await app.query(`update login_states set expires_at = now() - interval '1 second'`);
    await app.query(`update openid_records set expires_at = now() - interval '1 second'`);
    await app.host.app.get(IdentityHousekeeping).sweep();
    const [left] = await app.query<{ states: number; records: number }>(
      `select (select count(*)::int from login_states) as states, (select count(*)::int from openid_records) as records`,
    );
    expect(left).toEqual({ states: 0, records: 0 });
  });

  it('lets a connection go with its pending logins', async () => {
    const short = await app.connect('Short');
    await platformUrl(app.browser(), login(short));
    expect((await app.host.call('DELETE', `/api/v1/connections/${short}?people=erase`)).status).toBe(204);
    const rows = await app.query(`select 1 from login_states where connection_id = $1`, [short]);
    expect(rows).toEqual([]);
  });

  it('opens a course for who followed a link, and leaves them signed in', async () => {
    const browser = app.browser(IN_APP);
    const visit = await app.comeBack(browser, await platformUrl(browser, go('c%201')), 'lin');
    expect(visit.location).toBe(`https://lms.example.com/courses/1?for=${lin}`);
    const again = await browser.get(go('c%201'));
    expect([again.status, again.location]).toEqual([302, `https://lms.example.com/courses/1?for=${lin}`]);
    expect(exchanged).toHaveLength(1);

    const lms = await app.client();
    const configuration = await app.discover(lms);
    const { url } = await app.authorize(configuration);
    expect((await browser.follow(url)).location).toMatch(/^https:\/\/lms\.example\.com\/callback\?code=/);
    expect(exchanged).toHaveLength(1);
  });

  it('opens a course whose address is not in ASCII', async () => {
    const browser = app.browser();
    const { location } = await app.comeBack(browser, await platformUrl(browser, go('cn')), 'lin');
    expect(decodeURI(location!)).toBe('https://lms.example.com/课程?名=安全');
  });

  it('opens no course that does not exist, and no address a browser must not follow', async () => {
    for (const course of ['unknown', 'evil']) {
      const browser = app.browser();
      const visit = await app.comeBack(browser, await platformUrl(browser, go(course)), 'lin');
      expect([course, visit.status, visit.location]).toEqual([course, 404, null]);
      expect((await browser.get(go(course))).status).toBe(404);
    }
    expect((await app.browser().get(go('c%201', 'con_nobody'))).status).toBe(404);
  });

  it('asks again for a course of another connection, and of somebody disabled meanwhile', async () => {
    const other = await app.connect('Gamma');
    const browser = app.browser();
    await signIn('lin', browser);
    expect((await browser.get(go('c%201', other))).location).toContain('platform.example.com');
    await app.query(`update users set status = 'disabled' where id = $1`, [lin]);
    expect((await browser.get(go('c%201'))).location).toContain('platform.example.com');
    await app.query(`update users set status = 'active' where id = $1`, [lin]);
  });

  // Last: afterwards nobody comes in from here for a minute.
  it('stops somebody who tries states out, and nobody who may not come in', async () => {
    const callback = `${app.publicUrl}/sso/${connection}/callback?code=x&state=`;
    const limits = app.host.app.get(LoginLimits);
    for (let tries = 0; tries < MOST_FAILURES; tries++) limits.failed('127.0.0.1', 'not_synced');
    expect((await app.browser().get(`${callback}guess`)).status).toBe(400);
    for (let tries = 0; tries < MOST_FAILURES; tries++) limits.failed('127.0.0.1', 'unknown_state');
    const stopped = await app.browser().get(`${callback}guess`);
    expect([stopped.status, Number(stopped.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });
});
