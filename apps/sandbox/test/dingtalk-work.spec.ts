import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dingtalkAccountOf, startSandbox, type Person, type Sandbox } from '@trainbridge/sandbox';
import { at, DingtalkCaller, type DingtalkAnswer } from './dingtalk-caller.js';

describe('DingTalk work', () => {
  let sandbox: Sandbox;
  let caller: DingtalkCaller;
  let people: readonly Person[];
  let now = 1_764_000_000_000;

  beforeEach(async () => {
    now = 1_764_000_000_000;
    sandbox = await startSandbox({
      people: 130,
      departments: 6,
      now: () => now,
      dingtalk: { limits: { perSecond: 0 } },
    });
    caller = new DingtalkCaller(sandbox);
    people = sandbox.company.people();
  });
  afterEach(() => sandbox.close());

  const person = (index: number): Person => people[index] as Person;
  const union = (index: number): string => dingtalkAccountOf(`person ${person(index).id}`).unionId;

  describe('to-dos', () => {
    const base = (index = 0): string => `/v1.0/todo/users/${encodeURIComponent(union(index))}/tasks`;
    const task = (change: object = {}): object => ({
      subject: '学习：消防安全',
      sourceId: 'enrollment-1',
      creatorId: union(0),
      executorIds: [union(1), union(2)],
      dueTime: now + 86_400_000,
      detailUrl: { appUrl: 'https://lms.example.test/m', pcUrl: 'https://lms.example.test/' },
      ...change,
    });
    const create = (change: object = {}): Promise<DingtalkAnswer> =>
      caller.fresh('POST', `${base()}?operatorId=${encodeURIComponent(union(0))}`, task(change));

    it('appear, change and close for everybody', async () => {
      const made = await create();
      expect(made).toMatchObject({
        status: 200,
        body: { id: expect.any(String), subject: '学习：消防安全', done: false, sourceId: 'enrollment-1' },
      });
      const id = String(made.body.id);
      const entry = { id, title: '学习：消防安全', url: 'https://lms.example.test/m', status: 'open' };
      expect(sandbox.dingtalk.todos()).toEqual([
        { ...entry, account: person(1).account },
        { ...entry, account: person(2).account },
      ]);
      const put = (body: object): Promise<DingtalkAnswer> => caller.fresh('PUT', `${base()}/${id}`, body);
      expect(await put({ subject: '学习：急救' })).toEqual({ status: 200, body: { result: true } });
      expect(await put({ done: true })).toMatchObject({ body: { result: true } });
      expect(sandbox.dingtalk.todos()).toMatchObject([
        { title: '学习：急救', status: 'done' },
        { status: 'done' },
      ]);
      expect(await caller.fresh('DELETE', `${base()}/${id}`)).toMatchObject({ body: { result: true } });
      expect(sandbox.dingtalk.todos()).toMatchObject([{ status: 'removed' }, { status: 'removed' }]);
      expect(await caller.fresh('DELETE', `${base()}/${id}`)).toMatchObject({
        status: 400,
        body: { code: 'todo.taskDelete.paramError', message: 'task not exist' },
      });
    });

    it('close one by one for executors', async () => {
      const id = String((await create()).body.id);
      const finish = (unionId: string): Promise<DingtalkAnswer> =>
        caller.fresh('PUT', `${base()}/${id}/executorStatus`, {
          executorStatusList: [{ id: unionId, isDone: true }],
        });
      expect(await finish(union(1))).toMatchObject({ body: { result: true } });
      expect(sandbox.dingtalk.todos().map(({ status }) => status)).toEqual(['done', 'open']);
      sandbox.dingtalk.finishTodo(id, person(2).account);
      expect(sandbox.dingtalk.todoTasks.get(id)?.done).toBe(true);
      expect(await finish(union(3))).toMatchObject({ status: 400 });
    });

    it('take a source id once, and find by it', async () => {
      const id = (await create()).body.id;
      expect(await create()).toMatchObject({
        status: 400,
        body: { code: 'todo.taskCreate.paramError', message: 'task exist' },
      });
      const found = await caller.fresh('GET', `${base()}/sources/enrollment-1`);
      expect(found).toMatchObject({ status: 200, body: { id } });
      // People come back under numbers that are not the union ids they were named by.
      expect(at(found.body, 'executorIds.0')).toMatch(/^\d+$/);
      sandbox.dingtalk.setFacts({ todoReadIds: 'unionId' });
      expect(await caller.fresh('GET', `${base()}/sources/enrollment-1`)).toMatchObject({
        body: { executorIds: [union(1), union(2)] },
      });
      expect(await caller.fresh('GET', `${base()}/sources/none`)).toMatchObject({ status: 400 });
    });

    it('fact todoSourceFreedByDelete; other apps have source ids of their own', async () => {
      const { todoTasks } = sandbox.dingtalk;
      const made = await create();
      const mine = todoTasks.get(String(made.body.id));
      if (mine === undefined) throw new Error('no to-do');
      const foreign = todoTasks.create({ ...mine, bizTag: 'another app' });
      expect(await caller.fresh('DELETE', `${base()}/${String(foreign?.id)}`)).toMatchObject({
        body: { message: 'task not belong to bizTag' },
      });
      await caller.fresh('DELETE', `${base()}/${mine.id}`);
      expect(await create()).toMatchObject({ status: 400, body: { message: 'task exist' } });
      sandbox.dingtalk.setFacts({ todoSourceFreedByDelete: true });
      expect(await create()).toMatchObject({ status: 200 });
    });

    it.each([
      ['a userid in place of a union id', { executorIds: ['lin.mei'] }, 'user not exist'],
      ['no link', { detailUrl: undefined }, 'detailUrl is invalid'],
      ['a time in seconds', { dueTime: 1_764_000_000 }, 'dueTime is invalid'],
      ['a title too long', { subject: 'x'.repeat(1025) }, 'subject is oversize'],
      ['no title', { subject: '' }, 'subject is empty'],
    ])('refuse %s', async (_name, change, message) => {
      expect(await create(change)).toMatchObject({
        status: 400,
        body: { code: 'todo.taskCreate.paramError', message },
      });
    });

    it('are listed page by page, by whether they are done', async () => {
      for (let number = 0; number < 25; number += 1) await create({ sourceId: `s${number}` });
      const path = `/v1.0/todo/users/${encodeURIComponent(union(1))}/org/tasks/query`;
      const first = await caller.fresh('POST', path, { isDone: false });
      expect(at(first.body, 'todoCards')).toHaveLength(20);
      const second = await caller.fresh('POST', path, { isDone: false, nextToken: first.body.nextToken });
      expect(second.body).toMatchObject({ nextToken: null, todoCards: { length: 5 } });
      expect(await caller.fresh('POST', path, { isDone: true })).toMatchObject({ body: { todoCards: [] } });
    });
  });

  describe('approvals', () => {
    const submit = (index = 3): string =>
      sandbox.dingtalk.submitApproval({
        account: person(index).account,
        title: '培训申请',
        form: { 课程: '消防安全' },
      });
    const get = async (id: string): Promise<Record<string, unknown>> =>
      (await caller.fresh('GET', `/v1.0/workflow/processInstances?processInstanceId=${id}`)).body;

    it('are read with their form, approver and times to the minute', async () => {
      const id = submit();
      expect(await get(id)).toMatchObject({
        success: 'true',
        result: {
          title: '培训申请',
          status: 'RUNNING',
          createTime: '2025-11-24T16:00Z',
          originatorUserId: person(3).account,
          formComponentValues: [{ name: '课程', value: '消防安全', componentType: 'TextField' }],
          tasks: [{ status: 'RUNNING', processInstanceId: id }],
        },
      });
      expect(at(await get(id), 'result')).not.toHaveProperty('result');
      now += 120_000;
      sandbox.dingtalk.decideApproval(id, 'approved');
      expect(await get(id)).toMatchObject({
        result: { status: 'COMPLETED', result: 'agree', finishTime: '2025-11-24T16:02Z' },
      });
      const [refused, withdrawn] = [submit(), submit(0)];
      sandbox.dingtalk.decideApproval(refused, 'rejected');
      sandbox.dingtalk.decideApproval(withdrawn, 'withdrawn');
      expect(await get(refused)).toMatchObject({ result: { status: 'COMPLETED', result: 'refuse' } });
      const gone = at<object>(await get(withdrawn), 'result');
      // The first people stand in the root itself, which is -1 here.
      expect(gone).toMatchObject({ status: 'TERMINATED', originatorDeptId: '-1' });
      expect(gone).not.toHaveProperty('result');
      expect(() => sandbox.dingtalk.decideApproval(refused, 'approved')).toThrow(TypeError);
      expect(await get('none')).toMatchObject({ code: 'processInstanceNotExist' });
    });

    it('are listed by time; the token goes in as a number and comes out as a string', async () => {
      const ids = Array.from({ length: 25 }, () => submit());
      const [processCode] = sandbox.dingtalk.processCodes;
      const list = (change: object = {}): Promise<DingtalkAnswer> =>
        caller.fresh('POST', '/v1.0/workflow/processes/instanceIds/query', {
          processCode,
          startTime: now - 86_400_000,
          nextToken: 0,
          maxResults: 20,
          ...change,
        });
      const first = await list();
      expect(first.body).toEqual({ result: { list: ids.slice(0, 20), nextToken: '20' }, success: true });
      expect(await list({ nextToken: 20 })).toMatchObject({
        body: { result: { list: ids.slice(20) } },
      });
      expect(at((await list({ nextToken: 20 })).body, 'result')).not.toHaveProperty('nextToken');
      expect((await list({ statuses: ['COMPLETED'] })).body).toMatchObject({ result: { list: [] } });
      const code = async (change: object): Promise<unknown> => (await list(change)).body.code;
      expect(await code({ maxResults: 21 })).toBe('invalidMaxResults');
      expect(await code({ nextToken: '20' })).toBe('invalidParameter');
      expect(await code({ processCode: 'PROC-NONE' })).toBe('processCodeError');
      expect(await code({ startTime: now - 121 * 86_400_000 })).toBe('invalidEndTime');
      expect(await code({ startTime: now - 366 * 86_400_000, endTime: now - 300 * 86_400_000 })).toBe(
        'invalidParameter',
      );
    });

    it('can be submitted over the API', async () => {
      const [processCode] = sandbox.dingtalk.processCodes;
      const made = await caller.fresh('POST', '/v1.0/workflow/processInstances', {
        processCode,
        originatorUserId: person(3).account,
        formComponentValues: [{ name: '课程', value: '急救' }],
      });
      expect(await get(String(made.body.instanceId))).toMatchObject({ result: { status: 'RUNNING' } });
    });

    it('the historic API is closed to new apps, and speaks snake case to old ones', async () => {
      const id = submit();
      const old = (): Promise<Record<string, unknown>> =>
        caller.old('/topapi/processinstance/get', { process_instance_id: id });
      expect(await old()).toMatchObject({ errcode: 88, sub_code: '60011' });
      sandbox.dingtalk.setApp({ scopes: [...sandbox.dingtalk.app.scopes, 'qyapi_aflow'] });
      expect(await old()).toMatchObject({
        process_instance: { create_time: '2025-11-25 00:00:00', originator_userid: person(3).account },
      });
      expect(
        await caller.old('/topapi/processinstance/listids', {
          process_code: sandbox.dingtalk.processCodes[0],
          start_time: now - 1000,
        }),
      ).toMatchObject({ result: { list: [id] } });
    });
  });

  describe('work notifications', () => {
    const send = (change: object = {}): Promise<Record<string, unknown>> =>
      caller.old('/topapi/message/corpconversation/asyncsend_v2', {
        agent_id: sandbox.dingtalk.app.agentId,
        userid_list: person(0).account,
        msg: { msgtype: 'text', text: { content: '恭喜' } },
        ...change,
      });
    const resultOf = async (answer: Record<string, unknown>): Promise<Record<string, unknown>> =>
      at(
        await caller.old('/topapi/message/corpconversation/getsendresult', {
          agent_id: sandbox.dingtalk.app.agentId,
          task_id: answer.task_id,
        }),
        'send_result',
      );

    it('arrive; who is unknown is named afterwards', async () => {
      const answer = await send({ userid_list: `${person(0).account},nobody` });
      expect(answer).toMatchObject({ errcode: 0, task_id: expect.any(Number) });
      expect(sandbox.dingtalk.inbox()).toMatchObject([{ account: person(0).account, text: '恭喜' }]);
      expect(await resultOf(answer)).toMatchObject({
        invalid_user_id_list: ['nobody'],
        unread_user_id_list: [person(0).account],
        forbidden_user_id_list: [],
      });
    });

    it('the same words reach the same person once a day, which only the result tells', async () => {
      await send();
      const again = await send();
      expect(again.errcode).toBe(0);
      expect(await resultOf(again)).toMatchObject({
        forbidden_user_id_list: [person(0).account],
        forbidden_list: [{ code: '143106', userid: person(0).account }],
      });
      await send({ msg: { msgtype: 'text', text: { content: '恭喜！' } } });
      now += 86_400_000;
      caller.forget();
      await send();
      expect(sandbox.dingtalk.inbox().map(({ text }) => text)).toEqual(['恭喜', '恭喜！', '恭喜']);
    });

    it('are limited per person and day, and per minute', async () => {
      Object.assign(sandbox.dingtalk.notifications.limits, { perPersonAndDay: 1, recipientsPerMinute: 2 });
      const words = (content: string): object => ({ msg: { msgtype: 'text', text: { content } } });
      await send(words('a'));
      expect(await resultOf(await send(words('b')))).toMatchObject({ forbidden_list: [{ code: '143105' }] });
      const rest = { userid_list: `${person(1).account},${person(2).account}` };
      expect(await resultOf(await send({ ...rest, ...words('c') }))).toMatchObject({
        forbidden_list: [{ code: '143103', userid: person(2).account }],
      });
    });

    it('go to departments with all below them, and to everybody', async () => {
      await send({ userid_list: undefined, to_all_user: true });
      expect(sandbox.dingtalk.inbox()).toHaveLength(130);
      const all = await send({
        userid_list: undefined,
        to_all_user: true,
        msg: { msgtype: 'markdown', markdown: { title: '通知', text: '**全员**' } },
      });
      expect(
        await caller.old('/topapi/message/corpconversation/getsendresult', {
          agent_id: sandbox.dingtalk.app.agentId,
          task_id: all.task_id,
        }),
      ).toMatchObject({ errcode: 41052 });
      expect(await send({ userid_list: undefined, dept_id_list: '1' })).toMatchObject({ errcode: 40035 });
    });

    it('can be recalled', async () => {
      const { task_id } = await send();
      await caller.old('/topapi/message/corpconversation/recall', {
        agent_id: sandbox.dingtalk.app.agentId,
        msg_task_id: task_id,
      });
      expect(sandbox.dingtalk.inbox()).toEqual([]);
    });

    it('are refused with the codes of the platform', async () => {
      const code = async (change: object): Promise<unknown> => (await send(change)).errcode;
      expect(await code({ agent_id: 1 })).toBe(40056);
      expect(await code({ agent_id: undefined })).toBe(1);
      expect(await code({ userid_list: '' })).toBe(1);
      expect(await code({ userid_list: Array.from({ length: 101 }, (_, index) => `u${index}`).join() })).toBe(
        40035,
      );
      expect(await code({ msg: { msgtype: 'text', text: { content: 'x'.repeat(2048) } } })).toBe(400002);
      expect(await code({ msg: { msgtype: 'text', text: {} } })).toBe(40035);
      expect(await code({ msg: { msgtype: 'poem', poem: {} } })).toBe(400002);
    });
  });

  describe('external contacts', () => {
    const list = async (offset: number, size: number): Promise<Record<string, unknown>[]> =>
      at(await caller.old('/topapi/extcontact/list', { offset, size }), 'results');

    it('are listed without a total, and read by user_id', async () => {
      expect([(await list(0, 5)).length, (await list(5, 5)).length, (await list(10, 5)).length]).toEqual([
        5, 3, 0,
      ]);
      const [first] = await list(0, 1);
      expect(await caller.old('/topapi/extcontact/get', { user_id: first?.userid })).toMatchObject({
        result: first,
      });
      expect(await caller.old('/topapi/extcontact/get', { userid: first?.userid })).toMatchObject({
        errcode: 40035,
      });
      expect(await caller.old('/topapi/extcontact/list', { size: 5 })).toMatchObject({ errcode: 41101 });
      expect(
        at(await caller.old('/topapi/extcontact/listlabelgroups', { offset: 0, size: 9 }), 'results.1'),
      ).toEqual({
        name: '培训',
        color: expect.any(Number),
        labels: [
          { id: 90_000_000_021, name: '培训中' },
          { id: 90_000_000_022, name: '已结业' },
        ],
      });
    });

    it('an update replaces the labels; whether it clears what it leaves out is a fact', async () => {
      const [first] = await list(0, 1);
      const contact = {
        user_id: first?.userid,
        name: first?.name,
        follower_user_id: first?.follower_user_id,
        label_ids: [90_000_000_022],
      };
      const update = async (change: object = {}): Promise<unknown> =>
        (await caller.old('/topapi/extcontact/update', { contact: { ...contact, ...change } })).errcode;
      expect(await update()).toBe(0);
      expect((await list(0, 1))[0]).toEqual({ ...first, label_ids: [90_000_000_022] });
      sandbox.dingtalk.setFacts({ contactUpdateClears: true });
      expect(await update()).toBe(0);
      expect((await list(0, 1))[0]).not.toHaveProperty('company_name');
      expect((await list(0, 1))[0]).toMatchObject({ mobile: first?.mobile });
      expect(await update({ label_ids: undefined })).toBe(60204);
      expect(await update({ label_ids: [1] })).toBe(400002);
      expect(await update({ user_id: 'none' })).toBe(60121);
      expect(await update({ follower_user_id: 'none' })).toBe(33012);
    });

    it('are created once per mobile, and deleted', async () => {
      const contact = {
        name: '王芳',
        mobile: '13711110001',
        state_code: '86',
        follower_user_id: person(0).account,
        label_ids: [90_000_000_011],
      };
      const made = await caller.old('/topapi/extcontact/create', { contact });
      expect(made).toMatchObject({ errcode: 0, userid: expect.any(String) });
      expect(await caller.old('/topapi/extcontact/create', { contact })).toMatchObject({ errcode: 22005 });
      expect(
        await caller.old('/topapi/extcontact/create', { contact: { ...contact, mobile: 'x' } }),
      ).toMatchObject({ errcode: 60103 });
      expect(await caller.old('/topapi/extcontact/delete', { user_id: made.userid })).toMatchObject({
        errcode: 0,
      });
      expect(await caller.old('/topapi/extcontact/get', { user_id: made.userid })).toMatchObject({
        errcode: 60121,
      });
    });
  });
});
