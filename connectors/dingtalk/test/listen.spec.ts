import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { JsonObject, PlatformEvent } from '@trainbridge/connector-kit';
import { events } from '../src/events.js';
import { push, pairConfig } from './callback.js';
import { baseConfig, fakeContext } from './fake-context.js';
import { LivePlatform } from './live-platform.js';

let platform: LivePlatform;
let ticket = 0;

beforeEach(async () => {
  platform = await LivePlatform.start();
  ticket = 0;
  platform.answer = ({ path }) =>
    path === '/v1.0/gateway/connections/open'
      ? [200, { endpoint: platform.streamUrl, ticket: `T/${(ticket += 1)}+=` }]
      : [404, {}];
});
afterEach(() => platform.close());

type Frame = { code: number; headers: JsonObject; message: string; data: string };

/** Sends frames one after the other and keeps what comes back. */
class Server {
  readonly replies: Frame[] = [];
  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.replies.push(JSON.parse(data.toString()) as Frame));
  }

  send(type: string, headers: JsonObject, data: unknown): void {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    this.socket.send(JSON.stringify({ specVersion: '1.0', type, headers, data: text }));
  }

  event(
    messageId: string,
    eventId: string,
    eventType: string,
    data: unknown,
    corpId = baseConfig.corpId,
  ): void {
    this.send(
      'EVENT',
      {
        topic: '*',
        messageId,
        contentType: 'application/json',
        time: '1795942800100',
        eventType,
        eventId,
        eventCorpId: corpId,
        eventBornTime: '1795942800050',
      },
      data,
    );
  }

  disconnect(): void {
    this.send('SYSTEM', { topic: 'disconnect', messageId: 'd' }, { reason: 'connection is expired' });
  }
}

