import { createHash, randomBytes } from 'node:crypto';
import type { SimulatedTodo } from '../../platform.js';
import { WecomApiError } from '../api-error.js';
import type { WecomWorld } from '../world.js';
import { readable } from './content.js';
import type { CardPress } from './events.js';
import { isRecord } from './shape.js';
import { todosOf } from './todos.js';

/** A message an app sent. */
export interface SentMessage {
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  agentId: number;
  msgtype: string;
  /** Userids it reached, in the case contacts keep. */
  recipients: string[];
  /** The body as people see it, without the recipients. */
  content: Record<string, unknown>;
  recalled: boolean;
  /** What the card became for those it was updated for, by userid. */
  updates: Map<string, CardUpdate>;
}

/** Another card, or the same one with its button grey and renamed. */
export type CardUpdate = { card: Record<string, unknown> } | { replaceName: string };

/** A message that passed the checks of its kind. */
export interface Draft {
  agentId: number;
  msgtype: string;
  recipients: readonly string[];
  content: Record<string, unknown>;
  /** Seconds in which the same message is not sent again; 0 without the check. */
  duplicateSeconds: number;
  /** What makes it the same message: the whole request. */
  request: Record<string, unknown>;
  /** Whether its card can be pressed, and so updated. */
  interactive: boolean;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const chinaOffsetMs = 8 * hourMs;
const responseCodeMs = 72 * hourMs;
/** Person-times a day, per seat (sheet 8). */
const perSeatAndDay = 200;

/** Messages of the apps (D-90236), oldest first. Whoever gets too many is left out, without a word. */
export class Mailbox {
  readonly sent: SentMessage[] = [];
  private readonly byId = new Map<string, SentMessage>();
  private readonly reachedAt = new Map<string, number[]>();
  private readonly recent = new Map<string, { message: SentMessage; until: number }>();
  private readonly taskIds = new Set<string>();
  private readonly responseCodes = new Map<
    string,
    { message: SentMessage; expiresAt: number; used: boolean }
  >();
  private readonly today = { day: -1, byAgent: new Map<number, number>() };

  constructor(private readonly world: Pick<WecomWorld, 'facts' | 'limits' | 'company' | 'now'>) {}

  /**
   * Sends a message unless the duplicate check knows it; answers its id, and a code to update its card with.
   * @throws WecomApiError 40058 for a task id the app used before, 45009 past the app's messages of a day.
   */
  send(draft: Draft): { msgid: string; responseCode?: string } {
    const now = this.world.now();
    const { agentId, msgtype, content } = draft;
    const print = createHash('sha256')
      .update(JSON.stringify([agentId, draft.request]))
      .digest('hex');
    const same = this.recent.get(print);
    const isRepeat = draft.duplicateSeconds > 0 && same !== undefined && now < same.until;
    if (isRepeat && this.world.facts.duplicateMsgid === 'first') return { msgid: same.message.id };
    const message: SentMessage = {
      id: messageId(),
      at: now,
      agentId,
      msgtype,
      recipients: [],
      content,
      recalled: false,
      updates: new Map(),
    };
    if (!isRepeat) this.deliver(message, draft);
    this.byId.set(message.id, message);
    if (isRepeat) return { msgid: message.id };
    if (draft.duplicateSeconds > 0)
      this.recent.set(print, { message, until: now + draft.duplicateSeconds * 1000 });
    return { msgid: message.id, ...(draft.interactive ? { responseCode: this.responseCode(message) } : {}) };
  }

  get(id: string): SentMessage | undefined {
    return this.byId.get(id);
  }

  /** Takes a message back. @throws WecomApiError 40058 for an unknown one or another app's, 42052 after a day. */
  recall(id: string, agentId: number): void {
    const message = this.byId.get(id);
    if (message?.agentId !== agentId) throw new WecomApiError(40058);
    if (this.world.now() >= message.at + dayMs) throw new WecomApiError(42052);
    message.recalled = true;
  }

  /** A code that updates the card once, within 72 hours; a press of a button brings a new one. */
  responseCode(message: SentMessage): string {
    const code = randomBytes(32).toString('base64url');
    this.responseCodes.set(code, { message, expiresAt: this.world.now() + responseCodeMs, used: false });
    return code;
  }

  /** Takes a response code. @throws WecomApiError 60140 for an unknown, used or old one, or another app's. */
  takeResponseCode(value: string, agentId: number): SentMessage {
    const code = this.responseCodes.get(value);
    if (
      code === undefined ||
      code.used ||
      code.expiresAt <= this.world.now() ||
      code.message.agentId !== agentId
    )
      throw new WecomApiError(60140);
    code.used = true;
    return code.message;
  }

  /** Cards as the to-dos they stand for, one for each person who has one. */
  todos(): SimulatedTodo[] {
    return this.sent.flatMap(todosOf);
  }

  /** What people were told, and was not taken back. */
  inbox(): { id: string; account: string; text: string; at: number }[] {
    return this.sent
      .filter(({ recalled }) => !recalled)
      .flatMap(({ id, recipients, content, at }) =>
        recipients.map((account) => ({ id, account, text: readable(content), at })),
      );
  }

  /** A button of somebody's card is pressed. @throws TypeError for a card they do not have. */
  press(id: string, userid: string): Omit<CardPress, 'key'> {
    const message = this.byId.get(id);
    const { template_card: card } = message?.content ?? {};
    if (message === undefined || !isRecord(card) || !message.recipients.includes(userid))
      throw new TypeError(`${userid} has no card ${id}`);
    return {
      userid,
      taskId: String(card.task_id),
      cardType: String(card.card_type),
      responseCode: this.responseCode(message),
      agentId: message.agentId,
    };
  }

  private deliver(message: SentMessage, { recipients }: Draft): void {
    const { agentId, at } = message;
    this.claimTaskId(agentId, message.content);
    this.countDay(agentId, recipients.length, at);
    message.recipients = recipients.filter((account) => this.reaches(`${agentId} ${account}`, at));
    this.sent.push(message);
  }

  /** Task ids are unique per app. */
  private claimTaskId(agentId: number, content: Record<string, unknown>): void {
    const { task_id: taskId } = (content.template_card ?? {}) as Record<string, unknown>;
    if (typeof taskId !== 'string' || taskId === '') return;
    const key = `${agentId} ${taskId}`;
    if (this.taskIds.has(key)) throw new WecomApiError(40058);
    this.taskIds.add(key);
  }

  private countDay(agentId: number, personTimes: number, now: number): void {
    const day = Math.floor((now + chinaOffsetMs) / dayMs);
    if (day !== this.today.day) {
      this.today.day = day;
      this.today.byAgent.clear();
    }
    const count = (this.today.byAgent.get(agentId) ?? 0) + personTimes;
    if (count > this.world.company.personCount * perSeatAndDay) throw new WecomApiError(45009);
    this.today.byAgent.set(agentId, count);
  }

  private reaches(key: string, now: number): boolean {
    const { messagesPerMemberMinute: perMinute, messagesPerMemberHour: perHour } = this.world.limits;
    const times = (this.reachedAt.get(key) ?? []).filter((at) => at > now - hourMs);
    const lastMinute = times.filter((at) => at > now - minuteMs).length;
    const tooMany = (perMinute > 0 && lastMinute >= perMinute) || (perHour > 0 && times.length >= perHour);
    if (!tooMany) times.push(now);
    this.reachedAt.set(key, times);
    return !tooMany;
  }
}

function messageId(): string {
  return randomBytes(24).toString('base64url');
}
