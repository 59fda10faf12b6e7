import type { DepartmentRecord, JsonObject, Lookup, UserRecord } from '@trainbridge/connector-kit';
import type { DingtalkContext } from '../api.js';
import { getDepartment, getUser } from '../api/directory.js';
import { vendorCodeOf } from '../errors.js';
import { OUT_OF_RANGE, UNKNOWN_DEPARTMENT, UNKNOWN_USER } from '../errors/codes.js';
import { departmentId } from '../values.js';
import { readDepartment, readUser, type Reading } from './records.js';

/** What a person is now. DingTalk tells "no such person" from "outside the range", so `gone` is proof here. */
export function lookUpUser(context: DingtalkContext, externalId: string): Promise<Lookup<UserRecord>> {
  return lookUp(
    context,
    externalId,
    UNKNOWN_USER,
    () => getUser(context, externalId),
    (answer) => readUser(answer, 'detail'),
  );
}

export async function lookUpDepartment(
  context: DingtalkContext,
  externalId: string,
): Promise<Lookup<DepartmentRecord>> {
  // Ids below 1 are pseudo departments, which we never stored.
  if (departmentId(externalId) === null) return { externalId, status: 'unknown' };
  return lookUp(
    context,
    externalId,
    UNKNOWN_DEPARTMENT,
    () => getDepartment(context, externalId),
    readDepartment,
  );
}

/** Asks, and sorts refusals into what they prove. `gone`: the codes that say there is no such thing. */
export async function lookUp<T extends { externalId: string }>(
  context: DingtalkContext,
  externalId: string,
  gone: ReadonlySet<string>,
  ask: () => Promise<JsonObject>,
  read: (answer: JsonObject) => Reading<T>,
): Promise<Lookup<T>> {
  let answer;
  try {
    answer = await ask();
  } catch (error) {
    const code = vendorCodeOf(error) ?? '';
    if (gone.has(code)) return { externalId, status: 'gone' };
    if (OUT_OF_RANGE.has(code)) return { externalId, status: 'notVisible' };
    throw error;
  }
  const reading = read(answer);
  if ('record' in reading && reading.record.externalId === externalId)
    return { externalId, status: 'found', record: reading.record };
  context.log.warn('a lookup was answered with something else, or without an id', { asked: externalId });
  return { externalId, status: 'unknown' };
}
