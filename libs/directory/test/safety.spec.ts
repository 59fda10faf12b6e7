import { ConnectorError } from '@trainbridge/connector-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineHarness } from './engine-harness.js';
import { FakePlatform, unavailable } from './fake-platform.js';

describe('what keeps people safe', () => {
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

  const active = async () =>
    (
      await harness.query<{ n: number }>(
        `select count(*)::int as n from users where connection_id = $1 and status <> 'disabled'`,
        [con],
      )
    )[0]!.n;
  const removeMany = (platform: FakePlatform, count: number) =>
    [...platform.users.keys()].slice(0, count).forEach((id) => platform.remove(id));

  it('S1: a source that shows nobody any more is blocked, however small the company', async () => {
    const platform = FakePlatform.company(6, 2);
    await harness.sync(con, platform);
    removeMany(platform, 6);
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'blocked',
      error: { code: 'source_empty', numbers: { active: 6, disabling: 6 } },
    });
    expect(await active()).toBe(6);
  });

  it('S2: 30 % gone is blocked; approving carries out exactly that plan', async () => {
    const platform = FakePlatform.company(100, 5);
    await harness.sync(con, platform);
    removeMany(platform, 30);
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'blocked',
      counts: { users: { disabled: 30 } },
      error: {
        code: 'too_many_disabled',
        numbers: { active: 100, disabling: 30, disabledIn24h: 0, allowed: 20 },
      },
    });
    expect(await active()).toBe(100);
    expect(await harness.approve(run.id, platform)).toMatchObject({
      status: 'success',
      error: null,
      counts: { users: { disabled: 30 } },
    });
    expect(await active()).toBe(70);
    // What a person approved does not count against the next run.
    removeMany(platform, 5);
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'success',
      counts: { users: { disabled: 5 } },
    });
  });

  it('counts what was disabled in the last 24 hours, run after run', async () => {
    const platform = FakePlatform.company(100, 5);
    await harness.sync(con, platform);
    removeMany(platform, 12);
    expect((await harness.sync(con, platform)).status).toBe('success');
    removeMany(platform, 6);
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'blocked',
      error: { numbers: { disabling: 6, disabledIn24h: 12, active: 88, allowed: 17 } },
    });
    await harness.query(
      `update directory_changes set at = at - interval '25 hours' where connection_id = $1`,
      [con],
    );
    expect((await harness.sync(con, platform)).status).toBe('success');
  });

  it('lets ten people of a small company go, and obeys its own limits', async () => {
    const platform = FakePlatform.company(20, 2);
    await harness.sync(con, platform);
    removeMany(platform, 10);
    expect((await harness.sync(con, platform)).status).toBe('success');
    platform.guard = { maxDisabled: 12 };
    removeMany(platform, 3);
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'blocked',
      error: { code: 'too_many_disabled', numbers: { allowed: 10 } },
    });
  });

  it('blocks when more than half of the company would move', async () => {
    const platform = FakePlatform.company(60, 4);
    await harness.sync(con, platform);
    for (const id of [...platform.users.keys()].slice(0, 45)) platform.move(id, ['1']);
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'blocked',
      error: { code: 'too_many_moved', numbers: { allowed: 30 } },
    });
  });

  it('blocks when the app sees less than before and somebody seems gone', async () => {
    const platform = FakePlatform.company(50, 5);
    platform.grants = ['department:1', 'user:x'];
    await harness.sync(con, platform);
    platform.grants = ['department:1'];
    expect((await harness.sync(con, platform)).status).toBe('success');
    platform.grants = ['user:x'];
    platform.remove('p1');
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'blocked',
      error: { code: 'visibility_narrowed', missingGrants: ['department:1'] },
    });
    expect(await active()).toBe(50);
  });

  it('blocks when departments go with what the app saw of them, though their people are elsewhere too', async () => {
    const platform = FakePlatform.company(20, 4);
    platform.usersBy = 'company';
    platform.grants = ['department:1', 'department:4'];
    await harness.sync(con, platform);
    platform.grants = ['department:1'];
    platform.departments.delete('4');
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'blocked',
      error: { code: 'visibility_narrowed', numbers: { disabling: 0, leavingDepartments: 1 } },
    });
  });

  it('V7: a department that cannot be read makes the run partial: the rest goes on, nobody is disabled', async () => {
    const platform = FakePlatform.company(50, 5);
    await harness.sync(con, platform);
    platform.remove('p1');
    platform.addUser('p99', ['2']);
    platform.fault = ({ listing }) => (listing === 'department:3' ? unavailable() : undefined);
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'partial',
      counts: { users: { created: 1, disabled: 0 } },
      error: { code: 'partial_read', walks: [{ walk: 'department:3', code: 'unavailable' }] },
    });
    expect(await active()).toBe(51);
  });

  it('who leads a department, and in what order, stays as it was while that department cannot be read', async () => {
    const platform = FakePlatform.company(20, 4);
    platform.addUser('p1', ['2', '3'], {
      memberships: [
        { departmentId: '2', order: 5 },
        { departmentId: '3', order: 7, isLeader: true },
      ],
    });
    // As DingTalk: a list tells order and leadership of its own department only.
    const { directory } = platform;
    const whole = { ...directory };
    directory.listUsers = async (context, input) => {
      const page = await whole.listUsers(context, input);
      const items = page.items.map((user) => ({
        ...user,
        memberships: user.memberships?.map(({ departmentId, ...told }) =>
          departmentId === input.departmentId ? { departmentId, ...told } : { departmentId },
        ),
      }));
      return { ...page, items };
    };
    await harness.sync(con, platform);
    const before = await harness.fingerprint(con);
    platform.fault = ({ listing }) => (listing === 'department:3' ? unavailable() : undefined);
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({ status: 'partial', counts: { users: { updated: 0, disabled: 0 } } });
    platform.fault = null;
    expect(await harness.sync(con, platform)).toMatchObject({ counts: { users: { updated: 0 } } });
    expect(await harness.fingerprint(con)).toBe(before);
  });

  it('a listing of departments that breaks off disables no department and moves nobody out of one', async () => {
    const platform = FakePlatform.company(30, 30);
    platform.pageSize = 10;
    await harness.sync(con, platform);
    platform.fault = ({ listing, cursor }) =>
      listing === 'departments' && cursor === '10' ? unavailable() : undefined;
    const before = await harness.fingerprint(con);
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'partial',
      counts: { users: { disabled: 0, updated: 0 }, departments: { disabled: 0, updated: 0 } },
    });
    expect(await harness.fingerprint(con)).toBe(before);
  });

  it('fails, and changes nothing, when nothing at all could be read', async () => {
    const platform = FakePlatform.company(30, 3);
    await harness.sync(con, platform);
    platform.fault = () => unavailable();
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'failed',
      error: { code: 'unavailable' },
    });
    expect(await active()).toBe(30);
  });

  it('fails with the reason when the platform refuses the credentials, in the middle too', async () => {
    const platform = FakePlatform.company(30, 3);
    platform.fault = ({ listing }) => {
      if (listing !== 'department:2') return undefined;
      throw new ConnectorError('permission_denied', 'no right to read', {
        vendorCode: '60011',
        advice: { en: 'Tick it', 'zh-CN': '勾选' },
      });
    };
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'failed', error: { code: 'permission_denied', vendorCode: '60011', advice: { en: 'Tick it' } }, counts: { users: { created: 0 } },
    }); // prettier-ignore
  });

  it('gives up on a platform that is down instead of asking for every department', async () => {
    const platform = FakePlatform.company(400, 200);
    platform.fault = ({ listing }) => (listing.startsWith('department:') ? unavailable() : undefined);
    const run = await harness.sync(con, platform);
    expect(run.status).toBe('partial');
    expect(platform.calls.filter((call) => call.startsWith('department:')).length).toBeLessThan(40);
  });

  it('tries a call again that may be retried', async () => {
    const platform = FakePlatform.company(10, 2);
    platform.fault = ({ listing, count }) =>
      listing === 'department:2' && count === 1 ? unavailable() : undefined;
    expect(await harness.sync(con, platform, {}, { retryDelaysMs: [1] })).toMatchObject({
      status: 'success',
      counts: { users: { created: 10 } },
    });
  });

  it('begins a listing anew when its cursor expired', async () => {
    const platform = FakePlatform.company(60, 1);
    platform.pageSize = 20;
    platform.fault = ({ listing, cursor, count }) => {
      if (listing === 'department:1' && cursor === '40' && count === 3)
        throw new ConnectorError('cursor_expired', 'too old');
    };
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'success',
      counts: { users: { created: 60 } },
    });
  });

  it.each([
    [
      'a cursor loop',
      ({ cursor }: { cursor: string | null }) =>
        cursor === '20' ? { items: [], rejected: [], cursor: '10', done: false } : undefined,
    ],
    [
      'the same page twice',
      ({ cursor, count }: { cursor: string | null; count: number }) =>
        cursor === null && count < 3
          ? { items: [user('a') as never], rejected: [], cursor: `c${count}`, done: false }
          : cursor === 'c1'
            ? { items: [user('a') as never], rejected: [], cursor: '10', done: false }
            : undefined,
    ],
    [
      'empty pages without end',
      ({ count }: { count: number }) => ({ items: [], rejected: [], cursor: `e${count}`, done: false }),
    ],
    ['no page at all', () => null as never],
    ['half a page', () => ({ items: 'oops', rejected: [], cursor: null, done: true }) as never],
    ['neither cursor nor end', () => ({ items: [], rejected: [], cursor: null, done: false })],
    [
      'a crash of the connector',
      () => {
        throw new TypeError('x is not a function');
      },
    ],
  ])('%s ends that listing as failed, and only that one', async (_name, fault) => {
    const platform = FakePlatform.company(60, 2);
    platform.pageSize = 10;
    await harness.sync(con, platform);
    platform.remove('p2');
    platform.remove('p1');
    platform.fault = (call) => (call.listing === 'department:1' ? (fault(call) ?? undefined) : undefined);
    if (_name === 'no page at all') platform.directory.listUsers = nullFor(platform, '1');
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({ status: 'partial', counts: { users: { disabled: 0 } } });
    expect(run.error!.walks).toEqual([expect.objectContaining({ walk: 'department:1' })]);
    expect(await active()).toBeGreaterThanOrEqual(60);
  });

  it('rejects bad records one by one, keeps them to look at, and disables nobody', async () => {
    const platform = FakePlatform.company(30, 3);
    await harness.sync(con, platform);
    platform.remove('p9');
    platform.change('p1', { displayName: 7_000_000_000_000 as never, status: 'retired' as never });
    platform.change('p2', { displayName: 'x'.repeat(201) });
    platform.change('p3', { memberships: 'none' as never });
    platform.users.set('nul', { externalId: 'nu\0l', raw: { secret: 'no' } });
    platform.users.set('empty', { externalId: '', raw: {} });
    platform.usersBy = 'company';
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'partial',
      error: { code: 'records_rejected' },
      counts: { users: { rejected: 5, disabled: 0, unchanged: 26 } },
    });
    const rejected = await harness.query<{ external_id: string; reason: string; raw: object }>(
      `select external_id, reason, raw from rejected_records where run_id = $1 order by reason, external_id`,
      [run.id],
    );
    expect(rejected.map(({ external_id, reason }) => [external_id, reason])).toEqual([
      ['p2', 'displayName is longer than 200 characters'],
      ['nul', 'externalId holds characters that cannot be stored (NUL)'],
      ['', 'externalId is missing'],
      ['p3', 'memberships is not a list'],
      ['p1', 'status is none of active, pending, disabled'],
    ]); // prettier-ignore
    expect(rejected[0]!.raw).toMatchObject({ userid: 'p2' });
    expect(await active()).toBe(30);
  });

  it('lists what the connector itself rejected, once per record', async () => {
    const platform = FakePlatform.company(10, 3);
    platform.fault = ({ listing }) =>
      listing.startsWith('department:')
        ? {
            items: [],
            rejected: [
              { externalId: 'broken', reason: 'no name', raw: { userid: 'broken', big: 'y'.repeat(20_000) } },
            ],
            cursor: null,
            done: true,
          }
        : undefined;
    const run = await harness.sync(con, platform);
    expect(run.counts.users.rejected).toBe(1);
    const [row] = await harness.query<{ raw: { excerpt: string } }>(
      `select raw from rejected_records where run_id = $1`,
      [run.id],
    );
    expect(row!.raw.excerpt).toHaveLength(8 * 1024);
  });

  it('never creates people it may not read, and never disables them either', async () => {
    const platform = FakePlatform.company(30, 3);
    await harness.sync(con, platform);
    platform.users.set('p1', {
      externalId: 'P1',
      idOnly: true,
      memberships: [{ departmentId: '1' }],
      raw: {},
    });
    platform.users.set('stranger', {
      externalId: 'stranger',
      idOnly: true,
      memberships: [{ departmentId: '1' }],
      raw: {},
    });
    platform.departments.set('3', { externalId: '3', idOnly: true, parentExternalId: '1', raw: {} });
    platform.usersBy = 'company';
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'success', notes: { notVisible: { users: 2, departments: 1 } },
      counts: { users: { created: 0, disabled: 0 }, departments: { created: 0, disabled: 0 } },
    }); // prettier-ignore
    expect(await active()).toBe(30);
  });

  it('keeps a department that leaves while people it may not read still belong to it', async () => {
    const platform = FakePlatform.company(6, 3);
    platform.usersBy = 'company';
    await harness.sync(con, platform);
    platform.departments.delete('3');
    platform.users.set('p2', { externalId: 'p2', idOnly: true, raw: {} });
    platform.move('p5', ['1']);
    expect((await harness.sync(con, platform)).counts.departments).toMatchObject({
      disabled: 0,
      unchanged: 2,
    });
    platform.addUser('p2', ['1']);
    expect((await harness.sync(con, platform)).counts.departments).toMatchObject({ disabled: 1 });
  });
});

function user(externalId: string) {
  return { externalId, displayName: externalId, raw: {} };
}

function nullFor(platform: FakePlatform, departmentId: string): FakePlatform['directory']['listUsers'] {
  const listUsers = platform.directory.listUsers.bind(platform.directory);
  return async (context, input) =>
    input.departmentId === departmentId ? (null as never) : listUsers(context, input);
}
