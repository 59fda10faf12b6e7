import type { JsonObject } from '@trainbridge/connector-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineHarness } from './engine-harness.js';
import { FakePlatform } from './fake-platform.js';

describe('odd companies', () => {
  let harness: EngineHarness;
  let con: string;
  let number = 0;

  beforeAll(async () => {
    harness = await EngineHarness.start();
  });
  afterAll(() => harness.database.drop());
  beforeEach(() => {
    con = `con_${++number}`;
  });

  const parents = async () =>
    Object.fromEntries(
      (
        await harness.query<{ id: string; parent: string | null; depth: number }>(
          `select d.external_id as id, p.external_id as parent, cardinality(d.path_ids) as depth
           from departments d left join departments p on p.id = d.parent_id where d.connection_id = $1`,
          [con],
        )
      ).map(({ id, parent, depth }) => [id, [parent, depth]]),
    );

  it('S3: circles are cut at the same place every time, orphans and self-parents become roots', async () => {
    const platform = new FakePlatform();
    platform.addDepartment('1', null, '根');
    platform.addDepartment('a', 'c', 'A');
    platform.addDepartment('b', 'a', 'B');
    platform.addDepartment('c', 'b', 'C');
    platform.addDepartment('d', 'b', 'D');
    platform.addDepartment('self', 'self', 'S');
    platform.addDepartment('orphan', 'unseen', 'O');
    platform.addDepartment('', null, 'no id');
    platform.addUser('x', ['a', 'unseen']);
    expect((await harness.sync(con, platform)).counts.departments).toMatchObject({ created: 7, rejected: 1 });
    expect(await parents()).toEqual({
      '1': [null, 1], a: [null, 1], b: ['a', 2], c: ['b', 3], d: ['b', 3], self: [null, 1], orphan: [null, 1],
    }); // prettier-ignore
    expect((await harness.sync(con, platform)).counts.departments).toMatchObject({
      unchanged: 7,
      updated: 0,
    });
    platform.addDepartment('unseen', '1', '现在可见');
    expect((await harness.sync(con, platform)).counts.departments).toMatchObject({ created: 1, updated: 1 });
    expect((await parents()).orphan).toEqual(['unseen', 3]);
  });

  it('S3: a chain of 1,000 departments', async () => {
    const platform = new FakePlatform();
    for (let i = 1; i <= 1_000; i++) platform.addDepartment(`d${i}`, i === 1 ? null : `d${i - 1}`, `级${i}`);
    platform.addUser('deep', ['d1000']);
    const started = Date.now();
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'success',
      counts: { departments: { created: 1_000 } },
    });
    expect((await parents()).d1000).toEqual(['d999', 1_000]);
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  it('S4: two people with one mobile are two people', async () => {
    const platform = FakePlatform.company(2, 1);
    platform.change('p2', { mobile: platform.users.get('p1')!.mobile! });
    expect((await harness.sync(con, platform)).counts.users.created).toBe(2);
    const mobiles = await harness.query(`select distinct mobile from users where connection_id = $1`, [con]);
    expect(mobiles).toEqual([{ mobile: '+8613900000001' }]);
  });

  it('S7: emoji, right-to-left, 4-byte names pass; NUL and half characters are taken out', async () => {
    const platform = FakePlatform.company(0, 1);
    platform.addUser('emoji', ['1'], { displayName: '👩🏽‍💻 张𠮷野家' });
    platform.addUser('rtl', ['1'], { displayName: '‮شركة التدريب' });
    platform.addUser('nul', ['1'], {
      displayName: 'a\0b',
      raw: { 'k\0ey': 'v\0', deep: ['\ud800x'] },
      customFields: { t: 'x\0y' },
    });
    platform.addUser('looks', ['1'], { displayName: 'C:\\u0000\\ud800' });
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'success',
      counts: { users: { created: 4 } },
    });
    const names = await harness.query(
      `select external_id as id, display_name as name from users where connection_id = $1 order by 1`,
      [con],
    );
    expect(names).toEqual([
      { id: 'emoji', name: '👩🏽‍💻 张𠮷野家' },
      { id: 'looks', name: 'C:\\u0000\\ud800' },
      { id: 'nul', name: 'ab' },
      { id: 'rtl', name: '‮شركة التدريب' },
    ]);
    const [record] = await harness.query<{ raw: unknown }>(
      `select raw from user_records join users on id = user_id where connection_id = $1 and external_id = 'nul'`,
      [con],
    );
    expect(record!.raw).toEqual({ key: 'v', deep: ['x'] });
    expect((await harness.sync(con, platform)).counts.users).toMatchObject({ unchanged: 4 });
  });

  it('normalises mobiles, and drops what is none', async () => {
    const platform = FakePlatform.company(3, 1);
    platform.change('p1', { mobile: '+86 139-0000-1111' });
    platform.change('p2', { mobile: 'call me' });
    platform.change('p3', { mobile: '0085291234567', avatarUrl: 'javascript:alert(1)' });
    await harness.sync(con, platform);
    const found = await harness.query(
      `select external_id, mobile, avatar_url from users where connection_id = $1 order by 1`,
      [con],
    );
    expect(found).toEqual([
      { external_id: 'p1', mobile: '+8613900001111', avatar_url: null },
      { external_id: 'p2', mobile: null, avatar_url: null },
      { external_id: 'p3', mobile: '+85291234567', avatar_url: null },
    ]);
  });

  it('people at the root, people nowhere, leaders nobody may see, ids that are names of object members', async () => {
    const platform = FakePlatform.company(0, 2);
    platform.addDepartment('__proto__', '1', 'P', { leaderExternalIds: ['ghost', 'constructor'] });
    platform.addUser('constructor', ['1']);
    platform.addUser('nowhere', ['1'], { memberships: [] });
    platform.addUser('__proto__', ['__proto__', 'toString']);
    platform.usersBy = 'company';
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'success',
      counts: { users: { created: 3 }, departments: { created: 3 } },
    });
    const found = await harness.query(
      `select u.external_id as id, array_agg(d.external_id) filter (where d.id is not null) as departments
       from users u left join memberships m on m.user_id = u.id left join departments d on d.id = m.department_id
       where u.connection_id = $1 group by 1 order by 1`,
      [con],
    );
    expect(found).toEqual([
      { id: '__proto__', departments: ['__proto__'] },
      { id: 'constructor', departments: ['1'] },
      { id: 'nowhere', departments: null },
    ]);
  });

  it('keeps people whose record is huge or nested without end, without that record', async () => {
    const platform = FakePlatform.company(1, 1);
    let deep: JsonObject = {};
    for (let level = 0; level < 50_000; level++) deep = { deep };
    platform.addUser('deep', ['1'], { raw: deep });
    platform.addUser('huge', ['1'], { raw: { text: 'x'.repeat(200_000) } });
    platform.addUser('fields', ['1'], { customFields: deep });
    platform.users.set('both', { externalId: '', raw: deep });
    platform.usersBy = 'company';
    expect((await harness.sync(con, platform)).counts.users).toMatchObject({ created: 3, rejected: 2 });
    const raw = await harness.query(
      `select external_id as id, raw from user_records join users on id = user_id
       where connection_id = $1 and external_id in ('deep', 'huge') order by 1`,
      [con],
    );
    const omitted = { omitted: 'too large or too deep to be kept' };
    expect(raw).toEqual([
      { id: 'deep', raw: omitted },
      { id: 'huge', raw: omitted },
    ]);
  });

  it('S8: memory does not grow with the company', async () => {
    const platform = new FakePlatform();
    platform.addDepartment('1', null, '总部');
    const page = (start: number) =>
      Array.from({ length: 500 }, (_, i) => ({
        externalId: `m${start + i}`,
        displayName: `员工${start + i}`,
        memberships: [{ departmentId: '1' }],
        raw: { pad: 'x'.repeat(500) },
      }));
    platform.usersBy = 'company';
    let heapAtHalf = 0;
    platform.directory.listUsers = async (_context, { cursor }) => {
      const start = Number(cursor ?? 0);
      if (start === 10_000) heapAtHalf = process.memoryUsage().heapUsed;
      return {
        items: page(start),
        rejected: [],
        cursor: start >= 19_500 ? null : String(start + 500),
        done: start >= 19_500,
      };
    };
    expect(await harness.sync(con, platform, {}, { writer: {} })).toMatchObject({
      counts: { users: { created: 20_000 } },
    });
    expect(process.memoryUsage().heapUsed - heapAtHalf).toBeLessThan(150e6);
  }, 60_000);
});
