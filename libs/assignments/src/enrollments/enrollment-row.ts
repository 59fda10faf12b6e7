import type { JsonObject } from '@trainbridge/connector-kit';
import type { EnrollmentDto, EnrollmentEventDto, TodoStatus } from './enrollment.dto.js';
import type { EnrollmentStatus } from './enrollment-status.js';

/** A row of `enrollments` with its to-do, if it has one. */
export interface EnrollmentRow {
  id: string;
  assignment_id: string;
  connection_id: string;
  user_id: string | null;
  customer_id: string | null;
  course_id: string;
  status: EnrollmentStatus;
  due_at: Date | null;
  started_at: Date | null;
  completed_at: Date | null;
  created_at: Date;
  updated_at: Date;
  todo_status: TodoStatus | null;
  todo_ref: string | null;
  todo_error: JsonObject | null;
}

/** SQL: rows as EnrollmentRow; conditions follow. */
export const SELECT_ENROLLMENTS = `
  select e.*, t.status as todo_status, t.external_ref as todo_ref,
    coalesce(t.error, jsonb_build_object('code', 'skipped', 'message', t.reason -> 'en', 'advice', t.reason)) as todo_error
  from enrollments e left join todos t on t.enrollment_id = e.id`;

/** The enrollment as the API shows it. */
export function toEnrollment(row: EnrollmentRow): EnrollmentDto {
  return { ...toEnrollmentEvent(row), todo: todoOf(row) };
}

/** The enrollment as webhooks tell it. */
export function toEnrollmentEvent(row: EnrollmentRow): EnrollmentEventDto {
  return {
    id: row.id,
    assignmentId: row.assignment_id,
    connectionId: row.connection_id,
    userId: row.user_id,
    customerId: row.customer_id,
    courseId: row.course_id,
    status: row.status,
    dueAt: row.due_at?.toISOString() ?? null,
    startedAt: row.started_at?.toISOString() ?? null,
    completedAt: row.completed_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function todoOf({ todo_status, todo_ref, todo_error }: EnrollmentRow): EnrollmentDto['todo'] {
  if (todo_status === null) return null;
  const told = todo_status === 'failed' || todo_status === 'skipped' || todo_status === 'pending';
  const error = told && typeof todo_error?.message === 'string' ? todo_error : null;
  return { status: todo_status, externalRef: todo_ref, ...(error && { error }) };
}
