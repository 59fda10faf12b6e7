import { rows, type Sql } from '../sql.js';
import type { RunHandle } from '../run-facts.js';
import { cutCircles, type TreeLink } from './department-tree.js';

/**
 * Gives every staged department the parent it will really have. A parent that is not there (outside what the app may
 * see, rejected, itself) makes it a root; a circle is cut. What counts as there: readable in this run, or stored and not
 * about to go.
 */
export async function settleDepartments(manager: Sql, run: RunHandle, complete: boolean): Promise<void> {
  await manager.query(
    `create temp table surviving_departments (external_id text primary key) on commit drop`,
  );
  await manager.query(
    `insert into surviving_departments
     select external_id from staged_departments where run_id = $1 and not id_only and gone is null
     union
     select d.external_id from departments d
     left join staged_departments s on s.run_id = $1 and s.external_id = d.external_id
     where d.connection_id = $2 and d.status = 'active' and s.gone is null
       and (s.id_only or (s.external_id is null and (not $3 or exists (${UNREADABLE_MEMBERS}))))`,
    [run.id, run.connectionId, complete],
  );
  await manager.query(`analyze surviving_departments`);
  await manager.query(
    `update staged_departments s set parent_external_id = null
     where run_id = $1 and parent_external_id is not null
       and (parent_external_id = external_id
         or not exists (select 1 from surviving_departments p where p.external_id = s.parent_external_id))`,
    [run.id],
  );
  const circling = await rows<TreeLink>(
    manager,
    `with recursive staged as materialized (
       select external_id, parent_external_id from staged_departments where run_id = $1 and not id_only and gone is null
     ), reached as (
       select s.external_id from staged s
       where s.parent_external_id is null or not exists (select 1 from staged p where p.external_id = s.parent_external_id)
       union all
       select s.external_id from staged s join reached r on s.parent_external_id = r.external_id
     )
     select s.external_id as "externalId", s.parent_external_id as "parentExternalId" from staged s
     where not exists (select 1 from reached r where r.external_id = s.external_id)`,
    [run.id],
  );
  const cuts = cutCircles(circling);
  if (cuts.length > 0) {
    await manager.query(
      `update staged_departments set parent_external_id = null where run_id = $1 and external_id = any($2)`,
      [run.id, cuts],
    );
  }
}

/** People the platform only names (outside what the app may see) and who are stored in department `d`. */
const UNREADABLE_MEMBERS = `
  select 1 from memberships m join users u on u.id = m.user_id and u.status <> 'disabled'
  join staged_users p on p.run_id = $1 and p.external_key = u.external_key and p.id_only
  where m.department_id = d.id and m.source = 'connection'`;

/** What a stored department (d) becomes with a staged one (s): an absent key keeps what is stored. */
export const EFFECTIVE_DEPARTMENT = {
  name: `case when s.content ? 'name' then s.content->>'name' else d.name end`,
  code: `case when s.content ? 'code' then s.content->>'code' else d.code end`,
  sort_order: `case when s.content ? 'order' then (s.content->>'order')::float8 else d.sort_order end`,
  external_ids: `case when s.content ? 'externalIds' then s.content->'externalIds' else coalesce(d.external_ids, '[]') end`,
  leader_keys: `case when s.content ? 'leaderKeys'
    then array(select jsonb_array_elements_text(s.content->'leaderKeys')) else coalesce(d.leader_keys, '{}') end`,
} as const;

const CHANGED = `array_remove(array[
  case when d.external_id is distinct from s.external_id then 'externalId' end,
  case when d.name is distinct from ${EFFECTIVE_DEPARTMENT.name} then 'name' end,
  case when d.code is distinct from ${EFFECTIVE_DEPARTMENT.code} then 'code' end,
  case when d.sort_order is distinct from ${EFFECTIVE_DEPARTMENT.sort_order} then 'order' end,
  case when d.external_ids is distinct from ${EFFECTIVE_DEPARTMENT.external_ids} then 'externalIds' end,
  case when d.leader_keys is distinct from ${EFFECTIVE_DEPARTMENT.leader_keys} then 'leaderIds' end,
  case when d.parent_external_id is distinct from s.parent_external_id then 'parentId' end,
  case when d.status = 'disabled' then 'status' end], null)`;

/**
 * Lines for departments that are new, different or back. An absent department is disabled (`planLeavingDepartments`)
 * when the read was complete, after its people have found their places.
 */
export async function planDepartments(manager: Sql, run: RunHandle): Promise<void> {
  await manager.query(
    `insert into plan_lines (run_id, line, kind, action, external_id, external_key, subject_id, base_hash, staged_hash, changed)
     select $1, row_number() over (order by s.external_id), 'department',
       case when d.id is null then 'create' when d.status = 'disabled' then 'restore'
            when cardinality(c.changed) = 0 then 'refresh' else 'update' end,
       s.external_id, s.external_id, coalesce(d.id, s.new_id), d.content_hash, s.content_hash,
       case when d.id is not null then c.changed end
     from staged_departments s
     left join departments d on d.connection_id = $2 and d.external_id = s.external_id
     left join lateral (select ${CHANGED} as changed) c on d.id is not null
     where s.run_id = $1 and not s.id_only and s.gone is null
       and (d.id is null or d.content_hash is distinct from s.content_hash)`,
    [run.id, run.connectionId],
  );
}

/** Last lines of the plan: departments that are no more. Never one that people the app may not see still belong to. */
export async function planLeavingDepartments(manager: Sql, run: RunHandle, complete: boolean): Promise<void> {
  await manager.query(
    `insert into plan_lines (run_id, line, kind, action, external_id, external_key, subject_id, base_hash, reason, changed)
     select $1, (select coalesce(max(line), 0) from plan_lines where run_id = $1) + row_number() over (order by d.external_id),
       'department', 'disable', d.external_id, d.external_id, d.id, d.content_hash, coalesce(s.gone, 'absent'), array['status']
     from departments d
     left join staged_departments s on s.run_id = $1 and s.external_id = d.external_id
     where d.connection_id = $2 and d.status = 'active' and (s.gone is not null or ($3 and s.external_id is null))
       and not exists (select 1 from surviving_departments a where a.external_id = d.external_id)`,
    [run.id, run.connectionId, complete],
  );
}
