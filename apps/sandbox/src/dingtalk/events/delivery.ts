import type { ActivityLog } from '../../activity-log.js';
import { aboutOf, type PlainEvent } from './plain-event.js';

/** An attempt to hand an event over. */
export interface EventAttempt {
  at: number;
  /** HTTP status of a callback, code of an acknowledgement. */
  status?: number;
  error?: string;
  durationMs: number;
}

/** An event and what became of it. */
export interface EventRecord {
  id: string;
  at: number;
  channel: 'http' | 'stream';
  eventId: string;
  eventType: string;
  about: string;
  /** What the event said, in the form of its channel. */
  payload: Record<string, unknown>;
  attempts: EventAttempt[];
  outcome: 'pending' | 'delivered' | 'failed' | 'dropped';
}

const kept = 2000;

/** The newest deliveries of all channels, oldest first. */
export class EventRecords {
  readonly list: EventRecord[] = [];
  private lastId = 0;

  constructor(
    private readonly now: () => number,
    private readonly log: ActivityLog,
  ) {}

  begin(channel: EventRecord['channel'], event: PlainEvent, payload: Record<string, unknown>): EventRecord {
    this.lastId += 1;
    const record: EventRecord = {
      id: `event-${this.lastId}`,
      at: this.now(),
      channel,
      eventId: event.eventId,
      eventType: event.eventType,
      about: aboutOf(event),
      payload,
      attempts: [],
      outcome: 'pending',
    };
    this.list.push(record);
    // Cutting in halves keeps adding cheap.
    if (this.list.length > kept * 2) this.list.splice(0, kept);
    return record;
  }

  /** Writes how a delivery goes into the sandbox's log. */
  note(record: EventRecord, detail: string): void {
    const outcome =
      record.outcome === 'delivered' ? 'ok' : record.outcome === 'pending' ? 'warning' : 'error';
    const durationMs = record.attempts.at(-1)?.durationMs;
    this.log.add({
      source: 'callback',
      title: `${record.eventType} ${record.about} (${record.channel})`,
      outcome,
      detail,
      ...(durationMs === undefined ? {} : { durationMs }),
    });
  }
}

/** Timers that end together. */
export class Timers {
  private readonly running = new Set<NodeJS.Timeout>();

  /** Does something later; the returned function takes it back. */
  after(ms: number, action: () => void): () => void {
    const timer = setTimeout(() => {
      this.running.delete(timer);
      action();
    }, ms);
    this.running.add(timer);
    return () => {
      clearTimeout(timer);
      this.running.delete(timer);
    };
  }

  clear(): void {
    for (const timer of this.running) clearTimeout(timer);
    this.running.clear();
  }
}

/** Who waits until nothing is left to be told. */
export class Quiet {
  private open = 0;
  private waiting: (() => void)[] = [];

  begin(): void {
    this.open += 1;
  }

  end(): void {
    this.open -= 1;
    this.settle();
  }

  /** Nothing is left, whatever was open. */
  reset(): void {
    this.open = 0;
    this.settle();
  }

  reached(): Promise<void> {
    return this.open === 0 ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }

  private settle(): void {
    if (this.open > 0) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
