import { newId } from '@trainbridge/persistence';
import type { DataSource } from 'typeorm';
import { outcomeOf } from '../runs/run-outcome.js';
import type { RunRow } from '../runs/run-record.js';
import type { RunStore } from '../runs/run-store.js';
import { applyPlan } from '../sync/apply/apply.js';
import { makePlan } from '../sync/plan/planner.js';
import { PlanOutdated, StagingLost, type RunFacts, type RunHandle } from '../sync/run-facts.js';
import { rows, type Sql } from '../sync/sql.js';
import { dropStaging, stageRecords } from '../sync/stage/staging.js';
import type { StagedBatch } from '../sync/stage/staged-records.js';

export type LineAction = 'create' | 'update' | 'restore' | 'disable' | 'refresh';

export interface EventRunResult {
  /** `nothing`: everything was as it should be, and no run is left behind. */
  status: 'nothing' | 'applied' | 'blocked';
  runId: string;
  /** Of a blocked run: why it waits. */
  reason: string | null;
  /** What the plan does, by kind and key. */
  users: Map<string, LineAction>;
  departments: Map<string, LineAction>;
}

const CHUNK_LINES = 5_000;
/** So many events are named in what a run and its changes give as their cause. */
const NAMED_EVENTS = 20;

/** As `runs.cause` and the feed show it. `runId` also tells the guard what a person approved. */
export function causeOf(runId: string, eventIds: readonly string[]): { runId: string; eventIds: string[] } {
  return { runId, eventIds: eventIds.slice(0, NAMED_EVENTS) };
}

/**
 * Plans, judges and applies what was read for a batch of events, as a small run. The caller holds the connection's lock.
 * The run's row is born with its plan, in the apply phase: whoever finds it after a crash has only to go on applying.
 */
export async function runEvents(
  dataSource: DataSource,
  store: RunStore,
  batch: { connectionId: string; facts: RunFacts; staged: StagedBatch; eventIds: readonly string[] },
  signal: AbortSignal,
): Promise<EventRunResult> {
  const run: RunHandle = { id: newId('run'), connectionId: batch.connectionId, attempt: 1 };
  // What could not be taken is told by the events it was read for.
  const staged = { ...batch.staged, rejected: [] };
  const nothing: EventRunResult = {
    status: 'nothing',
    runId: run.id,
    reason: null,
    users: new Map(),
    departments: new Map(),
  };
  if (staged.users.length + staged.departments.length === 0) return nothing;
  const cause = causeOf(run.id, batch.eventIds);
  let kept = false;
  try {
    await dataSource.transaction((manager) => stageRecords(manager, run.id, staged));
    let reason: string | null = null;
    const plan = await makePlan(dataSource, run, batch.facts, 'lookups', async (manager, made) => {
      if (made.lines === 0) return;
      const row = await bornApplying(store, manager, run, batch.facts, cause);
      const outcome = outcomeOf(row, made);
      await store.savePlan(manager, run, made, outcome);
      if (outcome.status === 'blocked') reason = outcome.error?.message ?? 'the guard waits for an approval';
    });
    if (plan.lines === 0) return nothing;
    // From here on the run can be finished by anybody; what it staged is needed for that.
    kept = true;
    const lines = await linesOf(dataSource, run.id);
    if (reason !== null) return { ...nothing, ...lines, status: 'blocked', reason };
    await applyPlan(dataSource, run, batch.facts, { chunkLines: CHUNK_LINES, signal, cause });
    const changed = [...lines.users.values(), ...lines.departments.values()].some(
      (action) => action !== 'refresh',
    );
    if (changed) await store.finish(run, 'success', null);
    else await forget(dataSource, run.id);
    kept = false;
    return { ...nothing, ...lines, status: changed ? 'applied' : 'nothing' };
  } catch (error) {
    if (kept && (error instanceof PlanOutdated || error instanceof StagingLost)) {
      await store.finish(run, 'failed', { code: 'plan_outdated', message: error.message });
      kept = false;
    }
    throw error;
  } finally {
    if (!kept) await dropStaging(dataSource, run.id);
  }
}

async function bornApplying(
  store: RunStore,
  manager: Sql,
  run: RunHandle,
  facts: RunFacts,
  cause: ReturnType<typeof causeOf>,
): Promise<RunRow> {
  await store.create(manager, {
    id: run.id,
    connectionId: run.connectionId,
    kind: 'directory',
    mode: 'events',
    dryRun: false,
    requestedBy: null,
    cause,
    settings: { ...facts },
  });
  const [row] = await rows<RunRow>(
    manager,
    `update runs set status = 'running', phase = 'apply', attempt = $2, started_at = now() where id = $1 returning *`,
    [run.id, run.attempt],
  );
  return row!;
}

async function linesOf(
  dataSource: DataSource,
  runId: string,
): Promise<Pick<EventRunResult, 'users' | 'departments'>> {
  const lines = await rows<{ kind: 'user' | 'department'; key: string; action: LineAction }>(
    dataSource,
    `select kind, external_key as key, action from plan_lines where run_id = $1`,
    [runId],
  );
  const of = (kind: string) =>
    new Map(lines.filter((line) => line.kind === kind).map(({ key, action }) => [key, action] as const));
  return { users: of('user'), departments: of('department') };
}

/** Nothing anybody would call a change: no run is shown for it. */
async function forget(dataSource: DataSource, runId: string): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.query(`delete from plan_lines where run_id = $1`, [runId]);
    await manager.query(`delete from runs where id = $1`, [runId]);
  });
}
