import {
  ConnectorError,
  toE164,
  type ExternalId,
  type IdentityCapability,
  type JsonObject,
} from '@trainbridge/connector-kit';
import type { FeishuContext } from './api.js';
import { personInfo, personToken } from './api/login.js';
import type { FeishuConfig } from './config.js';
import { missing, vendorCodeOf } from './errors.js';

/**
 * Login by the authorize page of accounts.feishu.cn. Inside Feishu's own client the same page asks nothing and comes back
 * at once, so both modes begin there; a code of the client's own script (`tt.requestAccess`) is taken as well.
 */
export const identity: IdentityCapability<FeishuConfig> = {
  async authorizationUrl({ config }, { redirectUri, state }) {
    const url = new URL('/open-apis/authen/v1/authorize', config.accountsBaseUrl);
    url.search = new URLSearchParams({
      client_id: config.appId,
      response_type: 'code',
      redirect_uri: redirectUri,
      state,
    }).toString();
    return { url: url.href };
  },

  /**
   * Everybody who can log in to a self-built app is an employee of its company: the platform lets nobody else in. Mobile and
   * email are what an administrator wrote, not proven by the person, and only part of the profile.
   */
  async authenticate(context, { query, redirectUri, mode }) {
    const { code, error } = query;
    if (error !== undefined)
      throw new ConnectorError('input_invalid', 'The person refused the login on the page of Feishu.');
    if (!code) throw new ConnectorError('input_invalid', 'Feishu sent no code.');
    const token = await tokenFor(context, code, redirectUri, mode);
    const person = await personInfo(context, token);
    const externalId = idOf(person.union_id);
    if (externalId === null) throw missing('authen/v1/user_info', 'a usable union_id');
    const externalIds = (['open_id', 'user_id'] as const).flatMap((type): ExternalId[] => {
      const value = idOf(person[type]);
      return value === null ? [] : [{ type, value }];
    });
    return { kind: 'employee', externalId, externalIds, profile: profileOf(person) };
  },
};

/** "The redirect address is not the one of the code." */
const OTHER_REDIRECT = 20071;

/** A code tells nobody where it came from. One of the script was issued for no address, and is refused with one. */
async function tokenFor(
  context: FeishuContext,
  code: string,
  redirectUri: string,
  mode: 'browser' | 'inApp',
): Promise<string> {
  try {
    return await personToken(context, code, redirectUri);
  } catch (error) {
    if (mode === 'browser' || vendorCodeOf(error) !== OTHER_REDIRECT) throw error;
    try {
      return await personToken(context, code, null);
    } catch {
      // The first refusal is the one that tells what to mend.
      throw error;
    }
  }
}

function profileOf(person: JsonObject): JsonObject {
  const told = {
    displayName: text(person.name),
    workEmail: text(person.enterprise_email) ?? text(person.email),
    mobile: toE164(text(person.mobile)),
    employeeNumber: text(person.employee_no),
    avatarUrl: text(person.avatar_url),
    tenantKey: text(person.tenant_key),
  };
  return Object.fromEntries(
    Object.entries(told).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^[^\s\p{Cc}]{1,256}$/u.test(value) ? value : null;
}
