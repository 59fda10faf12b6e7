import type { JsonObject, PlatformEvent } from '@trainbridge/connector-kit';
import { feishuDefaults } from '@trainbridge/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import connector from '../src/index.js';
import { directory, events, has, readDirectory, startWorld, type World } from './sandbox-world.js';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const unionId = (account: string): string => {
  const { feishu } = world.sandbox;
  return feishu.ids.unionId(feishu.personOf(account).id);
};
const somebody = () => {
  const person = world.sandbox.company.people().find(({ status, id }) => status === 'active' && id > 5);
  if (!person) throw new Error('a company of nobody');
  return person;
};

describe('the directory of the simulated company', () => {
  it('everybody and every department but the root, in the calls its pages need', async () => {
    const { company } = world.sandbox;
    const context = world.context();
    await directory.visibility(context);
    const before = world.exchanges.length;
    const { departments, people, rejected } = await readDirectory(context);
    expect(rejected).toEqual([]);
    expect(departments.size).toBe(company.departmentCount - 1);
    expect([...people.keys()].sort()).toEqual(
      company
        .people()
        .map(({ account }) => unionId(account))
        .sort(),
    );
    const calls = world.exchanges.slice(before);
    expect(calls.every(({ errorCode }) => errorCode === null)).toBe(true);
    // Grants twice (departments, people), a batch of each, the subtree of each top department, a page per department.
    const tops = company.children(1).length;
    expect(calls.length).toBeLessThanOrEqual(2 + 2 + tops + (company.departmentCount - 1) + 1);
  });

  it.each([
    ['emptyItems', 'empty'],
    ['rootMembership', 'absent'],
    ['childrenIncludeParent', true],
    ['resignedInBatch', true],
    ['mobileForm', 'bare'],
    ['errorForm', 'page'],
  ] as const)('the same with %s %s, which no page settles', async (fact, value) => {
    world.sandbox.feishu.setFacts({ [fact]: value });
    const { departments, people, rejected } = await readDirectory(world.context());
    expect(rejected).toEqual([]);
    expect(departments.size).toBe(world.sandbox.company.departmentCount - 1);
    expect(people.size).toBe(world.sandbox.company.personCount);
    for (const { mobile } of people.values()) if (mobile) expect(mobile).toMatch(/^\+86\d{11}$/);
  });

  it('of a part of the company, only that part, and root is not read through', async () => {
    const { feishu, company } = world.sandbox;
    const [top] = company.children(1);
    const alone = somebody();
    feishu.setRange({ departments: [top!], users: [alone.account] });
    const context = world.context();
    const { grants } = await directory.visibility(context);
    expect(grants).toHaveLength(2);
    const { departments, people } = await readDirectory(context);
    expect(departments.size).toBe(company.subtree(top!).length);
    expect([...people.keys()]).toContain(unionId(alone.account));
    const read = world.exchanges.filter(
      ({ url, errorCode }) => url.includes('departments/0/') && errorCode === null,
    );
    expect(read).toEqual([]);
  });

  it('without a scope, the field is absent and nobody is rejected', async () => {
    for (const scope of ['contact:user.phone:readonly', 'contact:user.email:readonly'])
      world.sandbox.feishu.setScope(scope, false);
    const { people, rejected } = await readDirectory(world.context());
    expect(rejected).toEqual([]);
    for (const person of people.values()) expect(person).not.toHaveProperty('mobile');
  });

  it('somebody who left is gone, by any of their ids', async () => {
    const { feishu, mutations } = world.sandbox;
    const person = somebody();
    const openId = feishu.ids.openId(person.id);
    const union = unionId(person.account);
    mutations.dismiss(person.account);
    const lookups = await directory.getUsers(world.context(), { externalIds: [union, `open_id:${openId}`] });
    expect(lookups.map(({ status }) => status)).toEqual(['gone', 'gone']);
  });

  it('a token that ends meanwhile is fetched anew', async () => {
    const context = world.context();
    await directory.visibility(context);
    world.sandbox.feishu.expireTokens();
    const { people } = await readDirectory(context);
    expect(people.size).toBe(world.sandbox.company.personCount);
    expect(world.exchanges.filter(({ url }) => url.includes('tenant_access_token'))).toHaveLength(2);
  });
});

