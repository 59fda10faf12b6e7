import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject, PlatformEvent, ResultItem, TodoItem } from '@trainbridge/connector-kit';
import type { Person, SandboxOptions } from '@trainbridge/sandbox';
import { wecomDefaults } from '@trainbridge/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import type { WecomContext } from '../src/api.js';
import connector from '../src/index.js';
import { readAll, startWorld, type World } from './sandbox-world.js';

/*
 * Logins, customers, approvals, to-dos and results against the simulated platform: it was written from the same
 * sheet by somebody who did not read the connector.
 */

const { identity, customers, events, tasks, todos, results } = connector as unknown as {
  [K in 'identity' | 'customers' | 'events' | 'tasks' | 'todos' | 'results']: NonNullable<
    (typeof connector)[K]
  >;
};
const on = (context: WecomContext) => context as never;

let world: World;
let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await world.close();
});

const start = async (options: SandboxOptions = {}): Promise<WecomContext> => {
  world = await startWorld(options);
  return world.context();
};
const somebody = (at = 0): Person => {
  const person = world.sandbox.company.people().filter(({ status }) => status === 'active')[at];
  if (!person) throw new Error('a company of nobody');
  return person;
};
const failures = () => world.exchanges.filter(({ errorCode }) => errorCode !== null);

