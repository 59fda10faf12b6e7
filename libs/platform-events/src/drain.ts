import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import {
  PlatformEventConsumers,
  type PlatformEventConsumer,
  type PlatformEventOutcome,
} from '@trainbridge/connections';
import { isConnectorError, type PlatformEventKind } from '@trainbridge/connector-kit';
import { JobQueue } from '@trainbridge/jobs';
import {
  LEASE_SECONDS,
  PlatformEventStore,
  type ClaimedEvent,
  type EventResult,
} from './platform-event-store.js';

export const PLATFORM_EVENTS_QUEUE = 'platform-events';
const SWEEP_QUEUE = 'platform-events-sweep';
const SWEEP_EVERY_MS = 15_000;
const CONNECTIONS_AT_ONCE = 8;
/** Pauses before the second, third, … try; after the last one an event is dead. */
export const RETRY_PAUSES_MS = [2_000, 10_000, 60_000, 300_000, 1_800_000];
const KEEP_DAYS = 30;
const REMOVE_BATCH = 2_000;

/** Hands due events to whoever understands them and writes down what became of each. */
@Injectable()
export class PlatformEventDrain extends PlatformEventConsumers implements OnModuleInit {
  private readonly logger = new Logger('PlatformEvents');
  private readonly consumers = new Map<PlatformEventKind, PlatformEventConsumer>();

  constructor(
    private readonly store: PlatformEventStore,
    private readonly jobs: JobQueue,
  ) {
    super();
  }

  override register(consumer: PlatformEventConsumer): void {
    for (const kind of consumer.kinds) {
      if (this.consumers.has(kind))
        throw new Error(`platform events of kind ${kind} already have a consumer`);
      this.consumers.set(kind, consumer);
    }
  }

  onModuleInit(): void {
    this.jobs.process(PLATFORM_EVENTS_QUEUE, { concurrency: CONNECTIONS_AT_ONCE }, ({ key, signal }) =>
      this.drain(key, signal),
    );
    this.jobs.process(SWEEP_QUEUE, { concurrency: 1 }, ({ signal }) => this.sweep(signal));
    this.jobs.every(SWEEP_QUEUE, 'sweep', SWEEP_EVERY_MS);
  }

  /** Everything of one connection that is due now; then a wake for what is due later. */
  async drain(connectionId: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const events = await this.store.claim(connectionId);
      if (events.length === 0) break;
      await this.keepingLease(events, () => this.handle(connectionId, events, signal));
    }
    const delayMs = signal.aborted ? null : await this.store.nextDueInMs(connectionId);
    if (delayMs !== null)
      await this.jobs.wake(PLATFORM_EVENTS_QUEUE, connectionId, { delayMs: delayMs + 20 });
  }

  private async sweep(signal: AbortSignal): Promise<void> {
    for (const connectionId of await this.store.connectionsDue()) {
      await this.jobs.wake(PLATFORM_EVENTS_QUEUE, connectionId);
    }
    while (!signal.aborted && (await this.store.removeOld(KEEP_DAYS, REMOVE_BATCH)) === REMOVE_BATCH);
  }

  private async handle(connectionId: string, events: ClaimedEvent[], signal: AbortSignal): Promise<void> {
    const groups = new Map<PlatformEventConsumer | null, ClaimedEvent[]>();
    for (const event of events) {
      const consumer = this.consumers.get(event.kind) ?? null;
      groups.set(consumer, [...(groups.get(consumer) ?? []), event]);
    }
    for (const [consumer, group] of groups) {
      if (signal.aborted) await this.store.finish(group.map(giveBack));
      else if (!consumer) await this.store.finish(group.map(withoutConsumer));
      else await this.hand(consumer, connectionId, group, signal);
    }
  }

  private async hand(
    consumer: PlatformEventConsumer,
    connectionId: string,
    group: ClaimedEvent[],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const outcomes = await consumer.handle(connectionId, group, signal);
      await this.store.finish(group.map((event) => resultOf(event, outcomes.get(event.id) ?? NO_OUTCOME)));
    } catch (error) {
      if (signal.aborted) return this.store.finish(group.map(giveBack));
      if (!isConnectorError(error)) {
        this.logger.error(
          `events of ${connectionId} failed`,
          error instanceof Error ? error.stack : String(error),
        );
      }
      const outcome = failureOf(error);
      await this.store.finish(group.map((event) => resultOf(event, outcome)));
    }
  }

  private async keepingLease(events: readonly ClaimedEvent[], work: () => Promise<void>): Promise<void> {
    const timer = setInterval(
      () => void this.store.extendLease(events).catch(() => undefined),
      (LEASE_SECONDS * 1_000) / 3,
    );
    try {
      await work();
    } finally {
      clearInterval(timer);
    }
  }
}

const NO_OUTCOME: PlatformEventOutcome = {
  status: 'failed',
  error: { code: 'internal', message: 'The consumer said nothing about this event.' },
};

function failureOf(error: unknown): PlatformEventOutcome {
  if (!isConnectorError(error)) {
    return { status: 'failed', error: { code: 'internal', message: 'Something went wrong on our side.' } };
  }
  const { code, message, retryAfterMs } = error.data;
  return { status: 'failed', error: { code, message }, retryAfterMs };
}

function resultOf({ id, attempt }: ClaimedEvent, outcome: PlatformEventOutcome): EventResult {
  const result: EventResult = {
    id,
    attempt,
    status: 'pending',
    detail: null,
    error: null,
    delayMs: 0,
    uncounted: false,
  };
  if (outcome.status === 'later') return { ...result, delayMs: outcome.afterMs, uncounted: true };
  if (outcome.status !== 'failed')
    return { ...result, status: outcome.status, detail: outcome.detail ?? null };
  const pause = outcome.final ? undefined : RETRY_PAUSES_MS[attempt - 1];
  if (pause === undefined) return { ...result, status: 'dead', error: outcome.error };
  // Up to a fifth more, so that what failed together does not come back together.
  const delayMs = Math.max(outcome.retryAfterMs ?? 0, pause * (1 + Math.random() / 5));
  return { ...result, status: 'failed', error: outcome.error, delayMs };
}

function giveBack(event: ClaimedEvent): EventResult {
  return resultOf(event, { status: 'later', afterMs: 0 });
}

function withoutConsumer(event: ClaimedEvent): EventResult {
  return resultOf(event, { status: 'ignored', detail: `nothing on this host handles ${event.kind}` });
}
