import type { components, TrainbridgeClient } from '@trainbridge/api-client';
import type { Company } from '@trainbridge/sandbox';
import { isDeepStrictEqual } from 'node:util';
import { dataOf } from './expect-data.js';

type User = components['schemas']['UserDto'];
type Department = components['schemas']['DepartmentDto'];

/** A directory without what differs from one host to another: our ids (external ones instead) and times. */
export interface DirectorySnapshot {
  /** By external id. */
  users: Record<string, object>;
  /** By external id. */
  departments: Record<string, object>;
}

/** Everybody and every department of a connection, as the API shows them. */
export async function readDirectory(
  client: TrainbridgeClient,
  connectionId: string,
): Promise<DirectorySnapshot> {
  const page = { connectionId, limit: 200 };
  const users = await pages<User>(async (cursor) =>
    dataOf(await client.GET('/api/v1/users', { params: { query: { ...page, cursor } } })),
  );
  const departments = await pages<Department>(async (cursor) =>
    dataOf(await client.GET('/api/v1/departments', { params: { query: { ...page, cursor } } })),
  );
  const userOf = new Map(users.map(({ id, externalId }) => [id, externalId]));
  const departmentOf = new Map(departments.map(({ id, externalId }) => [id, externalId]));
  return {
    users: byExternalId(
      users,
      ({ id, personId, connectionId: _, createdAt, updatedAt, disabledAt, ...user }) => ({
        ...user,
        hasIds: [id, personId, createdAt, updatedAt].every(Boolean),
        wasDisabled: disabledAt !== null,
        managerId: user.managerId && userOf.get(user.managerId),
        memberships: user.memberships
          .map((membership) => ({ ...membership, departmentId: departmentOf.get(membership.departmentId) }))
          .sort((a, b) => Number(a.departmentId) - Number(b.departmentId)),
      }),
    ),
    departments: byExternalId(
      departments,
      ({ id, connectionId: _, createdAt, updatedAt, disabledAt, ...department }) => ({
        ...department,
        hasIds: [id, createdAt, updatedAt].every(Boolean),
        wasDisabled: disabledAt !== null,
        parentId: department.parentId && departmentOf.get(department.parentId),
        pathIds: department.pathIds.map((above) => departmentOf.get(above)),
        leaderIds: department.leaderIds.map((leader) => userOf.get(leader)).sort(),
      }),
    ),
  };
}

/** What a directory of this company has to say of everybody in it, as far as the company itself knows it. */
export function directoryOf(company: Company): DirectorySnapshot {
  const statuses = { active: 'active', inactive: 'pending', disabled: 'disabled' } as const;
  const leaders = new Map<number, string[]>();
  const users: DirectorySnapshot['users'] = {};
  for (const person of company.people()) {
    for (const { departmentId, isLeader } of person.memberships) {
      if (isLeader) leaders.set(departmentId, [...(leaders.get(departmentId) ?? []), person.account]);
    }
    const [leader] = person.leaderIds;
    users[person.account] = {
      externalId: person.account,
      displayName: person.name,
      jobTitle: person.position || null,
      employeeNumber: person.employeeNumber,
      status: statuses[person.status],
      managerId: leader === undefined ? null : company.personById(leader)!.account,
      memberships: person.memberships
        .map(({ departmentId, isLeader, order }) => ({
          departmentId: String(departmentId),
          isPrimary: departmentId === person.primaryDepartmentId,
          isLeader,
          // The platform puts the larger one first, a directory the smaller one.
          order: 0 - order,
        }))
        .sort((a, b) => Number(a.departmentId) - Number(b.departmentId)),
    };
  }
  const departments: DirectorySnapshot['departments'] = {};
  for (const { id, name, parentId, order } of company.departments()) {
    departments[id] = {
      externalId: String(id),
      name,
      order: 0 - order,
      parentId: parentId === 0 ? null : String(parentId),
      leaderIds: (leaders.get(id) ?? []).sort(),
      status: 'active',
    };
  }
  return { users, departments };
}

/**
 * The differences of the first to the second, in the fields the second names; empty when there are none. Said in few words:
 * a diff of a whole company cannot be read.
 */
export function differences(found: DirectorySnapshot, expected: DirectorySnapshot): string[] {
  const said: string[] = [];
  for (const kind of ['users', 'departments'] as const) {
    const ids = new Set([...Object.keys(found[kind]), ...Object.keys(expected[kind])]);
    for (const id of ids) {
      const [is, should] = [found[kind][id] as Row | undefined, expected[kind][id] as Row | undefined];
      if (!is || !should) said.push(`${kind} ${id} ${is ? 'should not be there' : 'is missing'}`);
      else {
        for (const field of Object.keys(should)) {
          if (isDeepStrictEqual(is[field], should[field])) continue;
          said.push(
            `${kind} ${id} ${field}: ${JSON.stringify(is[field])} instead of ${JSON.stringify(should[field])}`,
          );
        }
      }
    }
  }
  return said;
}

type Row = Record<string, unknown>;

function byExternalId<T extends { externalId: string }>(
  rows: T[],
  view: (row: T) => object,
): Record<string, object> {
  return Object.fromEntries(rows.map((row) => [row.externalId, view(row)]));
}

async function pages<T>(
  read: (cursor: string | undefined) => Promise<{ data: T[]; nextCursor: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | undefined; ;) {
    const { data, nextCursor } = await read(cursor);
    all.push(...data);
    if (nextCursor === null) return all;
    cursor = nextCursor;
  }
}
