import type { Page } from '@trainbridge/connector-kit';

/** Reads a listing to its end; stops after 200 pages. */
export async function readAll<T>(
  read: (cursor: string | null) => Promise<Page<T>>,
): Promise<{ items: T[]; rejected: Page<T>['rejected']; pages: number }> {
  const items: T[] = [];
  const rejected: Page<T>['rejected'] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page: Page<T> = await read(cursor);
    if (page.done !== (page.cursor === null)) throw new Error('cursor and done disagree');
    items.push(...page.items);
    rejected.push(...page.rejected);
    cursor = page.cursor;
    pages += 1;
  } while (cursor !== null && pages < 200);
  return { items, rejected, pages };
}
