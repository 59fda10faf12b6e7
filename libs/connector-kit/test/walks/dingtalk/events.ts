import { createHash } from 'node:crypto';
import {
  ConnectorError,
  isJsonObject,
  type EventsCapability,
  type JsonObject,
  type JsonValue,
  type PlatformEvent,
  type PlatformEventKind,
} from '../../../src/index.js';
import { framed, sha1, textOf } from '../recorded-platform.js';
import type { Config } from './connector.js';

const KINDS: Record<string, PlatformEventKind> = {
  user_add_org: 'user.changed',
  user_modify_org: 'user.changed',
  user_active_org: 'user.changed',
  user_leave_org: 'user.left',
  org_dept_create: 'department.changed',
  org_dept_modify: 'department.changed',
  org_dept_remove: 'department.removed',
  bpms_instance_change: 'task.changed',
  todo_task_update: 'todo.changed',
};

/** Documented and recorded spellings differ (`userId`, `UserId`): every key is read without its case. */
function toEvent(
  type: string,
  data: JsonObject,
  id: string | undefined,
  born: number | undefined,
): PlatformEvent {
  const fields = new Map(Object.entries(data).map(([key, value]) => [key.toLowerCase(), value]));
  const named =
    fields.get('userid') ??
    fields.get('deptid') ??
    fields.get('processinstanceid') ??
    fields.get('taskid') ??
    [];
  const ids = (Array.isArray(named) ? named : [named]).map((value) => String(value as string | number));
  const time = born ?? Number(fields.get('eventtime') ?? fields.get('timestamp') ?? 0);
  const fallback = createHash('sha256')
    .update(JSON.stringify([type, ids, time]))
    .digest('hex');
  return {
    key: id ?? (textOf(fields.get('eventid')) || fallback),
    kind: KINDS[type] ?? 'other',
    ids,
    time,
    data,
  };
}

export const events: EventsCapability<Config> = {
  async receive(context, raw) {
    const { callbackToken, callbackAesKey, clientId, corpId } = context.config;
    if (callbackToken === undefined || callbackAesKey === undefined)
      throw new ConnectorError('config_invalid', 'no callback keys');
    const query = new URLSearchParams(raw.queryString);
    const { encrypt } = JSON.parse(Buffer.from(raw.bodyBase64, 'base64').toString()) as { encrypt: string };
    const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? ''];
    const sign = (text: string): string => sha1([callbackToken, timestamp, nonce, text].sort().join(''));
    if (sign(encrypt) !== (query.get('msg_signature') ?? query.get('signature')))
      throw new ConnectorError('auth_failed', 'wrong signature');
    // Depends on how the subscription was made (sheet 4.3): the client id or the corp id.
    const data = JSON.parse(framed.decrypt(callbackAesKey, encrypt, [clientId, corpId])) as JsonObject;
    const type = textOf(data['EventType']);

    const reply = framed.encrypt(
      callbackAesKey,
      Buffer.from(context.randomBase64(16), 'base64'),
      'success',
      clientId,
    );
    const body = JSON.stringify({ msg_signature: sign(reply), timeStamp: timestamp, nonce, encrypt: reply });
    return {
      reply: { status: 200, headers: { 'content-type': 'application/json' }, body },
      events: type === 'check_url' ? [] : [toEvent(type, data, undefined, undefined)],
    };
  },

  /** Stream mode, sheet 4.8. Acknowledged only after `emit` resolved; ends when the platform says so, and is called again. */
  async listen(context, { emit }) {
    const { clientId, clientSecret, apiBaseUrl } = context.config;
    const { body } = await context.http({
      method: 'POST',
      url: `${apiBaseUrl}/v1.0/gateway/connections/open`,
      json: { clientId, clientSecret, subscriptions: [{ type: 'EVENT', topic: '*' }] },
      retry: 'safe',
    });
    const { endpoint, ticket } = body as { endpoint: string; ticket: string };
    const socket = await context.webSocket(`${endpoint}?ticket=${encodeURIComponent(ticket)}`);
    const acknowledge = (headers: JsonObject, data: string): Promise<void> =>
      socket.send({
        text: JSON.stringify({
          code: 200,
          headers: { contentType: 'application/json', messageId: headers['messageId'] ?? '' },
          message: 'OK',
          data,
        }),
      });
    for await (const message of socket.messages()) {
      if (!('text' in message)) continue;
      const frame = JSON.parse(message.text) as { type: string; headers: JsonObject; data: string };
      const { topic, eventType, eventId, eventBornTime } = frame.headers;
      if (frame.type === 'SYSTEM' && topic === 'ping') await acknowledge(frame.headers, frame.data);
      if (frame.type === 'SYSTEM' && topic === 'disconnect') return socket.close();
      if (frame.type !== 'EVENT') continue;
      const data = JSON.parse(frame.data) as JsonValue;
      const event = toEvent(
        textOf(eventType),
        isJsonObject(data) ? data : {},
        textOf(eventId),
        Number(eventBornTime),
      );
      await emit(frame, [event]);
      await acknowledge(frame.headers, JSON.stringify({ status: 'SUCCESS', message: 'stored' }));
    }
  },
};
