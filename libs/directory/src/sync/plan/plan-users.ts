import type { UserField } from '@trainbridge/connector-kit';
import type { RunFacts, RunHandle } from '../run-facts.js';
import { rows, type Sql } from '../sql.js';
import { USER_COLUMNS } from '../stage/fields.js';

/*
 * SQL over a staged user `s` and the stored one `u` (all null for somebody new). One definition for planning (what
 * changes?), applying (the new row) and showing a plan (before and after).
 */

/** The stored value stays when the platform does not tell. */
function effectiveColumn(field: string, column: string): string {
  return `case when s.content ? '${field}' then s.content->>'${field}' else u.${column} end`;
}

export const EFFECTIVE_USER: Record<string, string> = {
  ...Object.fromEntries(USER_COLUMNS.map(({ field, column }) => [column, effectiveColumn(field, column)])),
  status: `coalesce(s.content->>'status', case when u.status = 'disabled' then 'active' else u.status end, 'active')`,
  custom_fields: `case when s.content ? 'customFields' then s.content->'customFields' else coalesce(u.custom_fields, '{}') end`,
  external_ids: `case when s.content ? 'externalIds' then s.content->'externalIds' else coalesce(u.external_ids, '[]') end`,
};

/** Declared fields the platform did not tell. Field names come from the kit's closed list. */
export function withheldFields(declared: readonly UserField[]): string {
  if (declared.length === 0) return `'{}'::text[]`;
  const cases = declared.map((field) => `case when not s.content ? '${field}' then '${field}' end`);
  return `array_remove(array[${cases.join(', ')}]::text[], null)`;
}

/** Memberships as `{department's external id: [isPrimary, isLeader, order]}`, comparable as a whole. */
const STAGED_MEMBERSHIPS = `(
  select coalesce(jsonb_object_agg(m.key, jsonb_build_array(
    coalesce(m.value->'isPrimary', 'false'), coalesce(m.value->'isLeader', 'false'), m.value->'order')), '{}')
  from jsonb_each(s.memberships) m where (select true from surviving_departments a where a.external_id = m.key))`;
const STORED_MEMBERSHIPS = `(
  select coalesce(jsonb_object_agg(d.external_id, jsonb_build_array(m.is_primary, m.is_leader, m.sort_order)), '{}')
  from memberships m join departments d on d.id = m.department_id
  where m.user_id = u.id and m.source = 'connection')`;

function changedFields(declared: readonly UserField[]): string {
  const columns = [
    ...USER_COLUMNS,
    { field: 'customFields', column: 'custom_fields' },
    { field: 'externalIds', column: 'external_ids' },
  ]
    .filter(({ field }) => field !== 'managerExternalId')
    .map(
      ({ field, column }) =>
        `case when u.${column} is distinct from ${EFFECTIVE_USER[column]} then '${field}' end`,
    );
  return `array_remove(array[${columns.join(',\n')},
    case when u.external_id <> s.external_id then 'externalId' end,
    case when u.status <> ${EFFECTIVE_USER.status} then 'status' end,
    case when u.withheld_fields <> ${withheldFields(declared)} then 'withheldFields' end,
    case when u.manager_external_id is distinct from ${EFFECTIVE_USER.manager_external_id} or u.manager_id is distinct from (
      select coalesce(mu.id, ms.new_id)
      from (select ${MANAGER_KEY} as key) k
      left join users mu on mu.connection_id = u.connection_id and mu.external_key = k.key
      left join staged_users ms on ms.run_id = s.run_id and ms.external_key = k.key and not ms.id_only and ms.gone is null)
      then 'managerId' end,
    case when j.stored <> j.staged then 'memberships' end], null)`;
}

/** Of the manager a user will have. */
export const MANAGER_KEY = `case when s.content ? 'managerExternalId' then s.content->>'managerKey' else lower(u.manager_external_id) end`;

const LINE_COLUMNS = `(run_id, line, kind, action, external_id, external_key, subject_id, base_hash, staged_hash, reason, moved, changed)`;
const NEXT_LINE = `(select coalesce(max(line), 0) from plan_lines where run_id = $1) + row_number() over ()`;

/**
 * Lines for people: the difference between what was staged and what is stored, found by content hash in one pass.
 * `complete`: everybody was listed, so who is missing is gone.
 */
export async function planUsers(
  manager: Sql,
  run: RunHandle,
  facts: RunFacts,
  complete: boolean,
): Promise<void> {
  await manager.query(DIFFERENCE_TABLE);
  await manager.query(complete ? DIFFERENCE_OF_ALL : DIFFERENCE_OF_STAGED, [run.id, run.connectionId]);
  await manager.query(`analyze user_difference`);
  await manager.query(
    `insert into plan_lines ${LINE_COLUMNS}
     select $1, ${NEXT_LINE}, 'user', 'create', external_id, external_key, new_id, null, staged_hash, null, false, null
     from user_difference where user_id is null`,
    [run.id],
  );
  await planDependents(manager, run);
  await planChangedUsers(manager, run, facts);
  await manager.query(
    `insert into plan_lines ${LINE_COLUMNS}
     select $1, ${NEXT_LINE}, 'user', 'disable', d.external_id, d.external_key, d.user_id, d.base_hash, null,
       coalesce(d.gone, 'absent'), false, array['status']
     from user_difference d where d.user_id is not null and d.new_id is null`,
    [run.id],
  );
}

