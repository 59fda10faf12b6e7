import type { DataSource } from 'typeorm';
import type { AttemptResult } from '../receiver/attempt-result.js';
import type { ReceiverAddresses } from '../receiver/receiver-addresses.js';
import { DEFAULT_BREAKER, type BreakerOptions, type BreakerState } from './breaker.js';
import type { AttemptOutcome, ClaimedDelivery } from './claimed-delivery.js';
import { DeliveryQueue } from './delivery-queue.js';
import { FIRST_CONCURRENCY, Lane } from './lane.js';
import type { LaneSettings, LoadLaneSettings } from './lane-settings.js';
import { WriteBack } from './write-back.js';

export interface DeliveryEngineOptions {
  dataSource: DataSource;
  addresses: ReceiverAddresses;
  loadSettings: LoadLaneSettings;
  /** The receiver answered 410: it wants no more. */
  onGone: (subscriptionId: string) => Promise<void>;
  log: (level: 'warn' | 'error', message: string, fields: Record<string, unknown>) => void;
  /**
   * No other process uses the database: what is leased while this engine does nothing was left behind by a killed
   * process or a failed database, and is sent at once instead of when its lease ends.
   */
  alone?: boolean;
  /** Default 15 s; renewed while held, so it only bounds how long a killed process delays its deliveries. */
  leaseMs?: number;
  /** Default 15 s. */
  timeoutMs?: number;
  /** Most requests at once to one receiver. Default 64. */
  concurrency?: number;
  /** Most deliveries in memory that wait for a free place. Default 4,000. */
  backlog?: number;
  breaker?: BreakerOptions;
  /** Tests only: instead of the database's and the process's clock. */
  clock?: () => Date;
}

const LANE_IDLE_MS = 60_000;
/** How often a busy engine looks for work of receivers it is not busy with, when nobody told it. */
const LOOK_MS = 100;
/** While it is busy, what comes in a stream of small commits is claimed together. */
const GATHER_MS = 40;
/** For a receiver this process has no lane for yet: as many as a new lane sends at once. */
const STRANGER_PLACES = FIRST_CONCURRENCY;

/**
 * Sends what is due: claims leases in batches, hands them to one lane per receiver, writes outcomes back in sets. Claiming,
 * sending and writing back overlap. Any number of engines may run on one database; a killed one's work is taken up when
 * its leases end, and a sleeper's late results change nothing.
 */
export class DeliveryEngine {
  private readonly queue: DeliveryQueue;
  private readonly lanes = new Map<string, Lane>();
  private readonly writeBack: WriteBack;
  /** Tried, and not written back yet: their leases have to last until they are. */
  private readonly unwritten = new Map<string, ClaimedDelivery>();
  private readonly leaseMs: number;
  private changed: (() => void) | null = null;
  private poked = false;
  private renewedAt = 0;
  private freed: boolean;

  constructor(private readonly options: DeliveryEngineOptions) {
    this.leaseMs = options.leaseMs ?? 15_000;
    this.freed = !options.alone;
    this.queue = new DeliveryQueue(options.dataSource, this.leaseMs, options.clock ?? null);
    this.writeBack = new WriteBack((outcomes) => this.queue.writeBack(outcomes), {
      giveUpAfterMs: this.leaseMs,
      onWritten: (batch) => {
        for (const { deliveryId } of batch) this.unwritten.delete(deliveryId);
        this.signalChange();
      },
      onLost: (error, count) =>
        options.log('error', 'results of deliveries could not be recorded; they will be sent again', {
          count,
          reason: error instanceof Error ? error.message : String(error),
        }),
    });
  }

  /** Says that there may be new work; a running `drain` looks at once. */
  poke(): void {
    this.poked = true;
    this.signalChange();
  }

  /** Sends the next due delivery of a paused receiver without waiting for the pause to end. */
  probeNow(subscriptionId: string): void {
    this.lanes.get(subscriptionId)?.breaker.probeNow();
    this.poke();
  }

