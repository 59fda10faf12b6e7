import {
  isJsonObject,
  toE164,
  type DepartmentRecord,
  type JsonObject,
  type JsonValue,
  type Membership,
  type RejectedRecord,
  type UserRecord,
  type UserStatus,
} from '@trainbridge/connector-kit';

/** One record of an answer: understood, or set aside with the reason. */
export type Reading<T> = { record: T } | { rejected: RejectedRecord };

/**
 * A member as `user/list` or `user/get` shows them (D-90196). What the app may not see is absent
 * from the answer, and stays absent here: only a key that is there and empty becomes `null`. `listedIn`: the department
 * that was asked for, which they belong to even where `department` does not say so.
 */
export function readMember(value: JsonValue, listedIn?: string): Reading<UserRecord> {
  if (!isJsonObject(value)) return rejected(value, null, 'The member is not an object.');
  const externalId = userId(value.userid);
  if (externalId === null) return rejected(value, null, 'The member has no usable userid.');
  const record: UserRecord = { externalId, raw: value };
  const memberships = readMemberships(value, listedIn);
  if (memberships) record.memberships = memberships;
  const status = readStatus(value);
  if (status) record.status = status;
  assign(record, 'displayName', text(value.name));
  assign(record, 'jobTitle', firstTold(text(value.position), text(firstOf(value.positions))));
  assign(record, 'workEmail', firstTold(text(value.biz_mail), text(value.email)));
  assign(record, 'mobile', readMobile(value.mobile));
  assign(record, 'avatarUrl', firstTold(text(value.avatar), text(value.thumb_avatar)));
  assign(record, 'managerExternalId', readLeader(value.direct_leader));
  const customFields = readCustomFields(value);
  if (customFields) record.customFields = customFields;
  return { record };
}

/** A department as `department/list` or `department/get` shows it. */
export function readDepartment(value: JsonValue): Reading<DepartmentRecord> {
  if (!isJsonObject(value)) return rejected(value, null, 'The department is not an object.');
  const externalId = departmentId(value.id);
  if (externalId === null) return rejected(value, null, 'The department has no usable id.');
  const record: DepartmentRecord = {
    externalId,
    parentExternalId: readParent(value, externalId),
    raw: value,
  };
  const name = text(value.name);
  if (name !== undefined) record.name = name;
  const order = rank(value.order);
  if (order !== undefined) record.order = order;
  if (Array.isArray(value.department_leader)) {
    record.leaderExternalIds = value.department_leader.flatMap((leader) => userId(leader) ?? []);
  }
  return { record };
}

/** A row of `department/simplelist`: it exists, and that is all it says. */
export function readDepartmentId(value: JsonValue): Reading<DepartmentRecord> {
  const externalId = isJsonObject(value) ? departmentId(value.id) : null;
  if (!isJsonObject(value) || externalId === null) {
    return rejected(value, null, 'The row of the department list has no usable id.');
  }
  return {
    record: { externalId, idOnly: true, parentExternalId: readParent(value, externalId), raw: value },
  };
}

/** Rows of `user/list_id`, one per person and department, put together to one record per person. */
export function readIdRows(rows: readonly JsonValue[]): { items: UserRecord[]; rejected: RejectedRecord[] } {
  const people = new Map<string, { userid: string; departments: Set<string> }>();
  const refused: RejectedRecord[] = [];
  for (const row of rows) {
    const userid = isJsonObject(row) ? userId(row.userid) : null;
    if (!isJsonObject(row) || userid === null) {
      refused.push(rejected(row, null, 'The row of the id list has no usable userid.').rejected);
      continue;
    }
    const key = userid.toLowerCase();
    let person = people.get(key);
    if (!person) people.set(key, (person = { userid, departments: new Set() }));
    const department = departmentId(row.department);
    if (department !== null) person.departments.add(department);
  }
  const items = [...people.values()].map(({ userid, departments }): UserRecord => ({
    externalId: userid,
    idOnly: true,
    memberships: [...departments].map((id) => ({ departmentId: id })),
    raw: { userid, department: [...departments].map(Number) },
  }));
  return { items, rejected: refused };
}

const MAX_ID = 256;

