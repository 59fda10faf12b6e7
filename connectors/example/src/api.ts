import {
  ConnectorError,
  isJsonObject,
  type ConnectorContext,
  type JsonObject,
  type TokenDefinition,
} from '@trainbridge/connector-kit';
import type { Config } from './config.js';

export type Context = ConnectorContext<Config>;

/**
 * How the OA's token is got and where it goes. Caching, refreshing early and fetching only once while many wait is the
 * host's work; `credentials` tells it which properties the token depends on.
 */
export const apiToken: TokenDefinition<Config> = {
  credentials: ['baseUrl', 'client', 'secret'],
  async fetch({ http, config }) {
    const { body } = await http({
      method: 'POST',
      url: `${config.baseUrl}/api/token`,
      json: { client: config.client, secret: config.secret },
      // A POST is not repeated by default. This one changes nothing over there, so it may be.
      retry: 'safe',
    });
    if (!isJsonObject(body) || typeof body['token'] !== 'string' || typeof body['expiresIn'] !== 'number') {
      throw new ConnectorError('bad_response', 'The token answer holds no token.');
    }
    return { value: body['token'], expiresInSeconds: body['expiresIn'] };
  },
  apply: (request, token) => ({
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${token}` },
  }),
};

/** One page of the company's employees. The OA counts pages from 1 and says how many employees there are in total. */
export async function readEmployees(
  context: Context,
  query: { page: number; size: number; department?: string },
): Promise<{ employees: JsonObject[]; total: number }> {
  const { body } = await context.http({
    method: 'GET',
    url: `${context.config.baseUrl}/api/employees`,
    query,
    token: 'api',
  });
  // Answers are hostile until looked at: a field that is not what it should be is `bad_response`, never `undefined` later.
  if (!isJsonObject(body) || !Array.isArray(body['employees']) || typeof body['total'] !== 'number') {
    throw new ConnectorError('bad_response', 'The list of employees has not the expected form.');
  }
  return { employees: body['employees'].filter(isJsonObject), total: body['total'] };
}

/** One employee; rejects with `not_found` when the OA has none of this id. */
export async function readEmployee(context: Context, id: string): Promise<JsonObject> {
  const { body } = await context.http({
    method: 'GET',
    // Ids come from outside: always encoded, or one with a slash would call something else.
    url: `${context.config.baseUrl}/api/employees/${encodeURIComponent(id)}`,
    token: 'api',
  });
  if (!isJsonObject(body) || !isJsonObject(body['employee'])) {
    throw new ConnectorError('bad_response', 'The employee has not the expected form.');
  }
  return body['employee'];
}
