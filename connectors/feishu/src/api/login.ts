import { isJsonObject, type JsonObject } from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { missing } from '../errors.js';

/**
 * Exchanges a one-time code for the person's own token (authentication-management/access-token/get-user-access-token).
 * `redirectUri` must be the one the code was issued for, null for one of the client's own script, which was issued for none.
 * Once only: never sent again.
 */
export async function personToken(
  context: FeishuContext,
  code: string,
  redirectUri: string | null,
): Promise<string> {
  const { apiBaseUrl, appId, appSecret } = context.config;
  const endpoint = 'authen/v2/oauth/token';
  const { body } = await context.http({
    method: 'POST',
    url: `${apiBaseUrl}/open-apis/${endpoint}`,
    json: {
      grant_type: 'authorization_code',
      client_id: appId,
      client_secret: appSecret,
      code,
      ...(redirectUri === null ? {} : { redirect_uri: redirectUri }),
    },
    secrets: [code],
    retry: 'never',
  });
  const token = isJsonObject(body) ? body.access_token : undefined;
  if (typeof token !== 'string' || token === '') throw missing(endpoint, 'access_token');
  return token;
}

/** Who the token belongs to (authen-v1/user_info). */
export async function personInfo(context: FeishuContext, token: string): Promise<JsonObject> {
  const endpoint = 'authen/v1/user_info';
  const { body } = await context.http({
    method: 'GET',
    url: `${context.config.apiBaseUrl}/open-apis/${endpoint}`,
    headers: { authorization: `Bearer ${token}` },
    secrets: [token],
  });
  const data = isJsonObject(body) ? body.data : undefined;
  if (!isJsonObject(data)) throw missing(endpoint, 'the person');
  return data;
}
