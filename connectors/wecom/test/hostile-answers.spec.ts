import type { FaultSpec } from '@trainbridge/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directory, readAll, readDirectory, startWorld, type World } from './sandbox-world.js';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const broken: [string, FaultSpec, string][] = [
  ['a page in HTML', { kind: 'html', times: 'always' }, 'bad_response'],
  ['half of the JSON', { kind: 'half_json', times: 'always' }, 'bad_response'],
  ['half of the JSON and a cut line', { kind: 'half_json', cut: true, times: 'always' }, 'unavailable'],
  ['50 MB', { kind: 'huge_body', times: 'always' }, 'bad_response'],
  ['an error page of a gateway', { kind: 'http_error', times: 'always' }, 'unavailable'],
  ['a reset connection', { kind: 'reset', times: 'always' }, 'unavailable'],
  ['"busy"', { kind: 'errcode', code: -1, times: 'always' }, 'unavailable'],
  ['"too many calls"', { kind: 'rate_limit', times: 'always' }, 'rate_limited'],
  ['"too many at one time"', { kind: 'concurrency', times: 'always' }, 'rate_limited'],
  ['an unknown code', { kind: 'errcode', code: 4711, times: 'always' }, 'bad_response'],
  ['"no right to read details"', { kind: 'errcode', code: 48009, times: 'always' }, 'permission_denied'],
  ['"your address is not trusted"', { kind: 'errcode', code: 60020, times: 'always' }, 'permission_denied'],
];

const reads = {
  'department/list': (context: never) => directory.listDepartments(context, { cursor: null }),
  'department/simplelist': (context: never) => directory.listDepartments(context, { cursor: 'ids' }),
  'user/list': (context: never) => directory.listUsers(context, { departmentId: '2', cursor: null }),
  'user/list_id': (context: never) => directory.listUsers(context, { departmentId: null, cursor: null }),
  'user/get': (context: never) => directory.getUsers(context, { externalIds: ['a'] }),
  'department/get': (context: never) => directory.getDepartments(context, { externalIds: ['2'] }),
  'agent/get': (context: never) => directory.visibility(context),
};

describe.each(Object.entries(reads))('%s answers', (endpoint, read) => {
  it.each(broken)('%s: an error, never an empty list', async (_name, fault, code) => {
    world.sandbox.wecom.faults.add({ ...fault, endpoint });
    await expect(read(world.context() as never)).rejects.toMatchObject({ code });
  });

  it('something broken once: tried again where the error is one of the moment', async () => {
    world.sandbox.wecom.faults.add({ kind: 'http_error', endpoint, times: 1 });
    await expect(read(world.context() as never)).resolves.toBeDefined();
  });
});

describe('answers that lack something', () => {
  it.each([
    ['department/list', 'department'],
    ['department/simplelist', 'department_id'],
    ['user/list', 'userlist'],
    ['user/list_id', 'dept_user'],
    ['department/get', 'department'],
  ] as const)('%s without "%s" is no empty answer', async (endpoint, list) => {
    const { wecom } = world.sandbox;
    wecom.faults.add({ kind: 'empty_company', endpoint, times: 'always' });
    wecom.faults.add({ kind: 'missing_fields', fields: [list], endpoint, times: 'always' });
    const read = reads[endpoint](world.context() as never);
    await expect(read).rejects.toMatchObject({ code: 'bad_response' });
  });

  it('people without a userid are set aside, the others read', async () => {
    const { company, wecom } = world.sandbox;
    wecom.faults.add({
      kind: 'missing_fields',
      fields: ['userid'],
      every: 5,
      endpoint: 'user/list',
      times: 'always',
    });
    const { people, rejected } = await readDirectory(world.context());
    expect(rejected.length).toBeGreaterThan(3);
    expect(rejected[0]).toMatchObject({ externalId: null, reason: 'The member has no usable userid.' });
    // The id list still says that those exist: nobody is missing.
    expect(people.size).toBe(company.personCount);
  });

  it('departments without an id are set aside, the others read', async () => {
    world.sandbox.wecom.faults.add({
      kind: 'missing_fields',
      fields: ['id'],
      every: 4,
      endpoint: 'department/list',
      times: 'always',
    });
    const { named, rejected } = await readDirectory(world.context());
    expect([named.length, rejected.length]).toEqual([6, 2]);
  });

  it.each([
    ['name'],
    ['department'],
    ['order', 'is_leader_in_dept'],
    ['main_department'],
    ['status', 'enable'],
    ['extattr'],
  ])('people without %s are read', async (...fields) => {
    const { company, wecom } = world.sandbox;
    wecom.faults.add({ kind: 'missing_fields', fields, endpoint: 'user/list', times: 'always' });
    const { people, rejected } = await readDirectory(world.context());
    expect(rejected).toEqual([]);
    const read = [...people.values()].filter(({ idOnly }) => !idOnly);
    expect(read).toHaveLength(company.personCount);
    for (const person of company.people()) {
      expect([...(people.get(person.account.toLowerCase())?.departments ?? [])].sort()).toEqual(
        person.departmentIds.map(String).sort(),
      );
    }
  });

  it('a person who comes back without a userid is unknown', async () => {
    world.sandbox.wecom.faults.add({
      kind: 'missing_fields',
      fields: ['userid'],
      endpoint: 'user/get',
      times: 'always',
    });
    const account = world.sandbox.company.people()[0]?.account as string;
    expect(await directory.getUsers(world.context() as never, { externalIds: [account] })).toEqual([
      { externalId: account, status: 'unknown' },
    ]);
  });

  it('a token without its value or its lifetime is none', async () => {
    for (const field of ['access_token', 'expires_in']) {
      const { wecom } = world.sandbox;
      wecom.faults.clear();
      wecom.expireTokens(true);
      wecom.faults.add({ kind: 'missing_fields', fields: [field], endpoint: 'gettoken', times: 'always' });
      await expect(directory.visibility(world.context() as never)).rejects.toMatchObject({
        code: 'bad_response',
      });
    }
  });
});

