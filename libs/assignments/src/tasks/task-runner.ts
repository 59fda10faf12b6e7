import { Injectable } from '@nestjs/common';
import {
  Connections,
  Connectors,
  TaskRuns,
  type ConnectionContext,
  type HoldTaskRun,
  type TaskCounts,
  type TaskRun,
  type TaskRunEnd,
} from '@trainbridge/connections';
import { isConnectorError, type Page, type TaskReference } from '@trainbridge/connector-kit';
import { rows, storableJson } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import { AssignmentsOptions } from '../assignments-options.js';
import { RuleTriggers } from '../rules/rule-triggers.js';
import {
  countsOf,
  isLost,
  leftOut,
  notesWith,
  reject,
  rejectedBy,
  type TaskReadProgress,
} from './task-read-progress.js';
import { readTasks, retrying, type NamedTask, type ReadTasks } from './task-reader.js';
import { deleteTasks, storeTasks } from './task-store.js';

const HOUR_MS = 3_600_000;
/** How much of what was read before is read again: platforms show new tasks late, and clocks differ. */
const OVERLAP_MS = HOUR_MS;
/** How often a listing whose cursor has expired begins anew. */
const MOST_RESTARTS = 3;
/** Tasks still open that are read again together. */
const REREAD = 200;
const EVERY_MINUTES = 10;
/** After a run that failed: whatever it was, it is seldom gone in minutes. */
const AFTER_FAILURE_MINUTES = 60;

/**
 * Reads a platform's tasks: what was created (or changed) since, page by page, then those that are still open here where a
 * platform only lists by creation. Each page is one transaction that also saves how far the run is, so a run that is killed goes
 * on behind its last page.
 */
