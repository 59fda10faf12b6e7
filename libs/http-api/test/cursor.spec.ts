import { describe, expect, it } from 'vitest';
import {
  decodeCursor,
  decodeTimeCursor,
  encodeCursor,
  listAnswer,
  ProblemError,
} from '@trainbridge/http-api';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as ProblemError).code;
  }
  return 'none';
};

describe('cursors', () => {
  it('come back as they were, for the same list and filters in any order', () => {
    const cursor = encodeCursor({ list: 'users', filters: { a: 1, b: 'x', c: undefined } }, [
      '2026-01-01',
      7,
      null,
    ]);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor({ list: 'users', filters: { b: 'x', a: 1 } }, cursor)).toEqual([
      '2026-01-01',
      7,
      null,
    ]);
    expect(decodeCursor('users', undefined)).toBeUndefined();
  });

  it('are refused by another list, with other filters, or when changed', () => {
    const cursor = encodeCursor({ list: 'users', filters: { a: 1 } }, ['x']);
    expect(codeOf(() => decodeCursor('users', cursor))).toBe('invalid_cursor');
    expect(codeOf(() => decodeCursor({ list: 'runs', filters: { a: 1 } }, cursor))).toBe('invalid_cursor');
    expect(codeOf(() => decodeCursor({ list: 'users', filters: { a: 2 } }, cursor))).toBe('invalid_cursor');
    const content = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...content, k: ['y'] })).toString('base64url');
    for (const wrong of [changed, '', 'nonsense', 'bnVsbA', 'W10', 'x'.repeat(10_000), cursor.slice(1)]) {
      expect(codeOf(() => decodeCursor({ list: 'users', filters: { a: 1 } }, wrong))).toBe('invalid_cursor');
    }
  });

  it('of a time and an id hold nothing else, even when somebody made them up', () => {
    const at = '2026-11-23T10:00:00.123456Z';
    expect(decodeTimeCursor('calls', encodeCursor('calls', [at, 'exc_1']))).toEqual([at, 'exc_1']);
    expect(decodeTimeCursor('calls', undefined)).toEqual([null, null]);
    for (const values of [[], [at], [at, 5], ['x', 'exc_1'], [1, 'exc_1'], [{}, {}], [null, null]])
      expect(codeOf(() => decodeTimeCursor('calls', encodeCursor('calls', values)))).toBe('invalid_cursor');
  });

  it('are made from one row more than the page holds', () => {
    const page = (rows: number[]) =>
      listAnswer(
        'numbers',
        rows,
        2,
        (n) => [n],
        (n) => ({ n }),
      );
    expect(page([1, 2])).toEqual({ data: [{ n: 1 }, { n: 2 }], nextCursor: null });
    expect(page([])).toEqual({ data: [], nextCursor: null });
    const { data, nextCursor } = page([1, 2, 3]);
    expect(data).toHaveLength(2);
    expect(decodeCursor('numbers', nextCursor!)).toEqual([2]);
  });
});
