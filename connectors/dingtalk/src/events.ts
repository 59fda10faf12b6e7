import { ConnectorError, type EventsCapability } from '@trainbridge/connector-kit';
import type { DingtalkConfig } from './config.js';
import { readEvent, textOf } from './events/decode.js';
import { openCallback, sealReply } from './events/envelope.js';
import { listen } from './events/listen.js';

/**
 * How far a callback's clock may be off, either way. No page names a window; ten minutes let the two retries (after 10 and
 * 30 seconds) and a slow clock through. Within it a replayed event has the key of the first, and the host drops it.
 */
const FRESH_MS = 10 * 60_000;

/**
 * One app sends its events by HTTP callback or by Stream, as the console's event subscription page says; an event has the
 * same key either way. Events come twice and out of order, also for people outside the app's range.
 */
export const events: EventsCapability<DingtalkConfig> = {
  async receive(context, raw) {
    const method = raw.method.toUpperCase();
    if (method !== 'POST')
      throw new ConnectorError('input_invalid', `DingTalk sends POST, not ${method.slice(0, 20)}.`);
    const opened = openCallback(context, raw);
    const { message } = opened;
    const type = fieldOf(message, 'eventtype') ?? '';
    const reply = sealReply(context, opened);
    // The console's test of the address. An administrator tries it by hand, and it changes nothing.
    if (/^check_(?:url|create_suite_url|update_suite_url)$/.test(type)) return { reply, events: [] };
    // After the signature, so that nobody learns our clock by asking.
    const age = Math.abs(context.now() - opened.time);
    if (age > FRESH_MS) {
      throw new ConnectorError(
        'auth_failed',
        `The callback is stale: its time is ${Math.round(age / 1_000)} s off.`,
      );
    }
    const corpId = fieldOf(message, 'corpid');
    if (corpId !== undefined && corpId !== context.config.corpId) {
      context.log.warn('an event of another organisation came by this app’s callback and is left out', {
        corpId,
      });
      return { reply, events: [] };
    }
    return { reply, events: [readEvent({ type }, message, opened.time)] };
  },

  listen: (context, { emit }) => listen(context, emit),
};

function fieldOf(message: Record<string, Parameters<typeof textOf>[0]>, name: string): string | undefined {
  const found = Object.entries(message).find(([key]) => key.toLowerCase() === name);
  return textOf(found?.[1]);
}
