import type { UserRecord } from '@trainbridge/connector-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { directory, readAll, readDirectory, startWorld, type World } from './sandbox-world.js';

let world: World;
afterEach(() => world.close());

const full = (people: Map<string, UserRecord>): UserRecord[] =>
  [...people.values()].filter(({ idOnly }) => !idOnly);

describe('a company of 2,000', () => {
  it('is read completely, with no more calls than its paging needs', async () => {
    world = await startWorld({ people: 2_000, departments: 120 });
    const { company, wecom } = world.sandbox;
    const { named, people, rejected } = await readDirectory(world.context());
    expect(rejected).toEqual([]);
    expect(named).toHaveLength(120);
    expect(full(people)).toHaveLength(2_000);
    for (const person of company.people()) {
      const record = people.get(person.account.toLowerCase());
      expect(record?.externalId).toBe(person.account);
      expect(record?.displayName).toBe(person.name);
      expect([...(record?.departments ?? [])].sort()).toEqual(person.departmentIds.map(String).sort());
    }
    expect(
      Object.fromEntries(Object.entries(wecom.calls.byEndpoint()).map(([name, { total }]) => [name, total])),
    ).toEqual({
      gettoken: 2,
      'department/list': 1,
      'department/simplelist': 1,
      'user/list': 120,
      'user/list_id': 1,
      // Whether the range names people in person, which no department would lead to.
      'agent/get': 1,
    });
  });

  it('of which ids come in pages of 10,000 rows', async () => {
    world = await startWorld({ people: 12_000, departments: 30 });
    const context = world.context() as never;
    const listing = await readAll((cursor) => directory.listUsers(context, { departmentId: null, cursor }));
    expect(listing.pages).toBe(2);
    expect(new Set(listing.items.map(({ externalId }) => externalId)).size).toBe(12_000);
    expect(world.sandbox.wecom.calls.count('user/list_id')).toBe(2);
    const rows = listing.items.reduce((sum, { memberships }) => sum + (memberships?.length ?? 0), 0);
    expect(rows).toBe(
      world.sandbox.company.people().reduce((sum, { memberships }) => sum + memberships.length, 0),
    );
  });
});

describe('people as they are', () => {
  it('memberships with rank, leadership and the main department', async () => {
    world = await startWorld();
    const { company, mutations } = world.sandbox;
    const departments = [...company.departments()].map(({ id }) => id);
    const [first, second] = [departments[2] as number, departments[4] as number];
    mutations.hire({
      account: 'Chen.Bo',
      name: '陈波',
      departmentIds: [first, second],
      primaryDepartmentId: second,
    });
    mutations.makeLeader('Chen.Bo', first);
    const { people } = await readDirectory(world.context());
    const chen = people.get('chen.bo');
    expect(chen).toMatchObject({ externalId: 'Chen.Bo', displayName: '陈波', status: 'active' });
    expect(chen?.memberships).toEqual([
      expect.objectContaining({ departmentId: String(first), isLeader: true, isPrimary: false }),
      expect.objectContaining({ departmentId: String(second), isLeader: false, isPrimary: true }),
    ]);
  });

  it('leaders, states and the employee number for a mapping to read', async () => {
    world = await startWorld();
    const { company, mutations } = world.sandbox;
    const boss = company.people()[0]?.account as string;
    mutations.hire({ account: 'new.one', departmentIds: [1], status: 'inactive', leaders: [boss] });
    mutations.hire({ account: 'off.one', departmentIds: [1], status: 'disabled' });
    const { people } = await readDirectory(world.context());
    expect(people.get('new.one')).toMatchObject({ status: 'pending', managerExternalId: boss });
    expect(people.get('off.one')?.status).toBe('disabled');
    const number = company.person('new.one')?.employeeNumber;
    expect(people.get('new.one')?.raw).toMatchObject({
      extattr: { attrs: [{ name: '工号', text: { value: number } }] },
    });
  });

  it('a restricted app is told no mobile, mail or avatar; another one is', async () => {
    world = await startWorld();
    const sensitive = ['mobile', 'workEmail', 'avatarUrl'];
    const keys = async (): Promise<string[]> => {
      const { people } = await readDirectory(world.context());
      return sensitive.filter((key) => full(people).every((person) => key in person));
    };
    expect(await keys()).toEqual([]);
    world.sandbox.wecom.setApp({ restricted: false });
    expect(await keys()).toEqual(sensitive);
    const { people } = await readDirectory(world.context());
    for (const { mobile } of full(people)) expect(mobile).toMatch(/^\+861\d{10}$/);
  });

  it('departments with parents, ranks the other way round, and leaders', async () => {
    world = await startWorld();
    const { company } = world.sandbox;
    const { named } = await readDirectory(world.context());
    for (const department of company.departments()) {
      const record = named.find(({ externalId }) => externalId === String(department.id));
      expect(record).toMatchObject({
        name: department.name,
        parentExternalId: department.parentId === 0 ? null : String(department.parentId),
        order: -department.order,
      });
    }
    expect(named.some(({ leaderExternalIds }) => (leaderExternalIds?.length ?? 0) > 0)).toBe(true);
  });
});

