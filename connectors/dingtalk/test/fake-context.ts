import {
  ConnectorError,
  type HttpRequest,
  type JsonObject,
  type JsonValue,
} from '@trainbridge/connector-kit';
import { tokens, type DingtalkContext } from '../src/api.js';
import type { DingtalkConfig } from '../src/config.js';
import { classify } from '../src/errors.js';

export const baseConfig: DingtalkConfig = {
  corpId: 'ding6ccabc44d2c8d38b',
  clientId: 'dingappkey0001',
  clientSecret: 'app-secret',
  apiBaseUrl: 'https://api.dingtalk.com',
  oapiBaseUrl: 'https://oapi.dingtalk.com',
  loginBaseUrl: 'https://login.dingtalk.com',
};

/** 2026-11-29T09:00:00Z */
export const NOW = 1_795_942_800_000;

/** An answer with a status of its own; a bare object is one of 200. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: JsonValue,
  ) {}
}

export type Answers = Record<string, JsonObject | Answer | ((request: HttpRequest) => JsonValue | Answer)>;

export interface FakeContext extends DingtalkContext {
  requests: HttpRequest[];
  warnings: string[];
}

/** `POST /topapi/v2/user/get`. */
export function nameOf({ method, url }: HttpRequest): string {
  return `${method} ${new URL(url).pathname}`;
}

/**
 * A context whose platform answers by method and path; what is not named is refused as DingTalk refuses an unknown call.
 * Errors become what the host makes of `classify`.
 */
export function fakeContext(config: Partial<DingtalkConfig> = {}, answers: Answers = {}): FakeContext {
  const requests: HttpRequest[] = [];
  const warnings: string[] = [];
  return {
    requests,
    warnings,
    config: { ...baseConfig, ...config },
    connection: { id: 'con_test', timezone: 'Asia/Shanghai', locale: 'zh-CN' },
    callbackUrl: 'https://lms.example.test/callbacks/con_test',
    async http(request) {
      requests.push(structuredClone(request));
      if (request.token !== undefined) tokens.app.apply(request, 'T');
      const given = answers[nameOf(request)];
      const made = typeof given === 'function' ? given(request) : given;
      const answer =
        made === undefined
          ? new Answer(200, { errcode: 22, errmsg: `no answer for ${nameOf(request)}` })
          : made instanceof Answer
            ? made
            : new Answer(200, made);
      const response = { status: answer.status, headers: {}, body: answer.body };
      const outcome = classify(response, request);
      if (outcome.outcome === 'ok') return response;
      const code = outcome.outcome === 'error' ? outcome.code : 'auth_failed';
      const { outcome: _outcome, ...details } = outcome;
      throw new ConnectorError(code, `${nameOf(request)} was refused`, details);
    },
    webSocket: () => Promise.reject(new Error('no network here')),
    now: () => NOW,
    randomBase64: (bytes) => Buffer.alloc(bytes, 'r').toString('base64'),
    signal: new AbortController().signal,
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => void warnings.push(message),
    },
  };
}

/** How often each call was made. */
export function callsOf({ requests }: FakeContext): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const request of requests) calls[nameOf(request)] = (calls[nameOf(request)] ?? 0) + 1;
  return calls;
}

/** A text of a request's body. */
export function textIn(request: HttpRequest | undefined, name: string): string {
  const value = bodyOf(request)[name];
  return typeof value === 'string' ? value : '';
}

/** The JSON body of a request. */
export function bodyOf(request: HttpRequest | undefined): JsonObject {
  return (request?.json ?? {}) as JsonObject;
}

/** A refusal of the old API, wrapped as its gateway wraps it. */
export function wrapped(sub_code: string, sub_msg = 'refused'): JsonObject {
  return {
    errcode: 88,
    sub_code,
    sub_msg,
    errmsg: `ding talk error[subcode=${sub_code},submsg=${sub_msg}]`,
    request_id: '16l4ew3d47pdp',
  };
}
