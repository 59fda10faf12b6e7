import type { JsonObject } from '@trainbridge/connector-kit';
import { call, objectOf, read, type DingtalkContext } from '../api.js';

/** `contact_type` 0 is an employee, 1 an external contact; rejects with `not_found` for a stranger. */
export async function getByUnionId(context: DingtalkContext, unionid: string): Promise<JsonObject> {
  const path = '/topapi/user/getbyunionid';
  return objectOf(await read(context, path, { unionid }), 'result', path);
}

/** Exchanges a code of the client's own script (`dd.requestAuthCode`). */
export async function getUserInfo(context: DingtalkContext, code: string): Promise<JsonObject> {
  const path = '/topapi/v2/user/getuserinfo';
  return objectOf(await call(context, 'POST', path, { json: { code }, secrets: [code] }), 'result', path);
}

/** Exchanges a code of the login page for the person's own token (page obtain-user-token). */
export function getUserToken(context: DingtalkContext, code: string): Promise<JsonObject> {
  const { clientId, clientSecret } = context.config;
  return call(context, 'POST', '/v1.0/oauth2/userAccessToken', {
    json: { clientId, clientSecret, code, grantType: 'authorization_code' },
    secrets: [code],
    token: undefined,
  });
}

/** Who a person's own token belongs to. Mail and mobile in it are the account's, not the company's. */
export function getMe(context: DingtalkContext, userToken: string): Promise<JsonObject> {
  return call(context, 'GET', '/v1.0/contact/users/me', {
    headers: { 'x-acs-dingtalk-access-token': userToken },
    secrets: [userToken],
    retry: 'never',
    token: undefined,
  });
}
