import type { OutgoingEvents } from '@trainbridge/persistence';
import type { TaskRuns } from '@trainbridge/connections';
import { isConnectorError, type CustomersCapability, type JsonObject } from '@trainbridge/connector-kit';
import { ProblemError } from '@trainbridge/http-api';
import type { DataSource } from 'typeorm';
import { customersOfRun } from '../customers/customers-of-run.js';
import { applyPlan } from '../sync/apply/apply.js';
import { readDetails } from '../sync/fetch/details.js';
import { DirectoryFetch, type DirectorySource } from '../sync/fetch/fetch.js';
import type { PageWriterOptions } from '../sync/fetch/page-writer.js';
import { ReadRefused } from '../sync/fetch/walk.js';
import { makePlan } from '../sync/plan/planner.js';
import {
  PlanOutdated,
  RunInterrupted,
  StagingLost,
  type RunFacts,
  type RunHandle,
} from '../sync/run-facts.js';
import { RecordStager, type RecordMapper } from '../sync/stage/record-stager.js';
import { dropStaging } from '../sync/stage/staging.js';
import { withConnectionLock } from './run-lock.js';
import { freezePlan } from './plan-view.js';
import { outcomeOf } from './run-outcome.js';
import type { RunError, RunRow } from './run-record.js';
import { RunStore } from './run-store.js';

/** The platform, opened for one run. */
export interface OpenedSource extends DirectorySource {
  mapper: RecordMapper;
  facts: RunFacts;
  /** Absent: the platform has none, or none the connector can tell. */
  customers?: CustomersCapability<JsonObject>;
}

export interface RunEngineOptions {
  /** Plan lines per transaction. */
  chunkLines?: number;
  /** Who reads tasks; absent: runs of that kind fail. */
  taskRuns?: TaskRuns;
  /** Pauses between tries of a vendor call that may be retried, milliseconds. */
  retryDelaysMs?: readonly number[];
  writer?: Pick<PageWriterOptions, 'flushRecords' | 'flushAfterMs' | 'maxWaiting'>;
}

const MAX_ATTEMPTS = 20;
const MAX_REPEATS = 3;

/**
 * Works one run from wherever it stands to its end: fetch, plan, guard, apply. Every step is saved in the database, so
 * `work` may be called again, by any process, after any crash; two callers never work the same connection at once.
 */
export class RunEngine {
  readonly store: RunStore;
  private readonly retryDelaysMs: readonly number[];

  constructor(
    private readonly dataSource: DataSource,
    outgoingEvents: OutgoingEvents,
    private readonly options: RunEngineOptions = {},
  ) {
    this.store = new RunStore(dataSource, outgoingEvents);
    this.retryDelaysMs = options.retryDelaysMs ?? [500, 2_000];
  }

  /**
   * `busy`: another run of the connection is at work, ask again later. `ended`: it is decided (or was before).
   * `interrupted`: canceled, taken over, or the signal aborted; what was done is saved.
   */
  async work(
    runId: string,
    open: (connectionId: string, signal: AbortSignal) => Promise<OpenedSource>,
    signal: AbortSignal,
  ): Promise<'busy' | 'ended' | 'interrupted'> {
    const known = await this.store.find(runId);
    if (!known) return 'ended';
    const lock = known.kind === 'tasks' ? `tasks of ${known.connection_id}` : known.connection_id;
    return withConnectionLock(this.dataSource, lock, { signal }, async () => {
      const run = await this.store.takeOver(runId);
      if (!run) return 'ended';
      try {
        if (run.kind === 'tasks') await this.workTasks(run, signal);
        else await this.workHeld(run, open, signal);
        return 'ended';
      } catch (error) {
        if (error instanceof RunInterrupted || signal.aborted) return 'interrupted';
        const failure = failureOf(error) ?? (run.attempt >= MAX_ATTEMPTS ? internal(error) : null);
        if (!failure) throw error;
        await this.end(run, 'failed', failure);
        return 'ended';
      }
    });
  }

  /** People and tasks are read side by side: each kind has a lock of its own. */
  private async workTasks(run: RunRow, signal: AbortSignal): Promise<void> {
    const { taskRuns } = this.options;
    if (!taskRuns) {
      const message = 'this host does not read tasks';
      return this.end(run, 'failed', { code: 'unprocessable', message });
    }
    const handle: RunHandle = { id: run.id, connectionId: run.connection_id, attempt: run.attempt };
    const mode = run.mode === 'incremental' ? 'incremental' : 'full';
    const end = await taskRuns.work(
      { id: run.id, connectionId: run.connection_id, mode },
      (manager, counts, progress) => this.store.holdTasks(manager, handle, counts, progress),
      signal,
    );
    await this.store.finishTasks(handle, end);
  }

