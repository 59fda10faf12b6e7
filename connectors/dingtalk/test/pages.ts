import type { JsonObject, Page } from '@trainbridge/connector-kit';
import { expect } from 'vitest';

/** Reads a listing to its end. */
export async function all<T>(read: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor);
    expect(page.done).toBe(page.cursor === null);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return items;
}

/** An answer of `auth/scopes`. */
export function scopes(authed_dept: number[], authed_user: string[] = []): JsonObject {
  return {
    errcode: 0,
    auth_org_scopes: { authed_dept, authed_user },
    auth_user_field: ['name', 'mobile'],
  };
}
