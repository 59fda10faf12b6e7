import {
  isJsonObject,
  type DepartmentRecord,
  type JsonValue,
  type Lookup,
  type UserRecord,
} from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { departmentById, departmentsByIds, userById, usersByIds, type UserIdType } from '../api/directory.js';
import { vendorCodeOf } from '../errors.js';
import { hasLeft, id, isDeleted, readDepartment, readUser } from './records.js';

/** "No authority over this person": they exist, or may. */
const HIDDEN_USER = new Set([41050, 40004, 40014]);
const HIDDEN_DEPARTMENT = new Set([40004, 40014]);
/** The directory's own word that a department does not exist. */
const NO_DEPARTMENT = 40015;
/**
 * The gateway's words for ids it cannot make sense of (99992351 to 99992381), also said of ids of another kind, app or
 * company. A changed app makes all ids such at once: no proof that anybody left.
 */
function isUnknownId(code: number): boolean {
  return code >= 99992351 && code <= 99992381;
}

/** What a batch shows: nothing when one id in it makes no sense to the gateway, so that each is asked for alone. */
async function shown(batch: Promise<JsonValue[]>): Promise<JsonValue[]> {
  try {
    return await batch;
  } catch (error) {
    if (isUnknownId(vendorCodeOf(error) ?? 0)) return [];
    throw error;
  }
}

interface Asked {
  externalId: string;
  type: UserIdType;
  value: string;
}

/**
 * What people are now. One call for all; a batch leaves out whom it will not show, and only the single question tells those
 * who left from those out of sight. Ids of another kind (`open_id:ou_…`) are first turned into union ids, because ids
 * inside an answer are of the kind that was asked by.
 */
export async function lookUpUsers(
  context: FeishuContext,
  externalIds: readonly string[],
): Promise<Lookup<UserRecord>[]> {
  const asked = externalIds.map(readAsked);
  const unionIds = new Map<string, string>();
  for (const { externalId, type, value } of asked) if (type === 'union_id') unionIds.set(externalId, value);
  await Promise.all(
    (['open_id', 'user_id'] as const).map(async (type) => {
      const others = asked.filter((one) => one.type === type);
      const values = [...new Set(others.map(({ value }) => value))];
      const people = await shown(usersByIds(context, values, type));
      for (const person of people.filter(isJsonObject)) {
        const unionId = id(person.union_id);
        const one = others.filter(({ value }) => value === person[type]);
        if (unionId !== null) for (const { externalId } of one) unionIds.set(externalId, unionId);
      }
    }),
  );
  const found = new Map<string, UserRecord>();
  for (const person of await shown(usersByIds(context, [...new Set(unionIds.values())]))) {
    const reading = readUser(person);
    if ('record' in reading && !(isJsonObject(person) && hasLeft(person)))
      found.set(reading.record.externalId, reading.record);
  }
  return Promise.all(
    asked.map(async (one): Promise<Lookup<UserRecord>> => {
      const record = found.get(unionIds.get(one.externalId) ?? '');
      return record ? { externalId: one.externalId, status: 'found', record } : lookUpUser(context, one);
    }),
  );
}

async function lookUpUser(
  context: FeishuContext,
  { externalId, type, value }: Asked,
): Promise<Lookup<UserRecord>> {
  try {
    const person = await userById(context, value, type);
    if (hasLeft(person)) return { externalId, status: 'gone' };
    const reading = readUser(person);
    if (!('record' in reading) || (type === 'union_id' && reading.record.externalId !== value)) {
      context.log.warn('contact/v3/users answered with somebody else, or without a union_id', {
        asked: externalId,
      });
      return { externalId, status: 'unknown' };
    }
    const { managerExternalId, ...rest } = reading.record;
    // Asked by another kind of id, the manager is told by that kind as well: not told is better than told wrong.
    const record =
      type === 'union_id' && managerExternalId !== undefined ? { ...rest, managerExternalId } : rest;
    return { externalId, status: 'found', record };
  } catch (error) {
    const code = vendorCodeOf(error) ?? 0;
    if (HIDDEN_USER.has(code)) return { externalId, status: 'notVisible' };
    if (isUnknownId(code)) return { externalId, status: 'unknown' };
    throw error;
  }
}

/** What departments are now: one call for all, then one for each that it left out. */
export async function lookUpDepartments(
  context: FeishuContext,
  externalIds: readonly string[],
): Promise<Lookup<DepartmentRecord>[]> {
  const found = new Map<string, DepartmentRecord>();
  for (const department of await shown(departmentsByIds(context, externalIds))) {
    const reading = readDepartment(department);
    if ('record' in reading && !(isJsonObject(department) && isDeleted(department)))
      found.set(reading.record.externalId, reading.record);
  }
  return Promise.all(
    externalIds.map(async (externalId): Promise<Lookup<DepartmentRecord>> => {
      const record = found.get(externalId);
      return record ? { externalId, status: 'found', record } : lookUpDepartment(context, externalId);
    }),
  );
}

async function lookUpDepartment(
  context: FeishuContext,
  externalId: string,
): Promise<Lookup<DepartmentRecord>> {
  try {
    const department = await departmentById(context, externalId);
    const reading = readDepartment(department);
    if (!('record' in reading) || reading.record.externalId !== externalId)
      return { externalId, status: 'unknown' };
    return isDeleted(department)
      ? { externalId, status: 'gone' }
      : { externalId, status: 'found', record: reading.record };
  } catch (error) {
    const code = vendorCodeOf(error) ?? 0;
    if (code === NO_DEPARTMENT) return { externalId, status: 'gone' };
    if (HIDDEN_DEPARTMENT.has(code)) return { externalId, status: 'notVisible' };
    if (isUnknownId(code)) return { externalId, status: 'unknown' };
    throw error;
  }
}

function readAsked(externalId: string): Asked {
  const [, type, value] = /^(open_id|user_id|union_id):(.+)$/.exec(externalId) ?? [];
  return value === undefined
    ? { externalId, type: 'union_id', value: externalId }
    : { externalId, type: type as UserIdType, value };
}
