import { randomBytes } from 'node:crypto';
import type { Person } from '../company/index.js';

/** A message of the bot, as its receiver has it. */
export interface BotMessage {
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  receiver: Person;
  type: string;
  /** The JSON text as it was sent. */
  content: string;
  /** What a person reads of it. */
  text: string;
}

const uuidLifetimeMs = 3_600_000;

/** Messages the bot sent, oldest first. */
export class Mailbox {
  readonly messages: BotMessage[] = [];
  private readonly byUuid = new Map<string, BotMessage>();

  /** The same uuid within an hour sends nothing and answers the first message. */
  send(message: Omit<BotMessage, 'id'>, uuid: string | undefined): BotMessage {
    const known = uuid === undefined ? undefined : this.byUuid.get(uuid);
    if (known !== undefined && message.at < known.at + uuidLifetimeMs) return known;
    const sent = { ...message, id: `om_${randomBytes(16).toString('hex')}` };
    this.messages.push(sent);
    if (uuid !== undefined) this.byUuid.set(uuid, sent);
    return sent;
  }
}

/** The readable part of a content: every `text` and `content` text in it, in order. */
export function readable(content: unknown): string {
  if (Array.isArray(content)) return content.map(readable).filter(Boolean).join('\n');
  if (typeof content !== 'object' || content === null) return '';
  const parts = Object.entries(content).map(([key, value]) =>
    typeof value === 'string' ? (['text', 'content', 'title'].includes(key) ? value : '') : readable(value),
  );
  return parts.filter(Boolean).join('\n');
}
