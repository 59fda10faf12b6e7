import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject, PlatformEvent, UserRecord } from '@trainbridge/connector-kit';
import { check } from '../src/check.js';
import { customers } from '../src/customers.js';
import { directory } from '../src/directory.js';
import { events } from '../src/events.js';
import { identity } from '../src/identity.js';
import { results } from '../src/results.js';
import { tasks } from '../src/tasks.js';
import { todos } from '../src/todos.js';
import { readAll, readDirectory, startWorld, type World } from './sandbox-world.js';

let world: World;
afterEach(() => world.close());

const someone = (index = 3): string => world.sandbox.company.people()[index]?.account ?? '';

async function read(account: string): Promise<UserRecord> {
  const [lookup] = await directory.getUsers(world.context(), { externalIds: [account] });
  if (lookup?.status !== 'found') throw new Error(`${account} is ${lookup?.status}`);
  return lookup.record;
}

describe('the simulated company', () => {
  it('is read completely, one call per page of each parent', async () => {
    world = await startWorld({}, 300, 20);
    const { departments, people } = await readDirectory(world.context());
    expect(departments.size).toBe(20);
    expect(people.size).toBe(300);
    for (const person of world.sandbox.company.people()) {
      const record = people.get(person.account);
      expect(record?.displayName).toBe(person.name);
      expect(record?.memberships?.length).toBe(person.departmentIds.length);
      expect(record?.externalIds).toEqual([{ type: 'unionid', value: expect.any(String) as string }]);
    }
    const calls = world.sandbox.dingtalk.calls.byEndpoint();
    const total = (part: string): number =>
      Object.entries(calls).reduce((sum, [name, { total }]) => sum + (name.includes(part) ? total : 0), 0);
    expect(total('listsub')).toBe(20);
    expect(total('user/list')).toBe(20);
    expect(total('department/get')).toBe(1);
    // Where the walk begins, and whether anybody is named one by one.
    expect(total('auth/scopes')).toBe(2);
    expect(total('accessToken')).toBe(1);
  }, 60_000);

  it('passes the check', async () => {
    world = await startWorld();
    const findings = await check(world.context());
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('knows who is above somebody in the detail only', async () => {
    world = await startWorld();
    const [boss, other] = [someone(0), someone(1)];
    world.sandbox.mutations.hire({
      account: 'new.one',
      departmentIds: [1],
      leaders: [boss],
      status: 'inactive',
    });
    expect(await read('new.one')).toMatchObject({ managerExternalId: boss, status: 'pending' });
    expect(await read(other)).toHaveProperty('managerExternalId');
  });
});

describe('events', () => {
  it('come by Stream, acknowledged after the commit, and each once', async () => {
    world = await startWorld();
    await world.control('PUT stream', { enabled: true });
    const seen: PlatformEvent[] = [];
    const listening = events.listen?.(
      world.context({ callbackToken: undefined, callbackAesKey: undefined }),
      {
        emit: async (_raw, decoded) => void seen.push(...decoded),
      },
    );
    await until(
      async () => ((await world.control('GET stream')) as { connections: number }).connections === 1,
    );
    world.sandbox.mutations.hire({ account: 'new.one', departmentIds: [1] });
    world.sandbox.mutations.dismiss(someone(5));
    await world.sandbox.dingtalk.idle();
    await until(async () => seen.length >= 2);
    expect(seen).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'user.changed', ids: ['new.one'] }),
        expect.objectContaining({ kind: 'user.left' }),
      ]),
    );
    expect(new Set(seen.map(({ key }) => key)).size).toBe(seen.length);
    await world.control('POST stream/kick');
    await listening;
  });

  it('and a person who left is gone', async () => {
    world = await startWorld();
    const account = someone(5);
    world.sandbox.mutations.dismiss(account);
    expect(await directory.getUsers(world.context(), { externalIds: [account] })).toEqual([
      { externalId: account, status: 'gone' },
    ]);
  });
});

