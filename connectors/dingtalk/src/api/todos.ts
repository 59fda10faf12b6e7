import { ConnectorError, type JsonObject } from '@trainbridge/connector-kit';
import { call, read, type DingtalkContext } from '../api.js';
import { missing } from '../errors.js';
import { flag } from '../values.js';

/** To-dos of a person, who is named by unionId, as everybody in this family. */
function todoPath(unionId: string, rest = ''): string {
  return `/v1.0/todo/users/${encodeURIComponent(unionId)}/tasks${rest}`;
}

/** Resolves to the id of the to-do. */
export async function createTodo(
  context: DingtalkContext,
  unionId: string,
  json: JsonObject,
): Promise<string> {
  const query = { operatorId: unionId };
  const { id } = await call(context, 'POST', todoPath(unionId), { json, query });
  if (typeof id !== 'string' || id === '') throw missing('todo/tasks', 'the id');
  return id;
}

/** The to-do an earlier try made under this `sourceId`. */
export async function findTodo(context: DingtalkContext, unionId: string, sourceId: string): Promise<string> {
  const path = todoPath(unionId, `/sources/${encodeURIComponent(sourceId)}`);
  const { id } = await call(context, 'GET', path);
  if (typeof id !== 'string' || id === '') throw missing('todo/tasks/sources', 'the id');
  return id;
}

export async function updateTodo(
  context: DingtalkContext,
  unionId: string,
  taskId: string,
  json: JsonObject,
): Promise<void> {
  const path = todoPath(unionId, `/${encodeURIComponent(taskId)}`);
  const { result } = await call(context, 'PUT', path, {
    json,
    query: { operatorId: unionId },
    retry: 'safe',
  });
  if (flag(result) === false) throw refused('The to-do was not updated, and DingTalk does not say why.');
}

export async function deleteTodo(context: DingtalkContext, unionId: string, taskId: string): Promise<void> {
  const path = todoPath(unionId, `/${encodeURIComponent(taskId)}`);
  const { result } = await call(context, 'DELETE', path, { query: { operatorId: unionId }, retry: 'safe' });
  if (flag(result) === false) throw refused('The to-do was not deleted, and DingTalk does not say why.');
}

/** One page of somebody's to-dos: only `check` asks, to see whether it may. */
export function queryTodos(context: DingtalkContext, unionId: string): Promise<JsonObject> {
  return read(context, `/v1.0/todo/users/${encodeURIComponent(unionId)}/org/tasks/query`, {});
}

function refused(message: string): ConnectorError {
  return new ConnectorError('bad_response', message);
}
