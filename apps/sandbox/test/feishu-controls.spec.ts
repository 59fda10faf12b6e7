import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feishuDefaults, startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { FeishuCaller, items, type Json } from './feishu-caller.js';
import { FeishuReceiver } from './feishu-receiver.js';

describe('the controls of the simulated Feishu', () => {
  let sandbox: Sandbox;
  let caller: FeishuCaller;
  let account: string;

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 60, departments: 12 });
    caller = new FeishuCaller(sandbox);
    account = sandbox.company.people().find(({ id, status }) => id > 5 && status === 'active')?.account ?? '';
  });
  afterEach(() => sandbox.close());

  const control = async (
    method: string,
    name: string,
    body?: Json,
  ): Promise<{ status: number; data: Json }> => {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${sandbox.url}/sandbox/feishu/${name}`, init);
    return { status: response.status, data: (await response.json()) as Json };
  };

  it('says how to connect', () => {
    expect(sandbox.connectionConfig('feishu')).toEqual({
      appId: feishuDefaults.appId,
      appSecret: feishuDefaults.appSecret,
      encryptKey: feishuDefaults.encryptKey,
      verificationToken: feishuDefaults.verificationToken,
      approvalCodes: [feishuDefaults.approvalCode],
      apiBaseUrl: sandbox.url,
      accountsBaseUrl: sandbox.url,
    });
  });

  it('saves the request URL after its check, and forgets it', async () => {
    const receiver = await new FeishuReceiver().start();
    receiver.check = 'wrong';
    expect((await control('PUT', 'callback', { url: receiver.url })).data.ok).toBe(false);
    receiver.check = 'right';
    expect((await control('PUT', 'callback', { url: receiver.url })).data.ok).toBe(true);
    await control('PATCH', 'delivery', { duplicates: 1 });
    sandbox.mutations.hire({ account: 'lin.mei' });
    expect((await control('GET', 'idle')).data).toEqual({ idle: true });
    expect((await control('GET', 'events')).data.data).toMatchObject([
      { type: 'contact.user.created_v3', about: 'lin.mei', outcome: 'delivered' },
      { outcome: 'delivered' },
    ]);
    await control('POST', 'events', { type: 'im.chat.updated_v1', event: { chat_id: 'oc_1' } });
    await control('POST', 'courses', { account, courseId: '7', state: 2 });
    await control('GET', 'idle');
    expect(new Set(receiver.types())).toEqual(
      new Set(['contact.user.created_v3', 'im.chat.updated_v1', 'elearning.course_registration.updated_v2']),
    );
    expect(receiver.last()).toMatchObject({
      course_id: '7',
      learning_state: 2,
      learner: { user_id: { user_id: account } },
    });
    expect((await control('GET', 'state')).data).toMatchObject({ callback: receiver.url, connections: 0 });
    await control('DELETE', 'callback');
    expect(sandbox.feishu.callback).toBeUndefined();
    expect((await control('PUT', 'callback', {})).status).toBe(400);
    await receiver.close();
  });

  it('switches scopes, range, facts and limits', async () => {
    await control('PUT', 'scopes/contact:user.phone:readonly', { granted: false });
    const id = sandbox.feishu.ids.openId(3);
    expect((await caller.get(`contact/v3/users/${id}`)).data.user).not.toHaveProperty('mobile');
    await control('PUT', 'scopes/contact:user.phone:readonly', { granted: true });
    expect((await caller.get(`contact/v3/users/${id}`)).data.user).toHaveProperty('mobile');
    await control('PUT', 'range', { departments: [2] });
    expect((await caller.get('contact/v3/departments/0/children')).code).toBe(40004);
    await control('PATCH', 'facts', { rateLimitStatus: 400 });
    await control('PATCH', 'limits', { byEndpoint: { 'contact/v3/scopes': { perMinute: 1 } } });
    await caller.get('contact/v3/scopes');
    expect(await caller.get('contact/v3/scopes')).toMatchObject({ status: 400, code: 99991400 });
    for (const name of ['facts', 'limits', 'app', 'delivery', 'connections'])
      expect((await control('PATCH', name, { nonsense: 1 })).status).toBe(400);
    expect((await control('PATCH', 'connections', { pingIntervalSeconds: 5 })).data).toMatchObject({
      pingIntervalSeconds: 5,
    });
    expect((await control('POST', 'connections/kick')).status).toBe(200);
  });

  it('submits and decides approvals', async () => {
    const code = '7C468A54-8745-2245-9675-08B7C63E7A02';
    await control('PUT', `approval-definitions/${code}`, {
      name: '晋升',
      widgets: [{ id: 'w1', name: '职级', type: 'input' }],
    });
    const { data } = await control('POST', 'approvals', { account, title: '晋升', form: { 职级: 'P6' } });
    await control('POST', `approvals/${String(data.id)}`, { decision: 'rejected' });
    const read = await caller.get(`approval/v4/instances/${String(data.id)}`);
    expect(read.data).toMatchObject({ status: 'REJECTED', approval_code: code, approval_name: '晋升' });
    expect((await control('GET', 'approvals')).data.data).toMatchObject([
      { id: data.id, account, status: 'REJECTED' },
    ]);
    expect(JSON.parse(String(read.data.form))).toEqual([
      { id: 'w1', name: '职级', type: 'input', value: 'P6' },
    ]);
    expect((await control('POST', `approvals/${String(data.id)}`, { decision: 'maybe' })).status).toBe(400);
    expect((await control('POST', 'approvals', { account: 'nobody', title: 'x' })).status).toBe(400);
  });

  it('completes tasks, shows messages and furnishes tables', async () => {
    const id = sandbox.feishu.ids.person(account, 'user_id')?.id ?? 0;
    const member = { id: sandbox.feishu.ids.openId(id), type: 'user', role: 'assignee' };
    const created = await caller.post('task/v2/tasks', { summary: '课程', members: [member] });
    const { guid } = created.data.task as { guid: string };
    await control('POST', `todos/${guid}`, { done: true });
    expect((await control('GET', 'todos')).data.data).toMatchObject([{ id: guid, account, status: 'done' }]);
    expect((await control('POST', 'todos/nothing', {})).status).toBe(400);
    await caller.post('im/v1/messages?receive_id_type=user_id', {
      receive_id: account,
      msg_type: 'text',
      content: '{"text":"好"}',
    });
    expect((await control('GET', 'messages')).data.data).toMatchObject([{ account, text: '好' }]);
    await control('PUT', 'tables/tblOther', { fields: { 姓名: 'text', 通过: 'checkbox' } });
    const path = `bitable/v1/apps/${feishuDefaults.appToken}/tables/tblOther`;
    expect(items(await caller.get(`${path}/fields`)).map((field) => field.type)).toEqual([1, 7]);
    await caller.post(`${path}/records`, { fields: { 姓名: '张三', 通过: true } });
    expect((await control('GET', 'tables')).data.data).toMatchObject([
      {},
      { tableId: 'tblOther', records: [{ fields: { 通过: true } }] },
    ]);
    expect((await control('PUT', 'tables/x', { fields: { a: 'colour' } })).status).toBe(400);
    await control('PATCH', 'base', { collaborator: false });
    expect((await caller.get(`${path}/fields`)).code).toBe(91403);
  });
});
