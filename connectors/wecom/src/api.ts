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

/** Rows per page of `user/list_id`: the most it gives (D-96067). */
const LIST_ID_LIMIT = 10_000;

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
async function call(
  context: WecomContext,
  token: TokenName,
  endpoint: string,
  request: Pick<HttpRequest, 'query' | 'json' | 'retry'> = {},
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

function listOf(payload: JsonObject, key: string, endpoint: string): JsonValue[] {
  const list = payload[key];
  if (!Array.isArray(list)) throw missing(endpoint, `the list "${key}"`);
  return list;
}

/** Every department the app sees, with names. */
export async function listDepartments(context: WecomContext): Promise<JsonValue[]> {
  return listOf(await call(context, 'app', 'department/list'), 'department', 'department/list');
}

/** Every department of the company, ids only; the list is really called `department_id` (D-95350). */
export async function listDepartmentIds(context: WecomContext): Promise<JsonValue[]> {
  const payload = await call(context, 'contacts', 'department/simplelist');
  return listOf(payload, 'department_id', 'department/simplelist');
}

/** One department as the app sees it; rejects with `not_found` or `permission_denied`. */
export async function getDepartment(context: WecomContext, id: string): Promise<JsonObject> {
  const { department } = await call(context, 'app', 'department/get', { query: { id } });
  if (!isJsonObject(department)) throw missing('department/get', '"department"');
  return department;
}

/** The people directly in a department, with attributes. */
export async function listMembers(context: WecomContext, departmentId: string): Promise<JsonValue[]> {
  const payload = await call(context, 'app', 'user/list', { query: { department_id: departmentId } });
  return listOf(payload, 'userlist', 'user/list');
}

/** The same people, ids and names only: what is left where `user/list` would be too large (45029). */
export async function listMemberNames(context: WecomContext, departmentId: string): Promise<JsonValue[]> {
  const payload = await call(context, 'app', 'user/simplelist', { query: { department_id: departmentId } });
  return listOf(payload, 'userlist', 'user/simplelist');
}

/** One person as the app sees them; the fields stand beside `errcode` in the answer. */
export async function getMember(context: WecomContext, userid: string): Promise<JsonObject> {
  return call(context, 'app', 'user/get', { query: { userid } });
}

export interface IdPage {
  /** One per person and department. */
  rows: JsonValue[];
  /** WeCom's cursor; null on the last page. */
  next: string | null;
}

/** One page of everybody's ids. */
export async function listIds(context: WecomContext, cursor: string | null): Promise<IdPage> {
  const payload = await call(context, 'contacts', 'user/list_id', {
    json: { limit: LIST_ID_LIMIT, ...(cursor === null ? {} : { cursor }) },
    retry: 'safe',
  });
  const { next_cursor: next } = payload;
  // It is stored with every page, and a real one has a few dozen characters.
  if (typeof next === 'string' && next.length > 2_000) throw missing('user/list_id', 'a usable next_cursor');
  return {
    rows: listOf(payload, 'dept_user', 'user/list_id'),
    next: typeof next === 'string' && next !== '' ? next : null,
  };
}

/** The app itself, with its visible range. */
export async function getAgent(context: WecomContext): Promise<JsonObject> {
  return call(context, 'app', 'agent/get', { query: { agentid: String(context.config.agentId) } });
}

/** The people and departments of a tag, as far as the app sees them. */
export async function getTag(context: WecomContext, tagId: string): Promise<JsonObject> {
  return call(context, 'app', 'tag/get', { query: { tagid: tagId } });
}
