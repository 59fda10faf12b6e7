import type { HttpRequest, JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { ConnectorError } from '@trainbridge/connector-kit';
import type { WecomContext } from '../src/api.js';
import type { WecomConfig } from '../src/config.js';
import { classify } from '../src/errors.js';

export const baseConfig: WecomConfig = {
  corpId: 'wwsim0123456789ab',
  agentId: '1000002',
  agentSecret: 'app-secret',
  apiBaseUrl: 'https://qyapi.weixin.qq.com',
  loginBaseUrl: 'https://login.work.weixin.qq.com',
  oauthBaseUrl: 'https://open.weixin.qq.com',
};

export type Answer = (request: HttpRequest) => JsonValue;

export interface FakeContext extends WecomContext {
  requests: HttpRequest[];
}

/** A context whose platform is a function from request to body; errors become what the host makes of `classify`. */
export function fakeContext(
  config: Partial<WecomConfig> = {},
  answer: Answer = nothing,
  now = 0,
): FakeContext {
  const requests: HttpRequest[] = [];
  return {
    requests,
    config: { ...baseConfig, ...config },
    connection: { id: 'con_test', timezone: 'Asia/Shanghai', locale: 'zh-CN' },
    callbackUrl: 'https://lms.example.test/callbacks/con_test',
    async http(request) {
      requests.push(request);
      const body = answer(request);
      const response = { status: 200, headers: {}, body };
      const outcome = classify(response, request);
      if (outcome.outcome === 'ok') return response;
      if (outcome.outcome === 'token_expired') throw new ConnectorError('auth_failed', 'refused');
      const { outcome: _outcome, code, ...details } = outcome;
      throw new ConnectorError(code, 'refused', details);
    },
    webSocket: () => Promise.reject(new Error('no network here')),
    now: () => now,
    randomBase64: () => '',
    signal: new AbortController().signal,
    log: { debug: ignore, info: ignore, warn: ignore },
  };
}

/** The endpoint of a request: `user/list`. */
export function endpointOf(request: HttpRequest): string {
  return new URL(request.url).pathname.replace('/cgi-bin/', '');
}

/** Answers by endpoint; one that is not named is refused with 48002. */
export function byEndpoint(answers: Record<string, JsonObject | Answer>): Answer {
  return (request) => {
    const answer = answers[endpointOf(request)];
    if (answer === undefined) return { errcode: 48002, errmsg: 'api forbidden' };
    return typeof answer === 'function' ? answer(request) : answer;
  };
}

function nothing(): JsonValue {
  throw new Error('no call was expected');
}

function ignore(): void {
  // Tests that read the log bring their own.
}
