import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { DingtalkFacts } from '../facts.js';
import type { Timers } from './delivery.js';
import type { PlainEvent } from './plain-event.js';

/** What a client said to an event; `problem` when it has to come again. */
export interface Acknowledgement {
  eventId: string;
  code: number;
  problem: string | undefined;
}

/** Pings in a row that may go unanswered. */
const patience = 2;

/** One web socket of the stream: frames down, acknowledgements up. */
export class StreamConnection {
  private leaving = false;
  private readonly id = randomUUID();
  private readonly eventOf = new Map<string, string>();
  private readonly pings = new Map<string, string>();
  private readonly pinging: NodeJS.Timeout;
  private acknowledge: (acknowledgement: Acknowledgement) => void = () => undefined;

  constructor(
    private readonly socket: WebSocket,
    private readonly wantsEvents: boolean,
    private readonly facts: DingtalkFacts,
    private readonly now: () => number,
  ) {
    this.pinging = setInterval(() => this.ping(), facts.streamPingMs);
    socket.on('message', (data: Buffer) => this.hear(data.toString('utf8')));
    // What breaks a socket also closes it.
    socket.on('error', () => undefined);
    this.onClose(() => clearInterval(this.pinging));
    if (!facts.streamGreets) return;
    this.system('CONNECTED', {});
    this.system('REGISTERED', {});
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Open, subscribed to events, and not asked to go. */
  get takesEvents(): boolean {
    return this.wantsEvents && !this.leaving && this.isOpen;
  }

  onClose(listener: () => void): void {
    this.socket.once('close', listener);
  }

  onAcknowledgement(listener: (acknowledgement: Acknowledgement) => void): void {
    this.acknowledge = listener;
  }

  /** Sends an event. */
  event(event: PlainEvent, app: { corpId: string; clientId: string }): void {
    const messageId = this.frame('EVENT', '*', JSON.stringify(event.fields), {
      eventType: event.eventType,
      eventId: event.eventId,
      eventCorpId: app.corpId,
      eventBornTime: String(event.bornAt),
      eventUnifiedAppId: app.clientId,
      appId: app.clientId,
    });
    this.eventOf.set(messageId, event.eventId);
  }

  /** Says goodbye; the connection ends when its grace is over. */
  disconnect(timers: Timers): void {
    this.leaving = true;
    this.system('disconnect', { reason: 'connection is expired' });
    timers.after(this.facts.disconnectGraceMs, () => this.cut());
  }

  /** Ends the connection without a word. */
  cut(): void {
    this.socket.terminate();
  }

  private ping(): void {
    if (this.pings.size >= patience) return this.cut();
    const opaque = randomUUID();
    this.pings.set(this.system('ping', { opaque }), opaque);
  }

  private system(topic: string, data: Record<string, string>): string {
    return this.frame('SYSTEM', topic, JSON.stringify(data), {});
  }

  private frame(type: string, topic: string, data: string, more: Record<string, string>): string {
    const messageId = randomUUID().replaceAll('-', '');
    const headers = {
      topic,
      messageId,
      contentType: 'application/json',
      time: String(this.now()),
      connectionId: this.id,
      ...more,
    };
    this.socket.send(JSON.stringify({ specVersion: '1.0', type, headers, data }));
    return messageId;
  }

  private hear(text: string): void {
    const frame = acknowledgementOf(text);
    if (frame === undefined) return;
    const { messageId, code, data } = frame;
    const opaque = this.pings.get(messageId);
    if (opaque !== undefined) {
      if (parsed(data).opaque === opaque) this.pings.clear();
      return;
    }
    const eventId = this.eventOf.get(messageId);
    if (eventId === undefined) return;
    this.eventOf.delete(messageId);
    const status = parsed(data).status;
    const problem =
      code !== 200
        ? `code ${code}`
        : status === 'SUCCESS'
          ? undefined
          : `status ${typeof status === 'string' ? status : 'missing'}`;
    this.acknowledge({ eventId, code, problem });
  }
}

/** `{code, headers: {messageId, contentType}, message, data}`; anything else is not an acknowledgement. */
function acknowledgementOf(text: string): { messageId: string; code: number; data: string } | undefined {
  const { code, headers, data } = parsed(text);
  const { messageId } = (typeof headers === 'object' ? (headers ?? {}) : {}) as Record<string, unknown>;
  if (typeof code !== 'number' || typeof messageId !== 'string' || typeof data !== 'string') return undefined;
  return { messageId, code, data };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
