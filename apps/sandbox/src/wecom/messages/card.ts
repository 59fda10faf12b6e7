import { WecomApiError } from '../api-error.js';
import { isRecord, isText, isWebUrl } from './shape.js';

type Card = Record<string, unknown>;

const cardTypes: readonly unknown[] = [
  'text_notice', 'news_notice', 'button_interaction', 'vote_interaction', 'multiple_interaction',
]; // prettier-ignore
const interactions: readonly unknown[] = cardTypes.slice(2);

/**
 * What a template card must hold (D-90236).
 * @throws WecomApiError 40063 for what is missing, 40058 for what is wrong.
 */
export function checkCard(card: Card): void {
  if (!cardTypes.includes(card.card_type)) throw new WecomApiError(40058);
  const { title } = isRecord(card.main_title) ? card.main_title : {};
  const isNotice = !interactions.includes(card.card_type);
  if (!isText(title) && !(card.card_type === 'text_notice' && isText(card.sub_title_text)))
    throw new WecomApiError(40063);
  if (isNotice || card.card_action !== undefined) checkAction(card.card_action);
  checkTaskId(card);
  checkRows(card.horizontal_content_list, 6);
  checkRows(card.jump_list, 3);
  if (card.card_type === 'button_interaction') checkButtons(card.button_list);
}

/** Whether people can press something on it: such cards need a callback URL, and can be updated. */
export function isInteractive(card: Card): boolean {
  return interactions.includes(card.card_type) || card.action_menu !== undefined;
}

/** Where a card leads: 1 a page, 2 a mini program; only interactive cards may lead nowhere. */
function checkAction(action: unknown): void {
  if (!isRecord(action)) throw new WecomApiError(40063);
  const { type, url, appid } = action;
  if (type === 1 ? !isWebUrl(url) : type !== 2 || !isText(appid)) throw new WecomApiError(40058);
}

function checkTaskId(card: Card): void {
  const { task_id: taskId } = card;
  if (taskId === undefined) {
    if (isInteractive(card)) throw new WecomApiError(40063);
    return;
  }
  if (typeof taskId !== 'string' || !/^[0-9A-Za-z_@-]{1,128}$/.test(taskId)) throw new WecomApiError(40058);
}

/** Rows of a card: `type` 0 or nothing for a text, 1 for a page, 2 for a file or mini program, 3 for a member. */
function checkRows(rows: unknown, most: number): void {
  if (rows === undefined) return;
  if (!Array.isArray(rows) || rows.length > most) throw new WecomApiError(40058);
  for (const row of rows as unknown[]) {
    if (!isRecord(row)) throw new WecomApiError(40058);
    if (row.type === 1 && !isWebUrl(row.url)) throw new WecomApiError(40058);
  }
}

function checkButtons(buttons: unknown): void {
  if (!Array.isArray(buttons) || buttons.length === 0) throw new WecomApiError(40063);
  for (const button of buttons as unknown[])
    if (!isRecord(button) || !isText(button.text)) throw new WecomApiError(40058);
}
