import { Injectable } from '@nestjs/common';
import { Connectors } from '@trainbridge/connections';
import { JobQueue } from '@trainbridge/jobs';
import { rows, type Sql } from '@trainbridge/persistence';
import { OPEN_SQL } from '../enrollments/enrollment-status.js';

export const TODOS_QUEUE = 'todos';

/** Long enough for most transactions to be committed; the sweep finds what came too early. */
const AFTER_COMMIT_MS = 250;

/** SQL: a row that is under way keeps its due time, which is the end of its lease; it is looked at again when it is back. */
const DUE_NOW = `due_at = case when t.batch_id is null then now() else t.due_at end, attempts = 0, wanted_no = t.wanted_no + 1`;

/**
 * What platforms have to be told of enrollments. One row for each to-do: it says that something is wanted, and the sender
 * finds out what from the enrollment as it is then. So however much happens at once, one call tells the end of it.
 */
@Injectable()
export class TodoOutbox {
  constructor(
    private readonly connectors: Connectors,
    private readonly jobs: JobQueue,
  ) {}

  /** These enrollments are new or have changed. In the transaction of the change; two statements. */
  async want(sql: Sql, enrollmentIds: readonly string[]): Promise<void> {
    const changed = await rows<{ connection_id: string }>(
      sql,
      `with held as (select enrollment_id from todos where enrollment_id = any($1) order by enrollment_id for update)
       update todos t set ${DUE_NOW} from held h where t.enrollment_id = h.enrollment_id returning t.connection_id`,
      [enrollmentIds],
    );
    const added = await this.add(sql, 'e.id = any($2)', [enrollmentIds]);
    await this.wake([...changed.map((row) => row.connection_id), ...added], AFTER_COMMIT_MS);
  }

  /** Enrollments that were there before a connection's to-dos were switched on; null: of every connection. */
  async wantAllOf(sql: Sql, connectionId: string | null): Promise<void> {
    await this.wake(await this.add(sql, '($2::text is null or e.connection_id = $2)', [connectionId]));
  }

  /** Titles, addresses or dates of these assignments have changed. */
  async wantAssignments(sql: Sql, assignmentIds: readonly string[]): Promise<void> {
    const changed = await rows<{ connection_id: string }>(
      sql,
      `with held as (
         select t.enrollment_id from todos t join enrollments e on e.id = t.enrollment_id
         where e.assignment_id = any($1) and e.status in ${OPEN_SQL} order by t.enrollment_id for update of t)
       update todos t set ${DUE_NOW} from held h where t.enrollment_id = h.enrollment_id returning t.connection_id`,
      [assignmentIds],
    );
    await this.wake(
      changed.map((row) => row.connection_id),
      AFTER_COMMIT_MS,
    );
  }

  /** Courses of a catalogue have another title or address, which to-dos show. */
  async wantCourses(sql: Sql, courseIds: readonly string[], clientId: string | null): Promise<void> {
    if (courseIds.length === 0) return;
    const changed = await rows<{ connection_id: string }>(
      sql,
      `with held as (
         select t.enrollment_id from todos t
         join enrollments e on e.id = t.enrollment_id join assignments a on a.id = e.assignment_id
         where e.course_id = any($1) and e.status in ${OPEN_SQL} and a.course_client_id is not distinct from $2
           and (a.title is null or a.url is null)
         order by t.enrollment_id for update of t)
       update todos t set ${DUE_NOW} from held h where t.enrollment_id = h.enrollment_id returning t.connection_id`,
      [courseIds, clientId],
    );
    await this.wake(
      changed.map((row) => row.connection_id),
      AFTER_COMMIT_MS,
    );
  }

  /** One that was given up. */
  async retry(sql: Sql, enrollmentId: string): Promise<void> {
    await sql.query(
      `update todos t set ${DUE_NOW}, status = 'pending', error = null, reason = null, shown_hash = null
       where t.enrollment_id = $1`,
      [enrollmentId],
    );
  }

  /** A wake that does not get through costs time only: whatever else goes on must not fail for it. */
  async wake(connectionIds: readonly string[], delayMs = 0): Promise<void> {
    for (const id of new Set(connectionIds)) {
      await this.jobs.wake(TODOS_QUEUE, id, { delayMs }).catch(() => undefined);
    }
  }

  /** A to-do for every open enrollment of a user that has none, where connection and connector have them. */
  private async add(sql: Sql, which: string, values: unknown[]): Promise<string[]> {
    const capable = this.connectors
      .list()
      .flatMap((entry) => (entry.status === 'available' && entry.connector.todos ? [entry.id] : []));
    if (capable.length === 0) return [];
    const added = await rows<{ connection_id: string }>(
      sql,
      `insert into todos (enrollment_id, connection_id)
       select e.id, e.connection_id from enrollments e join connections c on c.id = e.connection_id
       where ${which} and e.user_id is not null and e.status in ${OPEN_SQL}
         and c.connector = any($1) and c.settings -> 'todos' -> 'enabled' = 'true'
       order by e.id
       on conflict (enrollment_id) do nothing returning connection_id`,
      [capable, ...values],
    );
    return added.map((row) => row.connection_id);
  }
}
