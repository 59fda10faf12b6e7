import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, wecomDefaults, type Sandbox } from '@trainbridge/sandbox';
import { appReceiver } from './callback-receiver.js';
import { Caller } from './caller.js';

type Json = Record<string, unknown>;

describe('controls of the simulated WeCom', () => {
  let sandbox: Sandbox;
  let account: string;

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 30, departments: 6 });
    account = sandbox.company.people()[4]?.account ?? '';
  });
  afterEach(() => sandbox.close());

  async function control(method: string, name: string, body?: Json): Promise<{ status: number; body: Json }> {
    const response = await fetch(`${sandbox.url}/sandbox/wecom/${name}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  }

  it('the connection names all hosts and a pair for each callback', async () => {
    expect(sandbox.connectionConfig('wecom')).toMatchObject({
      apiBaseUrl: sandbox.url,
      loginBaseUrl: sandbox.url,
      oauthBaseUrl: sandbox.url,
      contactsCallbackToken: wecomDefaults.callbackToken,
      contactsCallbackAesKey: wecomDefaults.callbackAesKey,
      callbackToken: wecomDefaults.appCallbackToken,
      callbackAesKey: wecomDefaults.appCallbackAesKey,
    });
    const receiver = await appReceiver();
    const { callbackToken: token, callbackAesKey: aesKey } = wecomDefaults;
    expect((await control('PUT', 'app-callback', { url: receiver.url, token, aesKey })).body).toMatchObject({
      ok: false,
    });
    expect((await control('PUT', 'app-callback', { url: receiver.url })).body).toMatchObject({ ok: true });
    const { body } = await control('GET', 'state');
    expect(body).toMatchObject({ appCallback: { url: receiver.url }, callback: null, customers: 8 });
    expect(JSON.stringify(body)).not.toContain(wecomDefaults.agentSecret);
    expect(JSON.stringify(body)).not.toContain(wecomDefaults.contactsSecret);
    await receiver.close();
  });

  it('the app takes known names only, and no secret', async () => {
    const { body } = await control('PATCH', 'app', { customers: false, trustedDomain: 'lms.example.test' });
    expect(body).toMatchObject({ customers: false, approvals: true, trustedDomain: 'lms.example.test' });
    expect(body).not.toHaveProperty('secret');
    expect(await control('PATCH', 'app', { secret: 'x' })).toMatchObject({ status: 400 });
    expect(await control('PATCH', 'facts', { nonsense: 1 })).toMatchObject({ status: 400 });
  });

  it('approvals: submitted, agreed to, commented, decided, deleted', async () => {
    const { id } = (
      await control('POST', 'approvals', { account, title: '培训申请', form: { 课程: '急救' } })
    ).body;
    const change = (body: Json): Promise<{ status: number }> =>
      control('POST', `approvals/${String(id)}`, body);
    expect(await change({ decision: 'maybe' })).toMatchObject({ status: 400 });
    for (const body of [{ action: 'urge' }, { action: 'comment', account, text: '好' }, { action: 'agree' }])
      expect(await change(body)).toMatchObject({ status: 200 });
    expect(await change({ decision: 'approved' })).toMatchObject({ status: 400 });
    expect((await control('GET', 'approvals')).body).toMatchObject({ data: [{ id, account, status: 2 }] });
    await control('DELETE', `approvals/${String(id)}`);
    expect((await control('GET', 'approvals')).body).toMatchObject({ data: [{ status: 7 }] });
    const controls = [{ control: 'Number', id: 'Number-1', title: '分数', required: true }];
    await control('PUT', 'approval-templates/T1', { name: '补考申请', controls });
    await control('POST', 'approvals', { account, title: '补考申请', form: { 分数: '59' } });
    expect(sandbox.wecom.approvals.all()[1]).toMatchObject({
      template: { id: 'T1' },
      contents: [{ control: 'Number', value: { new_number: '59' } }],
    });
    expect(await control('POST', 'approvals', { account: 'nobody', title: 'x' })).toMatchObject({
      status: 400,
    });
  });

  it('customers and their tags, as people handle them in their clients', async () => {
    const other = sandbox.company.people()[5]?.account ?? '';
    const { body } = await control('POST', 'customers', { name: '王芳', ownerAccount: account });
    const id = String(body.externalUserId);
    const { id: tag } = (await control('POST', 'corp-tags', { group: '课程', name: '安全' })).body;
    for (const change of [
      { action: 'follow', account: other },
      { action: 'edit', account, tagIds: [tag] },
      { action: 'leave', account: other },
      { action: 'refuse_transfer', account: other },
    ])
      expect(await control('POST', `customers/${id}`, change)).toMatchObject({ status: 200 });
    const shown = (await control('GET', 'customers')).body.data as Json[];
    expect(shown).toHaveLength(9);
    expect(shown.at(-1)).toMatchObject({
      name: '王芳',
      followers: [
        { account, standing: 'both', tagIds: [tag] },
        { account: other, standing: 'oneWay' },
      ],
    });
    expect(await control('POST', `customers/${id}`, { action: 'edit', account, x: 1 })).toMatchObject({
      status: 400,
    });
    expect(await control('POST', `customers/${id}`, { action: 'marry', account })).toMatchObject({
      status: 400,
    });
    await control('PUT', `corp-tags/${String(tag)}`, { name: '安全生产' });
    await control('DELETE', `customers/${id}`, { account });
    expect(await control('DELETE', `customers/${id}`, { account })).toMatchObject({ status: 400 });
    await control('DELETE', `corp-tags/${String(tag)}`);
    expect((await control('GET', 'corp-tags')).body.data).toHaveLength(3);
    expect(await control('DELETE', `corp-tags/${String(tag)}`)).toMatchObject({ status: 400 });
  });

  it('messages, to-dos, cards and login codes', async () => {
    const receiver = await appReceiver();
    await sandbox.wecom.setAppCallback({ url: receiver.url });
    const sent = await new Caller(sandbox).app('message/send', {
      touser: account,
      agentid: 1000002,
      msgtype: 'template_card',
      template_card: {
        card_type: 'button_interaction',
        main_title: { title: '安全培训' },
        task_id: 't1',
        button_list: [{ text: '去学习', key: 'go' }],
      },
    });
    const id = String(sent.msgid);
    expect((await control('GET', 'todos')).body.data).toEqual([
      { id, account, title: '安全培训', url: '', status: 'open' },
    ]);
    expect((await control('GET', 'messages')).body.data).toMatchObject([
      { id, recipients: [account], updates: {} },
    ]);
    expect((await control('GET', 'inbox')).body.data).toMatchObject([{ id, account, text: '安全培训' }]);
    expect(await control('POST', `cards/${id}`, { account, key: 'go' })).toMatchObject({ status: 200 });
    expect(await control('POST', 'cards/none', { account, key: 'go' })).toMatchObject({ status: 400 });
    await sandbox.wecom.idle();
    expect(receiver.texts('EventKey')).toEqual(['go']);
    const { code } = (await control('POST', 'login-codes', { account, consent: true })).body;
    const who = await new Caller(sandbox).app(`auth/getuserinfo?code=${String(code)}`);
    expect(who).toMatchObject({ userid: account, user_ticket: expect.any(String) });
    expect(await control('POST', 'login-codes', { account: 'nobody' })).toMatchObject({ status: 400 });
    await receiver.close();
  });

  it('the page still shows the company', async () => {
    const page = await fetch(sandbox.url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(wecomDefaults.corpId)]);
  });
});
