import {
  isConnectorError,
  toE164,
  type CustomerRecord,
  type CustomersCapability,
  type DirectoryCapability,
  type IdentityCapability,
  type JsonObject,
  type Lookup,
  type UserRecord,
} from '../../../src/index.js';
import { textOf } from '../recorded-platform.js';
import type { Config, Context } from './connector.js';

export async function get(
  context: Context,
  path: string,
  query: Record<string, string | number>,
  token = 'app',
): Promise<JsonObject> {
  const { body } = await context.http({
    method: 'GET',
    url: `${context.config.apiBaseUrl}/cgi-bin/${path}`,
    query,
    token,
  });
  return body as JsonObject;
}

export async function post(
  context: Context,
  path: string,
  json: JsonObject,
  token = 'app',
  reads = true,
): Promise<JsonObject> {
  const url = `${context.config.apiBaseUrl}/cgi-bin/${path}`;
  const { body } = await context.http({
    method: 'POST',
    url,
    json,
    token,
    ...(reads ? { retry: 'safe' as const } : {}),
  });
  return body as JsonObject;
}

interface Member {
  userid: string;
  name?: string;
  department?: number[];
  order?: number[];
  is_leader_in_dept?: number[];
  main_department?: number;
  direct_leader?: string[];
  position?: string;
  mobile?: string;
  biz_mail?: string;
  status?: number;
  enable?: number;
}

function toUser(raw: JsonObject): UserRecord {
  const member = raw as unknown as Member;
  return {
    externalId: member.userid,
    ...(member.name === undefined ? {} : { displayName: member.name }),
    ...(member.position === undefined ? {} : { jobTitle: member.position || null }),
    ...(member.direct_leader === undefined ? {} : { managerExternalId: member.direct_leader[0] ?? null }),
    // Withheld keys are absent, and stay absent.
    ...(member.mobile === undefined ? {} : { mobile: toE164(member.mobile) }),
    ...(member.biz_mail === undefined ? {} : { workEmail: member.biz_mail || null }),
    status:
      member.status === 2 || member.status === 5 || member.enable === 0
        ? 'disabled'
        : member.status === 4
          ? 'pending'
          : 'active',
    memberships: (member.department ?? []).map((id, i) => ({
      departmentId: String(id),
      isLeader: member.is_leader_in_dept?.[i] === 1,
      // Larger comes first over there.
      ...(member.order?.[i] === undefined ? {} : { order: -member.order[i] }),
      ...(member.main_department === undefined ? {} : { isPrimary: member.main_department === id }),
    })),
    raw,
  };
}

export const directory: DirectoryCapability<Config> = {
  async visibility(context) {
    const agent = await get(context, 'agent/get', { agentid: context.config.agentId });
    const { allow_partys: parties, allow_userinfos: people } = agent as unknown as {
      allow_partys: { partyid: number[] };
      allow_userinfos: { user: { userid: string }[] };
    };
    const grants = [
      ...parties.partyid.map((id) => `department:${id}`),
      ...people.user.map(({ userid }) => `user:${userid}`),
    ];
    return {
      grants: grants.sort(),
      summary: { departments: parties.partyid.length, people: people.user.length },
    };
  },

  async listDepartments(context) {
    const { department } = (await get(context, 'department/list', {})) as unknown as {
      department: JsonObject[];
    };
    const items = department.map((raw) => {
      const { id, name, parentid, order, department_leader } = raw as unknown as {
        id: number;
        name: string;
        parentid?: number;
        order: number;
        department_leader?: string[];
      };
      return {
        externalId: String(id),
        name,
        parentExternalId: parentid ? String(parentid) : null,
        order: -order,
        ...(department_leader ? { leaderExternalIds: department_leader } : {}),
        raw,
      };
    });
    return { items, rejected: [], cursor: null, done: true };
  },

  async listUsers(context, { departmentId, cursor }) {
    if (departmentId !== null) {
      const { userlist } = (await get(context, 'user/list', { department_id: departmentId })) as unknown as {
        userlist: JsonObject[];
      };
      return { items: userlist.map(toUser), rejected: [], cursor: null, done: true };
    }
    // Without the contacts secret there is no second source: an empty page is the honest answer.
    if (context.config.contactsSecret === undefined)
      return { items: [], rejected: [], cursor: null, done: true };
    const body = await post(
      context,
      'user/list_id',
      { limit: 10_000, ...(cursor ? { cursor } : {}) },
      'contacts',
    );
    const { dept_user: rows, next_cursor: next } = body as unknown as {
      dept_user: { userid: string; department: number }[];
      next_cursor?: string;
    };
    const items = rows.map(({ userid, department }): UserRecord => ({
      externalId: userid,
      idOnly: true,
      memberships: [{ departmentId: String(department) }],
      raw: { userid, department },
    }));
    return { items, rejected: [], cursor: next || null, done: !next };
  },

  async getUsers(context, { externalIds }) {
    return Promise.all(
      externalIds.map(async (externalId): Promise<Lookup<UserRecord>> => {
        try {
          return {
            externalId,
            status: 'found',
            record: toUser(await get(context, 'user/get', { userid: externalId })),
          };
        } catch (error) {
          // 60111 is "left, deleted, or just outside the visible range": no proof of anything.
          if (isConnectorError(error) && error.code === 'not_found') return { externalId, status: 'unknown' };
          if (isConnectorError(error) && error.data.vendorCode === '60011')
            return { externalId, status: 'notVisible' };
          throw error;
        }
      }),
    );
  },

  async getDepartments(context, { externalIds }) {
    const { items } = await directory.listDepartments(context, { cursor: null });
    return externalIds.map((externalId) => {
      const record = items.find((department) => department.externalId === externalId);
      return record
        ? { externalId, status: 'found' as const, record }
        : { externalId, status: 'unknown' as const };
    });
  },
};

