import {
  isJsonObject,
  toE164,
  type DepartmentRecord,
  type ExternalId,
  type JsonObject,
  type JsonValue,
  type Membership,
  type RejectedRecord,
  type UserRecord,
  type UserStatus,
} from '@trainbridge/connector-kit';
import { ROOT } from '../api/directory.js';

/** One record of an answer: understood, or set aside with the reason. */
export type Reading<T> = { record: T } | { rejected: RejectedRecord };

/**
 * A person as contact-v3 shows them. What the app may not see is left out of the answer without an error, and stays absent
 * here: only a key that is there and empty becomes `null`. `listedIn`: the department that was asked for, which they belong
 * to even where the app may not read `department_ids`.
 */
export function readUser(value: JsonValue, listedIn?: string): Reading<UserRecord> {
  if (!isJsonObject(value)) return rejected(value, null, 'The person is not an object.');
  const externalId = id(value.union_id);
  if (externalId === null) return rejected(value, null, 'The person has no usable union_id.');
  const record: UserRecord = { externalId, externalIds: readExternalIds(value), raw: value };
  const memberships = readMemberships(value, listedIn);
  if (memberships) record.memberships = memberships;
  const status = readStatus(value);
  if (status) record.status = status;
  assign(record, 'displayName', text(value.name));
  assign(record, 'employeeNumber', text(value.employee_no));
  assign(record, 'workEmail', firstTold(text(value.enterprise_email), text(value.email)));
  assign(record, 'mobile', readMobile(value.mobile));
  assign(record, 'jobTitle', text(value.job_title));
  assign(record, 'managerExternalId', readLeader(value.leader_user_id));
  assign(record, 'avatarUrl', readAvatar(value.avatar));
  const customFields = readCustomFields(value);
  if (customFields) record.customFields = customFields;
  return { record };
}

/** A department as contact-v3 shows it. */
export function readDepartment(value: JsonValue): Reading<DepartmentRecord> {
  if (!isJsonObject(value)) return rejected(value, null, 'The department is not an object.');
  const externalId = id(value.open_department_id);
  if (externalId === null) return rejected(value, null, 'The department has no usable open_department_id.');
  const record: DepartmentRecord = { externalId, raw: value };
  const name = text(value.name);
  if (name !== undefined) record.name = name;
  // The company's own id; another department may get it once this one is deleted, so it is never the key.
  const code = id(value.department_id);
  if (code !== null) {
    record.code = code;
    record.externalIds = [{ type: 'department_id', value: code }];
  }
  const parent = id(value.parent_department_id);
  if (parent !== null) record.parentExternalId = parent === ROOT || parent === externalId ? null : parent;
  // Text in answers, a number in events; smaller first, as with us.
  const order = finite(value.order);
  if (order !== undefined) record.order = order;
  const leaders = readLeaders(value);
  if (leaders) record.leaderExternalIds = leaders;
  return { record };
}

/** Deleted departments and people who left may still be answered for. */
export function isDeleted(department: JsonObject): boolean {
  return isJsonObject(department.status) && department.status.is_deleted === true;
}

export function hasLeft(user: JsonObject): boolean {
  return isJsonObject(user.status) && user.status.is_resigned === true;
}

/** An id as it can be one: ids chosen by companies have up to 64 characters, the platform's own are shorter. */
export function id(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && /^[^\s\p{Cc}]{1,256}$/u.test(value) ? value : null;
}

function readExternalIds(value: JsonObject): ExternalId[] {
  return (['open_id', 'user_id'] as const).flatMap((type) => {
    const other = id(value[type]);
    return other === null ? [] : [{ type, value: other }];
  });
}

/** `department_ids` says where, `orders` in which place; people directly under the root stand in no department. */
function readMemberships(value: JsonObject, listedIn: string | undefined): Membership[] | undefined {
  const told = Array.isArray(value.department_ids) ? value.department_ids : undefined;
  if (told === undefined && listedIn === undefined) return undefined;
  const named = [...(told ?? []), ...(listedIn === undefined ? [] : [listedIn])].map(id);
  const orders = readOrders(value.orders);
  const primary = orders && primaryOf(orders);
  return [...new Set(named)].flatMap((departmentId): Membership[] => {
    if (departmentId === null || departmentId === ROOT) return [];
    const rank = finite(orders?.get(departmentId)?.user_order);
    return [
      {
        departmentId,
        ...(primary === undefined ? {} : { isPrimary: departmentId === primary }),
        // Among people the larger comes first, the opposite of departments.
        ...(rank === undefined ? {} : { order: 0 - rank }),
      },
    ];
  });
}

function readOrders(value: JsonValue | undefined): Map<string, JsonObject> | undefined {
  if (!Array.isArray(value)) return undefined;
  const orders = new Map<string, JsonObject>();
  for (const order of value) {
    const departmentId = isJsonObject(order) ? id(order.department_id) : null;
    if (isJsonObject(order) && departmentId !== null) orders.set(departmentId, order);
  }
  return orders;
}

