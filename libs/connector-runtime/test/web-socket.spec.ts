import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bench, Platform, testConnector, type Bench } from './platform.js';

let world: Bench;
let peer: Socket | null;
const received: Buffer[] = [];

beforeEach(async () => {
  peer = null;
  received.length = 0;
  world = await bench();
  world.platform.server.on('upgrade', (request, socket: Socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    socket.on('data', (data: Buffer) => received.push(data));
    socket.on('error', () => undefined);
    peer = socket;
  });
});
afterEach(async () => {
  peer?.destroy();
  await world.close();
});

const wsUrl = (path = '/stream?ticket=t'): string =>
  `${world.platform.origin.replace('http:', 'ws:')}${path}`;

/** A small unmasked frame, as a server sends it. */
function frame(opcode: 1 | 2, payload: string | Buffer): Buffer {
  const body = Buffer.from(payload);
  return Buffer.concat([Buffer.from([0x80 | opcode, body.length]), body]);
}

describe('a web socket', () => {
  it('carries text and binary frames both ways and ends when the other side does', async () => {
    const connection = await world.context().webSocket(wsUrl());
    peer?.write(Buffer.concat([frame(1, '{"event":"喜"}'), frame(2, Buffer.from([0, 255]))]));
    const seen: unknown[] = [];
    for await (const message of connection.messages()) {
      seen.push(message);
      if (seen.length === 2) {
        await connection.send({ text: 'ack' });
        peer?.end(Buffer.from([0x88, 0]));
      }
    }
    expect(seen).toEqual([{ text: '{"event":"喜"}' }, { base64: 'AP8=' }]);
    const [first] = received;
    const mask = first?.subarray(2, 6) ?? Buffer.alloc(4);
    expect(
      first
        ?.subarray(6, 9)
        .map((byte, i) => byte ^ (mask[i] ?? 0))
        .toString(),
    ).toBe(Buffer.from('ack').toString());
    await expect(connection.send({ text: 'late' })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ends with the signal', async () => {
    const connection = await world.context().webSocket(wsUrl());
    const reading = (async () => {
      for await (const _message of connection.messages()) expect.fail('no message was sent');
    })();
    world.abort.abort();
    await reading;
  });

  it('reaches allowed hosts only', async () => {
    await expect(world.context().webSocket('wss://evil.example/')).rejects.toMatchObject({
      code: 'internal',
    });
    await expect(world.context().webSocket(`${world.platform.origin}/`)).rejects.toMatchObject({
      code: 'internal',
    });
  });

  it('on a host the platform names is opened where the manifest says so, and nothing else is', async () => {
    const other = await Platform.start();
    const connector = testConnector({ webSocketsNamedBy: { fromConfig: 'baseUrl' } });
    const dialled = new Promise((resolve) => {
      other.server.on('upgrade', (_request, socket: Socket) => resolve(socket.destroy()));
    });
    const url = `${other.origin.replace('http:', 'ws:')}/stream`;
    await expect(world.context().webSocket(url)).rejects.toMatchObject({ code: 'internal' });
    const context = world.context({ connector });
    await expect(context.webSocket(url)).rejects.toMatchObject({ code: 'unavailable' });
    await dialled;
    await expect(context.http({ method: 'GET', url: other.origin })).rejects.toMatchObject({
      code: 'internal',
    });
    // An API that is spoken to in secret names no listener in the clear.
    const encrypted = world.context({ connector, config: { baseUrl: 'https://platform.test' } });
    await expect(encrypted.webSocket(url)).rejects.toMatchObject({ code: 'internal' });
    expect(other.requests).toEqual([]);
    await other.stop();
  });

  it('on a host the platform names still reaches no private address', async () => {
    const connector = testConnector({ webSocketsNamedBy: { fromConfig: 'baseUrl' } });
    const strict = await bench({ allowedNetworks: [] }, connector);
    let dialled = 0;
    world.platform.server.on('connection', () => (dialled += 1));
    await expect(strict.context().webSocket(wsUrl())).rejects.toMatchObject({ code: 'unavailable' });
    expect(dialled).toBe(0);
    await strict.close();
  });

  it('that is refused says so', async () => {
    world.platform.server.removeAllListeners('upgrade');
    world.platform.handle = (_request, response) => void response.writeHead(403).end();
    await expect(world.context().webSocket(wsUrl())).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ends when the other side is silent to pings, and stays while it answers them', async () => {
    const { openWebSocket } = await import('../src/web-socket.js');
    const { Agent } = await import('undici');
    const dispatcher = new Agent();
    const open = () => openWebSocket(new URL(wsUrl()), dispatcher, world.abort.signal, 40);
    const ended = async (connection: Awaited<ReturnType<typeof open>>): Promise<true> => {
      for await (const _message of connection.messages()) expect.fail('no message was sent');
      return true;
    };
    await expect(ended(await open())).resolves.toBe(true);
    peer?.destroy();

    const answering = await open();
    peer?.on('data', (data: Buffer) => {
      // 0x89 is a ping; an empty pong answers it.
      if (data[0] === 0x89) peer?.write(Buffer.from([0x8a, 0]));
    });
    const stillOpen = new Promise<'open'>((resolve) => setTimeout(() => resolve('open'), 400));
    await expect(Promise.race([ended(answering), stillOpen])).resolves.toBe('open');
    await answering.close();
    await dispatcher.close();
  });
});
