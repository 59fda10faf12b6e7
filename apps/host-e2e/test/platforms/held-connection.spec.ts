import type { Sandbox } from '@trainbridge/sandbox';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedCompany, untilListening, type ConnectedCompany } from '../../src/connected-platforms.js';
import { readChanges } from '../../src/directory-run.js';
import { dataOf } from '../../src/expect-data.js';

const CHANGES = 12;

/** How a platform ends a connection that is in use. */
const BREAKS: readonly (readonly ['dingtalk' | 'feishu', string, (sandbox: Sandbox) => void])[] = [
  ['dingtalk', 'asked to connect anew', ({ dingtalk }) => dingtalk.stream.kick()],
  ['dingtalk', 'cut', ({ dingtalk }) => dingtalk.stream.cut()],
  ['feishu', 'cut', ({ feishu }) => feishu.connections.kick()],
];

/** The connection the host holds to DingTalk (Stream) and Feishu, broken while people come and go. */
describe('events over a connection the host holds', () => {
  let company: ConnectedCompany;

  beforeAll(async () => {
    company = await connectedCompany({
      // What was not acknowledged comes again sooner than in life; the rules stay.
      dingtalk: { facts: { redeliveryMs: [400], disconnectGraceMs: 300 } },
    });
    company.sandbox.feishu.courier.switches.retryMs = Array.from({ length: 40 }, () => 300);
  });
  afterAll(() => company?.close());

  async function listenerOf(id: 'dingtalk' | 'feishu') {
    const params = { path: { id: company.platform(id).connectionId } };
    return dataOf(await company.host.admin.GET('/api/v1/connections/{id}/stats', { params })).listener;
  }

  it.each(['dingtalk', 'feishu'] as const)('%s needs no callback URL', async (id) => {
    expect(await listenerOf(id)).toMatchObject({ status: 'connected', error: null });
    expect(company.platform(id).simulator.glance().events).toMatchObject({ url: null, connections: 1 });
  });

  it.each(BREAKS)('%s, %s: nothing is lost, nothing applied twice', async (id, _how, breakUp) => {
    const { sandbox, host } = company;
    const platform = company.platform(id);
    const before = await listenerOf(id);
    const joiners: { account: string; name: string }[] = [];
    for (let turn = 0; turn < CHANGES; turn += 1) {
      joiners.push(sandbox.mutations.hire({ departmentIds: [2] }));
      if (turn % 4 === 2) breakUp(sandbox);
      // Spread over the connection's life: some before, some while it is away, some after.
      await sleep(40);
    }
    await untilListening(host.admin, platform.connectionId);
    const events = await platform.settled();
    expect((await listenerOf(id)).since).not.toBe(before.since);
    const users = await Promise.all(joiners.map(({ account }) => platform.find(account)));
    expect(users.map((user) => [user?.displayName, user?.status])).toEqual(
      joiners.map(({ name }) => [name, 'active']),
    );
    const changes = await readChanges(host.admin, platform.connectionId);
    const created = changes.filter(({ type }) => type === 'user.created').map(({ subject }) => subject.id);
    for (const user of users) expect(created.filter((one) => one === user!.id)).toEqual([user!.id]);
    // What came twice is one event of the inbox.
    const keys = events.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
