import type { DuePlatformEvent, PlatformEventOutcome } from '@trainbridge/connections';
import type { ConnectorErrorData, DepartmentRecord, UserRecord } from '@trainbridge/connector-kit';
import { keyOf } from '../sync/stage/fields.js';
import { idsOf, type EventHints, type Hint } from './event-hints.js';
import type { BatchReading } from './event-reader.js';
import type { EventRunResult, LineAction } from './event-run.js';
import type { Answer } from './lookups.js';
import type { RenameFate } from './rename-people.js';

/** Everything that became of a batch, ready to be told event by event. */
export interface BatchResult {
  hints: EventHints;
  reading: BatchReading;
  run: EventRunResult;
  renames: Map<string, RenameFate>;
}

/** What became of one id of one event. */
type Fate =
  | { status: 'applied' | 'ignored'; detail: string }
  | { status: 'failed'; error: ConnectorErrorData; final: boolean };

const MAX_DETAIL = 500;
const NOTHING_NEW = 'nothing new';
const WORDS: Record<LineAction, string> = {
  create: 'created',
  update: 'updated',
  restore: 'restored',
  disable: 'disabled',
  refresh: NOTHING_NEW,
};

/** The outcome of an event about people or departments. */
export function outcomeOfEvent(event: DuePlatformEvent, result: BatchResult): PlatformEventOutcome {
  const renamed = result.renames.get(event.id);
  if (renamed === 'taken') {
    return {
      status: 'ignored',
      detail: `${event.previousId} and ${event.ids[0]} are two people here; neither was changed`,
    };
  }
  const ids = idsOf(event);
  if (ids.length === 0) return { status: 'ignored', detail: 'names nobody' };
  const isUser = event.kind.startsWith('user.');
  const fates = ids.map((id) => ({
    id,
    fate: isUser ? fateOfUser(id, result) : fateOfDepartment(id, result),
  }));
  const failures = fates.flatMap(({ fate }) => (fate.status === 'failed' ? [fate] : []));
  const [failure] = failures;
  if (failure) {
    const { code, message, retryAfterMs } = failure.error;
    return {
      status: 'failed',
      error: { code, message },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(failures.every(({ final }) => final) ? { final: true } : {}),
    };
  }
  const told = fates.flatMap(({ id, fate }) => (fate.status === 'failed' ? [] : [{ id, ...fate }]));
  const detail = detailOf(told);
  if (renamed === 'renamed')
    return { status: 'applied', detail: `was ${event.previousId}; ${detail}`.slice(0, MAX_DETAIL) };
  return { status: told.some(({ status }) => status === 'applied') ? 'applied' : 'ignored', detail };
}

function fateOfUser(id: string, { hints, reading, run }: BatchResult): Fate {
  const key = keyOf(id);
  const answer = reading.users.get(key);
  const hint = hints.users.get(key)!;
  if (answer?.status === 'found') {
    const recordKey = keyOf(answer.record.externalId);
    return fateOfFound('user', recordKey, answer, hint, run.users.get(recordKey), { reading, run });
  }
  const stored = reading.leavers.get(key);
  if (stored !== undefined) return fateOfLine(run.users.get(stored), 'is disabled already', run);
  return fateOfMissing(answer, hint);
}

function fateOfDepartment(id: string, { hints, reading, run }: BatchResult): Fate {
  const answer = reading.departments.get(id);
  const hint = hints.departments.get(id)!;
  if (answer?.status === 'found') {
    return fateOfFound('department', id, answer, hint, run.departments.get(answer.record.externalId), {
      reading,
      run,
    });
  }
  if (reading.removed.includes(id)) return fateOfLine(run.departments.get(id), 'is disabled already', run);
  return fateOfMissing(answer, hint);
}

function fateOfFound(
  kind: 'user' | 'department',
  key: string,
  answer: Extract<Answer<UserRecord | DepartmentRecord>, { status: 'found' }>,
  hint: Hint,
  line: LineAction | undefined,
  { reading, run }: Pick<BatchResult, 'reading' | 'run'>,
): Fate {
  const rejected = reading.staged.rejected.find(
    (record) => record.kind === kind && (kind === 'user' ? record.key === key : record.externalId === key),
  );
  // Asking again would bring the same record.
  if (rejected)
    return {
      status: 'failed',
      final: true,
      error: { code: 'bad_response', message: `the record cannot be taken: ${rejected.reason}` },
    };
  if (answer.record.idOnly) return { status: 'ignored', detail: 'exists, and nothing about it may be read' };
  const fate = fateOfLine(line, NOTHING_NEW, run);
  if (fate.status === 'applied' && hint.left && line !== 'disable') {
    return { status: 'applied', detail: `is still there, so kept; ${fate.detail}` };
  }
  return fate;
}

function fateOfLine(line: LineAction | undefined, otherwise: string, run: EventRunResult): Fate {
  if (line === undefined || line === 'refresh') return { status: 'applied', detail: otherwise };
  if (run.status === 'blocked')
    return { status: 'applied', detail: `waits for an approval of run ${run.runId}: ${run.reason}` };
  return { status: 'applied', detail: `${WORDS[line]} by run ${run.runId}` };
}

function fateOfMissing(answer: Answer<unknown> | undefined, hint: Hint): Fate {
  switch (answer?.status) {
    case 'gone':
      return { status: 'ignored', detail: 'is not known here and gone there' };
    case 'notVisible':
      return { status: 'ignored', detail: 'cannot be seen by this app; nothing was changed' };
    case 'unknown':
      return {
        status: 'ignored',
        detail: hint.left
          ? 'is not known here'
          : 'the platform does not tell whether it exists; nothing was changed',
      };
    case 'failed':
      return { status: 'failed', error: answer.error, final: false };
    default:
      return { status: 'failed', error: { code: 'internal', message: 'was not read' }, final: false };
  }
}

function detailOf(told: { id: string; detail: string }[]): string {
  if (told.every(({ detail }) => detail === told[0]!.detail)) return told[0]!.detail.slice(0, MAX_DETAIL);
  return told
    .map(({ id, detail }) => `${id}: ${detail}`)
    .join('; ')
    .slice(0, MAX_DETAIL);
}
