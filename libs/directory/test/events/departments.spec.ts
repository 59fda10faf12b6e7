import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakePlatform } from '../fake-platform.js';
import { event, EventHarness } from './event-harness.js';

describe('events about departments', () => {
  let events: EventHarness;
  beforeAll(async () => {
    events = await EventHarness.start();
  });
  afterAll(() => events.engine.database.drop());

  it('renames and moves a department, and the paths below follow', async () => {
    const platform = new FakePlatform();
    platform.addDepartment('1', null, '总部');
    platform.addDepartment('2', '1', '华东');
    platform.addDepartment('3', '2', '门店');
    platform.addUser('p1', ['3']);
    await events.connect(platform);
    const before = await events.feedLength();
    platform.addDepartment('2', '1', '华东大区');
    expect(await events.tell(platform, 'department.changed', '2')).toMatchObject({
      detail: expect.stringMatching(/^updated by/),
    });
    expect(await events.department('3')).toMatchObject({ path: '总部/华东大区/门店' });
    platform.addDepartment('3', '1', '门店');
    await events.tell(platform, 'department.changed', '3');
    expect(await events.department('3')).toMatchObject({ path: '总部/门店', parent: '1' });
    expect((await events.feed(before)).map(({ type, before: was }) => [type, was])).toEqual([
      ['department.updated', { name: '华东' }],
      ['department.updated', { parentId: (await events.department('2'))!.id }],
    ]);
    expect(await events.tell(platform, 'department.changed', '3')).toEqual({
      status: 'applied',
      detail: 'nothing new',
    });
  });

  it('removes a department as a full run does: its people keep their other ones', async () => {
    const platform = FakePlatform.company(12, 4);
    platform.addDepartment('40', '4', '四部一组');
    platform.addUser('both', ['2', '4']);
    await events.connect(platform);
    const before = await events.feedLength();
    platform.departments.delete('4');
    platform.addDepartment('40', '1', '四部一组');
    platform.move('both', ['2']);
    // The other people of 4 still name it: that is the platform being late, and no reason to keep it.
    expect(await events.tell(platform, 'department.removed', '4')).toMatchObject({
      detail: expect.stringMatching(/^disabled by/),
    });
    expect(await events.department('4')).toMatchObject({ status: 'disabled' });
    expect(await events.department('40')).toMatchObject({
      status: 'active',
      parent: '1',
      path: '总部/四部一组',
    });
    expect(await events.user('both')).toMatchObject({ status: 'active', departments: '2' });
    expect(await events.user('p3')).toMatchObject({ status: 'active', departments: null });
    const types = (await events.feed(before)).map(({ type }) => type);
    expect(types.filter((type) => type === 'department.removed')).toHaveLength(1);
    expect(types.filter((type) => type === 'user.disabled')).toEqual([]);
    const [members] = await events.engine.query<{ n: number }>(
      `select count(*)::int as n from memberships m join departments d on d.id = m.department_id where d.connection_id = $1 and d.status = 'disabled'`,
      [events.con],
    );
    expect(members!.n).toBe(0);
    // It is as a full run would have made it.
    platform.usersBy = 'company';
    const { counts } = await events.engine.sync(events.con, platform);
    expect(counts).toMatchObject({
      users: { created: 0, updated: 0, disabled: 0 },
      departments: { updated: 0, disabled: 0 },
    });
  });

  it('takes people out of a removed department even when nothing can be read about them any more', async () => {
    const platform = FakePlatform.company(6, 3);
    await events.connect(platform);
    platform.departments.delete('3');
    for (const id of ['p2', 'p5']) platform.lookups.set(id, 'notVisible');
    const before = await events.feedLength();
    await events.tell(platform, 'department.removed', '3');
    expect(await events.user('p2')).toMatchObject({ status: 'active', departments: null });
    expect((await events.feed(before)).map(({ type }) => type).sort()).toEqual([
      'department.removed',
      'user.updated',
      'user.updated',
    ]);
    expect(await events.tell(platform, 'department.removed', '3')).toEqual({
      status: 'ignored',
      detail: 'is not known here and gone there',
    });
  });

  it('keeps a department that is still there, out of sight, or not told about', async () => {
    const platform = FakePlatform.company(6, 4);
    await events.connect(platform);
    platform.lookups.set('2', 'notVisible').set('3', 'unknown');
    const outcomes = await events.receive(platform, [
      event('department.removed', '4'),
      event('department.removed', '2'),
      event('department.changed', '3'),
    ]);
    expect(outcomes).toEqual([
      { status: 'applied', detail: 'is still there, so kept; nothing new' },
      { status: 'ignored', detail: 'cannot be seen by this app; nothing was changed' },
      { status: 'ignored', detail: 'the platform does not tell whether it exists; nothing was changed' },
    ]);
    expect(await events.department('3')).toMatchObject({ status: 'active' });
    expect(await events.tell(platform, 'department.removed', '3')).toMatchObject({
      detail: expect.stringMatching(/^disabled by/),
    });
  });

  it('looks up departments somebody is in before their own events came, with all that is above them', async () => {
    const platform = FakePlatform.company(4, 2);
    await events.connect(platform);
    platform.addDepartment('70', '1', '新区');
    platform.addDepartment('71', '70', '新店');
    platform.addUser('joiner', ['71']);
    await events.tell(platform, 'user.changed', 'joiner');
    expect(platform.calls).toEqual(['lookup:users@joiner', 'lookup:departments@71', 'lookup:departments@70']);
    expect(await events.user('joiner')).toMatchObject({ departments: '71' });
    expect(await events.department('71')).toMatchObject({ path: '总部/新区/新店' });
    expect(
      await events.receive(platform, [event('department.changed', '71'), event('department.changed', '70')]),
    ).toEqual([
      { status: 'applied', detail: 'nothing new' },
      { status: 'applied', detail: 'nothing new' },
    ]);
  });

  it('tolerates parents nobody may see, and brings people to the department they waited for', async () => {
    const platform = FakePlatform.company(4, 2);
    platform.addDepartment('80', '99', '外区');
    platform.departments.delete('80');
    platform.move('p1', ['1', '80']);
    await events.connect(platform);
    expect(await events.user('p1')).toMatchObject({ departments: '1' });
    platform.addDepartment('80', '99', '外区');
    platform.lookups.set('99', 'notVisible');
    await events.tell(platform, 'department.changed', '80');
    expect(await events.department('80')).toMatchObject({ status: 'active', parent: null, path: '外区' });
    expect(await events.user('p1')).toMatchObject({ departments: '1,80' });
  });

  it('brings a removed department back', async () => {
    const platform = FakePlatform.company(4, 3);
    await events.connect(platform);
    const { id } = (await events.department('3'))!;
    const record = platform.departments.get('3')!;
    platform.departments.delete('3');
    await events.tell(platform, 'department.removed', '3');
    platform.departments.set('3', record);
    expect(await events.tell(platform, 'department.changed', '3')).toMatchObject({
      detail: expect.stringMatching(/^restored by/),
    });
    expect(await events.department('3')).toMatchObject({ id, status: 'active' });
    expect(await events.user('p2')).toMatchObject({ departments: '3' });
  });

  it('reads a department again when its leaders may have changed', async () => {
    const platform = FakePlatform.company(6, 3);
    platform.departments.get('2')!.leaderExternalIds = ['p1', 'p4'];
    const placed = (isLeader: boolean) => ({
      memberships: [{ departmentId: '2', isPrimary: true, isLeader }],
    });
    platform.change('p1', placed(true));
    platform.change('p4', placed(true));
    await events.connect(platform);
    // Nothing about leading has changed: no extra question.
    platform.change('p1', { jobTitle: '店长' });
    await events.tell(platform, 'user.changed', 'p1');
    expect(platform.calls).toEqual(['lookup:users@p1']);
    platform.remove('p4');
    platform.change('p1', placed(false));
    platform.addUser('new', ['2'], placed(true));
    platform.departments.get('2')!.leaderExternalIds = ['new'];
    await events.receive(platform, [event('user.left', 'p4'), event('user.changed', ['p1', 'new'])]);
    expect(await events.department('2')).toMatchObject({ leader_keys: ['new'] });
    const change = (await events.feed()).findLast(({ type }) => type === 'department.updated');
    expect(change).toMatchObject({
      before: { leaderIds: [(await events.user('p1'))!.id, (await events.user('p4'))!.id] },
    });
    const { counts } = await events.engine.sync(events.con, platform);
    expect(counts).toMatchObject({
      users: { created: 0, updated: 0, disabled: 0 },
      departments: { updated: 0 },
    });
  });
});
