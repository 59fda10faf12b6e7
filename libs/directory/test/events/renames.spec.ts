import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakePlatform } from '../fake-platform.js';
import { event, EventHarness } from './event-harness.js';

describe('a changed id', () => {
  let events: EventHarness;
  beforeAll(async () => {
    events = await EventHarness.start();
  });
  afterAll(() => events.engine.database.drop());

  const renameAtPlatform = (platform: FakePlatform, from: string, to: string) => {
    const record = platform.users.get(from)!;
    platform.remove(from);
    platform.users.set(to, { ...record, externalId: to });
    // People named as managers and leaders are named by the new id from now on.
    for (const user of [...platform.users.values()]) {
      if (user.managerExternalId === from) platform.change(user.externalId, { managerExternalId: to });
    }
    for (const department of platform.departments.values()) {
      department.leaderExternalIds = department.leaderExternalIds?.map((id) => (id === from ? to : id));
    }
  };
  const company = () => {
    const platform = FakePlatform.company(12, 3);
    platform.change('p2', { managerExternalId: 'p1' });
    platform.departments.get('2')!.leaderExternalIds = ['p5', 'p1'];
    return platform;
  };

  it('keeps the person, tells the feed, and others follow', async () => {
    const platform = company();
    await events.connect(platform);
    const before = await events.feedLength();
    const old = (await events.user('p1'))!;
    renameAtPlatform(platform, 'p1', 'Lin.Mei');
    platform.change('Lin.Mei', { jobTitle: '主管' });
    const renamed = event('user.renamed', 'Lin.Mei', { previousId: 'P1' });
    const [outcome] = await events.receive(platform, [renamed]);
    expect(outcome).toMatchObject({
      status: 'applied',
      detail: expect.stringMatching(/^was P1; updated by run run_/),
    });
    expect(await events.user('p1')).toBeUndefined();
    expect(await events.user('lin.mei')).toMatchObject({
      id: old.id,
      external_id: 'Lin.Mei',
      status: 'active',
      departments: old.departments,
    });
    expect(await events.user('p2')).toMatchObject({ manager_id: old.id, manager_external_id: 'Lin.Mei' });
    expect(await events.department('2')).toMatchObject({ leader_keys: ['p5', 'lin.mei'] });
    const feed = await events.feed(before);
    expect(feed).toMatchObject([
      {
        type: 'user.updated',
        subject_id: old.id,
        before: { externalId: 'p1' },
        after: { externalId: 'Lin.Mei' },
        cause: { eventIds: [renamed.id] },
      },
      {
        type: 'user.updated',
        subject_id: old.id,
        before: { jobTitle: '工程师' },
        after: { jobTitle: '主管' },
      },
    ]);
    expect(feed[0]!.after.memberships).toEqual(feed[1]!.after.memberships);
    // The same event again, and a full run: nobody is created, disabled or changed.
    const length = await events.feedLength();
    expect(await events.receive(platform, [renamed])).toEqual([{ status: 'applied', detail: 'nothing new' }]);
    const { counts } = await events.engine.sync(events.con, platform);
    expect(counts.users).toMatchObject({ created: 0, updated: 0, disabled: 0, restored: 0, unchanged: 12 });
    expect(counts.departments).toMatchObject({ updated: 0 });
    expect(await events.feedLength()).toBe(length);
  });

  it('follows a chain within one batch, in the order it happened', async () => {
    const platform = company();
    await events.connect(platform);
    const { id } = (await events.user('p1'))!;
    renameAtPlatform(platform, 'p1', 'b');
    renameAtPlatform(platform, 'b', 'c');
    const outcomes = await events.receive(platform, [
      event('user.renamed', 'c', { previousId: 'b', at: 2 }),
      event('user.renamed', 'b', { previousId: 'p1', at: 1 }),
      event('user.renamed', 'b', { previousId: 'p1', at: 1 }),
    ]);
    expect(await events.user('c')).toMatchObject({ id, status: 'active' });
    expect(await events.user('p2')).toMatchObject({ manager_id: id, manager_external_id: 'c' });
    expect(await events.active()).toBe(12);
    expect(outcomes[0]).toEqual({ status: 'applied', detail: 'was b; nothing new' });
  });

  it('changes nobody when the new id is another person', async () => {
    const platform = company();
    await events.connect(platform);
    const before = [await events.user('p1'), await events.user('p3')];
    const outcome = await events.tell(platform, 'user.renamed', 'p3', { previousId: 'p1' });
    expect(outcome).toEqual({
      status: 'ignored',
      detail: 'p1 and p3 are two people here; neither was changed',
    });
    expect([await events.user('p1'), await events.user('p3')]).toEqual(before);
  });

  it('takes somebody in whose old id was never known, and another spelling as the same id', async () => {
    const platform = company();
    await events.connect(platform);
    platform.addUser('new', ['1']);
    expect(await events.tell(platform, 'user.renamed', 'new', { previousId: 'never.seen' })).toMatchObject({
      detail: expect.stringMatching(/^created by/),
    });
    const { id } = (await events.user('p7'))!;
    renameAtPlatform(platform, 'p7', 'P7');
    await events.tell(platform, 'user.renamed', 'P7', { previousId: 'p7' });
    expect(await events.user('p7')).toMatchObject({ id, external_id: 'P7' });
    expect(await events.active()).toBe(13);
  });

  it('keeps the new id when the platform does not answer yet, and reads the person at the next try', async () => {
    const platform = company();
    await events.connect(platform);
    const { id } = (await events.user('p1'))!;
    renameAtPlatform(platform, 'p1', 'fresh');
    platform.change('fresh', { jobTitle: '主管' });
    const renamed = event('user.renamed', 'fresh', { previousId: 'p1' });
    platform.fault = () => {
      throw new Error('connector bug');
    };
    expect(await events.receive(platform, [renamed])).toMatchObject([
      { status: 'failed', error: { code: 'internal' } },
    ]);
    platform.fault = null;
    expect(await events.receive(platform, [renamed])).toMatchObject([{ status: 'applied' }]);
    expect(await events.user('fresh')).toMatchObject({ id, job_title: '主管' });
  });

  it('brings people to the renamed manager they already named', async () => {
    const platform = company();
    await events.connect(platform);
    renameAtPlatform(platform, 'p1', 'boss');
    // The report is read before the rename is known.
    await events.tell(platform, 'user.changed', 'p2');
    expect(await events.user('p2')).toMatchObject({ manager_id: null, manager_external_id: 'boss' });
    await events.tell(platform, 'user.renamed', 'boss', { previousId: 'p1' });
    expect(await events.user('p2')).toMatchObject({ manager_id: (await events.user('boss'))!.id });
  });
});
