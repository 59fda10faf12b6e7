import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Receiver } from './receiver.js';
import { directory, events, startWorld, type World } from './sandbox-world.js';

let world: World;
let receiver: Receiver;
beforeEach(async () => {
  world = await startWorld();
  receiver = await Receiver.start(() => world.context());
  world.sandbox.feishu.courier.switches.retryMs = [20, 20, 20];
});
afterEach(async () => {
  await world.close();
  await receiver.close();
});

/** Saves the address in the console, which asks it first, and forgets that question. */
async function subscribed(keys: { encryptKey?: string; verificationToken?: string } = {}): Promise<void> {
  expect(await world.sandbox.feishu.setCallback({ url: receiver.url, ...keys })).toMatchObject({ ok: true });
}
const somebody = () => {
  const person = world.sandbox.company.people().find(({ status, id }) => status === 'active' && id > 5);
  if (!person) throw new Error('a company of nobody');
  return person;
};
const unionId = (personId: number): string => world.sandbox.feishu.ids.unionId(personId);
const openId = (departmentId: number): string =>
  world.sandbox.feishu.ids.department(departmentId, 'open_department_id');
const told = () => receiver.once.map(({ kind, ids }) => [kind, ids]);

describe.each([
  ['encrypted and signed', {}],
  ['in the clear, by token', { encryptKey: '' }],
])('callbacks %s', (_name, keys) => {
  beforeEach(async () => {
    await world.close();
    world = await startWorld({ feishu: keys });
    world.sandbox.feishu.courier.switches.retryMs = [20, 20, 20];
    await subscribed(keys);
  });

  it('what happens in the company is told about the right people and departments', async () => {
    const { company, mutations, feishu } = world.sandbox;
    const person = somebody();
    const [top] = company.children(1);
    const founded = mutations.createDepartment({ name: '新部门', parentId: top! });
    await feishu.idle();
    mutations.move(person.account, [founded.id]);
    await feishu.idle();
    mutations.move(person.account, [top!]);
    mutations.renameDepartment(founded.id, '旧部门');
    mutations.removeDepartment(founded.id);
    await feishu.idle();
    mutations.dismiss(person.account);
    await feishu.idle();
    const kinds = told().map(([kind, ids]) => `${String(kind)} ${String(ids)}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        `department.changed ${openId(founded.id)}`,
        `user.changed ${unionId(person.id)}`,
        `department.removed ${openId(founded.id)}`,
        `user.left ${unionId(person.id)}`,
      ]),
    );
    expect(receiver.refusals).toEqual([]);
    const [lookup] = await directory.getUsers(world.context(), { externalIds: [unionId(person.id)] });
    expect(lookup?.status).toBe('gone');
    const [department] = await directory.getDepartments(world.context(), {
      externalIds: [openId(founded.id)],
    });
    expect(department?.status).toBe('gone');
  });
});

describe('callbacks', () => {
  it('sent twice, late, and in another order bear the same keys', async () => {
    await subscribed();
    const { feishu, mutations } = world.sandbox;
    Object.assign(feishu.courier.switches, { duplicates: 2, reorder: true });
    const person = somebody();
    mutations.edit(person.account, { position: '讲师' });
    mutations.edit(person.account, { position: '教授' });
    await feishu.idle();
    expect(receiver.told.length).toBeGreaterThanOrEqual(6);
    expect(told()).toEqual([
      ['user.changed', [unionId(person.id)]],
      ['user.changed', [unionId(person.id)]],
    ]);
  });

  it('a narrower range is told as such', async () => {
    await subscribed();
    const { feishu, company } = world.sandbox;
    feishu.setRange({ departments: company.children(1).slice(0, 1) });
    await feishu.idle();
    expect(told()).toEqual([['visibility.changed', []]]);
  });

  it.each(['v1', 'v2', 'both'] as const)(
    'approvals in the form %s, after they were subscribed',
    async (form) => {
      await subscribed();
      const { feishu } = world.sandbox;
      feishu.setFacts({ approvalEvents: form });
      await events.activate?.(world.context());
      const id = feishu.submitApproval({
        account: somebody().account,
        title: '培训申请',
        form: { 课程: '安全' },
      });
      feishu.decideApproval(id, 'approved');
      await feishu.idle();
      const tasks = told().filter(([kind]) => kind === 'task.changed');
      expect(tasks.length).toBeGreaterThanOrEqual(2);
      expect(new Set(tasks.map(([, ids]) => String(ids)))).toEqual(new Set([id]));
    },
  );

  it('another Encrypt Key in the console: refused, and sent again in vain', async () => {
    await world.sandbox.feishu.setCallback({ url: receiver.url, encryptKey: 'another key' }, false);
    world.sandbox.mutations.edit(somebody().account, { position: '讲师' });
    const wrong = { encryptKey: 'the key of this connection' };
    const strict = await Receiver.start(() => world.context(wrong));
    await world.sandbox.feishu.setCallback({ url: strict.url, encryptKey: 'another key' }, false);
    world.sandbox.mutations.edit(somebody().account, { position: '教授' });
    await world.sandbox.feishu.idle();
    expect(strict.told).toEqual([]);
    expect(new Set(strict.refusals)).toEqual(new Set(['auth_failed']));
    await strict.close();
  });
});

describe('what no page settles', () => {
  it.each([
    ['createTimeDigits', 16],
    ['updatedDepartmentIds', 'absent'],
    ['deletedStatus', 'absent'],
    ['departmentOldObject', 'full'],
  ] as const)('%s %s changes nothing about an event', async (fact, value) => {
    await subscribed();
    const { feishu, mutations } = world.sandbox;
    feishu.setFacts({ [fact]: value });
    const person = somebody();
    const before = Date.now();
    mutations.dismiss(person.account);
    await feishu.idle();
    const left = receiver.told.filter(({ kind }) => kind === 'user.left');
    expect(left.map(({ ids }) => ids)).toContainEqual([unionId(person.id)]);
    for (const { time } of left) expect(Math.abs(time - before)).toBeLessThan(60_000);
  });

  it.each([40015, 99992357, 'is_deleted'] as const)(
    'a deleted department answered by %s',
    async (deletedDepartment) => {
      const { feishu, mutations, company } = world.sandbox;
      const [top] = company.children(1);
      const founded = mutations.createDepartment({ name: '新部门', parentId: top! });
      mutations.removeDepartment(founded.id);
      feishu.setFacts({ deletedDepartment });
      const [lookup] = await directory.getDepartments(world.context(), { externalIds: [openId(founded.id)] });
      // An id the gateway does not know is no proof by itself; with the event of its removal it is enough.
      expect(lookup?.status).toBe(deletedDepartment === 99992357 ? 'unknown' : 'gone');
    },
  );

  it.each([
    ['invalidTokenStatus', 200],
    ['invalidTokenStatus', 401],
    ['rateLimitStatus', 400],
  ] as const)('%s %i costs a token or time, and nobody', async (fact, value) => {
    const { feishu, company } = world.sandbox;
    feishu.setFacts({ [fact]: value });
    const context = world.context();
    await directory.visibility(context);
    feishu.expireTokens();
    feishu.faults.add({ kind: 'rate_limit', times: 1, endpoint: '*' });
    const [top] = company.children(1);
    const page = await directory.listUsers(context, { departmentId: openId(top!), cursor: null });
    expect(page.items).toHaveLength(company.members(top!).size);
  });
});