function listening(emit: (raw: JsonObject, decoded: PlatformEvent[]) => Promise<void>): Promise<void> {
  if (!events.listen) throw new Error('no listen');
  return events.listen(platform.context(), { emit });
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 3_000) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('the stream', () => {
  it('opens on the host DingTalk names, echoes pings, acknowledges after the commit, ends when told to', async () => {
    let server: Server | undefined;
    platform.onSocket = (socket) => {
      server = new Server(socket);
      server.send('SYSTEM', { topic: 'CONNECTED', messageId: 'c' }, {});
      server.send('SYSTEM', { topic: 'ping', messageId: 'm0' }, { opaque: 'x' });
      server.event('m1', 'ev-9', 'user_add_org', { userId: ['newcomer'], timeStamp: '1795942800000' });
      server.disconnect();
    };
    const emitted: PlatformEvent[] = [];
    await listening(async (raw, decoded) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(server?.replies.map(({ headers }) => headers.messageId)).toEqual(['m0']);
      expect(raw).toMatchObject({ type: 'EVENT', headers: { messageId: 'm1' } });
      emitted.push(...decoded);
    });
    expect(emitted).toEqual([
      {
        key: 'ev-9',
        kind: 'user.changed',
        ids: ['newcomer'],
        time: 1795942800050,
        data: { eventType: 'user_add_org', userId: ['newcomer'] },
      },
    ]);
    await until(() => server?.replies.length === 2);
    const [ping, ack] = server?.replies ?? [];
    expect(ping).toEqual({
      code: 200,
      headers: { contentType: 'application/json', messageId: 'm0' },
      message: 'OK',
      data: '{"opaque":"x"}',
    });
    expect(ack).toMatchObject({ code: 200, headers: { messageId: 'm1' } });
    expect(JSON.parse(ack?.data ?? '')).toEqual({ status: 'SUCCESS', message: 'stored' });
    expect(platform.tickets).toEqual(['T/1+=']);
    expect(platform.calls[0]).toMatchObject({
      headers: { accept: 'application/json' },
      body: {
        clientId: baseConfig.clientId,
        clientSecret: baseConfig.clientSecret,
        subscriptions: [{ type: 'EVENT', topic: '*' }],
      },
    });
  });

  it('asks for an event again that could not be stored, and it has the same key the second time', async () => {
    const keys: string[] = [];
    let server: Server | undefined;
    platform.onSocket = (socket) => {
      server = new Server(socket);
      server.event('m1', 'ev-1', 'user_leave_org', { userId: ['a'] });
    };
    await expect(
      listening(async (_raw, decoded) => {
        keys.push(...decoded.map(({ key }) => key));
        throw new Error('the database is away');
      }),
    ).rejects.toThrow('the database is away');
    await until(() => server?.replies.length === 1);
    expect(JSON.parse(server?.replies[0]?.data ?? '')).toMatchObject({ status: 'LATER' });

    platform.onSocket = (socket) => {
      const next = new Server(socket);
      next.event('m2', 'ev-1', 'user_leave_org', { userId: ['a'] });
      next.disconnect();
    };
    await listening(async (_raw, decoded) => void keys.push(...decoded.map(({ key }) => key)));
    expect(keys).toEqual(['ev-1', 'ev-1']);
    expect(platform.tickets).toEqual(['T/1+=', 'T/2+=']);
  });

  it('gives an event the key its callback would have', async () => {
    const keys: string[] = [];
    platform.onSocket = (socket) => {
      const server = new Server(socket);
      server.event('m1', 'ev-7', 'org_dept_modify', { deptId: [5] });
      server.disconnect();
    };
    await listening(async (_raw, decoded) => void keys.push(...decoded.map(({ key }) => key)));
    const { events: pushed } = await events.receive(
      fakeContext(pairConfig),
      push({ EventType: 'org_dept_modify', DeptId: [5], eventId: 'ev-7' }),
    );
    expect(keys).toEqual(pushed.map(({ key }) => key));
  });

  it('survives what it cannot read, and stores what it does not know', async () => {
    const kinds: string[] = [];
    let server: Server | undefined;
    platform.onSocket = (socket) => {
      server = new Server(socket);
      socket.send('not json');
      socket.send('[]');
      socket.send('{"type":"EVENT"}');
      socket.send(Buffer.from([1, 2, 3]));
      server.send('CALLBACK', { topic: '/v1.0/im/bot/messages/get', messageId: 'm1' }, {});
      server.event('m2', 'ev-2', 'user_add_org', '{broken');
      server.event('m3', 'ev-3', 'user_add_org', { errCode: 20001 });
      server.event('m4', 'ev-4', 'user_leave_org', { userId: ['theirs'] }, 'dingother');
      server.event('m5', 'ev-5', 'user_add_org', { userId: ['a'] });
      server.disconnect();
    };
    await listening(async (_raw, decoded) => void kinds.push(...decoded.map(({ kind }) => kind)));
    expect(kinds).toEqual(['other', 'other', 'user.changed']);
    await until(() => server?.replies.length === 5);
    expect(server?.replies.map(({ code, headers }) => [code, headers.messageId])).toEqual([
      [404, 'm1'],
      [200, 'm2'],
      [200, 'm3'],
      [200, 'm4'],
      [200, 'm5'],
    ]);
  });

  it('returns when the server goes away and when it is aborted, and leaves no socket open', async () => {
    platform.onSocket = (socket) => socket.close();
    await listening(async () => undefined);
    let closed = false;
    const opened = new Promise<void>((resolve) => {
      platform.onSocket = (socket) => {
        socket.on('close', () => (closed = true));
        resolve();
      };
    });
    const running = listening(async () => undefined);
    await opened;
    platform.abort();
    await Promise.race([
      running.catch(() => undefined),
      new Promise((_, reject) => setTimeout(() => reject(new Error('still listening')), 2_000)),
    ]);
    await until(() => closed);
  });

  it.each([
    ['http', { endpoint: 'http://127.0.0.1:1/', ticket: 't' }],
    ['nothing', { ticket: 't' }],
    ['no ticket', { endpoint: 'ws://127.0.0.1:1/' }],
    ['a list', []],
  ])('an endpoint of %s is no endpoint', async (_name, body) => {
    platform.answer = () => [200, body];
    await expect(listening(async () => undefined)).rejects.toMatchObject({ code: 'bad_response' });
  });

  it('is not opened where the address policy says no', async () => {
    platform.answer = () => [200, { endpoint: 'ws://10.1.2.3:80/connect', ticket: 't' }];
    await expect(listening(async () => undefined)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('refused credentials are told as what they are', async () => {
    platform.answer = () => [400, { code: 'invalidClientIdOrSecret', requestid: 'R', message: 'no' }];
    await expect(listening(async () => undefined)).rejects.toMatchObject({ code: 'auth_failed' });
  });
});
