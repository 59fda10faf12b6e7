import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OutgoingEvents, rows, type OutgoingEvent } from '@trainbridge/persistence';
import type { EntityManager } from 'typeorm';
import { EnrollmentRecord } from './enrollment-record.js';
import { rankSql, RANKS, STATUS_OF_EVENT } from './enrollment-status.js';

/** What one learning event says about somebody's enrollments. */
interface Said {
  learner: string;
  clientId: string | null;
  courseId: string | null;
  courseCode: string | null;
  enrollmentId: string | null;
  rank: number;
  at: string;
}

/**
 * Moves enrollments as learning events say, in the transaction that accepts the events (or finds the learner of held ones):
 * whoever was told that an event is accepted finds the enrollment moved.
 */
@Injectable()
export class LearningProgress implements OnModuleInit {
  constructor(
    private readonly outgoing: OutgoingEvents,
    private readonly enrollments: EnrollmentRecord,
  ) {}

  onModuleInit(): void {
    this.outgoing.onPublished((manager, events) => this.apply(manager, events));
    this.outgoing.onSubjectKnown((manager, events) => this.apply(manager, events));
  }

  /** One statement, however many events; nothing at all when none is about a course and a known learner. */
  private async apply(manager: EntityManager, events: readonly OutgoingEvent[]): Promise<void> {
    const said = events.flatMap(saidBy);
    if (said.length === 0) return;
    const moved = await rows<{ id: string }>(manager, APPLY, [JSON.stringify(said)]);
    await this.enrollments.announce(
      manager,
      'enrollment.updated',
      moved.map(({ id }) => id),
    );
  }
}

function saidBy({ type, subjectId, clientId, data, occurredAt }: OutgoingEvent): Said[] {
  const status = STATUS_OF_EVENT[type];
  if (status === undefined || subjectId === null) return [];
  const course = (typeof data.course === 'object' ? data.course : null) as {
    id?: unknown;
    code?: unknown;
  } | null;
  const said: Said = {
    learner: subjectId,
    clientId,
    courseId: textOf(course?.id),
    courseCode: textOf(course?.code),
    enrollmentId: textOf(data.enrollmentId),
    rank: RANKS[status]!,
    at: occurredAt,
  };
  return said.courseId === null && said.courseCode === null && said.enrollmentId === null ? [] : [said];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/**
 * An event names its enrollment, or means all of its learner's in its course: by the id the assignment uses, or by the code of
 * either. Two learning systems may use one id for different courses: a client that has a course of this id in its own
 * catalogue does not speak of another's. Rows are locked in one order, so that batches side by side cannot block each other
 * for good; what is written stands above what the row says by then.
 */
const APPLY = `
  with said as materialized (
    select * from jsonb_to_recordset($1::jsonb) as s(learner text, "clientId" text, "courseId" text, "courseCode" text,
      "enrollmentId" text, rank int, at timestamptz)
  ), meant as (
    select e.id, s.rank, s.at from said s
    join enrollments e on e.learner_id = s.learner
    join assignments a on a.id = e.assignment_id
    where case when s."enrollmentId" is not null then e.id = s."enrollmentId" else
      (e.course_id in (s."courseId", s."courseCode") or exists (
        select from courses c where c.id = e.course_id and c.client_id is not distinct from a.course_client_id
          and c.code in (s."courseId", s."courseCode")))
      and (a.course_client_id is null or s."clientId" is null or a.course_client_id = s."clientId" or not exists (
        select from courses o where o.client_id = s."clientId" and o.id = s."courseId"))
    end
  ), best as (
    select id, max(rank) as rank, min(at) as first_at, min(at) filter (where rank >= ${RANKS.completed}) as done_at
    from meant group by id
  ), held as (
    select e.id from enrollments e where e.id in (select id from best) order by e.id for update
  )
  update enrollments e set
    status = case b.rank when 1 then 'in_progress' when 2 then 'failed' when 3 then 'completed' else 'passed' end,
    started_at = least(e.started_at, b.first_at),
    completed_at = least(e.completed_at, b.done_at),
    updated_at = now()
  from best b join held h on h.id = b.id
  where e.id = b.id and b.rank > ${rankSql('e.status')}
  returning e.id`;
