import { EventDispatcher } from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feishuDefaults, startSandbox, type Person, type Sandbox } from '@trainbridge/sandbox';
import { FeishuCaller, type Json } from './feishu-caller.js';
import { FeishuReceiver } from './feishu-receiver.js';

const at = 1767225600_000;
const ignore = (): void => undefined;
const silent = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore };

describe('events of Feishu', () => {
  let sandbox: Sandbox;
  let receiver: FeishuReceiver;
  let clock: number;

  beforeEach(async () => {
    clock = at;
    receiver = await new FeishuReceiver().start();
    sandbox = await startSandbox({ people: 60, departments: 12, now: () => clock });
    sandbox.feishu.courier.switches.retryMs = [5, 5, 5, 5];
  });
  afterEach(async () => {
    await sandbox.close();
    await receiver.close();
  });

  const configured = async (setup: Json = {}): Promise<void> => {
    expect(await sandbox.feishu.setCallback({ url: receiver.url, ...setup })).toMatchObject({ ok: true });
  };
  const leadsNothing = (person: Person): boolean => person.memberships.every((place) => !place.isLeader);
  const someone = (): Person =>
    sandbox.company
      .people()
      .find((person) => person.id > 5 && person.status === 'active' && leadsNothing(person)) as Person;

  describe('the check of the request URL', () => {
    it('passes for the challenge as JSON and is never signed', async () => {
      await configured();
      expect(sandbox.feishu.callback?.url).toBe(receiver.url);
      expect(Object.keys(receiver.checkHeaders).filter((name) => name.startsWith('x-lark'))).toEqual([]);
      expect(receiver.checkHeaders['content-type']).toBe('application/json; charset=utf-8');
    });

    it.each(['bare', 'wrong', 'late'] as const)(
      'fails for a %s answer, and nothing is saved',
      async (kind) => {
        expect(sandbox.feishu.courier.switches.verifyTimeoutMs).toBe(1000);
        sandbox.feishu.courier.switches.verifyTimeoutMs = 100;
        receiver.check = kind;
        expect((await sandbox.feishu.setCallback({ url: receiver.url })).ok).toBe(false);
        expect(sandbox.feishu.callback).toBeUndefined();
      },
    );

    it('is plain without an encrypt key, and so are events', async () => {
      receiver.encryptKey = '';
      await configured({ encryptKey: '' });
      sandbox.mutations.hire({ account: 'lin.mei' });
      await sandbox.feishu.idle();
      const [event] = receiver.events;
      expect(event?.envelope).toMatchObject({
        schema: '2.0',
        header: { token: feishuDefaults.verificationToken },
      });
      expect(event?.headers).not.toHaveProperty('x-lark-signature');
    });
  });

  describe('delivery', () => {
    it('is encrypted, signed over the outer bytes, and understood by the official SDK', async () => {
      await configured();
      const heard: Json[] = [];
      const dispatcher = new EventDispatcher({
        encryptKey: feishuDefaults.encryptKey,
        verificationToken: feishuDefaults.verificationToken,
        logger: silent,
      }).register({ 'contact.user.created_v3': (data) => void heard.push(data as Json) });
      sandbox.mutations.hire({ account: 'lin.mei', name: '林梅' });
      await sandbox.feishu.idle();
      const [event] = receiver.events;
      const { headers, raw } = event as { headers: Json; raw: string };
      await dispatcher.invoke(Object.assign(Object.create({ headers }) as Json, JSON.parse(raw)));
      expect(heard).toMatchObject([
        { event_type: 'contact.user.created_v3', object: { name: '林梅', user_id: 'lin.mei' } },
      ]);
      expect(headers['x-lark-request-timestamp']).toBe(String(at / 1000));
    });

    it('repeats after anything but a 200, four times at most, with the same id', async () => {
      await configured();
      receiver.answers.push(500, 204, 'reset', 404);
      sandbox.mutations.hire({ account: 'lin.mei' });
      await sandbox.feishu.idle();
      expect(receiver.events).toHaveLength(5);
      const ids = receiver.events.map(({ envelope }) => (envelope.header as Json).event_id);
      expect(new Set(ids).size).toBe(1);
      expect(sandbox.feishu.courier.records).toMatchObject([
        { outcome: 'delivered', about: 'lin.mei', channel: 'url' },
      ]);
      receiver.answers.push(500, 500, 500, 500, 500);
      sandbox.mutations.dismiss('lin.mei');
      await sandbox.feishu.idle();
      expect(sandbox.feishu.courier.records[1]).toMatchObject({ outcome: 'failed' });
      expect(receiver.events).toHaveLength(10);
    });

    it('gives up waiting after three seconds', async () => {
      expect(sandbox.feishu.courier.switches.timeoutMs).toBe(3000);
      sandbox.feishu.courier.switches.timeoutMs = 300;
      await configured();
      receiver.answers.push('hang');
      sandbox.mutations.hire();
      await sandbox.feishu.idle();
      expect(sandbox.feishu.courier.records[0]?.attempts.map(({ detail }) => detail)).toEqual([
        'timeout',
        'HTTP 200',
      ]);
    });

    it('signs a repetition anew, or sends the first timestamp again', async () => {
      await configured();
      const stamps = async (): Promise<unknown[]> => {
        receiver.events.length = 0;
        receiver.answers.push(500);
        sandbox.mutations.hire();
        clock += 2000;
        await sandbox.feishu.idle();
        return receiver.events.map(({ headers }) => Number(headers['x-lark-request-timestamp']));
      };
      const [first, second] = await stamps();
      expect(Number(second) - Number(first)).toBe(2);
      sandbox.feishu.setFacts({ retryTimestamp: 'original' });
      const again = await stamps();
      expect(again[0]).toBe(again[1]);
    });

    it('drops, doubles and reorders as told', async () => {
      await configured();
      const { switches } = sandbox.feishu.courier;
      switches.dropNext = 1;
      sandbox.mutations.hire();
      switches.duplicates = 1;
      sandbox.mutations.hire({ account: 'lin.mei' });
      await sandbox.feishu.idle();
      expect(receiver.events).toHaveLength(2);
      expect(receiver.events[0]?.envelope).toEqual(receiver.events[1]?.envelope);
      Object.assign(switches, { duplicates: 0, reorder: true });
      receiver.events.length = 0;
      sandbox.mutations.edit('lin.mei', { name: '林梅' });
      sandbox.mutations.dismiss('lin.mei');
      await sandbox.feishu.idle();
      expect(receiver.types()).toEqual(['contact.user.deleted_v3', 'contact.user.updated_v3']);
    });

    it('tells nothing without a channel, a subscription or a contact scope', async () => {
      sandbox.mutations.hire();
      await configured();
      sandbox.feishu.setApp({ events: ['contact.user.deleted_v3'] });
      sandbox.mutations.hire({ account: 'lin.mei' });
      sandbox.mutations.dismiss('lin.mei');
      sandbox.feishu.setApp({ events: null, scopes: ['contact:user.base:readonly'] });
      sandbox.mutations.hire();
      await sandbox.feishu.idle();
      expect(receiver.types()).toEqual(['contact.user.deleted_v3']);
    });
  });

  describe('of contacts', () => {
    const told = async (action: () => void): Promise<Json> => {
      receiver.events.length = 0;
      action();
      await sandbox.feishu.idle();
      return receiver.last();
    };
    const department = (id: number): string => sandbox.feishu.ids.department(id, 'open_department_id');
    beforeEach(() => configured());

    it('write ids of the fixed kinds and the order as a number', async () => {
      const { object } = await told(() =>
        sandbox.mutations.hire({ account: 'lin.mei', departmentIds: [2], leaders: [someone().account] }),
      );
      expect(object).toMatchObject({
        user_id: 'lin.mei',
        department_ids: [department(2)],
        leader_user_id: sandbox.feishu.ids.openId(someone().id),
        orders: [{ department_id: department(2), is_primary_dept: true }],
      });
      const created = await told(() => sandbox.mutations.createDepartment({ name: '新部', parentId: 2 }));
      expect(created.object).toMatchObject({
        name: '新部',
        parent_department_id: department(2),
        status: { is_deleted: false },
      });
      expect(typeof (created.object as Json).order).toBe('number');
      expect(created.object).not.toHaveProperty('member_count');
    });

    it('show what changed and what was before, mobile and mail apart', async () => {
      const person = someone();
      const before = person.position;
      const updated = await told(() => sandbox.mutations.edit(person.account, { position: '讲师' }));
      expect(updated).toMatchObject({ object: { job_title: '讲师' }, old_object: { job_title: before } });
      expect(Object.keys(updated.old_object as Json)).toEqual(['job_title']);
      const places = person.departmentIds.map(department);
      const moved = await told(() => sandbox.mutations.move(person.account, [3]));
      expect(moved).toMatchObject({
        object: { department_ids: [department(3)] },
        old_object: { department_ids: places },
      });
      await told(() =>
        sandbox.mutations.edit(person.account, {
          name: '林',
          details: { mobile: '13900001111', email: 'n@x.test' },
        }),
      );
      expect(receiver.events.map(({ envelope }) => Object.keys((envelope.event as { old_object: Json }).old_object))).toEqual([
        ['name'], ['mobile'], ['email'],
      ]); // prettier-ignore
      const renamed = await told(() => sandbox.mutations.changeAccount(person.account, 'new.name'));
      expect(renamed.object).toMatchObject({
        user_id: 'new.name',
        open_id: sandbox.feishu.ids.openId(person.id),
      });
      const frozen = await told(() => sandbox.mutations.edit('new.name', { status: 'disabled' }));
      expect(frozen).toMatchObject({
        object: { status: { is_frozen: true } },
        old_object: { status: { is_frozen: false } },
      });
    });

    it('tell who leads a department as a change of the department', async () => {
      const person = [...sandbox.company.members(2)].find(leadsNothing) as Person;
      const event = await told(() => sandbox.mutations.makeLeader(person.account, 2));
      expect(receiver.types()).toEqual(['contact.department.updated_v3']);
      const { leaders } = event.object as { leaders: { leaderID: string }[] };
      expect(leaders.map(({ leaderID }) => leaderID)).toContain(sandbox.feishu.ids.openId(person.id));
    });

    it('keep the departments of a leaver in the old object', async () => {
      const person = someone();
      const places = person.departmentIds.map(department);
      const event = await told(() => sandbox.mutations.dismiss(person.account));
      const open_id = sandbox.feishu.ids.openId(person.id);
      expect(event).toMatchObject({
        object: { open_id, status: { is_resigned: true } },
        old_object: { open_id, department_ids: places },
      });
      expect(event.object).not.toHaveProperty('department_ids');
      sandbox.feishu.setFacts({ deletedStatus: 'absent' });
      expect((await told(() => sandbox.mutations.dismiss(someone().account))).object).not.toHaveProperty(
        'status',
      );
    });

    it('tell of departments renamed, moved and deleted', async () => {
      const { id } = sandbox.mutations.createDepartment({ name: '甲' });
      expect(await told(() => sandbox.mutations.renameDepartment(id, '乙'))).toMatchObject({
        object: { name: '乙', open_department_id: department(id) },
        old_object: { name: '甲' },
      });
      expect(await told(() => sandbox.mutations.moveDepartment(id, 2))).toMatchObject({
        object: { parent_department_id: department(2) },
        old_object: { parent_department_id: '0' },
      });
      expect(await told(() => sandbox.mutations.removeDepartment(id))).toMatchObject({
        object: { open_department_id: department(id), status: { is_deleted: true } },
        old_object: { open_department_id: department(id), status: { is_deleted: false } },
      });
    });

    it('obey the range, and tell when it changes', async () => {
      const scope = await told(() =>
        sandbox.feishu.setRange({ departments: [3], users: [someone().account] }),
      );
      expect(scope).toMatchObject({
        added: { users: [{ open_id: sandbox.feishu.ids.openId(someone().id) }] },
      });
      const removed = (scope.removed as { departments: Json[] }).departments.map(
        (item) => item.open_department_id,
      );
      expect(removed).toEqual(sandbox.company.children(1).map(department));
      await told(() => {
        sandbox.mutations.hire({ account: 'outside', departmentIds: [2] });
        sandbox.mutations.hire({ account: 'inside', departmentIds: [3] });
      });
      expect(sandbox.feishu.courier.records.slice(1).map(({ about }) => about)).toEqual(['inside']);
    });

    it('obey field scopes, and take the positions nobody confirmed', async () => {
      sandbox.feishu.setScope('contact:user.phone:readonly', false);
      sandbox.feishu.setFacts({ updatedDepartmentIds: 'absent', createTimeDigits: 16 });
      const event = await told(() => sandbox.mutations.edit(someone().account, { name: '新名' }));
      expect(event.object).not.toHaveProperty('mobile');
      expect(event.object).not.toHaveProperty('department_ids');
      expect((receiver.events[0]?.envelope.header as Json).create_time).toBe(`${at}000`);
      sandbox.feishu.setFacts({ departmentOldObject: 'full' });
      const renamed = await told(() => sandbox.mutations.renameDepartment(2, '改名'));
      expect(renamed.old_object).toHaveProperty('parent_department_id');
    });
  });

  describe('of approvals and tasks', () => {
    let caller: FeishuCaller;
    beforeEach(async () => {
      caller = new FeishuCaller(sandbox);
      await configured();
    });

    it('come once the definition is subscribed, in the first envelope, in order', async () => {
      const account = someone().account;
      const subscribe = `approval/v4/approvals/${feishuDefaults.approvalCode}/subscribe`;
      sandbox.feishu.submitApproval({ account, title: '培训申请', form: {} });
      await sandbox.feishu.idle();
      expect(receiver.events).toEqual([]);
      expect((await caller.post(subscribe)).code).toBe(0);
      expect(await caller.post(subscribe)).toMatchObject({ status: 400, code: 1390007 });
      receiver.answers.push(500);
      const instance_code = sandbox.feishu.submitApproval({ account, title: '外训', form: { 课程: '谈判' } });
      sandbox.feishu.decideApproval(instance_code, 'approved');
      await sandbox.feishu.idle();
      const instances = receiver.events
        .map(({ envelope }) => envelope)
        .filter(({ event }) => (event as Json).type === 'approval_instance');
      // The approval waits with its second event until the first is accepted.
      expect(instances.map(({ event }) => (event as Json).status)).toEqual([
        'PENDING',
        'PENDING',
        'APPROVED',
      ]);
      expect(instances[2]).toMatchObject({
        token: feishuDefaults.verificationToken,
        type: 'event_callback',
        event: {
          approval_code: feishuDefaults.approvalCode,
          instance_code,
          operate_time: String(at),
          tenant_key: feishuDefaults.tenantKey,
        },
      });
      expect(instances[0]?.uuid).toBe(instances[1]?.uuid);
      expect(receiver.types()).toContain('approval_task');
      expect((await caller.post(subscribe.replace('subscribe', 'unsubscribe'))).code).toBe(0);
      expect((await caller.post(subscribe.replace('subscribe', 'unsubscribe'))).code).toBe(1390007);
    });

    it('come in the second envelope where the platform does so', async () => {
      sandbox.feishu.setFacts({ approvalEvents: 'both' });
      await caller.post(`approval/v4/approvals/${feishuDefaults.approvalCode}/subscribe`);
      sandbox.feishu.submitApproval({ account: someone().account, title: 'x', form: {} });
      await sandbox.feishu.idle();
      expect(receiver.types().sort()).toEqual([
        'approval.instance.status_changed_v4', 'approval.task.status_changed_v4', 'approval_instance', 'approval_task',
      ]); // prettier-ignore
    });

    it('tell of tasks by their ids only', async () => {
      const open_id = sandbox.feishu.ids.openId(someone().id);
      const member = { id: open_id, type: 'user', role: 'assignee' };
      await caller.post('task/v2/task_v2/task_subscription');
      const { data } = await caller.post('task/v2/tasks', { summary: '消防安全', members: [member] });
      const { guid, task_id } = data.task as { guid: string; task_id: string };
      sandbox.feishu.completeTask(guid);
      await sandbox.feishu.idle();
      const events = receiver.events.map(({ envelope }) => envelope.event);
      expect(events).toEqual([
        { event_types: ['task_create'], task_guid: guid },
        { task_id: guid, obj_type: 5 },
        { event_types: ['task_completed_update'], task_guid: guid },
      ]);
      sandbox.feishu.setFacts({ taskEventId: 'task_id' });
      sandbox.feishu.completeTask(guid, false);
      await sandbox.feishu.idle();
      expect(receiver.events[3]?.envelope.event).toEqual({ task_id, obj_type: 6 });
    });
  });
});
