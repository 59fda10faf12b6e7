import type { DataSource } from 'typeorm';
import { lockChangeFeed } from '../sync/apply/change-feed.js';
import { storedMemberships, userJson } from '../sync/apply/record-json.js';
import { rows, type Sql } from '../sync/sql.js';

/** External ids of the people in these departments, and of the departments directly below them: to be read again. */
export async function aroundDepartments(
  sql: Sql,
  connectionId: string,
  departmentIds: readonly string[],
  limit: number,
): Promise<{ users: string[]; departments: string[] }> {
  if (departmentIds.length === 0) return { users: [], departments: [] };
  const parameters = [connectionId, departmentIds, limit];
  const users = await rows<{ id: string }>(
    sql,
    `select distinct u.external_id as id from departments d
     join memberships m on m.department_id = d.id and m.source = 'connection'
     join users u on u.id = m.user_id and u.status <> 'disabled'
     where d.connection_id = $1 and d.external_id = any($2) limit $3`,
    parameters,
  );
  const departments = await rows<{ id: string }>(
    sql,
    `select c.external_id as id from departments d join departments c on c.parent_id = d.id and c.status = 'active'
     where d.connection_id = $1 and d.external_id = any($2) limit $3`,
    parameters,
  );
  return { users: users.map(({ id }) => id), departments: departments.map(({ id }) => id) };
}

/**
 * Takes people out of departments that were removed and whom the plan did not reach, because the platform tells nothing
 * about them any more.
 */
export async function emptyRemovedDepartments(
  dataSource: DataSource,
  connectionId: string,
  departmentIds: readonly string[],
  cause: object,
): Promise<void> {
  if (departmentIds.length === 0) return;
  await dataSource.transaction(async (manager) => {
    const left = await rows<{ userId: string; before: unknown }>(
      manager,
      `select u.id as "userId", ${storedMemberships('u.id')} as before from users u
       where u.id in (
         select m.user_id from memberships m join departments d on d.id = m.department_id
         where d.connection_id = $1 and d.external_id = any($2) and d.status = 'disabled' and m.source = 'connection')`,
      [connectionId, departmentIds],
    );
    if (left.length === 0) return;
    await manager.query(
      `delete from memberships m using departments d
       where d.id = m.department_id and d.connection_id = $1 and d.external_id = any($2) and d.status = 'disabled'
         and m.source = 'connection'`,
      [connectionId, departmentIds],
    );
    const parameters = [JSON.stringify(left), JSON.stringify(cause)];
    await manager.query(
      `update users set updated_at = now(), content_hash = null
       where id in (select "userId" from jsonb_to_recordset($1::jsonb) as l("userId" text)) and status <> 'disabled'`,
      parameters.slice(0, 1),
    );
    await lockChangeFeed(manager);
    await manager.query(
      `insert into directory_changes (connection_id, type, subject_id, before, after, cause)
       select u.connection_id, 'user.updated', u.id, jsonb_build_object('memberships', l.before),
         ${userJson('u', storedMemberships('u.id'))}, $2::jsonb
       from jsonb_to_recordset($1::jsonb) as l("userId" text, before jsonb) join users u on u.id = l."userId"
       where u.status <> 'disabled'`,
      parameters,
    );
  });
}
