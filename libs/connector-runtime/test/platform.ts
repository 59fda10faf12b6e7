import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CONTRACT_VERSION,
  defineConnector,
  type Connector,
  type ConnectorContext,
  type JsonObject,
  type Log,
  type Manifest,
} from '@trainbridge/connector-kit';
import { ConnectorRuntime, type Exchange, type RuntimeOptions } from '../src/index.js';

export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
) => void | Promise<void>;

/** A real HTTP server on loopback that plays the platform; `handle` is replaced by each test. */
export class Platform {
  readonly requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] =
    [];
  handle: Handler = (_request, response) => json(response, { code: 0 });

  private constructor(
    readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<Platform> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const platform = new Platform(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        platform.requests.push({
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body,
        });
        void platform.handle(request, response, body);
      });
    });
    return platform;
  }

  paths(): string[] {
    return this.requests.map(({ url }) => new URL(url, this.origin).pathname);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function json(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

export const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** A connector for a platform that answers `{ code, message, requestId }`: 0 ok, 401 token, 403 secret, 429 slow down, -1 busy. */
export function testConnector(manifest: Partial<Manifest> = {}): Connector {
  return defineConnector({
    manifest: {
      id: 'test',
      contractVersion: CONTRACT_VERSION,
      name: { en: 'Test', 'zh-CN': '测试' },
      allowedHosts: ['platform.test', { fromConfig: 'baseUrl' }],
      rateLimits: [],
      maxConcurrency: 10,
      ...manifest,
    },
    configSchema: {
      type: 'object',
      properties: {
        baseUrl: { type: 'string', title: 'Base URL', format: 'origin' },
        appId: { type: 'string', title: 'App' },
        appSecret: { type: 'string', title: 'Secret', writeOnly: true },
      },
      required: ['baseUrl', 'appId', 'appSecret'],
      additionalProperties: false,
    },
    tokens: {
      app: {
        credentials: ['appId', 'appSecret'],
        async fetch(context) {
          const { body } = await context.http({
            method: 'GET',
            url: `${context.config.baseUrl}/token`,
            query: { id: context.config.appId, secret: context.config.appSecret },
          });
          const { token, expires } = body as { token: string; expires: number };
          return { value: token, expiresInSeconds: expires };
        },
        apply: (request, token) => ({ ...request, query: { ...request.query, access_token: token } }),
      },
    },
    classify({ status, body }) {
      const { code, message, requestId } = body as { code: number; message?: string; requestId?: string };
      const vendor = { vendorCode: String(code), vendorMessage: message, vendorRequestId: requestId };
      if (code === 0) return { outcome: 'ok' };
      if (code === 401) return { outcome: 'token_expired', ...vendor };
      if (code === 403) return { outcome: 'error', code: 'auth_failed', ...vendor };
      if (code === 404) return { outcome: 'error', code: 'not_found', ...vendor };
      if (code === 429) return { outcome: 'error', code: 'rate_limited', retryAfterMs: 40, ...vendor };
      return {
        outcome: 'error',
        code: status >= 500 || code === -1 ? 'unavailable' : 'bad_response',
        ...vendor,
      };
    },
    check: async () => [],
  });
}

export interface Bench {
  platform: Platform;
  runtime: ConnectorRuntime;
  exchanges: Exchange[];
  abort: AbortController;
  context(overrides?: {
    id?: string;
    config?: JsonObject;
    connector?: Connector;
    proxyUrl?: string;
    signal?: AbortSignal;
    log?: Log;
    secrets?: string[];
  }): ConnectorContext;
  close(): Promise<void>;
}

export const SECRET = 's3cr3t+/Wert&"ü';

/** A runtime that may reach loopback, a platform beside it, and short retry delays. */
export async function bench(
  options: Partial<RuntimeOptions> = {},
  connector = testConnector(),
): Promise<Bench> {
  const platform = await Platform.start();
  const exchanges: Exchange[] = [];
  const runtime = new ConnectorRuntime({
    onExchange: (exchange) => void exchanges.push(exchange),
    allowedNetworks: ['127.0.0.0/8'],
    retry: { baseMs: 5 },
    ...options,
  });
  const abort = new AbortController();
  return {
    platform,
    runtime,
    exchanges,
    abort,
    context: (overrides = {}) =>
      runtime.contextFor({
        connector: overrides.connector ?? connector,
        connection: {
          id: overrides.id ?? 'con_1',
          config: { baseUrl: platform.origin, appId: 'app-1', appSecret: SECRET, ...overrides.config },
          timezone: 'Asia/Shanghai',
          locale: 'zh-CN',
          proxyUrl: overrides.proxyUrl,
        },
        callbackUrl: null,
        signal: overrides.signal ?? abort.signal,
        log: overrides.log ?? quiet,
        ...(overrides.secrets && { secrets: overrides.secrets }),
      }),
    async close() {
      await runtime.close();
      await platform.stop();
    },
  };
}
