import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { NewApiError } from '../api-error.js';
import type { DingtalkFacts } from '../facts.js';
import { RawAnswer } from '../raw-answer.js';
import { objectsOf } from '../world.js';
import { Quiet, Timers, type EventRecord, type EventRecords } from './delivery.js';
import type { PlainEvent } from './plain-event.js';
import { StreamConnection, type Acknowledgement } from './stream-connection.js';

/** Path of the web socket. */
export const streamPath = '/connect';

const ticketLifetimeMs = 90_000;

/** An event on its way through the stream. */
interface StreamDelivery {
  event: PlainEvent;
  record: EventRecord;
  /** Takes the redelivery back that waits for its time. */
  cancel: (() => void) | undefined;
}

/**
 * The stream: tickets, connections, events until they are acknowledged (develop-stream-mode-push-server).
 * Once somebody has connected, events that find no connection wait for the next one.
 */
export class StreamGateway {
  /** Whether anybody may connect. */
  enabled = true;
  private readonly server = new WebSocketServer({ noServer: true });
  private readonly tickets = new Map<string, { events: boolean; expiresAt: number }>();
  private readonly connections = new Set<StreamConnection>();
  private readonly deliveries = new Map<string, StreamDelivery>();
  private readonly timers = new Timers();
  private readonly quiet = new Quiet();
  private subscribed = false;

  constructor(
    private readonly app: { corpId: string; clientId: string },
    private readonly facts: DingtalkFacts,
    private readonly records: EventRecords,
    private readonly now: () => number,
  ) {}

  /** Connections that are open now. */
  get connectionCount(): number {
    return [...this.connections].filter((connection) => connection.isOpen).length;
  }

  /**
   * A ticket for one connection within 90 seconds. Without `Accept: application/json` the answer is XML.
   * @throws NewApiError for subscriptions the platform does not have.
   */
  open(subscriptions: unknown, headers: IncomingHttpHeaders): Record<string, string> | RawAnswer {
    if (!this.enabled) throw new NewApiError('streamDisabled', 'the app does not use stream mode');
    const ticket = randomBytes(18).toString('hex');
    const events = wantsEvents(subscriptions);
    this.tickets.set(ticket, { events, expiresAt: this.now() + ticketLifetimeMs });
    const endpoint = `ws://${headers.host ?? '127.0.0.1'}${streamPath}`;
    if (headers.accept?.includes('application/json') === true) return { endpoint, ticket };
    return new RawAnswer(
      `<?xml version="1.0" encoding="UTF-8"?><response><endpoint>${endpoint}</endpoint><ticket>${ticket}</ticket></response>`,
      'application/xml',
    );
  }

  /** Takes a web socket that shows a good ticket; the ticket is spent either way. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { searchParams } = new URL(request.url ?? '/', 'http://sandbox');
    const name = searchParams.get('ticket') ?? '';
    const ticket = this.tickets.get(name);
    this.tickets.delete(name);
    if (!this.enabled || ticket === undefined || ticket.expiresAt <= this.now()) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new StreamConnection(webSocket, ticket.events, this.facts, this.now);
      this.connections.add(connection);
      connection.onClose(() => this.connections.delete(connection));
      connection.onAcknowledgement((acknowledgement) => this.acknowledged(acknowledgement));
      if (!ticket.events) return;
      this.subscribed = true;
      for (const delivery of this.deliveries.values())
        if (delivery.cancel === undefined) this.deliver(delivery);
    });
  }

  /** Tells an event to one of the connections; nothing happens before anybody subscribed. */
  send(event: PlainEvent): void {
    if (!this.subscribed || !this.enabled) return;
    const record = this.records.begin('stream', event, { ...event.fields });
    const delivery: StreamDelivery = { event, record, cancel: undefined };
    this.deliveries.set(event.eventId, delivery);
    this.quiet.begin();
    this.deliver(delivery);
  }

  /** Sends an event that was acknowledged long ago once more, as happens even after a correct answer. */
  repeat(event: PlainEvent): void {
    this.receiver()?.event(event, this.app);
  }

  /** Asks every client to go and connect anew, as the platform does from time to time. */
  kick(): void {
    for (const connection of this.connections) connection.disconnect(this.timers);
  }

  /** Breaks every connection without a word. */
  cut(): void {
    for (const connection of this.connections) connection.cut();
  }

  /** Turns stream mode on or off; off, nobody is connected and nothing waits. */
  enable(enabled: boolean): void {
    this.enabled = enabled;
    if (enabled) return;
    this.cut();
    this.subscribed = false;
    for (const { record } of this.deliveries.values()) record.outcome = 'dropped';
    this.deliveries.clear();
    this.timers.clear();
    this.quiet.reset();
  }

  /** Resolves when every event is acknowledged. */
  idle(): Promise<void> {
    return this.quiet.reached();
  }

  /** Cuts all connections; nothing is told any more. */
  close(): void {
    this.enable(false);
    this.server.close();
  }

  private deliver(delivery: StreamDelivery): void {
    const receiver = this.receiver();
    delivery.cancel = undefined;
    if (receiver === undefined) return;
    receiver.event(delivery.event, this.app);
    const { redeliveryMs } = this.facts;
    const times = delivery.record.attempts.push({ at: this.now(), durationMs: 0 });
    const wait = redeliveryMs[Math.min(times, redeliveryMs.length) - 1] ?? 60_000;
    delivery.cancel = this.timers.after(wait, () => {
      this.records.note(delivery.record, 'not acknowledged, again 未确认，重投');
      this.deliver(delivery);
    });
  }

  /** One of the connections that take events, by chance. */
  private receiver(): StreamConnection | undefined {
    const open = [...this.connections].filter((connection) => connection.takesEvents);
    return open[Math.floor(Math.random() * open.length)];
  }

  private acknowledged({ eventId, code, problem }: Acknowledgement): void {
    const delivery = this.deliveries.get(eventId);
    const attempt = delivery?.record.attempts.at(-1);
    if (delivery === undefined || attempt === undefined) return;
    attempt.status = code;
    attempt.durationMs = this.now() - attempt.at;
    if (problem !== undefined) {
      // It comes again when its time is up.
      attempt.error = problem;
      this.records.note(delivery.record, problem);
      return;
    }
    delivery.cancel?.();
    this.deliveries.delete(eventId);
    delivery.record.outcome = 'delivered';
    this.records.note(delivery.record, 'acknowledged');
    this.quiet.end();
  }
}

/** Does the client want events? Their only topic is `*`. */
function wantsEvents(subscriptions: unknown): boolean {
  const list = objectsOf(subscriptions);
  if (list === undefined || list.length === 0) throw new NewApiError('invalidParameter', 'subscriptions');
  for (const { type, topic } of list) {
    const known = type === 'EVENT' ? topic === '*' : type === 'CALLBACK' && typeof topic === 'string';
    if (!known) throw new NewApiError('invalidParameter', 'subscriptions');
  }
  return list.some(({ type }) => type === 'EVENT');
}
