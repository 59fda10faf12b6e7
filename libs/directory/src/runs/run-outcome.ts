import type { JsonObject } from '@trainbridge/connector-kit';
import type { KindCounts, PlanResult, RunCounts } from '../sync/plan/planner.js';
import type { RunError, RunPhase, RunRow, RunStatus } from './run-record.js';

/** Where a run goes after its plan. */
export interface PlanOutcome {
  status: RunStatus;
  phase: RunPhase;
  error: RunError | null;
  counts: RunCounts;
  notes: JsonObject;
  /** Why the run can only end `partial`, also when it waits for another reason now. */
  partial: RunError | null;
}

/** Decides what becomes of a run whose plan is made: it ends, waits for a person, or is carried out. */
export function outcomeOf(run: RunRow, plan: PlanResult): PlanOutcome {
  const partial = partialError(plan);
  const counts = addBefore(plan.counts, run.settings.appliedBefore);
  const notes: JsonObject = { ...run.notes, ...plan.notes };
  const [firstFailure] = plan.failedWalks;
  if (firstFailure && plan.read.users + plan.read.departments === 0) {
    return { status: 'failed', phase: 'done', error: firstFailure.error, counts, notes, partial };
  }
  if (run.mode === 'reconcile') {
    const drift =
      plan.counts.users.created +
      plan.counts.users.updated +
      plan.counts.users.disabled +
      plan.counts.users.restored;
    const departments = plan.counts.departments;
    notes.drift = {
      users: drift,
      departments: departments.created + departments.updated + departments.disabled + departments.restored,
    };
    return { status: partial ? 'partial' : 'success', phase: 'done', error: partial, counts, notes, partial };
  }
  if (run.dry_run)
    return { status: 'planned', phase: 'apply', error: plan.stop ?? partial, counts, notes, partial };
  if (plan.stop) return { status: 'blocked', phase: 'apply', error: plan.stop, counts, notes, partial };
  if (plan.lines > 0 || run.settings.listsCustomers)
    return { status: 'running', phase: 'apply', error: partial, counts, notes, partial };
  return { status: partial ? 'partial' : 'success', phase: 'done', error: partial, counts, notes, partial };
}

function partialError(plan: PlanResult): RunError | null {
  const rejected = plan.counts.users.rejected + plan.counts.departments.rejected;
  if (plan.failedWalks.length > 0) {
    return {
      code: 'partial_read',
      message: `${plan.failedWalks.length} listings could not be read to their end; nobody is disabled by this run.`,
      walks: plan.failedWalks
        .slice(0, 20)
        .map(({ walk, error }) => ({ walk, code: error.code, message: error.message })),
    };
  }
  if (rejected === 0) return null;
  return {
    code: 'records_rejected',
    message: `${rejected} records could not be taken (see rejected); nobody is disabled by this run.`,
  };
}

/** A run that had to plan again after it had begun to apply tells what both plans did. */
function addBefore(counts: RunCounts, before: RunCounts | undefined): RunCounts {
  if (!before) return counts;
  const add = (now: KindCounts, then: KindCounts): KindCounts => ({
    created: now.created + then.created,
    updated: now.updated + then.updated,
    restored: now.restored + then.restored,
    disabled: now.disabled + then.disabled,
    unchanged: Math.max(0, now.unchanged - then.created - then.updated - then.restored),
    rejected: now.rejected,
  });
  return { users: add(counts.users, before.users), departments: add(counts.departments, before.departments) };
}
