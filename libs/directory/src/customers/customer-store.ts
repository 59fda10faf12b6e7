import { lockChangeFeed } from '../sync/apply/change-feed.js';
import { rows, storableJson, type Sql } from '../sync/sql.js';
import { customerJson } from './customer-json.js';
import { mergeCustomers, type StagedCustomer } from './customer-records.js';

/** What became of the customers of a run. */
export interface CustomerCounts {
  created: number;
  updated: number;
  unchanged: number;
  removed: number;
  restored: number;
  rejected: number;
}

/** Puts customers beside what the run has staged already; the rows of one customer become one. */
export async function stageCustomers(
  manager: Sql,
  runId: string,
  customers: readonly StagedCustomer[],
): Promise<void> {
  if (customers.length > 0)
    await manager.query(STAGE, [runId, storableJson(mergeCustomers(customers).map(toRow))]);
}

/**
 * Compares what was staged with what is stored and writes the difference, with its changes on the feed: a handful of
 * statements however many. Must come last in its transaction, because it takes the feed's lock. The staged rows stay.
 *
 * @param remove external ids of customers who are gone
 */
export async function applyCustomers(
  manager: Sql,
  run: { id: string; connectionId: string },
  remove: readonly string[],
  cause: object,
): Promise<Omit<CustomerCounts, 'rejected'>> {
  await manager.query(CHUNK, [run.id, run.connectionId, remove]);
  await manager.query(INSERT);
  await manager.query(UPDATE);
  const [counts] = await rows<Omit<CustomerCounts, 'rejected'>>(manager, COUNT, [run.id]);
  if (counts!.created + counts!.updated + counts!.restored + counts!.removed === 0) return counts!;
  await lockChangeFeed(manager);
  await manager.query(WRITE_CHANGES, [JSON.stringify(cause)]);
  return counts!;
}

/** Stored customers that a complete listing did not name: their external ids. */
export async function absentCustomers(
  manager: Sql,
  run: { id: string; connectionId: string },
): Promise<{ stored: number; listed: number; absent: string[] }> {
  const [found] = await rows<{ stored: number; listed: number; absent: string[] }>(manager, ABSENT, [
    run.id,
    run.connectionId,
  ]);
  return found!;
}

function toRow({ externalId, newId, nameTold, displayName, externalIds, owners, tags, raw }: StagedCustomer) {
  return { externalId, newId, nameTold, displayName, externalIds, owners, tags, raw };
}

/** SQL: two lists of jsonb united by `key`, in its order; a null list is one that was not told. */
function unitedList(column: string, key: string): string {
  return `case when s.${column} is null then excluded.${column} when excluded.${column} is null then s.${column} else (
      select coalesce(jsonb_agg(item order by ${key}), '[]') from (
        select distinct on (${key}) item from jsonb_array_elements(s.${column} || excluded.${column}) item
        order by ${key}, item) u) end`;
}

const TAG_KEY = `item->>'id' collate "C"`;
const EXTERNAL_ID_KEY = `((item->>'type') || chr(31) || (item->>'value')) collate "C"`;

const STAGE = `
  insert into staged_customers as s (run_id, external_id, new_id, name_told, display_name, external_ids, owners, tags, raw)
  select $1, "externalId", "newId", "nameTold", "displayName", "externalIds",
    (select array_agg(o order by o collate "C") from unnest(owners) o), tags, raw
  from jsonb_to_recordset($2::jsonb) as r(
    "externalId" text, "newId" text, "nameTold" boolean, "displayName" text, "externalIds" jsonb, owners text[],
    tags jsonb, raw jsonb)
  on conflict (run_id, external_id) do update set
    name_told = s.name_told or excluded.name_told,
    display_name = coalesce(excluded.display_name, s.display_name),
    external_ids = ${unitedList('external_ids', EXTERNAL_ID_KEY)},
    owners = case when s.owners is null then excluded.owners when excluded.owners is null then s.owners else (
      select array_agg(o order by o collate "C") from (select distinct unnest(s.owners || excluded.owners) o) u) end,
    tags = ${unitedList('tags', TAG_KEY)},
    raw = s.raw || excluded.raw`;

/** Owners are found like people anywhere: by their id without case. */
const OWNER_USERS = `coalesce((
  select array_agg(u.id order by o.position)
  from unnest(coalesce(s.owners, c.owner_external_ids)) with ordinality o(id, position)
  join users u on u.connection_id = $2 and u.external_key = lower(o.id)), '{}')`;

