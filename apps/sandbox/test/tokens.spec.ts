import { afterEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox, type SandboxOptions } from '@trainbridge/sandbox';
import { Caller } from './caller.js';

describe('access tokens', () => {
  let sandbox: Sandbox | undefined;
  afterEach(() => sandbox?.close());

  async function start(options: SandboxOptions = {}): Promise<{ sandbox: Sandbox; caller: Caller }> {
    sandbox = await startSandbox({ people: 20, ...options });
    return { sandbox, caller: new Caller(sandbox) };
  }

  it('gives one per secret, for two hours', async () => {
    const { sandbox, caller } = await start();
    const app = await caller.getToken(sandbox.wecom.app.secret);
    const contacts = await caller.getToken(sandbox.wecom.contacts.secret);
    expect(app).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 });
    expect(String(app.access_token).length).toBeGreaterThan(200);
    expect(contacts.access_token).not.toBe(app.access_token);
  });

  it('names what is wrong, with HTTP 200, a hint and the address', async () => {
    const { sandbox, caller } = await start();
    const { corpId } = sandbox.wecom;
    expect(await caller.getToken('wrong')).toMatchObject({ errcode: 40001 });
    expect(await caller.getToken(sandbox.wecom.app.secret, 'wwother')).toMatchObject({ errcode: 40013 });
    const codeOf = async (path: string): Promise<unknown> =>
      ((await (await caller.raw(path)).json()) as { errcode: number }).errcode;
    expect(await codeOf('gettoken?corpsecret=x')).toBe(41002);
    expect(await codeOf(`gettoken?corpid=${corpId}`)).toBe(41004);
    expect(await codeOf('department/list')).toBe(41001);
    expect(await codeOf('department/list?access_token=made-up')).toBe(40014);
    const { errmsg } = await caller.getToken('wrong');
    expect(errmsg).toMatch(
      /^invalid credential, hint: \[\d{20,24}\], from ip: 127\.0\.0\.1, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=40001$/,
    );
    sandbox.wecom.setFacts({ hintForm: 'dated' });
    expect((await caller.getToken('wrong')).errmsg).toMatch(/hint: \[\d+_\d+_[0-9a-f]{32}\]/);
  });

  it('ignores a token in the body', async () => {
    const { sandbox, caller } = await start();
    const { access_token } = await caller.getToken(sandbox.wecom.contacts.secret);
    const response = await caller.raw('user/list_id', {
      method: 'POST',
      body: JSON.stringify({ access_token }),
    });
    expect(await response.json()).toMatchObject({ errcode: 41001 });
  });

  it('fact sameTokenOnRepeat: the same token, or a new one beside or instead of the old', async () => {
    const { sandbox, caller } = await start();
    const { secret } = sandbox.wecom.app;
    const first = (await caller.getToken(secret)).access_token;
    expect((await caller.getToken(secret)).access_token).toBe(first);
    sandbox.wecom.setFacts({ sameTokenOnRepeat: false });
    const second = (await caller.getToken(secret)).access_token;
    expect(second).not.toBe(first);
    const use = async (token: unknown): Promise<unknown> =>
      (
        (await (await caller.raw(`department/simplelist?access_token=${String(token)}`)).json()) as {
          errcode: number;
        }
      ).errcode;
    expect(await use(first)).toBe(0);
    sandbox.wecom.setFacts({ newTokenRevokesOld: true });
    const third = (await caller.getToken(secret)).access_token;
    expect([await use(second), await use(third)]).toEqual([40014, 0]);
  });

  it('fact gettokenErrcode: absent on success', async () => {
    const { sandbox, caller } = await start({ wecom: { facts: { gettokenErrcode: 'absent' } } });
    const answer = await caller.getToken(sandbox.wecom.app.secret);
    expect(Object.keys(answer)).toEqual(['access_token', 'expires_in']);
  });

  it('expires by the clock and by force', async () => {
    let now = Date.now();
    const { sandbox, caller } = await start({ now: () => now });
    expect((await caller.app('department/list')).errcode).toBe(0);
    now += 7201_000;
    expect((await caller.app('department/list')).errcode).toBe(42001);
    caller.forget();
    expect((await caller.app('department/list')).errcode).toBe(0);
    sandbox.wecom.expireTokens();
    expect((await caller.app('department/list')).errcode).toBe(42001);
    caller.forget();
    expect((await caller.app('department/list')).errcode).toBe(0);
    sandbox.wecom.expireTokens(true);
    expect((await caller.app('department/list')).errcode).toBe(40014);
  });

  it('answers trusted addresses only; fact gettokenIpChecked', async () => {
    const { sandbox, caller } = await start();
    sandbox.wecom.setApp({ trustedIps: ['203.0.113.9'] });
    expect((await caller.app('department/list')).errcode).toBe(60020);
    expect((await caller.contacts('department/simplelist')).errcode).toBe(0);
    sandbox.wecom.setFacts({ gettokenIpChecked: true });
    expect((await caller.getToken(sandbox.wecom.app.secret)).errcode).toBe(60020);
    sandbox.wecom.setApp({ trustedIps: ['203.0.113.9', '127.0.0.1'] });
    expect((await caller.getToken(sandbox.wecom.app.secret)).errcode).toBe(0);
    sandbox.wecom.setContacts({ trustedIps: [] });
    expect((await caller.contacts('department/simplelist')).errcode).toBe(60020);
  });

  it('refuses a stopped app', async () => {
    const { sandbox, caller } = await start();
    expect((await caller.app('department/list')).errcode).toBe(0);
    sandbox.wecom.setApp({ disabled: true });
    expect((await caller.app('department/list')).errcode).toBe(50003);
    expect((await caller.getToken(sandbox.wecom.app.secret)).errcode).toBe(40001);
  });

  it('shuts an address out after too many wrong secrets, for an hour', async () => {
    let now = Date.now();
    const { sandbox, caller } = await start({
      now: () => now,
      wecom: { limits: { wrongSecretsPerHour: 3 } },
    });
    for (let turn = 0; turn < 4; turn += 1) expect((await caller.getToken('wrong')).errcode).toBe(40001);
    expect((await caller.getToken(sandbox.wecom.app.secret)).errcode).toBe(45009);
    now += 3600_001;
    expect((await caller.getToken(sandbox.wecom.app.secret)).errcode).toBe(0);
  });
});

describe('limits', () => {
  let sandbox: Sandbox | undefined;
  afterEach(() => sandbox?.close());

  it('45009 per endpoint and minute, for as long as the window', async () => {
    let now = Date.now();
    sandbox = await startSandbox({ people: 5, now: () => now, wecom: { limits: { perMinute: 3 } } });
    const caller = new Caller(sandbox);
    for (let turn = 0; turn < 3; turn += 1) expect((await caller.app('department/list')).errcode).toBe(0);
    expect((await caller.app('department/list')).errcode).toBe(45009);
    expect((await caller.app('department/simplelist')).errcode).toBe(0);
    now += 59_000;
    expect((await caller.app('department/list')).errcode).toBe(45009);
    now += 1_001;
    expect((await caller.app('department/list')).errcode).toBe(0);
  });

  it('an endpoint can have a limit of its own', async () => {
    sandbox = await startSandbox({
      people: 5,
      wecom: { limits: { perMinuteByEndpoint: { 'department/list': 1 } } },
    });
    const caller = new Caller(sandbox);
    expect((await caller.app('department/list')).errcode).toBe(0);
    expect((await caller.app('department/list')).errcode).toBe(45009);
    sandbox.wecom.setLimits({ perMinuteByEndpoint: {} });
    expect((await caller.app('department/list')).errcode).toBe(0);
  });
});
