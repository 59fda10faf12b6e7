import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakePlatform } from './fake-platform.js';
import { RunsApp } from './runs-app.js';

/** Lets a test hold the platform back, and let go. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

function holdBack(platform: FakePlatform, until: Promise<void>): void {
  const listUsers = platform.directory.listUsers.bind(platform.directory);
  platform.directory.listUsers = async (context, input) => {
    await until;
    return listUsers(context, input);
  };
}

describe('runs over the API', () => {
  let app: RunsApp;

  beforeAll(async () => {
    app = await RunsApp.start();
  });
  afterAll(() => app.stop());

  it('starts a run, shows it while it goes and when it is over, and lists it', async () => {
    const platform = FakePlatform.company(40, 4);
    const held = gate();
    holdBack(platform, held.opened);
    const id = await app.connect(platform);
    const started = await app.call('POST', `/connections/${id}/runs`, { kind: 'directory' });
    expect(started.status).toBe(202);
    expect(started.body).toMatchObject({
      connectionId: id, kind: 'directory', mode: 'full', dryRun: false, status: 'queued', error: null,
      counts: { users: { created: 0, updated: 0, unchanged: 0, disabled: 0, restored: 0, rejected: 0 }, departments: { created: 0 } },
    }); // prettier-ignore
    await sleep(150);
    const second = await app.call('POST', `/connections/${id}/runs`, { kind: 'directory' });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'run_in_progress', runId: started.body.id });
    const { body: going } = await app.call('GET', `/runs/${started.body.id}`);
    expect(going).toMatchObject({
      status: 'running',
      progress: { phase: 'fetch', startedAt: expect.any(String) },
    });
    held.open();
    const run = await app.ended(started.body.id as string);
    expect(run).toMatchObject({
      status: 'success', counts: { users: { created: 40 }, departments: { created: 4 } },
      progress: { phase: 'done', departmentsDone: 4, departmentsTotal: 4, usersRead: 40, pages: 5, planned: 44, applied: 44, estimatedSecondsLeft: 0 },
    }); // prettier-ignore
    const { body: list } = await app.call('GET', `/runs?connectionId=${id}&status=success&limit=1`);
    expect(list).toEqual({ data: [run], nextCursor: null });
    const { body: stats } = await app.call('GET', `/connections/${id}/stats`);
    expect(stats).toMatchObject({
      users: { active: 40 },
      departments: 4,
      lastRun: { id: run.id, status: 'success' },
    });
  });

  it('refuses what is not there with a clear answer', async () => {
    const id = await app.connect(FakePlatform.company(1, 1));
    const post = (body: unknown, connection = id) =>
      app.call('POST', `/connections/${connection}/runs`, body);
    expect((await post({ kind: 'tasks' })).status).toBe(422);
    expect((await post({ kind: 'directory', mode: 'incremental' })).status).toBe(422);
    expect(await post({ kind: 'people' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/kind' }] },
    });
    expect(await post({ kind: 'directory', dryrun: true })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/dryrun' }] },
    });
    expect((await post({ kind: 'directory' }, 'con_none')).status).toBe(404);
    expect((await app.call('GET', '/runs/run_none')).status).toBe(404);
    expect((await app.call('GET', '/runs/run_none/plan')).status).toBe(404);
    expect((await app.call('POST', '/runs/run_none/apply')).status).toBe(404);
  });

  it('plans in a dry run: lines with values before and after, as JSON and as CSV that no spreadsheet runs', async () => {
    const platform = FakePlatform.company(30, 3);
    const id = await app.connect(platform);
    await app.sync(id);
    platform.addUser('p100', ['2'], { displayName: '=HYPERLINK("http://evil")', mobile: '+8613700001111' });
    platform.change('p4', { jobTitle: '@SUM(A1), "经理"' });
    platform.move('p5', ['1', '2']);
    platform.remove('p6');
    platform.addDepartment('2', '1', '新名');
    const run = await app.sync(id, { dryRun: true });
    expect(run).toMatchObject({
      status: 'planned',
      notes: { moved: 1 },
      counts: { users: { created: 1, updated: 2, disabled: 1 } },
    });
    const { body: plan } = await app.call('GET', `/runs/${run.id}/plan`);
    const line = (externalId: string) =>
      plan.data.find((entry: { externalId: string }) => entry.externalId === externalId);
    expect(plan.data).toHaveLength(5);
    expect(line('2')).toMatchObject({
      kind: 'department',
      action: 'update',
      name: '新名',
      changes: [{ field: 'name', before: '部门2', after: '新名' }],
    });
    expect(line('p4').changes).toEqual([{ field: 'jobTitle', before: '工程师', after: '@SUM(A1), "经理"' }]);
    expect(line('p5')).toMatchObject({
      moved: true,
      changes: [
        {
          field: 'memberships',
          before: [{ isPrimary: true }],
          after: [{ isPrimary: true }, { isPrimary: false }],
        },
      ],
    });
    expect(line('p6')).toMatchObject({
      action: 'disable',
      reason: 'absent',
      changes: [{ field: 'status', before: 'active', after: 'disabled' }],
    });
    expect(line('p100').changes).toContainEqual({ field: 'mobile', before: null, after: '+8613700001111' });
    const csv = await app.call('GET', `/runs/${run.id}/plan`, undefined, { accept: 'text/csv' });
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.text).toContain(`user,update,p4,员工p4,,jobTitle,工程师,"'@SUM(A1), ""经理"""`);
    expect(csv.text).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(csv.text).toContain(`,"'+8613700001111"`);

    const paged: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await app.call('GET', `/runs/${run.id}/plan?kind=user&limit=3${cursor}`);
      paged.push(...body.data.map((entry: { externalId: string }) => entry.externalId));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(paged.sort()).toEqual(['p100', 'p4', 'p5', 'p6']);

    expect((await app.call('POST', `/runs/${run.id}/apply`)).status).toBe(202);
    expect(await app.ended(run.id as string)).toMatchObject({
      status: 'success',
      approvedBy: expect.any(String),
      counts: run.counts,
    });
    const { body: applied } = await app.call('GET', `/runs/${run.id}/plan`);
    expect(applied.data.find((entry: { externalId: string }) => entry.externalId === 'p4')).toMatchObject({
      applied: true, changes: [{ field: 'jobTitle', before: '工程师', after: '@SUM(A1), "经理"' }],
    }); // prettier-ignore
    expect((await app.call('POST', `/runs/${run.id}/apply`)).body).toMatchObject({
      status: 409,
      code: 'conflict',
    });
  });

  it('says that a plan is outdated when somebody in it changed since', async () => {
    const platform = FakePlatform.company(20, 2);
    const id = await app.connect(platform);
    await app.sync(id);
    platform.change('p4', { jobTitle: 'A' });
    const planned = await app.sync(id, { dryRun: true });
    platform.change('p4', { jobTitle: 'B' });
    await app.sync(id);
    expect(await app.call('POST', `/runs/${planned.id}/apply`)).toMatchObject({
      status: 409,
      body: { code: 'plan_outdated', outdated: 1, planned: 1 },
    });
    const again = await app.sync(id, { dryRun: true });
    await app.database.dataSource.query('truncate staged_users, staged_departments, run_walks');
    platform.change('p4', { jobTitle: 'C' });
    expect(again.counts.users.updated).toBe(0);
    const third = await app.sync(id, { dryRun: true });
    await app.database.dataSource.query('truncate staged_users, staged_departments, run_walks');
    expect(await app.call('POST', `/runs/${third.id}/apply`)).toMatchObject({
      status: 409,
      body: { code: 'plan_outdated' },
    });
  });

  it('blocks, and goes on when a named client approves; the audit log knows who', async () => {
    const platform = FakePlatform.company(40, 2);
    const id = await app.connect(platform);
    await app.sync(id);
    for (let i = 1; i <= 20; i++) platform.remove(`p${i}`);
    const blocked = await app.sync(id);
    expect(blocked).toMatchObject({
      status: 'blocked',
      error: { code: 'too_many_disabled', numbers: { disabling: 20, allowed: 10 } },
    });
    const reader = await app.client(['directory:read']);
    expect((await reader.call('POST', `/runs/${blocked.id}/apply`)).status).toBe(403);
    const approver = await app.client(['runs:write'], [id]);
    expect((await approver.call('POST', `/runs/${blocked.id}/apply`)).status).toBe(202);
    expect(await app.ended(blocked.id as string)).toMatchObject({
      status: 'success',
      approvedBy: 'LMS runs:write',
    });
    const { body: audit } = await app.call('GET', `/audit-entries?limit=5`);
    expect(audit.data.find((entry: { action: string }) => entry.action === 'run.approved')).toMatchObject({
      subject: { type: 'run', id: blocked.id }, actor: { name: 'LMS runs:write' },
    }); // prettier-ignore
  });

  it('lists rejected records, and hides raw ones and contact data from who may not see them', async () => {
    const platform = FakePlatform.company(10, 2);
    platform.change('p1', { displayName: 'x'.repeat(300) });
    const id = await app.connect(platform);
    const run = await app.sync(id);
    expect(run.status).toBe('partial');
    const { body } = await app.call('GET', `/runs/${run.id}/rejected`);
    expect(body.data).toEqual([
      {
        kind: 'user',
        externalId: 'p1',
        reason: 'displayName is longer than 200 characters',
        raw: expect.objectContaining({ userid: 'p1' }),
        at: expect.any(String),
      },
    ]);
    const reader = await app.client(['directory:read'], [id]);
    expect((await reader.call('GET', `/runs/${run.id}/rejected`)).body.data[0].raw).toBeNull();
    const plan = await reader.call('GET', `/runs/${run.id}/plan?kind=user&limit=1`);
    expect(plan.body.data[0].changes).toContainEqual({ field: 'mobile', before: null, after: null });
    expect(plan.text).not.toContain('+86139');
  });

  it('shows a restricted client only the runs of its connections', async () => {
    const [mine, other] = [
      await app.connect(FakePlatform.company(1, 1)),
      await app.connect(FakePlatform.company(1, 1)),
    ];
    const [myRun, otherRun] = [await app.sync(mine), await app.sync(other)];
    const client = await app.client(['directory:read', 'runs:write'], [mine]);
    expect((await client.call('GET', '/runs')).body.data.map((run: { id: string }) => run.id)).toEqual([
      myRun.id,
    ]);
    for (const path of ['', '/plan', '/rejected', '/progress']) {
      expect((await client.call('GET', `/runs/${otherRun.id}${path}`)).status).toBe(404);
    }
    expect((await client.call('POST', `/runs/${otherRun.id}/apply`)).status).toBe(404);
    expect((await client.call('POST', `/runs/${otherRun.id}/cancel`)).status).toBe(404);
    expect((await client.call('POST', `/connections/${other}/runs`, { kind: 'directory' })).status).toBe(404);
  });

  it('maps with expressions over the raw record: a mapped value wins, a failing expression rejects that record', async () => {
    const platform = FakePlatform.company(5, 1);
    platform.change('p1', { employeeNumber: null });
    platform.change('p2', {
      raw: { extattr: { attrs: [{ name: '工号', text: { value: 'G-2' } }] }, phone: '139 0000 2222' },
    });
    platform.change('p3', { raw: { boom: true } });
    const id = await app.connect(platform, {
      mapping: {
        user: { employeeNumber: `extattr.attrs[name='工号'].text.value`, mobile: 'phone', displayName: `boom ? $error("no") : undefined` },
        department: { code: `"D-" & id` },
      },
    }); // prettier-ignore
    const run = await app.sync(id);
    expect(run).toMatchObject({ status: 'partial', counts: { users: { created: 4, rejected: 1 } } });
    const { body: rejected } = await app.call('GET', `/runs/${run.id}/rejected`);
    expect(rejected.data[0]).toMatchObject({
      externalId: 'p3',
      reason: expect.stringContaining('mapping of displayName'),
    });
    const { body: users } = await app.call('GET', `/users?connectionId=${id}&externalId=p2`);
    expect(users.data[0]).toMatchObject({
      employeeNumber: 'G-2',
      mobile: '+8613900002222',
      displayName: '员工p2',
    });
    expect((await app.call('GET', `/departments?connectionId=${id}`)).body.data[0]).toMatchObject({
      code: 'D-1',
    });
  });

  it('reports drift in a reconcile run, whose values can still be read afterwards', async () => {
    const platform = FakePlatform.company(10, 1);
    const id = await app.connect(platform);
    await app.sync(id);
    platform.change('p2', { jobTitle: '总监' });
    const run = await app.sync(id, { mode: 'reconcile' });
    expect(run).toMatchObject({ status: 'success', notes: { drift: { users: 1, departments: 0 } } });
    const { body: plan } = await app.call('GET', `/runs/${run.id}/plan`);
    expect(plan.data).toEqual([
      expect.objectContaining({
        externalId: 'p2',
        name: '员工p2',
        applied: false,
        changes: [{ field: 'jobTitle', before: '工程师', after: '总监' }],
      }),
    ]);
    expect((await app.call('POST', `/runs/${run.id}/apply`)).status).toBe(409);
  });

  it('streams progress until the run is over', async () => {
    const platform = FakePlatform.company(20, 2);
    const held = gate();
    holdBack(platform, held.opened);
    const id = await app.connect(platform);
    const run = await app.start(id);
    setTimeout(held.open, 700);
    const { status, text, headers } = await app.call('GET', `/runs/${run.id}/progress`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/event-stream');
    const events = [...text.matchAll(/event: (\w+)\n(?:id: .*\n)?data: (.*)\n/g)].map(([, type, data]) => ({
      type,
      status: JSON.parse(data!).status as string,
    }));
    expect(events.length).toBeGreaterThan(1);
    expect(events.at(-1)).toEqual({ type: 'end', status: 'success' });
    expect(events.slice(0, -1).every(({ type }) => type === 'progress')).toBe(true);
  });

  it('cancels a run that waits for the platform, at once', async () => {
    const platform = FakePlatform.company(20, 2);
    platform.directory.listUsers = () => new Promise(() => undefined);
    const id = await app.connect(platform);
    const run = await app.start(id);
    await sleep(200);
    expect(await app.call('POST', `/runs/${run.id}/cancel`)).toMatchObject({
      status: 200,
      body: { status: 'canceled' },
    });
    expect((await app.call('POST', `/runs/${run.id}/cancel`)).status).toBe(409);
    const { directory } = FakePlatform.company(20, 2);
    platform.directory.listUsers = (context, input) => directory.listUsers(context, input);
    expect((await app.sync(id)).status).toBe('success');
  });

  it('goes on with the same run after a restart, with an open progress stream holding nothing up', async () => {
    const platform = FakePlatform.company(40, 4);
    const listUsers = platform.directory.listUsers.bind(platform.directory);
    let restarted = false;
    platform.directory.listUsers = async (context, input) => {
      if (input.departmentId === '3' && !restarted) {
        await new Promise((_, reject) =>
          context.signal.addEventListener('abort', () => reject(new Error('aborted'))),
        );
      }
      return listUsers(context, input);
    };
    const id = await app.connect(platform);
    const run = await app.start(id);
    await sleep(300);
    const stream = app.call('GET', `/runs/${run.id}/progress`).catch(() => null);
    const began = Date.now();
    await app.restart(async () => {
      restarted = true;
      platform.calls.length = 0;
    });
    expect(Date.now() - began).toBeLessThan(8_000);
    await stream;
    expect(await app.ended(run.id as string)).toMatchObject({
      id: run.id,
      status: 'success',
      counts: { users: { created: 40 } },
    });
    expect(platform.calls.filter((call) => call.startsWith('department:'))).toEqual(['department:3@']);
  });
});
