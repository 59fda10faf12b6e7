import { NewApiError, OldApiError } from '../api-error.js';
import { newText, type DingtalkEndpoint, type DingtalkWorld } from '../world.js';

// Documentation pages at open.dingtalk.com: api-gettoken, obtain-the-access-token-of-an-internal-app, obtain-user-token.

const open = { token: 'none', free: true } as const;

/** The app token of the old API. Parameters stand in the query, never in a body. */
const getToken: DingtalkEndpoint = {
  ...open,
  generation: 'old',
  method: 'GET',
  path: '/gettoken',
  bare: true,
  handle(call, world) {
    const key = call.query.get('appkey');
    const secret = call.query.get('appsecret');
    if (!key || !secret) throw new OldApiError(40035, 'missing corpid or appkey');
    if (!isApp(key, secret, world)) throw new OldApiError(40096);
    const { token, expiresIn } = world.tokens.issue();
    return { access_token: token, expires_in: expiresIn };
  },
};

/** The app token of the new API; `expireIn` without an s. */
const accessToken: DingtalkEndpoint = {
  ...open,
  generation: 'new',
  method: 'POST',
  path: '/v1.0/oauth2/accessToken',
  handle(call, world) {
    if (!isApp(call.body.appKey, call.body.appSecret, world))
      throw new NewApiError('invalidClientIdOrSecret');
    const { token, expiresIn } = world.tokens.issue();
    return { accessToken: token, expireIn: expiresIn };
  },
};

/** The unified app token, in snake case. */
const unifiedToken: DingtalkEndpoint = {
  ...open,
  generation: 'new',
  method: 'POST',
  path: '/v1.0/oauth2/{corpId}/token',
  handle(call, world) {
    const { client_id, client_secret, grant_type } = call.body;
    const live = world.facts.unifiedTokenErrors === 'live';
    if (call.path.corpId !== world.corpId || !isApp(client_id, client_secret, world))
      throw live ? new NewApiError('unknownError', 'unknown error', 500) : new NewApiError('invalid.client');
    if (grant_type !== 'client_credentials') throw new NewApiError('unsupported.grant.type');
    const { token, expiresIn } = world.tokens.issue();
    return { access_token: token, expires_in: expiresIn };
  },
};

/** A login code, or a refresh token, for a person's token. */
const userAccessToken: DingtalkEndpoint = {
  ...open,
  generation: 'new',
  method: 'POST',
  path: '/v1.0/oauth2/userAccessToken',
  handle(call, world) {
    const { clientId, clientSecret, grantType } = call.body;
    if (!isApp(clientId, clientSecret, world)) throw new NewApiError('invalidClientIdOrSecret');
    const found =
      grantType === 'authorization_code'
        ? world.loginCodes.take(newText(call.body, 'code'), 'web')
        : grantType === 'refresh_token'
          ? world.userTokens.redeem(newText(call.body, 'refreshToken'))
          : undefined;
    if (found === undefined) {
      const known = grantType === 'authorization_code' || grantType === 'refresh_token';
      throw known
        ? new NewApiError(world.facts.usedLoginCodeError)
        : new NewApiError('unsupported.grant.type');
    }
    return {
      ...world.userTokens.issue(found.visitor, found.withCorp),
      expireIn: 7200,
      ...(found.withCorp ? { corpId: world.corpId } : {}),
    };
  },
};

export const tokenEndpoints = [getToken, accessToken, unifiedToken, userAccessToken];

function isApp(clientId: unknown, clientSecret: unknown, world: DingtalkWorld): boolean {
  const { app } = world;
  return !app.stopped && clientId === app.clientId && clientSecret === app.clientSecret;
}
