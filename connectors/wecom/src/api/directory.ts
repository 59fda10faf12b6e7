import { isJsonObject, type JsonObject, type JsonValue } from '@trainbridge/connector-kit';
import { call, listOf, type VendorPage, type WecomContext } from '../api.js';
import { missing } from '../errors.js';
import { cursorIn } from './paging.js';

/** Rows per page of `user/list_id`: the most it gives (D-96067). */
const LIST_ID_LIMIT = 10_000;

/** Every department the app sees, with names. */
export async function listDepartments(context: WecomContext): Promise<JsonValue[]> {
  return listOf(await call(context, 'app', 'department/list'), 'department', 'department/list');
}

/** Every department of the company, ids only; the list is really called `department_id` (D-95350). */
export async function listDepartmentIds(context: WecomContext): Promise<JsonValue[]> {
  const payload = await call(context, 'contacts', 'department/simplelist');
  return listOf(payload, 'department_id', 'department/simplelist');
}

/** One department as the app sees it; rejects with `not_found` or `permission_denied`. */
export async function getDepartment(context: WecomContext, id: string): Promise<JsonObject> {
  const { department } = await call(context, 'app', 'department/get', { query: { id } });
  if (!isJsonObject(department)) throw missing('department/get', '"department"');
  return department;
}

/** The people directly in a department, with attributes. */
export async function listMembers(context: WecomContext, departmentId: string): Promise<JsonValue[]> {
  const payload = await call(context, 'app', 'user/list', { query: { department_id: departmentId } });
  return listOf(payload, 'userlist', 'user/list');
}

/** The same people, ids and names only: what is left where `user/list` would be too large (45029). */
export async function listMemberNames(context: WecomContext, departmentId: string): Promise<JsonValue[]> {
  const payload = await call(context, 'app', 'user/simplelist', { query: { department_id: departmentId } });
  return listOf(payload, 'userlist', 'user/simplelist');
}

/** One person as the app sees them; the fields stand beside `errcode` in the answer. */
export async function getMember(context: WecomContext, userid: string): Promise<JsonObject> {
  return call(context, 'app', 'user/get', { query: { userid } });
}

/** One page of everybody's ids, a row per person and department. */
export async function listIds(context: WecomContext, cursor: string | null): Promise<VendorPage> {
  const payload = await call(context, 'contacts', 'user/list_id', {
    json: { limit: LIST_ID_LIMIT, ...(cursor === null ? {} : { cursor }) },
    retry: 'safe',
  });
  return {
    rows: listOf(payload, 'dept_user', 'user/list_id'),
    next: cursorIn(payload, 'next_cursor', 'user/list_id'),
  };
}

/** The app itself, with its visible range. */
export async function getAgent(context: WecomContext): Promise<JsonObject> {
  return call(context, 'app', 'agent/get', { query: { agentid: String(context.config.agentId) } });
}

/** The people and departments of a tag, as far as the app sees them. */
export async function getTag(context: WecomContext, tagId: string): Promise<JsonObject> {
  return call(context, 'app', 'tag/get', { query: { tagid: tagId } });
}
