import { createHash } from 'node:crypto';
import type { ConnectorContext, JsonObject, TodoItem } from '@trainbridge/connector-kit';
import { cutToCharacters } from '../api/limits.js';

/** Longer ones would not fit the phone's screen; the pages give no limit of their own (D-90236). */
const MAX_TITLE = 128;
const MAX_DESCRIPTION = 512;

/** The card that stands for a to-do: a notice that opens the course (`text_notice`, D-90236). */
export function cardOf(item: TodoItem, connection: ConnectorContext['connection']): JsonObject {
  // A description of the host's says when it is due.
  const due = item.description || !item.dueAt ? undefined : localTime(item.dueAt, connection.timezone);
  return {
    card_type: 'text_notice',
    main_title: { title: cutToCharacters(item.title, MAX_TITLE) },
    ...(item.description ? { sub_title_text: cutToCharacters(item.description, MAX_DESCRIPTION) } : {}),
    ...(due === undefined
      ? {}
      : {
          horizontal_content_list: [{ keyname: connection.locale === 'en' ? 'Due' : '截止时间', value: due }],
        }),
    card_action: { type: 1, url: item.url },
  };
}

/** Equal for equal cards: how a repeated call is known to have nothing to do. */
export function fingerprintOf(card: JsonObject): string {
  return createHash('sha256').update(JSON.stringify(card)).digest('hex').slice(0, 16);
}

/** WeCom wants it unique in the app, so it changes with the card; letters and digits, as it wants them too (D-90236). */
export function taskIdOf(key: string, fingerprint: string): string {
  return createHash('sha256').update(`${key}\n${fingerprint}`).digest('hex').slice(0, 40);
}

/** What we need to find a card again: what it looked like, and WeCom's id of the message where it gave one. */
export interface CardRef {
  fingerprint: string;
  messageId: string | null;
}

export function writeRef({ fingerprint, messageId }: CardRef): string {
  return `${fingerprint}:${messageId ?? ''}`;
}

/** The parts of a reference; of one that was not written here the whole is taken for WeCom's id. */
export function readRef(text: string): CardRef {
  const parts = /^([0-9a-f]{16}):(.*)$/s.exec(text);
  return parts?.[1] === undefined
    ? { fingerprint: '', messageId: text || null }
    : { fingerprint: parts[1], messageId: parts[2] || null };
}

/** `2026-01-08 18:00` where the company is; undefined for what is no time. */
function localTime(iso: string, timeZone: string): string | undefined {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return undefined;
  // Swedish writes dates the way ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(time);
}
