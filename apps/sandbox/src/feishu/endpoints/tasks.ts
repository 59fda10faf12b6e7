import { FeishuApiError } from '../api-error.js';
import type { UserIdType } from '../identifiers.js';
import { tiers } from '../limits.js';
import { cutPage, shownItems } from '../paging.js';
import type { Task, TaskChange, TaskMember, TaskTime } from '../tasks.js';
import {
  idTypesOf,
  objectsOf,
  userOf,
  type FeishuCall,
  type FeishuEndpoint,
  type FeishuWorld,
} from '../world.js';

const writing = ['task:task:write', 'task:task:writeonly'];
const reading = ['task:task:read', 'task:task:write'];
const longestSummary = 3000;
const mostMembers = 50;

/** task-v2/task/create. */
export const taskCreate: FeishuEndpoint = {
  method: 'POST',
  path: 'task/v2/tasks',
  token: 'tenant',
  scopes: writing,
  rate: tiers.tenPerSecond,
  handle(call, world) {
    const { user } = idTypesOf(call, world);
    const { body } = call;
    const clientToken = body.client_token;
    if (clientToken !== undefined && !(typeof clientToken === 'string' && /^.{10,100}$/.test(clientToken)))
      invalid();
    const mode = body.mode ?? 2;
    if (mode !== 1 && mode !== 2) invalid();
    const task = world.tasks.create(
      {
        summary: summaryOf(body.summary),
        description: textOf(body.description),
        due: timeOf(body.due),
        start: timeOf(body.start),
        origin: body.origin,
        extra: textOf(body.extra),
        completedAt: completionOf(body.completed_at ?? '0'),
        members: membersOf(body.members ?? [], user, world),
        mode,
      },
      clientToken,
    );
    return { task: taskRecord(task, user, world) };
  },
};

/** task-v2/task/get. */
export const taskGet: FeishuEndpoint = {
  method: 'GET',
  path: 'task/v2/tasks/:task_guid',
  token: 'either',
  scopes: reading,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const { user } = idTypesOf(call, world);
    return { task: taskRecord(taskOf(call, world), user, world) };
  },
};

/** task-v2/task/list: of the person who is logged in; the app itself has no such list. */
export const taskList: FeishuEndpoint = {
  method: 'GET',
  path: 'task/v2/tasks',
  token: 'user',
  scopes: reading,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const { user } = idTypesOf(call, world);
    const person = userOf(call);
    const completed = call.query.get('completed');
    const mine = world.tasks
      .all()
      .filter((task) => task.members.some(({ who, role }) => who === person && role === 'assignee'))
      .filter((task) => completed === null || (task.completedAt !== '0') === (completed === 'true'));
    const rule = { standard: 50, largest: 100, sizeCode: 1470400, tokenCode: 1470400 };
    const { items, fields } = cutPage(call, world, mine, ({ taskId }) => Number(taskId.slice(1)), rule);
    return {
      ...fields,
      ...shownItems(
        items.map((task) => taskRecord(task, user, world)),
        world,
      ),
    };
  },
};

/** task-v2/task/patch: what stands in `update_fields`; a name that stands there without a value is cleared. */
export const taskPatch: FeishuEndpoint = {
  method: 'PATCH',
  path: 'task/v2/tasks/:task_guid',
  token: 'tenant',
  scopes: writing,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const { user } = idTypesOf(call, world);
    const task = taskOf(call, world);
    const names: unknown = call.body.update_fields;
    if (!Array.isArray(names) || names.length === 0) invalid();
    const values = (call.body.task ?? {}) as Record<string, unknown>;
    const edit: Partial<Task> = {};
    const changes = new Set<TaskChange>();
    for (const name of names) {
      const change = Object.hasOwn(edits, String(name)) ? edits[String(name)] : undefined;
      if (change === undefined) invalid();
      Object.assign(edit, change.read(values[String(name)], task, world));
      changes.add(change.says);
    }
    world.tasks.change(task, edit, [...changes]);
    return { task: taskRecord(task, user, world) };
  },
};

/** task-v2/task/delete. */
export const taskDelete: FeishuEndpoint = {
  method: 'DELETE',
  path: 'task/v2/tasks/:task_guid',
  token: 'tenant',
  scopes: writing,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    world.tasks.remove(taskOf(call, world));
    return {};
  },
};

/** task-v2/task/add_members. */
export const taskAddMembers: FeishuEndpoint = {
  method: 'POST',
  path: 'task/v2/tasks/:task_guid/add_members',
  token: 'tenant',
  scopes: writing,
  rate: tiers.hundredPerMinute,
  handle: (call, world) =>
    changeMembers(call, world, (members, named) => [
      ...members.filter((member) => !named.some((added) => same(added, member))),
      ...named,
    ]),
};

/** task-v2/task/remove_members. */
export const taskRemoveMembers: FeishuEndpoint = {
  method: 'POST',
  path: 'task/v2/tasks/:task_guid/remove_members',
  token: 'tenant',
  scopes: writing,
  rate: tiers.thousandPerMinute,
  handle: (call, world) =>
    changeMembers(call, world, (members, named) =>
      members.filter((member) => !named.some((removed) => same(removed, member))),
    ),
};

