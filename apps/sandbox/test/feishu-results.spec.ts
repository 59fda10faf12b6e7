import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feishuDefaults, startSandbox, type Person, type Sandbox } from '@trainbridge/sandbox';
import { FeishuCaller, items, type FeishuAnswer, type Json } from './feishu-caller.js';

describe('writing into Feishu', () => {
  let sandbox: Sandbox;
  let caller: FeishuCaller;
  let clock: number;
  let person: Person;

  beforeEach(async () => {
    clock = 1767225600_000;
    sandbox = await startSandbox({ people: 60, departments: 12, now: () => clock });
    caller = new FeishuCaller(sandbox);
    person = sandbox.company.people().find(({ id, status }) => id > 5 && status === 'active') as Person;
  });
  afterEach(() => sandbox.close());

  const openId = (of = person): string => sandbox.feishu.ids.openId(of.id);

  describe('messages', () => {
    const send = (body: Json = {}, type = 'open_id'): Promise<FeishuAnswer> =>
      caller.post(`im/v1/messages${type === '' ? '' : `?receive_id_type=${type}`}`, {
        receive_id: openId(),
        msg_type: 'text',
        content: JSON.stringify({ text: '请完成课程' }),
        ...body,
      });

    it('reach a person by any id', async () => {
      const sent = await send();
      expect(sent.data).toMatchObject({
        msg_type: 'text',
        create_time: String(clock),
        sender: { id: feishuDefaults.appId, sender_type: 'app' },
        body: { content: '{"text":"请完成课程"}' },
      });
      await send({ receive_id: person.account }, 'user_id');
      await send({ receive_id: sandbox.feishu.ids.unionId(person.id) }, 'union_id');
      await send({ receive_id: person.email }, 'email');
      expect(sandbox.feishu.inbox().map(({ account, text }) => [account, text])).toEqual(
        Array.from({ length: 4 }, () => [person.account, '请完成课程']),
      );
    });

    it('are read as people read cards', async () => {
      const card = {
        header: { title: { tag: 'plain_text', content: '学习结果' } },
        elements: [{ tag: 'div', text: { tag: 'lark_md', content: '通过，90 分' } }],
      };
      expect((await send({ msg_type: 'interactive', content: JSON.stringify(card) })).code).toBe(0);
      expect(sandbox.feishu.inbox()[0]?.text).toBe('学习结果\n通过，90 分');
    });

    it('with one uuid are sent once within an hour', async () => {
      const first = await send({ uuid: 'delivery-1' });
      expect((await send({ uuid: 'delivery-1' })).data.message_id).toBe(first.data.message_id);
      expect(sandbox.feishu.inbox()).toHaveLength(1);
      clock += 3_600_000;
      expect((await send({ uuid: 'delivery-1' })).data.message_id).not.toBe(first.data.message_id);
      expect(await send({ uuid: 'x'.repeat(51) })).toMatchObject({ status: 400, code: 230001 });
    });

    it('are refused with what is wrong', async () => {
      const code = async (body: Json, type?: string): Promise<number> => (await send(body, type)).code;
      expect(await code({}, '')).toBe(230001);
      expect(await code({ content: { text: 'no JSON text' } })).toBe(230001);
      expect(await code({ content: 'no JSON' })).toBe(230001);
      expect(await code({ msg_type: 'letter' })).toBe(230001);
      expect(await code({ receive_id: 'ou_nobody' })).toBe(230034);
      expect(await code({ content: JSON.stringify({ text: 'x'.repeat(160_000) }) })).toBe(230025);
      expect(await code({ msg_type: 'interactive', content: '{"a":1}' })).toBe(230099);
      sandbox.feishu.setApp({ bot: false });
      expect(await code({})).toBe(230006);
      sandbox.feishu.setApp({ bot: true });
      sandbox.mutations.edit(person.account, { status: 'disabled' });
      sandbox.feishu.setFacts({ messagesToInactive: 'refused' });
      expect(await code({})).toBe(230013);
      sandbox.feishu.setFacts({ messagesToInactive: 'accepted' });
      sandbox.mutations.dismiss(person.account);
      expect(await send()).toMatchObject({ status: 400, code: 230013 });
      sandbox.feishu.setScope('im:message:send_as_bot', false);
      expect(await code({})).toBe(99991672);
      expect(sandbox.feishu.inbox()).toEqual([]);
    });

    it('come to one person five times a second at most', async () => {
      const codes: number[] = [];
      for (let turn = 0; turn < 6; turn += 1) codes.push((await send()).code);
      expect(codes).toEqual([0, 0, 0, 0, 0, 230020]);
      clock += 1000;
      expect((await send()).code).toBe(0);
    });
  });

  describe('tasks', () => {
    const create = (body: Json = {}): Promise<FeishuAnswer> =>
      caller.post('task/v2/tasks', {
        summary: '消防安全',
        due: { timestamp: String(clock), is_all_day: true },
        origin: {
          platform_i18n_name: { zh_cn: '在线学习' },
          href: { url: 'https://lms.example.test/c/1', title: '去学习' },
        },
        members: [{ id: openId(), type: 'user', role: 'assignee' }],
        ...body,
      });
    const patch = (
      guid: string,
      task: Json,
      update_fields: unknown = Object.keys(task),
    ): Promise<FeishuAnswer> => caller.call('PATCH', `task/v2/tasks/${guid}`, { task, update_fields });
    const guidOf = (answer: FeishuAnswer): string => (answer.data.task as { guid: string }).guid;

    it('appear in the list of the assignee and close', async () => {
      const guid = guidOf(await create());
      const todo = {
        id: guid,
        account: person.account,
        title: '消防安全',
        url: 'https://lms.example.test/c/1',
      };
      expect(sandbox.feishu.todos()).toEqual([{ ...todo, status: 'open' }]);
      const done = await patch(guid, { completed_at: String(clock) });
      expect(done.data.task).toMatchObject({ status: 'done', completed_at: String(clock) });
      expect(await patch(guid, { completed_at: String(clock) })).toMatchObject({
        status: 400,
        code: 1470400,
      });
      sandbox.feishu.setFacts({ completedAgainCode: 1470603 });
      expect(await patch(guid, { completed_at: String(clock) })).toMatchObject({
        status: 500,
        code: 1470603,
      });
      expect((await patch(guid, { completed_at: '0' })).data.task).toMatchObject({ status: 'todo' });
      expect((await caller.call('DELETE', `task/v2/tasks/${guid}`)).code).toBe(0);
      expect(await caller.get(`task/v2/tasks/${guid}`)).toMatchObject({ status: 404, code: 1470404 });
      expect(sandbox.feishu.todos()).toEqual([{ ...todo, status: 'removed' }]);
    });

    it('are made once per client token within five minutes', async () => {
      const client_token = 'enrollment-42';
      const guid = guidOf(await create({ client_token }));
      expect(guidOf(await create({ client_token }))).toBe(guid);
      clock += 300_001;
      expect(guidOf(await create({ client_token }))).not.toBe(guid);
      expect((await create({ client_token: 'short' })).code).toBe(1470400);
    });

    it('change only what is named, and clear what is named without a value', async () => {
      const guid = guidOf(await create({ description: '说明' }));
      const changed = await patch(guid, { summary: '新标题' }, ['summary', 'due']);
      expect(changed.data.task).toMatchObject({ summary: '新标题', description: '说明' });
      expect(changed.data.task).not.toHaveProperty('due');
      expect((await caller.call('PATCH', `task/v2/tasks/${guid}`, { task: { summary: 'x' } })).code).toBe(
        1470400,
      );
      expect((await patch(guid, { members: [] })).code).toBe(1470400);
      expect((await patch(guid, { completed_at: clock })).code).toBe(1470400);
    });

    it('take and lose members by calls of their own', async () => {
      const other = sandbox.company
        .people()
        .find(({ id, status }) => id > person.id && status === 'active') as Person;
      const guid = guidOf(await create());
      const member = { id: other.account, type: 'user', role: 'assignee' };
      const path = `task/v2/tasks/${guid}`;
      const added = await caller.post(`${path}/add_members?user_id_type=user_id`, { members: [member] });
      expect((added.data.task as { members: Json[] }).members).toContainEqual(member);
      await caller.post(`${path}/remove_members`, {
        members: [{ id: openId(), type: 'user', role: 'assignee' }],
      });
      expect(sandbox.feishu.todos().map(({ account }) => account)).toEqual([other.account]);
    });

    it('refuse what is no task', async () => {
      expect(await create({ summary: '' })).toMatchObject({ status: 400, code: 1470400 });
      expect((await create({ summary: 'x'.repeat(3001) })).code).toBe(1470400);
      expect((await create({ due: { timestamp: clock } })).code).toBe(1470400);
      expect((await create({ members: [{ id: 'ou_nobody', type: 'user', role: 'assignee' }] })).code).toBe(
        1470400,
      );
      expect((await create({ mode: 3 })).code).toBe(1470400);
      // The app itself has no list of tasks.
      expect(await caller.get('task/v2/tasks')).toMatchObject({ code: 99991663 });
    });
  });

  describe('tables', () => {
    const path = `bitable/v1/apps/${feishuDefaults.appToken}/tables/${feishuDefaults.tableId}`;
    const row = (name: string): Json => ({ fields: { 学员: name, 课程: '消防安全', 得分: 90, 时间: clock } });
    const batch = (records: unknown, query = ''): Promise<FeishuAnswer> =>
      caller.post(`${path}/records/batch_create${query}`, { records });
    const rows = async (): Promise<Json[]> => items(await caller.post(`${path}/records/search`));

    it('take rows, and show texts as pieces', async () => {
      const created = await batch([row('张三'), row('李四')]);
      expect(created.data.records).toMatchObject([{ fields: { 学员: '张三', 得分: 90 } }, {}]);
      expect(await rows()).toMatchObject([
        { fields: { 学员: [{ type: 'text', text: '张三' }], 得分: 90 } },
        {},
      ]);
      const filter = {
        conjunction: 'and',
        conditions: [{ field_name: '学员', operator: 'is', value: ['李四'] }],
      };
      expect(items(await caller.post(`${path}/records/search`, { filter }))).toHaveLength(1);
      const fields = items(await caller.get(`${path}/fields`));
      expect(fields[0]).toMatchObject({ field_name: '学员', type: 1, is_primary: true });
    });

    it('take the same client token once', async () => {
      const token = `?client_token=${randomUUID()}`;
      const first = await batch([row('张三')], token);
      expect((await batch([row('张三')], token)).data).toEqual(first.data);
      expect(await rows()).toHaveLength(1);
      expect(await batch([row('张三')], '?client_token=abc')).toMatchObject({ status: 400, code: 1254037 });
    });

    it('take one write at a time', async () => {
      sandbox.feishu.setLimits({ tableWriteMs: 60 });
      await caller.get(`${path}/fields`);
      const answers = await Promise.all([batch([row('甲')]), batch([row('乙')])]);
      expect(answers.map(({ status, code }) => [status, code]).sort()).toEqual([[200, 0], [200, 1254291]]); // prettier-ignore
      expect(await rows()).toHaveLength(1);
    });

    it('change and lose rows', async () => {
      const [record] = (await batch([row('张三')])).data.records as { record_id: string }[];
      const id = record?.record_id ?? '';
      const changed = await caller.call('PUT', `${path}/records/${id}`, { fields: { 得分: 95, 课程: null } });
      expect(changed.data.record).toEqual({ record_id: id, fields: { 学员: '张三', 得分: 95, 时间: clock } });
      const many = await caller.post(`${path}/records/batch_update`, {
        records: [{ record_id: id, fields: { 得分: 96 } }],
      });
      expect(many.data.records).toMatchObject([{ fields: { 得分: 96 } }]);
      expect((await caller.call('PUT', `${path}/records/rec0`, { fields: {} })).code).toBe(1254043);
      await caller.post(`${path}/records/batch_delete`, { records: [id] });
      expect(await rows()).toEqual([]);
    });

    it('say with HTTP 200 what is wrong', async () => {
      const answer = async (fields: Json): Promise<[number, number]> => {
        const { status, code } = await batch([{ fields }]);
        return [status, code];
      };
      expect(await answer({ 姓名: 'x' })).toEqual([200, 1254045]);
      expect(await answer({ 学员: 1 })).toEqual([200, 1254060]);
      expect(await answer({ 得分: '90' })).toEqual([200, 1254061]);
      expect(await answer({ 时间: '2026-01-01' })).toEqual([200, 1254064]);
      expect((await batch(Array.from({ length: 1001 }, () => row('x')))).code).toBe(1254104);
      sandbox.feishu.setFacts({ bitableBatchMax: 500 });
      expect((await batch(Array.from({ length: 501 }, () => row('x')))).code).toBe(1254104);
      expect((await batch([])).code).toBe(1254001);
      expect(
        (await caller.post(`bitable/v1/apps/basc/tables/${feishuDefaults.tableId}/records/search`)).code,
      ).toBe(1254003);
      expect((await caller.post(`${path.slice(0, -1)}/records/search`)).code).toBe(1254004);
      sandbox.feishu.base.collaborator = false;
      expect(await batch([row('x')])).toMatchObject({ status: 403, code: 91403 });
    });
  });

  describe('approvals', () => {
    it('are created in somebody’s name and read by code or uuid', async () => {
      const { approvalCode: approval_code } = feishuDefaults;
      const definition = await caller.get(`approval/v4/approvals/${approval_code}`);
      const widgets = JSON.parse(String(definition.data.form)) as { id: string; name: string }[];
      expect(widgets.map(({ name }) => name)).toContain('课程');
      const form = JSON.stringify([{ id: widgets[0]?.id, type: 'input', value: '谈判技巧' }]);
      const body = { approval_code, open_id: openId(), form, uuid: 'our-1' };
      const created = await caller.post('approval/v4/instances', body);
      expect((await caller.post('approval/v4/instances', body)).data).toEqual(created.data);
      const read = await caller.get('approval/v4/instances/our-1');
      expect(read.data).toMatchObject({ status: 'PENDING', end_time: '0', open_id: openId(), uuid: 'our-1' });
      sandbox.feishu.decideApproval(String(created.data.instance_code), 'withdrawn');
      const withdrawn = await caller.get(`approval/v4/instances/${String(created.data.instance_code)}`);
      expect(withdrawn.data).toMatchObject({ status: 'CANCELED', end_time: String(clock) });
      expect(() => sandbox.feishu.decideApproval(String(created.data.instance_code), 'approved')).toThrow(
        TypeError,
      );
    });

    it('are listed for ten hours at most', async () => {
      const list = (hours: number): Promise<FeishuAnswer> =>
        caller.get(
          `approval/v4/instances?approval_code=${feishuDefaults.approvalCode}&start_time=${clock - hours * 3_600_000}&end_time=${clock}`,
        );
      const id = sandbox.feishu.submitApproval({ account: person.account, title: '外训', form: {} });
      expect((await list(10)).data).toEqual({ instance_code_list: [id], has_more: false });
      expect(await list(11)).toMatchObject({ status: 400, code: 1390001 });
      clock += 12 * 3_600_000;
      caller.forget();
      expect((await list(10)).data.instance_code_list).toEqual([]);
    });

    it('are refused with what is wrong', async () => {
      expect(await caller.get('approval/v4/instances/nothing')).toMatchObject({ status: 400, code: 1390003 });
      expect(await caller.get('approval/v4/approvals/nothing')).toMatchObject({ status: 400, code: 1390002 });
      const body = { approval_code: feishuDefaults.approvalCode, open_id: openId(), form: 'x' };
      expect((await caller.post('approval/v4/instances', body)).code).toBe(1390001);
      expect(
        (await caller.post('approval/v4/instances', { ...body, form: '[]', open_id: 'ou_x' })).code,
      ).toBe(1390001);
      // Reading does not open subscribing.
      sandbox.feishu.setScope('approval:approval', false);
      expect((await caller.get(`approval/v4/approvals/${feishuDefaults.approvalCode}`)).code).toBe(0);
      const subscribed = await caller.post(`approval/v4/approvals/${feishuDefaults.approvalCode}/subscribe`);
      expect(subscribed.code).toBe(99991672);
    });
  });
});
