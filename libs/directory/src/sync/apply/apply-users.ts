import { EFFECTIVE_USER, MANAGER_KEY, withheldFields } from '../plan/plan-users.js';
import { PlanOutdated, StagingLost, type RunFacts, type RunHandle } from '../run-facts.js';
import { affected, rows, type Sql } from '../sql.js';
import { USER_COLUMNS } from '../stage/fields.js';
import { lockChangeFeed } from './change-feed.js';
import { membershipList, onlyFields, storedMemberships, userJson } from './record-json.js';

/**
 * Applies the plan's lines `from` to `to` for people: rows, memberships, raw records and the change feed, each in one
 * statement over the whole set. `leaving`: departments this plan disables at its end, which nobody is put into any more.
 * @throws {PlanOutdated} when somebody is no longer what the plan was made from
 * @throws {StagingLost}
 */
export async function applyUserLines(
  manager: Sql,
  run: RunHandle,
  facts: RunFacts,
  { from, to, leaving, cause }: { from: number; to: number; leaving: string[]; cause: object },
): Promise<void> {
  await manager.query(MEMBERSHIP_TABLE, [run.id, run.connectionId, from, to, leaving]);
  await manager.query('create index on membership_chunk (user_id)');
  await manager.query(chunkTable(facts), [run.id, run.connectionId, from, to]);
  const [lines] = await rows<{
    total: number;
    created: number;
    changed: number;
    reread: number;
    lost: number;
  }>(
    manager,
    `select count(*)::int as total, (count(*) filter (where staged_hash is distinct from content_hash))::int as lost, (count(*) filter (where action = 'create'))::int as created,
       (count(*) filter (where action <> 'create'))::int as changed,
       (count(*) filter (where action <> 'create' and read))::int as reread from user_chunk`,
  );
  const { created, changed, reread, lost } = lines!;
  if (lost > 0) throw new StagingLost(run.id);
  if (created > 0) {
    const [inserted] = await rows<{ count: number }>(manager, INSERT);
    if (inserted!.count !== created) throw new PlanOutdated(run.id);
  }
  if (changed > 0 && (await affected(manager, UPDATE)) !== changed) throw new PlanOutdated(run.id);
  if (reread > 0) await manager.query(REMOVE_MEMBERSHIPS);
  await manager.query(WRITE_MEMBERSHIPS);
  await manager.query(WRITE_RECORDS);
  await lockChangeFeed(manager);
  await manager.query(WRITE_CHANGES, [JSON.stringify(cause)]);
}

/*
 * The planner knows nothing about lines and chunks written a moment ago, and one wrong guess compares thousands with
 * thousands. So whatever is looked up per person is looked up by index on purpose: lateral, with a limit or an aggregate,
 * which cannot be turned into another kind of join.
 */

/** Memberships of the chunk's people in departments that are here; others wait for their department (`unresolved`). */
const MEMBERSHIP_TABLE = `
  create temp table membership_chunk on commit drop as
  select l.subject_id as user_id, d.id as department_id,
    coalesce((m.value->>'isPrimary')::boolean, false) as is_primary,
    coalesce((m.value->>'isLeader')::boolean, false) as is_leader,
    (m.value->>'order')::float8 as sort_order
  from plan_lines l
  join staged_users s on s.run_id = l.run_id and s.external_key = l.external_key and s.gone is null
  cross join lateral jsonb_each(s.memberships) m
  cross join lateral (
    select id from departments
    where connection_id = $2 and external_id = m.key and status = 'active' and id <> all($5::text[]) limit 1) d
  where l.run_id = $1 and l.line between $3 and $4 and l.kind = 'user'`;

const COPIED_COLUMNS = [
  ...USER_COLUMNS.map(({ column }) => column),
  'external_ids',
  'custom_fields',
  'status',
];

