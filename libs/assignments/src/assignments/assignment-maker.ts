import { Injectable } from '@nestjs/common';
import { newId, OutgoingEvents, rows } from '@trainbridge/persistence';
import type { EntityManager } from 'typeorm';
import { membersOf, type Audience } from '../audience/audience.js';
import { holdFeedPosition } from '../audience/feed-position.js';
import { EnrollmentRecord } from '../enrollments/enrollment-record.js';
import { SELECT_ASSIGNMENTS, toAssignment, type AssignmentRow } from './assignment-row.js';
import { byConnection } from './within-sight.js';

/** An assignment to be made; everything in it has been checked. */
export interface NewAssignment {
  clientId: string | null;
  ruleId: string | null;
  sourceKind: string;
  /** Null: its own id. */
  sourceExternalId: string | null;
  courseId: string;
  /** Whose catalogue the course stands in. */
  courseClientId: string | null;
  audience: Audience;
  connectionIds: string[];
  title: string | null;
  url: string | null;
  /** ISO 8601. */
  dueAt: string | null;
  isMandatory: boolean;
  requestHash: string;
}

/** Makes assignments, whoever asks for them: a client or a rule. */
@Injectable()
export class AssignmentMaker {
  constructor(
    private readonly outgoing: OutgoingEvents,
    private readonly enrollments: EnrollmentRecord,
  ) {}

  /**
   * Makes those whose source has none yet, enrolls their audiences and tells everybody, in the manager's transaction: one
   * statement for the assignments, one for the enrollments, and a few for every two thousand people.
   *
   * @returns ids in the order of `wanted`; null where the source had one already
   */
  async make(manager: EntityManager, wanted: readonly NewAssignment[]): Promise<(string | null)[]> {
    if (wanted.length === 0) return [];
    if (wanted.some(({ audience }) => audience.live)) await holdFeedPosition(manager);
    const records = wanted.map((one) => {
      const id = newId('asg');
      return { ...one, ...one.audience, id, sourceExternalId: one.sourceExternalId ?? id };
    });
    const made = await rows<{ id: string }>(manager, INSERT, [JSON.stringify(records)]);
    const ids = made.map(({ id }) => id);
    if (ids.length > 0) {
      await this.announce(manager, ids);
      const enrolled = await rows<{ id: string }>(manager, ENROLL, [ids]);
      await this.enrollments.announce(
        manager,
        'enrollment.created',
        enrolled.map(({ id }) => id),
      );
    }
    const known = new Set(ids);
    return records.map(({ id }) => (known.has(id) ? id : null));
  }

  /** Once for each connection it reaches: receivers limited to some of them are told, and of theirs only. */
  private async announce(manager: EntityManager, ids: readonly string[]): Promise<void> {
    const made = await rows<AssignmentRow>(
      manager,
      `${SELECT_ASSIGNMENTS} where a.id = any($1) order by a.id`,
      [ids],
    );
    await this.outgoing.publish(
      manager,
      (await byConnection(manager, made)).map(({ connectionId, row }) => ({
        type: 'assignment.created',
        clientId: row.client_id,
        connectionId,
        subjectId: row.id,
        data: { ...toAssignment(row) },
      })),
    );
  }
}

const INSERT = `
  insert into assignments (id, client_id, rule_id, source_kind, source_external_id, course_id, course_client_id, user_ids,
    customer_ids, departments, tags, live, connection_ids, title, url, due_at, is_mandatory, request_hash)
  select id, "clientId", "ruleId", "sourceKind", "sourceExternalId", "courseId", "courseClientId", "userIds",
    "customerIds", departments, tags, live, "connectionIds", title, url, "dueAt", "isMandatory", "requestHash"
  from jsonb_to_recordset($1::jsonb) as n(id text, "clientId" text, "ruleId" text, "sourceKind" text,
    "sourceExternalId" text, "courseId" text, "courseClientId" text, "userIds" text[], "customerIds" text[],
    departments jsonb, tags text[], live boolean, "connectionIds" text[], title text, url text, "dueAt" timestamptz,
    "isMandatory" boolean, "requestHash" text)
  on conflict do nothing returning id`;

const ENROLL = `
  with asked as (select * from assignments where id = any($1))
  insert into enrollments (id, assignment_id, connection_id, user_id, customer_id, course_id, due_at)
  select tb_id('enr'), m.assignment_id, m.connection_id, m.user_id, m.customer_id, a.course_id, a.due_at
  from (${membersOf('asked')}) m join asked a on a.id = m.assignment_id
  on conflict (assignment_id, learner_id) do nothing returning id`;
