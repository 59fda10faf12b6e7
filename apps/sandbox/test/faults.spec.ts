import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type FaultSpec, type Sandbox } from '@trainbridge/sandbox';
import { Caller, records } from './caller.js';

describe('faults', () => {
  let sandbox: Sandbox;
  let caller: Caller;

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 60, departments: 12 });
    caller = new Caller(sandbox);
  });
  afterEach(() => sandbox.close());

  const list = async (): Promise<number> => (await caller.app('department/list')).errcode;
  const rawList = async (signal?: AbortSignal): Promise<Response> =>
    caller.raw(await caller.appUrl('department/list'), signal === undefined ? {} : { signal });

  it('strike the next calls, as many as asked, and spare gettoken', async () => {
    sandbox.wecom.faults.add({ kind: 'rate_limit', times: 2 });
    expect([await list(), await list(), await list()]).toEqual([45009, 45009, 0]);
  });

  it('wait, and keep to an endpoint', async () => {
    sandbox.wecom.faults.add({ kind: 'errcode', code: -1, endpoint: 'department/list', after: 1 });
    expect((await caller.app('department/simplelist')).errcode).toBe(0);
    expect([await list(), await list(), await list()]).toEqual([0, -1, 0]);
    sandbox.wecom.faults.add({ kind: 'concurrency', times: 'always' });
    expect([await list(), await list()]).toEqual([45033, 45033]);
    sandbox.wecom.faults.clear();
    sandbox.wecom.faults.add({ kind: 'errcode', code: -1, endpoint: 'gettoken' });
    expect((await caller.getToken(sandbox.wecom.app.secret)).errcode).toBe(-1);
  });

  it('end tokens at once', async () => {
    expect(await list()).toBe(0);
    sandbox.wecom.faults.add({ kind: 'expire_tokens' });
    expect(await list()).toBe(42001);
    sandbox.wecom.faults.add({ kind: 'expire_tokens', revoke: true });
    expect(await list()).toBe(40014);
    expect(sandbox.wecom.faults.list()).toEqual([]);
  });

  it('slow answers, and answers that never come', async () => {
    await list();
    sandbox.wecom.faults.add({ kind: 'slow', ms: 120 });
    const started = performance.now();
    expect(await list()).toBe(0);
    expect(performance.now() - started).toBeGreaterThan(110);
    sandbox.wecom.faults.add({ kind: 'hang' });
    await expect(rawList(AbortSignal.timeout(150))).rejects.toThrow();
    expect(await list()).toBe(0);
  });

  it('reset connections', async () => {
    await list();
    sandbox.wecom.faults.add({ kind: 'reset' });
    await expect(rawList()).rejects.toThrow();
    expect(await list()).toBe(0);
  });

  it('HTML and gateway errors', async () => {
    await list();
    sandbox.wecom.faults.add({ kind: 'html' });
    const page = await rawList();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await page.text()).toMatch(/^<html>/);
    sandbox.wecom.faults.add({ kind: 'http_error', status: 503 });
    expect((await rawList()).status).toBe(503);
  });

  it('half of the JSON, ended politely or cut', async () => {
    await list();
    sandbox.wecom.faults.add({ kind: 'half_json' });
    const half = await (await rawList()).text();
    expect(half).toMatch(/^\{"errcode":0/);
    expect(() => JSON.parse(half) as unknown).toThrow();
    sandbox.wecom.faults.add({ kind: 'half_json', cut: true });
    await expect(rawList().then((response) => response.text())).rejects.toThrow();
  });

  it('a huge body, for those who read it all', async () => {
    await list();
    sandbox.wecom.faults.add({ kind: 'huge_body', bytes: 3_000_000 });
    const text = await (await rawList()).text();
    expect(text.length).toBeGreaterThan(3_000_000);
    expect(JSON.parse(text)).toMatchObject({ errcode: 0 });
    sandbox.wecom.faults.add({ kind: 'huge_body' });
    const abandoned = await rawList();
    await abandoned.body?.cancel();
    expect(await list()).toBe(0);
  });

  it('missing fields in all or every n-th record', async () => {
    sandbox.wecom.faults.add({ kind: 'missing_fields', fields: ['userid', 'name'], every: 2 });
    const spoiled = records(await caller.app('user/list?department_id=2'), 'userlist');
    spoiled.forEach((member, index) => expect('userid' in member).toBe(index % 2 === 0));
    expect(spoiled.length).toBeGreaterThan(2);
    const whole = records(await caller.app('user/list?department_id=2'), 'userlist');
    expect(whole.every((member) => 'userid' in member)).toBe(true);
    sandbox.wecom.faults.add({ kind: 'missing_fields', fields: ['department'], endpoint: 'department/list' });
    expect(await caller.app('department/list')).not.toHaveProperty('department_id');
    sandbox.wecom.faults.add({ kind: 'missing_fields', fields: ['name'], endpoint: 'user/get' });
    const someone = sandbox.company.people()[5]?.account;
    expect(await caller.app(`user/get?userid=${someone}`)).not.toHaveProperty('name');
  });

  it('records twice', async () => {
    const before = records(await caller.app('user/list?department_id=2'), 'userlist');
    sandbox.wecom.faults.add({ kind: 'duplicate_records' });
    const after = records(await caller.app('user/list?department_id=2'), 'userlist');
    expect(after).toHaveLength(before.length * 2);
  });

  it('people and departments that vanish without an event', async () => {
    const person = [...sandbox.company.members(3)][0];
    sandbox.wecom.faults.add({ kind: 'vanish_person', account: person?.account ?? '' });
    expect((await caller.app(`user/get?userid=${person?.account}`)).errcode).toBe(60111);
    const members = records(await caller.app('user/list?department_id=3'), 'userlist');
    expect(members.map((member) => member.userid)).not.toContain(person?.account);
    const rows = records(await caller.contacts('user/list_id', {}), 'dept_user');
    expect(rows.map((row) => row.userid)).not.toContain(person?.account);
    sandbox.wecom.faults.add({ kind: 'vanish_department', departmentId: 4 });
    const ids = records(await caller.contacts('department/simplelist'), 'department_id').map((row) => row.id);
    expect(ids).not.toContain(4);
    expect((await caller.app('user/list?department_id=4')).errcode).toBe(60003);
    sandbox.wecom.faults.clear();
    expect((await caller.app(`user/get?userid=${person?.account}`)).errcode).toBe(0);
    expect((await caller.app('user/list?department_id=4')).errcode).toBe(0);
  });

  it('an empty company', async () => {
    sandbox.wecom.faults.add({ kind: 'empty_company' });
    expect(await caller.app('department/list')).toMatchObject({ errcode: 0, department: [] });
    expect(await caller.contacts('department/simplelist')).toMatchObject({ errcode: 0, department_id: [] });
    expect(await caller.contacts('user/list_id', {})).toMatchObject({ errcode: 0, dept_user: [] });
    expect(await caller.app('user/list?department_id=2')).toMatchObject({ errcode: 0, userlist: [] });
  });

  it('a narrower visible range', async () => {
    sandbox.wecom.faults.add({ kind: 'narrow_range', parties: [2] });
    const seen = records(await caller.app('department/list'), 'department').map((row) => row.id);
    expect(seen.sort()).toEqual(sandbox.company.subtree(2).sort());
    expect(await caller.app('agent/get?agentid=1000002')).toMatchObject({ allow_partys: { partyid: [2] } });
    sandbox.wecom.faults.clear();
    expect(await caller.app('agent/get?agentid=1000002')).toMatchObject({ allow_partys: { partyid: [1] } });
  });

  it('refuses what is not a fault', () => {
    const bad = [{ kind: 'nonsense' }, { kind: 'slow' }, { kind: 'errcode' }, { kind: 'hang', times: 0 }];
    for (const spec of bad) expect(() => sandbox.wecom.faults.add(spec as FaultSpec)).toThrow(TypeError);
  });

  it('45033 while others are in flight', async () => {
    await list();
    sandbox.wecom.setLimits({ concurrent: 2 });
    sandbox.wecom.faults.add({ kind: 'slow', ms: 200, times: 3 });
    const codes = await Promise.all([list(), list(), list()]);
    expect(codes.sort()).toEqual([0, 0, 45033]);
    expect(await list()).toBe(0);
    expect(sandbox.wecom.calls.byEndpoint()['department/list']?.peak).toBe(3);
  });

  it('counts calls by endpoint and code', async () => {
    await list();
    sandbox.wecom.faults.add({ kind: 'rate_limit' });
    await list();
    expect(sandbox.wecom.calls.count('department/list')).toBe(2);
    expect(sandbox.wecom.calls.byEndpoint()['department/list']).toMatchObject({
      ok: 1,
      errors: { '45009': 1 },
    });
    expect(sandbox.wecom.calls.count()).toBe(3);
    sandbox.wecom.calls.reset();
    expect(sandbox.wecom.calls.count()).toBe(0);
    expect((await caller.raw('no/such/endpoint')).status).toBe(404);
  });
});
