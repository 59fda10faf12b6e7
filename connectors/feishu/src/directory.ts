import {
  type DepartmentRecord,
  type DirectoryCapability,
  type Page,
  type RejectedRecord,
  type UserRecord,
} from '@trainbridge/connector-kit';
import type { ApiPage, FeishuContext } from './api.js';
import { contactScopes, usersOfDepartment } from './api/directory.js';
import type { FeishuConfig } from './config.js';
import { grantsOf, readContactRange } from './directory/contact-range.js';
import { readCursor, treeStart, writeCursor } from './directory/cursors.js';
import { lookUpDepartments, lookUpUsers } from './directory/lookups.js';
import { readUser, type Reading } from './directory/records.js';
import { walkStep } from './directory/tree.js';
import { vendorCodeOf } from './errors.js';

/**
 * People by `union_id`, which stays when the app is replaced, unlike `open_id`, and departments by `open_department_id`,
 * which is never given twice, unlike `department_id` (contact-v3/resources).
 */
export const directory: DirectoryCapability<FeishuConfig> = {
  async visibility(context) {
    const range = await readContactRange(context);
    const { isWholeCompany, departmentIds, userIds, groups } = range;
    return {
      grants: grantsOf(range),
      summary: {
        wholeCompany: isWholeCompany,
        departments: departmentIds.length,
        users: userIds.length,
        groups,
      },
    };
  },

  async listDepartments(context, { cursor }) {
    const step = await walkStep(context, cursor === null ? treeStart : readCursor(cursor));
    return pageOf(step.departments, writeCursor(step.next));
  },

  async listUsers(context, { departmentId, cursor }) {
    return departmentId === null ? peopleGranted(context, cursor) : peopleOf(context, departmentId, cursor);
  },

  async getUsers(context, { externalIds }) {
    return lookUpUsers(context, externalIds);
  },

  async getDepartments(context, { externalIds }) {
    return lookUpDepartments(context, externalIds);
  },
};

/**
 * People granted one by one and, with a scope of all members, those directly under the root: no department the app can list
 * leads to them. Whoever is granted exists, whether they can be read or not, until the platform says otherwise. A page may
 * hold none: people, departments and groups share the pages of the grants.
 */
async function peopleGranted(context: FeishuContext, cursor: string | null): Promise<Page<UserRecord>> {
  const { userIds, next } = await contactScopes(context, cursor);
  const items = (await lookUpUsers(context, userIds)).flatMap((lookup): UserRecord[] => {
    if (lookup.status === 'found') return [lookup.record];
    const { externalId } = lookup;
    return lookup.status === 'gone' ? [] : [{ externalId, idOnly: true, raw: { union_id: externalId } }];
  });
  return { items, rejected: [], cursor: next, done: next === null };
}

/** The people directly in one department. */
async function peopleOf(
  context: FeishuContext,
  departmentId: string,
  cursor: string | null,
): Promise<Page<UserRecord>> {
  let page: ApiPage;
  try {
    page = await usersOfDepartment(context, departmentId, cursor);
  } catch (error) {
    // Dissolved between the list of departments and this call; it had to be empty for that.
    if (await isDissolved(context, departmentId, error)) return pageOf<UserRecord>([], null);
    throw error;
  }
  return pageOf(
    page.items.map((person) => readUser(person, departmentId)),
    page.next,
  );
}

/** "This department does not exist", by any of the words for it. */
const UNKNOWN_DEPARTMENT = new Set([40008, 40015, 99992357, 99992380]);

async function isDissolved(context: FeishuContext, departmentId: string, error: unknown): Promise<boolean> {
  if (!UNKNOWN_DEPARTMENT.has(vendorCodeOf(error) ?? 0)) return false;
  const [lookup] = await lookUpDepartments(context, [departmentId]);
  return lookup?.status === 'gone';
}

function pageOf<T extends UserRecord | DepartmentRecord>(
  readings: readonly Reading<T>[],
  cursor: string | null,
): Page<T> {
  const items: T[] = [];
  const rejected: RejectedRecord[] = [];
  for (const reading of readings) {
    if ('record' in reading) items.push(reading.record);
    else rejected.push(reading.rejected);
  }
  return { items, rejected, cursor, done: cursor === null };
}
