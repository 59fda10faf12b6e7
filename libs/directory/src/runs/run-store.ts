import { newId, type OutgoingEvents } from '@trainbridge/persistence';
import type { TaskCounts, TaskRunEnd } from '@trainbridge/connections';
import type { JsonObject } from '@trainbridge/connector-kit';
import type { DataSource, EntityManager } from 'typeorm';
import type { PlanResult, RunCounts } from '../sync/plan/planner.js';
import { RunInterrupted, type RunHandle } from '../sync/run-facts.js';
import { affected, rows, storableJson, type Sql } from '../sync/sql.js';
import type { PlanOutcome } from './run-outcome.js';
import {
  noCounts,
  viewOf,
  type RunError,
  type RunMode,
  type RunPhase,
  type RunRow,
  type RunStatus,
} from './run-record.js';

export interface NewRun {
  id?: string;
  connectionId: string;
  kind: 'directory' | 'tasks';
  mode: RunMode;
  dryRun: boolean;
  requestedBy: string | null;
  cause?: JsonObject;
  settings?: RunRow['settings'];
}

/** The rows of `runs`. Whatever a working process writes names its attempt, so a replaced process writes nothing. */
export class RunStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outgoingEvents: OutgoingEvents,
  ) {}

  async find(id: string, manager: Sql = this.dataSource): Promise<RunRow | null> {
    const [run] = await rows<RunRow>(manager, `select * from runs where id = $1`, [id]);
    return run ?? null;
  }

  /** The run of a kind that is queued or running for a connection (runs made of events aside). */
  async openRun(
    manager: Sql,
    connectionId: string,
    kind: RunRow['kind'] = 'directory',
  ): Promise<RunRow | null> {
    const [run] = await rows<RunRow>(
      manager,
      `select * from runs where connection_id = $1 and kind = $2 and status in ('queued', 'running') and mode <> 'events'`,
      [connectionId, kind],
    );
    return run ?? null;
  }

  /** Null when the connection has a run of this kind queued or running already. */
  async create(manager: Sql, run: NewRun): Promise<RunRow | null> {
    const id = run.id ?? newId('run');
    const [created] = await rows<RunRow>(
      manager,
      `insert into runs (id, connection_id, kind, mode, dry_run, status, requested_by, cause, settings)
       values ($1, $2, $3, $4, $5, 'queued', $6, $7, $8) on conflict do nothing returning *`,
      [
        id,
        run.connectionId,
        run.kind,
        run.mode,
        run.dryRun,
        run.requestedBy,
        storableJson(run.cause ?? { runId: id }),
        JSON.stringify(run.settings ?? {}),
      ],
    );
    return created ?? null;
  }

  /** A small run that is told of when it is over: what events changed without a plan. */
  async createFinished(
    manager: EntityManager,
    run: { id: string; connectionId: string; cause: JsonObject; counts: RunRow['counts'] },
  ): Promise<void> {
    await manager.query(
      `insert into runs (id, connection_id, kind, mode, status, phase, counts, cause, started_at, finished_at)
       values ($1, $2, 'directory', 'events', 'success', 'done', $3, $4, now(), now())`,
      [run.id, run.connectionId, JSON.stringify(run.counts), storableJson(run.cause)],
    );
    await this.announce(manager, run.id);
  }

  /** Makes the caller the one who works the run; null when there is nothing to work on. */
  async takeOver(id: string): Promise<RunRow | null> {
    const [run] = await rows<RunRow>(
      this.dataSource,
      `update runs set status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, now()), updated_at = now()
       where id = $1 and status in ('queued', 'running') returning *`,
      [id],
    );
    return run ?? null;
  }

  async saveSettings(run: RunHandle, settings: RunRow['settings']): Promise<void> {
    await this.update(this.dataSource, run, `settings = $3`, [JSON.stringify(settings)]);
  }

  async enterPhase(run: RunHandle, phase: RunPhase): Promise<void> {
    await this.update(
      this.dataSource,
      run,
      `phase = $3, progress = progress || jsonb_build_object('phase', $3::text)`,
      [phase],
    );
  }

  async savePlan(manager: Sql, run: RunHandle, plan: PlanResult, outcome: PlanOutcome): Promise<void> {
    const ended = outcome.status !== 'running';
    await this.update(
      manager,
      run,
      `status = $3, phase = $4, error = $5, counts = $6, notes = $7, planned_lines = $8, applied_line = 0,
       progress = progress || jsonb_build_object('phase', $4::text, 'planned', $8::int, 'applied', 0, 'estimatedSecondsLeft', $9::int),
       finished_at = case when $10 then now() end, settings = settings || jsonb_build_object('partial', $11::jsonb)`,
      [
        outcome.status,
        outcome.phase,
        outcome.error ? storableJson(outcome.error) : null,
        JSON.stringify(outcome.counts),
        JSON.stringify(outcome.notes),
        plan.lines,
        ended ? 0 : null,
        outcome.phase === 'done',
        outcome.partial ? storableJson(outcome.partial) : null,
      ],
    );
    if (ended) await this.announce(manager as EntityManager, run.id);
  }

  async finish(run: RunHandle, status: RunStatus, error: RunError | null): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.update(
        manager,
        run,
        `status = $3, error = $4, phase = 'done', finished_at = now(),
         progress = progress || '{"phase": "done", "estimatedSecondsLeft": 0}'`,
        [status, error ? storableJson(error) : null],
      );
      await this.announce(manager, run.id);
    });
  }

  /** Keeps a run this process's until the transaction commits, and shows what it has read so far. */
  async holdTasks(manager: Sql, run: RunHandle, counts: TaskCounts, progress: JsonObject): Promise<void> {
    await this.update(manager, run, `counts = $3, progress = progress || $4`, [
      JSON.stringify({ tasks: counts }),
      JSON.stringify(progress),
    ]);
  }

  /**
   * Ends a run of tasks. One that nobody asked for and that found everything as it was leaves no trace: there are many.
   * @throws {RunInterrupted}
   */
  async finishTasks(run: RunHandle, end: TaskRunEnd): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.update(
        manager,
        run,
        `status = $3, error = $4, counts = $5, notes = $6, phase = 'done', finished_at = now(),
         progress = progress || '{"phase": "done", "estimatedSecondsLeft": 0}'`,
        [
          end.status,
          end.error ? storableJson(end.error) : null,
          JSON.stringify({ tasks: end.counts }),
          storableJson(end.notes),
        ],
      );
      const { created, updated, rejected } = end.counts;
      const nothing = end.status === 'success' && created + updated + rejected === 0;
      const forgotten =
        nothing &&
        (await affected(manager, `delete from runs where id = $1 and requested_by is null`, [run.id])) > 0;
      if (!forgotten) await this.announce(manager, run.id);
    });
  }

  /** Back to an earlier phase; what was applied so far is remembered in the settings, which are answered. */
  async startOver(run: RunHandle, phase: 'fetch' | 'plan'): Promise<RunRow['settings']> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = await rows<RunRow>(manager, `select * from runs where id = $1`, [run.id]);
      const settings = { ...row!.settings, appliedBefore: await this.appliedCounts(manager, row!) };
      await this.update(
        manager,
        run,
        `phase = $3, settings = $4, applied_line = 0, planned_lines = 0, grants = case when $3 = 'fetch' then null else grants end`,
        [phase, JSON.stringify(settings)],
      );
      return settings;
    });
  }

  /** Stops a run that has not ended. Null when it had. What was applied stays applied, and is what is counted. */
  async cancel(manager: EntityManager, id: string): Promise<RunRow | null> {
    const [run] = await rows<RunRow>(
      manager,
      `update runs set status = 'canceled', phase = 'done', finished_at = now(), updated_at = now(),
         progress = progress || '{"phase": "done", "estimatedSecondsLeft": 0}'
       where id = $1 and status in ('queued', 'running', 'planned', 'blocked') returning *`,
      [id],
    );
    if (!run) return null;
    // What a run of tasks stored, it counted as it went.
    if (run.kind === 'tasks') {
      await this.announce(manager, id);
      return run;
    }
    const counts = await this.appliedCounts(manager, run);
    const [counted] = await rows<RunRow>(manager, `update runs set counts = $2 where id = $1 returning *`, [
      id,
      JSON.stringify(counts),
    ]);
    await this.announce(manager, id);
    return counted!;
  }

  private async appliedCounts(manager: Sql, run: RunRow): Promise<RunRow['counts'] & RunCounts> {
    const applied = await rows<{ kind: 'user' | 'department'; action: string; count: number }>(
      manager,
      `select kind, action, count(*)::int as count from plan_lines where run_id = $1 and line <= $2 group by 1, 2`,
      [run.id, run.applied_line],
    );
    const counts = run.settings.appliedBefore ?? noCounts();
    const names = { create: 'created', update: 'updated', restore: 'restored', disable: 'disabled' } as const;
    for (const { kind, action, count } of applied) {
      const name = names[action as keyof typeof names];
      if (name) counts[kind === 'user' ? 'users' : 'departments'][name] += count;
    }
    const { customers } = run.counts;
    return customers ? { ...counts, customers } : counts;
  }

  private async announce(manager: EntityManager, id: string): Promise<void> {
    const [run] = await rows<RunRow>(manager, `select * from runs where id = $1`, [id]);
    const view = viewOf(run!);
    await this.outgoingEvents.publish(manager, [
      { type: 'run.finished', connectionId: view.connectionId, subjectId: view.id, data: { ...view } },
    ]);
  }

  /** @throws {RunInterrupted} when the run is not this attempt's any more. */
  private async update(sql: Sql, run: RunHandle, set: string, values: unknown[]): Promise<void> {
    const touched = await affected(
      sql,
      `update runs set ${set}, updated_at = now() where id = $1 and attempt = $2 and status = 'running'`,
      [run.id, run.attempt, ...values],
    );
    if (touched === 0) throw new RunInterrupted(run.id);
  }
}
