import type { JsonObject, JsonValue, UserField } from '@trainbridge/connector-kit';
import type { DataSource } from 'typeorm';
import { departmentJson, storedLeaders, storedMemberships, userJson } from '../sync/apply/record-json.js';
import { EFFECTIVE_DEPARTMENT } from '../sync/plan/plan-departments.js';
import { EFFECTIVE_USER, MANAGER_KEY, withheldFields } from '../sync/plan/plan-users.js';
import { rows, type Sql } from '../sync/sql.js';
import { USER_COLUMNS } from '../sync/stage/fields.js';
import type { RunRow } from './run-record.js';
import type { PlanLineDto } from './run.dto.js';

interface PlanRow {
  line: number;
  kind: 'user' | 'department';
  action: string;
  external_id: string;
  subject_id: string;
  reason: string | null;
  moved: boolean;
  applied: boolean;
  changed: string[] | null;
  name: string | null;
  before: JsonObject | null;
  after: JsonObject | null;
}

/** Ids and times say nothing about what a plan does to somebody. */
const BOOKKEEPING = [
  'id',
  'personId',
  'connectionId',
  'createdAt',
  'updatedAt',
  'pathIds',
  'disabledAt',
  'disabledReason',
];
const CONTACT_FIELDS = ['mobile', 'workEmail'];

export interface PlanPage {
  afterLine: number;
  limit: number;
  kind?: 'user' | 'department';
  action?: string;
  /** Whether mobile numbers and addresses may be shown. */
  showContact: boolean;
}

/**
 * Lines of a run's plan with the values before and after: from the feed for what was applied, from staging and the
 * records for what is only planned.
 */
export async function readPlan(dataSource: DataSource, run: RunRow, page: PlanPage): Promise<PlanLineDto[]> {
  const found = await rows<PlanRow>(
    dataSource,
    `${planLines(run)}
     and l.line > $2 and ($3::text is null or l.kind = $3) and ($4::text is null or l.action = $4)
     order by l.line limit $5`,
    [run.id, page.afterLine, page.kind ?? null, page.action ?? null, page.limit],
  );
  return found.map((row) => ({
    line: row.line,
    kind: row.kind,
    action: row.action,
    externalId: row.external_id,
    subjectId: row.subject_id,
    name: row.name,
    reason: row.reason,
    moved: row.moved,
    applied: row.applied,
    changes: changesOf(row, page.showContact),
  }));
}

/** Keeps the values of a plan that will never be applied, before its staging goes. */
export async function freezePlan(manager: Sql, run: RunRow): Promise<void> {
  await manager.query(
    `update plan_lines p set details = jsonb_build_object('name', v.name, 'before', v.before, 'after', v.after)
     from (${planLines(run)}) v where p.run_id = $1 and p.line = v.line`,
    [run.id],
  );
}

function changesOf(
  { action, changed, before, after }: PlanRow,
  showContact: boolean,
): PlanLineDto['changes'] {
  const fields =
    action === 'create'
      ? Object.keys(after ?? {}).filter((field) => !BOOKKEEPING.includes(field) && !isEmpty(after![field]))
      : (changed ?? []);
  const shown = (record: JsonObject | null, field: string): JsonValue =>
    !showContact && CONTACT_FIELDS.includes(field) ? null : (record?.[field] ?? null);
  return fields.map((field) => ({ field, before: shown(before, field), after: shown(after, field) }));
}

function isEmpty(value: JsonValue | undefined): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

