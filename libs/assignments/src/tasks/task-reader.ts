import type { ConnectionContext } from '@trainbridge/connections';
import { isRetryable, type Lookup, type TaskRecord } from '@trainbridge/connector-kit';
import { untilAborted } from '@trainbridge/connector-runtime';
import { setTimeout as sleep } from 'node:timers/promises';

/** Lookups under way together; the platform's own limits are kept below this. */
const AT_ONCE = 4;
const RETRY_DELAYS_MS = [500, 2_000];

/** What a batch of lookups told, or why it told nothing. */
export interface ReadTasks {
  lookups: Lookup<TaskRecord>[];
  /** Ids whose lookup failed. */
  failed: { externalIds: string[]; error: unknown }[];
}

/** A task to ask for, and what is known of its kind: some platforms' tasks do not name theirs. */
export interface NamedTask {
  externalId: string;
  kind?: string | undefined;
}

/** Asks the platform for tasks, in batches as large as it takes, some of them side by side. One that fails stops no other. */
export async function readTasks(
  { connector, context }: ConnectionContext,
  named: readonly NamedTask[],
  signal: AbortSignal,
): Promise<ReadTasks> {
  const size = Math.max(1, connector.manifest.tasks?.lookupBatch ?? 1);
  const distinct = [...new Set(named.map(({ externalId }) => externalId))];
  const known = new Map(named.filter(({ kind }) => kind).map(({ externalId, kind }) => [externalId, kind]));
  const batches: string[][] = [];
  for (let start = 0; start < distinct.length; start += size)
    batches.push(distinct.slice(start, start + size));
  const read: ReadTasks = { lookups: [], failed: [] };
  const work = batches.values();
  const worker = async (): Promise<void> => {
    for (const batch of work) {
      signal.throwIfAborted();
      const kinds: Record<string, string> = {};
      for (const id of batch) {
        const kind = known.get(id);
        if (kind) kinds[id] = kind;
      }
      try {
        read.lookups.push(
          ...(await retrying(() => connector.tasks!.get(context, { externalIds: batch, kinds }), signal)),
        );
      } catch (error) {
        signal.throwIfAborted();
        read.failed.push({ externalIds: batch, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, batches.length) }, worker));
  return read;
}

/** Tries a call again, twice and soon, where that may help. */
export async function retrying<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const delayMs of RETRY_DELAYS_MS) {
    try {
      return await untilAborted(signal, call);
    } catch (error) {
      if (signal.aborted || !isRetryable(error)) throw error;
      await sleep(delayMs, undefined, { signal });
    }
  }
  return untilAborted(signal, call);
}
