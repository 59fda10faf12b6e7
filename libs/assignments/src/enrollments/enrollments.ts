import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor, type Caller } from '@trainbridge/access';
import { decodeCursor, listAnswer, notFound, ProblemError, type ListAnswer } from '@trainbridge/http-api';
import { rows } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { TodoOutbox } from '../todos/todo-outbox.js';
import { EnrollmentRecord } from './enrollment-record.js';
import { SELECT_ENROLLMENTS, toEnrollment, type EnrollmentRow } from './enrollment-row.js';
import { mayMove, OPEN_STATUSES, RANKS, type EnrollmentStatus } from './enrollment-status.js';
import type { EnrollmentDto, EnrollmentsQuery, UpdateEnrollmentBody } from './enrollment.dto.js';

/** People's parts of assignments: everybody who may see the person's connection sees them. */
@Injectable()
export class Enrollments {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
    private readonly record: EnrollmentRecord,
    private readonly todos: TodoOutbox,
  ) {}

  /** Newest first. */
  async list(
    { limit, cursor, ...filters }: EnrollmentsQuery,
    actor: Actor,
  ): Promise<ListAnswer<EnrollmentDto>> {
    const scope = { list: 'enrollments', filters };
    const [before = null] = decodeCursor(scope, cursor) ?? [];
    const values: unknown[] = [actor.connectionIds, before, limit + 1];
    const conditions = Object.entries(FILTERS).flatMap(([name, column]) => {
      const value = filters[name as keyof typeof filters];
      return value === undefined ? [] : [`${column} = $${values.push(value)}`];
    });
    const found = await rows<EnrollmentRow>(
      this.dataSource,
      `${SELECT_ENROLLMENTS}
       where ${['($1::text[] is null or e.connection_id = any($1))', '($2::text is null or e.id < $2)', ...conditions].join(' and ')}
       order by e.id desc limit $3`,
      values,
    );
    return listAnswer(scope, found, limit, ({ id }) => [id], toEnrollment);
  }

  /** @throws {ProblemError} 404, also for people of connections the caller may not see. */
  async require(id: string, actor: Actor): Promise<EnrollmentDto> {
    return toEnrollment(await this.row(this.dataSource.manager, id, actor));
  }

  /** @throws {ProblemError} 404, 409 for a status it cannot get to. */
  async update(id: string, body: UpdateEnrollmentBody, caller: Caller): Promise<EnrollmentDto> {
    const { after, changed } = await this.dataSource.transaction(async (manager) => {
      const before = await this.row(manager, id, caller.actor, 'for update of e');
      const status = body.status ?? before.status;
      const dueAt =
        body.dueAt === undefined ? before.due_at : body.dueAt === null ? null : new Date(body.dueAt);
      const same = status === before.status && dueAt?.getTime() === before.due_at?.getTime();
      if (same) return { after: toEnrollment(before), changed: false };
      if (status !== before.status && !mayMove(before.status, status))
        throw cannotMove(before.status, status);
      if (before.status !== status && OPEN_STATUSES.includes(status))
        await this.assertActive(manager, before);
      await manager.query(
        `update enrollments set status = $2, due_at = $3, left_audience = false, updated_at = now(),
           started_at = case when $4 then coalesce(started_at, now()) else started_at end,
           completed_at = case when $5 then coalesce(completed_at, now()) else completed_at end
         where id = $1`,
        [id, status, dueAt, (RANKS[status] ?? 0) >= 1, (RANKS[status] ?? 0) >= RANKS.completed!],
      );
      await this.record.announce(manager, 'enrollment.updated', [id]);
      const updated = toEnrollment(await this.row(manager, id, caller.actor));
      await this.audit.record(manager, {
        ...caller,
        action: 'enrollment.updated',
        subject: { type: 'enrollment', id },
        connectionId: before.connection_id,
        before: toEnrollment(before),
        after: updated,
      });
      return { after: updated, changed: true };
    });
    if (changed) await this.todos.wake([after.connectionId]);
    return after;
  }

  /** Tries a to-do again that was given up. @throws {ProblemError} 404, 409 when there is nothing to try. */
  async retryTodo(id: string, caller: Caller): Promise<EnrollmentDto> {
    const after = await this.dataSource.transaction(async (manager) => {
      const before = await this.row(manager, id, caller.actor, 'for update of e');
      if (before.todo_status !== 'failed' && before.todo_status !== 'skipped') throw nothingToRetry();
      await this.todos.retry(manager, id);
      await this.audit.record(manager, {
        ...caller,
        action: 'todo.retried',
        subject: { type: 'enrollment', id },
        connectionId: before.connection_id,
      });
      return toEnrollment(await this.row(manager, id, caller.actor));
    });
    await this.todos.wake([after.connectionId]);
    return after;
  }

  /** Who was withdrawn with everybody else would have a to-do again of what nobody is to learn any more. */
  private async assertActive(manager: EntityManager, { assignment_id }: EnrollmentRow): Promise<void> {
    const withdrawn = await rows(
      manager,
      `select id from assignments where id = $1 and status = 'withdrawn'`,
      [assignment_id],
    );
    if (withdrawn.length > 0) throw assignmentWithdrawn();
  }

  private async row(
    manager: EntityManager,
    id: string,
    actor: Actor,
    lock: '' | 'for update of e' = '',
  ): Promise<EnrollmentRow> {
    const [row] = await rows<EnrollmentRow>(
      manager,
      `${SELECT_ENROLLMENTS} where e.id = $1 and ($2::text[] is null or e.connection_id = any($2)) ${lock}`,
      [id, actor.connectionIds],
    );
    if (!row) throw notFound('enrollment', id);
    return row;
  }
}

const FILTERS = {
  assignmentId: 'e.assignment_id',
  userId: 'e.user_id',
  customerId: 'e.customer_id',
  connectionId: 'e.connection_id',
  courseId: 'e.course_id',
  status: 'e.status',
  todoStatus: 't.status',
} as const;

function cannotMove(from: EnrollmentStatus, to: EnrollmentStatus): ProblemError {
  return new ProblemError('conflict', {
    detail: {
      en: `An enrollment that is ${from} cannot become ${to}: learning only goes forward, and what is finished stays so.`,
      'zh-CN': `状态为 ${from} 的学习任务不能变为 ${to}：学习状态只能前进，已完成的不可更改。`,
    },
  });
}

function assignmentWithdrawn(): ProblemError {
  return new ProblemError('conflict', {
    detail: {
      en: 'Its assignment is withdrawn. Make a new one.',
      'zh-CN': '所属指派已撤回，请新建指派。',
    },
  });
}

function nothingToRetry(): ProblemError {
  return new ProblemError('conflict', {
    detail: {
      en: 'Only a to-do that failed or was skipped can be tried again.',
      'zh-CN': '只有失败或已跳过的待办可以重试。',
    },
  });
}
