import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, wecomDefaults, type Sandbox } from '@trainbridge/sandbox';
import { CallbackReceiver } from './callback-receiver.js';
import { Caller } from './caller.js';

type Json = Record<string, unknown>;

describe('the interface of the sandbox', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 60, departments: 12 });
  });
  afterEach(() => sandbox.close());

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; data: Json }> {
    const response = await fetch(sandbox.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, data: (await response.json()) as Json };
  }

  it('tells its state, how to connect included', async () => {
    const { data } = await call('GET', '/sandbox/state');
    expect(data).toMatchObject({
      company: { people: 60, departments: 12 },
      connections: {
        wecom: { apiBaseUrl: sandbox.url },
        dingtalk: { oapiBaseUrl: sandbox.url },
        feishu: { accountsBaseUrl: sandbox.url },
      },
      wecom: {
        connection: { corpId: wecomDefaults.corpId, agentId: 1000002, apiBaseUrl: sandbox.url },
        callback: null,
      },
      lms: { webhookUrl: `${sandbox.url}/lms/webhooks`, received: 0 },
    });
    expect(JSON.stringify((data.wecom as Json).app)).not.toContain(wecomDefaults.agentSecret);
  });

  it('changes the company', async () => {
    const hired = await call('POST', '/sandbox/mutations', {
      action: 'hire',
      account: 'lin.mei',
      name: '林梅',
      departmentId: 2,
    });
    expect(hired).toMatchObject({ status: 200, data: { accounts: ['lin.mei'] } });
    await call('POST', '/sandbox/mutations', { action: 'move', account: 'lin.mei', departmentIds: [3, 4] });
    await call('POST', '/sandbox/mutations', { action: 'make_leader', account: 'lin.mei', departmentId: 4 });
    await call('POST', '/sandbox/mutations', {
      action: 'edit',
      account: 'lin.mei',
      position: '讲师',
      mobile: '13900001111',
    });
    await call('POST', '/sandbox/mutations', {
      action: 'change_userid',
      account: 'lin.mei',
      newAccount: 'lin.m',
    });
    expect(sandbox.company.person('lin.m')).toMatchObject({
      position: '讲师',
      mobile: '13900001111',
      departmentIds: [3, 4],
    });
    await call('POST', '/sandbox/mutations', { action: 'dismiss', account: 'lin.m' });
    expect((await call('POST', '/sandbox/mutations', { action: 'rehire', account: 'lin.m' })).status).toBe(
      200,
    );
    await call('POST', '/sandbox/mutations', {
      action: 'rename_department',
      departmentId: 2,
      name: '人力中心',
    });
    expect(sandbox.company.department(2)?.name).toBe('人力中心');
    const many = await call('POST', '/sandbox/mutations', { action: 'hire', count: 25 });
    expect(many.data.accounts).toHaveLength(25);
    expect(sandbox.company.personCount).toBe(86);
  });

  it('refuses what is impossible or not understood', async () => {
    const mutate = async (body: unknown): Promise<number> =>
      (await call('POST', '/sandbox/mutations', body)).status;
    expect(await mutate({ action: 'dismiss', account: 'nobody' })).toBe(404);
    expect(await mutate({ action: 'hire', account: sandbox.company.people()[0]?.account })).toBe(409);
    expect(await mutate({ action: 'explode' })).toBe(400);
    expect(await mutate({ action: 'rename_department', name: 'x' })).toBe(400);
    expect(await mutate({ action: 'hire', count: 0 })).toBe(400);
    expect(await mutate('[1]')).toBe(400);
    expect((await call('POST', '/sandbox/faults', { kind: 'nonsense' })).status).toBe(400);
    expect((await call('PATCH', '/sandbox/wecom/facts', { noSuchFact: 1 })).status).toBe(400);
    expect((await call('PATCH', '/sandbox/wecom/app', { secret: 'x' })).status).toBe(400);
    expect((await call('PUT', '/sandbox/wecom/callback', {})).status).toBe(400);
    expect((await call('GET', '/sandbox/nothing')).status).toBe(404);
    const elsewhere = await call(
      'POST',
      '/sandbox/mutations',
      { action: 'hire' },
      { 'sec-fetch-site': 'cross-site' },
    );
    expect(elsewhere.status).toBe(403);
    expect(sandbox.company.personCount).toBe(60);
  });

  it('sets faults, facts, limits and the view of the app', async () => {
    const caller = new Caller(sandbox);
    const { data } = await call('POST', '/sandbox/faults', { kind: 'rate_limit', times: 5 });
    expect((await caller.app('department/list')).errcode).toBe(45009);
    expect((await call('GET', '/sandbox/faults')).data.data).toMatchObject([{ id: data.id, struck: 1 }]);
    expect((await call('DELETE', `/sandbox/faults/${String(data.id)}`)).data).toEqual({ removed: true });
    expect((await caller.app('department/list')).errcode).toBe(0);
    await call('PATCH', '/sandbox/wecom/app', { range: { users: [], parties: [2], tags: [] } });
    expect((await caller.app('department/list?id=1')).errcode).toBe(60011);
    await call('PATCH', '/sandbox/wecom/facts', { invisibleDepartmentCode: 60003 });
    expect((await caller.app('department/list?id=1')).errcode).toBe(60003);
    await call('PATCH', '/sandbox/wecom/limits', { perMinute: 1 });
    await caller.app('department/list');
    expect((await caller.app('department/list')).errcode).toBe(45009);
    await call('PATCH', '/sandbox/wecom/contacts', { trustedIps: [] });
    expect((await caller.contacts('department/simplelist')).errcode).toBe(60020);
    await call('PUT', '/sandbox/wecom/tags/7', { name: '讲师', parties: [3] });
    expect(sandbox.wecom.tags.get(7)?.name).toBe('讲师');
    const calls = await call('GET', '/sandbox/calls');
    expect((calls.data.byEndpoint as Json)['department/list']).toMatchObject({ total: 6 });
    await call('DELETE', '/sandbox/calls');
    expect((await call('GET', '/sandbox/calls')).data.total).toBe(0);
  });

  it('configures the callback after verification and tells what was delivered', async () => {
    const receiver = await new CallbackReceiver().start();
    receiver.verification = 'wrong';
    expect((await call('PUT', '/sandbox/wecom/callback', { url: receiver.url })).data.ok).toBe(false);
    receiver.verification = 'right';
    expect((await call('PUT', '/sandbox/wecom/callback', { url: receiver.url, form: 'full' })).data.ok).toBe(
      true,
    );
    await call('PATCH', '/sandbox/wecom/delivery', { duplicates: 1 });
    await call('POST', '/sandbox/mutations', { action: 'hire', account: 'lin.mei' });
    await call('GET', '/sandbox/wecom/idle');
    expect((await call('GET', '/sandbox/wecom/callbacks')).data.data).toMatchObject([
      { changeType: 'create_user', about: 'lin.mei', outcome: 'delivered' },
      { outcome: 'delivered' },
    ]);
    expect(receiver.events).toHaveLength(2);
    await call('DELETE', '/sandbox/wecom/callback');
    expect(sandbox.wecom.callback).toBeUndefined();
    await receiver.close();
  });

  it('finds people and departments', async () => {
    const person = sandbox.company.people()[9];
    const found = await call('GET', `/sandbox/people?q=${encodeURIComponent(person?.employeeNumber ?? '')}`);
    expect(found.data).toMatchObject({ total: 1, data: [{ account: person?.account, name: person?.name }] });
    const page = await call('GET', '/sandbox/people?departmentId=2&limit=2&offset=1');
    expect(page.data.data).toHaveLength(2);
    const { data } = await call('GET', '/sandbox/departments');
    expect((data.data as Json[])[0]).toMatchObject({ id: 1, depth: 1, total: 60 });
  });

  it('sets up the LMS', async () => {
    expect((await call('PUT', '/lms/secret', { secret: 'whsec_AAAA' })).status).toBe(200);
    expect((await call('PUT', '/lms/secret', {})).status).toBe(400);
    expect((await call('PATCH', '/lms/behavior', { fail: 3, failWith: 410 })).data).toMatchObject({
      fail: 3,
      secretCount: 1,
    });
    expect((await call('PATCH', '/lms/behavior', { nonsense: 1 })).status).toBe(400);
    expect((await call('GET', '/lms/webhooks')).data).toMatchObject({ received: 0, data: [] });
    expect((await call('GET', '/lms/ids')).data).toEqual({});
    expect((await call('DELETE', '/lms/webhooks')).status).toBe(200);
  });

  it('streams the log', async () => {
    const stop = new AbortController();
    const response = await fetch(`${sandbox.url}/sandbox/stream`, { signal: stop.signal });
    await call('POST', '/sandbox/mutations', { action: 'hire', account: 'lin.mei' });
    const { value } = (await response.body?.getReader().read()) as { value: Uint8Array };
    expect(Buffer.from(value).toString('utf8')).toMatch(/^data: \{"source":"console","title":"hire"/);
    stop.abort();
    expect((await call('GET', '/sandbox/log?since=0')).data.data).toMatchObject([
      { title: 'hire', detail: 'lin.mei' },
    ]);
  });

  it('never writes tokens or secrets to the log', async () => {
    const caller = new Caller(sandbox);
    const { access_token } = await caller.getToken(wecomDefaults.agentSecret);
    await caller.app('department/list');
    const log = JSON.stringify(sandbox.log.since(0));
    expect(log).toContain('department/list');
    expect(log).not.toContain(String(access_token));
    expect(log).not.toContain(wecomDefaults.agentSecret);
  });

  describe('the page', () => {
    const page = async (path: string): Promise<string> => (await fetch(sandbox.url + path)).text();

    it('shows the tree, the people and both languages without a script', async () => {
      const text = await page('/?department=2');
      expect(text).toContain('组织架构');
      expect(text).toContain('Organisation');
      expect(text).toContain(sandbox.company.department(2)?.name);
      expect(text).toContain([...sandbox.company.members(2)][0]?.name);
      expect((await fetch(sandbox.url)).headers.get('content-security-policy')).toContain(
        "default-src 'none'",
      );
      expect(await page('/client.js')).toContain('EventSource');
      expect(await page('/page.css')).toContain(':root');
    });

    it('escapes what people are called', async () => {
      sandbox.mutations.hire({
        account: 'evil',
        name: '<img src=x onerror=alert(1)>"\'',
        departmentIds: [2],
      });
      const text = await page('/?q=evil');
      expect(text).not.toContain('<img');
      expect(text).toContain('&#60;img');
    });

    it('answers single panels, and copes with nonsense in the address', async () => {
      expect(await page('/?panel=counters')).not.toContain('<html');
      expect(await page('/?panel=people&q=nobody-has-this-name')).toContain('没有人');
      expect(await page('/?department=abc&page=-5')).toContain('组织架构');
      expect(await page('/?department=99999')).toContain('组织架构');
      sandbox.wecom.faults.add({ kind: 'slow', ms: 5, times: 3 });
      expect(await page('/?panel=faults')).toContain('slow ×3');
    });
  });
});
