import type { ConnectionContext } from '@trainbridge/connections';
import type { Lookup, TaskRecord } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { readTasks } from '../src/tasks/task-reader.js';

interface Asked {
  externalIds: string[];
  kinds?: Record<string, string>;
}

/** A connection whose connector only writes down what it is asked. */
function opened(asked: Asked[]): ConnectionContext {
  const get = async (_context: unknown, input: Asked): Promise<Lookup<TaskRecord>[]> => {
    asked.push(input);
    return input.externalIds.map((externalId) => ({ externalId, status: 'unknown' }));
  };
  return {
    connector: { manifest: { tasks: { listedBy: 'created', lookupBatch: 2 } }, tasks: { get } },
    context: {},
  } as unknown as ConnectionContext;
}

describe('reading tasks', () => {
  it('tells the connector the kinds that are known, each once and in its batch', async () => {
    const asked: Asked[] = [];
    const named = [
      { externalId: 'a', kind: 'leave' },
      { externalId: 'b' },
      { externalId: 'a' },
      { externalId: 'c', kind: 'training' },
    ];
    const { lookups } = await readTasks(opened(asked), named, new AbortController().signal);
    expect(lookups.map(({ externalId }) => externalId).sort()).toEqual(['a', 'b', 'c']);
    expect(asked).toEqual([
      { externalIds: ['a', 'b'], kinds: { a: 'leave' } },
      { externalIds: ['c'], kinds: { c: 'training' } },
    ]);
  });
});