  private async workHeld(
    run: RunRow,
    open: (connectionId: string, signal: AbortSignal) => Promise<OpenedSource>,
    signal: AbortSignal,
  ): Promise<void> {
    const handle: RunHandle = { id: run.id, connectionId: run.connection_id, attempt: run.attempt };
    let source: OpenedSource | null = null;
    for (let repeats = 0; ;) {
      signal.throwIfAborted();
      try {
        if (run.phase === 'fetch') {
          source ??= await open(run.connection_id, signal);
          const listsCustomers = source.customers?.list !== undefined;
          run.settings = { ...source.facts, listsCustomers, ...run.settings };
          await this.store.saveSettings(handle, run.settings);
          await this.fetch(run, handle, source, signal);
          await this.store.enterPhase(handle, 'plan');
          run.phase = 'plan';
        }
        if (run.phase === 'plan') {
          const outcome = await this.plan(run, handle);
          run.phase = outcome.phase;
          run.status = outcome.status;
          run.settings.partial = outcome.partial;
          if (outcome.status === 'planned' || outcome.status === 'blocked') return;
          if (outcome.phase === 'done') return await dropStaging(this.dataSource, run.id);
        }
        await applyPlan(this.dataSource, handle, run.settings as RunFacts, {
          chunkLines: this.options.chunkLines ?? 5_000,
          signal,
          cause: run.cause,
        });
        const openOnce = async () => (source ??= await open(run.connection_id, signal));
        const { retryDelaysMs } = this;
        await customersOfRun(this.dataSource, run, handle, openOnce, {
          signal,
          retryDelaysMs,
        });
        const partial = run.settings.partial ?? null;
        return await this.end(run, partial ? 'partial' : 'success', partial);
      } catch (error) {
        const again = error instanceof StagingLost || (error instanceof PlanOutdated && !run.approved_at);
        if (!again || ++repeats > MAX_REPEATS || run.mode === 'events') throw error;
        run.settings = await this.store.startOver(handle, error instanceof StagingLost ? 'fetch' : 'plan');
        run.phase = error instanceof StagingLost ? 'fetch' : 'plan';
        if (run.phase === 'fetch') await dropStaging(this.dataSource, run.id);
      }
    }
  }

  private async fetch(
    run: RunRow,
    handle: RunHandle,
    source: OpenedSource,
    signal: AbortSignal,
  ): Promise<void> {
    const stager = new RecordStager(source.mapper);
    const fetch = new DirectoryFetch(this.dataSource, handle, source, stager, {
      signal,
      retryDelaysMs: this.retryDelaysMs,
      ...(this.options.writer ? { writer: this.options.writer } : {}),
    });
    await fetch.execute();
    const fields = source.detailFields ?? [];
    const details = await readDetails(this.dataSource, handle, source, stager, fields, signal);
    if (details) run.notes = { ...run.notes, details };
  }

  private async plan(run: RunRow, handle: RunHandle): Promise<ReturnType<typeof outcomeOf>> {
    let outcome: ReturnType<typeof outcomeOf> | undefined;
    await makePlan(this.dataSource, handle, run.settings as RunFacts, 'walks', async (manager, plan) => {
      outcome = outcomeOf(run, plan);
      if (run.mode === 'reconcile') await freezePlan(manager, run);
      await this.store.savePlan(manager, handle, plan, outcome);
    });
    return outcome!;
  }

  /** Ends a run and throws away what it staged. */
  private async end(
    run: RunRow,
    status: 'success' | 'partial' | 'failed',
    error: RunError | null,
  ): Promise<void> {
    await this.store.finish(
      { id: run.id, connectionId: run.connection_id, attempt: run.attempt },
      status,
      error,
    );
    await dropStaging(this.dataSource, run.id);
  }
}

/** The error as the run shows it, or null when trying again may help. */
function failureOf(error: unknown): RunError | null {
  if (error instanceof ReadRefused) return error.data;
  if (error instanceof PlanOutdated) return { code: 'plan_outdated', message: error.message };
  if (error instanceof StagingLost) return { code: 'internal', message: error.message };
  if (isConnectorError(error)) return error.data;
  if (error instanceof ProblemError) return { code: error.code, message: error.message };
  return null;
}

function internal(error: unknown): RunError {
  const name = error instanceof Error ? error.name : 'unknown error';
  return {
    code: 'internal',
    message: `the run failed ${MAX_ATTEMPTS} times, last with ${name}; the log says more`,
  };
}
