import { ConnectorError } from '@trainbridge/connector-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withConnectionLock } from '../../src/runs/run-lock.js';
import { FakePlatform, unavailable } from '../fake-platform.js';
import { event, EventHarness } from './event-harness.js';

const signal = new AbortController().signal;

describe('events beside everything else', () => {
  let events: EventHarness;
  beforeAll(async () => {
    events = await EventHarness.start();
  });
  afterAll(() => events.engine.database.drop());

  const left = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => event('user.left', `p${from + i}`));
  const leave = (platform: FakePlatform, from: number, to: number) => {
    for (let i = from; i <= to; i++) platform.remove(`p${i}`);
  };

  it('waits, at no cost, while something else has the connection', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    platform.addUser('joiner', ['1']);
    const held = await withConnectionLock(events.engine.dataSource, events.con, { signal }, () =>
      events.tell(platform, 'user.changed', 'joiner'),
    );
    expect(held).toEqual({ status: 'later', afterMs: 2_000 });
    expect(platform.calls).toEqual([]);
    expect(await events.tell(platform, 'user.changed', 'joiner')).toMatchObject({ status: 'applied' });
  });

  it('S11: what happens during a full sync is neither lost nor done twice', async () => {
    const platform = FakePlatform.company(60, 6);
    await events.connect(platform);
    const during: unknown[] = [];
    const joined = event('user.changed', 'joiner');
    const gone = event('user.left', 'p1');
    const pending: Promise<void>[] = [];
    platform.fault = ({ listing }) => {
      // Department 2 (p1's) and department 1 are read already when department 6 is.
      if (listing !== 'department:6' || pending.length > 0) return;
      platform.addUser('joiner', ['1']);
      platform.remove('p1');
      pending.push(
        events.receive(platform, [joined, gone]).then((outcomes) => void during.push(...outcomes)),
      );
    };
    const run = await events.engine.sync(events.con, platform);
    await Promise.all(pending);
    expect(run.status).toBe('success');
    expect(await events.user('joiner')).toBeUndefined();
    expect(await events.user('p1')).toMatchObject({ status: 'active' });
    expect(during).toEqual([1, 2].map(() => ({ status: 'later', afterMs: 2_000 })));
    platform.fault = null;
    expect(await events.receive(platform, [joined, gone])).toMatchObject([
      { status: 'applied' },
      { status: 'applied' },
    ]);
    expect(await events.user('joiner')).toMatchObject({ status: 'active' });
    expect(await events.user('p1')).toMatchObject({ status: 'disabled' });
    const { counts } = await events.engine.sync(events.con, platform);
    expect(counts.users).toMatchObject({ created: 0, updated: 0, disabled: 0, restored: 0 });
    const feed = await events.feed();
    expect(
      feed.filter(({ type, after }) => type === 'user.created' && after.externalId === 'joiner'),
    ).toHaveLength(1);
    expect(feed.filter(({ type }) => type === 'user.disabled')).toHaveLength(1);
  });

  it('counts runs and events together, and blocks what is too much until somebody approves', async () => {
    const platform = FakePlatform.company(100, 5);
    await events.connect(platform);
    leave(platform, 1, 8);
    expect((await events.engine.sync(events.con, platform)).counts.users.disabled).toBe(8);
    leave(platform, 9, 15);
    expect(await events.receive(platform, left(9, 15))).toMatchObject(
      left(9, 15).map(() => ({ status: 'applied' })),
    );
    expect(await events.active()).toBe(85);
    leave(platform, 16, 18);
    platform.addUser('joiner', ['1']);
    const outcomes = await events.receive(platform, [...left(16, 18), event('user.changed', 'p50')]);
    const blocked = (await events.runs()).at(-1)!;
    expect(blocked).toMatchObject({
      status: 'blocked',
      error: { code: 'too_many_disabled', numbers: { disabling: 3, disabledIn24h: 15, allowed: 17 } },
    });
    expect(outcomes[0]).toMatchObject({
      status: 'applied',
      detail: expect.stringContaining(`waits for an approval of run ${blocked.id}: 3 people`),
    });
    expect(outcomes[3]).toEqual({ status: 'applied', detail: 'nothing new' });
    expect(await events.active()).toBe(85);
    // A full run counts what events disabled, too.
    expect(await events.engine.sync(events.con, platform)).toMatchObject({
      status: 'blocked',
      error: { numbers: { disabledIn24h: 15 } },
    });
    expect(await events.engine.approve(blocked.id, platform)).toMatchObject({
      status: 'success',
      counts: { users: { disabled: 3 } },
    });
    expect(await events.active()).toBe(82);
    // Approved by a person: it does not count again.
    leave(platform, 19, 19);
    expect(await events.receive(platform, left(19, 19))).toMatchObject([
      { detail: expect.stringMatching(/^disabled by/) },
    ]);
  });

  it('turns a flood into one full run', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    const flood = Array.from({ length: 6 }, (_, batch) =>
      event(
        'user.changed',
        Array.from({ length: 100 }, (_, i) => `q${batch * 100 + i}`),
      ),
    );
    platform.addUser('q1', ['1']);
    events.woken.length = 0;
    const outcomes = await events.receive(platform, flood);
    const [, run] = await events.runs('full');
    expect(outcomes).toEqual(
      flood.map(() => ({ status: 'applied', detail: `run ${run!.id} reads everything` })),
    );
    expect(run).toMatchObject({
      status: 'queued',
      cause: { runId: run!.id, eventIds: flood.map(({ id }) => id) },
    });
    expect(events.woken).toEqual([run!.id]);
    expect(platform.calls).toEqual([]);
    // It has not begun to read, so it stands for a second flood as well; once it reads, it does not.
    expect(await events.receive(platform, flood)).toEqual(outcomes);
    await events.engine.query(`update runs set status = 'running', attempt = 1 where id = $1`, [run!.id]);
    expect(await events.receive(platform, flood)).toEqual(
      flood.map(() => ({ status: 'later', afterMs: 10_000 })),
    );
    await events.engine.engine().work(run!.id, platform.open, signal);
    expect(await events.user('q1')).toMatchObject({ status: 'active' });
  });

  it('turns many departments, or a removed one with many people, into a full run', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    const many = event(
      'department.changed',
      Array.from({ length: 201 }, (_, i) => `d${i}`),
    );
    expect(await events.receive(platform, [many])).toMatchObject([
      { detail: expect.stringMatching(/reads everything$/) },
    ]);
    const crowd = FakePlatform.company(1_100, 2);
    await events.connect(crowd);
    crowd.departments.delete('2');
    expect(await events.tell(crowd, 'department.removed', '2')).toMatchObject({
      detail: expect.stringMatching(/reads everything$/),
    });
    expect(await events.department('2')).toMatchObject({ status: 'active' });
  });

  it('keeps renamed people also in a flood', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    const { id } = (await events.user('p1'))!;
    const flood = event(
      'user.changed',
      Array.from({ length: 501 }, (_, i) => `q${i}`),
    );
    await events.receive(platform, [flood, event('user.renamed', 'renamed', { previousId: 'p1' })]);
    expect(await events.user('renamed')).toMatchObject({ id });
  });

  it('reads everything once when the app sees something else', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    platform.addUser('joiner', ['1']);
    const batch = [
      event('visibility.changed', []),
      event('user.changed', 'joiner'),
      event('visibility.changed', ['7']),
    ];
    const outcomes = await events.receive(platform, batch);
    const [, run] = await events.runs('full');
    expect(outcomes[0]).toEqual({ status: 'applied', detail: `run ${run!.id} reads everything` });
    expect(outcomes[2]).toEqual(outcomes[0]);
    expect(outcomes[1]).toMatchObject({ detail: expect.stringMatching(/^created by/) });
    expect(await events.runs('full')).toHaveLength(2);
    // A dry run stands for nothing.
    await events.engine.query(`update runs set dry_run = true where id = $1`, [run!.id]);
    expect(await events.tell(platform, 'visibility.changed', [])).toEqual({
      status: 'later',
      afterMs: 2_000,
    });
  });

  it('leaves it to the inbox to try again when the platform does not answer', async () => {
    const platform = FakePlatform.company(30, 2);
    await events.connect(platform);
    const batch = Array.from({ length: 30 }, (_, i) => event('user.changed', `p${i + 1}`));
    platform.change('p1', { jobTitle: '店长' });
    platform.fault = ({ cursor }) => {
      if (!cursor?.startsWith('p1,'))
        throw new ConnectorError('rate_limited', 'slow down', { retryAfterMs: 7_000 });
    };
    const outcomes = await events.receive(platform, batch);
    expect(outcomes.slice(0, 10).every(({ status }) => status === 'applied')).toBe(true);
    expect(outcomes.slice(10)).toEqual(
      batch.slice(10).map(() => ({
        status: 'failed',
        error: { code: 'rate_limited', message: 'slow down' },
        retryAfterMs: 7_000,
      })),
    );
    expect(await events.user('p1')).toMatchObject({ display_name: '员工p1', job_title: '店长' });
    // One page was answered; of the others only those already on their way were asked.
    expect(platform.calls.length).toBeLessThanOrEqual(3);
    platform.fault = unavailable;
    expect(await events.tell(platform, 'user.left', 'p2')).toMatchObject({
      status: 'failed',
      error: { code: 'unavailable' },
    });
    expect(await events.active()).toBe(30);
  });

  it('says what the deployer has to repair', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    platform.fault = () => {
      throw new ConnectorError('auth_failed', 'the secret is wrong');
    };
    expect(await events.tell(platform, 'user.changed', 'p1')).toEqual({
      status: 'failed',
      error: { code: 'auth_failed', message: 'the secret is wrong' },
    });
  });

  it('asks one by one when a page cannot be answered, so that one record costs only itself', async () => {
    const platform = FakePlatform.company(8, 1);
    await events.connect(platform);
    platform.change('p3', { jobTitle: '店长' });
    platform.fault = ({ cursor }) => {
      if (cursor?.split(',').includes('p2')) throw new ConnectorError('bad_response', 'half a page of HTML');
    };
    const outcomes = await events.receive(
      platform,
      [1, 2, 3].map((n) => event('user.changed', `p${n}`)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'failed', 'applied']);
    expect(await events.user('p3')).toMatchObject({ job_title: '店长' });
  });

  it('ends by throwing when the host stops, and the batch does its work when it comes again', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    platform.addUser('joiner', ['1']);
    const stop = new AbortController();
    platform.fault = () => {
      stop.abort(new Error('the host stops'));
      throw new Error('aborted');
    };
    const batch = [event('user.changed', 'joiner')];
    await expect(events.receive(platform, batch, stop.signal)).rejects.toThrow('the host stops');
    platform.fault = null;
    expect(await events.receive(platform, batch)).toMatchObject([{ status: 'applied' }]);
    expect(await events.user('joiner')).toBeDefined();
  });

  it('lets anybody finish a run whose process died after its plan', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    platform.addUser('joiner', ['1']);
    const stop = new AbortController();
    await events.engine.query(
      `create function stop_here() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$`,
    );
    await events.engine.query(
      `create trigger stop_here before insert on users for each statement execute function stop_here()`,
    );
    await expect(events.receive(platform, [event('user.changed', 'joiner')], stop.signal)).rejects.toThrow(
      'killed',
    );
    await events.engine.query(`drop function stop_here cascade`);
    const [run] = await events.runs();
    expect(run).toMatchObject({ status: 'running', phase: 'apply' });
    await events.engine.engine().work(run!.id, platform.open, signal);
    expect(await events.engine.run(run!.id)).toMatchObject({
      status: 'success',
      counts: { users: { created: 1 } },
    });
    expect(await events.user('joiner')).toMatchObject({ status: 'active' });
    expect(await events.tell(platform, 'user.changed', 'joiner')).toEqual({
      status: 'applied',
      detail: 'nothing new',
    });
    expect(await events.leftStaged()).toBe(0);
  });
});