/** task-v2/task_subscription: switches on events of the second generation for the tasks of this identity. */
export const taskSubscribe: FeishuEndpoint = {
  method: 'POST',
  path: 'task/v2/task_v2/task_subscription',
  token: 'tenant',
  scopes: reading,
  rate: tiers.hundredPerMinute,
  handle(_call, world) {
    world.tasks.subscribed = true;
    return {};
  },
};

/** What a patch may change, how it reads it, and what the event says. Members, reminders and lists are not among it. */
const edits: Readonly<
  Record<string, { says: TaskChange; read(value: unknown, task: Task, world: FeishuWorld): Partial<Task> }>
> = {
  summary: { says: 'task_summary_update', read: (value) => ({ summary: summaryOf(value) }) },
  description: { says: 'task_desc_update', read: (value) => ({ description: textOf(value) }) },
  extra: { says: 'task_desc_update', read: (value) => ({ extra: textOf(value) }) },
  due: { says: 'task_start_due_update', read: (value) => ({ due: timeOf(value) }) },
  start: { says: 'task_start_due_update', read: (value) => ({ start: timeOf(value) }) },
  mode: {
    says: 'task_desc_update',
    read: (value) => (value === 1 || value === 2 ? { mode: value } : invalid()),
  },
  completed_at: {
    says: 'task_completed_update',
    read(value, task, world) {
      const completedAt = completionOf(value ?? '0');
      if (completedAt !== '0' && task.completedAt !== '0')
        throw new FeishuApiError(world.facts.completedAgainCode);
      return { completedAt };
    },
  },
};

function changeMembers(
  call: FeishuCall,
  world: FeishuWorld,
  change: (members: TaskMember[], named: TaskMember[]) => TaskMember[],
): Record<string, unknown> {
  const { user } = idTypesOf(call, world);
  const task = taskOf(call, world);
  const named = membersOf(call.body.members, user, world);
  const members = change(task.members, named);
  if (members.length > mostMembers) throw new FeishuApiError(1470610);
  world.tasks.change(task, { members }, [
    ...(named.some(({ role }) => role === 'assignee') ? (['task_assignees_update'] as const) : []),
    ...(named.some(({ role }) => role === 'follower') ? (['task_followers_update'] as const) : []),
  ]);
  return { task: taskRecord(task, user, world) };
}

function same(left: TaskMember, right: TaskMember): boolean {
  return left.who === right.who && left.role === right.role;
}

/** @throws FeishuApiError 1470404 for no such task; to a user also for one he has no part in. */
function taskOf(call: FeishuCall, world: FeishuWorld): Task {
  const task = world.tasks.get(call.params.task_guid ?? '');
  if (task === undefined) throw new FeishuApiError(1470404);
  if (call.principal.kind === 'user') {
    const { person } = call.principal;
    if (!task.members.some(({ who }) => who === person)) throw new FeishuApiError(1470403);
  }
  return task;
}

function invalid(): never {
  throw new FeishuApiError(1470400);
}

function summaryOf(value: unknown): string {
  return typeof value === 'string' && value !== '' && value.length <= longestSummary ? value : invalid();
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : invalid();
}

function completionOf(value: unknown): string {
  return typeof value === 'string' && /^(0|\d{13})$/.test(value) ? value : invalid();
}

/** Times are texts of milliseconds; a number is refused. */
function timeOf(value: unknown): TaskTime | undefined {
  if (value === undefined || value === null) return undefined;
  const { timestamp, is_all_day = false } = value as { timestamp?: unknown; is_all_day?: unknown };
  if (typeof timestamp !== 'string' || !/^\d{13}$/.test(timestamp) || typeof is_all_day !== 'boolean')
    invalid();
  return { timestamp, is_all_day };
}

function membersOf(list: unknown, type: UserIdType, world: FeishuWorld): TaskMember[] {
  const items = objectsOf(list, 1470400);
  if (items.length > mostMembers) invalid();
  return items.map((item) => {
    const role = item.role === 'assignee' || item.role === 'follower' ? item.role : invalid();
    if (item.type === 'app') return { who: item.id === world.appId ? 'app' : invalid(), role };
    const person = world.ids.person(String(item.id), type);
    // Who left cannot be put on a task.
    if (person === undefined || !world.company.personById(person.id)) invalid();
    return { who: person, role };
  });
}

function taskRecord(task: Task, type: UserIdType, world: FeishuWorld): Record<string, unknown> {
  const idOf = ({ who }: TaskMember): string => (who === 'app' ? world.appId : world.ids.of(who, type));
  const members = task.members.map((member) => ({
    id: idOf(member),
    type: member.who === 'app' ? 'app' : 'user',
    role: member.role,
  }));
  return {
    guid: task.guid,
    task_id: task.taskId,
    summary: task.summary,
    description: task.description,
    ...(task.due === undefined ? {} : { due: task.due }),
    ...(task.start === undefined ? {} : { start: task.start }),
    status: task.completedAt === '0' ? 'todo' : 'done',
    completed_at: task.completedAt,
    members,
    creator: { id: world.appId, type: 'app', role: 'creator' },
    url: `https://applink.feishu.cn/client/todo/detail?guid=${task.guid}`,
    mode: task.mode,
    source: 7,
    ...(task.origin === undefined ? {} : { origin: task.origin }),
    extra: task.extra,
    assignee_related: members
      .filter(({ role }) => role === 'assignee')
      .map(({ id }) => ({ id, completed_at: task.completedAt })),
    created_at: String(task.createdAt),
    updated_at: String(task.updatedAt),
    subtask_count: 0,
  };
}