  breakerState(subscriptionId: string): BreakerState {
    return this.lanes.get(subscriptionId)?.breaker.state ?? 'closed';
  }

  /**
   * Works until nothing is due any more and answers in how many milliseconds something will be (null: nothing waits). When
   * `signal` aborts it claims no more, gives back what has not been sent, and ends when what is under way has ended.
   */
  async drain(signal: AbortSignal): Promise<number | null> {
    const onAbort = (): void => this.signalChange();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (!this.freed) await this.queue.releaseAll();
      this.freed = true;
      while (!signal.aborted) {
        this.poked = false;
        const claimed = await this.claim();
        if (claimed === 0 && this.isIdle()) {
          const nextMs = await this.nextDueInMs();
          if (nextMs !== 0 && !this.poked) return nextMs;
          // Due, but not to be had: somebody else is at it, or an ordered predecessor is.
          if (!this.poked) await this.change(LOOK_MS);
        } else {
          await this.untilWorthClaiming(signal);
        }
        await this.renewLeases();
      }
      return 0;
    } catch (error) {
      this.leasesLeft();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      await this.finish();
    }
  }

  /** Cuts all connections; after `drain` has ended. */
  async close(): Promise<void> {
    const lanes = [...this.lanes.values()];
    this.lanes.clear();
    await Promise.allSettled(lanes.map((lane) => lane.close()));
  }

  private async claim(): Promise<number> {
    // What is not written back counts: a database that cannot keep up slows the sending down.
    const free = (this.options.backlog ?? 4_000) - this.waitingCount() - this.writeBack.size;
    if (free <= 0) return 0;
    const lanes = [...this.lanes.values()];
    const places = new Map(lanes.map((lane) => [lane.subscriptionId, lane.places()]));
    const claimed = await this.queue.claim(
      [...places].map(([subscriptionId, count]) => ({ subscriptionId, places: count })),
      STRANGER_PLACES,
      free,
    );
    const bySubscription = new Map<string, ClaimedDelivery[]>();
    for (const item of claimed) {
      const items = bySubscription.get(item.subscriptionId);
      if (items) items.push(item);
      else bySubscription.set(item.subscriptionId, [item]);
    }
    const stale = [...bySubscription].filter(
      ([id, items]) => this.lanes.get(id)?.revision !== items[0]!.subscriptionRevision,
    );
    if (stale.length > 0) await this.loadLanes(stale.map(([id]) => id));
    for (const lane of this.lanes.values()) {
      const items = bySubscription.get(lane.subscriptionId) ?? [];
      lane.mayHaveMore =
        items.length > 0 && items.length >= (places.get(lane.subscriptionId) ?? STRANGER_PLACES);
      lane.push(items);
    }
    return claimed.length;
  }

  private async loadLanes(subscriptionIds: string[]): Promise<void> {
    for (const settings of await this.options.loadSettings(subscriptionIds)) {
      const lane = this.lanes.get(settings.subscriptionId);
      if (lane) lane.update(settings);
      else this.lanes.set(settings.subscriptionId, this.openLane(settings));
    }
  }

  private openLane(settings: LaneSettings): Lane {
    return new Lane(settings, {
      addresses: this.options.addresses,
      concurrency: this.options.concurrency ?? 64,
      timeoutMs: this.options.timeoutMs ?? 15_000,
      breaker: this.options.breaker ?? DEFAULT_BREAKER,
      now: this.options.clock ?? (() => new Date()),
      onOutcome: (lane, item, outcome, result) => this.onOutcome(lane, item, outcome, result),
    });
  }

  private onOutcome(lane: Lane, item: ClaimedDelivery, outcome: AttemptOutcome, result: AttemptResult): void {
    this.unwritten.set(item.deliveryId, item);
    this.writeBack.add(outcome);
    if (result.status === 410) {
      void this.options.onGone(item.subscriptionId).catch((error: unknown) =>
        this.options.log('error', 'a subscription that answered 410 could not be disabled', {
          subscriptionId: item.subscriptionId,
          reason: String(error),
        }),
      );
    }
    if (lane.waitingCount > 0 && lane.breaker.state === 'open') void this.giveBack(lane.takeWaiting());
    if (lane.held === 0 || lane.isHungry()) this.signalChange();
  }

  /** Sleeps until a lane could use more, nothing is left to do, somebody pokes, or it is time to look around. */
  private async untilWorthClaiming(signal: AbortSignal): Promise<void> {
    const began = performance.now();
    for (;;) {
      if (signal.aborted || this.isIdle()) return;
      for (const lane of this.lanes.values()) if (lane.isHungry()) return;
      const leftMs = began + (this.poked ? GATHER_MS : LOOK_MS) - performance.now();
      if (leftMs <= 0) return;
      await this.change(leftMs);
    }
  }

  private async renewLeases(): Promise<void> {
    if (performance.now() - this.renewedAt < this.leaseMs / 4) return;
    this.renewedAt = performance.now();
    const soon = performance.now() + this.leaseMs / 2;
    const lanes = [...this.lanes.values()];
    const held = [...lanes.flatMap((lane) => lane.heldDeliveries()), ...this.unwritten.values()];
    const ending = held.filter((item) => item.leaseEndsAt < soon);
    if (ending.length === 0) return;
    const kept = await this.queue.renew(ending);
    const lost = new Set(ending.filter((item) => !kept.has(item.deliveryId)));
    if (lost.size > 0) for (const lane of lanes) lane.drop((item) => lost.has(item));
  }

  private async nextDueInMs(): Promise<number | null> {
    const paused = [...this.lanes.values()].filter((lane) => lane.breaker.state === 'open');
    const dueInMs = await this.queue.nextDueInMs(paused.map((lane) => lane.subscriptionId));
    const times = [
      ...paused.map((lane) => Math.ceil(lane.breaker.pauseMs)),
      ...(dueInMs === null ? [] : [dueInMs]),
    ];
    return times.length === 0 ? null : Math.min(...times);
  }

  /** What waits goes back to the queue, what is under way ends, what was done is recorded. */
  private async finish(): Promise<void> {
    await this.giveBack([...this.lanes.values()].flatMap((lane) => lane.takeWaiting()));
    while ([...this.lanes.values()].some((lane) => lane.held > 0)) await this.change(LOOK_MS);
    await this.writeBack.flush();
    for (const [id, lane] of this.lanes) {
      if (lane.idleMs < LANE_IDLE_MS || lane.breaker.state !== 'closed') continue;
      this.lanes.delete(id);
      await lane.close();
    }
  }

  private async giveBack(waiting: readonly ClaimedDelivery[]): Promise<void> {
    await this.queue.release(waiting).catch((error: unknown) => {
      this.leasesLeft();
      this.options.log('warn', 'leases could not be given back; they end by themselves', {
        reason: String(error),
      });
    });
  }

  /** The database failed us: there may be leases nobody works on. Alone, the next drain, which begins with nothing under way, frees them. */
  private leasesLeft(): void {
    this.freed = !this.options.alone;
  }

  private isIdle(): boolean {
    if (!this.writeBack.isIdle) return false;
    for (const lane of this.lanes.values()) if (lane.held > 0) return false;
    return true;
  }

  private waitingCount(): number {
    let count = 0;
    for (const lane of this.lanes.values()) count += lane.waitingCount;
    return count;
  }

  /** True when something changed, false when the time was over. */
  private change(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.changed = null;
        resolve(false);
      }, timeoutMs);
      this.changed = () => {
        clearTimeout(timer);
        this.changed = null;
        resolve(true);
      };
    });
  }

  private signalChange(): void {
    this.changed?.();
  }
}
