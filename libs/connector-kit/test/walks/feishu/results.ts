import { createHash } from 'node:crypto';
import type { ItemOutcome, JsonObject, ResultItem, ResultsCapability } from '../../../src/index.js';
import { textOf } from '../recorded-platform.js';
import type { Config, Context } from './connector.js';
import { call } from './people.js';

export const results: ResultsCapability<Config> = {
  async report(context, { action, options, items }) {
    if (action === 'record') return writeRows(context, options, items);
    const one = action === 'message' ? sendMessage : setAttribute;
    return Promise.all(items.map((item) => one(context, options, item)));
  },
};

async function sendMessage(
  context: Context,
  _options: JsonObject,
  { key, recipient, text }: ResultItem,
): Promise<ItemOutcome> {
  const { message_id } = await call<{ message_id: string }>(context, 'POST', 'im/v1/messages', {
    query: { receive_id_type: 'union_id' },
    // JSON inside JSON.
    json: {
      receive_id: recipient.externalId,
      msg_type: 'text',
      content: JSON.stringify({ text }),
      uuid: key,
    },
    retry: 'safe',
  });
  return { key, status: 'done', externalRef: message_id };
}

async function setAttribute(
  context: Context,
  options: JsonObject,
  { key, recipient, text }: ResultItem,
): Promise<ItemOutcome> {
  await call(context, 'PATCH', `contact/v3/users/${encodeURIComponent(recipient.externalId)}`, {
    query: { user_id_type: 'union_id' },
    json: {
      custom_attrs: [
        { type: 'TEXT', id: textOf(options['attributeId']), value: { text: text.slice(0, 100) } },
      ],
    },
    retry: 'safe',
  });
  return { key, status: 'done' };
}

/** One call for the batch; the token that makes it single must look like a UUID and be the same for the same items. */
async function writeRows(context: Context, options: JsonObject, items: ResultItem[]): Promise<ItemOutcome[]> {
  const path = `bitable/v1/apps/${textOf(options['appToken'])}/tables/${textOf(options['tableId'])}/records/batch_create`;
  const { records } = await call<{ records: { record_id: string }[] }>(context, 'POST', path, {
    query: { user_id_type: 'union_id', client_token: uuidOf(items.map(({ key }) => key).join()) },
    json: {
      records: items.map(({ recipient, text }) => ({
        fields: { 学员: [{ id: recipient.externalId }], 结果: text },
      })),
    },
    retry: 'safe',
  });
  return items.map(({ key }, i) => ({ key, status: 'done', externalRef: records[i]?.record_id ?? '' }));
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
