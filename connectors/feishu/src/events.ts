import type { CallbackReply, EventsCapability, JsonObject } from '@trainbridge/connector-kit';
import { ConnectorError } from '@trainbridge/connector-kit';
import type { FeishuConfig } from './config.js';
import { activate } from './events/activate.js';
import { openCallback } from './events/envelope.js';
import { listen } from './events/listen.js';
import { readEvent } from './events/readings.js';

/** Events by callback or over the long connection, as the console is set; the messages inside are the same. */
export const events: EventsCapability<FeishuConfig> = {
  async receive(context, raw) {
    if (raw.method.toUpperCase() !== 'POST')
      throw new ConnectorError('input_invalid', `Feishu sends POST, not ${raw.method.slice(0, 20)}.`);
    const opened = openCallback(context.config, raw);
    // In plain text within a second, even where the question was encrypted.
    if (opened.kind === 'challenge') return { reply: reply({ challenge: opened.challenge }), events: [] };
    return { reply: reply({}), events: [readEvent(opened.message, opened.text, context.now())] };
  },
  listen,
  activate,
};

function reply(body: JsonObject): CallbackReply {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body: JSON.stringify(body),
  };
}
