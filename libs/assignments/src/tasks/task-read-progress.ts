import type { TaskCounts, TaskRunEnd } from '@trainbridge/connections';
import { isConnectorError, type ErrorCode } from '@trainbridge/connector-kit';
import { failureData } from '@trainbridge/connector-runtime';
import { storableJson } from '@trainbridge/persistence';
import type { EntityManager } from 'typeorm';
import type { ReadTasks } from './task-reader.js';

/** Where a run stands; a row of `task_reads`. */
export interface TaskReadProgress {
  since: Date;
  began_at: Date;
  cursor: string | null;
  listed: boolean;
  reread_after: string;
  counts: Partial<TaskCounts>;
  notes: { restarts?: number; failedLookups?: number; error?: TaskRunEnd['error'] };
}

const LOST: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['input_invalid', 'not_found', 'bad_response']);

export function countsOf({ counts }: TaskReadProgress): TaskCounts {
  return { created: 0, updated: 0, unchanged: 0, rejected: 0, ...counts };
}

type FailedLookup = ReadTasks['failed'][number];

/** It will fail again however often it is tried: the task is reported, and does not hold the others up. */
export function isLost({ error }: FailedLookup): boolean {
  return isConnectorError(error) && LOST.has(error.code);
}

export function rejectedBy({
  externalIds,
  error,
}: FailedLookup): { externalId: string; reason: string; raw: object }[] {
  const reason = isConnectorError(error) ? `${error.code}: ${error.message}` : 'it could not be read';
  return externalIds.map((externalId) => ({ externalId, reason, raw: {} }));
}

/** Remembers the first failure, and how many there were. */
export function notesWith(
  notes: TaskReadProgress['notes'],
  failed: readonly FailedLookup[],
): TaskReadProgress['notes'] {
  if (failed.length === 0) return notes;
  const { error } = failed[0]!;
  const first = failureData(error);
  const count = failed.reduce((sum, { externalIds }) => sum + externalIds.length, 0);
  return { ...notes, failedLookups: (notes.failedLookups ?? 0) + count, error: notes.error ?? first };
}

/** Why a run that came to its end is only partial. */
export function leftOut({ notes, counts }: TaskReadProgress): TaskRunEnd['error'] {
  if (notes.failedLookups) {
    return {
      ...notes.error!,
      message: `${notes.failedLookups} tasks could not be read, the first: ${notes.error!.message}`,
    };
  }
  if (!counts.rejected) return null;
  return { code: 'records_rejected', message: `${counts.rejected} tasks could not be taken (see rejected).` };
}

/** Records that could not be taken, for `GET /api/v1/runs/{id}/rejected`. */
export async function reject(
  manager: EntityManager,
  runId: string,
  rejected: readonly { externalId: string | null; reason: string; raw: object }[],
): Promise<void> {
  if (rejected.length === 0) return;
  await manager.query(
    `insert into rejected_records (run_id, kind, record_key, external_id, reason, raw)
     select $1, 'task', coalesce("externalId", md5(raw::text)), "externalId", reason, raw
     from jsonb_to_recordset($2::jsonb) as r("externalId" text, reason text, raw jsonb) on conflict do nothing`,
    [runId, storableJson(rejected)],
  );
}