/**
 * A userid as WeCom wrote it, case included: it compares without case and is shown as given (D-90195). People of
 * linked corporations are `CorpId/userid`, so more than the documented 64 bytes is let through.
 */
export function userId(value: JsonValue | undefined): string | null {
  const id = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof id === 'string' && id.length <= MAX_ID && /^[^\s\p{Cc}]+$/u.test(id) ? id : null;
}

/** A department's id as text. WeCom's are 32-bit numbers above 0. */
export function departmentId(value: JsonValue | undefined): string | null {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? String(id) : null;
}

/** The root's parent is 0 or absent (the pages do not say); a department above itself is none either. */
function readParent(value: JsonObject, own: string): string | null {
  const parent = departmentId(value.parentid);
  return parent === own ? null : parent;
}

/** WeCom's ranks put the larger first, ours the smaller. */
function rank(value: JsonValue | undefined): number | undefined {
  const order = whole(value);
  return order === undefined ? undefined : 0 - order;
}

/** `department`, `order` and `is_leader_in_dept` go side by side by index; any of them may be short or missing. */
function readMemberships(value: JsonObject, listedIn: string | undefined): Membership[] | undefined {
  if (!Array.isArray(value.department))
    return listedIn === undefined ? undefined : [{ departmentId: listedIn }];
  const orders = Array.isArray(value.order) ? value.order : [];
  const leads = Array.isArray(value.is_leader_in_dept) ? value.is_leader_in_dept : [];
  const main = departmentId(value.main_department);
  const memberships = new Map<string, Membership>();
  value.department.forEach((entry, index) => {
    const id = departmentId(entry);
    if (id === null) return;
    const membership: Membership = { departmentId: id };
    const order = rank(orders[index]);
    if (order !== undefined) membership.order = order;
    const leader = whole(leads[index]);
    if (leader !== undefined) membership.isLeader = leader === 1;
    // Absent where the app cannot see the main department: then nobody knows which one it is.
    if (main !== null) membership.isPrimary = id === main;
    memberships.set(id, membership);
  });
  if (listedIn !== undefined && !memberships.has(listedIn))
    memberships.set(listedIn, { departmentId: listedIn });
  return [...memberships.values()];
}

/** 1 activated, 2 disabled, 4 not activated, 5 left; `enable` 0 is disabled whatever `status` says (D-90196). */
function readStatus(value: JsonObject): UserStatus | undefined {
  if (whole(value.enable) === 0) return 'disabled';
  switch (whole(value.status)) {
    case 1:
      return 'active';
    case 2:
    case 5:
      return 'disabled';
    case 4:
      return 'pending';
    default:
      return undefined;
  }
}

/** A number that cannot be one (`138****1111`, as some private deployments mask them) counts as withheld. */
function readMobile(value: JsonValue | undefined): string | null | undefined {
  const told = text(value);
  return typeof told === 'string' ? (toE164(told) ?? undefined) : told;
}

/** Pages of 2026 say one leader, error 60257 five: the first counts, the rest stays in `raw` (D-90196). */
function readLeader(value: JsonValue | undefined): string | null | undefined {
  if (Array.isArray(value)) return value.length === 0 ? null : (userId(value[0]) ?? undefined);
  return typeof value === 'string' ? (value === '' ? null : (userId(value) ?? undefined)) : undefined;
}

/** Telephone and address stay in `raw`: contact data has a scope of its own, and custom fields have not. */
function readCustomFields(value: JsonObject): JsonObject | undefined {
  const told = Object.entries({ alias: text(value.alias), englishName: text(value.english_name) });
  if (told.every(([, field]) => field === undefined)) return undefined;
  return Object.fromEntries(told.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
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

function firstOf(value: JsonValue | undefined): JsonValue | undefined {
  return Array.isArray(value) ? value[0] : undefined;
}

function whole(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

type TextField = 'displayName' | 'jobTitle' | 'workEmail' | 'mobile' | 'avatarUrl' | 'managerExternalId';

function assign(record: UserRecord, field: TextField, value: string | null | undefined): void {
  if (value !== undefined) record[field] = value;
}

function rejected(raw: JsonValue, externalId: string | null, reason: string): { rejected: RejectedRecord } {
  return { rejected: { externalId, reason, raw: isJsonObject(raw) ? raw : { value: raw } } };
}
