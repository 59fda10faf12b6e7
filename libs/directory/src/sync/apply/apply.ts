import type { DataSource } from 'typeorm';
import { PlanOutdated, type RunFacts, type RunHandle } from '../run-facts.js';
import { rows } from '../sql.js';
import { holdRun } from '../stage/staging.js';
import { applyDepartmentLines } from './apply-departments.js';
import { applyUserLines } from './apply-users.js';

export interface ApplyOptions {
  /** Lines per transaction. */
  chunkLines: number;
  signal: AbortSignal;
  cause: object;
}

/** A stretch of lines that goes into one transaction. */
interface Stretch {
  kind: 'department' | 'user';
  from: number;
  to: number;
}

/**
 * Carries a plan out from where it stopped, in transactions of `chunkLines` people (departments: one before the people,
 * one after them). Each saves how far it came, so that a killed process goes on at the next line and repeats none.
 *
 * @throws {PlanOutdated} {RunInterrupted}
 */
export async function applyPlan(
  dataSource: DataSource,
  run: RunHandle,
  facts: RunFacts,
  options: ApplyOptions,
): Promise<void> {
  const startedAt = Date.now();
  let appliedHere = 0;
  const leaving = await rows<{ id: string }>(
    dataSource,
    `select subject_id as id from plan_lines where run_id = $1 and kind = 'department' and action = 'disable'`,
    [run.id],
  ).then((found) => found.map(({ id }) => id));
  for (;;) {
    options.signal.throwIfAborted();
    const next = await nextStretch(dataSource, run, options.chunkLines);
    if (!next) return;
    const { stretch, planned } = next;
    appliedHere += stretch.to - stretch.from + 1;
    const secondsPerLine = (Date.now() - startedAt) / 1_000 / appliedHere;
    await dataSource.transaction(async (manager) => {
      const estimatedSecondsLeft = Math.ceil((planned - stretch.to) * secondsPerLine);
      await holdRun(manager, run, { phase: 'apply', planned, applied: stretch.to, estimatedSecondsLeft });
      if (stretch.kind === 'department')
        await applyDepartmentLines(manager, run, stretch.from, stretch.to, options.cause);
      else await applyUserLines(manager, run, facts, { ...stretch, leaving, cause: options.cause });
      await manager.query(`update runs set applied_line = $2 where id = $1`, [run.id, stretch.to]);
    });
  }
}

async function nextStretch(
  dataSource: DataSource,
  run: RunHandle,
  chunkLines: number,
): Promise<{ stretch: Stretch; planned: number } | null> {
  const [next] = await rows<{ kind: Stretch['kind']; from: number; planned: number; other: number | null }>(
    dataSource,
    `select l.kind, l.line as "from", r.planned_lines as planned,
       (select min(o.line) from plan_lines o where o.run_id = l.run_id and o.line > l.line and o.kind <> l.kind) as other
     from runs r join plan_lines l on l.run_id = r.id and l.line = r.applied_line + 1 where r.id = $1`,
    [run.id],
  );
  if (!next) return null;
  const { kind, from, planned, other } = next;
  const lastOfKind = (other ?? planned + 1) - 1;
  const to = kind === 'department' ? lastOfKind : Math.min(from + chunkLines - 1, lastOfKind);
  return { stretch: { kind, from, to }, planned };
}

/** Lines whose subject is not what the plan was made from any more; 0 means that the plan still holds. */
export async function outdatedLines(
  dataSource: DataSource,
  runId: string,
  connectionId: string,
): Promise<number> {
  const [found] = await rows<{ outdated: number; lost: boolean }>(
    dataSource,
    `select (
       select count(*) from plan_lines l left join users u on u.connection_id = $2 and u.external_key = l.external_key
       where l.run_id = r.id and l.kind = 'user' and l.line > r.applied_line
         and (case when l.action = 'create' then u.id is not null
                   else u.id is distinct from l.subject_id or u.content_hash is distinct from l.base_hash end)
     ) + (
       select count(*) from plan_lines l left join departments d on d.connection_id = $2 and d.external_id = l.external_key
       where l.run_id = r.id and l.kind = 'department' and l.line > r.applied_line
         and (case when l.action = 'create' then d.id is not null
                   else d.id is distinct from l.subject_id or d.content_hash is distinct from l.base_hash end)
     ) as outdated,
     exists (
       select 1 from plan_lines l where l.run_id = r.id and l.kind = 'user' and l.staged_hash is not null
         and not exists (select 1 from staged_users s where s.run_id = r.id and s.external_key = l.external_key
           and s.content_hash = l.staged_hash)
     ) or exists (
       select 1 from plan_lines l where l.run_id = r.id and l.kind = 'department' and l.staged_hash is not null
         and not exists (select 1 from staged_departments s where s.run_id = r.id and s.external_id = l.external_key
           and s.content_hash = l.staged_hash)
     ) as lost
     from runs r where r.id = $1`,
    [runId, connectionId],
  );
  if (found!.lost) throw new PlanOutdated(runId);
  return Number(found!.outdated);
}
