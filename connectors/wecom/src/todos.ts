import {
  isConnectorError,
  type ErrorCode,
  type ItemOutcome,
  type LocalizedText,
  type TodoItem,
  type TodosCapability,
} from '@trainbridge/connector-kit';
import type { WecomContext } from './api.js';
import { isOnePerson, recallMessage, sendMessage } from './api/messages.js';
import type { WecomConfig } from './config.js';
import { failedItem, unreachableItem } from './errors.js';
import { cardOf, fingerprintOf, readRef, taskIdOf, writeRef } from './todos/card.js';

const NOT_TAKEN_BACK: LocalizedText = {
  en: 'WeCom has no to-dos for self-built apps. The card message that stands for one can be taken back within 24 hours; this one is older, or is gone already.',
  'zh-CN':
    '企业微信未向自建应用开放待办接口，以卡片消息代替。卡片仅可在发送后 24 小时内撤回，该卡片已超过时限或已不存在。',
};

/** Too old (42052, D-94867), unknown, or a deployment that cannot do it at all: trying again changes nothing. */
const FOR_GOOD: ReadonlySet<ErrorCode> = new Set(['input_invalid', 'not_found', 'bad_response']);

/**
 * WeCom has no to-do a self-built app could create on its server (D-101530). A card message stands for it, one message per
 * person, because taking the message back is the only way to close it: a card of several people would vanish for all.
 */
export const todos: TodosCapability<WecomConfig> = {
  async upsert(context, { items }) {
    return Promise.all(items.map((item) => sendCard(context, item)));
  },

  async close(context, { items }) {
    return Promise.all(
      items.map(async ({ key, externalRef }): Promise<ItemOutcome> => {
        const { messageId } = readRef(externalRef);
        if (messageId === null) return { key, status: 'skipped', reason: NOT_TAKEN_BACK };
        try {
          await recallMessage(context, messageId);
          return { key, status: 'done', externalRef };
        } catch (error) {
          return isConnectorError(error) && FOR_GOOD.has(error.code)
            ? { key, status: 'skipped', reason: NOT_TAKEN_BACK }
            : failedItem(key, error);
        }
      }),
    );
  },
};

/** Sends the card of a to-do, unless the person has exactly this one; a card that changed replaces the one before. */
async function sendCard(context: WecomContext, item: TodoItem): Promise<ItemOutcome> {
  const { key, recipientExternalId } = item;
  if (!isOnePerson(recipientExternalId)) return unreachableItem(key);
  const card = cardOf(item, context.connection);
  const fingerprint = fingerprintOf(card);
  const before = item.externalRef === undefined ? null : readRef(item.externalRef);
  if (before?.fingerprint === fingerprint) return { key, status: 'done', externalRef: item.externalRef };
  try {
    const sent = await sendMessage(context, [recipientExternalId], 'template_card', {
      ...card,
      task_id: taskIdOf(key, fingerprint),
    });
    if (sent.refused.size > 0) return unreachableItem(key);
    if (before?.messageId) await takeBack(context, before.messageId);
    return { key, status: 'done', externalRef: writeRef({ fingerprint, messageId: sent.messageId }) };
  } catch (error) {
    return failedItem(key, error);
  }
}

/** The person has the new card: an old one that stays is untidy, and no reason to send again. */
async function takeBack(context: WecomContext, messageId: string): Promise<void> {
  try {
    await recallMessage(context, messageId);
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    context.log.debug('an outdated card could not be taken back', { code: error.code });
  }
}