/** In one order, whoever told them: so that a list that comes in another order is no change. */
const ordered = (list: string, key: string): string =>
  `coalesce((select jsonb_agg(item order by ${key}) from jsonb_array_elements(${list}) item), '[]')`;

/**
 * The rows that differ, as they will be. `refresh`: only what nobody is shown differs (an owner outside the directory).
 * Somebody gone keeps everything but their place.
 */
const CHUNK = `
  create temp table customer_chunk on commit drop as
  with told as (
    select coalesce(c.id, s.new_id) as id, $2::text as connection_id, s.external_id, s.raw,
      case when s.external_ids is null then coalesce(c.external_ids, '[]')
        else ${ordered('s.external_ids', EXTERNAL_ID_KEY)} end as external_ids,
      case when s.name_told then s.display_name else c.display_name end as display_name,
      coalesce(s.owners, c.owner_external_ids, '{}') as owner_external_ids,
      ${OWNER_USERS} as owner_user_ids,
      case when s.tags is null then coalesce(c.tags, '[]') else ${ordered('s.tags', TAG_KEY)} end as tags
    from staged_customers s
    left join customers c on c.connection_id = $2 and c.external_id = s.external_id
    where s.run_id = $1
  ), changed as (
    select t.*, c.created_at, case when c.id is not null then ${customerJson('c')} end as before,
      case when c.id is null then 'created' when c.removed_at is not null then 'restored'
        when (c.external_ids, c.display_name, c.owner_user_ids, c.tags)
          is distinct from (t.external_ids, t.display_name, t.owner_user_ids, t.tags) then 'updated'
        when c.owner_external_ids is distinct from t.owner_external_ids then 'refresh' end as action
    from told t left join customers c on c.id = t.id
  )
  select id, connection_id, external_id, external_ids, display_name, owner_external_ids, owner_user_ids, tags, raw, action,
    coalesce(created_at, now()) as created_at, now() as updated_at, before
  from changed where action is not null
  union all
  select id, connection_id, external_id, external_ids, display_name, owner_external_ids, owner_user_ids, tags, raw,
    'removed', created_at, now(), null
  from customers where connection_id = $2 and external_id = any($3::text[]) and removed_at is null
    and not exists (select from staged_customers s where s.run_id = $1 and s.external_id = customers.external_id)`;

const INSERT = `
  insert into customers (id, connection_id, external_id, external_ids, display_name, owner_external_ids, owner_user_ids, tags, raw)
  select id, connection_id, external_id, external_ids, display_name, owner_external_ids, owner_user_ids, tags, raw
  from customer_chunk where action = 'created'`;

const UPDATE = `
  update customers c set external_ids = k.external_ids, display_name = k.display_name,
    owner_external_ids = k.owner_external_ids, owner_user_ids = k.owner_user_ids, tags = k.tags, raw = k.raw,
    updated_at = case when k.action = 'refresh' then c.updated_at else k.updated_at end,
    removed_at = case when k.action = 'removed' then k.updated_at end
  from customer_chunk k where c.id = k.id and k.action <> 'created'`;

const COUNT = `
  select (count(*) filter (where action = 'created'))::int as created, (count(*) filter (where action = 'updated'))::int as updated,
    (count(*) filter (where action = 'restored'))::int as restored, (count(*) filter (where action = 'removed'))::int as removed,
    ((select count(*) from staged_customers where run_id = $1)
      - count(*) filter (where action in ('created', 'updated', 'restored')))::int as unchanged
  from customer_chunk`;

const WRITE_CHANGES = `
  insert into directory_changes (connection_id, type, subject_id, before, after, cause)
  select k.connection_id, 'customer.' || k.action, k.id,
    case when k.action in ('updated', 'restored') then coalesce((
      select jsonb_object_agg(field, k.before->field)
      from unnest(array['externalIds', 'displayName', 'ownerUserIds', 'tags']) field
      where k.before->field is distinct from ${customerJson('k')}->field), '{}') end,
    ${customerJson('k')}, $1::jsonb
  from customer_chunk k
  where k.action <> 'refresh' order by k.action, k.id`;

const ABSENT = `
  select (count(*))::int as stored,
    (select count(*)::int from staged_customers where run_id = $1) as listed,
    coalesce(array_agg(c.external_id) filter (where s.run_id is null), '{}') as absent
  from customers c
  left join staged_customers s on s.run_id = $1 and s.external_id = c.external_id
  where c.connection_id = $2 and c.removed_at is null`;
