import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { call, listOf, objectOf, read, type DingtalkContext } from '../api.js';
import { missing } from '../errors.js';
import { flag, whole } from '../values.js';

/** The most `user/list` gives per page. */
const PAGE = 100;

/** What an administrator ticked under 权限范围: `auth_org_scopes`, and the readable fields. */
export function getScopes(context: DingtalkContext): Promise<JsonObject> {
  return call(context, 'GET', '/auth/scopes');
}

/** Direct children; the call has no paging (page user-management-acquires-the-list-departments). */
export async function listChildren(context: DingtalkContext, id: string): Promise<JsonValue[]> {
  const path = '/topapi/v2/department/listsub';
  return listOf(await read(context, path, { dept_id: Number(id) }), 'result', path);
}

export async function getDepartment(context: DingtalkContext, id: string): Promise<JsonObject> {
  const path = '/topapi/v2/department/get';
  return objectOf(await read(context, path, { dept_id: Number(id) }), 'result', path);
}

export interface MembersPage {
  rows: JsonValue[];
  /** DingTalk's cursor; null on the last page, which is the one that says so. */
  next: number | null;
}

/** People directly in a department, those with restricted access included: who is left out here looks like a leaver. */
export async function listMembers(
  context: DingtalkContext,
  departmentId: string,
  cursor: number,
  size = PAGE,
): Promise<MembersPage> {
  const path = '/topapi/v2/user/list';
  const payload = await read(context, path, {
    dept_id: Number(departmentId),
    cursor,
    size,
    contain_access_limit: true,
  });
  const result = objectOf(payload, 'result', path);
  const rows = listOf(result, 'list', path);
  const more = flag(result.has_more);
  if (more === undefined) throw missing(path, '"has_more"');
  if (!more) return { rows, next: null };
  const next = whole(result.next_cursor);
  // More without a way to it: a department cut short must not pass for a whole one.
  if (next === undefined) throw missing(path, 'a usable next_cursor');
  return { rows, next };
}

export async function getUser(context: DingtalkContext, userid: string): Promise<JsonObject> {
  const path = '/topapi/v2/user/get';
  return objectOf(await read(context, path, { userid }), 'result', path);
}

/** How many people there are in the company, activated or not. */
export async function countUsers(context: DingtalkContext): Promise<number | undefined> {
  const path = '/topapi/user/count';
  return whole(objectOf(await read(context, path, { only_active: false }), 'result', path).count);
}