/** new_id null: the person is to be disabled. user_id null: the person is new. */
const DIFFERENCE_TABLE = `create temp table user_difference (
  external_key text collate "C" not null, external_id text not null, user_id text, new_id text,
  base_hash text, staged_hash text, gone text) on commit drop`;

const DIFFERENCE_OF_ALL = `
  insert into user_difference
  select coalesce(s.external_key, u.external_key), coalesce(s.external_id, u.external_id), u.id,
    case when s.gone is null then s.new_id end, u.content_hash, s.content_hash, s.gone
  from (select external_key, external_id, new_id, content_hash, id_only, gone from staged_users where run_id = $1) s
  full join (select id, external_key, external_id, content_hash, status from users where connection_id = $2) u
    on s.external_key = u.external_key
  where (s.external_key is null and u.status <> 'disabled')
     or (s.gone is not null and u.status <> 'disabled')
     or (s.gone is null and not s.id_only and (u.id is null or u.content_hash is distinct from s.content_hash))`;

const DIFFERENCE_OF_STAGED = `
  insert into user_difference
  select s.external_key, s.external_id, u.id,
    case when s.gone is null then s.new_id end, u.content_hash, s.content_hash, s.gone
  from staged_users s
  left join users u on u.connection_id = $2 and u.external_key = s.external_key
  where s.run_id = $1 and ((s.gone is not null and u.status <> 'disabled')
     or (s.gone is null and not s.id_only and (u.id is null or u.content_hash is distinct from s.content_hash)))`;

/**
 * People whose own record is the same but who point at something that comes or goes: a manager or department that was
 * unknown and now is, or a department that leaves. Found by index, and only when there is something to point at, so a
 * run without changes compares nobody for nothing.
 */
async function planDependents(manager: Sql, run: RunHandle): Promise<void> {
  const [found] = await rows<{ coming: boolean; leaving: boolean }>(
    manager,
    `select exists (select 1 from plan_lines where run_id = $1 and action in ('create', 'restore')) as coming,
       exists (select 1 from departments d where ${LEAVING_DEPARTMENT}) as leaving`,
    [run.id, run.connectionId],
  );
  const pointers = [
    found!.coming ? POINTING_AT_WHO_COMES : null,
    found!.leaving
      ? `select m.user_id from memberships m join departments d on d.id = m.department_id
         where m.source = 'connection' and ${LEAVING_DEPARTMENT}`
      : null,
  ].filter((query) => query !== null);
  if (pointers.length === 0) return;
  await manager.query(
    `insert into user_difference
     select u.external_key, u.external_id, u.id, s.new_id, u.content_hash, s.content_hash, null
     from (${pointers.join(' union ')}) p(id) join users u on u.id = p.id
     join staged_users s on s.run_id = $1 and s.external_key = u.external_key
     where u.connection_id = $2 and s.gone is null and not s.id_only and u.content_hash = s.content_hash`,
    [run.id, run.connectionId],
  );
}

const POINTING_AT_WHO_COMES = `
  select u.id from users u join staged_users s on s.run_id = $1 and s.external_key = u.external_key
  where u.connection_id = $2 and u.unresolved and (
    s.content->>'managerKey' in (select external_key from user_difference where user_id is null)
    or s.memberships ?| array(
      select external_id from plan_lines where run_id = $1 and kind = 'department' and action in ('create', 'restore')))`;

const LEAVING_DEPARTMENT = `d.connection_id = $2 and d.status = 'active'
  and not exists (select 1 from surviving_departments a where a.external_id = d.external_id)`;

async function planChangedUsers(manager: Sql, run: RunHandle, facts: RunFacts): Promise<void> {
  await manager.query(
    `insert into plan_lines ${LINE_COLUMNS}
     select $1, ${NEXT_LINE}, 'user',
       case when u.status = 'disabled' and ${EFFECTIVE_USER.status} <> 'disabled' then 'restore'
            when u.status <> 'disabled' and ${EFFECTIVE_USER.status} = 'disabled' then 'disable'
            when cardinality(c.changed) = 0 then 'refresh' else 'update' end,
       s.external_id, s.external_key, u.id, u.content_hash, s.content_hash,
       case when u.status <> 'disabled' and ${EFFECTIVE_USER.status} = 'disabled' then 'platform' end,
       j.stored <> '{}' and array(select jsonb_object_keys(j.stored)) <> array(select jsonb_object_keys(j.staged)),
       c.changed
     from user_difference f
     join users u on u.id = f.user_id
     join staged_users s on s.run_id = $1 and s.external_key = f.external_key
     cross join lateral (select ${STAGED_MEMBERSHIPS} as staged, ${STORED_MEMBERSHIPS} as stored) j
     cross join lateral (select ${changedFields(facts.declaredFields)} as changed) c
     where f.new_id is not null
       and (cardinality(c.changed) > 0 or f.base_hash is distinct from f.staged_hash)`,
    [run.id],
  );
}
