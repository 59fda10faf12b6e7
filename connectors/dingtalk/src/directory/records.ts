import {
  isJsonObject,
  toE164,
  type DepartmentRecord,
  type JsonObject,
  type JsonValue,
  type Membership,
  type RejectedRecord,
  type UserRecord,
} from '@trainbridge/connector-kit';
import { departmentId, flag, idOf, objects, text, whole } from '../values.js';

/** One record of an answer: understood, or set aside with the reason. */
export type Reading<T> = { record: T } | { rejected: RejectedRecord };

/** What `user/list` says holds for the department that was asked for; `user/get` speaks of all of them. */
export type SeenBy = { listedIn: string } | 'detail';

/**
 * A person as `user/list` or `user/get` shows them (pages queries-the-complete-information-of-a-department-user and
 * query-user-details). A field that is absent may be empty or not permitted, so it stays untold, except where the pages
 * say what absence means: a default avatar, and in the detail nobody above.
 */
export function readUser(value: JsonValue, seenBy: SeenBy): Reading<UserRecord> {
  if (!isJsonObject(value)) return rejected(value, null, 'The person is not an object.');
  const externalId = idOf(value.userid);
  if (externalId === null) return rejected(value, null, 'The person has no usable userid.');
  const record: UserRecord = { externalId, raw: value };
  const unionid = idOf(value.unionid);
  if (unionid !== null) record.externalIds = [{ type: 'unionid', value: unionid }];
  const memberships = readMemberships(value, seenBy);
  if (memberships) record.memberships = memberships;
  // Never activated is `pending`. There is no state for leavers: they disappear.
  const active = flag(value.active);
  if (active !== undefined) record.status = active ? 'active' : 'pending';
  assign(record, 'displayName', text(value.name));
  assign(record, 'employeeNumber', text(value.job_number));
  assign(record, 'jobTitle', text(value.title));
  assign(record, 'workEmail', firstTold(text(value.org_email), text(value.email)));
  assign(record, 'mobile', readMobile(value));
  assign(record, 'avatarUrl', text(value.avatar) ?? null);
  if (seenBy === 'detail') assign(record, 'managerExternalId', idOf(value.manager_userid));
  const customFields = readExtension(value.extension);
  if (customFields) record.customFields = customFields;
  return { record };
}

/** A department as `department/listsub` or `department/get` shows it. */
export function readDepartment(value: JsonValue): Reading<DepartmentRecord> {
  if (!isJsonObject(value)) return rejected(value, null, 'The department is not an object.');
  const externalId = departmentId(value.dept_id);
  if (externalId === null) return rejected(value, null, 'The department has no usable dept_id.');
  const parent = departmentId(value.parent_id);
  const record: DepartmentRecord = {
    externalId,
    // The root has no parent; a department above itself is none either.
    parentExternalId: parent === externalId ? null : parent,
    raw: value,
  };
  const name = text(value.name);
  if (name !== undefined) record.name = name;
  const code = text(value.code);
  if (code !== undefined) record.code = code;
  // Unlike people's ranks, the smaller of two departments comes first.
  const order = whole(value.order);
  if (order !== undefined) record.order = order;
  if (Array.isArray(value.dept_manager_userid_list)) {
    record.leaderExternalIds = value.dept_manager_userid_list.flatMap((leader) => idOf(leader) ?? []);
  }
  return { record };
}

/** Pseudo departments (-1, of education organisations) hold parents and pupils: no part of the company. */
export function isPseudoDepartment(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const id = Number(value.dept_id);
  return Number.isInteger(id) && id < 1;
}

function readMemberships(value: JsonObject, seenBy: SeenBy): Membership[] | undefined {
  const listedIn = seenBy === 'detail' ? undefined : seenBy.listedIn;
  if (!Array.isArray(value.dept_id_list)) return listedIn === undefined ? undefined : [tellOf(listedIn)];
  const ids = value.dept_id_list.flatMap((id) => departmentId(id) ?? []);
  if (listedIn !== undefined) ids.push(listedIn);
  const memberships = [...new Set(ids)].map(tellOf);
  // Most answers do not tell the main department; of somebody in a single one it is known all the same.
  const [only, ...others] = memberships;
  return only && others.length === 0 ? [{ isPrimary: true, ...only }] : memberships;

  function tellOf(id: string): Membership {
    const membership: Membership = { departmentId: id };
    const own = id === listedIn;
    const order = own ? value.dept_order : entryOf(value.dept_order_list, id)?.order;
    const rank = whole(order);
    // The listing runs from the largest rank to the smallest; ours runs the other way.
    if (rank !== undefined) membership.order = 0 - rank;
    const leader = flag(own ? value.leader : entryOf(value.leader_in_dept, id)?.leader);
    if (leader !== undefined) membership.isLeader = leader;
    const main = flag(entryOf(value.dept_position_list, id)?.is_main);
    if (main !== undefined) membership.isPrimary = main;
    return membership;
  }
}

/** `[{dept_id, …}]`: one entry per department, any of which may be missing. */
function entryOf(entries: JsonValue | undefined, id: string): JsonObject | undefined {
  return objects(entries).find((entry) => departmentId(entry.dept_id) === id);
}

/** A number that cannot be one (masked, as some dedicated deployments do) counts as withheld. */
function readMobile(value: JsonObject): string | null | undefined {
  const mobile = text(value.mobile);
  if (typeof mobile !== 'string') return mobile;
  const country = (text(value.state_code) ?? '').replace(/\D/g, '');
  return toE164(mobile, country || '86') ?? undefined;
}

/**
 * The company's own fields: a text that holds a JSON object. Whether the person is an administrator, their work place and
 * the day they joined stay in `raw` for mappings: told beside a withheld extension, they would replace stored fields.
 */
function readExtension(value: JsonValue | undefined): JsonObject | undefined {
  if (value === '') return {};
  if (typeof value !== 'string') return undefined;
  try {
    const fields = JSON.parse(value) as JsonValue;
    return isJsonObject(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}

/** The first that has a value; `null` when at least one was told to be empty. */
function firstTold(...values: (string | null | undefined)[]): string | null | undefined {
  return values.find((value) => typeof value === 'string') ?? values.find((value) => value === null);
}

type TextField =
  'displayName' | 'employeeNumber' | 'jobTitle' | 'workEmail' | 'mobile' | 'avatarUrl' | 'managerExternalId';

function assign(record: UserRecord, field: TextField, value: string | null | undefined): void {
  if (value !== undefined) record[field] = value;
}

function rejected(raw: JsonValue, externalId: string | null, reason: string): { rejected: RejectedRecord } {
  return { rejected: { externalId, reason, raw: isJsonObject(raw) ? raw : { value: raw } } };
}

/** Readings sorted into a page's two lists. */
export function sorted<T>(readings: readonly Reading<T>[]): { items: T[]; rejected: RejectedRecord[] } {
  const items: T[] = [];
  const refused: RejectedRecord[] = [];
  for (const reading of readings) {
    if ('record' in reading) items.push(reading.record);
    else refused.push(reading.rejected);
  }
  return { items, rejected: refused };
}
