import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor, type Caller } from '@trainbridge/access';
import { decodeCursor, listAnswer, notFound, ProblemError, type ListAnswer } from '@trainbridge/http-api';
import { rows } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { audienceOf, connectionsReached } from '../audience/audience.js';
import { holdFeedPosition } from '../audience/feed-position.js';
import { Courses } from '../courses/courses.js';
import { EnrollmentRecord } from '../enrollments/enrollment-record.js';
import { OPEN_SQL } from '../enrollments/enrollment-status.js';
import { TodoOutbox } from '../todos/todo-outbox.js';
import type {
  AssignmentDto,
  AssignmentsQuery,
  CreateAssignmentBody,
  UpdateAssignmentBody,
} from './assignment.dto.js';
import { AssignmentMaker, type NewAssignment } from './assignment-maker.js';
import { SELECT_ASSIGNMENTS, toAssignment, type AssignmentRow } from './assignment-row.js';
import { withinSight } from './within-sight.js';

/** `$1`: connections the caller may see, null for all; `$2`: the calling client. */
const VISIBLE = `($1::text[] is null or a.connection_ids && $1 or a.client_id = $2)`;

/**
 * What is to be learned, by whom. Who may see people of a connection may see what is for them, whoever made it: an OA system
 * assigns, the learning system carries out.
 */
@Injectable()
export class Assignments {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
    private readonly courses: Courses,
    private readonly maker: AssignmentMaker,
    private readonly enrollments: EnrollmentRecord,
    private readonly todos: TodoOutbox,
  ) {}

  /**
   * Makes an assignment and enrolls its audience, or finds the one that its source has already.
   * @throws {ProblemError} 400 naming what is unknown, 409 `id_conflict` when the source has another one.
   */
  async create(
    body: CreateAssignmentBody,
    caller: Caller,
  ): Promise<{ isNew: boolean; assignment: AssignmentDto }> {
    const { actor } = caller;
    const requestHash = hashOf(body);
    const answer = await this.dataSource.transaction(async (manager) => {
      const known = await this.bySource(manager, body.source, actor);
      if (known) return { isNew: false, assignment: sameOrConflict(known, requestHash) };
      const wanted = await this.check(manager, body, actor, requestHash);
      const [id] = await this.maker.make(manager, [wanted]);
      if (id == null) {
        // Somebody else was quicker with the same source, and has committed by now.
        const other = await this.bySource(manager, body.source, actor);
        if (!other) throw new ProblemError('conflict');
        return { isNew: false, assignment: sameOrConflict(other, requestHash) };
      }
      const assignment = toAssignment(await this.row(manager, id, actor));
      const { connectionIds } = assignment;
      await this.audit.record(manager, {
        ...caller,
        action: 'assignment.created',
        subject: { type: 'assignment', id },
        connectionId: connectionIds.length === 1 ? connectionIds[0] : null,
        after: brief(assignment),
      });
      return { isNew: true, assignment };
    });
    if (answer.isNew) await this.todos.wake(answer.assignment.connectionIds);
    return answer;
  }

  /** Newest first. */
  async list(
    { limit, cursor, ...filters }: AssignmentsQuery,
    actor: Actor,
  ): Promise<ListAnswer<AssignmentDto>> {
    const scope = { list: 'assignments', filters };
    const [before = null] = decodeCursor(scope, cursor) ?? [];
    const found = await rows<AssignmentRow>(
      this.dataSource,
      `${SELECT_ASSIGNMENTS}
       where ${VISIBLE} and ($3::text is null or a.id < $3) and ($4::text is null or a.connection_ids @> array[$4])
         and ($5::text is null or a.course_id = $5) and ($6::text is null or a.status = $6)
         and ($7::text is null or a.rule_id = $7) and ($8::text is null or a.source_kind = $8)
         and ($9::text is null or a.source_external_id = $9)
       order by a.id desc limit $10`,
      [
        actor.connectionIds,
        actor.clientId,
        before,
        filters.connectionId ?? null,
        filters.courseId ?? null,
        filters.status ?? null,
        filters.ruleId ?? null,
        filters.sourceKind ?? null,
        filters.sourceExternalId ?? null,
        limit + 1,
      ],
    );
    const shown = await withinSight(this.dataSource, found, actor);
    return listAnswer(scope, shown, limit, ({ id }) => [id], toAssignment);
  }

  /** @throws {ProblemError} 404 */
  async require(id: string, actor: Actor): Promise<AssignmentDto> {
    const { manager } = this.dataSource;
    const [shown] = await withinSight(manager, [await this.row(manager, id, actor)], actor);
    return toAssignment(shown!);
  }

  /** @throws {ProblemError} 404, 403 when it is also for people the caller may not see, 409 for one that is withdrawn. */
  async update(id: string, body: UpdateAssignmentBody, caller: Caller): Promise<AssignmentDto> {
    const updated = await this.dataSource.transaction(async (manager) => {
      // Who joins the audience at this moment is enrolled before, and changed below, or afterwards as it says by then.
      if (body.status === 'withdrawn' || body.dueAt !== undefined) await holdFeedPosition(manager);
      const before = await this.row(manager, id, caller.actor, 'for update of a');
      assertReach(before, caller.actor);
      if (before.status === 'withdrawn' && body.status !== 'withdrawn') throw alreadyWithdrawn();
      await manager.query(
        `update assignments set title = $2, url = $3, due_at = $4, is_mandatory = $5, status = $6, updated_at = now()
         where id = $1`,
        [
          id,
          body.title === undefined ? before.title : body.title,
          body.url === undefined ? before.url : body.url,
          body.dueAt === undefined ? before.due_at : body.dueAt,
          body.isMandatory ?? before.is_mandatory,
          body.status ?? before.status,
        ],
      );
      if (body.status === 'withdrawn' && before.status === 'active') await this.withdraw(manager, id);
      else if (body.dueAt !== undefined) await this.moveDueDate(manager, id);
      const after = toAssignment(await this.row(manager, id, caller.actor));
      const shown = toAssignment(before);
      if (shown.title !== after.title || shown.url !== after.url || shown.isMandatory !== after.isMandatory) {
        await this.todos.wantAssignments(manager, [id]);
      }
      await this.audit.record(manager, {
        ...caller,
        action: 'assignment.updated',
        subject: { type: 'assignment', id },
        connectionId: after.connectionIds.length === 1 ? after.connectionIds[0] : null,
        before: brief(shown),
        after: brief(after),
      });
      return after;
    });
    await this.todos.wake(updated.connectionIds);
    return updated;
  }

  /** Whoever has not finished; what is finished stays on the record. */
  private async withdraw(manager: EntityManager, id: string): Promise<void> {
    await this.change(manager, id, `status = 'withdrawn', left_audience = false`);
  }

  private async moveDueDate(manager: EntityManager, id: string): Promise<void> {
    await this.change(manager, id, `due_at = (select due_at from assignments where id = $1)`);
  }

  private async change(manager: EntityManager, id: string, set: string): Promise<void> {
    const changed = await rows<{ id: string }>(
      manager,
      `with held as (
         select id from enrollments where assignment_id = $1 and status in ${OPEN_SQL} order by id for update)
       update enrollments e set ${set}, updated_at = now() from held h where e.id = h.id returning e.id`,
      [id],
    );
    await this.enrollments.announce(
      manager,
      'enrollment.updated',
      changed.map((row) => row.id),
    );
  }

  private async check(
    manager: EntityManager,
    body: CreateAssignmentBody,
    actor: Actor,
    requestHash: string,
  ): Promise<NewAssignment> {
    const connectionIds = await connectionsReached(manager, body.audience, actor);
    const who = { clientId: actor.clientId, connectionIds: actor.connectionIds };
    const course =
      body.title == null
        ? await this.courses.require(manager, body.courseId, who, '/courseId')
        : await this.courses.find(manager, body.courseId, who);
    return {
      clientId: actor.clientId,
      ruleId: null,
      sourceKind: body.source?.kind ?? 'api',
      sourceExternalId: body.source?.externalId ?? null,
      courseId: body.courseId,
      courseClientId: course?.clientId ?? null,
      audience: audienceOf(body.audience),
      connectionIds,
      title: body.title ?? null,
      url: body.url ?? null,
      dueAt: body.dueAt ?? null,
      isMandatory: body.isMandatory ?? false,
      requestHash,
    };
  }

  private async bySource(
    manager: EntityManager,
    source: CreateAssignmentBody['source'],
    actor: Actor,
  ): Promise<AssignmentRow | null> {
    if (!source) return null;
    const [found] = await rows<AssignmentRow>(
      manager,
      `${SELECT_ASSIGNMENTS} where a.rule_id is null and a.client_id is not distinct from $1 and a.source_kind = $2
         and a.source_external_id = $3`,
      [actor.clientId, source.kind, source.externalId],
    );
    return found ?? null;
  }

  private async row(
    manager: EntityManager,
    id: string,
    actor: Actor,
    lock: '' | 'for update of a' = '',
  ): Promise<AssignmentRow> {
    const [row] = await rows<AssignmentRow>(
      manager,
      `${SELECT_ASSIGNMENTS} where ${VISIBLE} and a.id = $3 ${lock}`,
      [actor.connectionIds, actor.clientId, id],
    );
    if (!row) throw notFound('assignment', id);
    return row;
  }
}

