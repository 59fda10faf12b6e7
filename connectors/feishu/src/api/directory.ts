import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { call, IDS, nextOf, objectOf, pageOf, part, type ApiPage, type FeishuContext } from '../api.js';
import { missing } from '../errors.js';

export type UserIdType = 'open_id' | 'union_id' | 'user_id';
/** The root of every company; asking below it takes a contact scope of all members. */
export const ROOT = '0';
/** The most contact-v3 gives; without it, 10. */
const PAGE_SIZE = 50;

export interface ContactScopes {
  departmentIds: string[];
  /** Union ids. */
  userIds: string[];
  groupIds: string[];
  next: string | null;
}

/** One page of what the app was granted to see; the nodes themselves, not what is below them (contact-v3/scope/list). */
export async function contactScopes(
  context: FeishuContext,
  pageToken: string | null,
): Promise<ContactScopes> {
  const endpoint = 'contact/v3/scopes';
  const data = await call(context, 'GET', endpoint, {
    query: { ...IDS, page_size: 100, page_token: pageToken ?? undefined },
  });
  const lists = ['department_ids', 'user_ids', 'group_ids'].map((key) => data[key]);
  if (lists.every((list) => !Array.isArray(list)) && data.has_more === undefined)
    throw missing(endpoint, 'the granted ids');
  const [departmentIds, userIds, groupIds] = lists.map(textsOf);
  return {
    departmentIds: departmentIds ?? [],
    userIds: userIds ?? [],
    groupIds: groupIds ?? [],
    next: nextOf(data, endpoint),
  };
}

function textsOf(list: JsonValue | undefined): string[] {
  return Array.isArray(list) ? list.filter((id): id is string => typeof id === 'string' && id !== '') : [];
}

/** Departments by id, fifty a call; those not visible are left out. */
export async function departmentsByIds(context: FeishuContext, ids: readonly string[]): Promise<JsonValue[]> {
  return inBatches(ids, async (batch) => {
    const endpoint = 'contact/v3/departments/batch';
    const query = { ...IDS, department_ids: batch };
    return itemsOf(await call(context, 'GET', endpoint, { query }), endpoint);
  });
}

/** One page of the departments below one: all levels, or only the next. */
export async function departmentsBelow(
  context: FeishuContext,
  id: string,
  {
    recursive,
    pageToken,
    pageSize = PAGE_SIZE,
  }: { recursive: boolean; pageToken: string | null; pageSize?: number },
): Promise<ApiPage> {
  const endpoint = `contact/v3/departments/${part(id)}/children`;
  const query = { ...IDS, fetch_child: recursive, page_size: pageSize, page_token: pageToken ?? undefined };
  return pageOf(await call(context, 'GET', endpoint, { query }), 'items', endpoint);
}

/** One department; rejects with 40015 when it does not exist, 40004 when it is out of sight. */
export async function departmentById(context: FeishuContext, id: string): Promise<JsonObject> {
  const endpoint = `contact/v3/departments/${part(id)}`;
  return objectOf(await call(context, 'GET', endpoint, { query: IDS }), 'department', endpoint);
}

/** One page of the people directly in a department. */
export async function usersOfDepartment(
  context: FeishuContext,
  departmentId: string,
  pageToken: string | null,
): Promise<ApiPage> {
  const endpoint = 'contact/v3/users/find_by_department';
  const query = {
    ...IDS,
    department_id: departmentId,
    page_size: PAGE_SIZE,
    page_token: pageToken ?? undefined,
  };
  return pageOf(await call(context, 'GET', endpoint, { query }), 'items', endpoint);
}

/**
 * People by id, fifty a call; those not visible are left out. Ids inside the answer, such as leaders, are of the kind that
 * was asked by.
 */
export async function usersByIds(
  context: FeishuContext,
  ids: readonly string[],
  idType: UserIdType = 'union_id',
): Promise<JsonValue[]> {
  return inBatches(ids, async (batch) => {
    const endpoint = 'contact/v3/users/batch';
    const query = { ...IDS, user_id_type: idType, user_ids: batch };
    return itemsOf(await call(context, 'GET', endpoint, { query }), endpoint);
  });
}

/** One person; also answers for those who left, which a batch does not. */
export async function userById(
  context: FeishuContext,
  id: string,
  idType: UserIdType = 'union_id',
): Promise<JsonObject> {
  const endpoint = `contact/v3/users/${part(id)}`;
  const query = { ...IDS, user_id_type: idType };
  return objectOf(await call(context, 'GET', endpoint, { query }), 'user', endpoint);
}

/** Definitions of the company's custom fields of people, one page. */
export async function customFields(context: FeishuContext, pageToken: string | null): Promise<ApiPage> {
  const endpoint = 'contact/v3/custom_attrs';
  const query = { page_size: 100, page_token: pageToken ?? undefined };
  return pageOf(await call(context, 'GET', endpoint, { query }), 'items', endpoint);
}

/** Sets custom fields of a person; only the keys given change. */
export async function setCustomFields(
  context: FeishuContext,
  unionId: string,
  attrs: JsonObject[],
): Promise<void> {
  const json = { custom_attrs: attrs };
  await call(context, 'PATCH', `contact/v3/users/${part(unionId)}`, { query: IDS, json, retry: 'safe' });
}

/** The most ids a batch takes. */
const BATCH = 50;

async function inBatches(
  ids: readonly string[],
  read: (batch: readonly string[]) => Promise<JsonValue[]>,
): Promise<JsonValue[]> {
  const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, index) =>
    read(ids.slice(index * BATCH, (index + 1) * BATCH)),
  );
  return (await Promise.all(batches)).flat();
}

/** Items of a batch; whom it does not show is left out, and a batch of nobody may have no list at all. */
function itemsOf(data: JsonObject, endpoint: string): JsonValue[] {
  const items = data.items ?? [];
  if (!Array.isArray(items)) throw missing(endpoint, 'the list "items"');
  return items;
}
