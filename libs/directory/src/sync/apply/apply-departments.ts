import { EFFECTIVE_DEPARTMENT } from '../plan/plan-departments.js';
import { PlanOutdated, StagingLost, type RunHandle } from '../run-facts.js';
import { affected, rows, type Sql } from '../sql.js';
import { lockChangeFeed } from './change-feed.js';
import { departmentJson, onlyFields, storedLeaders } from './record-json.js';

/**
 * Applies a plan's lines for departments in one transaction: there are few, and paths can only be told when the whole
 * tree is in place.
 * @throws {PlanOutdated} when a department is no longer what the plan was made from
 * @throws {StagingLost}
 */
export async function applyDepartmentLines(
  manager: Sql,
  run: RunHandle,
  from: number,
  to: number,
  cause: object,
): Promise<void> {
  await manager.query(CHUNK_TABLE, [run.id, run.connectionId, from, to]);
  const [lines] = await rows<{ lost: number; created: number; changed: number }>(
    manager,
    `select (count(*) filter (where staged_hash is distinct from content_hash))::int as lost, (count(*) filter (where action = 'create'))::int as created,
       (count(*) filter (where action <> 'create'))::int as changed from department_chunk`,
  );
  if (lines!.lost > 0) throw new StagingLost(run.id);
  const inserted = await rows(manager, INSERT);
  const updated = await affected(manager, UPDATE);
  if (inserted.length !== lines!.created || updated !== lines!.changed) throw new PlanOutdated(run.id);
  // The tree, and people afterwards, are joined with departments; without figures about the new rows the planner
  // compares each with each (measured: 100 times slower).
  if (lines!.created + lines!.changed > 100) await manager.query('analyze departments');
  await manager.query(RESOLVE_PARENTS, [run.connectionId]);
  await manager.query(RESOLVE_PATHS, [run.connectionId]);
  await lockChangeFeed(manager);
  await manager.query(WRITE_CHANGES, [run.id, JSON.stringify(cause)]);
}

/** The rows the lines will make, beside what was there. */
const CHUNK_TABLE = `
  create temp table department_chunk on commit drop as
  select l.action, l.changed, l.base_hash, l.staged_hash, s.content_hash, l.subject_id as id, $2::text as connection_id,
    coalesce(s.external_id, d.external_id) as external_id,
    ${Object.entries(EFFECTIVE_DEPARTMENT)
      .map(
        ([column, expression]) =>
          `case when l.action = 'disable' then d.${column} else ${expression} end as ${column}`,
      )
      .join(',\n')},
    case when l.action = 'disable' then d.parent_external_id else s.parent_external_id end as parent_external_id,
    case when l.action = 'disable' then 'disabled' else 'active' end as status,
    case when l.action = 'disable' then d.raw else s.raw end as raw,
    case when d.id is not null then ${departmentJson('d', storedLeaders('d'))} end as before
  from plan_lines l
  left join departments d on d.id = l.subject_id
  left join staged_departments s on s.run_id = l.run_id and s.external_id = l.external_key and l.action <> 'disable'
  where l.run_id = $1 and l.line between $3 and $4 and l.kind = 'department'`;

const INSERT = `
  insert into departments (id, connection_id, external_id, external_ids, name, code, parent_external_id, sort_order,
    leader_keys, status, content_hash, raw)
  select id, connection_id, external_id, external_ids, name, code, parent_external_id, sort_order,
    leader_keys, status, staged_hash, raw
  from department_chunk where action = 'create'
  on conflict do nothing returning id`;

const UPDATE = `
  update departments d set external_id = c.external_id, external_ids = c.external_ids, name = c.name, code = c.code,
    parent_external_id = c.parent_external_id, sort_order = c.sort_order, leader_keys = c.leader_keys, status = c.status,
    content_hash = case when c.action = 'disable' then null else c.staged_hash end, raw = c.raw,
    updated_at = case when c.action = 'refresh' then d.updated_at else now() end,
    disabled_at = case when c.action = 'disable' then now() end
  from department_chunk c
  where d.id = c.id and c.action <> 'create' and d.content_hash is not distinct from c.base_hash`;

const RESOLVE_PARENTS = `
  update departments d set parent_id = p.id
  from departments c left join departments p
    on p.connection_id = c.connection_id and p.external_id = c.parent_external_id and p.id <> c.id and p.status = 'active'
  where c.connection_id = $1 and d.id = c.id and c.status = 'active' and d.parent_id is distinct from p.id`;

/**
 * Ids and names from the root down. Bounded: what lies deeper than 1,500 levels, or in a circle that events left for a
 * moment, is its own path.
 */
const RESOLVE_PATHS = `
  with recursive tree as (
    select id, array[id] as ids, coalesce(name, external_id) as names from departments
    where connection_id = $1 and status = 'active' and parent_id is null
    union all
    select d.id, t.ids || d.id, t.names || '/' || coalesce(d.name, d.external_id)
    from departments d join tree t on d.parent_id = t.id
    where d.status = 'active' and cardinality(t.ids) < 1500
  )
  update departments d set path_ids = coalesce(t.ids, array[d.id]), path = coalesce(t.names, d.name, d.external_id)
  from departments o left join tree t on t.id = o.id
  where o.connection_id = $1 and o.status = 'active' and d.id = o.id
    and (d.path_ids, d.path) is distinct from (coalesce(t.ids, array[o.id]), coalesce(t.names, o.name, o.external_id))`;

/** Leaders may be created later in the same run: their ids stand in staging already. */
const LEADERS = `coalesce((
  select jsonb_agg(coalesce(u.id, s.new_id) order by l.position)
  from unnest(d.leader_keys) with ordinality l(key, position)
  left join users u on u.connection_id = d.connection_id and u.external_key = l.key
  left join staged_users s on s.run_id = $1 and s.external_key = l.key and not s.id_only and s.gone is null
  where coalesce(u.id, s.new_id) is not null), '[]')`;

const WRITE_CHANGES = `
  insert into directory_changes (connection_id, type, subject_id, before, after, cause)
  select d.connection_id,
    case c.action when 'create' then 'department.created' when 'restore' then 'department.restored'
      when 'disable' then 'department.removed' else 'department.updated' end,
    d.id, case when c.action <> 'create' then ${onlyFields('c.before', 'c.changed')} end,
    ${departmentJson('d', LEADERS)}, $2::jsonb
  from department_chunk c join departments d on d.id = c.id
  where c.action <> 'refresh'`;
