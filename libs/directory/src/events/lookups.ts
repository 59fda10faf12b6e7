import {
  ConnectorError,
  isRetryable,
  type ConnectorErrorData,
  type Lookup,
} from '@trainbridge/connector-kit';
import { failureData } from '@trainbridge/connector-runtime';

/** What became of asking for one id. */
export type Answer<R> =
  | { status: 'found'; record: R }
  | { status: 'gone' | 'notVisible' | 'unknown' }
  | { status: 'failed'; error: ConnectorErrorData };

export interface LookupOptions {
  /** Most ids per call: `manifest.directory.lookupBatch`. */
  batch: number;
  /** Calls in flight. */
  concurrency: number;
  /** How the platform compares ids. */
  keyOf: (id: string) => string;
  signal: AbortSignal;
}

/** So many single questions failing one after the other mean that it is not about the ids. */
const FAILURES_IN_A_ROW = 10;

/**
 * Asks a platform what some ids are now; answers by key, one for each id. A call that fails for a reason of its own is
 * asked again id by id, so that one bad record costs only itself; when the platform does not answer, or the credentials
 * are refused, the remaining ids fail with that error without being asked.
 */
export async function lookUp<R extends { externalId: string }>(
  ask: (ids: string[]) => Promise<Lookup<R>[]>,
  ids: readonly string[],
  options: LookupOptions,
): Promise<Map<string, Answer<R>>> {
  const answers = new Map<string, Answer<R>>();
  let stop: ConnectorErrorData | null = null;
  let failuresInARow = 0;
  const askFor = async (page: string[]): Promise<void> => {
    if (stop) return fail(page, stop);
    let error: unknown;
    try {
      for (const [key, answer] of readAnswers<R>(await ask(page), page, options.keyOf))
        answers.set(key, answer);
      failuresInARow = 0;
      return;
    } catch (thrown) {
      error = thrown;
    }
    options.signal.throwIfAborted();
    const data = failureData(error);
    if (isRetryable(error) || data.code === 'auth_failed' || data.code === 'config_invalid') stop = data;
    if (stop || page.length === 1) {
      failuresInARow += 1;
      if (failuresInARow >= FAILURES_IN_A_ROW) stop ??= data;
      return fail(page, data);
    }
    for (const id of page) await askFor([id]);
  };
  const fail = (page: string[], error: ConnectorErrorData) => {
    for (const id of page) answers.set(options.keyOf(id), { status: 'failed', error });
  };
  const pages = pagesOf(ids, Math.max(1, options.batch)).values();
  const workers = Array.from({ length: Math.max(1, options.concurrency) }, async () => {
    for (const page of pages) {
      options.signal.throwIfAborted();
      await askFor(page);
    }
  });
  const settled = await Promise.allSettled(workers);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return answers;
}

/** @throws {ConnectorError} `bad_response` when the answers are no list. What else is wrong with them fails single ids. */
function readAnswers<R extends { externalId: string }>(
  told: unknown,
  page: string[],
  keyOf: (id: string) => string,
): Map<string, Answer<R>> {
  if (!Array.isArray(told)) throw new ConnectorError('bad_response', 'the lookup answered no list');
  const answers = new Map<string, Answer<R>>(
    page.map((id) => [keyOf(id), failed('the lookup did not answer for this id')]),
  );
  for (const lookup of told as (Partial<Lookup<R>> | null)[]) {
    if (typeof lookup?.externalId !== 'string') continue;
    const key = keyOf(lookup.externalId);
    const known = answers.get(key);
    // Somebody nobody asked for; and once found is found, whatever a second answer says.
    if (!known || known.status === 'found') continue;
    answers.set(key, readAnswer(lookup, keyOf));
  }
  return answers;
}

function readAnswer<R extends { externalId: string }>(
  lookup: Partial<Lookup<R>>,
  keyOf: (id: string) => string,
): Answer<R> {
  switch (lookup.status) {
    case 'gone':
    case 'notVisible':
    case 'unknown':
      return { status: lookup.status };
    case 'found': {
      const record = (lookup as { record?: R }).record;
      if (typeof record !== 'object' || record === null || typeof record.externalId !== 'string') {
        return failed('the lookup found something without an id');
      }
      // Asked by `type:value`, the record bears the id the platform lists it by.
      const asked = lookup.externalId!;
      const byOtherId = OTHER_ID.test(asked);
      if (!byOtherId && keyOf(record.externalId) !== keyOf(asked))
        return failed('the lookup answered with somebody else');
      return { status: 'found', record };
    }
    default:
      return failed('the lookup answered neither found nor gone, notVisible or unknown');
  }
}

/** An id by another name than the one the platform lists people by: `type:value`, such as `open_id:ou_…`. */
export const OTHER_ID = /^([a-z0-9_-]{1,64}):(.+)$/i;

function failed<R>(message: string): Answer<R> {
  return { status: 'failed', error: { code: 'bad_response', message } };
}

function pagesOf(ids: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, page) =>
    ids.slice(page * size, (page + 1) * size),
  );
}
