import { rows, type Sql } from '../sync/sql.js';

/** What is about to be there, which people may have been waiting for. */
export interface Coming {
  /** Keys of people who can be somebody's manager now. */
  userKeys: string[];
  /** Departments that were not there. */
  departments: boolean;
}

/** People (u) whose manager or department was not known when they were read. */
const WAITING = `u.connection_id = $1 and u.unresolved and u.status <> 'disabled' and (
  (u.manager_id is null and lower(u.manager_external_id) = any($2))
  or ($3 and (u.manager_external_id is null or u.manager_id is not null)))`;

/** External ids of people who wait for what comes, so that they can be read again together with it. */
export async function peopleWaitingFor(
  sql: Sql,
  connectionId: string,
  coming: Coming,
  limit: number,
): Promise<string[]> {
  if (coming.userKeys.length === 0 && !coming.departments) return [];
  const found = await rows<{ id: string }>(
    sql,
    `select u.external_id as id from users u where ${WAITING} order by u.id limit $4`,
    [connectionId, coming.userKeys, coming.departments, limit],
  );
  return found.map(({ id }) => id);
}

/** Makes the next full run compare those who still wait: their own record has not changed, so it would pass them over. */
export async function compareAgain(sql: Sql, connectionId: string, coming: Coming): Promise<void> {
  if (coming.userKeys.length === 0 && !coming.departments) return;
  await sql.query(`update users u set content_hash = null where ${WAITING} and u.content_hash is not null`, [
    connectionId,
    coming.userKeys,
    coming.departments,
  ]);
}
