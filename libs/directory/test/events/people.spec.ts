import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakePlatform } from '../fake-platform.js';
import { event, EventHarness } from './event-harness.js';

describe('events about people', () => {
  let events: EventHarness;
  beforeAll(async () => {
    events = await EventHarness.start();
  });
  afterAll(() => events.engine.database.drop());

  it('takes a joiner in, as a small run with the event as its cause', async () => {
    const platform = FakePlatform.company(20, 3);
    await events.connect(platform);
    const before = await events.feedLength();
    platform.addUser('lin.mei', ['2', '3'], { managerExternalId: 'P4' });
    const joined = event('user.changed', 'lin.mei');
    const [outcome] = await events.receive(platform, [joined]);
    const [run] = await events.runs();
    expect(outcome).toEqual({ status: 'applied', detail: `created by run ${run!.id}` });
    expect(run).toMatchObject({ status: 'success', cause: { runId: run!.id, eventIds: [joined.id] } });
    expect(run!.counts.users).toMatchObject({ created: 1, updated: 0, disabled: 0 });
    expect(await events.user('lin.mei')).toMatchObject({
      status: 'active', departments: '2,3', manager_id: (await events.user('p4'))!.id,
    }); // prettier-ignore
    expect(await events.feed(before)).toMatchObject([
      {
        type: 'user.created',
        after: { externalId: 'lin.mei' },
        cause: { runId: run!.id, eventIds: [joined.id] },
      },
    ]);
    expect(await events.leftStaged()).toBe(0);
    // A full run afterwards finds nothing to do.
    expect((await events.engine.sync(events.con, platform)).counts.users).toMatchObject({
      created: 0,
      updated: 0,
      disabled: 0,
    });
  });

  it('asks once for many events about one person, however they come', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    const before = await events.feedLength();
    platform.addUser('chen.bo', ['1']);
    // As observed in the wild: update, update, create; spelled differently.
    const batch = [
      event('user.changed', 'chen.bo'),
      event('user.changed', 'Chen.Bo'),
      event('user.changed', ['chen.bo', 'CHEN.BO']),
    ];
    const outcomes = await events.receive(platform, batch);
    expect(platform.calls).toEqual(['lookup:users@chen.bo']);
    const [run] = await events.runs();
    expect(outcomes).toEqual(batch.map(() => ({ status: 'applied', detail: `created by run ${run!.id}` })));
    expect((await events.feed(before)).map(({ type }) => type)).toEqual(['user.created']);
    // The whole batch again, as after a crash.
    const again = await events.receive(platform, batch);
    expect(again).toEqual(batch.map(() => ({ status: 'applied', detail: 'nothing new' })));
    expect(await events.runs()).toHaveLength(1);
    expect(await events.feedLength()).toBe(before + 1);
  });

  it('leaves no run behind when nothing changed', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    expect(await events.tell(platform, 'user.changed', 'p1')).toEqual({
      status: 'applied',
      detail: 'nothing new',
    });
    // A record with fewer fields hashes differently and still changes nothing.
    const { mobile: _withheld, ...record } = platform.users.get('p2')!;
    platform.users.set('p2', record);
    await events.engine.query(
      `update users set withheld_fields = '{mobile}' where connection_id = $1 and external_key = 'p2'`,
      [events.con],
    );
    const before = await events.feedLength();
    expect(await events.tell(platform, 'user.changed', 'p2')).toEqual({
      status: 'applied',
      detail: 'nothing new',
    });
    expect(await events.runs()).toEqual([]);
    expect(await events.feedLength()).toBe(before);
    expect(await events.leftStaged()).toBe(0);
  });

  it('moves somebody and changes their fields; a withheld field blanks nothing', async () => {
    const platform = FakePlatform.company(9, 3);
    await events.connect(platform);
    const before = await events.feedLength();
    platform.move('p1', ['3']);
    const { mobile: _withheld, ...record } = platform.users.get('p1')!;
    platform.users.set('p1', { ...record, jobTitle: '店长' });
    const outcome = await events.tell(platform, 'user.changed', 'p1');
    expect(outcome).toMatchObject({
      status: 'applied',
      detail: expect.stringMatching(/^updated by run run_/),
    });
    expect(await events.user('p1')).toMatchObject({
      departments: '3',
      job_title: '店长',
      mobile: '+8613900000001',
    });
    const [change] = await events.feed(before);
    expect(Object.keys(change!.before!).sort()).toEqual(['jobTitle', 'memberships', 'withheldFields']);
  });

  it('disables who is gone, or left and is not found; restores who comes back', async () => {
    const platform = FakePlatform.company(20, 2);
    await events.connect(platform);
    const { id } = (await events.user('p3'))!;
    platform.remove('p3');
    platform.lookups.set('p4', 'unknown');
    platform.lookups.set('p5', 'gone');
    const outcomes = await events.receive(platform, [
      event('user.left', 'p3'),
      event('user.left', 'P4'),
      event('user.changed', 'p5'),
    ]);
    const [run] = await events.runs();
    expect(outcomes).toEqual(
      [1, 2, 3].map(() => ({ status: 'applied', detail: `disabled by run ${run!.id}` })),
    );
    expect(await events.user('p3')).toMatchObject({ status: 'disabled', disabled_reason: 'left' });
    expect(await events.user('p4')).toMatchObject({ status: 'disabled', disabled_reason: 'left' });
    expect(await events.user('p5')).toMatchObject({ status: 'disabled', disabled_reason: 'gone' });
    expect(await events.tell(platform, 'user.left', 'p3')).toEqual({
      status: 'applied',
      detail: 'is disabled already',
    });
    const before = await events.feedLength();
    platform.addUser('p3', ['2'], { displayName: '又来了' });
    await events.tell(platform, 'user.changed', 'p3');
    expect(await events.user('p3')).toMatchObject({
      id,
      status: 'active',
      display_name: '又来了',
      disabled_reason: null,
      departments: '2',
    });
    expect(await events.feed(before)).toMatchObject([{ type: 'user.restored', subject_id: id }]);
  });

  it('keeps a leaver who is still there, and says so', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    expect(await events.tell(platform, 'user.left', 'p1')).toEqual({
      status: 'applied',
      detail: 'is still there, so kept; nothing new',
    });
    expect(await events.active()).toBe(5);
    // Disabled by the platform itself is no leaving, and counts as what it is.
    platform.change('p2', { status: 'disabled' });
    expect(await events.tell(platform, 'user.left', 'p2')).toMatchObject({
      detail: expect.stringMatching(/^disabled by run/),
    });
    expect(await events.user('p2')).toMatchObject({ status: 'disabled', disabled_reason: 'platform' });
  });

  it('changes nothing about people the platform tells nothing about', async () => {
    const platform = FakePlatform.company(6, 1);
    await events.connect(platform);
    platform.lookups
      .set('p1', 'unknown')
      .set('p2', 'notVisible')
      .set('p3', 'notVisible')
      .set('stranger', 'unknown');
    platform.users.set('p4', { externalId: 'p4', idOnly: true, raw: {} });
    const outcomes = await events.receive(platform, [
      event('user.changed', 'p1'),
      event('user.changed', 'p2'),
      event('user.left', 'p3'),
      event('user.changed', 'p4'),
      event('user.left', 'stranger'),
      event('user.left', 'nobody'),
      event('user.changed', ['', 'x'.repeat(300), 'nu\0l']),
    ]);
    expect(outcomes).toEqual([
      { status: 'ignored', detail: 'the platform does not tell whether it exists; nothing was changed' },
      { status: 'ignored', detail: 'cannot be seen by this app; nothing was changed' },
      { status: 'ignored', detail: 'cannot be seen by this app; nothing was changed' },
      { status: 'ignored', detail: 'exists, and nothing about it may be read' },
      { status: 'ignored', detail: 'is not known here' },
      { status: 'ignored', detail: 'is not known here and gone there' },
      { status: 'ignored', detail: 'names nobody' },
    ]);
    expect(await events.active()).toBe(6);
    expect(await events.runs()).toEqual([]);
  });

  it('believes a change that came later than the leaving', async () => {
    const platform = FakePlatform.company(6, 1);
    await events.connect(platform);
    platform.lookups.set('p1', 'unknown').set('p2', 'unknown');
    await events.receive(platform, [
      event('user.changed', 'p1', { at: 9 }),
      event('user.left', 'p1', { at: 5 }),
      event('user.changed', 'p2', { at: 5 }),
      event('user.left', 'p2', { at: 5 }),
    ]);
    expect(await events.user('p1')).toMatchObject({ status: 'active' });
    expect(await events.user('p2')).toMatchObject({ status: 'disabled' });
  });

  it('brings people to the manager they waited for', async () => {
    const platform = FakePlatform.company(5, 1);
    platform.change('p1', { managerExternalId: 'new.boss' });
    await events.connect(platform);
    expect(await events.user('p1')).toMatchObject({ manager_id: null, manager_external_id: 'new.boss' });
    platform.addUser('new.boss', ['1']);
    await events.tell(platform, 'user.changed', 'new.boss');
    expect((await events.user('p1'))!.manager_id).toBe((await events.user('new.boss'))!.id);
    expect(platform.calls).toEqual(['lookup:users@new.boss', 'lookup:users@p1']);
  });

  it('finds people by the other id the platform names them by', async () => {
    const platform = FakePlatform.company(3, 1);
    platform.change('p1', { externalIds: [{ type: 'open_id', value: 'ou_1' }] });
    platform.change('p2', { externalIds: [{ type: 'open_id', value: 'ou_2' }] });
    await events.connect(platform);
    platform.change('p1', { jobTitle: '主管' });
    platform.users.set('open_id:ou_1', platform.users.get('p1')!);
    const outcomes = await events.receive(platform, [
      event('user.changed', 'open_id:ou_1'),
      event('user.left', 'open_id:ou_2'),
    ]);
    expect(outcomes.map((outcome) => 'detail' in outcome && outcome.detail?.split(' ')[0])).toEqual([
      'updated',
      'disabled',
    ]);
    expect(await events.user('p1')).toMatchObject({ job_title: '主管', status: 'active' });
    expect(await events.user('p2')).toMatchObject({ status: 'disabled' });
  });

  it('uses the mapping, and fails only the event whose record cannot be taken', async () => {
    const platform = FakePlatform.company(5, 1);
    await events.connect(platform);
    platform.mapper = {
      map: async (_kind, raws) =>
        raws.map(({ userid }) => ({ values: { employeeNumber: `M-${userid as string}` } })),
    };
    platform.change('p2', { displayName: 'x'.repeat(201) });
    const outcomes = await events.receive(platform, [
      event('user.changed', 'p1'),
      event('user.changed', 'p2'),
    ]);
    expect(outcomes[0]).toMatchObject({ status: 'applied' });
    expect(outcomes[1]).toEqual({
      status: 'failed',
      final: true,
      error: {
        code: 'bad_response',
        message: 'the record cannot be taken: displayName is longer than 200 characters',
      },
    });
    expect(await events.user('p1')).toMatchObject({ employee_number: 'M-p1' });
    expect(await events.active()).toBe(5);
  });
});
