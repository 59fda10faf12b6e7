import type { ConnectorErrorData } from '@trainbridge/connector-kit';
import type { DataSource } from 'typeorm';
import { affected, rows, storableJson, type Sql } from '../sql.js';
import { RunInterrupted, StagingLost, type RunHandle } from '../run-facts.js';
import { mergeDepartments, mergeUsers } from './merge.js';
import type { StagedBatch } from './staged-records.js';

export interface WalkProgress {
  walk: string;
  cursor: string | null;
  pages: number;
  records: number;
  done: boolean;
  /** Set when the walk could not be finished. */
  error: ConnectorErrorData | null;
}

export const DEPARTMENTS_WALK = 'departments';
export const COMPANY_WALK = 'company';

/** Walks that exist once per department: over the people in it, over the departments directly below it. */
export type DepartmentWalkKind = 'department' | 'children';

export function departmentWalk(kind: DepartmentWalkKind, departmentId: string): string {
  return `${kind}:${departmentId}`;
}

export function departmentOfWalk(walk: string): string {
  return walk.slice(walk.indexOf(':') + 1);
}

/** Proves, inside a transaction, that the run is still this process's to work on. @throws {RunInterrupted} */
export async function holdRun(manager: Sql, run: RunHandle, progress: object | null): Promise<void> {
  const held = await affected(
    manager,
    `update runs set progress = progress || $3::jsonb, updated_at = now()
     where id = $1 and attempt = $2 and status = 'running'`,
    [run.id, run.attempt, JSON.stringify(progress ?? {})],
  );
  if (held === 0) throw new RunInterrupted(run.id);
}

/**
 * Writes finished pages of any number of walks: records, what was rejected, and the cursors to go on from, in one
 * transaction. New departments open the walks that `departmentWalks` names.
 *
 * @throws {StagingLost} when a walk's row is gone.
 */
export async function stagePages(
  dataSource: DataSource,
  run: RunHandle,
  batch: StagedBatch,
  walks: WalkProgress[],
  options: { progress: object; departmentWalks: readonly DepartmentWalkKind[] },
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await holdRun(manager, run, options.progress);
    await stageRecords(manager, run.id, batch);
    const readable = batch.departments.filter((department) => !department.idOnly);
    const opened = readable.flatMap(({ id }) =>
      options.departmentWalks.map((kind) => departmentWalk(kind, id)),
    );
    await openWalks(manager, run.id, opened);
    if (walks.length === 0) return;
    const saved = await affected(
      manager,
      `update run_walks w set cursor = p.cursor, pages = w.pages + p.pages, records = w.records + p.records,
         done = p.done, error = p.error
       from jsonb_to_recordset($2::jsonb) as p(
         walk text, cursor text, pages int, records int, done boolean, error jsonb)
       where w.run_id = $1 and w.walk = p.walk`,
      [run.id, storableJson(walks)],
    );
    if (saved < walks.length) throw new StagingLost(run.id);
  });
}

export async function openWalks(manager: Sql, runId: string, walks: string[]): Promise<void> {
  if (walks.length === 0) return;
  await manager.query(
    `insert into run_walks (run_id, walk) select $1, unnest($2::text[]) on conflict do nothing`,
    [runId, walks],
  );
}

/** Puts records beside what the run has staged already; one person's answers become one row. */
export async function stageRecords(manager: Sql, runId: string, batch: StagedBatch): Promise<void> {
  const departments = mergeDepartments(batch.departments);
  if (departments.length > 0) await manager.query(STAGE_DEPARTMENTS, [runId, storableJson(departments)]);
  const users = mergeUsers(batch.users);
  if (users.length > 0) await manager.query(STAGE_USERS, [runId, storableJson(users)]);
  if (batch.rejected.length > 0) {
    await manager.query(
      `insert into rejected_records (run_id, kind, record_key, external_id, reason, raw)
       select $1, kind, key, "externalId", reason, raw
       from jsonb_to_recordset($2::jsonb) as r(kind text, key text, "externalId" text, reason text, raw jsonb)
       on conflict do nothing`,
      [runId, storableJson(batch.rejected)],
    );
  }
}

const STAGE_DEPARTMENTS = `
  insert into staged_departments as s (run_id, external_id, new_id, id_only, gone, content, parent_external_id, raw)
  select $1, id, "newId", "idOnly", gone, content, parent, raw
  from jsonb_to_recordset($2::jsonb) as r(
    id text, "newId" text, "idOnly" boolean, gone text, content jsonb, parent text, raw jsonb)
  on conflict (run_id, external_id) do update set
    id_only = s.id_only and excluded.id_only,
    gone = excluded.gone,
    content = tb_merge_record(s.content, excluded.content),
    parent_external_id = coalesce(
      case when excluded.id_only then s.parent_external_id else excluded.parent_external_id end,
      s.parent_external_id, excluded.parent_external_id),
    raw = s.raw || excluded.raw`;

// The condition keeps a person who is listed in several departments, with the same record each time, from being
// written several times.
const STAGE_USERS = `
  insert into staged_users as s (run_id, external_key, external_id, new_id, id_only, gone, content, memberships, raw)
  select $1, key, id, "newId", "idOnly", gone, content, memberships, raw
  from jsonb_to_recordset($2::jsonb) as r(
    key text, id text, "newId" text, "idOnly" boolean, gone text, content jsonb, memberships jsonb, raw jsonb)
  on conflict (run_id, external_key) do update set
    external_id = case when s.id_only then excluded.external_id when excluded.id_only then s.external_id
                       else least(s.external_id, excluded.external_id collate "C") end,
    id_only = s.id_only and excluded.id_only,
    gone = excluded.gone,
    content = tb_merge_record(s.content, excluded.content),
    memberships = tb_merge_memberships(s.memberships, excluded.memberships),
    raw = s.raw || excluded.raw
  where (s.id_only and not excluded.id_only) or s.gone is distinct from excluded.gone
     or not s.content @> excluded.content or not s.memberships @> excluded.memberships
     or not s.raw @> excluded.raw
     or (excluded.external_id <> s.external_id and not excluded.id_only)`;

/** Removes what runs left behind; by TRUNCATE when no other run has anything staged. */
export async function dropStaging(dataSource: DataSource, runId: string): Promise<void> {
  const emptied = await dataSource
    .transaction(async (manager) => {
      await manager.query(`set local lock_timeout = '200ms'`);
      await manager.query(
        `lock table run_walks, staged_departments, staged_users, staged_customers in access exclusive mode`,
      );
      const others = await rows(
        manager,
        `select 1 from run_walks where run_id <> $1
         union all (select 1 from staged_departments where run_id <> $1 limit 1)
         union all (select 1 from staged_customers where run_id < $1 or run_id > $1 limit 1)
         union all (select 1 from staged_users where run_id < $1 or run_id > $1 limit 1) limit 1`,
        [runId],
      );
      if (others.length > 0) return false;
      await manager.query(`truncate run_walks, staged_departments, staged_users, staged_customers`);
      return true;
    })
    .catch(() => false);
  if (emptied) return;
  for (const table of ['run_walks', 'staged_departments', 'staged_users', 'staged_customers']) {
    await dataSource.query(`delete from ${table} where run_id = $1`, [runId]);
  }
}
