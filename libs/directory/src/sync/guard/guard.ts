import type { RunFacts, RunHandle } from '../run-facts.js';
import { rows, type Sql } from '../sql.js';

/** Why a run waits for a person's approval. `numbers` say by how much. */
export interface GuardStop {
  code: 'source_empty' | 'visibility_narrowed' | 'too_many_disabled' | 'too_many_moved';
  message: string;
  numbers: Record<string, number>;
  missingGrants?: string[];
}

interface Figures {
  active: number;
  readable: number;
  named: number;
  disabling: number;
  /** Departments that would go. */
  leaving: number;
  moving: number;
  disabledIn24h: number;
}

/**
 * Judges a finished plan. Counted: people who would be disabled now, plus those disabled in the last 24 hours by runs
 * and events together and still so, except by runs a person approved. Compared with the people active at the moment.
 * Returns null when the plan may be applied.
 */
export async function judgePlan(
  manager: Sql,
  run: RunHandle,
  facts: RunFacts,
  complete: boolean,
): Promise<GuardStop | null> {
  const [figures] = await rows<Figures>(manager, FIGURES, [run.id, run.connectionId]);
  const { active, disabling, moving, disabledIn24h } = figures!;
  if (complete && active > 0 && disabling > 0 && figures!.readable === 0 && figures!.named === 0) {
    return {
      code: 'source_empty',
      message: `The platform shows nobody any more, and ${active} people are active here.`,
      numbers: { active, disabling },
    };
  }
  const { guard } = facts;
  if (disabling + figures!.leaving > 0) {
    const missingGrants = await lostGrants(manager, run);
    if (missingGrants.length > 0) {
      return {
        code: 'visibility_narrowed',
        message: `The app sees less than at the last good run: ${disabling} people and ${figures!.leaving} departments that seem to be gone may only be out of sight.`,
        numbers: { disabling, leavingDepartments: figures!.leaving, missingGrants: missingGrants.length },
        missingGrants: missingGrants.slice(0, 100),
      };
    }
  }
  if (disabling > 0) {
    const total = disabling + disabledIn24h;
    const limit = Math.max(guard.minimum, Math.floor((active * guard.maxDisabledPercent) / 100));
    const overLimit = total > limit || (guard.maxDisabled !== null && total > guard.maxDisabled);
    if (overLimit) {
      const allowed = guard.maxDisabled === null ? limit : Math.min(limit, guard.maxDisabled);
      return {
        code: 'too_many_disabled',
        message: `${disabling} people would be disabled, ${total} within 24 hours; ${allowed} of ${active} active people are allowed without approval.`,
        numbers: { active, disabling, disabledIn24h, allowed },
      };
    }
  }
  const movable = Math.max(guard.minimum, Math.floor((active * guard.maxMovedPercent) / 100));
  if (moving > movable) {
    return {
      code: 'too_many_moved',
      message: `${moving} people would change departments; ${movable} of ${active} active people are allowed without approval.`,
      numbers: { active, moving, allowed: movable },
    };
  }
  return null;
}

const FIGURES = `
  with lines as (
    select count(*) filter (where kind = 'user' and action = 'disable') as disabling,
      count(*) filter (where kind = 'department' and action = 'disable') as leaving,
      count(*) filter (where moved) as moving
    from plan_lines where run_id = $1 and action <> 'create'
  ), staged as (
    select exists (select 1 from staged_users where run_id = $1 and not id_only) as readable,
      exists (select 1 from staged_users where run_id = $1 and id_only) as named
  ), recent as (
    select count(distinct c.subject_id) as disabled
    from directory_changes c join users u on u.id = c.subject_id and u.status = 'disabled'
    left join runs r on r.id = c.cause->>'runId'
    where c.connection_id = $2 and c.type = 'user.disabled' and c.at > now() - interval '24 hours'
      and r.approved_at is null
  )
  select (select count(*) from users where connection_id = $2 and status <> 'disabled')::int as active,
    staged.readable::int as readable, staged.named::int as named,
    lines.disabling::int as disabling, lines.leaving::int as leaving, lines.moving::int as moving, recent.disabled::int as "disabledIn24h"
  from lines, staged, recent`;

/**
 * Grants of the last good run that this one has not. Without grants of its own (events; a run that could not read them,
 * which is partial and disables nobody for being absent) there is nothing to compare.
 */
async function lostGrants(manager: Sql, run: RunHandle): Promise<string[]> {
  const found = await rows<{ grant: string }>(
    manager,
    `select jsonb_array_elements_text(g.grants) as "grant"
     from (select grants from runs
           where connection_id = $2 and kind = 'directory' and mode = 'full' and status = 'success' and grants is not null
             and id <> $1 and not dry_run
           order by finished_at desc limit 1) g
     where exists (select 1 from runs where id = $1 and grants is not null)
     except
     select jsonb_array_elements_text(grants) from runs where id = $1 and grants is not null
     order by 1`,
    [run.id, run.connectionId],
  );
  return found.map(({ grant }) => grant);
}
