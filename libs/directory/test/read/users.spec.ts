import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadingApp } from './reading-app.js';

describe('users', () => {
  let app: ReadingApp;
  const ids = async (path: string) =>
    ((await app.get(path)).body.data as { id: string }[]).map(({ id }) => id);

  beforeAll(async () => {
    app = await ReadingApp.start();
    await app.addDepartment(['dep_1']);
    await app.addDepartment(['dep_1', 'dep_2']);
    await app.addPeople([
      {
        id: 'usr_01',
        externalId: 'ZhangSan',
        externalIds: [{ type: 'open_id', value: 'ou_Zhang' }],
        employeeNumber: 'E1',
        updatedAt: '2026-01-02T03:04:05.678Z',
      },
      {
        id: 'usr_02',
        externalId: 'odd:name',
        employeeNumber: 'E2',
        status: 'pending',
        departments: ['dep_2'],
      },
      {
        id: 'usr_03',
        employeeNumber: 'E1',
        status: 'disabled',
        departments: ['dep_1'],
        updatedAt: '2020-01-01T00:00:00Z',
      },
      { id: 'usr_04', connectionId: 'con_b', externalId: 'zhangsan', departments: [] },
    ]);
    await app.addMembership('usr_01', 'dep_2', { order: 2 });
    await app.addMembership('usr_01', 'dep_1', { primary: true, order: 9 });
    await app.addMembership('usr_01', 'dep_2', { source: 'local' });
    await app.query(
      `update users set manager_id = 'usr_02', custom_fields = '{"level":"P6"}', withheld_fields = '{avatarUrl}',
         created_at = '2025-12-31T16:00:00Z' where id = 'usr_01'`,
    );
  });
  afterAll(() => app.stop());

  it('shows a person as the contract says', async () => {
    const { status, body } = await app.get('/users/usr_01');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'usr_01', personId: 'per_usr_01', connectionId: 'con_a', externalId: 'ZhangSan',
      externalIds: [{ type: 'open_id', value: 'ou_Zhang' }], employeeNumber: 'E1', displayName: 'Name of usr_01',
      workEmail: 'usr_01@example.com', mobile: '+8613800000000', jobTitle: '工程师', managerId: 'usr_02', status: 'active',
      memberships: [
        { departmentId: 'dep_1', isPrimary: true, isLeader: false, order: 9 },
        { departmentId: 'dep_2', isPrimary: false, isLeader: false, order: 2 },
      ],
      avatarUrl: null, customFields: { level: 'P6' }, withheldFields: ['avatarUrl'], createdAt: '2025-12-31T16:00:00.000Z',
      updatedAt: '2026-01-02T03:04:05.678Z', disabledAt: null, disabledReason: null,
    }); // prettier-ignore
    expect((await app.get('/users?employeeNumber=E1&status=active')).body.data).toEqual([body]);
    const unknown = await app.get('/users/usr_nobody');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found']);
  });

  it.each([
    ['', ['usr_01', 'usr_02', 'usr_03', 'usr_04']],
    ['connectionId=con_b', ['usr_04']],
    ['connectionId=con_none', []],
    ['departmentId=dep_2', ['usr_01', 'usr_02']],
    ['departmentId=dep_1', ['usr_01', 'usr_03']],
    ['departmentId=dep_2&status=pending&connectionId=con_a', ['usr_02']],
    ['departmentId=dep_2&connectionId=con_b', []],
    ['status=disabled', ['usr_03']],
    ['employeeNumber=E1', ['usr_01', 'usr_03']],
    ['employeeNumber=e1', []],
    ['externalId=ZHANGSAN', ['usr_01', 'usr_04']],
    ['externalId=ZHANGSAN&connectionId=con_b', ['usr_04']],
    ['externalId=open_id:ou_Zhang', ['usr_01']],
    ['externalId=open_id:ou_zhang', []],
    ['externalId=union_id:ou_Zhang', []],
    ['externalId=Odd:Name', ['usr_02']],
    ['updatedSince=2026-01-02T03:04:05.678Z&employeeNumber=E1', ['usr_01']],
    ['updatedSince=2026-01-02T11:04:05.679%2B08:00&employeeNumber=E1', []],
    ['updatedSince=2019-12-31&employeeNumber=E1', ['usr_01', 'usr_03']],
  ])('filters by %s', async (filter, expected) => {
    expect(await ids(`/users?${filter}`)).toEqual(expected);
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=201', '/limit'],
    ['status=gone', '/status'],
    ['updatedSince=yesterday', '/updatedSince'],
    ['updatedSince=2026-02-30', '/updatedSince'],
    ['updatedSince=2026-W10', '/updatedSince'],
    ['updatedSince=0000-01-01', '/updatedSince'],
    ['connectionId=', '/connectionId'],
    ['name=x', '/name'],
  ])('refuses %s', async (query, path) => {
    const { status, body } = await app.get(`/users?${query}`);
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'invalid_request', path]);
  });

  it('refuses what no id or text can be', async () => {
    expect((await app.get('/users?externalId=%00')).status).toBe(400);
    expect((await app.get('/users/%27')).status).toBe(400);
  });

  it('pages without gap or repeat while people join', async () => {
    const people = Array.from({ length: 60 }, (_, n) => ({
      id: `usr_p${String(n).padStart(3, '0')}`,
      connectionId: 'con_p',
    }));
    await app.addPeople(people.filter((_, n) => n % 2 === 0));
    for (const path of ['/users?connectionId=con_p', '/users?connectionId=con_p&status=active']) {
      let pages = 0;
      const read = await app.all(path, 7, async (page) => {
        const answer = await app.get(page);
        // One joins before the place where the next page begins, one after it.
        if (++pages === 2 && path.endsWith('con_p')) await app.addPeople([people[1]!, people[59]!]);
        return answer;
      });
      const seen = read.map(({ id }) => id);
      expect(seen).toEqual([...new Set(seen)].sort());
      expect(seen).toEqual(
        expect.arrayContaining(people.filter((_, n) => n % 2 === 0 || n === 59).map(({ id }) => id)),
      );
      expect(seen.includes('usr_p001')).toBe(path.endsWith('active'));
    }
  });

  it('pages through a department whose members are known from both sides, each once', async () => {
    const people = Array.from({ length: 9 }, (_, n) => ({
      id: `usr_m${n}`,
      connectionId: 'con_m',
      departments: ['dep_m'],
    }));
    await app.addPeople(people);
    for (const { id } of people) await app.addMembership(id, 'dep_m', { source: 'local' });
    const read = await app.all('/users?departmentId=dep_m', 2);
    expect(read.map(({ id }) => id)).toEqual(people.map(({ id }) => id));
  });

  it('ends a list that is as long as its page', async () => {
    const { body } = await app.get('/users?departmentId=dep_2&limit=2');
    expect([body.data.length, body.nextCursor]).toEqual([2, null]);
  });

  it('refuses a cursor of another list, of other filters, or made up', async () => {
    const { body } = await app.get('/users?limit=1');
    await app.addDepartment(['dep_3']);
    const departments = await app.get('/departments?limit=1');
    for (const query of [
      `/users?cursor=${departments.body.nextCursor}`,
      `/users?status=active&cursor=${body.nextCursor}`,
      `/users?cursor=${body.feedCursor}`,
      `/users?cursor=nonsense`,
      `/departments?cursor=${body.nextCursor}`,
    ]) {
      const answer = await app.get(query);
      expect([query, answer.status, answer.body.code]).toEqual([query, 400, 'invalid_cursor']);
    }
    expect((await app.get(`/users?limit=3&cursor=${body.nextCursor}`)).status).toBe(200);
  });

  it('keeps phone numbers and addresses to those who may see them', async () => {
    const reader = await app.client(['directory:read']);
    const withContacts = await app.client(['directory:read', 'directory:contact']);
    const hidden = {
      mobile: null,
      workEmail: null,
      displayName: 'Name of usr_01',
      withheldFields: ['avatarUrl'],
    };
    expect((await reader.get('/users/usr_01')).body).toMatchObject(hidden);
    const list = await reader.get('/users');
    expect(list.body.data[0]).toMatchObject(hidden);
    expect(list.text).not.toMatch(/@example\.com|\+86/);
    expect((await withContacts.get('/users/usr_01')).body.mobile).toBe('+8613800000000');
    expect((await withContacts.get('/users')).body.data[0].workEmail).toBe('usr_01@example.com');
    const stranger = await app.client(['connections:read']);
    const refused = await stranger.get('/users');
    expect([refused.status, refused.body.code]).toEqual([403, 'insufficient_scope']);
  });

  it('shows a client only the connections it is limited to', async () => {
    const [own, other] = [await app.connection(), await app.connection()];
    const second = await app.connection();
    await app.addPeople([
      { id: 'usr_r1', connectionId: own, employeeNumber: 'R', externalId: 'r1', departments: ['dep_r1'] },
      { id: 'usr_r2', connectionId: other, employeeNumber: 'R', externalId: 'r2', departments: ['dep_r1'] },
      { id: 'usr_r3', connectionId: second, employeeNumber: 'R', externalId: 'r3' },
      { id: 'usr_r4', connectionId: own, externalId: 'r4' },
    ]);
    await app.addDepartment(['dep_r1'], { connectionId: own });
    await app.addDepartment(['dep_r2'], { connectionId: other });
    const client = await app.client(['directory:read'], [own, second]);
    const seen = async (path: string) =>
      ((await client.get(path)).body.data as { id: string }[]).map(({ id }) => id);
    expect(await seen('/users')).toEqual(['usr_r1', 'usr_r3', 'usr_r4']);
    expect(await app.all('/users', 1, (path) => client.get(path))).toHaveLength(3);
    expect(await seen('/users?employeeNumber=R')).toEqual(['usr_r1', 'usr_r3']);
    expect(await seen('/users?externalId=r2')).toEqual([]);
    expect(await seen('/users?departmentId=dep_r1')).toEqual(['usr_r1']);
    expect(await seen(`/users?connectionId=${other}`)).toEqual([]);
    expect(await seen(`/users?connectionId=${second}`)).toEqual(['usr_r3']);
    expect(await seen('/departments')).toEqual(['dep_r1']);
    expect(await seen(`/departments?connectionId=${other}`)).toEqual([]);
    expect((await client.get('/users/usr_r1')).status).toBe(200);
    expect((await client.get('/users/usr_r2')).status).toBe(404);
    expect((await client.get('/departments/dep_r1')).status).toBe(200);
    expect((await client.get('/departments/dep_r2')).status).toBe(404);
  });
});
