import { call, type FeishuContext } from '../api.js';
import { missing } from '../errors.js';

/** Sends a text as the app's bot; `uuid` makes a repeat within the hour one message. Answers the message's id. */
export async function sendText(
  context: FeishuContext,
  message: { unionId: string; text: string; uuid: string },
): Promise<string> {
  const endpoint = 'im/v1/messages';
  const data = await call(context, 'POST', endpoint, {
    query: { receive_id_type: 'union_id' },
    json: {
      receive_id: message.unionId,
      msg_type: 'text',
      // JSON inside JSON.
      content: JSON.stringify({ text: message.text }),
      uuid: message.uuid,
    },
    retry: 'safe',
  });
  if (typeof data.message_id !== 'string') throw missing(endpoint, '"message_id"');
  return data.message_id;
}
