import type { Actor } from '@trainbridge/access';
import { invalid, type FieldProblem } from '@trainbridge/http-api';
import { rows, type Sql } from '@trainbridge/persistence';
import type { AudienceBody, AudienceDepartmentDto } from './audience.dto.js';

/** Who is named, in one spelling: equal audiences are equal whatever order they came in. */
export interface Audience {
  userIds: string[];
  customerIds: string[];
  departments: Required<AudienceDepartmentDto>[];
  tags: string[];
  live: boolean;
}

export function audienceOf(body: AudienceBody): Audience {
  const departments = (body.departments ?? []).map(({ id, includeDescendants = true }) => ({
    id,
    includeDescendants,
  }));
  return {
    userIds: [...(body.userIds ?? [])].sort(),
    customerIds: [...(body.customerIds ?? [])].sort(),
    departments: departments.sort((a, b) => (a.id < b.id ? -1 : 1)),
    tags: [...(body.tags ?? [])].sort(),
    live: body.live ?? false,
  };
}

/** Named things with their places, and the connection of each; null: unknown, or out of the caller's sight. */
const NAMED = `
  select 'userIds' as list, w.place, u.connection_id from unnest($1::text[]) with ordinality w(id, place)
  left join users u on u.id = w.id and ($4::text[] is null or u.connection_id = any($4))
  union all
  select 'customerIds', w.place, c.connection_id from unnest($2::text[]) with ordinality w(id, place)
  left join customers c on c.id = w.id and ($4::text[] is null or c.connection_id = any($4))
  union all
  select 'departments', w.place, d.connection_id from unnest($3::text[]) with ordinality w(id, place)
  left join departments d on d.id = w.id and ($4::text[] is null or d.connection_id = any($4))`;

/**
 * The connections an audience reaches; with tags all that the caller may see, since a tag may appear in any of them.
 * @throws {ProblemError} 400 naming the place of each id that is not known to this caller, and for an audience of nobody
 */
export async function connectionsReached(sql: Sql, body: AudienceBody, actor: Actor): Promise<string[]> {
  const { userIds = [], customerIds = [], departments = [], tags = [] } = body;
  if (userIds.length + customerIds.length + departments.length + tags.length === 0) {
    throw invalid([{ path: '/audience', message: NOBODY }]);
  }
  const [found] = await rows<{ connections: string[]; unknown: { list: string; place: number }[] }>(
    sql,
    `with named as materialized (${NAMED})
     select coalesce((select array_agg(distinct connection_id) from named where connection_id is not null), '{}') as connections,
       coalesce((select jsonb_agg(jsonb_build_object('list', list, 'place', place))
         from (select * from named where connection_id is null limit 100) n), '[]') as unknown`,
    [userIds, customerIds, departments.map(({ id }) => id), actor.connectionIds],
  );
  if (found!.unknown.length > 0) throw invalid(found!.unknown.map(unknownId));
  if (tags.length === 0) return found!.connections;
  const all =
    actor.connectionIds ??
    (await rows<{ id: string }>(sql, `select id from connections`)).map(({ id }) => id);
  return [...new Set([...found!.connections, ...all])].sort();
}

function unknownId({ list, place }: { list: string; place: number }): FieldProblem {
  const path = `/audience/${list}/${place - 1}`;
  return { path: list === 'departments' ? `${path}/id` : path, message: UNKNOWN };
}

const NOBODY = {
  en: 'must name somebody: userIds, customerIds, departments or tags',
  'zh-CN': '必须指定人员：userIds、customerIds、departments 或 tags',
};
const UNKNOWN = {
  en: 'is not known here (see /api/v1/users, /customers, /departments)',
  'zh-CN': '不存在（可在 /api/v1/users、/customers、/departments 中查询）',
};

/**
 * SQL: who belongs to which of the assignments `asked` (a relation of rows of `assignments`), as
 * (assignment_id, connection_id, user_id, customer_id). Disabled people and removed customers belong to none.
 *
 * @param onlyUsers SQL condition on `u.id`, so that a few people are looked up from their side
 * @param onlyCustomers the same on `k.id`
 */
export function membersOf(asked: string, onlyUsers = 'true', onlyCustomers = 'true'): string {
  return `
    select a.id as assignment_id, u.connection_id, u.id as user_id, null::text as customer_id
    from ${asked} a cross join lateral unnest(a.user_ids) w(id) join users u on u.id = w.id
    where u.status <> 'disabled' and ${onlyUsers}
    union
    select a.id, u.connection_id, u.id, null
    from ${asked} a
    cross join lateral jsonb_to_recordset(a.departments) w(id text, "includeDescendants" boolean)
    join (departments d cross join lateral unnest(d.path_ids) p(id)) on p.id = w.id and (w."includeDescendants" or d.id = w.id)
    join memberships m on m.department_id = d.id join users u on u.id = m.user_id
    where u.status <> 'disabled' and ${onlyUsers}
    union
    select a.id, k.connection_id, null, k.id
    from ${asked} a cross join lateral unnest(a.customer_ids) w(id) join customers k on k.id = w.id
    where k.removed_at is null and ${onlyCustomers}
    union
    select a.id, k.connection_id, null, k.id
    from ${asked} a join customers k on k.connection_id = any(a.connection_ids)
    where a.tags <> '{}' and k.removed_at is null and ${onlyCustomers} and exists (
      select from jsonb_array_elements(k.tags) t where t ->> 'id' = any(a.tags) or t ->> 'name' = any(a.tags))`;
}
