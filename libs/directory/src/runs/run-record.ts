import type { TaskCounts } from '@trainbridge/connections';
import type { ConnectorErrorData, JsonObject } from '@trainbridge/connector-kit';
import type { CustomerCounts } from '../customers/customer-store.js';
import type { RunCounts } from '../sync/plan/planner.js';
import type { RunFacts } from '../sync/run-facts.js';

export const RUN_STATUSES = [
  'queued',
  'running',
  'success',
  'partial',
  'failed',
  'blocked',
  'planned',
  'canceled',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const RUN_MODES = ['full', 'reconcile', 'incremental', 'events'] as const;
export type RunMode = (typeof RUN_MODES)[number];

export type RunPhase = 'fetch' | 'plan' | 'apply' | 'done';

/** Why a run failed, waits, or is only partial. */
export interface RunError extends Partial<Omit<ConnectorErrorData, 'code' | 'message'>> {
  code: string;
  message: string;
  numbers?: Record<string, number>;
  missingGrants?: string[];
  walks?: { walk: string; code: string; message: string }[];
}

export interface RunProgress {
  phase?: RunPhase;
  departmentsDone?: number;
  departmentsTotal?: number;
  usersRead?: number;
  tasksRead?: number;
  pages?: number;
  customersRead?: number;
  planned?: number;
  applied?: number;
  startedAt?: string;
  estimatedSecondsLeft?: number | null;
}

/** A row of `runs`. */
export interface RunRow {
  id: string;
  connection_id: string;
  kind: 'directory' | 'tasks';
  mode: RunMode;
  dry_run: boolean;
  status: RunStatus;
  phase: RunPhase;
  attempt: number;
  /** Beside the facts: what an earlier plan of this run applied, and why the run can only end `partial`. */
  settings: Partial<RunFacts> & {
    appliedBefore?: RunCounts;
    partial?: RunError | null;
    /** Customers are read after the people. */
    listsCustomers?: boolean;
  };
  grants: string[] | null;
  counts: Partial<RunCounts> & { customers?: CustomerCounts; tasks?: TaskCounts };
  progress: RunProgress;
  notes: JsonObject;
  error: RunError | null;
  cause: JsonObject;
  planned_lines: number;
  applied_line: number;
  requested_by: string | null;
  approved_by: string | null;
  approved_at: Date | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  updated_at: Date;
}

export function noCounts(): RunCounts {
  const none = () => ({ created: 0, updated: 0, unchanged: 0, disabled: 0, restored: 0, rejected: 0 });
  return { users: none(), departments: none() };
}

/** A run as the API shows it. */
export interface RunView {
  id: string;
  connectionId: string;
  kind: 'directory' | 'tasks';
  mode: RunMode;
  dryRun: boolean;
  status: RunStatus;
  counts: RunCounts & { customers?: CustomerCounts; tasks?: TaskCounts };
  progress: RunProgress;
  notes: JsonObject;
  error: RunError | null;
  requestedBy: string | null;
  approvedBy: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

export function viewOf(run: RunRow): RunView {
  return {
    id: run.id,
    connectionId: run.connection_id,
    kind: run.kind,
    mode: run.mode,
    dryRun: run.dry_run,
    status: run.status,
    counts: { ...noCounts(), ...run.counts },
    progress: { ...run.progress, ...(run.started_at ? { startedAt: run.started_at.toISOString() } : {}) },
    notes: run.notes,
    error: run.error,
    requestedBy: run.requested_by,
    approvedBy: run.approved_by,
    createdAt: run.created_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    finishedAt: run.finished_at?.toISOString() ?? null,
  };
}
