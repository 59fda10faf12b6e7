import {
  isConnectorError,
  toE164,
  type DepartmentRecord,
  type DirectoryCapability,
  type HttpRequest,
  type JsonObject,
  type Lookup,
  type UserRecord,
} from '../../../src/index.js';
import type { Config, Context } from './connector.js';

const IDS = { user_id_type: 'union_id', department_id_type: 'open_department_id' } as const;
const PAGE_SIZE = 50;

/** Everything but tokens and login answers `{ code, msg, data }`. */
export async function call<T>(
  context: Context,
  method: HttpRequest['method'],
  path: string,
  more: Pick<HttpRequest, 'query' | 'json' | 'retry'> = {},
): Promise<T> {
  const { body } = await context.http({
    method,
    url: `${context.config.apiBaseUrl}/open-apis/${path}`,
    ...more,
    token: 'tenant',
  });
  return (body as unknown as { data: T }).data;
}

interface Paged {
  has_more: boolean;
  page_token?: string;
}
interface Scopes extends Paged {
  department_ids?: string[];
  user_ids?: string[];
}

/** Root `0` is refused under a partial scope (sheet 3.4): every walk begins at what was granted. */
const scopes = (context: Context, pageToken: string | undefined): Promise<Scopes> =>
  call<Scopes>(context, 'GET', 'contact/v3/scopes', {
    query: { ...IDS, page_size: PAGE_SIZE, page_token: pageToken || undefined },
  });

const departmentsById = async (context: Context, ids: string[]): Promise<JsonObject[]> =>
  ids.length === 0
    ? []
    : ((
        await call<{ items?: JsonObject[] }>(context, 'GET', 'contact/v3/departments/batch', {
          query: { ...IDS, department_ids: ids },
        })
      ).items ?? []);

const usersById = async (context: Context, ids: string[]): Promise<JsonObject[]> =>
  ids.length === 0
    ? []
    : ((
        await call<{ items?: JsonObject[] }>(context, 'GET', 'contact/v3/users/batch', {
          query: { ...IDS, user_ids: ids },
        })
      ).items ?? []);

function toDepartment(raw: JsonObject): DepartmentRecord {
  const department = raw as unknown as {
    name?: string;
    open_department_id: string;
    department_id?: string;
    parent_department_id?: string;
    order?: string | number;
    leaders?: { leaderType: number; leaderID: string }[];
  };
  return {
    externalId: department.open_department_id,
    ...(department.department_id === undefined
      ? {}
      : {
          externalIds: [{ type: 'department_id', value: department.department_id }],
          code: department.department_id,
        }),
    ...(department.name === undefined ? {} : { name: department.name }),
    ...(department.parent_department_id === undefined
      ? {}
      : {
          parentExternalId: department.parent_department_id === '0' ? null : department.parent_department_id,
        }),
    // A string in REST, a number in events; smaller first, as with us.
    ...(department.order === undefined ? {} : { order: Number(department.order) }),
    ...(department.leaders === undefined
      ? {}
      : { leaderExternalIds: department.leaders.map(({ leaderID }) => leaderID) }),
    raw,
  };
}

interface Member {
  union_id: string;
  open_id: string;
  user_id?: string;
  name?: string;
  email?: string;
  enterprise_email?: string;
  mobile?: string;
  employee_no?: string;
  job_title?: string;
  leader_user_id?: string;
  avatar?: { avatar_240?: string };
  status?: {
    is_frozen: boolean;
    is_resigned: boolean;
    is_activated: boolean;
    is_exited: boolean;
    is_unjoin: boolean;
  };
  department_ids?: string[];
  orders?: {
    department_id: string;
    user_order: number;
    department_order: number;
    is_primary_dept: boolean;
  }[];
  custom_attrs?: { type: string; id: string; value: { text?: string } }[];
}

const present = <T extends object>(value: unknown, fields: T): T | Record<string, never> =>
  value === undefined ? {} : fields;

/** A field without permission is left out, at status 200 and code 0: absent stays absent (sheet 3.6). */
function toUser(raw: JsonObject): UserRecord {
  const user = raw as unknown as Member;
  const { status, avatar } = user;
  const email = user.enterprise_email ?? user.email;
  return {
    externalId: user.union_id,
    externalIds: [
      { type: 'open_id', value: user.open_id },
      ...(user.user_id === undefined ? [] : [{ type: 'user_id', value: user.user_id }]),
    ],
    ...present(user.name, { displayName: user.name }),
    ...present(email, { workEmail: email || null }),
    ...present(user.mobile, { mobile: toE164(user.mobile) }),
    ...present(user.employee_no, { employeeNumber: user.employee_no || null }),
    ...present(user.job_title, { jobTitle: user.job_title || null }),
    ...present(user.leader_user_id, { managerExternalId: user.leader_user_id || null }),
    ...present(avatar, { avatarUrl: avatar?.avatar_240 ?? null }),
    ...present(user.custom_attrs, {
      customFields: Object.fromEntries(
        (user.custom_attrs ?? []).map(({ id, value }) => [id, value.text ?? null]),
      ),
    }),
    ...(status === undefined
      ? {}
      : {
          status:
            status.is_frozen || status.is_resigned || status.is_exited
              ? 'disabled'
              : status.is_unjoin || !status.is_activated
                ? 'pending'
                : 'active',
        }),
    ...present(user.department_ids, {
      memberships: (user.department_ids ?? [])
        .filter((id) => id !== '0')
        .map((departmentId) => {
          const order = user.orders?.find(({ department_id }) => department_id === departmentId);
          // Larger comes first among people, the opposite of departments.
          return {
            departmentId,
            ...(order ? { order: -order.user_order, isPrimary: order.is_primary_dept } : {}),
          };
        }),
    }),
    raw,
  };
}

