import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Person, type Sandbox } from '@trainbridge/sandbox';
import { Caller, type Answer } from './caller.js';

describe('WeCom login', () => {
  let sandbox: Sandbox;
  let caller: Caller;
  let person: Person;
  let now: number;

  beforeEach(async () => {
    now = 1_767_225_600_000;
    sandbox = await startSandbox({ people: 40, departments: 8, now: () => now });
    caller = new Caller(sandbox);
    person = sandbox.company.people().find(({ status }) => status === 'active') as Person;
  });
  afterEach(() => sandbox.close());

  const redirect = 'https://lms.example.test/back?tenant=a%2Bb';
  const { corpId, agentId } = { corpId: 'wwsim0123456789ab', agentId: '1000002' };
  function page(path: string, common: Record<string, string>, change: Record<string, string>): string {
    const query = new URLSearchParams({ appid: corpId, redirect_uri: redirect, state: 'St8', ...common });
    for (const [name, value] of Object.entries(change)) {
      if (value === '') query.delete(name);
      else query.set(name, value);
    }
    return `${sandbox.url}${path}?${query.toString()}`;
  }
  const qr = (change: Record<string, string> = {}): string =>
    page('/wwlogin/sso/login', { login_type: 'CorpApp', agentid: agentId }, change);
  const inApp = (change: Record<string, string> = {}): string =>
    page('/connect/oauth2/authorize', { response_type: 'code', scope: 'snsapi_base' }, change);
  const visit = (url: string): Promise<Response> => fetch(url, { redirect: 'manual' });
  async function codeFrom(url: string): Promise<string> {
    const response = await visit(url);
    expect(response.status).toBe(302);
    return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
  }
  const exchange = (code: string): Promise<Answer> => caller.app(`auth/getuserinfo?code=${code}`);
  const privateScope = { scope: 'snsapi_privateinfo', agentid: agentId };

  it.each([
    ['the QR page', () => qr()],
    ['its predecessor', () => page('/wwopen/sso/qrConnect', { agentid: agentId }, {})],
    ['the page inside the client', () => inApp()],
  ])('%s lists people, and leads back with code and state', async (_name, url) => {
    const shown = await visit(url());
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const text = await shown.text();
    const link = new RegExp(`href="([^"]+sandbox_user=${person.account}[^"]*)"`).exec(text)?.[1] ?? '';
    const response = await visit(new URL(link.replaceAll('&#38;', '&'), sandbox.url).href);
    const target = new URL(response.headers.get('location') ?? '');
    expect(target.origin + target.pathname).toBe('https://lms.example.test/back');
    const { code, ...rest } = Object.fromEntries(target.searchParams);
    expect(rest).toEqual({ tenant: 'a+b', state: 'St8' });
    expect(await exchange(code ?? '')).toEqual({ errcode: 0, errmsg: 'ok', userid: person.account });
  });

  it.each([
    [-31040, { login_type: 'ServiceApp' }],
    [-31027, { appid: 'wwother' }],
    [-31028, { agentid: '7' }],
    [-31020, { redirect_uri: 'javascript:alert(1)' }],
  ] as [number, Record<string, string>][])('the QR page says %i', async (code, change) => {
    const response = await visit(qr({ ...change, sandbox_user: person.account }));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(String(code));
  });

  it.each([
    ['appid', { appid: 'wwother' }],
    ['response_type', { response_type: 'token' }],
    ['scope', { scope: 'snsapi_userinfo' }],
    ['state', { state: 'not-alphanumeric' }],
    ['state', { state: 'x'.repeat(129) }],
    ['agentid', { agentid: '7' }],
    ['redirect_uri', { redirect_uri: '' }],
  ] as [string, Record<string, string>][])(
    'inside the client a wrong %s is refused',
    async (name, change) => {
      const response = await visit(inApp({ ...change, sandbox_user: person.account }));
      expect(response.status).toBe(400);
      expect(await response.text()).toContain(name);
    },
  );

  it('a trusted domain fits host and port exactly', async () => {
    sandbox.wecom.setApp({ trustedDomain: 'lms.example.test:8443' });
    expect((await visit(qr({ sandbox_user: person.account }))).status).toBe(400);
    expect((await visit(inApp({ sandbox_user: person.account }))).status).toBe(400);
    sandbox.wecom.setApp({ trustedDomain: 'lms.example.test' });
    expect((await visit(qr({ sandbox_user: person.account }))).status).toBe(302);
  });

  it('nobody logs in who is unknown or disabled', async () => {
    expect((await visit(qr({ sandbox_user: 'no.body' }))).status).toBe(404);
    sandbox.mutations.edit(person.account, { status: 'disabled' });
    for (const url of [qr, inApp])
      expect((await visit(url({ sandbox_user: person.account }))).status).toBe(403);
  });

  it('outside the visible range: no QR login, but a silent one whose userid tells nothing more', async () => {
    sandbox.wecom.setVisibleRange({ parties: [] });
    expect((await visit(qr({ sandbox_user: person.account }))).status).toBe(403);
    expect((await visit(inApp({ ...privateScope, sandbox_user: person.account }))).status).toBe(403);
    const answer = await exchange(await codeFrom(inApp({ sandbox_user: person.account })));
    expect(answer).toMatchObject({ errcode: 0, userid: person.account });
    expect((await caller.app(`user/get?userid=${person.account}`)).errcode).toBe(60011);
  });

  it('a code is good once, for five minutes, for an app', async () => {
    const first = await codeFrom(qr({ sandbox_user: person.account }));
    expect((await caller.contacts(`auth/getuserinfo?code=${first}`)).errcode).toBe(48002);
    expect((await exchange(first)).errcode).toBe(0);
    expect((await exchange(first)).errcode).toBe(40029);
    const second = await codeFrom(qr({ sandbox_user: person.account }));
    now += 300_000;
    expect((await exchange(second)).errcode).toBe(40029);
    expect((await exchange('made-up')).errcode).toBe(40029);
    sandbox.wecom.setFacts({ spentLoginCodes: 'named' });
    expect([(await exchange(first)).errcode, (await exchange(second)).errcode]).toEqual([42022, 42003]);
  });

  it('good codes are not counted, bad ones are', async () => {
    const codes = await Promise.all([1, 2, 3].map(() => codeFrom(qr({ sandbox_user: person.account }))));
    sandbox.wecom.setLimits({ perMinute: 1 });
    for (const code of codes) expect((await exchange(code)).errcode).toBe(0);
    expect([(await exchange('bad')).errcode, (await exchange('bad')).errcode]).toEqual([40029, 45009]);
  });

  it('customers and others have an openid; external_userid only where a member in view follows them', async () => {
    const customer = sandbox.wecom.customers.add({ name: '周敏', ownerAccount: person.account });
    const id = customer.externalUserId;
    expect(await exchange(await codeFrom(inApp({ sandbox_user: id })))).toMatchObject({
      openid: customer.openId,
      external_userid: id,
    });
    const stranger = await exchange(await codeFrom(inApp({ sandbox_user: 'outsider' })));
    expect(Object.keys(stranger)).toEqual(['errcode', 'errmsg', 'openid']);
    expect((await visit(qr({ sandbox_user: id }))).status).toBe(403);
    const code = await codeFrom(inApp({ sandbox_user: id }));
    sandbox.wecom.customers.drop(id, person.account);
    expect(await exchange(code)).toEqual({ errcode: 0, errmsg: 'ok', openid: customer.openId });
  });

  it('whoever left between code and exchange is a stranger', async () => {
    const code = await codeFrom(qr({ sandbox_user: person.account }));
    sandbox.mutations.dismiss(person.account);
    expect(Object.keys(await exchange(code))).toEqual(['errcode', 'errmsg', 'openid']);
  });

  describe('sensitive fields', () => {
    const detail = (ticket: unknown): Promise<Answer> =>
      caller.app('auth/getuserdetail', { user_ticket: ticket });

    it('come for a ticket, as far as the person agreed and the console allows, and never with a name', async () => {
      const { user_ticket: ticket } = await exchange(
        await codeFrom(inApp({ ...privateScope, sandbox_user: person.account })),
      );
      const full = await detail(ticket);
      expect(full).toMatchObject({
        errcode: 0,
        userid: person.account,
        mobile: person.mobile,
        email: person.email,
      });
      expect(full).not.toHaveProperty('name');
      const withheld = {
        ...privateScope,
        sandbox_user: person.account,
        sandbox_withhold: 'mobile,gender,avatar',
      };
      const partly = await exchange(await codeFrom(inApp(withheld)));
      sandbox.wecom.setApp({ privateFields: ['mobile', 'email'] });
      const narrow = await exchange(await codeFrom(inApp({ ...privateScope, sandbox_user: person.account })));
      const { avatar } = await detail(narrow.user_ticket);
      expect(await detail(partly.user_ticket)).not.toHaveProperty('mobile');
      expect(await detail(partly.user_ticket)).toMatchObject({
        gender: '0',
        avatar,
        address: person.address,
      });
      expect(Object.keys(await detail(narrow.user_ticket)).sort()).toEqual(
        ['avatar', 'email', 'errcode', 'errmsg', 'gender', 'mobile', 'userid'], // prettier-ignore
      );
    });

    it('without the agent id, and at the QR page, there is no ticket', async () => {
      const silent = await codeFrom(inApp({ scope: 'snsapi_privateinfo', sandbox_user: person.account }));
      expect(await exchange(silent)).not.toHaveProperty('user_ticket');
      const scanned = await codeFrom(qr({ scope: 'snsapi_privateinfo', sandbox_user: person.account }));
      expect(await exchange(scanned)).not.toHaveProperty('user_ticket');
    });

    it('a ticket lasts half an hour', async () => {
      const { user_ticket: ticket } = await exchange(sandbox.wecom.loginCode(person.account, 'inApp', true));
      now += 1_799_000;
      expect((await detail(ticket)).errcode).toBe(0);
      now += 1_000;
      expect((await detail(ticket)).errcode).toBe(84014);
      expect((await detail('made-up')).errcode).toBe(84015);
    });
  });

  it('the old path spells differently', async () => {
    const old = (name: string): Promise<Answer> =>
      caller.app(`user/getuserinfo?code=${sandbox.wecom.loginCode(name)}`);
    expect(await old(person.account)).toMatchObject({ UserId: person.account, DeviceId: '' });
    expect(await old('outsider')).toMatchObject({ OpenId: 'oSimBBBBoutsider' });
  });

  it('faults strike the exchange', async () => {
    sandbox.wecom.faults.add({ kind: 'errcode', code: 60020, endpoint: 'auth/getuserinfo' });
    const code = sandbox.wecom.loginCode(person.account);
    expect((await exchange(code)).errcode).toBe(60020);
    expect((await exchange(code)).errcode).toBe(0);
  });
});