/** What the app's own callback tells, decoded by the connector behind a real URL. */
async function listen(context: WecomContext): Promise<PlatformEvent[]> {
  const told: PlatformEvent[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = {
        method: request.method ?? '',
        queryString: (request.url ?? '').split('?')[1] ?? '',
        headers: {},
        bodyBase64: Buffer.concat(chunks).toString('base64'),
      };
      events.receive(on(context), raw).then(
        ({ reply, events: found }) => {
          told.push(...found);
          response.writeHead(reply.status, reply.headers).end(reply.body);
        },
        () => response.writeHead(401).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks/con_1`;
  expect(await world.sandbox.wecom.setAppCallback({ url })).toMatchObject({ ok: true });
  expect(await world.sandbox.wecom.setCallback({ url })).toMatchObject({ ok: true });
  return told;
}

describe('logging in at the simulated pages', () => {
  const redirectUri = 'https://lms.example.test/sso/con_1/callback?tenant=a%2Bb';
  const state = 'S8'.repeat(32);

  async function login(context: WecomContext, mode: 'browser' | 'inApp', as: string) {
    const { url } = await identity.authorizationUrl(on(context), { redirectUri, state, mode });
    const page = new URL(url);
    page.hash = '';
    page.searchParams.set('sandbox_user', as);
    const response = await fetch(page, { redirect: 'manual' });
    expect(response.status).toBe(302);
    const target = new URL(response.headers.get('location') ?? '');
    expect(target.searchParams.get('state')).toBe(state);
    expect(target.searchParams.get('tenant')).toBe('a+b');
    return { query: Object.fromEntries(target.searchParams), redirectUri, mode } as const;
  }

  it.each(['browser', 'inApp'] as const)('an employee, %s', async (mode) => {
    const context = await start();
    const person = somebody(3);
    const came = await login(context, mode, person.account);
    expect(await identity.authenticate(on(context), came)).toMatchObject({
      kind: 'employee',
      externalId: person.account,
    });
    expect(failures()).toEqual([]);
    await expect(identity.authenticate(on(context), came)).rejects.toMatchObject({
      data: { code: 'input_invalid', advice: { en: expect.stringContaining('again') as string } },
    });
  });

  it.each(['invalid', 'named'] as const)(
    'a code that is used up or too old (%s)',
    async (spentLoginCodes) => {
      let now = 1_767_225_600_000;
      const context = await start({ now: () => now, wecom: { facts: { spentLoginCodes } } });
      const came = await login(context, 'browser', somebody().account);
      now += 301_000;
      await expect(identity.authenticate(on(context), came)).rejects.toMatchObject({
        data: { code: 'input_invalid', advice: { en: expect.stringContaining('again') as string } },
      });
    },
  );

  it('customers are customers, others strangers', async () => {
    const context = await start();
    const customer = world.sandbox.wecom.customers.add({ name: '周敏', ownerAccount: somebody().account });
    const came = await login(context, 'inApp', customer.externalUserId);
    expect(await identity.authenticate(on(context), came)).toMatchObject({
      kind: 'customer',
      externalId: customer.externalUserId,
    });
    const other = await login(context, 'inApp', 'outsider');
    expect(await identity.authenticate(on(context), other)).toMatchObject({
      kind: 'stranger',
      externalId: null,
    });
  });

  it('an employee outside the visible range comes in silently, and is not taken for one in it', async () => {
    const context = await start();
    const [inside, outside] = [somebody(0), somebody(1)];
    world.sandbox.wecom.setVisibleRange({ users: [inside.account] });
    const came = await login(context, 'inApp', outside.account);
    await expect(identity.authenticate(on(context), came)).rejects.toMatchObject({
      data: { code: 'permission_denied' },
    });
  });
});

describe('customers of the simulated company', () => {
  const read = (context: WecomContext) => readAll((cursor) => customers.list!(on(context), { cursor }));

  it.each([
    ['customersOfNobody', 'empty'],
    ['customersOfNobody', 'refused'],
    ['batchFailInfo', true],
  ] as const)('all of them with all their owners (%s %s)', async (fact, value) => {
    const context = await start({ people: 260, wecom: { customers: 0, facts: { [fact]: value } } });
    const { wecom, company } = world.sandbox;
    const people = company.people().slice(0, 150);
    for (const [index, person] of people.entries()) {
      const { externalUserId } = wecom.customers.add({ name: `客户${index}`, ownerAccount: person.account });
      if (index % 10 === 0) wecom.customers.follow(externalUserId, people[index + 1]?.account ?? '');
    }
    const { items, rejected } = await read(context);
    expect(rejected).toEqual([]);
    const owners = new Map<string, Set<string>>();
    for (const { externalId, ownerExternalIds = [] } of items) {
      const known = owners.get(externalId) ?? new Set();
      for (const owner of ownerExternalIds) known.add(owner);
      owners.set(externalId, known);
    }
    expect(owners.size).toBe(150);
    for (const { externalUserId, relations } of wecom.customers.all())
      expect([...(owners.get(externalUserId) ?? [])].sort()).toEqual(
        [...relations.values()].map(({ person }) => person.account).sort(),
      );
    expect(failures()).toEqual([]);
  });

  it.each(['refused', 'skipped'] as const)('a follower who leaves between two pages (%s)', async (how) => {
    const facts = { invisibleFollowerInBatch: how };
    const context = await start({ people: 260, wecom: { customers: 0, facts } });
    const { wecom, company, mutations } = world.sandbox;
    for (const { account, name } of company.people().slice(0, 150))
      wecom.customers.add({ name, ownerAccount: account });
    const first = await customers.list!(on(context), { cursor: null });
    const read = new Set(first.items.flatMap(({ ownerExternalIds = [] }) => ownerExternalIds));
    const leaver = wecom.customers.followers().find(({ account }) => !read.has(account));
    mutations.dismiss(leaver?.account ?? '');
    const found = [...first.items];
    for (let { cursor } = first; cursor !== null;) {
      const page = await customers.list!(on(context), { cursor });
      found.push(...page.items);
      cursor = page.cursor;
    }
    expect(new Set(found.map(({ externalId }) => externalId)).size).toBe(149);
  });

  it('one of them, with tags as the listing tells them; gone when nobody follows them', async () => {
    const context = await start();
    const { customers: known, corpTags } = world.sandbox.wecom;
    const tag = corpTags.all()[1]?.tags[0];
    const [first, second] = [somebody(0), somebody(1)];
    const { externalUserId: id } = known.add({
      name: '周敏',
      ownerAccount: first.account,
      tagIds: [tag?.id ?? ''],
      personalTags: ['爱喝茶'],
    });
    known.follow(id, second.account);
    const [found] = await customers.get(on(context), { externalIds: [id] });
    expect(found).toMatchObject({ externalId: id, status: 'found' });
    const record = found?.status === 'found' ? found.record : undefined;
    expect(record).toMatchObject({ displayName: '周敏', ownerExternalIds: [first.account, second.account] });
    expect(record?.tags).toContainEqual(expect.objectContaining({ id: tag?.id, name: tag?.name }));
    const listed = (await read(context)).items.filter(({ externalId }) => externalId === id);
    expect(listed.flatMap(({ tags = [] }) => tags.map((one) => one.id))).toContain(tag?.id);
    known.drop(id, first.account);
    known.drop(id, second.account);
    const [after] = await customers.get(on(context), { externalIds: [id] });
    expect(['gone', 'notVisible', 'unknown']).toContain(after?.status);
  });

  it('what happens to them is told', async () => {
    const context = await start();
    const told = await listen(context);
    const { wecom } = world.sandbox;
    const [first, second] = [somebody(0), somebody(1)];
    const { externalUserId: id } = wecom.customers.add({
      name: '周敏',
      ownerAccount: first.account,
      state: 'x',
    });
    wecom.customers.follow(id, second.account);
    wecom.customers.edit(id, first.account, { remark: '周总' });
    wecom.customers.leave(id, second.account);
    wecom.customers.drop(id, first.account);
    await wecom.idle();
    expect(told.map(({ kind, ids }) => [kind.split('.')[0], ids[0]])).toEqual(
      Array(5).fill(['customer', id]),
    );
    expect(new Set(told.map(({ key }) => key)).size).toBe(5);
  });
});

describe('approvals of the simulated company', () => {
  const form = { 课程: '外训', 截止日期: '2026-02-01', 方式: '线下' };

  it.each([
    ['approvalProcessList', true],
    ['approvalProcessList', false],
  ] as const)('are listed, read and told (%s %s)', async (fact, value) => {
    const context = await start({ wecom: { facts: { [fact]: value, approvalNumberText: value } } });
    const told = await listen(context);
    const { wecom } = world.sandbox;
    const person = somebody();
    const submit = () => wecom.submitApproval({ account: person.account, title: '培训申请', form });
    const [open, approved, rejected, withdrawn, undone, deleted] = Array.from({ length: 6 }, submit) as [
      string, string, string, string, string, string,
    ]; // prettier-ignore
    wecom.decideApproval(approved, 'approved');
    wecom.decideApproval(rejected, 'rejected');
    wecom.decideApproval(withdrawn, 'withdrawn');
    wecom.decideApproval(undone, 'approved');
    wecom.decideApproval(undone, 'withdrawn');
    wecom.approvals.remove(deleted);
    await wecom.idle();
    const listed = await readAll((cursor) =>
      tasks.list(on(context), { since: Date.now() - 40 * 86_400_000, cursor }),
    );
    const numbers = [open, approved, rejected, withdrawn, undone, deleted];
    expect(listed.items.map(({ externalId }) => externalId).sort()).toEqual(numbers);
    const read = await tasks.get(on(context), { externalIds: numbers });
    const records = numbers.map((number) => {
      const found = read.find(({ externalId }) => externalId === number);
      return found?.status === 'found' ? found.record : undefined;
    });
    expect(records.map((record) => record?.status)).toEqual(
      ['open', 'approved', 'rejected', 'withdrawn', 'withdrawn', 'deleted'], // prettier-ignore
    );
    expect(records[0]).toMatchObject({
      kind: wecomDefaults.approvalTemplateId,
      title: '培训申请',
      applicantExternalId: person.account,
    });
    expect(records[0]?.form).toMatchObject({ 课程: '外训' });
    expect(Object.keys(records[0]?.form ?? {})).toEqual(Object.keys(form));
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['task.changed']));
    expect(told.map(({ ids }) => ids[0]).sort()).toEqual(
      [...numbers, approved, rejected, withdrawn, undone, undone].sort(),
    );
    expect(new Set(told.map(({ key }) => key)).size).toBe(told.length);
    expect(failures()).toEqual([]);
  });

  it('pages that are empty end nothing; people out of view are not visible', async () => {
    const context = await start();
    const { wecom } = world.sandbox;
    const [first, second] = [somebody(0), somebody(1)];
    const submit = ({ account }: Person) => wecom.submitApproval({ account, title: '培训申请', form });
    const early = submit(first);
    const hidden = Array.from({ length: 210 }, () => submit(second));
    const late = submit(first);
    wecom.setVisibleRange({ users: [first.account] });
    const { items, pages } = await readAll((cursor) =>
      tasks.list(on(context), { since: Date.now() - 3_600_000, cursor }),
    );
    expect(items.map(({ externalId }) => externalId)).toEqual([early, late]);
    expect(pages).toBe(3);
    const [unknown] = await tasks.get(on(context), { externalIds: ['209901010001'] });
    expect(unknown?.status).not.toBe('found');
    expect(hidden).toHaveLength(210);
  });

  it('one whose applicant left, or went out of view, spoils no other', async () => {
    const context = await start();
    const { wecom, mutations } = world.sandbox;
    const [leaver, there] = [somebody(0), somebody(1)];
    const numbers = [leaver, there].map(({ account }) =>
      wecom.submitApproval({ account, title: '培训申请', form }),
    );
    mutations.dismiss(leaver.account);
    const read = await tasks.get(on(context), { externalIds: numbers });
    expect(read.find(({ externalId }) => externalId === numbers[1])?.status).toBe('found');
    expect(read.find(({ externalId }) => externalId === numbers[0])?.status).not.toBe('found');
    // Alone, too: an app that may read approvals is not taken for one that may not.
    const [alone] = await tasks.get(on(context), { externalIds: [numbers[0]!] });
    expect(alone?.status).toBe('notVisible');
  });
});

describe('to-dos in the simulated client', () => {
  const todo = (key: string, person: Person, more: Partial<TodoItem> = {}): TodoItem => ({
    key,
    recipientExternalId: person.account,
    recipientExternalIds: [],
    title: '消防安全',
    url: 'https://lms.example.test/c/1',
    ...more,
  });
  const shown = () =>
    world.sandbox.wecom.todos().map(({ account, title, url, status }) => ({ account, title, url, status }));

  it.each([
    ['cut', 'first'],
    ['refused', 'own'],
  ] as const)('appear, once, and go when closed (%s, %s)', async (overlongCardText, duplicateMsgid) => {
    const context = await start({ wecom: { facts: { overlongCardText, duplicateMsgid } } });
    const [first, second] = [somebody(0), somebody(1)];
    const items = [
      todo('e1', first, { dueAt: '2026-02-01T10:00:00.000Z' }),
      todo('e2', second, { title: '长'.repeat(400), description: '必修' }),
    ];
    const made = await todos.upsert(on(context), { items });
    expect(made.map(({ key, status }) => [key, status])).toEqual([
      ['e1', 'done'],
      ['e2', 'done'],
    ]);
    expect(shown()).toMatchObject([
      { account: first.account, title: '消防安全', url: 'https://lms.example.test/c/1', status: 'open' },
      { account: second.account, status: 'open' },
    ]);
    // The answer got lost, and the host sends them again.
    const again = await todos.upsert(on(context), { items });
    expect(again.every(({ status }) => status === 'done')).toBe(true);
    expect(shown()).toHaveLength(2);
    const closed = await todos.close(on(context), {
      // A repeat that is answered with an id of its own reached nobody: the first id is the one to close.
      items: (duplicateMsgid === 'first' ? again : made).map((outcome, at) => ({
        key: outcome.key,
        externalRef: outcome.status === 'done' ? (outcome.externalRef ?? '') : '',
        recipientExternalId: [first, second][at]?.account ?? '',
        outcome: 'completed' as const,
      })),
    });
    expect(closed.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(shown().map(({ status }) => status)).not.toContain('open');
  });

  it('changed: the person has one that is open, with the new title', async () => {
    const context = await start();
    const person = somebody();
    const [made] = await todos.upsert(on(context), { items: [todo('e1', person)] });
    const externalRef = made?.status === 'done' ? (made.externalRef ?? '') : '';
    const changed = todo('e1', person, { title: '消防安全（必修）', externalRef });
    const [outcome] = await todos.upsert(on(context), { items: [changed] });
    expect(outcome?.status).toBe('done');
    const open = shown().filter(({ status }) => status === 'open');
    expect(open.map(({ title }) => title)).toEqual(['消防安全（必修）']);
  });

  it('a day later a card cannot be taken back: nothing fails, nothing is asked again', async () => {
    let now = Date.now();
    const context = await start({ now: () => now });
    const person = somebody();
    const [made] = await todos.upsert(on(context), { items: [todo('e1', person)] });
    now += 25 * 3_600_000;
    const externalRef = made?.status === 'done' ? (made.externalRef ?? '') : '';
    const items = [
      { key: 'e1', externalRef, recipientExternalId: person.account, outcome: 'completed' as const },
    ];
    const [closed] = await todos.close(on(context), { items });
    expect(['done', 'skipped']).toContain(closed?.status);
  });

  it('of somebody out of view fail alone', async () => {
    const context = await start();
    const [inside, outside] = [somebody(0), somebody(1)];
    world.sandbox.wecom.setVisibleRange({ users: [inside.account] });
    const outcomes = await todos.upsert(on(context), { items: [todo('e1', outside), todo('e2', inside)] });
    const byKey = Object.fromEntries(outcomes.map((outcome) => [outcome.key, outcome]));
    expect(byKey.e1).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
    expect(byKey.e2).toMatchObject({ status: 'done' });
  });
});

describe('results on the simulated platform', () => {
  const toUser = (key: string, { account }: Person, text = '恭喜完成'): ResultItem => ({
    key,
    recipient: { kind: 'user', externalId: account, externalIds: [] },
    event: {},
    text,
  });
  const toCustomer = (key: string, externalId: string, ownerExternalIds: string[]): ResultItem => ({
    key,
    recipient: { kind: 'customer', externalId, externalIds: [], ownerExternalIds },
    event: {},
    text: '',
  });
  const report = (context: WecomContext, action: string, options: JsonObject, items: ResultItem[]) =>
    results.report(on(context), { action, options, items });

  it('messages reach everybody once', async () => {
    const context = await start();
    const people = [somebody(0), somebody(1), somebody(2)];
    const items = people.map((person, at) => toUser(`r${at}`, person, at === 2 ? '未通过' : '恭喜完成'));
    for (let round = 0; round < 2; round += 1)
      expect((await report(context, 'message', {}, items)).map(({ status }) => status)).toEqual(
        ['done', 'done', 'done'], // prettier-ignore
      );
    const inbox = world.sandbox.wecom.inbox().map(({ account, text }) => [account, text]);
    expect(inbox.sort()).toEqual(people.map(({ account }, at) => [account, items[at]?.text]).sort());
  });

  it('messages: who is out of view is named, the others get theirs', async () => {
    const context = await start();
    const [inside, outside] = [somebody(0), somebody(1)];
    world.sandbox.wecom.setVisibleRange({ users: [inside.account] });
    const outcomes = await report(context, 'message', {}, [toUser('r1', outside), toUser('r2', inside)]);
    const byKey = Object.fromEntries(outcomes.map(({ key, status }) => [key, status]));
    expect(byKey).toEqual({ r1: 'failed', r2: 'done' });
    expect(world.sandbox.wecom.inbox().map(({ account }) => account)).toEqual([inside.account]);
  });

  it('a member tag is made, filled, and found again', async () => {
    const context = await start();
    const { wecom } = world.sandbox;
    const people = [somebody(0), somebody(1), somebody(2)];
    const options = { tagName: '已通过消防安全' };
    const first = await report(
      context,
      'tag',
      options,
      people.slice(0, 2).map((person, at) => toUser(`r${at}`, person)),
    );
    expect(first.map(({ status }) => status)).toEqual(['done', 'done']);
    const later = await report(world.context(), 'tag', options, [toUser('r2', somebody(2))]);
    expect(later.map(({ status }) => status)).toEqual(['done']);
    expect([...wecom.tags.values()].map(({ name }) => name)).toEqual(['已通过消防安全']);
    expect([...(wecom.tags.get(1)?.personIds ?? [])]).toEqual(people.map(({ id }) => id));
  });

  it('a tag of an administrator is refused, with advice', async () => {
    const context = await start();
    world.sandbox.wecom.putTag(7, '讲师', {});
    const [outcome] = await report(context, 'tag', { tagId: 7 }, [toUser('r1', somebody())]);
    expect(outcome).toMatchObject({ status: 'failed', error: { advice: { en: expect.any(String) } } });
  });

  it('a customer tag is made once, and put on each relation', async () => {
    const context = await start();
    const { customers: known, corpTags } = world.sandbox.wecom;
    const [first, second] = [somebody(0), somebody(1)];
    const { externalUserId: id } = known.add({ name: '周敏', ownerAccount: first.account });
    known.follow(id, second.account);
    const items = [toCustomer('r1', id, [first.account, second.account])];
    for (let round = 0; round < 2; round += 1) {
      const outcomes = await report(world.context(), 'tag', { tagName: '已结业学员' }, items);
      expect(outcomes).toMatchObject([{ key: 'r1', status: 'done' }]);
    }
    const made = corpTags.all().flatMap(({ tags }) => tags.filter(({ name }) => name === '已结业学员'));
    expect(made).toHaveLength(1);
    for (const { account } of [first, second])
      expect(known.relation(id, account).tagIds).toEqual(new Set([made[0]?.id]));
    expect(context.config).toBeDefined();
  });

  it('a customer tag whose owner let the customer go meanwhile still reaches the other', async () => {
    const context = await start();
    const { customers: known } = world.sandbox.wecom;
    const [first, second] = [somebody(0), somebody(1)];
    const { externalUserId: id } = known.add({ name: '周敏', ownerAccount: first.account });
    known.follow(id, second.account);
    known.drop(id, first.account);
    const items = [toCustomer('r1', id, [first.account, second.account])];
    const [outcome] = await report(context, 'tag', { tagName: '已结业' }, items);
    expect(outcome?.status).toBe('done');
    expect(known.relation(id, second.account).tagIds.size).toBe(1);
  });

  it.each([false, true])(
    'an attribute is written and others stay (partial writes wipe: %s)',
    async (wipes) => {
      const context = await start({ wecom: { facts: { partialExtattrWipes: wipes } } });
      const person = somebody();
      const { wecom, company } = world.sandbox;
      person.setDetails({ attributes: { 培训积分: '88' } });
      company.revision += 1;
      const number = person.employeeNumber;
      const [outcome] = await report(context, 'attribute', { attribute: '最近证书' }, [
        toUser('r1', person, `消防${'长'.repeat(100)}`),
      ]);
      expect(outcome).toMatchObject({ status: 'done' });
      expect(person.attributes).toMatchObject({ 培训积分: '88' });
      expect(person.attributes['最近证书']).toMatch(/^消防长/);
      expect(person.employeeNumber).toBe(number);
      expect(wecom.faults.list()).toEqual([]);
    },
  );

  it('an attribute nobody created is told as that', async () => {
    const context = await start();
    const [outcome] = await report(context, 'attribute', { attribute: '没有的' }, [toUser('r1', somebody())]);
    expect(outcome?.status).not.toBe('done');
  });
});
