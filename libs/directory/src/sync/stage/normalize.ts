import { createHash } from 'node:crypto';
import {
  isJsonObject,
  toE164,
  type DepartmentRecord,
  type ExternalId,
  type JsonObject,
  type RejectedRecord,
  type UserRecord,
} from '@trainbridge/connector-kit';
import { newId } from '@trainbridge/persistence';
import { storable } from '../sql.js';
import { keyOf, USER_COLUMNS } from './fields.js';
import type { Rejection, StagedDepartment, StagedMembership, StagedUser } from './staged-records.js';

const MAX_ID_LENGTH = 256;
const MAX_EXTERNAL_IDS = 20;
const MAX_MEMBERSHIPS = 1_000;
const MAX_LEADERS = 200;
const MAX_CUSTOM_FIELDS_CHARACTERS = 32 * 1024;
const MAX_RAW_CHARACTERS = 128 * 1024;
const MAX_REJECTED_RAW_CHARACTERS = 8 * 1024;

/** Why a record cannot be taken; shown to the administrator beside the raw record. */
export class RecordProblem extends Error {}

/**
 * Checks one person and puts them into the staged form. `mapped` are values of the connection's mapping: they override
 * what the connector said. Records are hostile: nothing about their types is believed.
 *
 * @throws {RecordProblem} naming the field that cannot be taken.
 */
export function normalizeUser(record: UserRecord, mapped: JsonObject): StagedUser {
  const id = idOf(record.externalId, 'externalId');
  const key = keyOf(id);
  const memberships = membershipsOf(record.memberships);
  const base = { key, id, newId: newId('usr'), gone: null, memberships };
  if (record.idOnly === true) return { ...base, idOnly: true, content: {}, raw: {} };
  const content: JsonObject = {};
  for (const { field, maxLength } of USER_COLUMNS) {
    const value = field in mapped ? mapped[field] : record[field];
    if (value !== undefined) content[field] = textOf(value, field, maxLength);
  }
  if (typeof content.mobile === 'string') content.mobile = toE164(content.mobile);
  if (typeof content.avatarUrl === 'string' && !/^https?:\/\//i.test(content.avatarUrl))
    content.avatarUrl = null;
  if (typeof content.managerExternalId === 'string') {
    content.managerKey = keyOf(content.managerExternalId);
    // Platforms let people be their own manager; for everybody else that means: none.
    if (content.managerKey === key) content.managerExternalId = content.managerKey = null;
  }
  const status = mapped.status ?? record.status;
  if (status !== undefined && status !== null) content.status = statusOf(status);
  const customFields = customFieldsOf(record.customFields, mapped.customFields);
  if (customFields) content.customFields = customFields;
  if (record.externalIds !== undefined) content.externalIds = externalIdsOf(record.externalIds);
  return { ...base, idOnly: false, content, raw: rawOf(record.raw) };
}

/** As `normalizeUser`, for departments. A parent of empty text is no parent. */
export function normalizeDepartment(record: DepartmentRecord, mapped: JsonObject): StagedDepartment {
  const id = idOf(record.externalId, 'externalId');
  const parentText = textOf(record.parentExternalId ?? null, 'parentExternalId', MAX_ID_LENGTH);
  const base = { id, newId: newId('dep'), gone: null, parent: parentText };
  if (record.idOnly === true) return { ...base, idOnly: true, content: {}, raw: {} };
  const content: JsonObject = {};
  const name = 'name' in mapped ? mapped.name : record.name;
  if (name !== undefined) content.name = textOf(name, 'name', 300);
  const code = 'code' in mapped ? mapped.code : record.code;
  if (code !== undefined) content.code = textOf(code, 'code', 128);
  const order = 'order' in mapped ? mapped.order : record.order;
  if (order !== undefined && order !== null) content.order = numberOf(order, 'order');
  if (record.leaderExternalIds !== undefined) content.leaderKeys = leaderKeysOf(record.leaderExternalIds);
  if (record.externalIds !== undefined) content.externalIds = externalIdsOf(record.externalIds);
  return { ...base, idOnly: false, content, raw: rawOf(record.raw) };
}

/** What a connector, or we, could not take, ready to be stored: the raw record cut to 8 KiB. */
export function rejection(kind: Rejection['kind'], rejected: RejectedRecord): Rejection {
  const externalId =
    typeof rejected.externalId === 'string' ? storable(rejected.externalId).slice(0, MAX_ID_LENGTH) : null;
  const readable = isWithin(rejected.raw, 1_000_000);
  const json = (readable ? JSON.stringify(rejected.raw) : undefined) ?? '"too large or too deep to be shown"';
  return {
    kind,
    key: externalId ? keyOf(externalId) : createHash('sha256').update(json).digest('hex'),
    externalId,
    reason: storable(String(rejected.reason)).slice(0, 1_000),
    raw:
      !readable || json.length > MAX_REJECTED_RAW_CHARACTERS
        ? { excerpt: json.slice(0, MAX_REJECTED_RAW_CHARACTERS) }
        : rejected.raw,
  };
}

export function idOf(value: unknown, field: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw new RecordProblem(`${field} is missing`);
  if (value.length > MAX_ID_LENGTH)
    throw new RecordProblem(`${field} is longer than ${MAX_ID_LENGTH} characters`);
  if (storable(value) !== value)
    throw new RecordProblem(`${field} holds characters that cannot be stored (NUL)`);
  return value;
}

export function textOf(value: unknown, field: string, maxLength: number): string | null {
  if (value === null) return null;
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== 'string') throw new RecordProblem(`${field} is not text`);
  const trimmed = storable(text).trim();
  if (trimmed.length > maxLength) throw new RecordProblem(`${field} is longer than ${maxLength} characters`);
  return trimmed === '' ? null : trimmed;
}