export const customers: CustomersCapability<Config> = {
  /** The cursor names the member and the vendor's own cursor; the members are read again, so it stays small. */
  async list(context, { cursor }) {
    const [index, inner] = (cursor ? JSON.parse(cursor) : [0, '']) as [number, string];
    const { follow_user } = (await get(context, 'externalcontact/get_follow_user_list', {})) as unknown as {
      follow_user: string[];
    };
    const batch = [...follow_user].sort().slice(index, index + 100);
    if (batch.length === 0) return { items: [], rejected: [], cursor: null, done: true };
    const body = await post(context, 'externalcontact/batch/get_by_user', {
      userid_list: batch,
      limit: 100,
      ...(inner ? { cursor: inner } : {}),
    });
    const { external_contact_list: rows, next_cursor: more } = body as unknown as {
      external_contact_list: {
        external_contact: JsonObject;
        follow_info: { userid: string; tag_id?: string[] };
      }[];
      next_cursor?: string;
    };
    // One row per member and customer: a customer of two members comes twice, with one owner each.
    const items = rows.map(({ external_contact: raw, follow_info }): CustomerRecord => ({
      externalId: textOf(raw['external_userid']),
      displayName: textOf(raw['name']),
      ownerExternalIds: [follow_info.userid],
      tags: (follow_info.tag_id ?? []).map((id) => ({ id, name: id })),
      raw,
    }));
    const next = more
      ? JSON.stringify([index, more])
      : index + 100 < follow_user.length
        ? JSON.stringify([index + 100, ''])
        : null;
    return { items, rejected: [], cursor: next, done: next === null };
  },

  async get(context, { externalIds }) {
    return Promise.all(
      externalIds.map(async (externalId): Promise<Lookup<CustomerRecord>> => {
        const body = await get(context, 'externalcontact/get', { external_userid: externalId });
        const { external_contact: raw, follow_user: followers } = body as unknown as {
          external_contact: JsonObject;
          follow_user: {
            userid: string;
            tags: { tag_id?: string; tag_name: string; group_name: string }[];
          }[];
        };
        const tags = followers.flatMap((follower) => follower.tags);
        const record: CustomerRecord = {
          externalId,
          ...(typeof raw['unionid'] === 'string'
            ? { externalIds: [{ type: 'unionid', value: raw['unionid'] }] }
            : {}),
          displayName: textOf(raw['name']),
          ownerExternalIds: followers.map(({ userid }) => userid),
          tags: tags.map(({ tag_id, tag_name, group_name }) => ({
            id: tag_id ?? tag_name,
            name: tag_name,
            group: group_name,
          })),
          raw,
        };
        return { externalId, status: 'found', record };
      }),
    );
  },
};

export const identity: IdentityCapability<Config> = {
  async authorizationUrl({ config }, { redirectUri, state, mode }) {
    const shared = { appid: config.corpId, agentid: config.agentId, redirect_uri: redirectUri, state };
    if (mode === 'browser') {
      const query = new URLSearchParams({ login_type: 'CorpApp', ...shared });
      return { url: `${config.loginBaseUrl}/wwlogin/sso/login?${query.toString()}` };
    }
    const query = new URLSearchParams({ ...shared, response_type: 'code', scope: 'snsapi_base' });
    return { url: `${config.oauthBaseUrl}/connect/oauth2/authorize?${query.toString()}#wechat_redirect` };
  },

  async authenticate(context, { query }) {
    const code = query['code'] ?? '';
    const { body } = await context.http({
      method: 'GET',
      url: `${context.config.apiBaseUrl}/cgi-bin/auth/getuserinfo`,
      query: { code },
      token: 'app',
      retry: 'never',
      secrets: [code],
    });
    const { userid, external_userid, openid } = body as {
      userid?: string;
      external_userid?: string;
      openid?: string;
    };
    const externalIds = openid === undefined ? [] : [{ type: 'openid', value: openid }];
    if (userid !== undefined) return { kind: 'employee', externalId: userid, externalIds, profile: {} };
    if (external_userid !== undefined)
      return { kind: 'customer', externalId: external_userid, externalIds, profile: {} };
    return { kind: 'stranger', externalId: null, externalIds, profile: {} };
  },
};
