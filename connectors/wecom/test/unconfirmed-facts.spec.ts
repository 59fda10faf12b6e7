import type { WecomFacts } from '@trainbridge/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { directory, readDirectory, startWorld, type World } from './sandbox-world.js';

/** What the vendor’s pages leave open, in every position the simulator knows. */
const positions: Partial<WecomFacts>[] = [
  { rootParentId: 0 },
  { rootParentId: 'absent' },
  { sameTokenOnRepeat: true },
  { sameTokenOnRepeat: false, newTokenRevokesOld: true },
  { sameTokenOnRepeat: false, newTokenRevokesOld: false },
  { gettokenErrcode: 'absent' },
  { gettokenIpChecked: true },
  { directLeaderMax: 1 },
  { directLeaderMax: 5 },
  { thumbAvatarWithheld: false },
  { lastCursor: 'empty' },
  { lastCursor: 'absent' },
  { enableField: true, legacyFields: true },
  { enableField: false, legacyFields: false },
  { hintForm: 'digits' },
  { hintForm: 'dated' },
];

let world: World;
afterEach(() => world.close());

describe.each(positions)('with %j', (facts) => {
  it('the whole company is read', async () => {
    world = await startWorld({ wecom: { facts } });
    const { company } = world.sandbox;
    const { named, people, rejected } = await readDirectory(world.context());
    expect(rejected).toEqual([]);
    expect(named.find(({ externalId }) => externalId === '1')?.parentExternalId).toBeNull();
    expect(named).toHaveLength(company.departmentCount);
    const statuses = [...people.values()].map(({ idOnly, status }) => (idOnly ? 'unread' : status));
    const expected = company.people().map(({ status }) => (status === 'inactive' ? 'pending' : status));
    expect(statuses.sort()).toEqual(expected.sort());
  });

  it('a token that expires or is revoked in the middle is replaced by one fetch', async () => {
    world = await startWorld({ wecom: { facts } });
    const context = world.context();
    await directory.getUsers(context, { externalIds: ['nobody'] });
    for (const revoke of [false, true]) {
      world.sandbox.wecom.expireTokens(revoke);
      const before = world.sandbox.wecom.calls.count('gettoken');
      const page = await directory.listDepartments(context, { cursor: null });
      expect(page.items).toHaveLength(8);
      expect(world.sandbox.wecom.calls.count('gettoken') - before).toBe(1);
    }
  });
});

describe('ids that are looked up', () => {
  const status = async (facts: Partial<WecomFacts>, contacts: boolean): Promise<Record<string, string>> => {
    world = await startWorld({ people: 200, departments: 12, wecom: { facts } });
    const { company, mutations, wecom } = world.sandbox;
    const context = world.context(contacts ? {} : { contactsSecret: undefined }) as never;
    const part = company.people()[30]?.departmentIds[0] as number;
    wecom.setVisibleRange({ parties: [part] });
    const inside = company.people().find(({ departmentIds }) => departmentIds.includes(part))
      ?.account as string;
    const outside = company
      .people()
      .find(({ departmentIds }) => departmentIds.every((id) => !company.subtree(part).includes(id)))
      ?.account as string;
    const left = mutations.hire({ departmentIds: [part] }).account;
    mutations.dismiss(left);
    const users = await directory.getUsers(context, { externalIds: [inside, outside, left] });
    const hidden = [...company.departments()].find(({ id }) => !company.subtree(part).includes(id))
      ?.id as number;
    const departments = await directory.getDepartments(context, {
      externalIds: [String(part), String(hidden), '4711'],
    });
    expect(users.map(({ externalId }) => externalId)).toEqual([inside, outside, left]);
    const [a, b, c] = users.map((lookup) => lookup.status);
    const [d, e, f] = departments.map((lookup) => lookup.status);
    return { inside: a, outside: b, left: c, part: d, hidden: e, never: f } as Record<string, string>;
  };

  it.each([60011, 60111] as const)(
    'people outside the range (%i) and people who left are never called gone',
    async (invisibleUserCode) => {
      expect(await status({ invisibleUserCode }, true)).toMatchObject({
        inside: 'found',
        outside: invisibleUserCode === 60011 ? 'notVisible' : 'unknown',
        left: 'unknown',
      });
    },
  );

  it.each([60003, 60123, 40066] as const)(
    'a department that is no more (%i) is gone when the id list says so too',
    async (unknownDepartmentCode) => {
      expect(await status({ unknownDepartmentCode }, true)).toMatchObject({
        part: 'found',
        hidden: 'notVisible',
        never: 'gone',
      });
      await world.close();
      expect(await status({ unknownDepartmentCode }, false)).toMatchObject({
        part: 'found',
        hidden: 'notVisible',
        never: 'unknown',
      });
    },
  );

  it('an id list that is refused confirms nothing, and one that is down is tried again later', async () => {
    world = await startWorld();
    const { wecom } = world.sandbox;
    wecom.faults.add({ kind: 'errcode', code: 60020, endpoint: 'department/simplelist', times: 'always' });
    const context = world.context() as never;
    expect(await directory.getDepartments(context, { externalIds: ['4711'] })).toEqual([
      { externalId: '4711', status: 'unknown' },
    ]);
    wecom.faults.clear();
    wecom.faults.add({ kind: 'errcode', code: -1, endpoint: 'department/simplelist', times: 'always' });
    await expect(directory.getDepartments(context, { externalIds: ['4711'] })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('a userid is found whatever its case, and comes back as WeCom writes it', async () => {
    world = await startWorld();
    world.sandbox.mutations.hire({ account: 'Chen.Bo', departmentIds: [1] });
    const [lookup] = await directory.getUsers(world.context(), { externalIds: ['CHEN.BO'] });
    expect(lookup).toMatchObject({
      externalId: 'CHEN.BO',
      status: 'found',
      record: { externalId: 'Chen.Bo' },
    });
    expect(lookup?.status === 'found' && lookup.record.raw).not.toHaveProperty('errcode');
  });

  it('50 at a time take 50 calls, side by side', async () => {
    world = await startWorld();
    const ids = world.sandbox.company
      .people()
      .slice(0, 50)
      .map(({ account }) => account);
    const lookups = await directory.getUsers(world.context(), { externalIds: ids });
    expect(lookups.every(({ status }) => status === 'found')).toBe(true);
    expect(world.sandbox.wecom.calls.byEndpoint()['user/get']).toMatchObject({ total: 50, ok: 50 });
    expect(world.sandbox.wecom.calls.byEndpoint()['user/get']?.peak).toBeLessThanOrEqual(32);
  });
});
