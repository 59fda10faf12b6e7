import type { Actor } from '@trainbridge/access';
import { rows, type Sql } from '@trainbridge/persistence';
import type { AssignmentRow } from './assignment-row.js';

/*
 * An assignment may be for people of several connections, and not everybody who may see it may see all of those. What is out
 * of sight is not even named: neither the people and departments nor the connections.
 */

/** Assignments as a caller may see them. One statement at most. */
export async function withinSight(
  sql: Sql,
  found: readonly AssignmentRow[],
  { connectionIds: seen }: Actor,
): Promise<AssignmentRow[]> {
  if (seen === null) return [...found];
  const isShared = (row: AssignmentRow): boolean => !row.connection_ids.every((id) => seen.includes(id));
  const connectionOf = await connectionsOf(sql, found.filter(isShared));
  return found.map((row) => (isShared(row) ? narrowed(row, seen, connectionOf) : row));
}

/**
 * Each assignment once for each connection it is for, as those see it who see no other; one that is for none once, without.
 * One statement at most.
 */
export async function byConnection(
  sql: Sql,
  found: readonly AssignmentRow[],
): Promise<{ connectionId: string | null; row: AssignmentRow }[]> {
  const isShared = ({ connection_ids }: AssignmentRow): boolean => connection_ids.length > 1;
  const connectionOf = await connectionsOf(sql, found.filter(isShared));
  return found.flatMap((row) => {
    const [only = null] = row.connection_ids;
    return isShared(row)
      ? row.connection_ids.map((id) => ({ connectionId: id, row: narrowed(row, [id], connectionOf) }))
      : [{ connectionId: only, row }];
  });
}

function narrowed(
  row: AssignmentRow,
  seen: readonly string[],
  connectionOf: ReadonlyMap<string, string>,
): AssignmentRow {
  const isSeen = (id: string): boolean => seen.includes(connectionOf.get(id) ?? '');
  return {
    ...row,
    connection_ids: row.connection_ids.filter((id) => seen.includes(id)),
    user_ids: row.user_ids.filter(isSeen),
    customer_ids: row.customer_ids.filter(isSeen),
    departments: row.departments.filter(({ id }) => isSeen(id)),
  };
}

/** Whose connection each person and department is that the audiences name. */
async function connectionsOf(sql: Sql, shared: readonly AssignmentRow[]): Promise<Map<string, string>> {
  if (shared.length === 0) return new Map();
  const named = await rows<{ id: string; connectionId: string }>(
    sql,
    `select id, connection_id as "connectionId" from users where id = any($1)
     union all select id, connection_id from customers where id = any($2)
     union all select id, connection_id from departments where id = any($3)`,
    [
      shared.flatMap((row) => row.user_ids),
      shared.flatMap((row) => row.customer_ids),
      shared.flatMap((row) => row.departments.map(({ id }) => id)),
    ],
  );
  return new Map(named.map(({ id, connectionId }) => [id, connectionId]));
}
