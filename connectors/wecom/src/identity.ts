import {
  ConnectorError,
  isConnectorError,
  toE164,
  type IdentityCapability,
  type JsonObject,
  type JsonValue,
  type LoginSubject,
} from '@trainbridge/connector-kit';
import type { WecomContext } from './api.js';
import { getLoginDetail, getLoginUser } from './api/login.js';
import type { WecomConfig } from './config.js';
import { lookUpMember } from './directory/lookups.js';
import { userId } from './directory/records.js';
import { visibleRangeAdvice } from './errors/advice.js';
import { missing } from './errors.js';

/** D-91023: a code has at most 512 bytes, and so has a ticket. */
const MAX_CODE = 512;

/**
 * Login by scanning in a browser (D-98152), or without a question inside the WeCom client (D-91022). WeCom tells who somebody
 * is whether or not the app may see them (D-91023), so the visible range is enforced here.
 */
export const identity: IdentityCapability<WecomConfig> = {
  async authorizationUrl({ config, connection }, { redirectUri, state, mode }) {
    const agentid = String(config.agentId);
    if (mode === 'browser') {
      const query = new URLSearchParams({
        login_type: 'CorpApp',
        appid: config.corpId,
        agentid,
        redirect_uri: redirectUri,
        state,
        lang: connection.locale === 'en' ? 'en' : 'zh',
      });
      return { url: `${config.loginBaseUrl}/wwlogin/sso/login?${query.toString()}` };
    }
    const query = new URLSearchParams({
      appid: config.corpId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: config.loginScope ?? 'snsapi_base',
      state,
      // Without it WeCom takes every scope for snsapi_base.
      agentid,
    });
    // The fragment has to be there, and last: the client looks for it.
    return { url: `${config.oauthBaseUrl}/connect/oauth2/authorize?${query.toString()}#wechat_redirect` };
  },

  async authenticate(context, { query }) {
    const code = query['code'] ?? '';
    if (code === '' || Buffer.byteLength(code) > MAX_CODE) {
      throw new ConnectorError('input_invalid', 'WeCom sent the person back without a usable code.', {
        advice: {
          en: 'The person declined or closed the page: start the login again. If it happens to everybody, check the person’s place in App Management → your app → Visible to.',
          'zh-CN':
            '用户取消授权或关闭了页面，请重新登录。若所有人都出现，请检查 应用管理 → 自建应用 → 可见范围。',
        },
      });
    }
    const answer = await getLoginUser(context, code);
    // The older endpoint, which private deployments still have, writes UserId and OpenId (D-91023).
    const member = userId(answer.userid ?? answer.UserId);
    if (member !== null) return employee(context, member, answer.user_ticket);
    return outsider(answer);
  },
};

/** @throws ConnectorError `permission_denied` for somebody who left, or whom the app may not see. */
async function employee(
  context: WecomContext,
  externalId: string,
  ticket: JsonValue | undefined,
): Promise<LoginSubject> {
  const found = await lookUpMember(context, externalId);
  if (found.status !== 'found') {
    throw new ConnectorError('permission_denied', 'Whoever logged in is not in the app’s visible range.', {
      advice: visibleRangeAdvice,
    });
  }
  const { record } = found;
  const profile: JsonObject = {};
  for (const field of ['displayName', 'workEmail', 'mobile', 'avatarUrl'] as const) {
    if (typeof record[field] === 'string') profile[field] = record[field];
  }
  return {
    kind: 'employee',
    externalId: record.externalId,
    externalIds: [],
    // Who consented to nothing shows a default picture: what the app sees anyway comes first.
    profile: { ...(await consented(context, ticket)), ...profile },
  };
}

/** What the person consented to show; the login stands without it. */
async function consented(context: WecomContext, ticket: JsonValue | undefined): Promise<JsonObject> {
  if (typeof ticket !== 'string' || ticket === '' || ticket.length > MAX_CODE) return {};
  let detail: JsonObject;
  try {
    detail = await getLoginDetail(context, ticket);
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    context.log.warn('the details somebody consented to could not be read', { code: error.code });
    return {};
  }
  const told: Record<string, JsonValue> = {
    workEmail: text(detail.biz_mail) ?? text(detail.email),
    mobile: toE164(text(detail.mobile)),
    avatarUrl: text(detail.avatar),
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null));
}

/** Nobody of this company: a customer of somebody in the visible range, or a stranger (D-91023). */
function outsider(answer: JsonObject): LoginSubject {
  const openId = userId(answer.openid ?? answer.OpenId);
  const customer = userId(answer.external_userid ?? answer.ExternalUserId);
  if (openId === null && customer === null) throw missing('auth/getuserinfo', 'anybody’s id');
  return {
    kind: customer === null ? 'stranger' : 'customer',
    externalId: customer,
    externalIds: openId === null ? [] : [{ type: 'openid', value: openId }],
    profile: {},
  };
}

function text(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
