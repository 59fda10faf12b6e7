import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { StreamClient } from './dingtalk-stream-client.js';

describe('DingTalk stream', () => {
  let sandbox: Sandbox;
  let client: StreamClient;
  let now = 1_764_000_000_000;

  beforeEach(async () => {
    sandbox = await startSandbox({
      people: 40,
      departments: 10,
      now: () => now,
      dingtalk: { facts: { redeliveryMs: [5000], disconnectGraceMs: 30 } },
    });
    client = new StreamClient(sandbox);
  });
  afterEach(async () => {
    client.close();
    await sandbox.close();
  });

  const account = (index = 0): string => sandbox.company.people()[index]?.account ?? '';
  const edit = (index = 0): unknown =>
    sandbox.mutations.edit(account(index), { position: `P${Math.random()}` });

  describe('opening', () => {
    it('gives an endpoint and a ticket, as XML to who does not ask for JSON', async () => {
      const opened = await client.open();
      expect(JSON.parse(opened.text)).toEqual({
        endpoint: `${sandbox.url.replace('http', 'ws')}/connect`,
        ticket: expect.any(String),
      });
      expect((await client.open({}, '*/*')).text).toMatch(/^<\?xml/);
    });

    it('refuses wrong credentials and topics that do not exist', async () => {
      expect((await client.open({ clientSecret: 'wrong' })).status).toBe(400);
      expect((await client.open({ subscriptions: [{ type: 'EVENT', topic: 'user_add_org' }] })).status).toBe(
        400,
      );
      expect((await client.open({ subscriptions: [] })).status).toBe(400);
      sandbox.dingtalk.stream.enable(false);
      expect((await client.open()).status).toBe(400);
    });

    it('a ticket is good once, for 90 seconds', async () => {
      const ticket = async (): Promise<{ endpoint: string; ticket: string }> =>
        JSON.parse((await client.open()).text) as { endpoint: string; ticket: string };
      const good = await ticket();
      await client.connect(good);
      const second = new StreamClient(sandbox);
      await expect(second.connect(good)).rejects.toThrow('401');
      await expect(second.connect({ ...good, ticket: 'made-up' })).rejects.toThrow('401');
      const late = await ticket();
      now += 90_000;
      await expect(second.connect(late)).rejects.toThrow('401');
    });
  });

  it('greets, then tells events in frames of their own', async () => {
    await client.connect();
    sandbox.mutations.dismiss(account());
    await sandbox.dingtalk.idle();
    expect(client.frames.map(({ headers }) => headers.topic)).toEqual(['CONNECTED', 'REGISTERED', '*']);
    const [event] = client.events();
    expect(event).toEqual({
      specVersion: '1.0',
      type: 'EVENT',
      data: expect.any(String),
      headers: {
        topic: '*',
        messageId: expect.any(String),
        contentType: 'application/json',
        time: String(now),
        connectionId: expect.any(String),
        appId: sandbox.dingtalk.app.clientId,
        eventType: 'user_leave_org',
        eventId: expect.any(String),
        eventCorpId: sandbox.dingtalk.corpId,
        eventBornTime: String(now),
        eventUnifiedAppId: sandbox.dingtalk.app.clientId,
      },
    });
    expect(JSON.parse(event?.data ?? '')).toEqual({
      timeStamp: String(now),
      userId: [expect.any(String)],
    });
  });

  it('fact streamGreets; approvals and to-dos come too', async () => {
    sandbox.dingtalk.setFacts({ streamGreets: false });
    await client.connect();
    sandbox.dingtalk.submitApproval({ account: account(5), title: '培训申请', form: {} });
    await sandbox.dingtalk.idle();
    expect(client.frames.map(({ headers }) => headers.eventType)).toEqual([
      'bpms_instance_change',
      'bpms_task_change',
    ]);
    expect(JSON.parse(client.frames[0]?.data ?? '')).toMatchObject({ type: 'start', staffId: account(5) });
  });

  it.each(['silence', 'later', 'code 500', 'no status'] as const)(
    'tells an event again after %s, as a message of its own with the same event id',
    async (answer) => {
      sandbox.dingtalk.setFacts({ redeliveryMs: [20, 40] });
      await client.connect();
      client.answers.push(answer, answer);
      edit();
      await sandbox.dingtalk.idle();
      const told = client.events();
      // More than three where the machine is slower than the redelivery.
      expect(told.length).toBeGreaterThanOrEqual(3);
      expect(new Set(told.map(({ headers }) => headers.eventId)).size).toBe(1);
      expect(new Set(told.map(({ headers }) => headers.messageId)).size).toBe(told.length);
      expect(sandbox.dingtalk.events.list).toMatchObject([{ channel: 'stream', outcome: 'delivered' }]);
      expect(sandbox.dingtalk.events.list[0]?.attempts).toHaveLength(told.length);
    },
  );

  it('a duplicate may come after a right answer', async () => {
    await client.connect();
    sandbox.dingtalk.announcer.switches.duplicates = 1;
    edit();
    await client.until(() => client.events().length === 2);
    const [first, second] = client.events();
    expect(second?.headers.eventId).toBe(first?.headers.eventId);
  });

  it('keeps what happens without a connection, and what a broken one never acknowledged', async () => {
    sandbox.dingtalk.setFacts({ redeliveryMs: [300] });
    await client.connect();
    client.answers.push('silence');
    edit(0);
    await client.until(() => client.events().length === 1);
    sandbox.dingtalk.stream.cut();
    await client.until(() => client.closed);
    edit(1);
    const next = await new StreamClient(sandbox).connect();
    await sandbox.dingtalk.idle();
    const told = next.events().map(({ data }) => (JSON.parse(data) as { userId: string[] }).userId[0]);
    expect(new Set(told)).toEqual(new Set([account(0), account(1)]));
    expect(client.events()).toHaveLength(1);
    next.close();
  });

  it('says goodbye: no event comes after it, and the connection ends', async () => {
    await client.connect();
    sandbox.dingtalk.stream.kick();
    await client.until(() => client.frames.at(-1)?.headers.topic === 'disconnect');
    expect(JSON.parse(client.frames.at(-1)?.data ?? '')).toEqual({ reason: 'connection is expired' });
    edit();
    const next = await new StreamClient(sandbox).connect();
    await sandbox.dingtalk.idle();
    expect([client.events().length, next.events().length]).toEqual([0, 1]);
    await client.until(() => client.closed);
    expect(sandbox.dingtalk.stream.connectionCount).toBe(1);
    next.close();
  });

  it('several connections share the events', async () => {
    const second = await new StreamClient(sandbox).connect();
    await client.connect();
    for (let turn = 0; turn < 40; turn += 1) edit(turn);
    await sandbox.dingtalk.idle();
    expect(client.events().length + second.events().length).toBe(40);
    expect(Math.min(client.events().length, second.events().length)).toBeGreaterThan(0);
    second.close();
  });

  it('pings with something to be sent back, and gives up on who does not', async () => {
    sandbox.dingtalk.setFacts({ streamPingMs: 60 });
    await client.connect();
    const pings = (): number => client.frames.filter(({ headers }) => headers.topic === 'ping').length;
    await client.until(() => pings() >= 3);
    expect(client.closed).toBe(false);
    client.answersPings = false;
    await client.until(() => client.closed);
    expect(client.closed).toBe(true);
  });

  it('a connection without events gets none; without any there is nothing to keep', async () => {
    const { text } = await client.open({
      subscriptions: [{ type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' }],
    });
    await client.connect(JSON.parse(text) as { endpoint: string; ticket: string });
    edit();
    await sandbox.dingtalk.idle();
    expect(client.events()).toEqual([]);
    expect(sandbox.dingtalk.events.list).toEqual([]);
  });
});
