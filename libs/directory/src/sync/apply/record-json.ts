/** SQL of a timestamp the way the API shows it: ISO 8601, UTC, milliseconds. */
export function isoTime(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * SQL of a user as the API shows them, from a row `alias` of `users` (or shaped like one) and the expression of their
 * memberships. The change feed stores exactly this, so that a consumer reads one form everywhere.
 */
export function userJson(alias: string, memberships: string): string {
  return `jsonb_build_object('id', ${alias}.id, 'personId', ${alias}.person_id, 'connectionId', ${alias}.connection_id,
    'externalId', ${alias}.external_id, 'externalIds', ${alias}.external_ids, 'employeeNumber', ${alias}.employee_number,
    'displayName', ${alias}.display_name, 'workEmail', ${alias}.work_email, 'mobile', ${alias}.mobile,
    'jobTitle', ${alias}.job_title, 'managerId', ${alias}.manager_id, 'status', ${alias}.status,
    'memberships', ${memberships}, 'avatarUrl', ${alias}.avatar_url, 'customFields', ${alias}.custom_fields,
    'withheldFields', to_jsonb(${alias}.withheld_fields), 'createdAt', ${isoTime(`${alias}.created_at`)},
    'updatedAt', ${isoTime(`${alias}.updated_at`)}, 'disabledAt', ${isoTime(`${alias}.disabled_at`)},
    'disabledReason', ${alias}.disabled_reason)`;
}

/** SQL of one membership as the API shows it. */
export function membershipJson(alias: string): string {
  return `jsonb_build_object('departmentId', ${alias}.department_id, 'isPrimary', ${alias}.is_primary,
    'isLeader', ${alias}.is_leader, 'order', ${alias}.sort_order)`;
}

/** SQL aggregate over memberships: the primary one first, then by the platform's order. */
export function membershipList(alias: string): string {
  return `jsonb_agg(${membershipJson(alias)}
    order by ${alias}.is_primary desc, ${alias}.sort_order nulls last, ${alias}.department_id)`;
}

/** SQL subquery: the memberships of a stored user. A department known from both sides is shown as the connection says. */
export function storedMemberships(userId: string): string {
  return `coalesce((select ${membershipList('m')} from (
      select distinct on (department_id) * from memberships where user_id = ${userId} order by department_id, source
    ) m), '[]')`;
}

/** SQL of a department as the API shows it; `leaderIds` is an expression of a jsonb list. */
export function departmentJson(alias: string, leaderIds: string): string {
  return `jsonb_build_object('id', ${alias}.id, 'connectionId', ${alias}.connection_id, 'externalId', ${alias}.external_id,
    'externalIds', ${alias}.external_ids, 'name', ${alias}.name, 'code', ${alias}.code, 'parentId', ${alias}.parent_id,
    'order', ${alias}.sort_order, 'path', ${alias}.path,
    'pathIds', to_jsonb(${alias}.path_ids), 'leaderIds', ${leaderIds}, 'status', ${alias}.status,
    'createdAt', ${isoTime(`${alias}.created_at`)}, 'updatedAt', ${isoTime(`${alias}.updated_at`)},
    'disabledAt', ${isoTime(`${alias}.disabled_at`)})`;
}

/** SQL subquery: ids of the leaders of a stored department who are known. */
export function storedLeaders(alias: string): string {
  return `coalesce((select jsonb_agg(u.id order by l.position) from unnest(${alias}.leader_keys) with ordinality l(key, position)
    join users u on u.connection_id = ${alias}.connection_id and u.external_key = l.key), '[]')`;
}

/** SQL expression: the entries of the object `json` whose keys are in the list `fields`. */
export function onlyFields(json: string, fields: string): string {
  return `(select jsonb_object_agg(f, ${json}->f) from unnest(${fields}) f)`;
}
