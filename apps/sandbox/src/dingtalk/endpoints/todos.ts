import { randomUUID } from 'node:crypto';
import { NewApiError } from '../api-error.js';
import type { TodoTask } from '../todos.js';
import type { DingtalkCall, DingtalkEndpoint, DingtalkWorld } from '../world.js';

// Documentation pages at open.dingtalk.com: add-dingtalk-to-do-task, and the pages beside it.

const read = { generation: 'new', scope: 'Todo.Todo.Read' } as const;
const pageSize = 20;
const doneWindow = 180 * 86_400_000;

/** What is on somebody's list; done tasks of the last 180 days only. */
const query: DingtalkEndpoint = {
  ...read,
  method: 'POST',
  path: '/v1.0/todo/users/{unionId}/org/tasks/query',
  handle(call, world) {
    const { nextToken = '', isDone } = call.body;
    const from = nextToken === '' || nextToken === null ? 0 : Number(nextToken);
    if (!Number.isSafeInteger(from) || from < 0)
      throw new NewApiError('todo.taskQuery.paramError', 'nextToken is invalid');
    const unionId = call.path.unionId ?? '';
    const found = world.todoTasks
      .all()
      .filter((task) => !task.removed && (task.executors.has(unionId) || task.creator === unionId))
      .filter((task) => !task.done || task.modifiedTime > world.now() - doneWindow)
      .filter((task) => isDone === undefined || task.done === isDone);
    const todoCards = found.slice(from, from + pageSize).map((task) => ({
      taskId: task.id,
      subject: task.subject,
      ...(task.dueTime === undefined ? {} : { dueTime: task.dueTime }),
      detailUrl: task.detailUrl,
      priority: task.priority,
      createdTime: task.createdTime,
      modifiedTime: task.modifiedTime,
      creatorId: shownId(task.creator, world),
      sourceId: task.sourceId,
      bizTag: task.bizTag,
      isDone: task.done,
    }));
    const next = from + pageSize;
    return { nextToken: next < found.length ? String(next) : null, todoCards };
  },
};

/** A task by the id its app gave it. */
const bySource: DingtalkEndpoint = {
  ...read,
  method: 'GET',
  path: '/v1.0/todo/users/{unionId}/tasks/sources/{sourceId}',
  handle(call, world) {
    const task = world.todoTasks.bySourceId(world.app.clientId, call.path.sourceId ?? '');
    if (task === undefined) throw new NewApiError('todo.taskQuery.paramError', 'task not exist');
    return { ...todoDetail(task, world), requestId: randomUUID() };
  },
};

export const todoReadEndpoints = [query, bySource];

/** A task in full. People may stand in it under short internal numbers instead of the union ids they came with. */
export function todoDetail(task: TodoTask, world: DingtalkWorld): Record<string, unknown> {
  return {
    id: task.id,
    subject: task.subject,
    description: task.description,
    ...(task.dueTime === undefined ? {} : { dueTime: task.dueTime }),
    done: task.done,
    executorIds: [...task.executors.keys()].map((id) => shownId(id, world)),
    participantIds: task.participants.map((id) => shownId(id, world)),
    detailUrl: task.detailUrl,
    source: 'isv',
    sourceId: task.sourceId,
    bizTag: task.bizTag,
    priority: task.priority,
    createdTime: task.createdTime,
    modifiedTime: task.modifiedTime,
    creatorId: shownId(task.creator, world),
    modifierId: shownId(task.creator, world),
  };
}

/** The task of the path. @throws what `refuse` makes, for one that is gone, of another app or of another owner. */
export function knownTask(
  call: DingtalkCall,
  world: DingtalkWorld,
  refuse: (message: string) => NewApiError,
): TodoTask {
  const task = world.todoTasks.get(call.path.taskId ?? '');
  if (task === undefined) throw refuse('task not exist');
  if (task.bizTag !== world.app.clientId) throw refuse('task not belong to bizTag');
  const owner = call.path.unionId ?? '';
  if (task.owner !== owner && task.creator !== owner && !task.executors.has(owner))
    throw refuse('task not exist');
  return task;
}

function shownId(unionId: string, world: DingtalkWorld): string {
  if (world.facts.todoReadIds === 'unionId') return unionId;
  const person = world.humans.byUnion(unionId);
  return person === undefined ? unionId : world.humans.account(person).internalId;
}
