import type { DataSource } from 'typeorm';
import { rows } from '../sync/sql.js';
import { dropStaging } from '../sync/stage/staging.js';

/** Plans nobody approved for so long are given up: the world has moved on, and what they staged takes room. */
const KEEP_PLANS_DAYS = 7;
/** What was staged for events has no run yet; nobody takes longer than this to get there. */
const NEWBORN_MINUTES = 60;

/** Empties what ended runs left staged: a process may die between ending its run and tidying up. */
export async function sweepStaging(dataSource: DataSource): Promise<void> {
  // Steps from run to run through the index instead of reading every row.
  const left = await rows<{ id: string }>(
    dataSource,
    `with recursive staged as (
       (select min(run_id) as id from staged_users) union all
       select (select min(run_id) from staged_users where run_id > staged.id) from staged where id is not null
     ), ids as (
       select id from staged where id is not null
       union select run_id from run_walks union select run_id from staged_departments
       union select run_id from staged_customers
     )
     select ids.id from ids left join runs r on r.id = ids.id
     where coalesce(r.status not in ('queued', 'running', 'planned', 'blocked'),
       ids.id < 'run_' || lpad(to_hex(((extract(epoch from now()) - $1 * 60) * 1000)::bigint), 12, '0'))`,
    [NEWBORN_MINUTES],
  );
  for (const { id } of left) await dropStaging(dataSource, id);
}

/** Cancels plans that waited too long. */
export async function giveUpOldPlans(dataSource: DataSource): Promise<void> {
  await dataSource.query(
    `update runs set status = 'canceled', finished_at = now(), updated_at = now(),
       error = jsonb_build_object('code', 'plan_outdated', 'message', $2::text)
     where status in ('planned', 'blocked') and updated_at < now() - make_interval(days => $1)`,
    [KEEP_PLANS_DAYS, `Nobody approved this plan within ${KEEP_PLANS_DAYS} days.`],
  );
}

/** Lines and rejected records say what a run did to whom; after this long only the run's counts are kept. */
const KEEP_LINES_DAYS = 90;

export async function forgetOldLines(dataSource: DataSource): Promise<void> {
  for (const table of ['plan_lines', 'rejected_records']) {
    await dataSource.query(
      `delete from ${table} where run_id in (
         select r.id from runs r where r.finished_at < now() - make_interval(days => $1)
           and exists (select 1 from ${table} l where l.run_id = r.id) order by r.id limit 10)`,
      [KEEP_LINES_DAYS],
    );
  }
}

/** Runs that somebody has to work on: new ones, and those of processes that died. */
export async function unfinishedRuns(dataSource: DataSource): Promise<string[]> {
  const found = await rows<{ id: string }>(
    dataSource,
    `select id from runs where status in ('queued', 'running') order by id`,
  );
  return found.map(({ id }) => id);
}
