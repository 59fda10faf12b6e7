import { FeishuApiError } from '../api-error.js';
import { refusedEndpoint } from '../events/long-connection.js';
import { refused } from '../login/sessions.js';
import { mobileOf } from '../records.js';
import { permitted, userFieldScopes } from '../scopes.js';
import { userOf, type FeishuEndpoint, type FeishuWorld } from '../world.js';

/** Tokens of a self-built app: at the top level of the answer, no `data`; errors come with HTTP 200. */
export const tenantToken: FeishuEndpoint = {
  method: 'POST',
  path: 'auth/v3/tenant_access_token/internal',
  token: 'none',
  flat: true,
  handle(call, world) {
    checkCredentials(call.body.app_id, call.body.app_secret, world);
    const { token, expire } = world.tenantTokens.issue();
    return { code: 0, msg: 'ok', tenant_access_token: token, expire };
  },
};

/** The same string twice, as it often is. */
export const appToken: FeishuEndpoint = {
  method: 'POST',
  path: 'auth/v3/app_access_token/internal',
  token: 'none',
  flat: true,
  handle(call, world) {
    checkCredentials(call.body.app_id, call.body.app_secret, world);
    const { token, expire } = world.tenantTokens.issue();
    return { code: 0, msg: 'ok', app_access_token: token, tenant_access_token: token, expire };
  },
};

/** authentication-management/access-token/get-user-access-token: a code or a refresh token for a user's tokens. */
export const oauthToken: FeishuEndpoint = {
  method: 'POST',
  path: 'authen/v2/oauth/token',
  token: 'none',
  flat: true,
  handle(call, world) {
    const { body } = call;
    const text = (name: string): string | undefined =>
      typeof body[name] === 'string' && body[name] !== '' ? body[name] : undefined;
    const grantType = text('grant_type');
    if (grantType === undefined) throw refused(20001, 'grant_type is missing.', 'invalid_request');
    if (text('client_id') !== world.appId) throw refused(20048, 'The app does not exist.', 'invalid_client');
    if (text('client_secret') !== world.appSecret) {
      throw refused(20002, 'The client secret is invalid.', 'invalid_client');
    }
    if (!world.app.enabled) throw refused(20069, 'The app is disabled.', 'invalid_client');
    if (grantType === 'refresh_token') {
      const token = text('refresh_token');
      if (token === undefined) throw refused(20001, 'refresh_token is missing.', 'invalid_request');
      return { code: 0, ...world.sessions.refresh(token) };
    }
    if (grantType !== 'authorization_code') {
      throw refused(20036, 'The grant type is not supported.', 'unsupported_grant_type');
    }
    const code = text('code');
    if (code === undefined) throw refused(20001, 'code is missing.', 'invalid_request');
    const redirectUri = text('redirect_uri');
    const verifier = text('code_verifier');
    const issued = world.sessions.exchange({
      code,
      ...(redirectUri === undefined ? {} : { redirectUri }),
      ...(verifier === undefined ? {} : { verifier }),
    });
    return { code: 0, ...issued };
  },
};

/** authentication-management/login-state-management/get-user-info. */
export const userInfo: FeishuEndpoint = {
  method: 'GET',
  path: 'authen/v1/user_info',
  token: 'user',
  badTokenCode: 20005,
  handle(call, world) {
    const person = userOf(call);
    const { company, ids, tenantKey, app } = world;
    if (company.personById(person.id) !== person) throw new FeishuApiError(20021, { msg: 'User resigned' });
    if (person.status === 'disabled') throw new FeishuApiError(20022, { msg: 'User frozen' });
    if (person.status === 'inactive') throw new FeishuApiError(20023, { msg: 'User not registered' });
    const picture = (size: string): string => `https://img.example.test/feishu/${size}/${person.id}`;
    const guarded = {
      user_id: person.account,
      email: person.email,
      mobile: mobileOf(person.mobile, world),
      enterprise_email: person.bizMail,
      employee_no: person.employeeNumber,
    };
    return {
      name: person.name,
      en_name: '',
      avatar_url: picture('72'),
      avatar_thumb: picture('72'),
      avatar_middle: picture('240'),
      avatar_big: picture('640'),
      open_id: ids.openId(person.id),
      union_id: ids.unionId(person.id),
      tenant_key: tenantKey,
      ...permitted(guarded, userFieldScopes, app.scopes),
    };
  },
};

/** Bootstrap of the long connection; the path has no `/open-apis`, names are in capitals. */
export const connectionEndpoint: FeishuEndpoint = {
  method: 'POST',
  path: 'callback/ws/endpoint',
  token: 'none',
  flat: true,
  handle: (call, world) =>
    call.body.AppID === world.appId && call.body.AppSecret === world.appSecret && world.app.enabled
      ? world.endpointOfConnections(call.host)
      : refusedEndpoint(),
};

function checkCredentials(appId: unknown, secret: unknown, world: FeishuWorld): void {
  if (typeof appId !== 'string' || typeof secret !== 'string' || appId === '' || secret === '') {
    throw new FeishuApiError(10003);
  }
  if (!appId.startsWith('cli_')) throw new FeishuApiError(10003);
  if (appId !== world.appId) throw new FeishuApiError(10014);
  if (secret !== world.appSecret) throw new FeishuApiError(world.facts.wrongSecretCode);
  if (!world.app.enabled) throw new FeishuApiError(99991662);
}
