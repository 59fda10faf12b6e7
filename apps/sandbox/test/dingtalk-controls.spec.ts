import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dingtalkDefaults, startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { DingtalkReceiver } from './dingtalk-receiver.js';
import { StreamClient } from './dingtalk-stream-client.js';

describe('DingTalk controls over HTTP', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 20, departments: 6 });
  });
  afterEach(() => sandbox.close());

  async function control(
    method: string,
    name: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${sandbox.url}/sandbox/dingtalk/${name}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it('connection config', () => {
    expect(sandbox.connectionConfig('dingtalk')).toEqual({
      corpId: dingtalkDefaults.corpId,
      clientId: dingtalkDefaults.clientId,
      clientSecret: dingtalkDefaults.clientSecret,
      agentId: dingtalkDefaults.agentId,
      callbackToken: dingtalkDefaults.callbackToken,
      callbackAesKey: dingtalkDefaults.callbackAesKey,
      processCodes: [...dingtalkDefaults.processCodes],
      apiBaseUrl: sandbox.url,
      oapiBaseUrl: sandbox.url,
      loginBaseUrl: sandbox.url,
    });
  });

  it('callback, events and idle', async () => {
    const receiver = await new DingtalkReceiver().start();
    try {
      expect(await control('PUT', 'callback', { url: receiver.url })).toMatchObject({ body: { ok: true } });
      expect(await control('PUT', 'callback', {})).toMatchObject({ status: 400 });
      sandbox.mutations.dismiss(sandbox.company.people()[0]?.account ?? '');
      expect((await control('GET', 'idle')).body).toEqual({ idle: true });
      expect((await control('GET', 'events')).body).toMatchObject({
        data: [{ eventType: 'user_leave_org', outcome: 'delivered', channel: 'http' }],
      });
      await control('DELETE', 'callback');
      sandbox.mutations.dismiss(sandbox.company.people()[0]?.account ?? '');
      expect((await control('GET', 'events')).body.data).toHaveLength(1);
    } finally {
      await receiver.close();
    }
  });

  it("events of the caller's own making, and the state without secrets", async () => {
    const client = await new StreamClient(sandbox).connect();
    await control('POST', 'events', { eventType: 'label_user_change', fields: { userIdList: ['a'] } });
    await sandbox.dingtalk.idle();
    expect(client.events()).toMatchObject([
      { headers: { eventType: 'label_user_change' }, data: '{"userIdList":["a"]}' },
    ]);
    expect(await control('POST', 'events', {})).toMatchObject({ status: 400 });
    const { body } = await control('GET', 'state');
    expect(body).toMatchObject({ callback: null, stream: { connections: 1 }, events: 1 });
    expect(JSON.stringify(body)).not.toContain(dingtalkDefaults.clientSecret);
    client.close();
  });

  it('stream on, off, kicked and cut', async () => {
    const client = await new StreamClient(sandbox).connect();
    expect((await control('GET', 'stream')).body).toEqual({ enabled: true, connections: 1 });
    await control('POST', 'stream/kick');
    await client.until(() => client.frames.at(-1)?.headers.topic === 'disconnect');
    await control('POST', 'stream/cut');
    await client.until(() => client.closed);
    await control('DELETE', 'stream');
    expect((await client.open()).status).toBe(400);
    await control('PUT', 'stream');
    expect((await client.open()).status).toBe(200);
  });

  it('facts, limits, app, range and delivery take known names only', async () => {
    expect((await control('PATCH', 'facts', { eventForm: 'documented' })).body).toMatchObject({
      eventForm: 'documented',
    });
    for (const name of ['facts', 'limits', 'app', 'delivery', 'notification-limits'])
      expect(await control('PATCH', name, { nonsense: 1 })).toMatchObject({ status: 400 });
    expect((await control('PATCH', 'limits', { perSecond: 5 })).body).toMatchObject({ perSecond: 5 });
    const app = await control('PATCH', 'app', { readsMobile: false });
    expect(app.body).toMatchObject({ readsMobile: false });
    expect(app.body).not.toHaveProperty('clientSecret');
    expect(await control('PATCH', 'app', { clientSecret: 'x' })).toMatchObject({ status: 400 });
    expect((await control('PUT', 'range', { departments: [2] })).body).toEqual({
      departments: [2],
      users: [],
    });
    expect((await control('PATCH', 'delivery', { bundle: true })).body).toMatchObject({ bundle: true });
  });

  it('approvals, to-dos, messages, customers and login codes', async () => {
    const account = sandbox.company.people()[4]?.account;
    const { id } = (
      await control('POST', 'approvals', { account, title: '培训申请', form: { 课程: '急救' } })
    ).body;
    expect(await control('POST', `approvals/${String(id)}`, { decision: 'maybe' })).toMatchObject({
      status: 400,
    });
    await control('POST', `approvals/${String(id)}`, { decision: 'approved' });
    expect((await control('GET', 'approvals')).body).toMatchObject({ data: [{ result: 'agree' }] });
    await control('DELETE', `approvals/${String(id)}`);
    expect((await control('GET', 'approvals')).body).toEqual({ data: [] });
    expect((await control('GET', 'todos')).body).toEqual({ data: [] });
    expect(await control('POST', 'todos/none', { account })).toMatchObject({ status: 400 });
    expect((await control('GET', 'messages')).body).toEqual({ data: [] });
    const { userid } = (await control('POST', 'customers', { name: '王芳', owner: account })).body;
    expect((await control('GET', 'customers')).body.data).toHaveLength(9);
    expect((await control('DELETE', `customers/${String(userid)}`)).body).toEqual({ removed: true });
    expect((await control('POST', 'login-codes', { account })).body).toEqual({ code: expect.any(String) });
    expect(await control('POST', 'login-codes', { account: 'nobody' })).toMatchObject({ status: 400 });
  });

  it('faults and calls by platform', async () => {
    const faults = `${sandbox.url}/sandbox/faults`;
    const fault = { platform: 'dingtalk', kind: 'errcode', code: 'systemError', status: 500 };
    expect((await fetch(faults, { method: 'POST', body: JSON.stringify(fault) })).status).toBe(200);
    expect(sandbox.dingtalk.faults.list()).toMatchObject([{ kind: 'errcode', code: 'systemError' }]);
    const calls = await fetch(`${sandbox.url}/sandbox/calls?platform=dingtalk`);
    expect(await calls.json()).toEqual({ total: 0, byEndpoint: {} });
  });
});
