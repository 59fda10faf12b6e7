import type { components } from '@trainbridge/api-client';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCompany, readChanges, startRun, untilEnded } from '../src/directory-run.js';
import { dataOf, until } from '../src/expect-data.js';
import { startHost, type E2eHost } from '../src/start-host.js';

type User = components['schemas']['UserDto'];
type PlatformEvent = components['schemas']['PlatformEventDto'];

/** The simulator tells of every change by encrypted callback, and the host reads the object again. */
describe('changes the platform tells of', () => {
  let sandbox: Sandbox;
  let host: E2eHost;
  let connectionId: string;

  beforeAll(async () => {
    [sandbox, host] = await Promise.all([startSandbox({ people: 60, departments: 8 }), startHost()]);
    connectionId = await connectCompany(host.admin, sandbox);
    const run = await untilEnded(host.admin, await startRun(host.admin, connectionId));
    expect([run.status, run.error]).toEqual(['success', null]);
    const verified = await sandbox.wecom.setCallback({ url: `${host.url}/callbacks/${connectionId}` });
    expect(verified).toMatchObject({ ok: true });
    // As seen in the wild: three callbacks for one joiner, each delivered twice, in any order.
    Object.assign(sandbox.wecom.callbacks.switches, {
      createAs: 'update-update-create',
      duplicates: 1,
      reorder: true,
    });
  });

  afterAll(async () => {
    await host?.close();
    await sandbox?.close();
  });

  const events = async (): Promise<PlatformEvent[]> => {
    const query = { connectionId, limit: 200 };
    return dataOf(await host.admin.GET('/api/v1/platform-events', { params: { query } })).data;
  };
  /** Everything sent so far has arrived, and is decided. */
  const settled = async (): Promise<PlatformEvent[]> => {
    await sandbox.wecom.idle();
    return until('the end of all events', async () => {
      const all = await events();
      return all.every(({ status }) => status === 'applied' || status === 'ignored') ? all : null;
    });
  };
  const user = async (externalId: string): Promise<User | undefined> => {
    const query = { connectionId, externalId, limit: 10 };
    return dataOf(await host.admin.GET('/api/v1/users', { params: { query } })).data[0];
  };
  const changesOf = async (subjectId: string): Promise<string[]> => {
    const changes = await readChanges(host.admin, connectionId);
    return changes.filter(({ subject }) => subject.id === subjectId).map(({ type }) => type);
  };

  it('takes a joiner in once, however often it is told', async () => {
    const person = sandbox.mutations.hire({ departmentIds: [2] });
    const told = await settled();
    expect(
      told.filter(({ externalIds }) => externalIds.includes(person.account)).length,
    ).toBeGreaterThanOrEqual(2);
    const joined = await user(person.account);
    expect(joined).toMatchObject({ displayName: person.name, status: 'active' });
    expect(joined!.memberships).toHaveLength(1);
    expect(await changesOf(joined!.id)).toEqual(['user.created']);
  });

  it('moves, disables and takes back', async () => {
    const [mover, leaver] = sandbox.company.people().filter(({ status }) => status === 'active');
    const target = [...sandbox.company.departments()].find(
      ({ id }) => id !== 1 && !mover!.departmentIds.includes(id),
    )!;
    const before = (await user(leaver!.account))!;
    sandbox.mutations.move(mover!.account, [target.id]);
    sandbox.mutations.dismiss(leaver!.account);
    await settled();
    const query = { connectionId, limit: 200 };
    const departments = dataOf(await host.admin.GET('/api/v1/departments', { params: { query } })).data;
    const { id } = departments.find(({ externalId }) => externalId === String(target.id))!;
    expect((await user(mover!.account))!.memberships.map(({ departmentId }) => departmentId)).toEqual([id]);
    expect(await user(leaver!.account)).toMatchObject({
      id: before.id,
      status: 'disabled',
      disabledReason: 'left',
    });
    sandbox.mutations.rehire(leaver!.account, [target.id]);
    await settled();
    expect(await user(leaver!.account)).toMatchObject({
      id: before.id,
      status: 'active',
      disabledReason: null,
    });
    expect((await changesOf(before.id)).slice(0, 3)).toEqual([
      'user.created',
      'user.disabled',
      'user.restored',
    ]);
  });

  it('keeps the person when the id changes', async () => {
    const person = sandbox.company.people().filter(({ status }) => status === 'active')[3]!;
    const before = (await user(person.account))!;
    sandbox.mutations.changeAccount(person.account, 'brand.new.id');
    await settled();
    expect(await user('brand.new.id')).toMatchObject({
      id: before.id,
      status: 'active',
      displayName: before.displayName,
    });
    expect((await changesOf(before.id)).filter((type) => type !== 'user.updated')).toEqual(['user.created']);
  });

  it('puts somebody into a department that is as new as they are, and removes one', async () => {
    const department = sandbox.mutations.createDepartment({ name: '新门店' });
    const person = sandbox.mutations.hire({ departmentIds: [department.id] });
    await settled();
    const joined = (await user(person.account))!;
    expect(joined.memberships).toHaveLength(1);
    sandbox.mutations.move(person.account, [1]);
    sandbox.mutations.removeDepartment(department.id);
    await settled();
    const path = { id: joined.memberships[0]!.departmentId };
    const removed = dataOf(await host.admin.GET('/api/v1/departments/{id}', { params: { path } }));
    expect(removed).toMatchObject({ externalId: String(department.id), status: 'disabled' });
  });

  it('leaves nothing for a full run to find', async () => {
    const body = { kind: 'directory' as const, mode: 'reconcile' as const };
    const params = { path: { id: connectionId } };
    const { id } = dataOf(await host.admin.POST('/api/v1/connections/{id}/runs', { params, body }));
    const run = await untilEnded(host.admin, id);
    expect(run).toMatchObject({ status: 'success', notes: { drift: { users: 0, departments: 0 } } });
  });
});
