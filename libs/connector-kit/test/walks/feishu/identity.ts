import { isJsonObject, type IdentityCapability, type LoginSubject } from '../../../src/index.js';
import { textOf } from '../recorded-platform.js';
import type { Config } from './connector.js';

export const identity: IdentityCapability<Config> = {
  async authorizationUrl({ config }, { redirectUri, state }) {
    const query = new URLSearchParams({
      client_id: config.appId,
      response_type: 'code',
      redirect_uri: redirectUri,
      state,
    });
    return { url: `${config.accountsBaseUrl}/open-apis/authen/v1/authorize?${query.toString()}` };
  },

  /** A code from the client's own script was issued for no redirect address, and must be exchanged without one (sheet 5.4). */
  async authenticate(context, { query, redirectUri, mode }): Promise<LoginSubject> {
    const { appId, appSecret, apiBaseUrl } = context.config;
    const code = query['code'] ?? '';
    const exchanged = await context.http({
      method: 'POST',
      url: `${apiBaseUrl}/open-apis/authen/v2/oauth/token`,
      json: {
        grant_type: 'authorization_code',
        client_id: appId,
        client_secret: appSecret,
        code,
        ...(mode === 'browser' ? { redirect_uri: redirectUri } : {}),
      },
      secrets: [code],
    });
    const token = isJsonObject(exchanged.body) ? textOf(exchanged.body['access_token']) : '';
    const { body } = await context.http({
      method: 'GET',
      url: `${apiBaseUrl}/open-apis/authen/v1/user_info`,
      headers: { authorization: `Bearer ${token}` },
      secrets: [token],
    });
    const { union_id, open_id, name } = (
      body as { data: { union_id: string; open_id: string; name: string } }
    ).data;
    return {
      kind: 'employee',
      externalId: union_id,
      externalIds: [{ type: 'open_id', value: open_id }],
      profile: { name },
    };
  },
};
