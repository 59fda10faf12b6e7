import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConnectorContext, JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { ConnectorRuntime, validateConfig, type Exchange } from '@trainbridge/connector-runtime';
import type { WecomContext } from '../src/api.js';
import connector from '../src/index.js';
import { baseConfig } from './fake-context.js';

/** What one call is answered with: a body, or a status without one. */
export type LiveAnswer = JsonObject | { status: number };

export interface LivePlatform {
  context: WecomContext;
  exchanges: Exchange[];
  /** Bodies of the calls of an endpoint, in order; null where there was none. */
  calls: (endpoint: string) => JsonValue[];
  close: () => Promise<void>;
}

const GETTOKEN: LiveAnswer[] = [{ access_token: 'live-token-1', expires_in: 7200 }];

/** The connector over the host's own runtime, and a server that answers each endpoint from a list; the last answer stays. */
export async function livePlatform(answers: Record<string, LiveAnswer[]>): Promise<LivePlatform> {
  const calls = new Map<string, JsonValue[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const endpoint = (request.url ?? '').split('?')[0]?.replace('/cgi-bin/', '') ?? '';
      const text = Buffer.concat(chunks).toString();
      const known = calls.get(endpoint) ?? [];
      calls.set(endpoint, [...known, text === '' ? null : (JSON.parse(text) as JsonValue)]);
      const list = endpoint === 'gettoken' ? GETTOKEN : answers[endpoint];
      const answer = list?.[Math.min(known.length, list.length - 1)] ?? { status: 404 };
      if (typeof answer.status === 'number') response.writeHead(answer.status).end('<html>');
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const exchanges: Exchange[] = [];
  const runtime = new ConnectorRuntime({
    allowedNetworks: ['127.0.0.0/8'],
    onExchange: (exchange) => {
      exchanges.push(exchange);
    },
    retry: { attempts: 3, baseMs: 1, maxMs: 5 },
  });
  const apiBaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const validation = validateConfig(connector, {
    ...baseConfig,
    contactsSecret: 'contacts-secret',
    apiBaseUrl,
  });
  if (!validation.ok) throw new Error(JSON.stringify(validation.errors));
  const context = runtime.contextFor({
    connector,
    connection: { id: 'con_1', config: validation.config, timezone: 'Asia/Shanghai', locale: 'zh-CN' },
    callbackUrl: null,
    signal: new AbortController().signal,
    log: { debug: quiet, info: quiet, warn: quiet },
  }) as ConnectorContext<unknown> as WecomContext;
  return {
    context,
    exchanges,
    calls: (endpoint) => calls.get(endpoint) ?? [],
    async close() {
      await runtime.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function quiet(): void {
  // Nobody reads it.
}
