import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue, PlatformEvent, PlatformEventKind } from '@trainbridge/connector-kit';
import { departmentId, idOf, list, text, whole } from '../values.js';

/** What Stream says in headers and a callback, if at all, in the message. */
export interface EventMeta {
  type: string;
  id?: string | undefined;
  time?: number | undefined;
}

interface Meaning {
  kind: PlatformEventKind;
  /** The field with the ids, in lower case. */
  ids: string;
}

const person: Meaning = { kind: 'user.changed', ids: 'userid' };
const department: Meaning = { kind: 'department.changed', ids: 'deptid' };
const approval: Meaning = { kind: 'task.changed', ids: 'processinstanceid' };
const todo: Meaning = { kind: 'todo.changed', ids: 'taskid' };
const contact: Meaning = { kind: 'customer.changed', ids: 'userid' };

/** Page address-book-user-change and its neighbours. The last group only third-party apps are told. */
const meanings: Readonly<Record<string, Meaning>> = {
  user_add_org: person,
  user_modify_org: person,
  user_active_org: person,
  user_leave_org: { kind: 'user.left', ids: 'userid' },
  org_admin_add: person,
  org_admin_remove: person,
  org_dept_create: department,
  org_dept_modify: department,
  org_dept_remove: { kind: 'department.removed', ids: 'deptid' },
  bpms_instance_change: approval,
  bpms_task_change: approval,
  todo_task_create: todo,
  todo_task_update: todo,
  todo_task_delete: todo,
  user_dept_change: person,
  user_role_change: person,
  contact_add_org: contact,
  contact_modify_org: contact,
  contact_leave_org: { kind: 'customer.removed', ids: 'userid' },
};

/**
 * One event as a hint to read the objects again. Documented and recorded spellings differ (`userId`, `UserId`, `userid`),
 * so every field is read without its case. `now` stands in where the event has no time of its own.
 */
export function readEvent(meta: EventMeta, message: JsonObject, now: number): PlatformEvent {
  const fields = new Map(Object.entries(message).map(([name, value]) => [name.toLowerCase(), value]));
  const id = meta.id ?? textOf(fields.get('eventid'));
  const time = meta.time ?? whole(fields.get('eventtime')) ?? whole(fields.get('timestamp')) ?? now;
  const meaning = Object.hasOwn(meanings, meta.type) ? meanings[meta.type] : undefined;
  const ids = meaning ? idsIn(fields.get(meaning.ids), meaning.kind) : [];
  return {
    key: id !== undefined && id.length <= 200 ? id : contentKey(meta.type, fields),
    kind: meaning && ids.length > 0 ? meaning.kind : 'other',
    ids,
    time,
    data: {
      ...hintsOf(meta.type, fields),
      // An approval read again does not name its form.
      ...(meaning === approval ? taskKindOf(fields.get('processcode')) : {}),
    },
  };
}

/** One change can list several: a cascade, a bulk edit. Approvals and to-dos name one, without the list around it. */
function idsIn(value: JsonValue | undefined, kind: PlatformEventKind): string[] {
  const entries = value === undefined ? [] : Array.isArray(value) ? value : [value];
  const read = kind.startsWith('department.') ? departmentId : idOf;
  return [...new Set(entries.flatMap((entry) => read(entry) ?? []))];
}

/** Fields of the transport: the only ones that may differ between two deliveries of one event. */
const TRANSPORT = new Set(['eventid', 'bizid', 'corpid']);

/**
 * Without an event id: the same for every delivery of one event, however its fields are ordered and spelled. Ids and time
 * alone would not do: the start and the end of an approval share both. Fields within fields (old and new values) tell no
 * two events apart that these do not.
 */
function contentKey(type: string, fields: ReadonlyMap<string, JsonValue>): string {
  const content = [...fields]
    .filter(([name]) => !TRANSPORT.has(name))
    .map(([name, value]) => [name, Array.isArray(value) ? value.filter(isFlat) : value] as const)
    .filter(([, value]) => (Array.isArray(value) ? value.length > 0 : isFlat(value)))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const hash = createHash('sha256')
    .update(JSON.stringify([type, content]))
    .digest('hex');
  return `${/^\w{1,64}$/.test(type) ? type : 'event'}.${hash.slice(0, 40)}`;
}

function isFlat(value: JsonValue): boolean {
  return typeof value !== 'object';
}

/** Ids and states worth keeping. Names, old and new values are left out: the object is read again anyway. */
const HINTS = [
  'userId', 'deptId', 'userIdList', 'labelIdList', 'action', 'processInstanceId', 'processCode', 'businessId', 'type',
  'result', 'staffId', 'taskId', 'actionType', 'changeType', 'errCode',
]; // prettier-ignore
const MAX_HINT_ITEMS = 200;

function hintsOf(type: string, fields: ReadonlyMap<string, JsonValue>): JsonObject {
  const hints: JsonObject = { eventType: type.slice(0, 100) };
  for (const name of HINTS) {
    const value = fields.get(name.toLowerCase());
    if (Array.isArray(value)) {
      hints[name] = list(value)
        .flatMap((item) => textOf(item) ?? [])
        .slice(0, MAX_HINT_ITEMS);
    } else {
      const told = textOf(value);
      if (told !== undefined) hints[name] = told.slice(0, 256);
    }
  }
  return hints;
}

function taskKindOf(processCode: JsonValue | undefined): JsonObject {
  const kind = idOf(processCode);
  return kind === null ? {} : { taskKind: kind };
}

export function textOf(value: JsonValue | undefined): string | undefined {
  return text(value) ?? undefined;
}
