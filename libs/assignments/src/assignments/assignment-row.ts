import type { AudienceDepartmentDto } from '../audience/audience.dto.js';
import type { AssignmentDto, AssignmentStatus } from './assignment.dto.js';

/** A row of `assignments` with the title and address of its course beside its own. */
export interface AssignmentRow {
  id: string;
  client_id: string | null;
  rule_id: string | null;
  source_kind: string;
  source_external_id: string;
  course_id: string;
  course_client_id: string | null;
  user_ids: string[];
  customer_ids: string[];
  departments: AudienceDepartmentDto[];
  tags: string[];
  live: boolean;
  connection_ids: string[];
  title: string | null;
  url: string | null;
  due_at: Date | null;
  is_mandatory: boolean;
  status: AssignmentStatus;
  request_hash: string;
  created_at: Date;
  updated_at: Date;
  shown_title: string;
  shown_url: string | null;
}

/** SQL: the catalogue entry of an assignment `a`, as `c`. */
export const JOIN_COURSE = `left join courses c on c.id = a.course_id and c.client_id is not distinct from a.course_client_id`;
/** SQL: what people see; needs `a` and `c`. */
export const SHOWN_TITLE = `coalesce(a.title, c.title, a.course_id)`;
export const SHOWN_URL = `coalesce(a.url, c.url)`;

/** SQL: rows as AssignmentRow; conditions follow. */
export const SELECT_ASSIGNMENTS = `
  select a.*, ${SHOWN_TITLE} as shown_title, ${SHOWN_URL} as shown_url from assignments a ${JOIN_COURSE}`;

/** The assignment as the API and webhooks show it. */
export function toAssignment(row: AssignmentRow): AssignmentDto {
  const made = { kind: row.source_kind, externalId: row.source_external_id };
  return {
    id: row.id,
    source: row.rule_id === null ? { clientId: row.client_id, ...made } : { ruleId: row.rule_id, ...made },
    courseId: row.course_id,
    audience: {
      userIds: row.user_ids,
      customerIds: row.customer_ids,
      departments: row.departments.map(({ id, includeDescendants = true }) => ({ id, includeDescendants })),
      tags: row.tags,
      live: row.live,
    },
    title: row.shown_title,
    url: row.shown_url,
    dueAt: row.due_at?.toISOString() ?? null,
    isMandatory: row.is_mandatory,
    status: row.status,
    connectionIds: row.connection_ids,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
