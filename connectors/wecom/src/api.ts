import {
  ConnectorError,
  isJsonObject,
  type ConnectorContext,
  type HttpRequest,
  type JsonObject,
  type JsonValue,
  type TokenDefinition,
} from '@trainbridge/connector-kit';
import type { WecomConfig } from './config.js';
import { missing } from './errors.js';

export type WecomContext = ConnectorContext<WecomConfig>;

/** `app` reads names and attributes inside the visible range, `contacts` lists the ids of everybody (D-90193, D-96067). */
export const tokens = {
  app: tokenOf('agentSecret'),
  contacts: tokenOf('contactsSecret'),
} as const satisfies Record<string, TokenDefinition<WecomConfig>>;

function tokenOf(secret: 'agentSecret' | 'contactsSecret'): TokenDefinition<WecomConfig> {
  return {
    credentials: ['corpId', secret],
    async fetch(context) {
      const { apiBaseUrl, corpId, [secret]: corpsecret } = context.config;
      if (!corpsecret) throw new ConnectorError('config_invalid', `This connection has no ${secret}.`);
      const { body } = await context.http({
        method: 'GET',
        url: `${apiBaseUrl}/cgi-bin/gettoken`,
        query: { corpid: corpId, corpsecret },
      });
      const answer = isJsonObject(body) ? body : {};
      const { access_token: value, expires_in: lifetime } = answer;
      if (typeof value !== 'string' || value === '') throw missing('gettoken', 'access_token');
      const expiresInSeconds = Number(lifetime);
      if (!Number.isFinite(expiresInSeconds) || expiresInSeconds <= 0)
        throw missing('gettoken', 'expires_in');
      return { value, expiresInSeconds };
    },
    apply: (request, token) => ({ ...request, query: { ...request.query, access_token: token } }),
  };
}

type TokenName = keyof typeof tokens;

/** One call; resolves to the answer without its envelope (`errcode`, `errmsg`). */
export async function call(
  context: WecomContext,
  token: TokenName,
  endpoint: string,
  request: Pick<HttpRequest, 'query' | 'json' | 'retry' | 'secrets'> = {},
): Promise<JsonObject> {
  const { body } = await context.http({
    method: request.json === undefined ? 'GET' : 'POST',
    url: `${context.config.apiBaseUrl}/cgi-bin/${endpoint}`,
    token,
    ...request,
  });
  if (!isJsonObject(body)) throw missing(endpoint, 'a JSON object');
  const { errcode: _errcode, errmsg: _errmsg, ...payload } = body;
  return payload;
}

/** The list the call was made for. @throws ConnectorError `bad_response` without it: never to be taken for an empty one. */
export function listOf(payload: JsonObject, key: string, endpoint: string): JsonValue[] {
  const list = payload[key];
  if (!Array.isArray(list)) throw missing(endpoint, `the list "${key}"`);
  return list;
}

/** One page of a listing, as WeCom sent it. */
export interface VendorPage {
  rows: JsonValue[];
  /** WeCom's cursor; null on the last page. */
  next: string | null;
}
