import { Injectable } from '@nestjs/common';
import { OutgoingEvents, rows } from '@trainbridge/persistence';
import type { EntityManager } from 'typeorm';
import { TodoOutbox } from '../todos/todo-outbox.js';
import { SELECT_ENROLLMENTS, toEnrollmentEvent, type EnrollmentRow } from './enrollment-row.js';

/** Enrollments per statement: what one has to hold in memory, however large an audience is. */
const PAGE = 2_000;

/** What follows from every change of enrollments, in the transaction of the change: others are told, to-dos are due. */
@Injectable()
export class EnrollmentRecord {
  constructor(
    private readonly outgoing: OutgoingEvents,
    private readonly todos: TodoOutbox,
  ) {}

  async announce(
    manager: EntityManager,
    type: 'enrollment.created' | 'enrollment.updated',
    ids: readonly string[],
  ): Promise<void> {
    // In one order, so that two transactions never wait for each other's rows crosswise.
    const ordered = [...ids].sort();
    for (let start = 0; start < ordered.length; start += PAGE) {
      const page = ordered.slice(start, start + PAGE);
      const changed = await rows<EnrollmentRow>(
        manager,
        `${SELECT_ENROLLMENTS} where e.id = any($1) order by e.id`,
        [page],
      );
      await this.outgoing.publish(
        manager,
        changed.map((row) => ({
          type,
          connectionId: row.connection_id,
          subjectId: row.id,
          data: { ...toEnrollmentEvent(row) },
        })),
      );
      await this.todos.want(manager, page);
    }
  }
}
