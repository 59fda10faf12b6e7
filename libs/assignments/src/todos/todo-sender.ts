import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ConnectionChanges, Connections, type ConnectionContext } from '@trainbridge/connections';
import {
  ERROR_CODES,
  isConnectorError,
  type ConnectorErrorData,
  type ItemOutcome,
} from '@trainbridge/connector-kit';
import { failureData, redactedError, untilAborted } from '@trainbridge/connector-runtime';
import { ProblemError } from '@trainbridge/http-api';
import { JobQueue } from '@trainbridge/jobs';
import { DataSource } from 'typeorm';
import { AssignmentsOptions } from '../assignments-options.js';
import { retryPause } from './retry-pauses.js';
import { TodoOutbox, TODOS_QUEUE } from './todo-outbox.js';
import { LEASE_MS, TodoQueue, type TodoBatch, type TodoResult } from './todo-queue.js';

const SWEEP_QUEUE = 'todos-sweep';
const SWEEP_EVERY_MS = 15_000;
/** Many: a lane mostly waits for its platform, and those of dead platforms must not take the places of the others. */
const CONNECTIONS_AT_ONCE = 64;
/** Between two looks at rows that are due and held by a transaction. */
const SHORTEST_WAIT_MS = 200;
/** Batches of one connection under way together; its rate limits are kept below this. */
const BATCHES_AT_ONCE = 4;
/** Well before its lease ends a call is given up: nobody may send the same meanwhile. */
const CALL_MS = LEASE_MS * 0.75;

/**
 * Tells platforms of enrollments: one lane for each connection, so that a platform that is down keeps nobody else waiting. A
 * batch is leased, sent, and its outcome written down; a process that dies in between leaves a batch of unknown outcome, which
 * is sent again as it was. What that means is the connector's to declare: `natural`, `key` and `lookup` keep the to-do single,
 * and with `none` (or after the key's lifetime) the person may see it twice: rather twice than never.
 */
@Injectable()
export class TodoSender implements OnModuleInit {
  private readonly log = new Logger('Assignments');
  private readonly queue: TodoQueue;
  private hasLookedForMissed = false;
  /** Connections whose to-dos wait, and of which that has been said. */
  private readonly unusable = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly jobs: JobQueue,
    private readonly outbox: TodoOutbox,
    private readonly changes: ConnectionChanges,
    private readonly options: AssignmentsOptions,
  ) {
    this.queue = new TodoQueue(dataSource);
  }

  async onModuleInit(): Promise<void> {
    if (this.options.alone) await this.queue.releaseAll();
    this.jobs.process(TODOS_QUEUE, { concurrency: CONNECTIONS_AT_ONCE }, ({ key, signal }) =>
      this.drain(key, signal),
    );
    this.jobs.process(SWEEP_QUEUE, { concurrency: 1 }, ({ key }) => this.sweep(key));
    this.jobs.every(SWEEP_QUEUE, 'due', SWEEP_EVERY_MS);
    this.changes.register((connectionId) => this.jobs.wake(SWEEP_QUEUE, connectionId));
  }

  /** Everything of one connection that is due now; then a wake for what is due later. */
  async drain(connectionId: string, signal: AbortSignal): Promise<void> {
    let pauseMs: number | null = null;
    while (!signal.aborted && pauseMs === null) {
      const opened = await this.open(connectionId, signal);
      if (!opened) return;
      const batches = await this.next(opened);
      if (batches === null) break;
      const rests = await Promise.all(batches.map((batch) => this.send(opened, batch, signal)));
      for (const rest of rests) if (rest !== null) pauseMs = Math.max(pauseMs ?? 0, rest);
    }
    if (signal.aborted) return;
    const nextMs = await this.queue.nextDueInMs(connectionId);
    if (nextMs === null) return;
    await this.jobs.wake(TODOS_QUEUE, connectionId, {
      delayMs: Math.max(pauseMs ?? 0, nextMs, SHORTEST_WAIT_MS),
    });
  }

  /** Null when nothing is due; an empty list when what was due needed no call. */
  private async next({ connector, connection }: ConnectionContext): Promise<TodoBatch[] | null> {
    const unknown = await this.queue.claimUnknown(connection.id);
    if (unknown) {
      const { idempotency = 'none', keyLifetimeMs } = connector.manifest.todos ?? {};
      const isForgotten =
        idempotency === 'key' &&
        keyLifetimeMs !== undefined &&
        Date.now() - unknown.sentAt.getTime() > keyLifetimeMs;
      if (!isForgotten) return [unknown];
      await this.queue.dissolve(unknown);
    }
    const most = connector.manifest.todos?.maxBatch ?? 1;
    const { looked, batches } = await this.queue.claim(
      connection.id,
      { most, atOnce: BATCHES_AT_ONCE },
      connection.settings,
    );
    return looked === 0 ? null : batches;
  }

  /** Null when the connection is gone or cannot be used now: its to-dos wait. */
  private async open(connectionId: string, signal: AbortSignal): Promise<ConnectionContext | null> {
    try {
      const call = AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]);
      const opened = await this.connections.contextFor(connectionId, call);
      this.unusable.delete(connectionId);
      return opened.connector.todos ? opened : null;
    } catch (error) {
      if (!isConnectorError(error) && !(error instanceof ProblemError)) throw error;
      if (!this.unusable.has(connectionId)) {
        this.log.warn({ msg: 'to-dos wait for their connection', connectionId, code: error.code });
      }
      this.unusable.add(connectionId);
      return null;
    }
  }

  /** Answers how long the lane rests when the platform could not be reached. */
  private async send(
    opened: ConnectionContext,
    batch: TodoBatch,
    signal: AbortSignal,
  ): Promise<number | null> {
    let byKey: Map<string, ItemOutcome>;
    try {
      byKey = new Map((await call(opened, batch)).map((outcome) => [outcome.key, outcome]));
    } catch (error) {
      // Ended by us, in the middle of the call: whoever works next sends the batch again.
      if (signal.aborted) {
        await this.queue.keep(batch, { code: 'unavailable', message: 'The host was stopped meanwhile.' }, 0);
        return null;
      }
      return this.failed(opened, batch, failureData(error));
    }
    const results = batch.rows.map((row, place) => {
      const outcome = byKey.get(batch.items[place]!.key) ?? NOTHING_SAID;
      return resultOf(row, batch, place, outcome, opened.redact);
    });
    await this.queue.record(results, opened.connection.revision);
    // An outage that is told item by item is an outage.
    const retries = results.flatMap(({ retryInMs }) => retryInMs ?? []);
    return retries.length === results.length ? Math.min(...retries) : null;
  }

  private async failed(
    opened: ConnectionContext,
    batch: TodoBatch,
    error: ConnectorErrorData,
  ): Promise<number | null> {
    const attempts = Math.max(...batch.rows.map((row) => row.attempts));
    const pause = retryPause(error, attempts);
    if (pause !== null) {
      await this.queue.keep(batch, error, pause);
      return pause;
    }
    const results = batch.rows.map((row, place) =>
      resultOf(row, batch, place, { status: 'failed', error }, opened.redact),
    );
    await this.queue.record(results, opened.connection.revision);
    return null;
  }

  /** Key `due`: whoever is due; for the first time in this process, also who was missed. Another key: a changed connection. */
  private async sweep(key: string): Promise<void> {
    if (key !== 'due') {
      const connection = await this.connections.require(key).catch(() => null);
      if (!connection) return;
      await this.outbox.wantAllOf(this.dataSource, key);
      await this.queue.retryAfterChange(key, connection.revision);
    } else if (!this.hasLookedForMissed) {
      await this.outbox.wantAllOf(this.dataSource, null);
      this.hasLookedForMissed = true;
    }
    await this.outbox.wake(await this.queue.connectionsDue());
  }
}

