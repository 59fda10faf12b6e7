import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  ConnectorError,
  isJsonObject,
  type EventsCapability,
  type JsonObject,
  type PlatformEventKind,
  type RawCallback,
} from '@trainbridge/connector-kit';
import type { Context } from './api.js';
import type { Config } from './config.js';

const KINDS: Record<string, PlatformEventKind> = {
  'employee.created': 'user.changed',
  'employee.changed': 'user.changed',
  'employee.left': 'user.left',
};

/** Signatures older than this are not accepted: somebody may have kept one. */
const MAX_AGE_MS = 5 * 60_000;

export const events: EventsCapability<Config> = {
  /**
   * Verify, decode, answer. Pure CPU: the host stores what came and only then sends the reply, so nothing acknowledged is
   * ever lost. An event is a hint, not the truth: the host reads the employee again before it changes anything.
   */
  async receive(context, raw) {
    const body = Buffer.from(raw.bodyBase64, 'base64');
    verify(context, raw, body);
    const event = parse(body);
    const { id, type, employee, at } = event;
    if (typeof id !== 'string' || typeof type !== 'string' || typeof at !== 'number') {
      throw new ConnectorError('input_invalid', 'The callback lacks id, type or time.');
    }
    return {
      reply: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' },
      events: [
        {
          // Equal for every delivery of the same event: the host drops repeats by it.
          key: id,
          // What we do not know is kept all the same, as `other`.
          kind: KINDS[type] ?? 'other',
          ids: typeof employee === 'string' ? [employee] : [],
          time: at,
          data: event,
        },
      ],
    };
  },
};

/** The OA signs `<timestamp>.<body>` with HMAC-SHA256 and sends the hex digest. */
function verify(context: Context, raw: RawCallback, body: Buffer): void {
  const { webhookSecret } = context.config;
  if (webhookSecret === undefined) {
    throw new ConnectorError('config_invalid', 'Callbacks need webhookSecret.');
  }
  const timestamp = raw.headers['x-oa-timestamp'] ?? '';
  const given = Buffer.from(raw.headers['x-oa-signature'] ?? '', 'hex');
  const expected = createHmac('sha256', webhookSecret).update(`${timestamp}.`).update(body).digest();
  // Compared in constant time; over the bytes as they came, never over JSON written anew.
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new ConnectorError('auth_failed', 'The signature of the callback is wrong.');
  }
  if (!(Math.abs(context.now() - Number(timestamp)) <= MAX_AGE_MS)) {
    throw new ConnectorError('auth_failed', 'The callback is too old.');
  }
}

function parse(body: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (isJsonObject(value)) return value;
  } catch {
    // Falls through: not JSON at all and not an object are the same mistake.
  }
  throw new ConnectorError('input_invalid', 'The body of the callback is not a JSON object.');
}
