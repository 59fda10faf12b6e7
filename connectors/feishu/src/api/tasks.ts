import type { JsonObject } from '@trainbridge/connector-kit';
import { call, IDS, objectOf, part, type FeishuContext } from '../api.js';

/** Creates a task; `client_token` in it makes a repeat within five minutes answer the first one. */
export async function createTask(context: FeishuContext, task: JsonObject): Promise<JsonObject> {
  const endpoint = 'task/v2/tasks';
  const request = { query: { user_id_type: IDS.user_id_type }, json: task, retry: 'safe' } as const;
  return objectOf(await call(context, 'POST', endpoint, request), 'task', endpoint);
}

export async function taskById(context: FeishuContext, guid: string): Promise<JsonObject> {
  const endpoint = `task/v2/tasks/${part(guid)}`;
  const query = { user_id_type: IDS.user_id_type };
  return objectOf(await call(context, 'GET', endpoint, { query }), 'task', endpoint);
}

/** Changes the fields `fields` names; one that is named and absent from `task` is cleared. */
export async function changeTask(
  context: FeishuContext,
  guid: string,
  task: JsonObject,
  fields: string[],
): Promise<void> {
  await call(context, 'PATCH', `task/v2/tasks/${part(guid)}`, {
    query: { user_id_type: IDS.user_id_type },
    json: { task, update_fields: fields },
    retry: 'safe',
  });
}

export async function deleteTask(context: FeishuContext, guid: string): Promise<void> {
  await call(context, 'DELETE', `task/v2/tasks/${part(guid)}`, { retry: 'safe' });
}