export const directory: DirectoryCapability<Config> = {
  async visibility(context) {
    const grants: string[] = [];
    for (let token: string | undefined, more = true; more;) {
      const page = await scopes(context, token);
      grants.push(
        ...(page.department_ids ?? []).map((id) => `department:${id}`),
        ...(page.user_ids ?? []).map((id) => `user:${id}`),
      );
      [more, token] = [page.has_more, page.page_token];
    }
    return { grants: grants.sort(), summary: { grants: grants.length } };
  },

  /**
   * First the granted departments of one page of scopes, then the subtree of each. The cursor is three small things: the
   * page of scopes, the place in it, and the page of that subtree.
   */
  async listDepartments(context, { cursor }) {
    const [scopeToken, index, token] = (cursor ? JSON.parse(cursor) : ['', -1, '']) as [
      string,
      number,
      string,
    ];
    const granted = await scopes(context, scopeToken);
    const roots = granted.department_ids ?? [];
    const root = roots[index];
    const items = root === undefined ? await departmentsById(context, roots) : [];
    let childToken: string | undefined;
    if (root !== undefined) {
      const page = await call<Paged & { items?: JsonObject[] }>(
        context,
        'GET',
        `contact/v3/departments/${encodeURIComponent(root)}/children`,
        {
          query: { ...IDS, fetch_child: true, page_size: PAGE_SIZE, page_token: token || undefined },
        },
      );
      items.push(...(page.items ?? []));
      childToken = page.has_more ? page.page_token : undefined;
    }
    const next = childToken
      ? [scopeToken, index, childToken]
      : index + 1 < roots.length
        ? [scopeToken, index + 1, '']
        : granted.has_more
          ? [granted.page_token, -1, '']
          : null;
    return {
      items: items.map(toDepartment),
      rejected: [],
      cursor: next === null ? null : JSON.stringify(next),
      done: next === null,
    };
  },

  async listUsers(context, { departmentId, cursor }) {
    if (departmentId === null) {
      const page = await scopes(context, cursor ?? undefined);
      const items = (await usersById(context, page.user_ids ?? [])).map(toUser);
      return {
        items,
        rejected: [],
        cursor: page.has_more ? (page.page_token ?? null) : null,
        done: !page.has_more,
      };
    }
    const page = await call<Paged & { items?: JsonObject[] }>(
      context,
      'GET',
      'contact/v3/users/find_by_department',
      {
        query: { ...IDS, department_id: departmentId, page_size: PAGE_SIZE, page_token: cursor ?? undefined },
      },
    );
    return {
      items: (page.items ?? []).map(toUser),
      rejected: [],
      cursor: page.has_more ? (page.page_token ?? null) : null,
      done: !page.has_more,
    };
  },

  /** A batch leaves out whom it will not show; each of those is asked for alone, because only that tells left from hidden. */
  async getUsers(context, { externalIds }) {
    const found = new Map(
      (await usersById(context, externalIds)).map(toUser).map((record) => [record.externalId, record]),
    );
    return Promise.all(
      externalIds.map(async (externalId): Promise<Lookup<UserRecord>> => {
        const record = found.get(externalId);
        return record ? { externalId, status: 'found', record } : lookUpAlone(context, externalId);
      }),
    );
  },

  async getDepartments(context, { externalIds }) {
    const found = new Map(
      (await departmentsById(context, externalIds))
        .map(toDepartment)
        .map((record) => [record.externalId, record]),
    );
    return externalIds.map((externalId) => {
      const record = found.get(externalId);
      return record ? { externalId, status: 'found', record } : { externalId, status: 'unknown' };
    });
  },
};

async function lookUpAlone(context: Context, externalId: string): Promise<Lookup<UserRecord>> {
  try {
    const { user } = await call<{ user: JsonObject }>(
      context,
      'GET',
      `contact/v3/users/${encodeURIComponent(externalId)}`,
      { query: { ...IDS } },
    );
    if ((user as unknown as Member).status?.is_resigned) return { externalId, status: 'gone' };
    return { externalId, status: 'found', record: toUser(user) };
  } catch (error) {
    if (isConnectorError(error) && error.code === 'not_found') return { externalId, status: 'gone' };
    if (isConnectorError(error) && error.data.vendorCode === '41050')
      return { externalId, status: 'notVisible' };
    throw error;
  }
}
