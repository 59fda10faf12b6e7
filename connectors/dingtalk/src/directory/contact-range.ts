import { isJsonObject } from '@trainbridge/connector-kit';
import type { DingtalkContext } from '../api.js';
import { getScopes } from '../api/directory.js';
import { missing } from '../errors.js';
import { departmentId, idOf, list } from '../values.js';

export const ROOT = '1';

/** What an administrator ticked as the app's contact range (权限管理 → 通讯录权限范围). */
export interface ContactRange {
  departmentIds: string[];
  /** People ticked one by one. */
  userIds: string[];
  /** Names of the fields the app may read, as DingTalk calls them. */
  fields: string[];
}

/**
 * Reads `auth/scopes`. An answer without both lists is `bad_response`: to take it for an empty range would look like
 * everybody left.
 */
export async function readRange(context: DingtalkContext): Promise<ContactRange> {
  const { auth_org_scopes: granted, auth_user_field: fields } = await getScopes(context);
  if (!isJsonObject(granted) || !(Array.isArray(granted.authed_dept) || Array.isArray(granted.authed_user)))
    throw missing('/auth/scopes', 'the contact range');
  return {
    departmentIds: unique(list(granted.authed_dept).flatMap((id) => departmentId(id) ?? [])),
    userIds: unique(list(granted.authed_user).flatMap((id) => idOf(id) ?? [])),
    fields: unique(list(fields).flatMap((field) => (typeof field === 'string' ? field.slice(0, 64) : []))),
  };
}

/** Where the walk of departments begins: asking for the root is refused unless it is granted. */
export function topDepartments(range: ContactRange): string[] {
  return range.departmentIds.includes(ROOT) ? [ROOT] : range.departmentIds;
}

/** People no granted department leads to, as far as the range can tell: with the root granted, all are below it. */
export function peopleNamedIn(range: ContactRange): string[] {
  return range.departmentIds.includes(ROOT) ? [] : range.userIds;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
