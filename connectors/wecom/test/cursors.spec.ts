import { describe, expect, it } from 'vitest';
import {
  firstIds,
  firstSlice,
  nextIds,
  readCursor,
  writeCursor,
  type IdsCursor,
} from '../src/directory/cursors.js';

/** Follows cursors until they end or are refused; answers the number of pages read. */
function follow(
  cursorAfter: (page: number) => string | null,
  limit = 500,
): { pages: number; refused: boolean } {
  let at: IdsCursor = firstIds;
  for (let page = 1; page <= limit; page += 1) {
    const next = cursorAfter(page);
    if (next === null) return { pages: page, refused: false };
    try {
      at = nextIds(at, next);
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad_response' });
      return { pages: page, refused: true };
    }
  }
  return { pages: limit, refused: false };
}

describe('the company-wide walk', () => {
  it('goes on as long as cursors are new', () => {
    expect(follow((page) => (page < 400 ? `c${page}` : null))).toEqual({ pages: 400, refused: false });
  });

  it('lives with a page that is sent twice', () => {
    for (const twice of [1, 2, 3, 4, 7, 8, 9, 31]) {
      expect(follow((page) => (page < 60 ? `c${page > twice ? page - 1 : page}` : null)).refused).toBe(false);
    }
  });

  it.each([1, 2, 3, 7, 50])('ends when the pages go round in a circle of %i', (length) => {
    const { pages, refused } = follow((page) => `c${page % length}`);
    expect(refused).toBe(true);
    expect(pages).toBeLessThan(12 * length + 12);
  });

  it('survives being stored', () => {
    for (const cursor of [
      firstIds,
      nextIds(firstIds, 'a"b\\'),
      firstSlice,
      { stage: 'slice' as const, after: 'lin.mei' },
    ]) {
      expect(readCursor(writeCursor(cursor))).toEqual(cursor);
    }
  });

  it.each([
    '',
    'x',
    '[]',
    '{}',
    '["ids"]',
    '["ids",1,0,null,0]',
    '["ids",null,-1,null,0]',
    '["slice",null]',
    'null',
  ])('does not take %j for one of its cursors', (text) => {
    expect(() => readCursor(text)).toThrow(expect.objectContaining({ code: 'cursor_expired' }));
  });
});
