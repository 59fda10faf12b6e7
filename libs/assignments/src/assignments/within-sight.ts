import type { Actor } from '@trainbridge/access';
import { rows, type Sql } from '@trainbridge/persistence';
import type { AssignmentRow } from './assignment-row.js';

/**
 * Assignments as a caller may see them: one that is also for people of connections out of its sight names neither those
 * people and departments nor the connections. One statement at most.
 */
export async function withinSight(
  sql: Sql,
  found: readonly AssignmentRow[],
  { connectionIds: seen }: Actor,
): Promise<AssignmentRow[]> {
  if (seen === null) return [...found];
  const shared = found.filter((row) => !row.connection_ids.every((id) => seen.includes(id)));
  if (shared.length === 0) return [...found];
  const known = new Set(await idsWithin(sql, shared.flatMap(namedIn), seen));
  return found.map((row) =>
    shared.includes(row)
      ? {
          ...row,
          connection_ids: row.connection_ids.filter((id) => seen.includes(id)),
          user_ids: row.user_ids.filter((id) => known.has(id)),
          customer_ids: row.customer_ids.filter((id) => known.has(id)),
          departments: row.departments.filter(({ id }) => known.has(id)),
        }
      : row,
  );
}

function namedIn({ user_ids, customer_ids, departments }: AssignmentRow): string[] {
  return [...user_ids, ...customer_ids, ...departments.map(({ id }) => id)];
}

async function idsWithin(
  sql: Sql,
  ids: readonly string[],
  connectionIds: readonly string[],
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    sql,
    `select id from users where id = any($1) and connection_id = any($2)
     union all select id from customers where id = any($1) and connection_id = any($2)
     union all select id from departments where id = any($1) and connection_id = any($2)`,
    [ids, connectionIds],
  );
  return found.map(({ id }) => id);
}