function numberOf(value: unknown, field: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw new RecordProblem(`${field} is not a number`);
  return number;
}

function statusOf(value: unknown): string {
  if (value === 'active' || value === 'pending' || value === 'disabled') return value;
  throw new RecordProblem('status is none of active, pending, disabled');
}

function customFieldsOf(told: unknown, mapped: unknown): JsonObject | null {
  const parts = [told, mapped].filter((part) => part !== undefined && part !== null);
  if (parts.length === 0) return null;
  if (!parts.every(isObject)) throw new RecordProblem('customFields is not an object');
  const fields = Object.assign({}, ...parts) as JsonObject;
  if (!isWithin(fields, MAX_CUSTOM_FIELDS_CHARACTERS))
    throw new RecordProblem('customFields is too large or too deep');
  return fields;
}

export function externalIdsOf(value: unknown): JsonObject[] {
  if (!Array.isArray(value) || value.length > MAX_EXTERNAL_IDS)
    throw new RecordProblem('externalIds cannot be read');
  const ids = value.map((item: unknown): ExternalId => {
    const { type, value } = (item ?? {}) as Partial<ExternalId>;
    if (typeof type !== 'string' || !/^[a-z0-9_-]{1,64}$/i.test(type)) {
      throw new RecordProblem('externalIds holds a type that is not a plain name');
    }
    return { type, value: idOf(value, `externalIds ${type}`) };
  });
  return ids
    .sort((a, b) => compare(a.type, b.type) || compare(a.value, b.value))
    .map(({ type, value }) => ({ type, value }));
}

function membershipsOf(value: unknown): Record<string, StagedMembership> {
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value)) throw new RecordProblem('memberships is not a list');
  if (value.length > MAX_MEMBERSHIPS) throw new RecordProblem(`more than ${MAX_MEMBERSHIPS} memberships`);
  return Object.fromEntries(
    value.map((item: unknown) => {
      const told = isObject(item) ? item : {};
      const membership: StagedMembership = {};
      if (typeof told.isPrimary === 'boolean') membership.isPrimary = told.isPrimary;
      if (typeof told.isLeader === 'boolean') membership.isLeader = told.isLeader;
      if (typeof told.order === 'number' && Number.isFinite(told.order)) membership.order = told.order;
      return [idOf(told.departmentId, 'memberships departmentId'), membership];
    }),
  );
}

function leaderKeysOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MAX_LEADERS)
    throw new RecordProblem('leaderExternalIds cannot be read');
  return [...new Set(value.map((id) => keyOf(idOf(id, 'leaderExternalIds'))))];
}

export function rawOf(value: unknown): JsonObject {
  if (!isObject(value)) return {};
  return isWithin(value, MAX_RAW_CHARACTERS) ? value : { omitted: 'too large or too deep to be kept' };
}

/** Counts instead of writing JSON: this runs for every record, and what is nested without end must not be walked. */
function isWithin(value: unknown, maxCharacters: number, maxDepth = 64): boolean {
  let left = maxCharacters;
  const fits = (part: unknown, depth: number): boolean => {
    left -= typeof part === 'string' ? part.length + 3 : 8;
    if (left < 0 || depth > maxDepth) return false;
    if (typeof part !== 'object' || part === null) return true;
    for (const key in part) {
      left -= Array.isArray(part) ? 0 : key.length;
      if (!fits((part as Record<string, unknown>)[key], depth + 1)) return false;
    }
    return true;
  };
  return fits(value, 0);
}

function isObject(value: unknown): value is JsonObject {
  return isJsonObject(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
