import type { SimulatedTodo } from '../../platform.js';
import type { SentMessage } from './mailbox.js';
import { isRecord } from './shape.js';

/**
 * The platform has no to-do interface for self-built apps (D-101530): a template card stands for one. It is open
 * until its card is updated for the person, and gone when the message is taken back.
 */
export function todosOf({
  id,
  msgtype,
  content,
  recipients,
  updates,
  recalled,
}: SentMessage): SimulatedTodo[] {
  if (msgtype !== 'template_card') return [];
  return recipients.map((account) => {
    const update = updates.get(account);
    const card = update !== undefined && 'card' in update ? update.card : content.template_card;
    const status = recalled ? 'removed' : update === undefined ? 'open' : 'done';
    return { id, account, ...shown(card), status };
  });
}

function shown(card: unknown): { title: string; url: string } {
  const { main_title: main, sub_title_text: subtitle, card_action: action } = isRecord(card) ? card : {};
  const title = isRecord(main) && typeof main.title === 'string' ? main.title : '';
  return {
    title: title === '' && typeof subtitle === 'string' ? subtitle : title,
    url: isRecord(action) && typeof action.url === 'string' ? action.url : '',
  };
}
