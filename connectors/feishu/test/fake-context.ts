import {
  ConnectorError,
  type HttpRequest,
  type HttpResponse,
  type JsonObject,
  type JsonValue,
} from '@trainbridge/connector-kit';
import { tokens, type FeishuContext } from '../src/api.js';
import type { FeishuConfig } from '../src/config.js';
import { classify } from '../src/errors.js';

export const baseConfig: FeishuConfig = {
  appId: 'cli_kat',
  appSecret: 'app-secret',
  apiBaseUrl: 'https://open.feishu.cn',
  accountsBaseUrl: 'https://accounts.feishu.cn',
};

export const NOW = 1_767_226_500_000;
export const TOKEN = 't-recorded';

/** A status and a body; `ok` and `refused` make the usual ones. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: JsonValue;
}

export function ok(data: JsonObject = {}): Answer {
  return { body: { code: 0, msg: 'success', data } };
}

export function refused(code: number, more: JsonObject = {}, status = 400): Answer {
  return { status, body: { code, msg: 'refused', ...more } };
}

export interface Call {
  /** `GET contact/v3/scopes` */
  name: string;
  query: JsonObject;
  json: JsonValue | undefined;
  request: HttpRequest;
}

/** By the name of the call; a `*` stands for an id in its path. */
export type Answers = Record<string, Answer | ((call: Call) => Answer)>;

export interface FakeContext extends FeishuContext {
  calls: Call[];
  warnings: string[];
  /** What was asked, without queries. */
  names(): string[];
}

/** A context whose platform is a table of answers; an error becomes what the host makes of `classify`. */
export function fakeContext(
  answers: Answers = {},
  config: Partial<FeishuConfig> = {},
  now = NOW,
): FakeContext {
  const calls: Call[] = [];
  const warnings: string[] = [];
  return {
    calls,
    warnings,
    names: () => calls.map(({ name }) => name),
    config: { ...baseConfig, ...config },
    connection: { id: 'con_test', timezone: 'Asia/Shanghai', locale: 'zh-CN' },
    callbackUrl: 'https://bridge.example.test/callbacks/con_test',
    async http(request) {
      const call = callOf(request);
      calls.push(call);
      const answer = answers[call.name] ?? answers[call.name.replace(/[^/]+$/, '*')];
      if (answer === undefined) throw new Error(`no call was expected: ${call.name}`);
      const { status = 200, headers = {}, body } = typeof answer === 'function' ? answer(call) : answer;
      return settle({ status, headers, body }, request);
    },
    webSocket: () => Promise.reject(new Error('no web socket here')),
    now: () => now,
    randomBase64: () => '',
    signal: new AbortController().signal,
    log: { debug: ignore, info: ignore, warn: (message) => void warnings.push(message) },
  };
}

function callOf(request: HttpRequest): Call {
  if (request.token !== undefined) {
    const applied = tokens.tenant.apply(request, TOKEN);
    if (applied.headers?.authorization !== `Bearer ${TOKEN}`) throw new Error('the token went astray');
  }
  const { pathname } = new URL(request.url);
  return {
    name: `${request.method} ${pathname.replace('/open-apis/', '')}`,
    query: JSON.parse(JSON.stringify(request.query ?? {})) as JsonObject,
    json: request.json,
    request,
  };
}

function settle(response: HttpResponse, request: HttpRequest): HttpResponse {
  const outcome = classify(response, request);
  if (outcome.outcome === 'ok') return response;
  if (outcome.outcome === 'token_expired') throw new ConnectorError('auth_failed', 'token refused');
  const { outcome: _outcome, code, ...details } = outcome;
  throw new ConnectorError(code, outcome.vendorMessage ?? code, details);
}

function ignore(): void {
  // Tests read warnings only.
}
