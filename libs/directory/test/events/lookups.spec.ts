import { ConnectorError, type Lookup, type UserRecord } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { lookUp } from '../../src/events/lookups.js';

const options = {
  batch: 3,
  concurrency: 1,
  keyOf: (id: string) => id.toLowerCase(),
  signal: new AbortController().signal,
};
const ask = (answer: (ids: string[]) => unknown, ids: string[]) =>
  lookUp<UserRecord>(async (asked) => answer(asked) as Lookup<UserRecord>[], ids, options);
const found = (externalId: string): Lookup<UserRecord> => ({
  externalId,
  status: 'found',
  record: { externalId, raw: {} },
});

describe('lookups', () => {
  it('never asks for more ids at once than the platform takes, and answers each', async () => {
    const pages: string[][] = [];
    const answers = await ask(
      (ids) => (pages.push(ids), ids.map(found)),
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    );
    expect(pages).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g']]);
    expect([...answers.keys()]).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  it('believes nothing about the answers', async () => {
    const answers = await ask(
      () => [
        null,
        { externalId: 'A', status: 'gone' },
        found('nobody asked'),
        { ...found('c'), record: { externalId: 'somebody.else', raw: {} } },
      ],
      ['a', 'b', 'c'],
    );
    expect(Object.fromEntries(answers)).toEqual({
      a: { status: 'gone' },
      b: {
        status: 'failed',
        error: { code: 'bad_response', message: 'the lookup did not answer for this id' },
      },
      c: {
        status: 'failed',
        error: { code: 'bad_response', message: 'the lookup answered with somebody else' },
      },
    });
    for (const nonsense of [
      '<html>',
      null,
      {},
      [{ externalId: 'a' }],
      [{ externalId: 'a', status: 'found' }],
    ]) {
      expect((await ask(() => nonsense, ['a'])).get('a')).toMatchObject({
        status: 'failed',
        error: { code: 'bad_response' },
      });
    }
  });

  it('takes a found record over a second answer that says otherwise', async () => {
    const answers = await ask(() => [found('a'), { externalId: 'a', status: 'gone' }], ['a']);
    expect(answers.get('a')).toMatchObject({ status: 'found' });
  });

  it('stops asking one by one when it is not about the ids', async () => {
    let calls = 0;
    const ids = Array.from({ length: 60 }, (_, i) => `u${i}`);
    const answers = await ask(() => {
      calls += 1;
      throw new ConnectorError('permission_denied', 'tick the box');
    }, ids);
    expect(answers.size).toBe(60);
    expect(
      [...answers.values()].every(
        (answer) => answer.status === 'failed' && answer.error.code === 'permission_denied',
      ),
    ).toBe(true);
    expect(calls).toBeLessThan(20);
  });
});
