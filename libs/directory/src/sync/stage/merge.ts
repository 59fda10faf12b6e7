import type { ExternalId, JsonObject } from '@trainbridge/connector-kit';
import type { StagedDepartment, StagedMembership, StagedUser } from './staged-records.js';

/*
 * Two answers about one record make one. The same rule as tb_merge_record and tb_merge_memberships (migration 0004),
 * which merge across batches; inside a batch it has to happen here, because one statement cannot touch a row twice.
 */

/** Keeps the order of first sight. */
export function mergeUsers(users: readonly StagedUser[]): StagedUser[] {
  const merged = new Map<string, StagedUser>();
  for (const user of users) {
    const known = merged.get(user.key);
    merged.set(user.key, known ? mergeUser(known, user) : user);
  }
  return [...merged.values()];
}

export function mergeDepartments(departments: readonly StagedDepartment[]): StagedDepartment[] {
  const merged = new Map<string, StagedDepartment>();
  for (const department of departments) {
    const known = merged.get(department.id);
    merged.set(department.id, known ? mergeDepartment(known, department) : department);
  }
  return [...merged.values()];
}

function mergeUser(a: StagedUser, b: StagedUser): StagedUser {
  return {
    ...a,
    // Given in two spellings: the same one must win in every run.
    id: a.idOnly ? b.id : b.idOnly || a.id < b.id ? a.id : b.id,
    idOnly: a.idOnly && b.idOnly,
    content: mergeContent(a.content, b.content),
    memberships: mergeMemberships(a.memberships, b.memberships),
    raw: { ...a.raw, ...b.raw },
  };
}

function mergeDepartment(a: StagedDepartment, b: StagedDepartment): StagedDepartment {
  return {
    ...a,
    idOnly: a.idOnly && b.idOnly,
    content: mergeContent(a.content, b.content),
    parent: (b.idOnly ? a.parent : b.parent) ?? a.parent ?? b.parent,
    raw: { ...a.raw, ...b.raw },
  };
}

function mergeContent(a: JsonObject, b: JsonObject): JsonObject {
  const merged = { ...a };
  for (const [key, value] of Object.entries(b)) {
    if (key === 'customFields')
      merged[key] = { ...(a[key] as JsonObject | undefined), ...(value as JsonObject) };
    else if (key === 'externalIds') {
      merged[key] = uniteExternalIds(
        a[key] as unknown as ExternalId[] | undefined,
        value as unknown as ExternalId[],
      );
    } else if (value !== null || !(key in a)) merged[key] = value;
  }
  return merged;
}

function uniteExternalIds(a: readonly ExternalId[] = [], b: readonly ExternalId[]): JsonObject[] {
  const all = new Map([...a, ...b].map((id) => [`${id.type}\0${id.value}`, id]));
  return [...all].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, { type, value }]) => ({ type, value }));
}

function mergeMemberships(
  a: Record<string, StagedMembership>,
  b: Record<string, StagedMembership>,
): Record<string, StagedMembership> {
  const merged = new Map(Object.entries(a));
  for (const [id, membership] of Object.entries(b)) merged.set(id, { ...merged.get(id), ...membership });
  return Object.fromEntries(merged);
}
