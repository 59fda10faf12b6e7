import type { ItemOutcome, ResultItem } from '@trainbridge/connector-kit';
import type { WecomContext } from '../api.js';
import { cutToBytes } from '../api/limits.js';
import { isOnePerson, RECIPIENTS_PER_MESSAGE, sendMessage } from '../api/messages.js';
import { failedItem, unreachableItem, vendorCodeOf } from '../errors.js';

/** WeCom cuts by itself, in the middle of a character if it comes to that (D-90236). */
const MAX_BYTES = 2_048;
/** Nobody of the recipients can be reached. */
const NOBODY = 81013;

/** A text message to each person; people who get the same text get it by one call. */
export async function sendTexts(context: WecomContext, items: readonly ResultItem[]): Promise<ItemOutcome[]> {
  const byText = new Map<string, ResultItem[]>();
  const outcomes: ItemOutcome[] = [];
  for (const item of items) {
    if (!isOnePerson(item.recipient.externalId)) {
      outcomes.push(unreachableItem(item.key));
      continue;
    }
    const text = cutToBytes(item.text, MAX_BYTES);
    const group = byText.get(text);
    if (group) group.push(item);
    else byText.set(text, [item]);
  }
  const sent = await Promise.all(
    [...byText].flatMap(([text, group]) =>
      slices(group, RECIPIENTS_PER_MESSAGE).map((slice) => sendText(context, text, slice)),
    ),
  );
  return [...outcomes, ...sent.flat()];
}

async function sendText(
  context: WecomContext,
  text: string,
  items: readonly ResultItem[],
): Promise<ItemOutcome[]> {
  const people = new Map(
    items.map(({ recipient: { externalId } }) => [externalId.toLowerCase(), externalId]),
  );
  try {
    const sent = await sendMessage(context, [...people.values()], 'text', { content: text });
    return items.map(({ key, recipient }): ItemOutcome => {
      if (sent.refused.has(recipient.externalId.toLowerCase())) return unreachableItem(key);
      return { key, status: 'done', ...(sent.messageId === null ? {} : { externalRef: sent.messageId }) };
    });
  } catch (error) {
    if (vendorCodeOf(error) === NOBODY) return items.map(({ key }) => unreachableItem(key));
    return items.map(({ key }) => failedItem(key, error));
  }
}

function slices<T>(list: readonly T[], size: number): T[][] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, index) => list.slice(index * size, (index + 1) * size));
}
