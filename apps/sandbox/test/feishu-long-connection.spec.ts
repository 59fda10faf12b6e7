import { randomUUID } from 'node:crypto';
import { EventDispatcher, WSClient } from '@larksuiteoapi/node-sdk';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  feishuDecodeFrame,
  feishuDefaults,
  feishuEncodeFrame,
  startSandbox,
  type Sandbox,
} from '@trainbridge/sandbox';
import type { Json } from './feishu-caller.js';

const ignore = (): void => undefined;
const silent = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore };

describe('long connections of Feishu', () => {
  let sandbox: Sandbox;
  const clients: { close(): void }[] = [];

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 40, departments: 10 });
    sandbox.feishu.courier.switches.retryMs = [20, 20, 20, 20];
    Object.assign(sandbox.feishu.connections.settings, {
      reconnectIntervalSeconds: 0,
      reconnectNonceSeconds: 0,
    });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await sandbox.close();
  });

  const bootstrap = async (body: Json = {}): Promise<Json> => {
    const response = await fetch(`${sandbox.url}/callback/ws/endpoint`, {
      method: 'POST',
      body: JSON.stringify({ AppID: feishuDefaults.appId, AppSecret: feishuDefaults.appSecret, ...body }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Json;
  };
  /** `acknowledging` from the first frame on, which may come right behind the handshake. */
  const connect = async (acknowledging = false): Promise<WebSocket> => {
    const { data } = (await bootstrap()) as { data: { URL: string } };
    const socket = new WebSocket(data.URL);
    clients.push(socket);
    if (acknowledging) socket.on('message', (data: Buffer) => acknowledge(socket, feishuDecodeFrame(data)));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return socket;
  };
  const nextFrame = (socket: WebSocket): Promise<ReturnType<typeof feishuDecodeFrame>> =>
    new Promise((resolve) => socket.once('message', (data: Buffer) => resolve(feishuDecodeFrame(data))));
  const acknowledge = (socket: WebSocket, frame: ReturnType<typeof feishuDecodeFrame>, code = 200): void =>
    socket.send(feishuEncodeFrame({ ...frame, payload: Buffer.from(JSON.stringify({ code })) }));

  describe('the bootstrap', () => {
    it('names an address and how to behave there', async () => {
      const answer = await bootstrap();
      expect(answer).toMatchObject({
        code: 0,
        data: { ClientConfig: { PingInterval: 120, ReconnectCount: -1 } },
      });
      const url = new URL((answer.data as { URL: string }).URL);
      expect(url.protocol).toBe('ws:');
      expect(url.searchParams.get('device_id')).toMatch(/^\d+$/);
      expect(url.searchParams.get('service_id')).toMatch(/^\d+$/);
    });

    it('refuses strangers, and more connections than fifty', async () => {
      expect(await bootstrap({ AppSecret: 'wrong' })).toMatchObject({ code: 514 });
      expect(await bootstrap({ AppID: 'cli_x' })).toMatchObject({ code: 514 });
      expect(sandbox.feishu.connections.settings.most).toBe(50);
      sandbox.feishu.connections.settings.most = 1;
      await connect();
      expect(await bootstrap()).toMatchObject({ code: 1000040350 });
    });

    it('hands out an address for one connection, and says so in the headers of a refusal', async () => {
      const { data } = (await bootstrap()) as { data: { URL: string } };
      const first = new WebSocket(data.URL);
      clients.push(first);
      await new Promise((resolve) => first.once('open', resolve));
      const second = new WebSocket(data.URL);
      const refused = await new Promise<Json>((resolve) =>
        second
          .once('error', ignore)
          .once('unexpected-response', (_request, response) => resolve(response.headers)),
      );
      expect(refused).toMatchObject({ 'handshake-status': '514', 'handshake-msg': 'auth failed' });
    });
  });

  it('answers pings with the settings', async () => {
    const socket = await connect();
    const frame = nextFrame(socket);
    const ping = {
      seqId: 0,
      logId: 0,
      service: 1,
      method: 0,
      headers: [['type', 'ping']] as [string, string][],
      payload: Buffer.alloc(0),
    };
    socket.send(feishuEncodeFrame(ping));
    const { method, headers, payload } = await frame;
    expect({ method, headers }).toEqual({ method: 0, headers: [['type', 'pong']] });
    expect(JSON.parse(payload.toString())).toMatchObject({ PingInterval: 120 });
  });

  it('cuts who sends what is no frame', async () => {
    const socket = await connect();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(Buffer.from([0xff]));
    await closed;
  });

  it('tells events in plain text, again until they are acknowledged', async () => {
    const socket = await connect();
    sandbox.feishu.courier.switches.timeoutMs = 300;
    const first = nextFrame(socket);
    sandbox.mutations.hire({ account: 'lin.mei' });
    const refused = await first;
    const second = nextFrame(socket);
    acknowledge(socket, refused, 500);
    const ignored = await second;
    const third = nextFrame(socket);
    const accepted = await third;
    acknowledge(socket, accepted);
    await sandbox.feishu.idle();
    expect(accepted.payload.equals(refused.payload) && ignored.payload.equals(refused.payload)).toBe(true);
    expect(JSON.parse(accepted.payload.toString())).toMatchObject({
      schema: '2.0',
      header: { event_type: 'contact.user.created_v3', token: feishuDefaults.verificationToken },
    });
    expect(sandbox.feishu.courier.records[0]).toMatchObject({ channel: 'connection', outcome: 'delivered' });
    const details = sandbox.feishu.courier.records[0]?.attempts.map(({ detail }) => detail);
    expect(details).toEqual(['code 500', 'timeout', 'code 200']);
  });

  it('gives each event to one connection only', async () => {
    const sockets = [await connect(), await connect(), await connect()];
    const counts = [0, 0, 0];
    sockets.forEach((socket, index) =>
      socket.on('message', (data: Buffer) => {
        counts[index] = (counts[index] ?? 0) + 1;
        acknowledge(socket, feishuDecodeFrame(data));
      }),
    );
    for (let turn = 0; turn < 60; turn += 1) sandbox.mutations.hire();
    await sandbox.feishu.idle();
    expect(counts.reduce((sum, count) => sum + count)).toBe(60);
    expect(counts.every((count) => count > 0)).toBe(true);
  });

  it('waits for a connection that broke, and prefers a request URL once one is saved', async () => {
    const socket = await connect();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    sandbox.feishu.connections.kick();
    await closed;
    sandbox.mutations.hire({ account: 'lin.mei' });
    await connect(true);
    await sandbox.feishu.idle();
    const [record] = sandbox.feishu.courier.records;
    expect(record).toMatchObject({ outcome: 'delivered' });
    expect(record?.attempts[0]).toMatchObject({ ok: false, detail: 'no connection is open' });
    await sandbox.feishu.setCallback({ url: 'http://127.0.0.1:1/' }, false);
    sandbox.mutations.hire();
    expect(sandbox.feishu.courier.records[1]).toMatchObject({ channel: 'url' });
  });

  describe('with the official SDK', () => {
    const heard: Json[] = [];
    const start = async (): Promise<WSClient> => {
      heard.length = 0;
      const ready = vi.fn();
      const client = new WSClient({
        appId: feishuDefaults.appId,
        appSecret: feishuDefaults.appSecret,
        domain: sandbox.url,
        logger: silent,
        onReady: ready,
      });
      clients.push(client);
      const eventDispatcher = new EventDispatcher({ logger: silent }).register({
        'contact.user.created_v3': (data) => void heard.push(data as Json),
      });
      void client.start({ eventDispatcher });
      await vi.waitFor(() => expect(ready).toHaveBeenCalled());
      return client;
    };

    it('hears events, in one frame or in many', async () => {
      await start();
      sandbox.mutations.hire({ account: 'lin.mei', name: '林梅' });
      await sandbox.feishu.idle();
      sandbox.feishu.connections.settings.chunkBytes = 100;
      sandbox.mutations.hire({ account: 'zhao.yi', name: '赵一' });
      await sandbox.feishu.idle();
      expect(heard).toMatchObject([{ object: { name: '林梅' } }, { object: { name: '赵一' } }]);
    });

    it('hears an event twice when its acknowledgement was lost', async () => {
      await start();
      sandbox.feishu.courier.switches.timeoutMs = 300;
      sandbox.feishu.connections.settings.loseAcks = 1;
      sandbox.mutations.hire({ account: 'lin.mei' });
      await sandbox.feishu.idle();
      expect(heard).toHaveLength(2);
      expect(heard[0]?.event_id).toBe(heard[1]?.event_id);
    });

    it('comes back after it was cut', async () => {
      await start();
      sandbox.feishu.connections.kick();
      sandbox.mutations.hire({ account: randomUUID().slice(0, 8) });
      await sandbox.feishu.idle();
      await vi.waitFor(() => expect(sandbox.feishu.connections.openConnections).toBe(1));
      sandbox.mutations.hire();
      await sandbox.feishu.idle();
      expect(heard.length).toBeGreaterThanOrEqual(1);
    });
  });
});
