import { randomUUID } from 'node:crypto';
import { Client } from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feishuDefaults, startSandbox, type Sandbox } from '@trainbridge/sandbox';

const ignore = (): void => undefined;

/** The official SDK as the counterpart nobody here wrote. */
describe('the official Feishu SDK against the simulator', () => {
  let sandbox: Sandbox;
  let client: Client;

  beforeEach(async () => {
    // The SDK keeps tokens per app id for the whole process: each sandbox is another app.
    const appId = `cli_${randomUUID().slice(0, 16)}`;
    sandbox = await startSandbox({
      people: 120,
      departments: 14,
      feishu: { appId, limits: { enforced: false } },
    });
    client = new Client({
      appId,
      appSecret: feishuDefaults.appSecret,
      domain: sandbox.url,
      logger: { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore },
    });
  });
  afterEach(() => sandbox.close());

  it('walks the whole company', async () => {
    const departments: string[] = [];
    const pages = await client.contact.v3.department.childrenWithIterator({
      path: { department_id: '0' },
      params: { fetch_child: true, page_size: 5 },
    });
    for await (const page of pages) {
      departments.push(...(page?.items ?? []).map((item) => item.open_department_id ?? ''));
    }
    expect(new Set(departments).size).toBe(sandbox.company.departmentCount - 1);
    const people = new Set<string>();
    for (const department_id of ['0', ...departments]) {
      const members = await client.contact.v3.user.findByDepartmentWithIterator({
        params: { department_id, page_size: 7, user_id_type: 'union_id' },
      });
      for await (const page of members) for (const user of page?.items ?? []) people.add(user.union_id ?? '');
    }
    expect(people.size).toBe(sandbox.company.personCount);
  });

  it('reads single records and the range', async () => {
    const person = sandbox.company.people()[4];
    const { data } = await client.contact.v3.user.get({
      path: { user_id: person?.account ?? '' },
      params: { user_id_type: 'user_id', department_id_type: 'department_id' },
    });
    expect(data?.user).toMatchObject({ name: person?.name, employee_no: person?.employeeNumber });
    const batch = await client.contact.v3.user.batch({
      params: { user_ids: [data?.user?.open_id ?? '', 'ou_nobody'] },
    });
    expect(batch.data?.items).toHaveLength(1);
    const scope = await client.contact.v3.scope.list({ params: {} });
    expect(scope.data?.department_ids).toHaveLength(sandbox.company.children(1).length);
    expect(scope.data?.user_ids).toHaveLength(3);
  });

  it('sends a message, keeps a task and writes rows', async () => {
    const open_id = sandbox.feishu.ids.openId(1);
    const sent = await client.im.v1.message.create({
      params: { receive_id_type: 'open_id' },
      data: { receive_id: open_id, msg_type: 'text', content: JSON.stringify({ text: '请完成课程' }) },
    });
    expect(sent.data?.message_id).toMatch(/^om_/);
    expect(sandbox.feishu.inbox()).toMatchObject([
      { account: sandbox.company.people()[0]?.account, text: '请完成课程' },
    ]);
    const created = await client.task.v2.task.create({
      data: {
        summary: '消防安全',
        due: { timestamp: String(Date.now()), is_all_day: false },
        members: [{ id: open_id, type: 'user', role: 'assignee' }],
      },
    });
    const task_guid = created.data?.task?.guid ?? '';
    const patched = await client.task.v2.task.patch({
      path: { task_guid },
      data: { task: { completed_at: String(Date.now()) }, update_fields: ['completed_at'] },
    });
    expect(patched.data?.task?.status).toBe('done');
    const rows = await client.bitable.v1.appTableRecord.batchCreate({
      path: { app_token: feishuDefaults.appToken, table_id: feishuDefaults.tableId },
      data: { records: [{ fields: { 学员: '张三', 得分: 90 } }] },
    });
    expect(rows.data?.records).toHaveLength(1);
  });

  it('reads approvals that were submitted', async () => {
    const account = sandbox.company.people()[8]?.account ?? '';
    const id = sandbox.feishu.submitApproval({ account, title: '外部培训', form: { 课程: '谈判技巧' } });
    const now = Date.now();
    const list = await client.approval.v4.instance.list({
      params: {
        approval_code: feishuDefaults.approvalCode,
        start_time: String(now - 60_000),
        end_time: String(now + 60_000),
      },
    });
    expect(list.data?.instance_code_list).toEqual([id]);
    sandbox.feishu.decideApproval(id, 'approved');
    const { data } = await client.approval.v4.instance.get({ path: { instance_id: id } });
    expect(data).toMatchObject({ status: 'APPROVED', user_id: account, approval_name: '培训申请' });
    expect(data?.form).toContain('谈判技巧');
  });
});