@Injectable()
export class TaskRunner extends TaskRuns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly connectors: Connectors,
    private readonly rules: RuleTriggers,
    private readonly options: AssignmentsOptions,
  ) {
    super();
  }

  override async work(run: TaskRun, hold: HoldTaskRun, signal: AbortSignal): Promise<TaskRunEnd> {
    const at = await this.begin(run, hold);
    let error: TaskRunEnd['error'] = null;
    try {
      const opened = await this.connections.contextFor(run.connectionId, signal);
      if (!opened.connector.tasks) throw new Error('the connector has no tasks');
      while (!at.listed) await this.listPage(run, opened, at, hold, signal);
      if (opened.connector.manifest.tasks?.listedBy === 'created') {
        while (await this.rereadPage(run, opened, at, hold, signal));
      }
    } catch (caught) {
      signal.throwIfAborted();
      if (!isConnectorError(caught)) throw caught;
      error = caught.data;
    }
    return this.end(run, at, hold, error ?? leftOut(at));
  }

  /** Connections with a rule that waits for tasks. Nobody else needs them read unasked. */
  override async due(): Promise<string[]> {
    const capable = this.connectors
      .list()
      .flatMap((entry) => (entry.status === 'available' && entry.connector.tasks ? [entry.connector] : []));
    if (capable.length === 0) return [];
    const found = await rows<{ id: string }>(this.dataSource, DUE, [
      capable.map(({ manifest }) => manifest.id),
      capable.map(({ manifest }) => manifest.tasks?.everyMinutes ?? EVERY_MINUTES),
      AFTER_FAILURE_MINUTES,
    ]);
    return found.map(({ id }) => id);
  }

  private async begin(run: TaskRun, hold: HoldTaskRun): Promise<TaskReadProgress> {
    const horizon = new Date(Date.now() - this.options.taskHorizonDays * 24 * HOUR_MS);
    return this.dataSource.transaction(async (manager) => {
      await manager.query(
        `insert into task_reads (run_id, connection_id, since)
         select $1, $2, greatest($3::timestamptz, case when $4 then (
           select read_until - $5 * interval '1 millisecond' from task_watermarks where connection_id = $2) end)
         on conflict do nothing`,
        [run.id, run.connectionId, horizon, run.mode === 'incremental', OVERLAP_MS],
      );
      const [at] = await rows<TaskReadProgress>(manager, `select * from task_reads where run_id = $1`, [
        run.id,
      ]);
      await hold(manager, countsOf(at!), {});
      return at!;
    });
  }

  private async listPage(
    run: TaskRun,
    opened: ConnectionContext,
    at: TaskReadProgress,
    hold: HoldTaskRun,
    signal: AbortSignal,
  ): Promise<void> {
    const input = { since: at.since.getTime(), cursor: at.cursor };
    let page: Page<TaskReference>;
    try {
      page = await retrying(() => opened.connector.tasks!.list(opened.context, input), signal);
    } catch (error) {
      const restarts = (at.notes.restarts ?? 0) + 1;
      const isStale = isConnectorError(error) && error.code === 'cursor_expired' && at.cursor !== null;
      if (!isStale || restarts > MOST_RESTARTS) throw error;
      // The configuration changed, or the run waited too long: what was read is kept, the listing begins anew.
      at.notes = { ...at.notes, restarts };
      return this.keep(run, at, hold, { lookups: [], failed: [], next: { cursor: null } });
    }
    if (!page.done && (page.cursor === null || page.cursor === at.cursor))
      throw new Error('the listing does not go on');
    const unread = await this.unread(run, page);
    const read = await readTasks(opened, unread, signal);
    await this.keep(run, at, hold, { ...read, page, next: { cursor: page.cursor, listed: page.done } });
  }

  /** What the listing only names. Incrementally, tasks that are decided here need no call: deciding again comes as an event. */
  private async unread(
    { mode, connectionId }: TaskRun,
    { items }: Page<TaskReference>,
  ): Promise<NamedTask[]> {
    const named = items.filter(({ record }) => record === undefined);
    if (mode === 'full' || named.length === 0) return named;
    const decided = await rows<{ external_id: string }>(
      this.dataSource,
      `select external_id from tasks where connection_id = $1 and external_id = any($2) and status <> 'open'`,
      [connectionId, named.map(({ externalId }) => externalId)],
    );
    const known = new Set(decided.map((row) => row.external_id));
    return named.filter(({ externalId }) => !known.has(externalId));
  }

  /** False when no task is left that is open here and was not read by this run. */
  private async rereadPage(
    run: TaskRun,
    opened: ConnectionContext,
    at: TaskReadProgress,
    hold: HoldTaskRun,
    signal: AbortSignal,
  ): Promise<boolean> {
    const open = await rows<{ external_id: string; kind: string }>(
      this.dataSource,
      `select external_id, kind from tasks where connection_id = $1 and status = 'open' and read_at < $2 and external_id > $3
       order by external_id limit $4`,
      [run.connectionId, at.began_at, at.reread_after, REREAD],
    );
    if (open.length === 0) return false;
    const named = open.map(({ external_id: externalId, kind }) => ({ externalId, kind }));
    const read = await readTasks(opened, named, signal);
    await this.keep(run, at, hold, { ...read, next: { reread_after: named.at(-1)!.externalId } });
    return true;
  }

  private async keep(
    run: TaskRun,
    at: TaskReadProgress,
    hold: HoldTaskRun,
    {
      lookups,
      failed,
      page,
      next,
    }: ReadTasks & { page?: Page<TaskReference>; next: Partial<TaskReadProgress> },
  ): Promise<void> {
    const records = [
      ...(page?.items ?? []).flatMap(({ record }) => record ?? []),
      ...lookups.flatMap((lookup) => (lookup.status === 'found' ? [lookup.record] : [])),
    ];
    const gone = lookups.flatMap((lookup) => (lookup.status === 'gone' ? [lookup.externalId] : []));
    Object.assign(
      at,
      await this.dataSource.transaction(async (manager) => {
        const stored = await storeTasks(manager, run.connectionId, records);
        await this.rules.tasksChanged(manager, stored);
        const deleted = await deleteTasks(manager, run.connectionId, gone);
        const lost = failed.filter(isLost);
        const rejected = [...(page?.rejected ?? []), ...stored.rejected, ...lost.flatMap(rejectedBy)];
        await reject(manager, run.id, rejected);
        const before = countsOf(at);
        const counts: TaskCounts = {
          created: before.created + stored.created,
          updated: before.updated + stored.updated + deleted.length,
          unchanged: before.unchanged + stored.unchanged,
          rejected: before.rejected + rejected.length,
        };
        const notes = notesWith(
          at.notes,
          failed.filter((one) => !lost.includes(one)),
        );
        await hold(manager, counts, { tasksRead: counts.created + counts.updated + counts.unchanged });
        const saved: TaskReadProgress = { ...at, ...next, counts, notes };
        await manager.query(
          `update task_reads set cursor = $2, listed = $3, reread_after = $4, counts = $5, notes = $6 where run_id = $1`,
          [
            run.id,
            saved.cursor,
            saved.listed,
            saved.reread_after,
            JSON.stringify(counts),
            storableJson(notes),
          ],
        );
        return saved;
      }),
    );
    await this.rules.wake([run.connectionId]);
  }

  /** The watermark moves only when nothing was left out: what failed now is read by the next run. */
  private async end(
    run: TaskRun,
    at: TaskReadProgress,
    hold: HoldTaskRun,
    error: TaskRunEnd['error'],
  ): Promise<TaskRunEnd> {
    const counts = countsOf(at);
    const read = counts.created + counts.updated + counts.unchanged;
    const status =
      error === null ? 'success' : read > 0 || error.code === 'records_rejected' ? 'partial' : 'failed';
    await this.dataSource.transaction(async (manager) => {
      await hold(manager, counts, {});
      if (status === 'success' || error?.code === 'records_rejected') {
        await manager.query(
          `insert into task_watermarks (connection_id, read_until) values ($1, $2)
           on conflict (connection_id) do update set read_until = greatest(task_watermarks.read_until, excluded.read_until)`,
          [run.connectionId, at.began_at],
        );
      }
      await manager.query(`delete from task_reads where run_id = $1`, [run.id]);
    });
    const notes = {
      since: at.since.toISOString(),
      ...(at.notes.failedLookups && { failedLookups: at.notes.failedLookups }),
    };
    return { status, counts, notes, error };
  }
}

const DUE = `
  select c.id from unnest($1::text[], $2::int[]) as capable (connector, minutes)
    join connections c using (connector) left join task_watermarks w on w.connection_id = c.id
  where coalesce(w.read_until < now() - make_interval(mins => capable.minutes), true)
    and exists (select from rules r where r.connection_id = c.id and r.is_active and r."when" ->> 'kind' = 'task')
    and not exists (
      select from runs r where r.connection_id = c.id and r.kind = 'tasks'
        and (r.status in ('queued', 'running') or r.finished_at > now() - make_interval(mins => $3)
          and r.status in ('failed', 'partial')))`;
