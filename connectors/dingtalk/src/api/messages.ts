import type { JsonObject } from '@trainbridge/connector-kit';
import { call, type DingtalkContext } from '../api.js';

/** One work notification to at most 100 people; resolves to its task id. Never repeated by itself. */
export async function sendNotification(
  context: DingtalkContext,
  agentId: number,
  userIds: readonly string[],
  msg: JsonObject,
): Promise<string | undefined> {
  const path = '/topapi/message/corpconversation/asyncsend_v2';
  const json = { agent_id: agentId, userid_list: userIds.join(','), msg };
  const id = (await call(context, 'POST', path, { json })).task_id;
  return typeof id === 'number' || typeof id === 'string' ? String(id) : undefined;
}
