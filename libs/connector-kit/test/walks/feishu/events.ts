import { createDecipheriv, createHash } from 'node:crypto';
import {
  ConnectorError,
  isConnectorError,
  isJsonObject,
  type EventsCapability,
  type Finding,
  type JsonObject,
  type JsonValue,
  type PlatformEvent,
} from '../../../src/index.js';
import { textOf } from '../recorded-platform.js';
import type { Config } from './connector.js';
import { call } from './people.js';

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

function decrypt(encryptKey: string, text: string): JsonValue {
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', sha256(encryptKey), bytes.subarray(0, 16));
  return JSON.parse(
    Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString(),
  ) as JsonValue;
}

/** Two envelopes, told apart by `schema` (sheet 4.3). */
function open(message: JsonObject): {
  type: string;
  key: string;
  time: number;
  token: string;
  event: JsonObject;
} {
  const event = isJsonObject(message['event']) ? message['event'] : {};
  if (isJsonObject(message['header'])) {
    const { event_type, event_id, create_time, token } = message['header'];
    const digits = textOf(create_time);
    // 13 digits are milliseconds, 16 microseconds.
    const time = Number(digits) / (digits.length > 13 ? 1_000 : 1);
    return { type: textOf(event_type), key: textOf(event_id), time, token: textOf(token), event };
  }
  const { uuid, ts, token } = message;
  return {
    type: textOf(event['type']),
    key: textOf(uuid),
    time: Math.round(Number(ts) * 1_000),
    token: textOf(token),
    event,
  };
}

function toEvent({ type, key, time, event }: ReturnType<typeof open>): PlatformEvent {
  const object = isJsonObject(event['object']) ? event['object'] : {};
  const [user, department] = [textOf(object['union_id']), textOf(object['open_department_id'])];
  const base = { key, time, data: { type, event } as JsonObject };
  if (type === 'contact.user.deleted_v3')
    return { ...base, kind: 'user.left', ids: [user || `open_id:${textOf(object['open_id'])}`] };
  if (type.startsWith('contact.user.')) return { ...base, kind: 'user.changed', ids: [user] };
  if (type === 'contact.department.deleted_v3')
    return { ...base, kind: 'department.removed', ids: [department] };
  if (type.startsWith('contact.department.'))
    return { ...base, kind: 'department.changed', ids: [department] };
  if (type === 'contact.scope.updated_v3') return { ...base, kind: 'visibility.changed', ids: [] };
  if (type === 'approval_instance')
    return { ...base, kind: 'task.changed', ids: [textOf(event['instance_code'])] };
  if (type === 'task.task.updated_v1')
    return { ...base, kind: 'todo.changed', ids: [textOf(event['task_id'])] };
  return { ...base, kind: 'other', ids: [] };
}

export const events: EventsCapability<Config> = {
  /** Order of work as in sheet 4.1: decrypt, answer a check (which is never signed), verify over the raw bytes, decode. */
  async receive({ config }, raw) {
    const bytes = Buffer.from(raw.bodyBase64, 'base64');
    const outer = JSON.parse(bytes.toString()) as JsonObject;
    if (outer['encrypt'] !== undefined && config.encryptKey === undefined)
      throw new ConnectorError('config_invalid', 'Events are encrypted: encryptKey is needed.');
    const message =
      outer['encrypt'] === undefined ? outer : decrypt(config.encryptKey ?? '', textOf(outer['encrypt']));
    if (!isJsonObject(message)) throw new ConnectorError('input_invalid', 'not an event');
    const checkToken = (token: string): void => {
      if (config.verificationToken !== undefined && token !== config.verificationToken)
        throw new ConnectorError('auth_failed', 'wrong verification token');
    };
    const answer = (value: JsonObject) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(value),
    });
    if (message['type'] === 'url_verification') {
      checkToken(textOf(message['token']));
      return { reply: answer({ challenge: message['challenge'] ?? '' }), events: [] };
    }
    if (config.encryptKey !== undefined) {
      const {
        'x-lark-request-timestamp': timestamp,
        'x-lark-request-nonce': nonce,
        'x-lark-signature': signature,
      } = raw.headers;
      const expected = sha256(
        Buffer.concat([Buffer.from(`${timestamp}${nonce}${config.encryptKey}`), bytes]),
      ).toString('hex');
      if (signature !== expected) throw new ConnectorError('auth_failed', 'wrong signature');
    }
    const opened = open(message);
    checkToken(opened.token);
    return { reply: answer({}), events: [toEvent(opened)] };
  },

  /** Approvals stay silent until each form is subscribed once (sheet 4.6). */
  async activate(context) {
    return Promise.all(
      (context.config.approvalCodes ?? []).map(async (code): Promise<Finding> => {
        const step = `approval ${code}`;
        try {
          await call(context, 'POST', `approval/v4/approvals/${encodeURIComponent(code)}/subscribe`, {
            retry: 'safe',
          });
          return { step, ok: true, message: { en: 'Subscribed.', 'zh-CN': '已订阅。' } };
        } catch (error) {
          if (!isConnectorError(error)) throw error;
          return { step, ok: false, message: { en: error.message, 'zh-CN': error.message } };
        }
      }),
    );
  },
};
