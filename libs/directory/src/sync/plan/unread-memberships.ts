import type { RunHandle } from '../run-facts.js';
import type { Sql } from '../sql.js';

/**
 * Some platforms say only in a department's own list who leads it and in what order its people stand. Where that list could
 * not be read, people still known to stand there, from the list of another of their departments, keep what is stored of it.
 */
export async function keepUnreadMemberships(sql: Sql, run: RunHandle): Promise<void> {
  await sql.query(
    `update staged_users s set memberships = s.memberships || k.kept
     from (
       select st.external_key, jsonb_object_agg(d.external_id,
         jsonb_strip_nulls(jsonb_build_object('isLeader', m.is_leader, 'order', m.sort_order)) || (st.memberships -> d.external_id)) as kept
       from run_walks w
       join departments d on d.connection_id = $2 and w.walk = 'department:' || d.external_id
       join memberships m on m.department_id = d.id and m.source = 'connection'
       join users u on u.id = m.user_id
       join staged_users st on st.run_id = w.run_id and st.external_key = u.external_key and st.memberships ? d.external_id
       where w.run_id = $1 and w.error is not null
       group by 1) k
     where s.run_id = $1 and s.external_key = k.external_key`,
    [run.id, run.connectionId],
  );
}
