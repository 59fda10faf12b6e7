import type { DuePlatformEvent, PlatformEventOutcome } from '@trainbridge/connections';
import type { CustomerRecord } from '@trainbridge/connector-kit';
import { newId } from '@trainbridge/persistence';
import type { DataSource } from 'typeorm';
import { causeOf } from '../events/event-run.js';
import { idsOf } from '../events/event-hints.js';
import { lookUp, type Answer } from '../events/lookups.js';
import { withConnectionLock } from '../runs/run-lock.js';
import { noCounts } from '../runs/run-record.js';
import type { OpenedSource } from '../runs/run-engine.js';
import type { RunStore } from '../runs/run-store.js';
import { stagePage } from './customer-records.js';
import { applyCustomers, stageCustomers } from './customer-store.js';

export interface CustomerSyncParts {
  dataSource: DataSource;
  store: RunStore;
  open(connectionId: string, signal: AbortSignal): Promise<Pick<OpenedSource, 'customers' | 'context'>>;
}

type Outcomes = Map<string, PlatformEventOutcome>;

/** A run has the connection: look again soon, at no cost. */
const BUSY_MS = 2_000;
const LOOKUP_BATCH = 50;
const CONCURRENCY = 4;

/** What a batch of events asks for: each customer once, and whether the last word was that they are gone. */
interface Hint {
  removed: boolean;
  at: number;
}

/**
 * Events about customers are hints, as those about people: each customer is read again once, and what was found is written
 * with its changes as a small run of its own.
 */
export class CustomerSync {
  constructor(private readonly parts: CustomerSyncParts) {}

  async handle(connectionId: string, events: DuePlatformEvent[], signal: AbortSignal): Promise<Outcomes> {
    const done = await withConnectionLock(this.parts.dataSource, connectionId, { signal }, () =>
      this.readAndWrite(connectionId, events, signal),
    );
    if (done !== 'busy') return done;
    return new Map(events.map(({ id }) => [id, { status: 'later', afterMs: BUSY_MS }]));
  }

  private async readAndWrite(
    connectionId: string,
    events: DuePlatformEvent[],
    signal: AbortSignal,
  ): Promise<Outcomes> {
    const { customers, context } = await this.parts.open(connectionId, signal);
    if (!customers) {
      const outcome = { status: 'ignored', detail: 'this connector has no customers' } as const;
      return new Map(events.map(({ id }) => [id, outcome]));
    }
    const hints = hintsOf(events);
    const answers = await lookUp<CustomerRecord>(
      (externalIds) => customers.get(context, { externalIds }),
      [...hints.keys()],
      { batch: LOOKUP_BATCH, concurrency: CONCURRENCY, keyOf: (id) => id, signal },
    );
    const found = [...answers.values()].flatMap((answer) =>
      answer.status === 'found' ? [answer.record] : [],
    );
    const staged = stagePage({ items: found, rejected: [] });
    const gone = [...hints].filter(([id, hint]) => isGone(answers.get(id), hint)).map(([id]) => id);
    const run = { id: newId('run'), connectionId };
    const counts = await this.write(run, staged.customers, gone, events);
    const rejections = new Map(staged.rejected.map(({ externalId, reason }) => [externalId, reason]));
    const fates = new Map(
      [...hints].map(([id, hint]) => [id, fateOf(answers.get(id), hint, rejections.get(id))]),
    );
    const changed = counts.created + counts.updated + counts.restored + counts.removed > 0;
    return new Map(
      events.map((event) => [event.id, outcomeOf(idsOf(event), fates, changed ? run.id : null)]),
    );
  }

  /** The run is written when it is over: a crash leaves nothing half done, and what changed nothing leaves no run. */
  private async write(
    run: { id: string; connectionId: string },
    customers: ReturnType<typeof stagePage>['customers'],
    gone: readonly string[],
    events: readonly DuePlatformEvent[],
  ): Promise<Awaited<ReturnType<typeof applyCustomers>>> {
    const cause = causeOf(
      run.id,
      events.map(({ id }) => id),
    );
    return this.parts.dataSource.transaction(async (manager) => {
      await stageCustomers(manager, run.id, customers);
      const counts = await applyCustomers(manager, run, gone, cause);
      await manager.query(`delete from staged_customers where run_id = $1`, [run.id]);
      if (counts.created + counts.updated + counts.restored + counts.removed > 0) {
        const all = { ...noCounts(), customers: { ...counts, rejected: 0 } };
        await this.parts.store.createFinished(manager, { ...run, cause, counts: all });
      }
      return counts;
    });
  }
}

function hintsOf(events: readonly DuePlatformEvent[]): Map<string, Hint> {
  const hints = new Map<string, Hint>();
  for (const event of [...events].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime())) {
    const removed = event.kind === 'customer.removed';
    const at = event.occurredAt.getTime();
    for (const id of idsOf(event)) {
      const known = hints.get(id);
      // Within the platform's second nobody knows which came first; a change in a later one means: back again.
      if (!known || removed || at > known.at) hints.set(id, { removed, at });
    }
  }
  return hints;
}

/** As with people: proof of absence, or the word that they are gone and no trace of them. */
function isGone(answer: Answer<CustomerRecord> | undefined, hint: Hint): boolean {
  return answer?.status === 'gone' || (answer?.status === 'unknown' && hint.removed);
}

type Fate =
  { status: 'applied' | 'ignored'; detail: string } | Extract<PlatformEventOutcome, { status: 'failed' }>;

function fateOf(answer: Answer<CustomerRecord> | undefined, hint: Hint, rejection: string | undefined): Fate {
  if (answer === undefined || answer.status === 'failed') {
    const { code, message, retryAfterMs } = answer?.error ?? { code: 'internal', message: 'was not read' };
    return {
      status: 'failed',
      error: { code, message },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  // Asking again would bring the same record.
  if (rejection !== undefined) {
    const message = `the record cannot be taken: ${rejection}`;
    return { status: 'failed', final: true, error: { code: 'bad_response', message } };
  }
  if (answer.status === 'found')
    return { status: 'applied', detail: hint.removed ? 'is still there, so kept' : 'read again' };
  if (isGone(answer, hint)) return { status: 'applied', detail: 'removed' };
  return {
    status: 'ignored',
    detail:
      answer.status === 'notVisible'
        ? 'cannot be seen by this app; nothing was changed'
        : 'the platform does not tell whether it exists; nothing was changed',
  };
}

function outcomeOf(
  ids: readonly string[],
  fates: Map<string, Fate>,
  runId: string | null,
): PlatformEventOutcome {
  const told = ids.flatMap((id) => fates.get(id) ?? []);
  if (told.length === 0) return { status: 'ignored', detail: 'names nobody' };
  const failure = told.find((fate) => fate.status === 'failed');
  if (failure) return failure;
  const details = [...new Set(told.flatMap((fate) => (fate.status === 'failed' ? [] : [fate.detail])))];
  const detail = details.join('; ').slice(0, 400);
  if (!told.some(({ status }) => status === 'applied')) return { status: 'ignored', detail };
  return {
    status: 'applied',
    detail: runId === null ? `${detail}; nothing new` : `${detail} by run ${runId}`,
  };
}
