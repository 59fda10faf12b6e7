import {
  isConnectorError,
  isJsonObject,
  toE164,
  type CustomerRecord,
  type CustomersCapability,
  type DepartmentRecord,
  type DirectoryCapability,
  type JsonObject,
  type JsonValue,
  type Lookup,
  type UserRecord,
} from '../../../src/index.js';
import { textOf } from '../recorded-platform.js';
import type { Config, Context } from './connector.js';

/** The old API: everything is a POST, reading included. */
export async function oapi<T>(context: Context, path: string, json: JsonObject, reads = true): Promise<T> {
  const url = `${context.config.oapiBaseUrl}${path}`;
  const { body } = await context.http({
    method: 'POST',
    url,
    json,
    token: 'app',
    ...(reads ? { retry: 'safe' as const } : {}),
  });
  return body as T;
}

async function scopes(
  context: Context,
): Promise<{ departments: number[]; people: string[]; fields: string[] }> {
  const { body } = await context.http({
    method: 'GET',
    url: `${context.config.oapiBaseUrl}/auth/scopes`,
    token: 'app',
  });
  const { auth_org_scopes: granted, auth_user_field: fields } = body as unknown as {
    auth_org_scopes: { authed_dept: number[]; authed_user: string[] };
    auth_user_field: string[];
  };
  return { departments: granted.authed_dept, people: granted.authed_user, fields };
}

/** What a lookup error means: the platform tells "gone" from "outside the range", so gone is proof here. */
async function lookUp<T>(externalId: string, read: () => Promise<T>): Promise<Lookup<T>> {
  try {
    return { externalId, status: 'found', record: await read() };
  } catch (error) {
    if (isConnectorError(error) && error.code === 'not_found') return { externalId, status: 'gone' };
    if (isConnectorError(error) && ['50002', '50004'].includes(error.data.vendorCode ?? ''))
      return { externalId, status: 'notVisible' };
    throw error;
  }
}

function toDepartment(raw: JsonObject): DepartmentRecord {
  const {
    dept_id,
    name,
    parent_id,
    order,
    dept_manager_userid_list: leaders,
  } = raw as unknown as {
    dept_id: number;
    name: string;
    parent_id?: number;
    order?: number;
    dept_manager_userid_list?: string[];
  };
  return {
    externalId: String(dept_id),
    name,
    parentExternalId: parent_id === undefined ? null : String(parent_id),
    ...(order === undefined ? {} : { order: -order }),
    ...(leaders === undefined ? {} : { leaderExternalIds: leaders }),
    raw,
  };
}

interface Member {
  userid: string;
  unionid: string;
  name: string;
  job_number?: string;
  org_email?: string;
  mobile?: string;
  state_code?: string;
  title?: string;
  avatar?: string;
  active: boolean;
  manager_userid?: string;
  dept_id_list: number[];
  extension?: string;
  leader?: boolean;
  dept_order?: number;
  leader_in_dept?: { dept_id: number; leader: boolean }[];
  dept_order_list?: { dept_id: number; order: number }[];
}

/** `seenFrom`: the listing of one department speaks of leadership and order in that department only. */
function toUser(raw: JsonObject, seenFrom: string | null): UserRecord {
  const member = raw as unknown as Member;
  return {
    externalId: member.userid,
    externalIds: [{ type: 'unionid', value: member.unionid }],
    displayName: member.name,
    ...(member.job_number === undefined ? {} : { employeeNumber: member.job_number || null }),
    ...(member.org_email === undefined ? {} : { workEmail: member.org_email || null }),
    ...(member.mobile === undefined ? {} : { mobile: toE164(member.mobile, member.state_code ?? '86') }),
    ...(member.title === undefined ? {} : { jobTitle: member.title || null }),
    ...(member.avatar === undefined ? {} : { avatarUrl: member.avatar || null }),
    // The full record leaves the key out when nobody is the manager; the listing never tells.
    ...(seenFrom === null ? { managerExternalId: member.manager_userid ?? null } : {}),
    ...(member.extension === undefined ? {} : { customFields: parseObject(member.extension) }),
    // Never activated is not "left": leavers disappear.
    status: member.active ? 'active' : 'pending',
    memberships: member.dept_id_list
      .filter((id) => id > 0)
      .map((id) => {
        const leader =
          seenFrom === String(id)
            ? member.leader
            : member.leader_in_dept?.find(({ dept_id }) => dept_id === id)?.leader;
        const order =
          seenFrom === String(id)
            ? member.dept_order
            : member.dept_order_list?.find(({ dept_id }) => dept_id === id)?.order;
        return {
          departmentId: String(id),
          ...(leader === undefined ? {} : { isLeader: leader }),
          ...(order === undefined ? {} : { order: -order }),
        };
      }),
    raw,
  };
}

