import type { ConnectorErrorData, JsonObject } from '@trainbridge/connector-kit';
import type { DataSource } from 'typeorm';
import { judgePlan, type GuardStop } from '../guard/guard.js';
import { StagingLost, type RunFacts, type RunHandle } from '../run-facts.js';
import { rows, type Sql } from '../sql.js';
import { holdRun } from '../stage/staging.js';
import { planDepartments, planLeavingDepartments, settleDepartments } from './plan-departments.js';
import { planUsers } from './plan-users.js';
import { keepUnreadMemberships } from './unread-memberships.js';

export interface KindCounts {
  created: number;
  updated: number;
  unchanged: number;
  disabled: number;
  restored: number;
  rejected: number;
}

export interface RunCounts {
  users: KindCounts;
  departments: KindCounts;
}

export interface PlanResult {
  /** Everything was read and understood; otherwise nobody is disabled for being absent. */
  complete: boolean;
  lines: number;
  counts: RunCounts;
  notes: JsonObject;
  stop: GuardStop | null;
  failedWalks: { walk: string; error: ConnectorErrorData }[];
  /** Readable records, each counted once. */
  read: { users: number; departments: number };
}

/**
 * Decides, in one transaction, what a run would change: thin plan lines, counts, and the guard's word. Nothing of the
 * directory is written. A plan made before by the same run is replaced.
 *
 * @throws {StagingLost} when what was read is not all there any more.
 */
export async function makePlan(
  dataSource: DataSource,
  run: RunHandle,
  facts: RunFacts,
  read: 'walks' | 'lookups',
  save: (manager: Sql, result: PlanResult) => Promise<void>,
): Promise<PlanResult> {
  if (read === 'walks') await analyzeStaging(dataSource);
  return dataSource.transaction(async (manager) => {
    if (read === 'walks') await holdRun(manager, run, { phase: 'plan', estimatedSecondsLeft: null });
    const failedWalks = read === 'walks' ? await failedWalksOf(manager, run) : [];
    const rejected = await rejectedOf(manager, run);
    const complete =
      read === 'walks' && failedWalks.length === 0 && rejected.users + rejected.departments === 0;
    await manager.query(`delete from plan_lines where run_id = $1`, [run.id]);
    await settleDepartments(manager, run, complete);
    await planDepartments(manager, run);
    if (failedWalks.length > 0) await keepUnreadMemberships(manager, run);
    await planUsers(manager, run, facts, complete);
    await planLeavingDepartments(manager, run, complete);
    const planned = await countPlan(manager, run, rejected);
    const stop = await judgePlan(manager, run, facts, complete);
    const result = { ...planned, complete, stop, failedWalks };
    await save(manager, result);
    return result;
  });
}

/** A small sample tells the planner what it needs; the default one costs a third of a second per 100,000 people. */
async function analyzeStaging(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.query(`set local default_statistics_target = 10`);
    await manager.query(`analyze staged_departments, staged_users`);
  });
}

/** @throws {StagingLost} unless the departments were listed and every readable one has a walk that ended. */
async function failedWalksOf(manager: Sql, run: RunHandle): Promise<PlanResult['failedWalks']> {
  const walks = await rows<{ walk: string; done: boolean; error: ConnectorErrorData | null }>(
    manager,
    `select walk, done, error from run_walks where run_id = $1 and (not done or walk in ('departments', 'company')) order by walk`,
    [run.id],
  );
  const unfinished = walks.some((walk) => !walk.done && !walk.error);
  const [unwalked] = await rows(
    manager,
    `select 1 from staged_departments s
     where run_id = $1 and not id_only and not exists (select 1 from run_walks where run_id = $1 and walk = 'company')
       and not exists (select 1 from run_walks w where w.run_id = $1 and w.walk = 'department:' || s.external_id) limit 1`,
    [run.id],
  );
  const hasDepartments = walks.some((walk) => walk.walk === 'departments');
  if (unfinished || unwalked || !hasDepartments) throw new StagingLost(run.id);
  return walks.flatMap(({ walk, error }) => (error ? [{ walk, error }] : []));
}

async function rejectedOf(manager: Sql, run: RunHandle): Promise<{ users: number; departments: number }> {
  const [rejected] = await rows<{ users: number; departments: number }>(
    manager,
    `select (count(*) filter (where kind = 'user'))::int as users, (count(*) filter (where kind = 'department'))::int as departments
     from rejected_records where run_id = $1`,
    [run.id],
  );
  return rejected!;
}

async function countPlan(
  manager: Sql,
  run: RunHandle,
  rejected: { users: number; departments: number },
): Promise<Pick<PlanResult, 'counts' | 'notes' | 'lines' | 'read'>> {
  const [found] = await rows<{
    actions: { kind: string; action: string; count: number }[];
    lines: number;
    moved: number;
    users: number;
    departments: number;
    unreadable_users: number;
    unreadable_departments: number;
  }>(
    manager,
    `with lines as (
       select kind, action, count(*)::int as count, count(*) filter (where moved) as moved
       from plan_lines where run_id = $1 group by 1, 2)
     select (select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'action', action, 'count', count)), '[]') from lines) as actions,
       (select coalesce(sum(count), 0)::int from lines) as lines,
       (select coalesce(sum(moved), 0)::int from lines) as moved,
       u.*, d.*
     from (select (count(*) filter (where not id_only and gone is null))::int as users,
             (count(*) filter (where id_only))::int as unreadable_users from staged_users where run_id = $1) u,
          (select (count(*) filter (where not id_only and gone is null))::int as departments,
             (count(*) filter (where id_only))::int as unreadable_departments from staged_departments where run_id = $1) d`,
    [run.id],
  );
  const { actions, lines } = found!;
  const countOf = (kind: string, action: string) =>
    actions.find((entry) => entry.kind === kind && entry.action === action)?.count ?? 0;
  const countsOf = (kind: 'user' | 'department', staged: number, rejectedRecords: number): KindCounts => {
    const [created, updated, restored, disabled] = ['create', 'update', 'restore', 'disable'].map((action) =>
      countOf(kind, action),
    );
    const refreshed = countOf(kind, 'refresh');
    const leftStaged = staged - created! - updated! - restored! - refreshed;
    return {
      created: created!,
      updated: updated!,
      unchanged: Math.max(0, leftStaged) + refreshed,
      disabled: disabled!,
      restored: restored!,
      rejected: rejectedRecords,
    };
  };
  return {
    lines,
    read: { users: found!.users, departments: found!.departments },
    counts: {
      users: countsOf('user', found!.users - (await disabledByPlatform(manager, run)), rejected.users),
      departments: countsOf('department', found!.departments, rejected.departments),
    },
    notes: {
      moved: found!.moved,
      notVisible: { users: found!.unreadable_users, departments: found!.unreadable_departments },
    },
  };
}

/** People listed as disabled: they are staged and counted as disabled, so they are not unchanged. */
async function disabledByPlatform(manager: Sql, run: RunHandle): Promise<number> {
  const [found] = await rows<{ count: number }>(
    manager,
    `select count(*)::int as count from plan_lines
     where run_id = $1 and kind = 'user' and action = 'disable' and staged_hash is not null`,
    [run.id],
  );
  return found!.count;
}
