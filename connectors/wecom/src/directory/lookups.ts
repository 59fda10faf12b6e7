import { isRetryable, type DepartmentRecord, type Lookup, type UserRecord } from '@trainbridge/connector-kit';
import type { WecomContext } from '../api.js';
import { getDepartment, getMember, listDepartmentIds } from '../api/directory.js';
import { vendorCodeOf } from '../errors.js';
import { readDepartment, readDepartmentId, readMember } from './records.js';

/** "No such userid", also said of people who left, were deleted, or stand just outside the range (D-90313). */
const UNKNOWN_USER = new Set([60111, 40003, 46004]);
/** "Outside the visible range": they exist, or may. */
const NOT_VISIBLE = new Set([60011, 50002, 60021]);
const UNKNOWN_DEPARTMENT = new Set([60003, 60123, 40066]);

/**
 * What an id is now, by `user/get`. Never `gone`: WeCom's words for somebody who left and for somebody out of sight are
 * the same (D-90313).
 */
export async function lookUpMember(
  context: WecomContext,
  externalId: string,
  listedIn?: string,
): Promise<Lookup<UserRecord>> {
  let answer;
  try {
    answer = await getMember(context, externalId);
  } catch (error) {
    const code = vendorCodeOf(error) ?? 0;
    if (UNKNOWN_USER.has(code)) return { externalId, status: 'unknown' };
    if (NOT_VISIBLE.has(code)) return { externalId, status: 'notVisible' };
    throw error;
  }
  const reading = readMember(answer, listedIn);
  if ('record' in reading && reading.record.externalId.toLowerCase() === externalId.toLowerCase()) {
    return { externalId, status: 'found', record: reading.record };
  }
  context.log.warn('user/get answered with somebody else, or without a userid', { asked: externalId });
  return { externalId, status: 'unknown' };
}

/**
 * What departments are now, by `department/get`. What it does not show is looked for among the ids of the whole company,
 * in one call for all; only when it is missing there as well, it is `gone`.
 */
export async function lookUpDepartments(
  context: WecomContext,
  externalIds: readonly string[],
): Promise<Lookup<DepartmentRecord>[]> {
  const seen = await Promise.all(externalIds.map((externalId) => lookUpDepartment(context, externalId)));
  if (seen.every(({ status }) => status === 'found')) return seen;
  const company = await companyDepartments(context);
  return seen.map((lookup): Lookup<DepartmentRecord> => {
    if (lookup.status === 'found' || company === null) return lookup;
    return { externalId: lookup.externalId, status: company.has(lookup.externalId) ? 'notVisible' : 'gone' };
  });
}

/** Was `error` about a department that really exists no more? Asks the id list; false when nobody can tell. */
export async function isDepartmentGone(context: WecomContext, id: string, error: unknown): Promise<boolean> {
  if (!UNKNOWN_DEPARTMENT.has(vendorCodeOf(error) ?? 0)) return false;
  const company = await companyDepartments(context);
  return company !== null && !company.has(id);
}

/** Is `error` the platform's way to say "outside the visible range"? */
export function isOutOfRange(error: unknown): boolean {
  return NOT_VISIBLE.has(vendorCodeOf(error) ?? 0);
}

async function lookUpDepartment(
  context: WecomContext,
  externalId: string,
): Promise<Lookup<DepartmentRecord>> {
  try {
    const reading = readDepartment(await getDepartment(context, externalId));
    if ('record' in reading && reading.record.externalId === externalId) {
      return { externalId, status: 'found', record: reading.record };
    }
    return { externalId, status: 'unknown' };
  } catch (error) {
    if (UNKNOWN_DEPARTMENT.has(vendorCodeOf(error) ?? 0)) return { externalId, status: 'unknown' };
    if (isOutOfRange(error)) return { externalId, status: 'notVisible' };
    throw error;
  }
}

/** Ids of all departments of the company; null when there is no contacts secret, or it is refused for good. */
async function companyDepartments(context: WecomContext): Promise<Set<string> | null> {
  if (!context.config.contactsSecret) return null;
  try {
    const readings = (await listDepartmentIds(context)).map(readDepartmentId);
    // An empty list is no proof of anything: every company has its root.
    if (readings.length === 0) return null;
    return new Set(readings.flatMap((reading) => ('record' in reading ? [reading.record.externalId] : [])));
  } catch (error) {
    if (isRetryable(error)) throw error;
    context.log.warn('the contacts secret could not confirm which departments exist', {});
    return null;
  }
}
