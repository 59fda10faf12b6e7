import { Connectors, TaskRuns } from '@trainbridge/connections';
import { ConnectorError } from '@trainbridge/connector-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunWorker } from '../../directory/src/runs/run-worker.js';
import { WorkApp } from './work-app.js';
import { WorkPlatform } from './work-platform.js';

let app: WorkApp;
let platform: WorkPlatform;
let con: string;

beforeAll(async () => {
  app = await WorkApp.start();
});
afterAll(() => app?.stop());

beforeEach(async () => {
  platform = new WorkPlatform();
  con = await app.connect(platform);
});

const run = async (mode: string) =>
  app.ended((await app.ok('POST', `/connections/${con}/runs`, { kind: 'tasks', mode })).id as string);
const tasks = async () =>
  (await app.ok('GET', `/tasks?connectionId=${con}&limit=200`)).data as {
    id: string;
    externalId: string;
    status: string;
  }[];
const statuses = async () =>
  Object.fromEntries((await tasks()).map(({ externalId, status }) => [externalId, status]));

async function receive(...events: object[]): Promise<void> {
  const answer = await fetch(`${app.fixture.url}/callbacks/${con}`, {
    method: 'POST',
    body: JSON.stringify(events),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
}

const outcomesOf = async () =>
  app.until(async () => {
    const { data } = await app.ok('GET', `/platform-events?connectionId=${con}`);
    return data.length > 0 && data.every(({ status }: { status: string }) => status !== 'pending') && data;
  }, 'the end of the events');

describe('a run of kind tasks', () => {
  it('reads all there is, once each, with counts, and the next one what is new', async () => {
    for (let i = 0; i < 25; i++) platform.addTask(`t${i}`, i % 5 === 0 ? { status: 'approved' } : {});
    platform.pageSize = 10;
    const first = await run('full');
    expect(first).toMatchObject({
      status: 'success',
      error: null,
      counts: { tasks: { created: 25, updated: 0, unchanged: 0, rejected: 0 } },
      progress: { tasksRead: 25 },
    });
    expect([platform.lists.length, platform.gets.map((ids) => ids.length).sort()]).toEqual([3, [10, 10, 5]]);
    expect(Date.now() - platform.lists[0]!.since).toBeGreaterThan(29 * 86_400_000);
    expect(await tasks()).toHaveLength(25);
    platform.lists.length = platform.gets.length = 0;
    platform.addTask('t25');
    platform.decide('t1', 'rejected');
    const second = await run('incremental');
    // Decided tasks are not asked for again, open ones once.
    expect(second.counts.tasks).toEqual({ created: 1, updated: 1, unchanged: 19, rejected: 0 });
    expect(platform.gets.flat()).toHaveLength(21);
    const since = platform.lists[0]!.since;
    expect(Date.now() - since).toBeLessThan(2 * 3_600_000);
    expect(await statuses()).toMatchObject({ t0: 'approved', t1: 'rejected', t25: 'open' });
  });

  it('reads open tasks again that the listing does not name any more', async () => {
    platform.addTask('old');
    await run('full');
    platform.decide('old', 'approved');
    const kept = platform.tasks.get('old')!;
    platform.tasks.delete('old');
    platform.lookups.set('old', 'notVisible');
    expect((await run('incremental')).counts.tasks).toMatchObject({ updated: 0 });
    platform.lookups.delete('old');
    expect((await run('incremental')).counts.tasks).toMatchObject({ updated: 1 });
    expect(await statuses()).toEqual({ old: 'deleted' });
    platform.tasks.set('old', kept);
    await run('full');
    expect(await statuses()).toEqual({ old: 'approved' });
  });

  it('that could not read everything says so, keeps what it read, and leaves the rest to the next one', async () => {
    for (let i = 0; i < 20; i++) platform.addTask(`t${i}`);
    platform.pageSize = 10;
    platform.onCall = async (what, [first]) => {
      if (what === 'list' && first !== '')
        throw new ConnectorError('permission_denied', 'no approvals for you', { vendorCode: '301055' });
    };
    const partial = await run('full');
    expect(partial).toMatchObject({
      status: 'partial',
      error: { code: 'permission_denied', vendorCode: '301055' },
      counts: { tasks: { created: 10 } },
    });
    platform.onCall = async () => undefined;
    platform.lists.length = 0;
    expect(await run('incremental')).toMatchObject({ status: 'success', counts: { tasks: { created: 10 } } });
    expect(Date.now() - platform.lists[0]!.since).toBeGreaterThan(29 * 86_400_000);
    platform.onCall = async () => {
      throw new ConnectorError('auth_failed', 'bad secret');
    };
    expect(await run('incremental')).toMatchObject({ status: 'failed', error: { code: 'auth_failed' } });
  });

  it('reports tasks it cannot take, and one that can never be read holds the others up no longer', async () => {
    platform.addTask('good');
    platform.addTask('odd', { status: 'strange' as never });
    platform.addTask('nul', { title: 'with \u0000 in it', form: { '文\u0000': '\ud800' } });
    platform.onCall = async (what, ids) => {
      if (what === 'get' && ids.length > 1) throw new ConnectorError('unavailable', 'one at a time');
    };
    platform.pageSize = 1;
    const ended = await run('full');
    expect(ended).toMatchObject({
      status: 'partial',
      error: { code: 'records_rejected' },
      counts: { tasks: { created: 2, rejected: 1 } },
    });
    expect((await app.ok('GET', `/runs/${ended.id}/rejected`)).data).toMatchObject([
      { kind: 'task', externalId: 'odd', reason: 'status is not one of the known ones' },
    ]);
    expect(await app.query(`select 1 from task_watermarks where connection_id = $1`, [con])).toHaveLength(1);
  });

  it('lists anew when its cursor has expired, and reads nothing twice that it knows', async () => {
    for (let i = 0; i < 20; i++) platform.addTask(`t${i}`, { status: 'approved' });
    platform.pageSize = 10;
    await run('full');
    for (let i = 20; i < 40; i++) platform.addTask(`t${i}`, { status: 'approved' });
    let expires = 1;
    platform.gets.length = 0;
    platform.onCall = async (what, [cursor]) => {
      if (what === 'list' && cursor === '30' && expires-- > 0)
        throw new ConnectorError('cursor_expired', 'too old');
    };
    expect(await run('incremental')).toMatchObject({ status: 'success', counts: { tasks: { created: 20 } } });
    expect(platform.gets.flat()).toHaveLength(20);
    platform.onCall = async (what, [cursor]) => {
      if (what === 'list' && cursor === '10') throw new ConnectorError('cursor_expired', 'too old, always');
    };
    expect(await run('full')).toMatchObject({ status: 'partial', error: { code: 'cursor_expired' } });
  });

  it('tries again what fails for a moment', async () => {
    platform.addTask('t1');
    let failures = 0;
    platform.onCall = async (what) => {
      if (what === 'get' && failures++ < 1) throw new ConnectorError('unavailable', 'hiccup');
    };
    expect(await run('full')).toMatchObject({ status: 'success', counts: { tasks: { created: 1 } } });
  });

  it('goes on with the same run after a restart, behind the last page it kept', async () => {
    for (let i = 0; i < 40; i++) platform.addTask(`t${String(i).padStart(2, '0')}`);
    platform.pageSize = 10;
    let stops = true;
    platform.onCall = async (what, [first]) => {
      if (stops && what === 'list' && first === '20')
        await new Promise((resolve) => setTimeout(resolve, 300));
      if (stops && what === 'list' && first === '20') throw new ConnectorError('unavailable', 'going down');
    };
    const { id } = await app.ok('POST', `/connections/${con}/runs`, { kind: 'tasks' });
    await app.until(async () => (await tasks()).length === 20, 'two pages');
    await app.restart(async () => void (stops = false));
    expect(await app.ended(id as string)).toMatchObject({
      id,
      status: 'success',
      counts: { tasks: { created: 40 } },
    });
    expect(platform.gets.flat()).toHaveLength(40);
    expect(await app.query(`select 1 from task_reads where run_id = $1`, [id])).toEqual([]);
  });

  it('is canceled at once, and runs beside one of people', async () => {
    platform.addTask('t1');
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    platform.onCall = async (what) => {
      if (what === 'get') await gate;
    };
    const { id } = await app.ok('POST', `/connections/${con}/runs`, { kind: 'tasks' });
    const busy = await app.call('POST', `/connections/${con}/runs`, { kind: 'tasks' });
    expect([busy.status, busy.body.runId]).toEqual([409, id]);
    await app.until(async () => (await app.ok('GET', `/runs/${id}`)).status === 'running', 'running');
    expect(await app.ok('POST', `/runs/${id}/cancel`)).toMatchObject({ status: 'canceled' });
    release();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await tasks()).toEqual([]);
    platform.onCall = async () => undefined;
    expect((await run('full')).status).toBe('success');
  });

  it('is refused where it makes no sense', async () => {
    for (const body of [
      { kind: 'tasks', mode: 'reconcile' },
      { kind: 'tasks', dryRun: true },
      { kind: 'directory' },
    ]) {
      expect((await app.call('POST', `/connections/${con}/runs`, body)).status).toBe(422);
    }
  });

  it('comes by itself where a rule waits for tasks, and leaves no trace when there was nothing new', async () => {
    const due = async () =>
      (await app.fixture.app.get<{ due(): Promise<string[]> }>(TaskRuns).due()).includes(con);
    platform.addTask('t1');
    expect(await due()).toBe(false);
    await app.ok('POST', '/rules', {
      name: 'r',
      connectionId: con,
      when: { kind: 'task' },
      assign: { courseId: 'c', title: 'C' },
    });
    expect(await due()).toBe(true);
    await run('full');
    expect(await due()).toBe(false);
    await app.query(
      `update task_watermarks set read_until = read_until - interval '11 minutes' where connection_id = $1`,
      [con],
    );
    expect(await due()).toBe(true);
    // Where the platform counts calls by the month, its connector asks for longer pauses.
    const [work] = app.fixture.app.get(Connectors).list();
    if (work?.status !== 'available') throw new Error('the connector is not there');
    const { tasks } = work.connector.manifest;
    Object.assign(tasks!, { everyMinutes: 12 });
    expect(await due()).toBe(false);
    Object.assign(tasks!, { everyMinutes: undefined });
    expect(await due()).toBe(true);
    const worker = app.get(RunWorker) as unknown as { startDueTaskRuns(): Promise<void> };
    await worker.startDueTaskRuns();
    await app.until(async () => !(await due()), 'the scheduled run');
    await app.until(
      async () => (await app.ok('GET', `/runs?connectionId=${con}`)).data.length === 1,
      'no trace of it',
    );
  });
});

describe('platform events about tasks', () => {
  it('make the task read again, whatever the event said, and in one go', async () => {
    platform.addTask('t1');
    platform.addTask('t2', { status: 'approved' });
    await receive(
      { key: 'a', kind: 'task.changed', ids: ['t1'] },
      { key: 'b', kind: 'task.changed', ids: ['t2'] },
      { key: 'c', kind: 'task.changed', ids: ['t1'] },
    );
    expect((await outcomesOf()).map(({ status }: { status: string }) => status)).toEqual([
      'applied',
      'applied',
      'applied',
    ]);
    expect(platform.gets.flat().sort()).toEqual(['t1', 't2']);
    expect(await statuses()).toEqual({ t1: 'open', t2: 'approved' });
  });

  it('about what is gone, hidden or a ticked-off to-do end with a reason; what cannot be read yet is tried again', async () => {
    platform.addTask('t1');
    platform.addTask('hidden');
    platform.lookups.set('hidden', 'notVisible');
    platform.lookups.set('late', 'unknown');
    await run('full');
    platform.tasks.delete('t1');
    await receive(
      { key: 'a', kind: 'task.changed', ids: ['t1'] },
      { key: 'b', kind: 'task.changed', ids: ['hidden'] },
      { key: 'c', kind: 'task.changed', ids: ['late'] },
      { key: 'd', kind: 'todo.changed', ids: ['todo-1'] },
    );
    const outcomes = Object.fromEntries(
      (await outcomesOf()).map((one: { externalIds: string[]; status: string }) => [
        one.externalIds[0],
        one.status,
      ]),
    );
    expect(outcomes).toEqual({ t1: 'applied', hidden: 'ignored', late: 'failed', 'todo-1': 'ignored' });
    expect(await statuses()).toEqual({ t1: 'deleted' });
  });

  it('that the platform will not answer for are tried again, one by one', async () => {
    for (let i = 0; i < 12; i++) platform.addTask(`t${i}`);
    platform.onCall = async (what, ids) => {
      if (what === 'get' && ids.includes('t11')) throw new ConnectorError('permission_denied', 'not yours');
    };
    await receive(
      ...Array.from({ length: 12 }, (_, i) => ({ key: `k${i}`, kind: 'task.changed', ids: [`t${i}`] })),
    );
    const outcomes = (await outcomesOf()).map(({ status }: { status: string }) => status);
    expect(outcomes.filter((one: string) => one === 'applied')).toHaveLength(10);
    expect(outcomes.filter((one: string) => one === 'failed')).toHaveLength(2);
  });

  it('are seen by those only who may use the connection', async () => {
    platform.addTask('t1');
    await run('full');
    const stranger = await app.client(['assignments:read'], [await app.connect(new WorkPlatform())]);
    expect((await stranger.call('GET', `/tasks?connectionId=${con}`)).body.data).toEqual([]);
    const [task] = await tasks();
    expect((await stranger.call('GET', `/tasks/${task!.id}`)).status).toBe(404);
    expect((await app.ok('GET', `/tasks/${task!.id}`)).externalId).toBe('t1');
  });
});
