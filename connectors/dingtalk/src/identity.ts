import {
  ConnectorError,
  isConnectorError,
  type ExternalId,
  type IdentityCapability,
  type JsonObject,
  type LoginSubject,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from './api.js';
import { getByUnionId, getMe, getUserInfo, getUserToken } from './api/login.js';
import type { DingtalkConfig } from './config.js';
import { missing, vendorCodeOf } from './errors.js';
import { UNKNOWN_USER } from './errors/codes.js';
import { idOf, text, whole } from './values.js';

/**
 * Two kinds of one-time code that look alike and are exchanged at different addresses: the login page's (OAuth2, page
 * tutorial-obtaining-user-personal-information) and the one a page inside the client gets from `dd.requestAuthCode`.
 */
export const identity: IdentityCapability<DingtalkConfig> = {
  /** The login page works inside the client as well, where it needs no scanning. */
  async authorizationUrl({ config }, { redirectUri, state }) {
    const query = new URLSearchParams({
      redirect_uri: redirectUri,
      response_type: 'code',
      client_id: config.clientId,
      // `corpid` makes the exchange say which organisation the person chose; `corpId` offers ours only.
      scope: 'openid corpid',
      prompt: 'consent',
      corpId: config.corpId,
      state,
    });
    // This page wants %20, and not the "+" of forms, between the two scopes.
    return { url: `${config.loginBaseUrl}/oauth2/auth?${query.toString().replaceAll('+', '%20')}` };
  },

  async authenticate(context, { query, mode }) {
    // The login page sends both names with one value, an older form of it only `authCode`; a client's page sends `code`.
    const { authCode, code = authCode } = query;
    if (!code || code.length > 512) {
      throw new ConnectorError('input_invalid', 'The login came back without a code: it was cancelled.');
    }
    if (mode === 'browser' || authCode) return loginPageSubject(context, authCode ?? code);
    try {
      return await clientSubject(context, code);
    } catch (error) {
      // Not a client's code after all; exchanging it there has not used it up.
      if (vendorCodeOf(error) === '40078') return loginPageSubject(context, code);
      throw error;
    }
  },
};

/** A code of the client's own script: only people of the organisation get one. */
async function clientSubject(context: DingtalkContext, code: string): Promise<LoginSubject> {
  const person = await getUserInfo(context, code);
  const externalId = idOf(person.userid);
  if (externalId === null) throw missing('user/getuserinfo', 'the userid');
  return {
    kind: 'employee',
    externalId,
    externalIds: unionIds(idOf(person.unionid)),
    profile: profileOf({ name: person.name }),
  };
}

/**
 * A code of the login page tells an account, and accounts cross organisations: name, mail and mobile of `users/me` prove
 * nothing here. That the person belongs to us only the lookup of their unionId under the app's own token says.
 */
async function loginPageSubject(context: DingtalkContext, code: string): Promise<LoginSubject> {
  const { accessToken, corpId } = await getUserToken(context, code);
  if (typeof accessToken !== 'string' || accessToken === '')
    throw missing('oauth2/userAccessToken', 'accessToken');
  const me = await getMe(context, accessToken);
  const unionid = idOf(me.unionId);
  if (unionid === null) throw missing('contact/users/me', 'the unionId');
  const externalIds = unionIds(unionid);
  const profile = profileOf({ name: me.nick });
  const stranger: LoginSubject = { kind: 'stranger', externalId: null, externalIds, profile };
  // Filled in only when the person chose an organisation: another one's member is a stranger to us.
  if (typeof corpId === 'string' && corpId !== '' && corpId !== context.config.corpId) return stranger;
  let member: JsonObject;
  try {
    member = await getByUnionId(context, unionid);
  } catch (error) {
    if (isConnectorError(error) && UNKNOWN_USER.has(error.data.vendorCode ?? '')) return stranger;
    throw error;
  }
  const externalId = idOf(member.userid);
  if (externalId === null) throw missing('user/getbyunionid', 'the userid');
  // 0 is an employee, 1 an external contact, who is never mixed with them.
  const kind = whole(member.contact_type) === 1 ? 'customer' : 'employee';
  return { kind, externalId, externalIds, profile };
}

function unionIds(unionid: string | null): ExternalId[] {
  return unionid === null ? [] : [{ type: 'unionid', value: unionid }];
}

function profileOf({ name }: { name: JsonObject[string] | undefined }): JsonObject {
  const told = text(name);
  return typeof told === 'string' ? { name: told.slice(0, 200) } : {};
}
