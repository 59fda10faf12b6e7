import type { ConnectionContext, CourseLinks } from '@trainbridge/connections';
import type { ConnectorErrorData, ItemOutcome, ResultAction } from '@trainbridge/connector-kit';
import { failureData } from '@trainbridge/connector-runtime';
import type { DirectoryReader } from '@trainbridge/directory';
import { ProblemError } from '@trainbridge/http-api';
import { newId } from '@trainbridge/persistence';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { Breaker, DEFAULT_BREAKER, type BreakerOptions } from '../engine/breaker.js';
import { callConnector } from './call-connector.js';
import { withCourseTitles } from './course-titles.js';
import { failedTogether, judgeItem, limitedWaitMs, skipped, type Verdict } from './judge-batch.js';
import {
  cancelOf,
  PlatformQueue,
  type PlatformBatch,
  type PlatformDelivery,
  type PlatformOutcome,
} from './platform-queue.js';
import { recipientsOf, type Recipient } from './recipients.js';

export interface PlatformEngineOptions {
  dataSource: DataSource;
  directory: DirectoryReader;
  /** What courses are called; absent where nobody keeps a catalogue. */
  courses?: Pick<CourseLinks, 'listed'> | null;
  /** As `Connections.contextFor`: with the configuration and settings of this moment. */
  open: (connectionId: string, signal: AbortSignal) => Promise<ConnectionContext>;
  log: (level: 'warn' | 'error', message: string, fields: Record<string, unknown>) => void;
  /** Default 30 s; renewed while a call runs, so it only bounds how long a killed process delays its deliveries. */
  leaseMs?: number;
  /** The longest a connector may take for one batch. Default 5 minutes. */
  callMs?: number;
  breaker?: BreakerOptions;
}

interface Lane {
  breaker: Breaker;
  /** On the process's monotonic clock: the platform, or the connection's own state, keeps us away until then. */
  pausedUntil: number;
}

/** A connection that cannot be opened is not its deliveries' fault: they wait, and spend nothing. */
const UNOPENED_MS = 60_000;
/** What was due went to another process: it will say how it ended. */
const ELSEWHERE_MS = 1_000;
const RECORD_RETRY_MS = 500;

/**
 * Tells platforms what happened, one batch at a time per connection. Sent is at least once: between the platform's answer
 * and our record of it a process can die, and the batch then goes out again, the same items in the same order under the
 * same keys. Actions that are idempotent (`natural`, `key` for as long as the platform remembers it, `lookup`) do nothing
 * twice then; one that declares `none`, or a key that was forgotten, repeats what was done.
 *
 * Any number of engines may run on one database; never two drains of one connection in one process.
 */
export class PlatformEngine {
  readonly queue: PlatformQueue;
  private readonly lanes = new Map<string, Lane>();
  private readonly leaseMs: number;

  constructor(private readonly options: PlatformEngineOptions) {
    this.leaseMs = options.leaseMs ?? 30_000;
    this.queue = new PlatformQueue(options.dataSource, this.leaseMs);
  }

  /** Works until nothing of the connection is due and answers in how many milliseconds something will be; null: nothing waits. */
  async drain(connectionId: string, signal: AbortSignal): Promise<number | null> {
    const lane = this.laneOf(connectionId);
    while (!signal.aborted) {
      const pauseMs = Math.max(lane.breaker.pauseMs, lane.pausedUntil - performance.now());
      if (pauseMs > 0) return Math.ceil(pauseMs);
      const nextMs = await this.queue.nextDueInMs(connectionId);
      if (nextMs === null) this.lanes.delete(connectionId);
      if (nextMs !== 0) return nextMs;
      const elsewhere = await withDeadline(signal, this.options.callMs ?? 300_000, async (callSignal) => {
        const connection = await this.opened(connectionId, lane, callSignal);
        if (!connection) return false;
        const batch = await this.queue.claim(connectionId, newId('bat'), mostOf(connection));
        if (batch) await this.tell(batch, connection, lane, signal);
        return batch === null;
      });
      if (elsewhere) return ELSEWHERE_MS;
    }
    return 0;
  }

  /** The next batch goes out now, however long the platform was to be left alone. */
  probeNow(connectionId: string): void {
    const lane = this.lanes.get(connectionId);
    if (!lane) return;
    lane.breaker.probeNow();
    lane.pausedUntil = 0;
  }

  private laneOf(connectionId: string): Lane {
    const known = this.lanes.get(connectionId);
    if (known) return known;
    const lane = { breaker: new Breaker(this.options.breaker ?? DEFAULT_BREAKER), pausedUntil: 0 };
    this.lanes.set(connectionId, lane);
    return lane;
  }

  private async opened(
    connectionId: string,
    lane: Lane,
    signal: AbortSignal,
  ): Promise<ConnectionContext | null> {
    try {
      return await this.options.open(connectionId, signal);
    } catch (error) {
      // Its last deliveries may have been made while it was being deleted.
      if (error instanceof ProblemError && error.code === 'not_found') {
        await cancelOf(this.options.dataSource.manager, connectionId);
        return null;
      }
      lane.pausedUntil = performance.now() + UNOPENED_MS;
      this.options.log('warn', 'a connection cannot be opened; what its platform is to be told waits', {
        connectionId,
        reason: error instanceof Error ? error.message : String(error),
      });
      return null;
    }
  }

