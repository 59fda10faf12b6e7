import type { FeishuContext } from '../api.js';
import { contactScopes, departmentsBelow, ROOT } from '../api/directory.js';
import { vendorCodeOf } from '../errors.js';

/** What an administrator chose as the app's contact scope (通讯录权限范围). */
export interface ContactRange {
  /** All members: the ids below are then the topmost departments and the people directly under the root. */
  isWholeCompany: boolean;
  departmentIds: string[];
  userIds: string[];
  groups: number;
}

export async function readContactRange(context: FeishuContext): Promise<ContactRange> {
  const range: ContactRange = {
    isWholeCompany: await seesRoot(context),
    departmentIds: [],
    userIds: [],
    groups: 0,
  };
  let token: string | null = null;
  do {
    const page = await contactScopes(context, token);
    range.departmentIds.push(...page.departmentIds);
    range.userIds.push(...page.userIds);
    range.groups += page.groupIds.length;
    token = page.next;
  } while (token !== null);
  return range;
}

/**
 * The range as grants. A scope of all members is one grant: the ids it is listed with are those of the day, and one of
 * these people leaving, or one of these departments being closed, must not look like a narrowed range.
 */
export function grantsOf({ isWholeCompany, departmentIds, userIds }: ContactRange): string[] {
  if (isWholeCompany) return ['company'];
  const grants = [...departmentIds.map((id) => `department:${id}`), ...userIds.map((id) => `user:${id}`)];
  return [...new Set(grants)].sort();
}

/** "No authority over this department": what an app without a scope of all members hears about root. */
const NO_AUTHORITY = new Set([40004, 40014]);

/** The one question that tells a scope of all members from a scope that happens to name the same departments. */
async function seesRoot(context: FeishuContext): Promise<boolean> {
  try {
    await departmentsBelow(context, ROOT, { recursive: false, pageToken: null, pageSize: 1 });
    return true;
  } catch (error) {
    if (NO_AUTHORITY.has(vendorCodeOf(error) ?? 0)) return false;
    throw error;
  }
}
