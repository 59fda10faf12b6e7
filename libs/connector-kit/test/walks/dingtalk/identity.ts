import { isConnectorError, type IdentityCapability, type LoginSubject } from '../../../src/index.js';
import type { Config, Context } from './connector.js';
import { oapi } from './people.js';

/** Two logins with two kinds of code that must not be mixed up (sheet section 5): `mode` says which one came back. */
export const identity: IdentityCapability<Config> = {
  async authorizationUrl({ config }, { redirectUri, state }) {
    const query = new URLSearchParams({
      redirect_uri: redirectUri,
      response_type: 'code',
      client_id: config.clientId,
      scope: 'openid corpid',
      prompt: 'consent',
      corpId: config.corpId,
      state,
    });
    return { url: `${config.loginBaseUrl}/oauth2/auth?${query.toString()}` };
  },

  async authenticate(context, { query, mode }): Promise<LoginSubject> {
    const code = query['authCode'] ?? query['code'] ?? '';
    if (mode === 'inApp') {
      const { result } = await oapi<{ result: { userid: string; unionid: string; name: string } }>(
        context,
        '/topapi/v2/user/getuserinfo',
        { code },
        false,
      );
      const externalIds = [{ type: 'unionid', value: result.unionid }];
      return { kind: 'employee', externalId: result.userid, externalIds, profile: { name: result.name } };
    }
    const unionid = await unionIdOf(context, code);
    const externalIds = [{ type: 'unionid', value: unionid }];
    try {
      // The account's own mail and mobile cross organisations: only this call proves membership.
      const { result } = await oapi<{ result: { userid: string; contact_type: 0 | 1 } }>(
        context,
        '/topapi/user/getbyunionid',
        { unionid },
      );
      return {
        kind: result.contact_type === 1 ? 'customer' : 'employee',
        externalId: result.userid,
        externalIds,
        profile: {},
      };
    } catch (error) {
      if (isConnectorError(error) && error.code === 'not_found')
        return { kind: 'stranger', externalId: null, externalIds, profile: {} };
      throw error;
    }
  },
};

async function unionIdOf(context: Context, code: string): Promise<string> {
  const { clientId, clientSecret, apiBaseUrl } = context.config;
  const exchanged = await context.http({
    method: 'POST',
    url: `${apiBaseUrl}/v1.0/oauth2/userAccessToken`,
    json: { clientId, clientSecret, code, grantType: 'authorization_code' },
    secrets: [code],
  });
  const { accessToken } = exchanged.body as { accessToken: string };
  // The person's own token, not the app's: known to this call only, so this call says that it is secret.
  const { body } = await context.http({
    method: 'GET',
    url: `${apiBaseUrl}/v1.0/contact/users/me`,
    headers: { 'x-acs-dingtalk-access-token': accessToken },
    secrets: [accessToken],
  });
  return (body as { unionId: string }).unionId;
}