describe('approvals, to-dos and results', () => {
  it('an approval is listed, read with its form, and told apart by kind', async () => {
    world = await startWorld();
    const account = someone();
    const id = world.sandbox.dingtalk.submitApproval({
      account,
      title: '培训申请',
      form: { 课程: 'JS-101' },
    });
    const context = world.context();
    const listed = await readAll((cursor) => tasks.list(context, { since: Date.now() - 86_400_000, cursor }));
    const kind = listed.find(({ externalId }) => externalId === id)?.kind ?? '';
    expect(context.config.processCodes).toContain(kind);
    const [first] = await tasks.get(context, { externalIds: [id], kinds: { [id]: kind } });
    expect(first).toMatchObject({
      status: 'found',
      record: { kind, status: 'open', applicantExternalId: account, form: { 课程: 'JS-101' } },
    });
    world.sandbox.dingtalk.decideApproval(id, 'approved');
    expect(await tasks.get(context, { externalIds: [id] })).toMatchObject([
      { record: { status: 'approved' } },
    ]);
  });

  it('a to-do appears once however often it is made, and goes when it is done', async () => {
    world = await startWorld();
    const account = someone();
    const record = await read(account);
    const item = {
      key: 'enr_1',
      recipientExternalId: account,
      recipientExternalIds: record.externalIds ?? [],
      title: '新员工培训',
      url: 'https://lms.example.test/c/1',
      dueAt: new Date(Date.now() + 86_400_000).toISOString(),
    };
    const context = world.context();
    const [made] = await todos.upsert(context, { items: [item] });
    const [again] = await todos.upsert(context, { items: [{ ...item, title: '改名' }] });
    expect(again).toEqual(made);
    expect(world.sandbox.dingtalk.todos()).toMatchObject([{ account, title: '改名', status: 'open' }]);
    const externalRef = made?.status === 'done' ? (made.externalRef ?? '') : '';
    const closing = { key: 'enr_1', externalRef, recipientExternalId: account };
    expect(await todos.close(context, { items: [{ ...closing, outcome: 'completed' }] })).toMatchObject([
      { status: 'done' },
    ]);
    expect(world.sandbox.dingtalk.todos()).toMatchObject([{ status: 'done' }]);
    expect(await todos.close(context, { items: [{ ...closing, outcome: 'withdrawn' }] })).toMatchObject([
      { status: 'done' },
    ]);
  });

  it('a message reaches everybody it is for', async () => {
    world = await startWorld();
    const accounts = [someone(1), someone(2)];
    const outcomes = await results.report(world.context(), {
      action: 'message',
      options: {},
      items: accounts.map((externalId, index) => ({
        key: `d${index}`,
        recipient: { kind: 'user', externalId, externalIds: [] },
        event: {},
        text: '您已完成课程《JS》',
      })),
    });
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
    const inbox = world.sandbox.dingtalk.inbox();
    expect(inbox.map(({ account, text }) => [account, text])).toEqual(
      accounts.map((account) => [account, '您已完成课程《JS》']),
    );
  });

  it('an external contact is listed, and gets a label beside those it has', async () => {
    world = await startWorld();
    const made = (await world.control('POST customers', { name: '客户甲', owner: someone(1) })) as JsonObject;
    const context = world.context();
    const listed = await readAll((cursor) => customers.list?.(context, { cursor }) ?? never());
    const contact = listed.find(({ displayName }) => displayName === '客户甲');
    expect(contact).toMatchObject({ ownerExternalIds: [someone(1)] });
    expect(JSON.stringify(made)).toContain(contact?.externalId ?? '?');
    const groups = await import('../src/customers.js').then(({ readLabels }) => readLabels(context));
    const [tagId] = [...groups.keys()];
    const outcome = await results.report(context, {
      action: 'tag',
      options: { tagId: tagId ?? '' },
      items: [
        {
          key: 'd1',
          recipient: { kind: 'customer', externalId: contact?.externalId ?? '', externalIds: [] },
          event: {},
          text: '',
        },
      ],
    });
    expect(outcome).toEqual([{ key: 'd1', status: 'done' }]);
    const [after] = await customers.get(context, { externalIds: [contact?.externalId ?? ''] });
    expect(after?.status === 'found' && after.record.tags?.map(({ id }) => id)).toContain(tagId);
  });
});

describe('logins', () => {
  const redirectUri = 'https://lms.example.test/sso/con_1/callback';

  it.each(['browser', 'inApp'] as const)('by the login page, %s', async (mode) => {
    world = await startWorld();
    const context = world.context();
    const { url } = await identity.authorizationUrl(context, { redirectUri, state: 'S1', mode });
    const answer = await fetch(`${url}&sandbox_user=${encodeURIComponent(someone())}`, {
      redirect: 'manual',
    });
    expect(answer.status).toBe(302);
    const { searchParams } = new URL(answer.headers.get('location') ?? '');
    expect(searchParams.get('state')).toBe('S1');
    const query = Object.fromEntries(searchParams);
    const subject = await identity.authenticate(context, { query, redirectUri, mode });
    expect(subject).toMatchObject({ kind: 'employee', externalId: someone() });
    await expect(identity.authenticate(context, { query, redirectUri, mode })).rejects.toMatchObject({
      code: 'input_invalid',
    });
  });

  it('by a code of the client', async () => {
    world = await startWorld();
    const { code } = (await world.control('POST login-codes', { account: someone(), kind: 'inApp' })) as {
      code: string;
    };
    const input = { query: { code }, redirectUri, mode: 'inApp' as const };
    expect(await identity.authenticate(world.context(), input)).toMatchObject({
      kind: 'employee',
      externalId: someone(),
    });
  });
});

function never(): never {
  throw new Error('there is no list');
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 10) {
    if (waited > 5_000) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