describe('paging that goes wrong', () => {
  const ids = (context: never) =>
    readAll((cursor) => directory.listUsers(context, { departmentId: null, cursor }));

  it('a circle of pages ends with an error', async () => {
    world.sandbox.wecom.faults.add({ kind: 'cursor_loop' });
    await expect(ids(world.context() as never)).rejects.toMatchObject({ code: 'bad_response' });
    expect(world.sandbox.wecom.calls.count('user/list_id')).toBeLessThan(12);
  });

  it('a page that comes twice does no harm', async () => {
    world.sandbox.wecom.faults.add({ kind: 'duplicate_page' });
    const { items, pages } = await ids(world.context() as never);
    expect(pages).toBe(2);
    expect(new Set(items.map(({ externalId }) => externalId)).size).toBe(60);
  });

  it('a cursor WeCom no longer knows asks for a fresh walk', async () => {
    const cursor = JSON.stringify(['ids', 'garbage', 1, 'garbage', 0]);
    await expect(
      directory.listUsers(world.context() as never, { departmentId: null, cursor }),
    ).rejects.toMatchObject({ code: 'cursor_expired', data: { vendorCode: '50100' } });
  });

  it.each(['nonsense', '["ids"]', '{}'])('neither does a cursor like %s lead anywhere', async (cursor) => {
    const context = world.context() as never;
    await expect(directory.listUsers(context, { departmentId: null, cursor })).rejects.toMatchObject({
      code: 'cursor_expired',
    });
    await expect(directory.listUsers(context, { departmentId: '2', cursor })).rejects.toMatchObject({
      code: 'cursor_expired',
    });
    await expect(directory.listDepartments(context, { cursor })).rejects.toMatchObject({
      code: 'cursor_expired',
    });
  });
});

describe('departments that change under the walk', () => {
  const list = (departmentId: string, context = world.context()) =>
    directory.listUsers(context, { departmentId, cursor: null });

  it('dissolved: empty when the id list confirms it, an error when nobody can', async () => {
    expect(await list('4711')).toMatchObject({ items: [], done: true });
    await expect(list('4711', world.context({ contactsSecret: undefined }))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('out of sight: an error, because its people are still there', async () => {
    world.sandbox.wecom.setVisibleRange({ parties: [3] });
    await expect(list('2')).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('too large for one answer: read by name, then one by one', async () => {
    const { company, mutations, wecom } = world.sandbox;
    for (let i = 0; i < 70; i += 1) mutations.hire({ departmentIds: [2] });
    const members = [...company.members(2)].map(({ account }) => account);
    wecom.faults.add({ kind: 'errcode', code: 45029, endpoint: 'user/list', times: 'always' });
    wecom.faults.add({ kind: 'errcode', code: 60111, endpoint: 'user/get', times: 1 });
    const context = world.context() as never;
    const { items, pages } = await readAll((cursor) =>
      directory.listUsers(context, { departmentId: '2', cursor }),
    );
    expect(pages).toBe(2);
    expect(items.map(({ externalId }) => externalId).sort()).toEqual(members.sort());
    expect(items.filter(({ idOnly }) => idOnly)).toHaveLength(1);
    expect(
      items.every(({ memberships }) => memberships?.some(({ departmentId }) => departmentId === '2')),
    ).toBe(true);
  });
});

describe('secrets', () => {
  it('a wrong one is refused once and not tried again with every call', async () => {
    const context = world.context({ agentSecret: 'wrong-secret' }) as never;
    for (let i = 0; i < 20; i += 1) {
      await expect(directory.visibility(context)).rejects.toMatchObject({
        code: 'auth_failed',
        data: { vendorCode: '40001', advice: { 'zh-CN': expect.stringContaining('Secret') as string } },
      });
    }
    expect(world.sandbox.wecom.calls.count('gettoken')).toBe(1);
  });

  it('never stand in what is recorded or said', async () => {
    const context = world.context({ agentSecret: 'wrong-secret-123456' }) as never;
    const error: unknown = await directory.visibility(context).catch((reason: unknown) => reason);
    await directory.listUsers(world.context(), { departmentId: null, cursor: null });
    const { wecom } = world.sandbox;
    const told = JSON.stringify([world.exchanges, error, String(error)]);
    expect(world.exchanges.length).toBeGreaterThan(2);
    for (const secret of ['wrong-secret-123456', wecom.app.secret, wecom.contacts.secret])
      expect(told).not.toContain(secret);
  });

  it('of an app that was disabled', async () => {
    world.sandbox.wecom.setApp({ disabled: true });
    await expect(directory.visibility(world.context() as never)).rejects.toMatchObject({
      code: 'auth_failed',
    });
  });
});
