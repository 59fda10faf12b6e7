import { outcomeOf, type ItemOutcome, type ResultItem } from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { sendText } from '../api/messages.js';
import { repeatKey } from '../repeat-key.js';

/** The platform takes 150 KB; nobody reads that much in a chat. */
const MAX_TEXT = 10_000;

/** One message each, from the app's bot. There is no call for several texts at once. */
export async function sendMessages(
  context: FeishuContext,
  items: readonly ResultItem[],
): Promise<ItemOutcome[]> {
  return Promise.all(
    items.map(({ key, recipient, text }) =>
      outcomeOf(key, async () => {
        const externalRef = await sendText(context, {
          unionId: recipient.externalId,
          text: text.slice(0, MAX_TEXT),
          uuid: repeatKey(key, 1, 50),
        });
        return { key, status: 'done', externalRef };
      }),
    ),
  );
}
