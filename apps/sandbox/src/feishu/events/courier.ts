import type { ActivityLog } from '../../activity-log.js';
import type { FeishuWorld } from '../world.js';
import { envelopeOf, type PlainEvent } from './envelope.js';

/** How one attempt ended. */
export interface Handover {
  ok: boolean;
  /** In words: `HTTP 200`, `timeout`, `no connection is open`. */
  detail: string;
  durationMs: number;
}

/** A way events take: the request URL, or the long connections. */
export interface Channel {
  readonly name: 'url' | 'connection';
  /** Hands one envelope over; `firstAt` (ms) is when it was first tried. Never throws. */
  deliver(envelope: string, firstAt: number): Promise<Handover>;
}

/** An event and what became of it. */
export interface EventRecord {
  /** `header.event_id`, or `uuid` of the first generation. */
  id: string;
  at: number;
  type: string;
  about: string;
  envelope: Record<string, unknown>;
  channel: Channel['name'];
  attempts: (Handover & { at: number })[];
  outcome: 'pending' | 'delivered' | 'failed' | 'dropped';
}

/** How deliveries misbehave. */
export interface DeliverySwitches {
  /** Extra copies of each event: the same id again, although it was accepted. */
  duplicates: number;
  /** Events that happen within 50 ms arrive in reverse order (those of one order key do not). */
  reorder: boolean;
  /** The next events that are lost. */
  dropNext: number;
  /** Deliveries in flight at one time. */
  concurrency: number;
  /** Milliseconds before each further attempt (event-subscription-guide: 15 s, 5 min, 1 h, 6 h). */
  retryMs: readonly number[];
  timeoutMs: number;
  verifyTimeoutMs: number;
}

export const defaultDelivery: DeliverySwitches = {
  duplicates: 0,
  reorder: false,
  dropNext: 0,
  concurrency: 1,
  retryMs: [15_000, 300_000, 3_600_000, 21_600_000],
  timeoutMs: 3000,
  verifyTimeoutMs: 1000,
};

const keptRecords = 2000;
const reorderWindowMs = 50;

/** Delivers events at least once: repeats until accepted or until the schedule ends. */
export class Courier {
  /** The newest events, oldest first. */
  readonly records: EventRecord[] = [];
  readonly switches: DeliverySwitches = { ...defaultDelivery };
  private readonly queue: (() => Promise<void>)[] = [];
  private readonly lanes = new Map<string, (() => void)[]>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private held: (() => void)[] = [];
  private running = 0;
  private open = 0;
  private closed = false;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly world: Pick<FeishuWorld, 'appId' | 'tenantKey' | 'facts' | 'now'>,
    /** The verification token of the app. */
    private readonly token: () => string,
    private readonly log: ActivityLog,
  ) {}

  send(channel: Channel, plain: PlainEvent): void {
    if (this.closed) return;
    const { id, envelope } = envelopeOf(plain, this.world, this.token());
    const { type, about } = plain;
    for (let copy = 0; copy <= this.switches.duplicates; copy += 1) {
      const record: EventRecord = {
        id, at: this.world.now(), type, about, envelope, channel: channel.name, attempts: [], outcome: 'pending',
      }; // prettier-ignore
      this.records.push(record);
      if (this.records.length > keptRecords * 2) this.records.splice(0, keptRecords);
      if (this.switches.dropNext > 0) {
        this.switches.dropNext -= 1;
        record.outcome = 'dropped';
        this.note(record, 'lost on the way 丢失');
        continue;
      }
      this.open += 1;
      const start = (): void => this.inLane(plain.orderKey, channel, record);
      if (this.switches.reorder && plain.orderKey === undefined) this.hold(start);
      else start();
    }
  }

  /** Resolves when nothing is held, queued, in flight or waiting for another attempt. */
  idle(): Promise<void> {
    if (this.open === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.queue.length = 0;
    this.open = 0;
    this.settle();
  }

  private hold(start: () => void): void {
    this.held.push(start);
    if (this.held.length > 1) return;
    this.later(reorderWindowMs, () => {
      const released = this.held.reverse();
      this.held = [];
      for (const begin of released) begin();
    });
  }

  /** Starts at once, or when the event before it in its lane is done with. */
  private inLane(key: string | undefined, channel: Channel, record: EventRecord): void {
    const begin = (): void => this.enqueue(() => this.attempt(channel, record, key));
    if (key === undefined) return begin();
    const lane = this.lanes.get(key);
    if (lane !== undefined) lane.push(begin);
    else {
      this.lanes.set(key, []);
      begin();
    }
  }

  private enqueue(job: () => Promise<void>): void {
    this.queue.push(job);
    this.pump();
  }

  private pump(): void {
    while (this.running < this.switches.concurrency && !this.closed) {
      const job = this.queue.shift();
      if (job === undefined) return;
      this.running += 1;
      void job().finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async attempt(channel: Channel, record: EventRecord, lane: string | undefined): Promise<void> {
    const at = this.world.now();
    const handover = await channel.deliver(JSON.stringify(record.envelope), record.attempts[0]?.at ?? at);
    if (this.closed) return;
    record.attempts.push({ ...handover, at });
    const spacing = this.switches.retryMs[record.attempts.length - 1];
    if (handover.ok || spacing === undefined) {
      record.outcome = handover.ok ? 'delivered' : 'failed';
      this.note(record, handover.detail);
      return this.finish(lane);
    }
    this.note(record, `${handover.detail}, again in ${spacing / 1000} s 将重试`, 'warning');
    this.later(spacing, () => this.enqueue(() => this.attempt(channel, record, lane)));
  }

  private finish(lane: string | undefined): void {
    this.open -= 1;
    if (lane !== undefined) {
      const next = this.lanes.get(lane)?.shift();
      if (next === undefined) this.lanes.delete(lane);
      else next();
    }
    this.settle();
  }

  private settle(): void {
    if (this.open > 0) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  private later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, ms);
    this.timers.add(timer);
  }

  private note(record: EventRecord, detail: string, outcome?: 'warning'): void {
    const durationMs = record.attempts.at(-1)?.durationMs;
    this.log.add({
      source: 'callback',
      title: `飞书 ${record.type} ${record.about}`,
      outcome: outcome ?? (record.outcome === 'delivered' ? 'ok' : 'error'),
      detail,
      ...(durationMs === undefined ? {} : { durationMs }),
    });
  }
}
