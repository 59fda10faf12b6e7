import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineHarness } from './engine-harness.js';
import { FakePlatform } from './fake-platform.js';

interface Change {
  type: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown>;
  cause: { runId: string };
}

describe('sync', () => {
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

  const user = async (externalId: string) =>
    (
      await harness.query<Record<string, unknown>>(
        `select u.*, (select string_agg(d.external_id, ',' order by m.is_primary desc, d.external_id) from memberships m
           join departments d on d.id = m.department_id where m.user_id = u.id) as departments
         from users u where connection_id = $1 and external_key = lower($2)`,
        [con, externalId],
      )
    )[0]!;
  const department = async (externalId: string) =>
    (
      await harness.query<Record<string, unknown>>(
        `select * from departments where connection_id = $1 and external_id = $2`,
        [con, externalId],
      )
    )[0]!;
  const changes = (after = 0) =>
    harness.query<Change & { sequence: string }>(
      `select * from directory_changes where connection_id = $1 and sequence > $2 order by sequence`,
      [con, after],
    );
  const lastSequence = async () => Number((await changes()).at(-1)?.sequence ?? 0);

  it('takes a company in: departments as a tree, people with their memberships, each change on the feed once', async () => {
    const platform = FakePlatform.company(230, 20);
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'success',
      error: null,
      counts: {
        users: { created: 230, updated: 0, unchanged: 0, disabled: 0, restored: 0, rejected: 0 },
        departments: { created: 20, updated: 0, unchanged: 0, disabled: 0, restored: 0, rejected: 0 },
      },
    });
    expect(await user('p9')).toMatchObject({
      display_name: '员工p9', employee_number: 'E-p9', mobile: '+8613900000009', status: 'active', departments: '10', withheld_fields: [],
    }); // prettier-ignore
    const [root, leaf, middle] = [await department('1'), await department('16'), await department('2')];
    expect(leaf.path_ids).toEqual([root.id, middle.id, leaf.id]);
    const feed = await changes();
    expect(feed).toHaveLength(250);
    expect(new Set(feed.map((change) => change.type))).toEqual(
      new Set(['department.created', 'user.created']),
    );
    expect(feed[15]!.after).toMatchObject({ path: '总部/部门2/部门16', leaderIds: [], externalId: '16' });
    expect(feed.every((change) => change.cause.runId === run.id)).toBe(true);
  });

  it('S10: a second identical sync writes nothing to the directory', async () => {
    const platform = FakePlatform.company(120, 9);
    await harness.sync(con, platform);
    const state = `select md5(string_agg(x, ';' order by x)) from (
      select 'u' || id || xmin || ctid::text as x from users where connection_id = $1
      union all select 'd' || id || xmin || ctid::text from departments where connection_id = $1
      union all select 'r' || user_id || r.xmin || r.ctid::text from user_records r join users on id = user_id where connection_id = $1
      union all select 'm' || user_id || m.xmin || m.ctid::text from memberships m join users on id = user_id where connection_id = $1
      union all select 'c' || sequence || xmin from directory_changes where connection_id = $1) rows`;
    const before = await harness.query(state, [con]);
    const run = await harness.sync(con, platform);
    expect(run).toMatchObject({
      status: 'success',
      counts: {
        users: { created: 0, updated: 0, unchanged: 120, disabled: 0 },
        departments: { unchanged: 9, updated: 0 },
      },
    });
    expect(await harness.query(state, [con])).toEqual(before);
  });

  it('S6: a joiner, a mover who is renamed, an edit and a leaver in one run', async () => {
    const platform = FakePlatform.company(100, 10);
    await harness.sync(con, platform);
    const since = await lastSequence();
    platform.addUser('p500', ['3', '4']);
    platform.move('p7', ['5']);
    platform.change('p7', { displayName: '新名字' });
    platform.change('p8', { jobTitle: null });
    platform.remove('p9');
    const run = await harness.sync(con, platform);
    expect(run.counts.users).toEqual({
      created: 1,
      updated: 2,
      unchanged: 97,
      disabled: 1,
      restored: 0,
      rejected: 0,
    });
    expect(await user('p500')).toMatchObject({ departments: '3,4' });
    expect(await user('p7')).toMatchObject({ departments: '5', display_name: '新名字' });
    expect(await user('p9')).toMatchObject({
      status: 'disabled',
      disabled_reason: 'absent',
      departments: '10',
    });
    expect((await user('p9')).disabled_at).toBeInstanceOf(Date);
    const feed = await changes(since);
    const of = (type: string) => feed.filter((change) => change.type === type);
    expect(feed).toHaveLength(4);
    expect(of('user.updated').find((change) => change.after.externalId === 'p7')!.before).toEqual({
      displayName: '员工p7',
      memberships: [expect.objectContaining({ isPrimary: true })],
    });
    expect(of('user.updated').find((change) => change.after.externalId === 'p8')!.before).toEqual({
      jobTitle: '工程师',
    });
    expect(of('user.disabled')[0]!.before).toMatchObject({ status: 'active' });
  });

  it('S5: somebody who comes back is the same user, restored with their history', async () => {
    const platform = FakePlatform.company(40, 4);
    await harness.sync(con, platform);
    const before = await user('p3');
    const record = platform.users.get('p3')!;
    platform.remove('p3');
    await harness.sync(con, platform);
    platform.addUser('p3', ['2'], record);
    const run = await harness.sync(con, platform);
    expect(run.counts.users).toMatchObject({ restored: 1, created: 0, updated: 0, unchanged: 39 });
    expect(await user('p3')).toMatchObject({
      id: before.id,
      status: 'active',
      disabled_at: null,
      disabled_reason: null,
    });
    expect((await changes()).filter(({ after }) => after.externalId === 'p3').map(({ type }) => type)).toEqual([
      'user.created', 'user.disabled', 'user.restored',
    ]); // prettier-ignore
  });

  it('S5: an id given to somebody else shows as an update that names every changed field', async () => {
    const platform = FakePlatform.company(20, 2);
    await harness.sync(con, platform);
    platform.change('p3', {
      displayName: '另一人',
      employeeNumber: 'E-777',
      mobile: '+8613711112222',
      workEmail: 'other@x.example.test',
    });
    await harness.sync(con, platform);
    const last = (await changes()).at(-1)!;
    expect(last.type).toBe('user.updated');
    expect(Object.keys(last.before!).sort()).toEqual([
      'displayName',
      'employeeNumber',
      'mobile',
      'workEmail',
    ]);
  });

  it('disables whom the platform lists as disabled, and keeps that when nothing changes', async () => {
    const platform = FakePlatform.company(20, 2);
    await harness.sync(con, platform);
    platform.change('p3', { status: 'disabled' });
    expect((await harness.sync(con, platform)).counts.users).toMatchObject({
      disabled: 1,
      updated: 0,
      unchanged: 19,
    });
    expect(await user('p3')).toMatchObject({ status: 'disabled', disabled_reason: 'platform' });
    expect((await harness.sync(con, platform)).counts.users).toMatchObject({
      disabled: 0,
      updated: 0,
      unchanged: 20,
    });
  });

  it('takes one person out of several departments, case and listings as one user', async () => {
    const platform = FakePlatform.company(5, 5);
    platform.usersBy = 'both';
    platform.addUser('Lin.Mei', ['2', '3', '4']);
    platform.change('Lin.Mei', {
      memberships: [{ departmentId: '2', isPrimary: true }, { departmentId: '3', isLeader: true }, { departmentId: '4', order: 3 }],
    }); // prettier-ignore
    platform.users.set('lin.mei', {
      externalId: 'lin.mei',
      idOnly: true,
      memberships: [{ departmentId: '5' }],
      raw: {},
    });
    const run = await harness.sync(con, platform);
    expect(run.counts.users.created).toBe(6);
    expect(await user('lin.mei')).toMatchObject({ external_id: 'Lin.Mei', departments: '2,3,4,5' });
    expect((await harness.sync(con, platform)).counts.users).toMatchObject({ unchanged: 6, updated: 0 });
  });

  it('keeps what the platform stops telling, and says that it is withheld', async () => {
    const platform = FakePlatform.company(3, 1);
    await harness.sync(con, platform);
    const { mobile: _mobile, workEmail: _workEmail, ...rest } = platform.users.get('p1')!;
    platform.users.set('p1', rest);
    platform.change('p2', { mobile: null });
    await harness.sync(con, platform);
    expect(await user('p1')).toMatchObject({
      mobile: '+8613900000001',
      withheld_fields: ['workEmail', 'mobile'],
    });
    expect(await user('p2')).toMatchObject({ mobile: null, withheld_fields: [] });
    expect((await harness.sync(con, platform)).counts.users).toMatchObject({ unchanged: 3 });
  });

  it('finds managers whoever comes first, and links them when they appear later', async () => {
    const platform = FakePlatform.company(10, 2);
    platform.change('p1', { managerExternalId: 'P10' });
    platform.change('p2', { managerExternalId: 'boss' });
    platform.change('p3', { managerExternalId: 'p3' });
    platform.change('p4', { managerExternalId: 'p5' });
    platform.change('p5', { managerExternalId: 'p4' });
    await harness.sync(con, platform);
    expect((await user('p1')).manager_id).toBe((await user('p10')).id);
    expect(await user('p2')).toMatchObject({ manager_external_id: 'boss', manager_id: null });
    expect((await user('p3')).manager_id).toBeNull();
    expect((await user('p4')).manager_id).toBe((await user('p5')).id);
    platform.addUser('boss', ['1']);
    const run = await harness.sync(con, platform);
    expect(run.counts.users).toMatchObject({ created: 1, updated: 1, unchanged: 9 });
    expect((await user('p2')).manager_id).toBe((await user('boss')).id);
    expect((await changes()).at(-1)).toMatchObject({ type: 'user.updated', before: { managerId: null } });
  });

  it('follows departments: rename, move, leaders, removal with its people moved, return', async () => {
    const platform = FakePlatform.company(30, 6);
    await harness.sync(con, platform);
    platform.addDepartment('3', '2', '改名', { leaderExternalIds: ['P1', 'nobody'] });
    platform.departments.delete('6');
    for (const id of ['p5', 'p11', 'p17', 'p23', 'p29']) platform.move(id, ['5']);
    const since = await lastSequence();
    const run = await harness.sync(con, platform);
    expect(run.status).toBe('success');
    expect(run.counts.departments).toMatchObject({ updated: 1, disabled: 1, unchanged: 4 });
    const feed = await changes(since);
    const updated = feed.find((change) => change.type === 'department.updated')!;
    expect(updated.before).toEqual({ name: '部门3', parentId: expect.any(String), leaderIds: [] });
    expect(updated.after).toMatchObject({
      name: '改名',
      path: '总部/部门2/改名',
      leaderIds: [(await user('p1')).id],
    });
    expect(feed.find((change) => change.type === 'department.removed')!.after).toMatchObject({
      externalId: '6',
      status: 'disabled',
    });
    platform.addDepartment('6', '1', '部门6');
    expect((await harness.sync(con, platform)).counts.departments).toMatchObject({ restored: 1, created: 0 });
    expect(await department('6')).toMatchObject({ status: 'active', disabled_at: null });
  });

  it('drops memberships of departments that leave, and brings them back with the department', async () => {
    const platform = FakePlatform.company(4, 2);
    platform.addDepartment('9', '1', '项目组');
    platform.addUser('x', ['2', '9']);
    await harness.sync(con, platform);
    const gone = platform.departments.get('9')!;
    platform.departments.delete('9');
    expect((await harness.sync(con, platform)).counts).toMatchObject({
      users: { updated: 1 },
      departments: { disabled: 1 },
    });
    expect(await user('x')).toMatchObject({ departments: '2' });
    platform.departments.set('9', gone);
    expect((await harness.sync(con, platform)).counts).toMatchObject({
      users: { updated: 1 },
      departments: { restored: 1 },
    });
    expect(await user('x')).toMatchObject({ departments: '2,9' });
  });

  it('leaves local memberships alone', async () => {
    const platform = FakePlatform.company(4, 3);
    await harness.sync(con, platform);
    await harness.query(`insert into memberships (user_id, department_id, source) values ($1, $2, 'local')`, [
      (await user('p1')).id,
      (await department('3')).id,
    ]);
    platform.move('p1', ['1']);
    await harness.sync(con, platform);
    expect(await user('p1')).toMatchObject({ departments: '1,3' });
  });

  it('S12: a dry run writes nothing, and the run that follows does what it said', async () => {
    const platform = FakePlatform.company(60, 6);
    await harness.sync(con, platform);
    const before = await harness.fingerprint(con);
    platform.addUser('p100', ['2']);
    platform.remove('p4');
    platform.move('p5', ['1']);
    const planned = await harness.sync(con, platform, { dryRun: true });
    expect(planned).toMatchObject({
      status: 'planned',
      counts: { users: { created: 1, updated: 1, disabled: 1, unchanged: 58 } },
    });
    expect(await harness.fingerprint(con)).toBe(before);
    const lines = await harness.query(
      `select kind, action, external_id, moved from plan_lines where run_id = $1 order by external_id`,
      [planned.id],
    );
    expect(lines).toEqual([
      { kind: 'user', action: 'create', external_id: 'p100', moved: false },
      { kind: 'user', action: 'disable', external_id: 'p4', moved: false },
      { kind: 'user', action: 'update', external_id: 'p5', moved: true },
    ]);
    const applied = await harness.approve(planned.id, platform);
    expect(applied).toMatchObject({ status: 'success', counts: planned.counts });
    expect((await harness.sync(con, platform)).counts.users).toMatchObject({
      created: 0,
      updated: 0,
      disabled: 0,
    });
  });

  it('reconcile reports the drift and writes nothing', async () => {
    const platform = FakePlatform.company(30, 3);
    await harness.sync(con, platform);
    const before = await harness.fingerprint(con);
    platform.remove('p4');
    platform.change('p5', { jobTitle: '经理' });
    const run = await harness.sync(con, platform, { mode: 'reconcile' });
    expect(run).toMatchObject({
      status: 'success',
      counts: { users: { updated: 1, disabled: 1 } },
      notes: { drift: { users: 2, departments: 0 } },
    });
    expect(await harness.fingerprint(con)).toBe(before);
  });

  it('keeps two connections apart, also when their people have the same ids', async () => {
    const [one, two] = [FakePlatform.company(10, 2), FakePlatform.company(10, 2)];
    two.change('p1', { displayName: '别人' });
    await Promise.all([harness.sync(con, one), harness.sync(`${con}_b`, two)]);
    const names = await harness.query(
      `select display_name from users where external_key = 'p1' and connection_id like $1 order by connection_id`,
      [`${con}%`],
    );
    expect(names).toEqual([{ display_name: '员工p1' }, { display_name: '别人' }]);
  });

  it('tells the run as an outgoing event', async () => {
    const run = await harness.sync(con, FakePlatform.company(3, 1));
    const [event] = await harness.query<{ data: Record<string, unknown> }>(
      `select data from outgoing_events where type = 'run.finished' and subject_id = $1`,
      [run.id],
    );
    expect(event!.data).toMatchObject({ id: run.id, status: 'success', counts: { users: { created: 3 } } });
  });

  it('ends its reading with whole figures, whichever page was written last', async () => {
    const platform = FakePlatform.company(60, 6);
    platform.pageSize = 100;
    const con = 'con_figures';
    const run = await harness.sync(
      con,
      platform,
      {},
      { writer: { flushRecords: 1, flushAfterMs: 1, maxWaiting: 1 } },
    );
    expect(run.progress).toMatchObject({ departmentsDone: 6, departmentsTotal: 6, usersRead: 60 });
  });
});