/** The rows the lines will make. `read`: the platform answered for this person, so the row comes from staging. */
function chunkTable(facts: RunFacts): string {
  const columns = COPIED_COLUMNS.map(
    (column) =>
      `case when s.run_id is not null then ${EFFECTIVE_USER[column]} else u.${column} end as ${column}`,
  ).filter((column) => !column.endsWith('as status'));
  return `
  create temp table user_chunk on commit drop as
  select l.line, l.action, l.changed, l.base_hash, l.staged_hash, s.run_id is not null as read,
    l.subject_id as id, coalesce(u.person_id, 'per' || substr(l.subject_id, 4)) as person_id, $2::text as connection_id,
    l.external_key, coalesce(s.external_id, u.external_id) as external_id,
    ${columns.join(',\n')},
    case when s.run_id is not null then ${EFFECTIVE_USER.status} else 'disabled' end as status,
    case when s.run_id is not null then ${withheldFields(facts.declaredFields)} else u.withheld_fields end as withheld_fields,
    case when s.run_id is null then u.manager_id else coalesce(mu.id, ms.new_id) end as manager_id,
    s.content_hash,
    coalesce(s.memberships <> '{}' and (select count(*) from jsonb_object_keys(s.memberships)) > coalesce(m.count, 0), false)
      or (s.content->>'managerExternalId' is not null and coalesce(mu.id, ms.new_id) is null) as unresolved,
    coalesce(u.created_at, now()) as created_at,
    case when l.action = 'refresh' then u.updated_at else now() end as updated_at,
    case when s.run_id is not null and ${EFFECTIVE_USER.status} <> 'disabled' then null
         else coalesce(u.disabled_at, now()) end as disabled_at,
    case when s.run_id is not null and ${EFFECTIVE_USER.status} <> 'disabled' then null
         else coalesce(u.disabled_reason, l.reason, 'platform') end as disabled_reason,
    case when s.run_id is null then ${storedMemberships('u.id')} else coalesce(m.list, '[]') end as memberships,
    s.raw,
    case when l.changed is not null then ${onlyFields(userJson('u', storedMemberships('u.id')), 'l.changed')} end as before
  from plan_lines l
  left join users u on u.id = l.subject_id
  left join staged_users s on s.run_id = l.run_id and s.external_key = l.external_key and s.gone is null and not s.id_only
  left join lateral (
    select count(*) as count, ${membershipList('mc')} as list from membership_chunk mc where mc.user_id = l.subject_id
  ) m on true
  left join lateral (select ${MANAGER_KEY} as key) k on s.run_id is not null
  left join users mu on mu.connection_id = $2 and mu.external_key = k.key
  left join staged_users ms on ms.run_id = $1 and ms.external_key = k.key and not ms.id_only and ms.gone is null
  where l.run_id = $1 and l.line between $3 and $4 and l.kind = 'user'`;
}

const ROW_COLUMNS = [
  'id', 'person_id', 'connection_id', 'external_key', 'external_id', ...COPIED_COLUMNS, 'manager_id', 'withheld_fields',
  'content_hash', 'unresolved', 'created_at', 'updated_at', 'disabled_at', 'disabled_reason',
]; // prettier-ignore

const INSERT = `
  with inserted as (
    insert into users (${ROW_COLUMNS.join(', ')})
    select ${ROW_COLUMNS.join(', ')} from user_chunk where action = 'create'
    on conflict do nothing returning 1
  ) select count(*)::int as count from inserted`;

const UPDATE = `
  update users u set ${ROW_COLUMNS.filter(
    (column) => !['id', 'person_id', 'connection_id', 'external_key', 'created_at'].includes(column),
  )
    .map((column) => `${column} = c.${column}`)
    .join(', ')}
  from user_chunk c
  where u.id = c.id and c.action <> 'create' and u.content_hash is not distinct from c.base_hash`;

const REMOVE_MEMBERSHIPS = `
  delete from memberships m using user_chunk c
  where m.user_id = c.id and c.read and c.action <> 'create' and m.source = 'connection'
    and not exists (
      select 1 from membership_chunk n where n.user_id = m.user_id and n.department_id = m.department_id)`;

const WRITE_MEMBERSHIPS = `
  insert into memberships as m (user_id, department_id, is_primary, is_leader, sort_order, source)
  select user_id, department_id, is_primary, is_leader, sort_order, 'connection' from membership_chunk
  on conflict (user_id, department_id, source) do update
    set is_primary = excluded.is_primary, is_leader = excluded.is_leader, sort_order = excluded.sort_order
    where (m.is_primary, m.is_leader, m.sort_order) is distinct from
      (excluded.is_primary, excluded.is_leader, excluded.sort_order)`;

const WRITE_RECORDS = `
  insert into user_records (user_id, raw) select id, raw from user_chunk where raw is not null
  on conflict (user_id) do update set raw = excluded.raw, read_at = now()`;

const WRITE_CHANGES = `
  insert into directory_changes (connection_id, type, subject_id, before, after, cause)
  select c.connection_id, case c.action when 'create' then 'user.created' when 'restore' then 'user.restored'
      when 'disable' then 'user.disabled' else 'user.updated' end,
    c.id, c.before, ${userJson('c', 'c.memberships')}, $1::jsonb
  from user_chunk c where c.action <> 'refresh' order by c.line`;
