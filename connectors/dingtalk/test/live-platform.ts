import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { JsonObject } from '@trainbridge/connector-kit';
import { ConnectorRuntime, type Exchange } from '@trainbridge/connector-runtime';
import type { DingtalkContext } from '../src/api.js';
import type { DingtalkConfig } from '../src/config.js';
import connector from '../src/index.js';
import { baseConfig } from './fake-context.js';

export interface Call {
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: JsonObject;
}

/** A real HTTP server for the connector in a real runtime, with a web socket on another port, as DingTalk has it. */
export class LivePlatform {
  readonly calls: Call[] = [];
  readonly tickets: string[] = [];
  /** Replaced by each test: status and body of a call. */
  answer: (call: Call) => [number, unknown] = () => [200, { errcode: 22, errmsg: 'nothing here' }];
  /** Called with each web socket that was opened. */
  onSocket: (socket: WebSocket) => void = () => undefined;
  readonly #abort = new AbortController();

  private constructor(
    readonly origin: string,
    readonly streamUrl: string,
    private readonly api: Server,
    private readonly stream: WebSocketServer,
    private readonly runtime: ConnectorRuntime,
    readonly exchanges: readonly Exchange[],
  ) {}

  static async start(): Promise<LivePlatform> {
    const api = createServer();
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const stream = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(stream, 'listening');
    const exchanges: Exchange[] = [];
    const runtime = new ConnectorRuntime({
      onExchange: (exchange) => void exchanges.push(exchange),
      allowedNetworks: ['127.0.0.0/8'],
      retry: { baseMs: 5, maxMs: 50 },
    });
    const portOf = (server: Server | WebSocketServer): number => (server.address() as AddressInfo).port;
    const platform = new LivePlatform(
      `http://127.0.0.1:${portOf(api)}`,
      `ws://127.0.0.1:${portOf(stream)}/connect`,
      api,
      stream,
      runtime,
      exchanges,
    );
    api.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '', platform.origin);
        const text = Buffer.concat(chunks).toString();
        const body = text === '' ? {} : (JSON.parse(text) as JsonObject);
        const call = { path: url.pathname, query: url.searchParams, headers: request.headers, body };
        platform.calls.push(call);
        const [status, json] = platform.answer(call);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      });
    });
    stream.on('connection', (socket, request) => {
      platform.tickets.push(new URL(request.url ?? '', 'ws://x').searchParams.get('ticket') ?? '');
      platform.onSocket(socket);
    });
    return platform;
  }

  context(config: Partial<DingtalkConfig> = {}): DingtalkContext {
    const { origin } = this;
    return this.runtime.contextFor({
      connector,
      connection: {
        id: 'con_live',
        config: {
          ...baseConfig,
          apiBaseUrl: origin,
          oapiBaseUrl: origin,
          loginBaseUrl: origin,
          ...config,
        },
        timezone: 'Asia/Shanghai',
        locale: 'zh-CN',
      },
      callbackUrl: null,
      signal: this.#abort.signal,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    }) as unknown as DingtalkContext;
  }

  abort(): void {
    this.#abort.abort();
  }

  async close(): Promise<void> {
    await this.runtime.close();
    for (const socket of this.stream.clients) socket.terminate();
    this.stream.close();
    this.api.closeAllConnections();
    this.api.close();
  }
}