/** Of what was asked for, whatever order it came in and whatever it was left to say. */
function hashOf(body: CreateAssignmentBody): string {
  const { courseId, title, url, dueAt, isMandatory } = body;
  const content = [
    courseId,
    audienceOf(body.audience),
    title ?? null,
    url ?? null,
    dueAt == null ? null : new Date(dueAt).toISOString(),
    isMandatory ?? false,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

function sameOrConflict(row: AssignmentRow, requestHash: string): AssignmentDto {
  if (row.request_hash === requestHash) return toAssignment(row);
  throw new ProblemError('id_conflict', {
    detail: {
      en: `Assignment ${row.id} was made for this source with other content. Change it with PATCH, or use another source.`,
      'zh-CN': `该来源（source）已有内容不同的指派 ${row.id}。请用 PATCH 修改，或使用其他来源。`,
    },
    extensions: { assignmentId: row.id },
  });
}

function assertReach(row: AssignmentRow, { connectionIds }: Actor): void {
  if (connectionIds === null || row.connection_ids.every((id) => connectionIds.includes(id))) return;
  throw new ProblemError('forbidden', {
    detail: {
      en: 'It is also for people of connections this client may not use.',
      'zh-CN': '该指派还包含此客户端无权使用的连接中的人员。',
    },
  });
}

function alreadyWithdrawn(): ProblemError {
  return new ProblemError('conflict', {
    detail: {
      en: 'A withdrawn assignment cannot be changed. Make a new one.',
      'zh-CN': '已撤回的指派不能修改，请新建指派。',
    },
  });
}

/** For the audit record: an audience by its size, not by ten thousand names. */
function brief({ audience, ...assignment }: AssignmentDto): object {
  const { userIds, customerIds, ...rest } = audience;
  return { ...assignment, audience: { ...rest, users: userIds.length, customers: customerIds.length } };
}
