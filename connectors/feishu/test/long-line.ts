import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@trainbridge/connector-kit';
import { WebSocketServer, type WebSocket } from 'ws';
import { DATA, decodeFrame, encodeFrame, headerOf, type Frame } from '../src/events/frame.js';

/** The platform's side of the long connection: says where to connect, and keeps what it hears. */
export class LongLine {
  /** What `POST /callback/ws/endpoint` was asked with. */
  readonly asked: unknown[] = [];
  readonly heard: Frame[] = [];
  /** The answer to the next question; by default a connection of this very server. */
  endpoint: () => JsonObject = () => ({
    code: 0,
    msg: 'ok',
    data: { URL: this.url, ClientConfig: this.clientConfig },
  });
  clientConfig: JsonObject = {
    PingInterval: 60,
    ReconnectCount: -1,
    ReconnectInterval: 1,
    ReconnectNonce: 0,
  };
  answersPings = true;
  private socket: WebSocket | null = null;
  private readonly changes: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly sockets: WebSocketServer,
  ) {
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.asked.push({ path: request.url, ...(JSON.parse(body) as object) });
        response.setHeader('content-type', 'application/json').end(JSON.stringify(this.endpoint()));
      });
    });
    sockets.on('connection', (socket) => {
      this.socket = socket;
      this.changed();
      socket.on('message', (bytes: Buffer) => this.hear(socket, bytes));
    });
  }

  static async start(): Promise<LongLine> {
    const server = createServer();
    const line = new LongLine(server, new WebSocketServer({ server }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** On the name of another host than the API's, as the platform's own. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `ws://localhost:${port}/ws/v2?device_id=d1&access_key=k1&service_id=33&ticket=line-ticket`;
  }

  /** Sends bytes as they are, once somebody is connected. */
  async send(bytes: Uint8Array): Promise<void> {
    await this.until(() => this.socket !== null);
    this.socket?.send(bytes);
  }

  /** Sends an event, in as many parts as wanted and in the order of `order`. */
  async event(
    message: JsonObject | string,
    { id = 'm-1', parts = 1, order = [...Array(parts).keys()] } = {},
  ) {
    const payload = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
    const size = Math.ceil(payload.length / parts);
    for (const seq of order) {
      await this.send(
        encodeFrame({
          seqId: 9_007_199_254_740_995n,
          logId: 2n ** 64n - 1n,
          service: 33,
          method: DATA,
          headers: [
            ['type', 'event'],
            ['message_id', id],
            ['sum', String(parts)],
            ['seq', String(seq)],
            ['trace_id', 'trace-1'],
          ],
          payloadEncoding: 'none',
          payloadType: 'json',
          payload: payload.subarray(seq * size, (seq + 1) * size),
          logIdNew: 'log-1',
        }),
      );
    }
  }

  /** Acknowledgements so far: by message, with the code inside. */
  get acks(): { id: string; code: unknown; frame: Frame }[] {
    return this.heard
      .filter(({ method }) => method === DATA)
      .map((frame) => ({ id: headerOf(frame, 'message_id'), code: codeIn(frame), frame }));
  }

  get pings(): Frame[] {
    return this.heard.filter((frame) => headerOf(frame, 'type') === 'ping');
  }

  async until(condition: () => boolean): Promise<void> {
    const end = Date.now() + 5_000;
    while (!condition()) {
      if (Date.now() > end) throw new Error('waited in vain');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.changes.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  hangUp(): void {
    this.socket?.close();
  }

  async close(): Promise<void> {
    for (const client of this.sockets.clients) client.terminate();
    this.sockets.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private hear(socket: WebSocket, bytes: Buffer): void {
    const frame = decodeFrame(bytes);
    this.heard.push(frame);
    if (headerOf(frame, 'type') === 'ping' && this.answersPings) {
      const payload = Buffer.from(JSON.stringify(this.clientConfig));
      socket.send(encodeFrame({ ...frame, headers: [['type', 'pong']], payload }));
    }
    this.changed();
  }

  private changed(): void {
    for (const wake of this.changes.splice(0)) wake();
  }
}

function codeIn(frame: Frame): unknown {
  return (JSON.parse(Buffer.from(frame.payload ?? []).toString()) as JsonObject).code;
}