describe('a part of the company', () => {
  it('is described; everybody else is an id that exists', async () => {
    world = await startWorld({ people: 200, departments: 12 });
    const { company, wecom } = world.sandbox;
    const part = [...company.departments()].find(({ id }) => id !== 1 && company.children(id).length > 0)
      ?.id as number;
    wecom.setVisibleRange({ parties: [part] });
    const { departments, named, people } = await readDirectory(world.context());
    const inside = new Set(company.subtree(part));
    expect(new Set(named.map(({ externalId }) => Number(externalId)))).toEqual(inside);
    expect(departments.filter(({ idOnly }) => idOnly)).toHaveLength(12);
    const seen = company.people().filter((person) => person.departmentIds.some((id) => inside.has(id)));
    expect(seen.length).toBeGreaterThan(0);
    expect(
      full(people)
        .map(({ externalId }) => externalId)
        .sort(),
    ).toEqual(seen.map(({ account }) => account).sort());
    expect(people.size).toBe(200);
    // The top of the part has a parent nobody sees: it stays named, and the host makes it a root.
    expect(named.find(({ externalId }) => externalId === String(part))?.parentExternalId).toMatch(/^\d+$/);
  });

  it('of people named one by one, or through a tag, is found although no department leads there', async () => {
    world = await startWorld({ people: 200, departments: 12 });
    const { company, wecom } = world.sandbox;
    const [one, two, three] = company
      .people()
      .slice(20, 23)
      .map(({ account }) => account) as [string, string, string];
    const tagged = [...company.departments()].at(-1)?.id as number;
    wecom.putTag(7, '讲师', { users: [two, three], parties: [tagged] });
    wecom.setVisibleRange({ users: [one.toUpperCase(), two], tags: [7] });
    const inTag = company.people().filter((person) => person.departmentIds.includes(tagged));
    const expected = new Set([one, two, three, ...inTag.map(({ account }) => account)]);
    for (const contactsSecret of [wecom.contacts.secret, undefined]) {
      const { people } = await readDirectory(world.context({ contactsSecret }));
      expect(new Set(full(people).map(({ externalId }) => externalId))).toEqual(expected);
      expect(people.size).toBe(contactsSecret === undefined ? expected.size : 200);
    }
  });

  it('of 120 people named one by one comes in slices, whoever leaves in between', async () => {
    world = await startWorld({ people: 200, departments: 12 });
    const { company, mutations, wecom } = world.sandbox;
    const accounts = company
      .people()
      .slice(0, 120)
      .map(({ account }) => account);
    wecom.setVisibleRange({ users: accounts });
    const context = world.context({ contactsSecret: undefined }) as never;
    const sorted = [...accounts].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page = await directory.listUsers(context, { departmentId: null, cursor });
      seen.push(...page.items.map(({ externalId }) => externalId));
      if (pages === 0) mutations.dismiss(sorted[10] as string);
      if (pages === 0) wecom.setVisibleRange({ users: accounts.filter((account) => account !== sorted[10]) });
      cursor = page.cursor;
      pages += 1;
    } while (cursor !== null);
    expect(pages).toBe(3);
    expect(seen.sort()).toEqual([...accounts].sort());
  });

  it.each(['empty', 'error'] as const)(
    'without any department (%s list) has none, and people',
    async (fact) => {
      world = await startWorld({ wecom: { facts: { emptyRangeDepartmentList: fact } } });
      const { company, wecom } = world.sandbox;
      wecom.setVisibleRange({ users: [company.people()[5]?.account as string] });
      const { named, people } = await readDirectory(world.context({ contactsSecret: undefined }));
      expect(named).toEqual([]);
      expect(people.size).toBe(1);
    },
  );

  it('a refused department list is no empty one while the range has departments', async () => {
    world = await startWorld();
    world.sandbox.wecom.faults.add({
      kind: 'errcode',
      code: 60011,
      endpoint: 'department/list',
      times: 'always',
    });
    await expect(directory.listDepartments(world.context() as never, { cursor: null })).rejects.toMatchObject(
      {
        code: 'permission_denied',
        data: { vendorCode: '60011', advice: { 'zh-CN': expect.stringContaining('可见范围') as string } },
      },
    );
  });
});

describe('without the contacts secret', () => {
  it('the company-wide walk of a range of departments is empty and done', async () => {
    world = await startWorld();
    const context = world.context({ contactsSecret: undefined }) as never;
    expect(await directory.listUsers(context, { departmentId: null, cursor: null })).toEqual({
      items: [],
      rejected: [],
      cursor: null,
      done: true,
    });
    expect(await directory.listDepartments(context, { cursor: null })).toMatchObject({
      done: true,
      cursor: null,
    });
    expect(world.sandbox.wecom.calls.count('user/list_id')).toBe(0);
    expect(world.sandbox.wecom.calls.count('department/simplelist')).toBe(0);
  });
});

describe('visibility', () => {
  const grants = async (contactsSecret?: string): Promise<string[]> =>
    (await directory.visibility(world.context(contactsSecret === undefined ? { contactsSecret } : {})))
      .grants;

  it('is the range as grants, and whether everybody can be listed', async () => {
    world = await startWorld();
    expect(await grants('with')).toEqual(['contacts', 'department:1']);
    expect(await grants()).toEqual(['department:1']);
    const { company, wecom } = world.sandbox;
    const account = company.people()[3]?.account as string;
    wecom.putTag(12, '讲师', { users: [account], parties: [3, 4] });
    wecom.setVisibleRange({ users: [account], parties: [2, 5], tags: [12] });
    expect(await grants()).toEqual(
      [
        'department:2',
        'department:5',
        'tag:12',
        'tag:12/department:3',
        'tag:12/department:4',
        `user:${account.toLowerCase()}`,
      ].sort(),
    );
  });

  it('an answer without a range is no empty range', async () => {
    world = await startWorld();
    world.sandbox.wecom.faults.add({
      kind: 'missing_fields',
      fields: ['allow_userinfos', 'allow_partys', 'allow_tags'],
      endpoint: 'agent/get',
      times: 'always',
    });
    await expect(directory.visibility(world.context() as never)).rejects.toMatchObject({
      code: 'bad_response',
    });
  });
});