/** Ends inside its `where`: conditions may follow. $1: the run. */
function planLines(run: RunRow): string {
  return `
  select l.line, l.kind, l.action, l.external_id, l.subject_id, l.reason, l.moved, l.changed,
    l.line <= r.applied_line as applied,
    coalesce(l.details->>'name', s.content->>'displayName', u.display_name, sd.content->>'name', d.name) as name,
    coalesce(l.details->'before', c.before,
      case when u.id is not null then ${userJson('u', storedMemberships('u.id'))}
           when d.id is not null then ${departmentJson('d', storedLeaders('d'))} end) as before,
    coalesce(l.details->'after', c.after, case when l.action = 'disable' and l.staged_hash is null then '{"status": "disabled"}'
      when s.run_id is not null then ${stagedUser(run.settings.declaredFields ?? [])}
      when sd.run_id is not null then ${STAGED_DEPARTMENT} end) as after
  from plan_lines l
  join runs r on r.id = l.run_id
  left join lateral (
    select before, after from directory_changes f
    where f.subject_id = l.subject_id and f.cause->>'runId' = l.run_id limit 1
  ) c on l.line <= r.applied_line
  left join users u on l.kind = 'user' and u.id = l.subject_id
  left join staged_users s on l.kind = 'user' and s.run_id = l.run_id and s.external_key = l.external_key
    and not s.id_only and s.gone is null
  left join departments d on l.kind = 'department' and d.id = l.subject_id
  left join staged_departments sd on l.kind = 'department' and sd.run_id = l.run_id and sd.external_id = l.external_key
    and not sd.id_only and sd.gone is null
  where l.run_id = $1 and l.action <> 'refresh'`;
}

/** A staged person as the API would show them; what is created together has its ids already. */
function stagedUser(declared: readonly UserField[]): string {
  const columns = USER_COLUMNS.filter(({ field }) => field !== 'managerExternalId')
    .map(({ field, column }) => `'${field}', ${EFFECTIVE_USER[column]}`)
    .join(', ');
  return `jsonb_build_object('externalId', s.external_id, ${columns},
    'status', ${EFFECTIVE_USER.status}, 'customFields', ${EFFECTIVE_USER.custom_fields}, 'externalIds', ${EFFECTIVE_USER.external_ids},
    'withheldFields', to_jsonb(${withheldFields(declared)}),
    'managerId', (select coalesce(mu.id, ms.new_id) from (select ${MANAGER_KEY} as key) k
      left join users mu on mu.connection_id = r.connection_id and mu.external_key = k.key
      left join staged_users ms on ms.run_id = l.run_id and ms.external_key = k.key and not ms.id_only and ms.gone is null),
    'memberships', (select coalesce(jsonb_agg(jsonb_build_object('departmentId', coalesce(md.id, ns.new_id),
        'isPrimary', coalesce(m.value->'isPrimary', 'false'), 'isLeader', coalesce(m.value->'isLeader', 'false'),
        'order', m.value->'order')), '[]')
      from jsonb_each(s.memberships) m
      left join departments md on md.connection_id = r.connection_id and md.external_id = m.key
      left join staged_departments ns on ns.run_id = l.run_id and ns.external_id = m.key and not ns.id_only and ns.gone is null
      where coalesce(md.id, ns.new_id) is not null))`;
}

/** EFFECTIVE_DEPARTMENT speaks of the staged department as s; here that is the person. */
const effective = (column: keyof typeof EFFECTIVE_DEPARTMENT) =>
  EFFECTIVE_DEPARTMENT[column].replaceAll('s.content', 'sd.content');

const STAGED_DEPARTMENT = `jsonb_build_object('externalId', sd.external_id, 'name', ${effective('name')}, 'code', ${effective('code')},
    'order', ${effective('sort_order')}, 'externalIds', ${effective('external_ids')}, 'status', 'active',
    'parentId', (select coalesce(p.id, ps.new_id) from (select sd.parent_external_id as id) k
      left join departments p on p.connection_id = r.connection_id and p.external_id = k.id
      left join staged_departments ps on ps.run_id = l.run_id and ps.external_id = k.id and not ps.id_only),
    'leaderIds', (select coalesce(jsonb_agg(coalesce(lu.id, ls.new_id)), '[]') from unnest(${effective('leader_keys')}) key
      left join users lu on lu.connection_id = r.connection_id and lu.external_key = key
      left join staged_users ls on ls.run_id = l.run_id and ls.external_key = key and not ls.id_only
      where coalesce(lu.id, ls.new_id) is not null))`;