function parseObject(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

const readUser = async (context: Context, userid: string): Promise<UserRecord> =>
  toUser((await oapi<{ result: JsonObject }>(context, '/topapi/v2/user/get', { userid })).result, null);

const readDepartment = async (context: Context, id: string): Promise<DepartmentRecord> =>
  toDepartment(
    (await oapi<{ result: JsonObject }>(context, '/topapi/v2/department/get', { dept_id: Number(id) }))
      .result,
  );

const GRANTED_AT_ONCE = 20;

/** Walks a list of grants a few at a time; the cursor is the place in the list. */
async function granted<T>(
  ids: readonly (string | number)[],
  cursor: string | null,
  read: (id: string) => Promise<T>,
) {
  const from = Number(cursor ?? 0);
  const items = await Promise.all(ids.slice(from, from + GRANTED_AT_ONCE).map((id) => read(String(id))));
  const next = from + GRANTED_AT_ONCE < ids.length ? String(from + GRANTED_AT_ONCE) : null;
  return { items, rejected: [], cursor: next, done: next === null };
}

export const directory: DirectoryCapability<Config> = {
  async visibility(context) {
    const { departments, people, fields } = await scopes(context);
    return {
      grants: [...departments.map((id) => `department:${id}`), ...people.map((id) => `user:${id}`)].sort(),
      summary: { fields },
    };
  },

  async listDepartments(context, { parentId = null, cursor }) {
    if (parentId === null) {
      const { departments } = await scopes(context);
      return granted(departments, cursor, (id) => readDepartment(context, id));
    }
    const { result } = await oapi<{ result: JsonObject[] }>(context, '/topapi/v2/department/listsub', {
      dept_id: Number(parentId),
    });
    // Education organisations show pseudo departments below 1 (sheet section 2).
    const items = result.filter(({ dept_id }) => Number(dept_id) >= 1).map(toDepartment);
    return { items, rejected: [], cursor: null, done: true };
  },

  async listUsers(context, { departmentId, cursor }) {
    if (departmentId === null) {
      const { people } = await scopes(context);
      return granted(people, cursor, (id) => readUser(context, id));
    }
    const { result } = await oapi<{
      result: { has_more: boolean; next_cursor?: number; list: JsonObject[] };
    }>(context, '/topapi/v2/user/list', {
      dept_id: Number(departmentId),
      cursor: Number(cursor ?? 0),
      size: 100,
    });
    const next = result.has_more && result.next_cursor !== undefined ? String(result.next_cursor) : null;
    return {
      items: result.list.map((raw) => toUser(raw, departmentId)),
      rejected: [],
      cursor: next,
      done: next === null,
    };
  },

  getUsers: async (context, { externalIds }) =>
    Promise.all(externalIds.map((id) => lookUp(id, () => readUser(context, id)))),
  getDepartments: async (context, { externalIds }) =>
    Promise.all(externalIds.map((id) => lookUp(id, () => readDepartment(context, id)))),
};

const CUSTOMERS_PER_PAGE = 100;

export function toCustomer(raw: JsonObject): CustomerRecord {
  const labels = (raw['label_ids'] ?? []) as number[];
  return {
    externalId: textOf(raw['userid']),
    displayName: textOf(raw['name']),
    ownerExternalIds: [textOf(raw['follower_user_id'])],
    tags: labels.map((id) => ({ id: String(id), name: String(id) })),
    raw,
  };
}

export const customers: CustomersCapability<Config> = {
  /** No total and no has_more: a short page is the last one. */
  async list(context, { cursor }) {
    const offset = Number(cursor ?? 0);
    const { results } = await oapi<{ results: JsonObject[] }>(context, '/topapi/extcontact/list', {
      size: CUSTOMERS_PER_PAGE,
      offset,
    });
    const next = results.length === CUSTOMERS_PER_PAGE ? String(offset + CUSTOMERS_PER_PAGE) : null;
    return { items: results.map(toCustomer), rejected: [], cursor: next, done: next === null };
  },
  get: async (context, { externalIds }) =>
    Promise.all(
      externalIds.map((id) =>
        lookUp(id, async () =>
          toCustomer(
            (await oapi<{ result: JsonObject }>(context, '/topapi/extcontact/get', { user_id: id })).result,
          ),
        ),
      ),
    ),
};