function call({ connector, context }: ConnectionContext, batch: TodoBatch): Promise<ItemOutcome[]> {
  return untilAborted(context.signal, () =>
    batch.action === 'upsert'
      ? connector.todos!.upsert(context, { items: batch.items })
      : connector.todos!.close(context, { items: batch.items }),
  );
}

/** An outcome without its key. */
type Outcome = ItemOutcome extends infer One
  ? One extends { key: string }
    ? Omit<One, 'key'>
    : never
  : never;

const NOTHING_SAID: Extract<Outcome, { status: 'failed' }> = {
  status: 'failed',
  error: { code: 'internal', message: 'The connector said nothing about this to-do.' },
};

function resultOf(
  { enrollmentId, leaseNo, attempts }: TodoBatch['rows'][number],
  { action, items }: TodoBatch,
  place: number,
  outcome: Outcome,
  redact: (text: string) => string,
): TodoResult {
  const result = { enrollmentId, leaseNo, externalRef: null, error: null, reason: null, retryInMs: null };
  switch (outcome.status) {
    case 'done': {
      if (action === 'close') return { ...result, status: 'closed' };
      // What a platform does not name it finds again by our key.
      const { externalRef, key } = items[place]!;
      return { ...result, status: 'open', externalRef: outcome.externalRef ?? externalRef ?? key };
    }
    case 'skipped':
      return { ...result, status: 'skipped', reason: outcome.reason };
    case 'failed': {
      const error = redacted(outcome.error, redact);
      const retryInMs = retryPause(error, attempts);
      const status = retryInMs === null ? 'failed' : action === 'close' ? 'open' : 'pending';
      return { ...result, status, error, retryInMs };
    }
    default:
      return { ...result, status: 'failed', error: NOTHING_SAID.error };
  }
}

/**
 * Platforms repeat in their messages what they were sent. A connector is strangers' code: an error without a known code, or
 * without words, says nothing.
 */
function redacted(
  error: ConnectorErrorData | undefined,
  redact: (text: string) => string,
): ConnectorErrorData {
  if (!error || !Object.hasOwn(ERROR_CODES, error.code) || typeof error.message !== 'string') {
    return NOTHING_SAID.error;
  }
  return redactedError(error, redact);
}
