import {
  isJsonObject,
  type ConnectorContext,
  type HttpRequest,
  type JsonObject,
  type JsonValue,
  type TokenDefinition,
} from '@trainbridge/connector-kit';
import type { DingtalkConfig } from './config.js';
import { missing } from './errors.js';
import { whole } from './values.js';

export type DingtalkContext = ConnectorContext<DingtalkConfig>;

/**
 * One token for both generations of the API, in two places: a header of the new one, the query of the old one. Asking
 * again within its two hours gives the same token, renewed (page obtain-the-access-token-of-an-internal-app).
 */
export const tokens = {
  app: {
    credentials: ['clientId', 'clientSecret'],
    async fetch(context) {
      const { clientId, clientSecret } = context.config;
      const payload = await call(context, 'POST', '/v1.0/oauth2/accessToken', {
        json: { appKey: clientId, appSecret: clientSecret },
        retry: 'safe',
        token: undefined,
      });
      const { accessToken: value, expireIn } = payload;
      if (typeof value !== 'string' || value === '') throw missing('oauth2/accessToken', 'accessToken');
      const expiresInSeconds = whole(expireIn);
      if (!expiresInSeconds) throw missing('oauth2/accessToken', 'expireIn');
      return { value, expiresInSeconds };
    },
    apply: (request, token) =>
      isNewApi(new URL(request.url).pathname)
        ? { ...request, headers: { ...request.headers, 'x-acs-dingtalk-access-token': token } }
        : { ...request, query: { ...request.query, access_token: token } },
  },
} as const satisfies Record<string, TokenDefinition<DingtalkConfig>>;

function isNewApi(path: string): boolean {
  return path.startsWith('/v1.0/');
}

type CallParts = Pick<HttpRequest, 'query' | 'json' | 'headers' | 'retry' | 'secrets' | 'token'>;

/** One call of either generation, with the app's token unless `token: undefined` says otherwise. */
export async function call(
  context: DingtalkContext,
  method: HttpRequest['method'],
  path: string,
  parts: CallParts = {},
): Promise<JsonObject> {
  const { apiBaseUrl, oapiBaseUrl } = context.config;
  const { body } = await context.http({
    method,
    url: `${isNewApi(path) ? apiBaseUrl : oapiBaseUrl}${path}`,
    token: 'app',
    ...parts,
  });
  if (!isJsonObject(body)) throw missing(path, 'a JSON object');
  return body;
}

/** Reading by POST: nearly all of the old API. */
export function read(context: DingtalkContext, path: string, json: JsonObject): Promise<JsonObject> {
  return call(context, 'POST', path, { json, retry: 'safe' });
}

/** @throws ConnectorError `bad_response` when the answer to `path` has no such object. */
export function objectOf(payload: JsonObject, key: string, path: string): JsonObject {
  const value = payload[key];
  if (!isJsonObject(value)) throw missing(path, `"${key}"`);
  return value;
}

/** @throws ConnectorError `bad_response`: an absent list is never an empty one. */
export function listOf(payload: JsonObject, key: string, path: string): JsonValue[] {
  const value = payload[key];
  if (!Array.isArray(value)) throw missing(path, `the list "${key}"`);
  return value;
}
