import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineHarness } from './engine-harness.js';
import { FakePlatform, unavailable } from './fake-platform.js';

const OPTIONS = { retryDelaysMs: [], writer: { flushRecords: 5, flushAfterMs: 1 } };

/** Platforms that only tell the direct children of one department. */
describe('departments from parent to children', () => {
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

  const company = (departments = 40): FakePlatform => {
    const platform = FakePlatform.company(120, departments);
    platform.departmentsBy = 'parent';
    platform.pageSize = 3;
    return platform;
  };

  it('ends in the same directory as one listing, with no more calls than its pages need', async () => {
    const whole = FakePlatform.company(120, 40);
    await harness.sync('con_whole', whole);
    const platform = company();
    expect(await harness.sync(con, platform, {}, OPTIONS)).toMatchObject({
      status: 'success',
      counts: { departments: { created: 40 }, users: { created: 120 } },
    });
    expect(await harness.fingerprint(con)).toBe(await harness.fingerprint('con_whole'));
    const calls = platform.calls.filter((call) => /^(departments|children)/.test(call));
    const children = (id: string | null): number =>
      [...platform.departments.values()].filter((one) => one.parentExternalId === id).length;
    const pages = (count: number): number => Math.max(1, Math.ceil(count / platform.pageSize));
    const needed = [null, ...platform.departments.keys()].map((id) => pages(children(id)));
    expect(calls).toHaveLength(needed.reduce((sum, count) => sum + count, 0));
    expect(new Set(calls).size).toBe(calls.length);
  });

  it('walks a chain of a hundred levels', async () => {
    const platform = new FakePlatform();
    platform.departmentsBy = 'parent';
    platform.addDepartment('1', null, '总部');
    for (let level = 2; level <= 100; level++)
      platform.addDepartment(`${level}`, `${level - 1}`, `第${level}层`);
    platform.addUser('p1', ['100']);
    expect(await harness.sync(con, platform, {}, OPTIONS)).toMatchObject({
      status: 'success',
      counts: { departments: { created: 100 }, users: { created: 1 } },
    });
  });

  it('a circle and a department below two parents end the walk, each asked for once', async () => {
    const platform = company(5);
    const children = platform.directory.listDepartments.bind(platform.directory);
    platform.directory.listDepartments = async (context, input) => {
      const page = await children(context, input);
      const again = input.parentId === '5' ? ['1', '2'] : [];
      return { ...page, items: [...page.items, ...again.map((id) => platform.departments.get(id)!)] };
    };
    expect(await harness.sync(con, platform, {}, OPTIONS)).toMatchObject({
      status: 'success',
      counts: { departments: { created: 5 } },
    });
    expect(platform.calls.filter((call) => call.startsWith('children:')).sort()).toEqual(
      ['1', '2', '3', '4', '5']
        .map((id) => `children:${id}@`)
        .concat('children:1@3')
        .sort(),
    );
  });

  it('an unread branch makes the run partial and removes nobody', async () => {
    const platform = company();
    await harness.sync(con, platform, {}, OPTIONS);
    platform.fault = ({ listing }) => (listing === 'children:3' ? unavailable() : undefined);
    const run = await harness.sync(con, platform, {}, OPTIONS);
    expect(run).toMatchObject({
      status: 'partial',
      counts: { users: { disabled: 0 }, departments: { disabled: 0 } },
    });
  });

  it('goes on where it was stopped, and asks for nothing again that was written', async () => {
    const platform = company();
    const id = await harness.queue(con);
    const stop = new AbortController();
    platform.fault = ({ listing }) => {
      if (listing === 'children:9') stop.abort(new Error('stopped'));
    };
    await harness
      .engine(OPTIONS)
      .work(id, platform.open, stop.signal)
      .catch(() => undefined);
    platform.fault = null;
    const written = await harness.query<{ walk: string }>(
      `select walk from run_walks where run_id = $1 and done and (walk like 'children:%' or walk = 'departments')`,
      [id],
    );
    expect(written.length).toBeGreaterThan(0);
    const before = platform.calls.length;
    await harness.engine(OPTIONS).work(id, platform.open, new AbortController().signal);
    expect(await harness.run(id)).toMatchObject({
      status: 'success',
      counts: { departments: { created: 40 }, users: { created: 120 } },
    });
    const asked = new Set(platform.calls.slice(before).map((call) => call.split('@')[0]));
    expect(written.filter(({ walk }) => asked.has(walk))).toEqual([]);
  });
});