describe('events of the simulated company', () => {
  it('over the long connection, none lost across a cut', async () => {
    const { feishu, mutations } = world.sandbox;
    const listen = (): Promise<void> | undefined =>
      events.listen?.(world.context({}, abort.signal), { emit });
    const told: PlatformEvent[] = [];
    const emit = async (_raw: JsonObject, decoded: PlatformEvent[]): Promise<void> =>
      void told.push(...decoded);
    const abort = new AbortController();
    const until = async (count: number) => {
      for (let waited = 0; told.length < count && waited < 3_000; waited += 10)
        await new Promise((resolve) => setTimeout(resolve, 10));
    };
    feishu.removeCallback();
    feishu.courier.switches.retryMs = [50, 50, 50];
    const opened = async () => {
      for (let waited = 0; feishu.connections.openConnections === 0 && waited < 3_000; waited += 10)
        await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const first = listen();
    await opened();
    const person = somebody();
    mutations.edit(person.account, { position: '讲师' });
    await until(1);
    feishu.connections.kick();
    await first;
    const second = listen();
    await opened();
    const union = unionId(person.account);
    mutations.dismiss(person.account);
    await until(2);
    await feishu.idle();
    abort.abort();
    await second;
    // At least once: what the cut kept from being acknowledged comes again, under the same key.
    const once = new Map(told.map(({ key, kind, ids }) => [key, [kind, ids]]));
    expect([...once.values()]).toEqual([
      ['user.changed', [union]],
      ['user.left', [union]],
    ]);
  });
});

describe('work and results', () => {
  it('an approval: listed, read, its applicant found under the id everything is kept by', async () => {
    const { feishu } = world.sandbox;
    const tasks = has(connector.tasks);
    const context = world.context();
    const person = somebody();
    const id = feishu.submitApproval({
      account: person.account,
      title: '培训申请',
      form: { 课程: '安全培训' },
    });
    feishu.decideApproval(id, 'approved');
    const { items } = await tasks.list(context, { since: context.now() - 60_000, cursor: null });
    expect(items).toEqual([{ externalId: id }]);
    const [lookup] = await tasks.get(context, { externalIds: [id] });
    expect(lookup).toMatchObject({
      status: 'found',
      record: { status: 'approved', form: { 课程: '安全培训' } },
    });
    const applicant = lookup?.status === 'found' ? lookup.record.applicantExternalId : null;
    const [found] = await directory.getUsers(context, { externalIds: [applicant ?? ''] });
    expect(found).toMatchObject({ status: 'found', record: { externalId: unionId(person.account) } });
  });

  it('subscribing is possible as often as one likes', async () => {
    for (let round = 0; round < 2; round += 1) {
      const findings = await events.activate?.(world.context());
      expect(findings?.map(({ ok }) => ok)).toEqual([true]);
    }
  });

  it('a to-do: appears once, changes, is completed', async () => {
    const { feishu } = world.sandbox;
    const todos = has(connector.todos);
    const context = world.context();
    const person = somebody();
    const item = {
      key: 'enr_0000000001',
      recipientExternalId: unionId(person.account),
      recipientExternalIds: [],
      title: '安全培训',
      url: 'https://lms.example.test/go/1',
      dueAt: '2030-12-31T10:00:00Z',
    };
    const [made] = await todos.upsert(context, { items: [item] });
    const [again] = await todos.upsert(context, { items: [item] });
    expect(again).toEqual(made);
    const externalRef = made?.status === 'done' ? (made.externalRef ?? '') : '';
    const { dueAt: _dueAt, ...open } = { ...item, externalRef, title: '消防培训' };
    expect(await todos.upsert(context, { items: [open] })).toMatchObject([{ status: 'done', externalRef }]);
    const closing = { key: item.key, externalRef, recipientExternalId: item.recipientExternalId };
    for (const outcome of ['completed', 'completed'] as const)
      expect(await todos.close(context, { items: [{ ...closing, outcome }] })).toMatchObject([
        { status: 'done' },
      ]);
    expect(feishu.todos()).toEqual([
      { id: externalRef, account: person.account, title: '消防培训', url: item.url, status: 'done' },
    ]);
  });

  it('a message, a row and a custom field, each once', async () => {
    const { feishu } = world.sandbox;
    const results = has(connector.results);
    const context = world.context();
    const person = somebody();
    const item = {
      key: 'res_1',
      recipient: { kind: 'user' as const, externalId: unionId(person.account), externalIds: [] },
      event: {
        type: 'exam.passed',
        course: { id: 'c1', title: '安全培训' },
        result: { success: true, score: { raw: 92 } },
        occurredAt: '2026-11-01T08:00:00Z',
      },
      text: '恭喜通过《安全培训》',
    };
    const { appToken, tableId } = feishuDefaults;
    for (const [action, options] of [
      ['message', {}],
      ['record', { appToken, tableId }],
      ['attribute', { attribute: '最近证书' }],
    ] as const) {
      for (let round = 0; round < 2; round += 1)
        expect([action, ...(await results.report(context, { action, options, items: [item] }))]).toEqual([
          action,
          expect.objectContaining({ status: 'done' }),
        ]);
    }
    expect(feishu.inbox()).toMatchObject([{ account: person.account, text: item.text }]);
    const rows = feishu.base.tables.flatMap(({ records }) => [...records.values()]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.fields).toMatchObject({ 学员: person.name, 课程: '安全培训', 结果: '通过', 得分: 92 });
  });
});

describe('the check', () => {
  it('of the sandbox as it is: fine', async () => {
    const findings = await connector.check(world.context());
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  });

  it.each([
    ['another secret', { appSecret: 'wrong' }, 'token'],
    ['another app', { appId: 'cli_0000000000000000' }, 'token'],
  ])('of %s', async (_name, change, step) => {
    const findings = await connector.check(world.context(change));
    expect(findings.find(({ ok }) => !ok)).toMatchObject({ step });
  });
});
