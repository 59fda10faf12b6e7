import {
  type DepartmentRecord,
  type DirectoryCapability,
  type JsonObject,
  type Lookup,
  type Page,
  type UserRecord,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from './api.js';
import { listChildren, listMembers } from './api/directory.js';
import {
  cursorParts,
  firstPosition,
  nextPosition,
  readPosition,
  unknownCursor,
  writePosition,
} from './api/paging.js';
import type { DingtalkConfig } from './config.js';
import { vendorCodeOf } from './errors.js';
import { UNKNOWN_DEPARTMENT } from './errors/codes.js';
import { lookUpDepartment, lookUpUser } from './directory/lookups.js';
import { peopleNamedIn, readRange, topDepartments } from './directory/contact-range.js';
import { isPseudoDepartment, readDepartment, readUser, sorted } from './directory/records.js';

/** Departments or people asked for one by one per page: each costs a call. */
const SLICE = 50;

/**
 * DingTalk tells direct children and direct members only, so the host walks from parent to children. What the app may see
 * is its contact range: the root may be asked for only when it is granted, else the walk begins at what is.
 */
export const directory: DirectoryCapability<DingtalkConfig> = {
  async visibility(context) {
    const range = await readRange(context);
    return {
      grants: [
        ...range.departmentIds.map((id) => `department:${id}`),
        ...range.userIds.map((id) => `user:${id}`),
      ].sort(),
      summary: {
        departments: range.departmentIds.length,
        users: range.userIds.length,
        fields: range.fields,
      },
    };
  },

  async listDepartments(context, { parentId = null, cursor }) {
    if (parentId === null) {
      const tops = topDepartments(await readRange(context));
      return slice(tops, cursor, (id) => lookUpDepartment(context, id));
    }
    if (cursor !== null) throw unknownCursor();
    return childrenOf(context, parentId);
  },

  async listUsers(context, { departmentId, cursor }) {
    if (departmentId !== null) return membersOf(context, departmentId, cursor);
    const named = peopleNamedIn(await readRange(context));
    return slice(named, cursor, (id) => lookUpUser(context, id));
  },

  getUsers: (context, { externalIds }) => Promise.all(externalIds.map((id) => lookUpUser(context, id))),

  getDepartments: (context, { externalIds }) =>
    Promise.all(externalIds.map((id) => lookUpDepartment(context, id))),
};

type IdOnly = { externalId: string; idOnly: true; raw: JsonObject };

async function childrenOf(context: DingtalkContext, parentId: string): Promise<Page<DepartmentRecord>> {
  let children;
  try {
    children = await listChildren(context, parentId);
  } catch (error) {
    if (isDissolved(error)) return { items: [], rejected: [], cursor: null, done: true };
    throw error;
  }
  const real = children.filter((child) => !isPseudoDepartment(child));
  return { ...sorted(real.map(readDepartment)), cursor: null, done: true };
}

async function membersOf(
  context: DingtalkContext,
  departmentId: string,
  cursor: string | null,
): Promise<Page<UserRecord>> {
  const from = cursor === null ? firstPosition : readPosition(cursorParts(cursor));
  if (from === null) throw unknownCursor();
  let members;
  try {
    members = await listMembers(context, departmentId, from.at);
  } catch (error) {
    if (isDissolved(error)) return { items: [], rejected: [], cursor: null, done: true };
    throw error;
  }
  const { rows, next } = members;
  return {
    ...sorted(rows.map((row) => readUser(row, { listedIn: departmentId }))),
    cursor: next === null ? null : JSON.stringify(writePosition(nextPosition(from, next, 'user/list'))),
    done: next === null,
  };
}

/** Dissolved since it was listed, and empty for that. "Outside the range" has another code. */
function isDissolved(error: unknown): boolean {
  return UNKNOWN_DEPARTMENT.has(vendorCodeOf(error) ?? '');
}

/**
 * One page of what is granted one by one. The cursor is an id rather than a position: a grant that comes or goes between
 * two pages moves nothing else out of them. What is granted and cannot be read all the same exists, and no more is known.
 */
async function slice<T extends DepartmentRecord | UserRecord>(
  ids: readonly string[],
  cursor: string | null,
  lookUp: (id: string) => Promise<Lookup<T>>,
): Promise<Page<T | IdOnly>> {
  const after = cursor === null ? '' : readSlice(cursor);
  const rest = ids.filter((id) => id > after);
  const part = rest.slice(0, SLICE);
  const lookups = await Promise.all(part.map(lookUp));
  const last = part.length < rest.length ? part.at(-1) : undefined;
  return {
    items: lookups.flatMap((lookup): (T | IdOnly)[] => {
      if (lookup.status === 'found') return [lookup.record];
      return lookup.status === 'gone' ? [] : [{ externalId: lookup.externalId, idOnly: true, raw: {} }];
    }),
    rejected: [],
    cursor: last === undefined ? null : JSON.stringify([AFTER, last]),
    done: last === undefined,
  };
}

const AFTER = 'after';

function readSlice(cursor: string): string {
  const [mark, after] = cursorParts(cursor);
  if (mark !== AFTER || typeof after !== 'string') throw unknownCursor();
  return after;
}
