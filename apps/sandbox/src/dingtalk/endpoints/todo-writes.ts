import { randomUUID } from 'node:crypto';
import { NewApiError } from '../api-error.js';
import { todoEvent } from '../events/plain-event.js';
import type { TodoTask } from '../todos.js';
import { objectsOf, type DingtalkCall, type DingtalkEndpoint, type DingtalkWorld } from '../world.js';
import { knownTask, todoDetail } from './todos.js';

// Documentation pages at open.dingtalk.com: add-dingtalk-to-do-task, and the pages beside it.

const write = { generation: 'new', scope: 'Todo.Todo.Write' } as const;
const taskPath = '/v1.0/todo/users/{unionId}/tasks/{taskId}';
const longestSubject = 1024;
const longestDescription = 4096;
const mostExecutors = 1000;
const priorities: readonly unknown[] = [10, 20, 30, 40];

/** `sourceId` may be used once per app; a second time is refused, not merged. */
const create: DingtalkEndpoint = {
  ...write,
  method: 'POST',
  path: '/v1.0/todo/users/{unionId}/tasks',
  handle(call, world) {
    const { body } = call;
    const refuse = (message: string): NewApiError => new NewApiError('todo.taskCreate.paramError', message);
    const owner = unionIdOf(call.path.unionId, world, refuse);
    const task = world.todoTasks.create({
      bizTag: world.app.clientId,
      sourceId: textOf(body, 'sourceId', 128, refuse) ?? '',
      subject: textOf(body, 'subject', longestSubject, refuse) ?? missing('subject', refuse),
      description: textOf(body, 'description', longestDescription, refuse) ?? '',
      dueTime: dueTimeOf(body, refuse),
      detailUrl: detailUrlOf(body.detailUrl, refuse),
      priority: priorityOf(body.priority, refuse),
      creator:
        body.creatorId === undefined
          ? operatorOf(call, world, refuse)
          : unionIdOf(body.creatorId, world, refuse),
      owner,
      participants: peopleOf(body.participantIds ?? [], 'participants', world, refuse),
      executors: new Map(
        peopleOf(body.executorIds ?? [owner], 'executors', world, refuse).map((id) => [id, false]),
      ),
    });
    if (task === undefined) throw refuse('task exist');
    world.announce(todoEvent('create', task, world.now()));
    return { ...todoDetail(task, world), requestId: randomUUID() };
  },
};

/** What is left out stays; `done` closes the whole task. */
const update: DingtalkEndpoint = {
  ...write,
  method: 'PUT',
  path: taskPath,
  handle(call, world) {
    const { body } = call;
    const refuse = (message: string): NewApiError => new NewApiError('todo.taskUpdate.paramError', message);
    operatorOf(call, world, refuse);
    const task = knownTask(call, world, refuse);
    const changed = {
      subject: textOf(body, 'subject', longestSubject, refuse) ?? task.subject,
      description: textOf(body, 'description', longestDescription, refuse) ?? task.description,
      dueTime: dueTimeOf(body, refuse) ?? task.dueTime,
      participants:
        body.participantIds === undefined
          ? task.participants
          : peopleOf(body.participantIds, 'participants', world, refuse),
      executors:
        body.executorIds === undefined
          ? task.executors
          : new Map(
              peopleOf(body.executorIds, 'executors', world, refuse).map((id) => [
                id,
                task.executors.get(id) ?? false,
              ]),
            ),
    };
    if (body.done !== undefined && typeof body.done !== 'boolean') throw refuse('done is invalid');
    Object.assign(task, changed);
    world.todoTasks.touch(task);
    if (typeof body.done === 'boolean') world.todoTasks.mark(task, body.done);
    world.announce(todoEvent('update', task, world.now()));
    return { result: true };
  },
};

/** Executors who finish each for themselves. */
const executorStatus: DingtalkEndpoint = {
  ...write,
  method: 'PUT',
  path: `${taskPath}/executorStatus`,
  handle(call, world) {
    const refuse = (message: string): NewApiError => new NewApiError('todo.taskUpdate.paramError', message);
    operatorOf(call, world, refuse);
    const task = knownTask(call, world, refuse);
    const list = objectsOf(call.body.executorStatusList);
    if (list === undefined || list.length === 0 || list.length > mostExecutors)
      throw refuse('executorStatusList is invalid');
    const marks = new Map<string, boolean>();
    for (const entry of list) {
      if (typeof entry.id !== 'string' || typeof entry.isDone !== 'boolean' || !task.executors.has(entry.id))
        throw refuse('executor is invalid');
      marks.set(entry.id, entry.isDone);
    }
    world.todoTasks.mark(task, marks);
    world.announce(todoEvent('update', task, world.now()));
    return { result: true };
  },
};

/** Takes a to-do out of everybody's list. */
const remove: DingtalkEndpoint = {
  ...write,
  method: 'DELETE',
  path: taskPath,
  handle(call, world) {
    const refuse = (message: string): NewApiError => new NewApiError('todo.taskDelete.paramError', message);
    operatorOf(call, world, refuse);
    const task = knownTask(call, world, refuse);
    world.todoTasks.remove(task);
    world.announce(todoEvent('delete', task, world.now()));
    return { result: true, requestId: randomUUID() };
  },
};

export const todoWriteEndpoints = [create, update, executorStatus, remove];

type Refuse = (message: string) => NewApiError;

function missing(name: string, refuse: Refuse): never {
  throw refuse(`${name} is empty`);
}

function textOf(
  body: Record<string, unknown>,
  name: string,
  longest: number,
  refuse: Refuse,
): string | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw refuse(`${name} is invalid`);
  if (value.length > longest) throw refuse(`${name} is oversize`);
  return value;
}

/** Milliseconds; seconds would lie in 1970. */
function dueTimeOf(body: Record<string, unknown>, refuse: Refuse): number | undefined {
  const { dueTime } = body;
  if (dueTime === undefined || dueTime === null) return undefined;
  if (!Number.isSafeInteger(dueTime) || (dueTime as number) < 1e12) throw refuse('dueTime is invalid');
  return dueTime as number;
}

function priorityOf(value: unknown, refuse: Refuse): number {
  if (value === undefined) return 20;
  if (!priorities.includes(value)) throw refuse('priority is invalid');
  return value as number;
}

/** In effect required since 2024-02-01. */
function detailUrlOf(value: unknown, refuse: Refuse): TodoTask['detailUrl'] {
  const { appUrl, pcUrl } = (value ?? {}) as Record<string, unknown>;
  if (
    typeof appUrl !== 'string' ||
    typeof pcUrl !== 'string' ||
    !URL.canParse(appUrl) ||
    !URL.canParse(pcUrl)
  )
    throw refuse('detailUrl is invalid');
  return { appUrl, pcUrl };
}

/** Everybody in a to-do is named by union id: a userid is nobody here. */
function unionIdOf(value: unknown, world: DingtalkWorld, refuse: Refuse): string {
  if (typeof value !== 'string' || world.humans.byUnion(value) === undefined) throw refuse('user not exist');
  return value;
}

function operatorOf(call: DingtalkCall, world: DingtalkWorld, refuse: Refuse): string {
  return unionIdOf(call.query.get('operatorId') ?? call.path.unionId, world, refuse);
}

function peopleOf(value: unknown, name: string, world: DingtalkWorld, refuse: Refuse): string[] {
  if (!Array.isArray(value)) throw refuse(`${name} is invalid`);
  if (value.length > mostExecutors) throw refuse(`${name} is oversize`);
  return value.map((id) => unionIdOf(id, world, refuse));
}