  private async tell(
    batch: PlatformBatch,
    connection: ConnectionContext,
    lane: Lane,
    signal: AbortSignal,
  ): Promise<void> {
    const renewing = setInterval(() => void this.queue.renew(batch).catch(() => undefined), this.leaseMs / 3);
    try {
      const startedAt = new Date();
      const began = performance.now();
      const verdicts = await this.verdictsOf(batch, connection, lane, signal);
      if (verdicts === null) return await this.queue.release(batch);
      const durationMs = Math.round(performance.now() - began);
      await this.record(
        batch.items.map(({ deliveryId, leaseNo }) => ({
          ...verdicts.get(deliveryId)!,
          deliveryId,
          leaseNo,
          startedAt: startedAt.toISOString(),
          durationMs,
        })),
      );
    } finally {
      clearInterval(renewing);
    }
  }

  /** Null: the process is being stopped, and nobody knows what became of the call. */
  private async verdictsOf(
    batch: PlatformBatch,
    connection: ConnectionContext,
    lane: Lane,
    signal: AbortSignal,
  ): Promise<Map<string, Verdict> | null> {
    const verdicts = new Map<string, Verdict>();
    const action = actionOf(connection, batch.action);
    const people = await recipientsOf(this.options.dataSource.manager, this.options.directory, batch.items);
    const reachable = batch.items.filter((item) => {
      const refusal = refusalOf(people.get(item.subjectId), action);
      if (refusal) verdicts.set(item.deliveryId, skipped(refusal));
      return refusal === null;
    });
    if (reachable.length === 0) return verdicts;
    const titled = await withCourseTitles(connection.connection.id, reachable, this.options.courses ?? null);
    let told: Map<string, ItemOutcome>;
    try {
      told = await callConnector(batch, titled, people, connection);
    } catch (thrown) {
      if (signal.aborted) return null;
      const error = failureData(thrown);
      const verdict = this.judgeFailure(error, reachable, action, lane);
      for (const { deliveryId } of reachable) verdicts.set(deliveryId, verdict);
      return verdicts;
    }
    const down = unavailableToAll(reachable.map(({ deliveryId }) => told.get(deliveryId)));
    if (down === null) lane.breaker.succeeded();
    const together = down && !this.spendsRetry(lane, reachable);
    for (const item of reachable) {
      const verdict = together
        ? failedTogether(down, reachable, { spendsRetry: false, idempotency: 'none' })
        : judgeItem(told.get(item.deliveryId), item);
      verdicts.set(item.deliveryId, verdict);
    }
    return verdicts;
  }

  private judgeFailure(
    error: ConnectorErrorData,
    items: readonly PlatformDelivery[],
    action: ResultAction | null,
    lane: Lane,
  ): Verdict {
    const verdict = failedTogether(error, items, {
      spendsRetry: error.code !== 'unavailable' || this.spendsRetry(lane, items),
      idempotency: action?.idempotency ?? 'none',
    });
    // Whoever comes next would meet the same limit.
    if (error.code === 'rate_limited')
      lane.pausedUntil = performance.now() + limitedWaitMs(error.retryAfterMs, items[0]!.leaseNo);
    return verdict;
  }

  /** The platform did not answer for these: one word for all of them, whether that is their retry or its outage. */
  private spendsRetry({ breaker }: Lane, items: readonly PlatformDelivery[]): boolean {
    const [first, ...others] = items;
    const spends = breaker.failed(first!.deliveryId);
    if (spends) for (const { deliveryId } of others) breaker.failed(deliveryId);
    return spends;
  }

  /** Until it is written, or others have the batch: then it is sent again, which is what at least once means. */
  private async record(outcomes: readonly PlatformOutcome[]): Promise<void> {
    const began = performance.now();
    for (;;) {
      try {
        return await this.queue.record(outcomes);
      } catch (error) {
        if (performance.now() - began > this.leaseMs) {
          this.options.log('error', 'results of deliveries could not be recorded; they will be sent again', {
            count: outcomes.length,
            reason: error instanceof Error ? error.message : String(error),
          });
          return;
        }
        await sleep(RECORD_RETRY_MS);
      }
    }
  }
}

/** Gives `work` a signal that aborts with the other one, or with a TimeoutError when its time is over. */
async function withDeadline<T>(
  signal: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const call = new AbortController();
  const timer = setTimeout(() => call.abort(new DOMException('took too long', 'TimeoutError')), ms);
  const stop = (): void => call.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await work(call.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function mostOf({ connector }: ConnectionContext): Record<string, number> {
  const actions = connector.manifest.results?.actions ?? [];
  return Object.fromEntries(actions.map(({ name, maxBatch }) => [name, Math.max(1, Math.floor(maxBatch))]));
}

function actionOf({ connector }: ConnectionContext, name: string): ResultAction | null {
  return connector.manifest.results?.actions.find((action) => action.name === name) ?? null;
}

/** A connector that calls once for each item tells an outage item by item. */
function unavailableToAll(outcomes: readonly (ItemOutcome | undefined)[]): ConnectorErrorData | null {
  const errors = outcomes.map((outcome) => (outcome?.status === 'failed' ? outcome.error : null));
  return errors.every((error) => error?.code === 'unavailable') ? errors[0]! : null;
}

/** Why somebody cannot be told, whatever the platform would say; null: they can. */
function refusalOf(
  recipient: Recipient | undefined,
  action: ResultAction | null,
): { en: string; 'zh-CN': string } | null {
  if (!recipient) return { en: 'Nobody of this id is known any more.', 'zh-CN': '该学员已不存在。' };
  if (!recipient.isPresent) return { en: 'They have left the platform.', 'zh-CN': '该学员已离开平台。' };
  if (!action) return { en: 'The connector has no such action any more.', 'zh-CN': '连接器已不支持该动作。' };
  if (action.recipients.includes(recipient.recipient.kind)) return null;
  return { en: 'This action is not for recipients of this kind.', 'zh-CN': '该动作不适用于此类对象。' };
}
