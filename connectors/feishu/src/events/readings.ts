import { createHash } from 'node:crypto';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type PlatformEvent,
  type PlatformEventKind,
} from '@trainbridge/connector-kit';
import { id } from '../directory/records.js';

/**
 * What a message tells, in either envelope: 2.0 has `schema` and a header, the older one, which approvals still use, has
 * neither (event-subscription-guide/event-structure). `text`: the message as it was sent; `now` stands in where it has no
 * time of its own.
 */
export function readEvent(message: JsonObject, text: string, now: number): PlatformEvent {
  const event = isJsonObject(message.event) ? message.event : {};
  const header = isJsonObject(message.header) ? message.header : null;
  const type = name(header ? header.event_type : event.type);
  const given = id(header ? header.event_id : message.uuid);
  // No id: the bytes stand for it, and at worst an event is applied twice.
  const key =
    given?.slice(0, 200) ?? `${type}.${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
  const time = millisecondsOf(header ? header.create_time : message.ts) ?? now;
  return { key, ...meaningOf(type, event), time, data: { type, ...hintsOf(event) } };
}

interface Meaning {
  kind: PlatformEventKind;
  ids: string[];
}

/** Every event is a hint to read the object again, never a patch: fields come by permission and in parts. */
function meaningOf(type: string, event: JsonObject): Meaning {
  switch (type) {
    case 'contact.user.created_v3':
    case 'contact.user.updated_v3':
      return about('user.changed', userId(event));
    case 'contact.user.deleted_v3':
      return about('user.left', userId(event));
    case 'contact.department.created_v3':
    case 'contact.department.updated_v3':
      return about('department.changed', idIn(event, 'open_department_id'));
    case 'contact.department.deleted_v3':
      return about('department.removed', idIn(event, 'open_department_id'));
    case 'contact.scope.updated_v3':
      return { kind: 'visibility.changed', ids: [] };
    // The instance decides; what single approvers did (approval_task) comes with it where it matters.
    case 'approval_instance':
    case 'approval.instance.status_changed_v4':
      return about('task.changed', id(event.instance_code));
    case 'task.task.updated_v1':
    case 'task.task.update_tenant_v1':
      return about('todo.changed', id(event.task_id));
    case 'task.task.update_user_access_v2':
      return about('todo.changed', id(event.task_guid));
    default:
      return { kind: 'other', ids: [] };
  }
}

function about(kind: PlatformEventKind, subject: string | null): Meaning {
  return subject === null ? { kind: 'other', ids: [] } : { kind, ids: [subject] };
}

/** The union id needs no permission; where it is missing all the same, another id names the person with its kind. */
function userId(event: JsonObject): string | null {
  const unionId = idIn(event, 'union_id');
  if (unionId !== null) return unionId;
  const others = (['open_id', 'user_id'] as const).flatMap((kind) => {
    const value = idIn(event, kind);
    return value === null ? [] : [`${kind}:${value}`];
  });
  return others[0] ?? null;
}

/** From the object as it is now, or from what is said of the one before: a deleted one may stand only there. */
function idIn(event: JsonObject, key: string): string | null {
  const [now, before] = [event.object, event.old_object];
  return (isJsonObject(now) ? id(now[key]) : null) ?? (isJsonObject(before) ? id(before[key]) : null);
}

/**
 * Seconds (10 digits, `ts` with a fraction), milliseconds (13) or microseconds (16): pages and samples differ, so the
 * length decides.
 */
function millisecondsOf(value: JsonValue | undefined): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{9,19}(\.\d{1,9})?$/.test(text)) return undefined;
  const digits = text.split('.')[0]?.length ?? 0;
  const perMillisecond = digits <= 11 ? 1 / 1_000 : digits <= 14 ? 1 : digits <= 17 ? 1_000 : 1_000_000;
  return Math.round(Number(text) / perMillisecond);
}

/** Ids and states worth keeping. Names, mobiles and mails are left out: the object is read again anyway. */
const HINTS = [
  'approval_code', 'instance_code', 'external_id', 'task_id', 'task_guid', 'status', 'operate_time', 'uuid', 'obj_type',
  'object_type', 'event_type', 'course_id', 'enroll_type', 'learning_state', 'file_token', 'table_id',
]; // prettier-ignore
const OBJECT_HINTS = [
  'open_id',
  'union_id',
  'user_id',
  'open_department_id',
  'department_id',
  'parent_department_id',
];
const MAX_HINT = 200;

function hintsOf(event: JsonObject): JsonObject {
  const hints: JsonObject = {};
  for (const key of HINTS) keep(hints, key, event[key]);
  const object = isJsonObject(event.object) ? event.object : {};
  for (const key of OBJECT_HINTS) keep(hints, key, object[key]);
  const kinds = Array.isArray(event.event_types) ? event.event_types.slice(0, 20).map(name) : [];
  if (kinds.length > 0) hints.eventTypes = kinds;
  return hints;
}

function keep(hints: JsonObject, key: string, value: JsonValue | undefined): void {
  const camel = key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  if (typeof value === 'string' && value !== '') hints[camel] = value.slice(0, MAX_HINT);
  else if (typeof value === 'number') hints[camel] = value;
}

function name(value: JsonValue | undefined): string {
  return typeof value === 'string' && /^[A-Za-z0-9_.]{1,100}$/.test(value) ? value : 'unknown';
}
