import { randomUUID } from 'node:crypto';
import type { CompanyChange } from '../../company/index.js';
import type { Approval } from '../approvals.js';
import { deptIdOf } from '../ids.js';
import type { TodoTask } from '../todos.js';

/** One event as it stands before it takes the form of a channel. */
export interface PlainEvent {
  eventType: string;
  family: 'contacts' | 'approvals' | 'todos';
  eventId: string;
  bizId: string;
  /** Milliseconds since the epoch. */
  bornAt: number;
  /** The event's own fields, spelled as documented. */
  fields: Readonly<Record<string, unknown>>;
}

/** An event of a caller's own making. */
export function plainEvent(
  family: PlainEvent['family'],
  eventType: string,
  fields: Record<string, unknown>,
  at: number,
): PlainEvent {
  return {
    eventType,
    family,
    eventId: randomUUID().replaceAll('-', ''),
    bizId: randomUUID(),
    bornAt: at,
    fields,
  };
}

/** The contact events of a change in the company (address-book-user-change). */
export function contactEvents(change: CompanyChange, at: number): PlainEvent[] {
  const users = (eventType: string, ...accounts: string[]): PlainEvent =>
    plainEvent('contacts', eventType, { timeStamp: String(at), userId: accounts }, at);
  const departments = (eventType: string, id: number): PlainEvent =>
    plainEvent('contacts', eventType, { timeStamp: String(at), deptId: [deptIdOf(id)] }, at);
  switch (change.kind) {
    case 'person.created':
      // Somebody new is told twice.
      return [users('user_add_org', change.person.account), users('user_modify_org', change.person.account)];
    case 'person.removed':
      return [users('user_leave_org', change.person.account)];
    case 'person.updated': {
      const { person, changed, previousAccount } = change;
      // A userid never changes: another account in the company is somebody else here.
      if (changed.includes('account'))
        return [users('user_leave_org', previousAccount), users('user_add_org', person.account)];
      const activated = changed.includes('status') && person.status === 'active';
      return [users(activated ? 'user_active_org' : 'user_modify_org', person.account)];
    }
    case 'department.created':
      return [departments('org_dept_create', change.department.id)];
    case 'department.removed':
      return [departments('org_dept_remove', change.department.id)];
    case 'department.updated': {
      const modified = departments('org_dept_modify', change.department.id);
      // The root carries the name of the company. Children and members of a moved department stay silent.
      return change.department.parentId === 0
        ? [plainEvent('contacts', 'org_change', { timeStamp: String(at) }, at), modified]
        : [modified];
    }
  }
}

/** The events that a step of an approval causes: of its task, and of itself (event-bpms-instance-change). */
export function approvalEvents(
  approval: Approval,
  step: 'start' | 'finish' | 'terminate' | { deleted: string },
  at: number,
): PlainEvent[] {
  const { processInstanceId, processCode, title, businessId, createTime, originator, approver } = approval;
  const both = { processInstanceId, processCode, title, businessId, bizCategoryId: '', createTime };
  const finish = step === 'finish' || step === 'terminate' ? { finishTime: approval.finishTime } : {};
  const result = step === 'finish' ? { result: approval.result } : {};
  const url = `https://aflow.dingtalk.com/dingtalk/mobile/homepage.htm?procInstId=${processInstanceId}`;
  const ofInstance = plainEvent(
    'approvals',
    'bpms_instance_change',
    {
      ...both,
      staffId: originator,
      type: typeof step === 'object' ? step.deleted : step,
      ...result,
      ...finish,
      url,
      businessType: '',
    },
    at,
  );
  if (typeof step === 'object') return [ofInstance];
  const ofTask = plainEvent(
    'approvals',
    'bpms_task_change',
    {
      ...both,
      staffId: approver,
      type: step === 'terminate' ? 'cancel' : step,
      ...result,
      ...finish,
      taskId: approval.taskId,
      ...(step === 'finish' ? { remark: '' } : {}),
    },
    at,
  );
  return step === 'start' ? [ofInstance, ofTask] : [ofTask, ofInstance];
}

/** A to-do was made, changed or taken away. */
export function todoEvent(kind: 'create' | 'update' | 'delete', task: TodoTask, at: number): PlainEvent {
  const fields = { taskId: task.id, bizTag: task.bizTag, unionIdList: [...task.executors.keys()] };
  return plainEvent('todos', `todo_task_${kind}`, fields, at);
}

/** Joins events of one kind that follow each other, as a bulk edit does: one event with several ids. */
export function bundled(events: readonly PlainEvent[]): PlainEvent[] {
  const joined: PlainEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    const key = ['userId', 'deptId'].find((name) => Array.isArray(event.fields[name]));
    if (key === undefined || last?.eventType !== event.eventType) joined.push(event);
    else {
      const ids = [...(last.fields[key] as unknown[]), ...(event.fields[key] as unknown[])];
      joined[joined.length - 1] = { ...last, fields: { ...last.fields, [key]: [...new Set(ids)] } };
    }
  }
  return joined;
}

/** Whom or what an event is about, for logs. */
export function aboutOf({ fields }: PlainEvent): string {
  const subject: unknown = fields.userId ?? fields.deptId ?? fields.processInstanceId ?? fields.taskId;
  return Array.isArray(subject) ? subject.join() : typeof subject === 'string' ? subject : '';
}

/** Fields that keep their small letter over HTTP (address-book-user-change). */
const plainNames: readonly string[] = ['taskId', 'bizTag'];

/** The flat object of an HTTP callback: as recorded, or as documented (address-book-user-change). */
export function httpPayload(
  event: PlainEvent,
  corpId: string,
  form: 'recorded' | 'documented',
): Record<string, unknown> {
  const { eventType, fields, bornAt, bizId, eventId } = event;
  if (form === 'documented')
    return { EventType: eventType, EventTime: bornAt, CorpId: corpId, BizId: bizId, eventId, ...fields };
  if (event.family === 'approvals') return { ...fields, EventType: eventType, corpId };
  const recorded: Record<string, unknown> = { TimeStamp: String(bornAt), CorpId: corpId };
  for (const [name, value] of Object.entries(fields))
    recorded[plainNames.includes(name) ? name : name.charAt(0).toUpperCase() + name.slice(1)] = value;
  return { ...recorded, EventType: eventType };
}

/** An event as the list of failures shows it, names of ids in lower case (obtain-the-event-list-of-failed-push-messages). */
export function failedEntry(event: PlainEvent, corpId: string): Record<string, unknown> {
  const { eventType, fields } = event;
  const content =
    event.family === 'approvals'
      ? { bpmsCallBackData: fields, corpid: corpId }
      : fields.userId !== undefined
        ? { userid: fields.userId, corpid: corpId }
        : fields.deptId !== undefined
          ? { deptid: fields.deptId, corpid: corpId }
          : { callbackData: fields, corpid: corpId };
  return { call_back_tag: eventType, event_time: event.bornAt, [eventType]: content };
}
