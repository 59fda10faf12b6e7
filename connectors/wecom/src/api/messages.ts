import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { call, type WecomContext } from '../api.js';

/** People one message may be for (D-90236). */
export const RECIPIENTS_PER_MESSAGE = 1_000;
/** How long WeCom can be asked to remember a message: four hours (D-90236). */
export const DUPLICATE_CHECK_SECONDS = 14_400;

/** Does this id mean one person? `@all` would mean everybody, and an id with a bar in it several. */
export function isOnePerson(userId: string): boolean {
  return /^[^@|\s][^|\s]*$/.test(userId);
}

export interface SentMessage {
  /** WeCom's id of the message; null where it gave none. */
  messageId: string | null;
  /** Those who did not get it, in lower case: this is how WeCom names them here, whatever the contacts say. */
  refused: ReadonlySet<string>;
}

/**
 * Sends one message of the app to up to 1,000 people. WeCom is asked to drop an equal message to the same people within
 * four hours, which is what makes it safe to send again when nobody knows whether it arrived.
 */
export async function sendMessage(
  context: WecomContext,
  userIds: readonly string[],
  type: 'text' | 'template_card',
  content: JsonObject,
): Promise<SentMessage> {
  const payload = await call(context, 'app', 'message/send', {
    json: {
      touser: userIds.join('|'),
      msgtype: type,
      agentid: Number(context.config.agentId),
      [type]: content,
      enable_duplicate_check: 1,
      duplicate_check_interval: DUPLICATE_CHECK_SECONDS,
    },
    retry: 'safe',
  });
  const { msgid, invaliduser, unlicenseduser } = payload;
  return {
    messageId: typeof msgid === 'string' && msgid !== '' ? msgid : null,
    refused: new Set([...barList(invaliduser), ...barList(unlicenseduser)]),
  };
}

/** Takes a message back; WeCom does it within 24 hours, and not where the WeChat plugin shows it already (D-94867). */
export async function recallMessage(context: WecomContext, messageId: string): Promise<void> {
  await call(context, 'app', 'message/recall', { json: { msgid: messageId }, retry: 'safe' });
}

/** `a|b` in lower case; a list is taken as well, since other answers of WeCom have one in its place. */
export function barList(value: JsonValue | undefined): string[] {
  const parts = typeof value === 'string' ? value.split('|') : Array.isArray(value) ? value : [];
  return parts.flatMap((part) =>
    typeof part === 'string' && part.trim() !== '' ? [part.trim().toLowerCase()] : [],
  );
}
