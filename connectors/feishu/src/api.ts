import {
  ConnectorError,
  isJsonObject,
  type ConnectorContext,
  type HttpRequest,
  type JsonObject,
  type JsonValue,
  type TokenDefinition,
} from '@trainbridge/connector-kit';
import type { FeishuConfig } from './config.js';
import { missing } from './errors.js';

export type FeishuContext = ConnectorContext<FeishuConfig>;

/** Named on every call: the platform's own defaults are other ids. */
export const IDS = { user_id_type: 'union_id', department_id_type: 'open_department_id' } as const;
/** Tokens of pages are stored by the host; a real one has about a hundred characters. */
const MAX_PAGE_TOKEN = 1_000;

export const tokens = {
  tenant: {
    credentials: ['apiBaseUrl', 'appId', 'appSecret'],
    async fetch(context) {
      const { apiBaseUrl, appId, appSecret } = context.config;
      const endpoint = 'auth/v3/tenant_access_token/internal';
      const { body } = await context.http({
        method: 'POST',
        url: `${apiBaseUrl}/open-apis/${endpoint}`,
        json: { app_id: appId, app_secret: appSecret },
        // Asking twice gives the same token.
        retry: 'safe',
      });
      const { tenant_access_token: value, expire } = isJsonObject(body) ? body : {};
      if (typeof value !== 'string' || value === '') throw missing(endpoint, 'tenant_access_token');
      const expiresInSeconds = Number(expire);
      if (!Number.isFinite(expiresInSeconds) || expiresInSeconds <= 0) throw missing(endpoint, 'expire');
      return { value, expiresInSeconds };
    },
    apply: (request, token) => ({
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${token}` },
    }),
  },
} as const satisfies Record<string, TokenDefinition<FeishuConfig>>;

/** One call as the app; resolves to `data`, empty where an answer has none. */
export async function call(
  context: FeishuContext,
  method: HttpRequest['method'],
  path: string,
  request: Pick<HttpRequest, 'query' | 'json' | 'retry'> = {},
): Promise<JsonObject> {
  const { body } = await context.http({
    method,
    url: `${context.config.apiBaseUrl}/open-apis/${path}`,
    token: 'tenant',
    ...request,
  });
  if (!isJsonObject(body)) throw missing(path, 'a JSON object');
  return isJsonObject(body.data) ? body.data : {};
}

/** An id as a part of a path. Dots alone would lead to another path. */
export function part(id: string): string {
  if (/^\.{0,2}$/.test(id)) throw new ConnectorError('input_invalid', `"${id}" cannot be an id.`);
  return encodeURIComponent(id);
}

export function objectOf(data: JsonObject, key: string, endpoint: string): JsonObject {
  const value = data[key];
  if (!isJsonObject(value)) throw missing(endpoint, `"${key}"`);
  return value;
}

export interface ApiPage {
  items: JsonValue[];
  /** Token of the page after this one; null on the last. */
  next: string | null;
}

/** `items` may be left out of an empty page, but only when it says at least that nothing follows. */
export function pageOf(data: JsonObject, key: string, endpoint: string): ApiPage {
  const items = data[key] ?? (data.has_more === false ? [] : undefined);
  if (!Array.isArray(items)) throw missing(endpoint, `the list "${key}"`);
  return { items, next: nextOf(data, endpoint) };
}

export function nextOf(data: JsonObject, endpoint: string): string | null {
  if (data.has_more !== true) return null;
  const { page_token: next } = data;
  if (typeof next !== 'string' || next === '' || next.length > MAX_PAGE_TOKEN)
    throw missing(endpoint, 'a usable page_token');
  return next;
}