/** The one marked as primary; where none is marked, the one with the largest `department_order`. */
function primaryOf(orders: ReadonlyMap<string, JsonObject>): string | undefined {
  const all = [...orders];
  const marked = all.find(([, order]) => order.is_primary_dept === true);
  if (marked) return marked[0];
  const ranked = all.flatMap(([departmentId, order]) => {
    const rank = finite(order.department_order);
    return rank === undefined ? [] : [{ departmentId, rank }];
  });
  return ranked.sort((left, right) => right.rank - left.rank)[0]?.departmentId;
}

/** Several flags may be set at once: whoever left or is frozen is disabled, whatever else is said. */
function readStatus(value: JsonObject): UserStatus | undefined {
  const flags = isJsonObject(value.status) ? value.status : {};
  if ([flags.is_frozen, flags.is_resigned, flags.is_exited, value.is_frozen].includes(true))
    return 'disabled';
  if (flags.is_unjoin === true || flags.is_activated === false) return 'pending';
  return flags.is_activated === true ? 'active' : undefined;
}

/** A number that cannot be one counts as withheld. */
function readMobile(value: JsonValue | undefined): string | null | undefined {
  const told = text(value);
  return typeof told === 'string' ? (toE164(told) ?? undefined) : told;
}

function readLeader(value: JsonValue | undefined): string | null | undefined {
  if (value === '' || value === null) return null;
  return id(value) ?? undefined;
}

/** `leaders` names the main leader (1) and deputies (2), in camel case among the snake case around it. */
function readLeaders(value: JsonObject): string[] | undefined {
  if (Array.isArray(value.leaders)) {
    const leaders = value.leaders.filter(isJsonObject);
    const ranked = leaders.sort((left, right) => Number(left.leaderType) - Number(right.leaderType));
    return [...new Set(ranked.flatMap((leader) => id(leader.leaderID) ?? []))];
  }
  const leader = readLeader(value.leader_user_id);
  return leader === undefined ? undefined : leader === null ? [] : [leader];
}

function readAvatar(value: JsonValue | undefined): string | null | undefined {
  if (!isJsonObject(value)) return value === null ? null : undefined;
  const sizes = [value.avatar_240, value.avatar_640, value.avatar_origin, value.avatar_72];
  return firstTold(...sizes.map(text)) ?? null;
}

/** Contact data have a scope of their own, and custom fields have not: telephone fields stay in `raw`. */
function readCustomFields(value: JsonObject): JsonObject | undefined {
  const named = { englishName: value.en_name, nickname: value.nickname, employeeType: value.employee_type };
  const told = Object.entries(named).filter(([, field]) => field !== undefined);
  const attrs = Array.isArray(value.custom_attrs) ? value.custom_attrs.filter(isJsonObject) : undefined;
  if (told.length === 0 && attrs === undefined) return undefined;
  const own = (attrs ?? []).flatMap((attr): [string, JsonValue][] => {
    const name = id(attr.id);
    return name === null || isTelephone(attr.type) ? [] : [[name, readCustomValue(attr.value)]];
  });
  return Object.fromEntries(
    [...told, ...own].filter((entry): entry is [string, JsonValue] => entry[1] !== null && entry[1] !== ''),
  );
}

function isTelephone(type: JsonValue | undefined): boolean {
  return typeof type === 'string' && /PHONE|MOBILE/i.test(type);
}

/** By kind: an option's words, a person's id, a text, or a link; `null` where nothing is filled in. */
function readCustomValue(value: JsonValue | undefined): JsonValue {
  if (!isJsonObject(value)) return null;
  const person = isJsonObject(value.generic_user) ? value.generic_user.id : undefined;
  const told = [value.text, value.option_value, value.name, person, value.url, value.option_id];
  return told.map(text).find((part) => typeof part === 'string') ?? null;
}

/** Absent: not told. Empty: told to be empty. A type nobody expects: not told. */
function text(value: JsonValue | undefined): string | null | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return value === null ? null : undefined;
  const trimmed = value.trim();
  return trimmed === '' ? null : trimmed;
}

/** The first that has a value; `null` when at least one was told to be empty. */
function firstTold(...values: (string | null | undefined)[]): string | null | undefined {
  return values.find((value) => typeof value === 'string') ?? values.find((value) => value === null);
}

function finite(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

type TextField =
  'displayName' | 'employeeNumber' | 'workEmail' | 'mobile' | 'jobTitle' | 'managerExternalId' | 'avatarUrl';

function assign(record: UserRecord, field: TextField, value: string | null | undefined): void {
  if (value !== undefined) record[field] = value;
}

function rejected(raw: JsonValue, externalId: string | null, reason: string): { rejected: RejectedRecord } {
  return { rejected: { externalId, reason, raw: isJsonObject(raw) ? raw : { value: raw } } };
}
