import type { ConnectorErrorData, LocalizedText, TodoItem } from '@trainbridge/connector-kit';
import type { ConnectionSettings } from '@trainbridge/connections';
import { newId, rows, storableJson, type Sql } from '@trainbridge/persistence';
import type { DataSource } from 'typeorm';
import { JOIN_COURSE, SHOWN_TITLE, SHOWN_URL } from '../assignments/assignment-row.js';
import type { TodoStatus } from '../enrollments/enrollment.dto.js';
import { stepFor, type CloseItem, type DueTodo } from './todo-item.js';

/** Longer than a call may take: while a lease holds, nobody else sends the same. */
export const LEASE_MS = 120_000;

/** To-dos leased for one call, in the order they are sent. */
export type TodoBatch = {
  id: string;
  /** When these items were sent for the first time; earlier than now when it is a repetition. */
  sentAt: Date;
  rows: { enrollmentId: string; leaseNo: number; attempts: number }[];
} & ({ action: 'upsert'; items: TodoItem[] } | { action: 'close'; items: CloseItem[] });

/** What is written down about one to-do after a call. */
export interface TodoResult {
  enrollmentId: string;
  leaseNo: number;
  status: TodoStatus;
  externalRef: string | null;
  error: ConnectorErrorData | null;
  reason: LocalizedText | null;
  /** Milliseconds until it is tried again; null: not by itself. */
  retryInMs: number | null;
}

/**
 * The rows of `todos` as the sender takes and returns them. Whoever waits for several of them takes them in the order of their
 * ids, as `TodoOutbox` does in the transactions of others: crosswise, one of the two would be ended by the database.
 */
export class TodoQueue {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * A batch whose outcome nobody wrote down: its process died, or the call failed on the way. It comes back word for word, in
   * the same order, because the platform may know the key of each item or of the whole batch.
   */
  async claimUnknown(connectionId: string): Promise<TodoBatch | null> {
    const leased = await rows<LeasedRow>(
      this.dataSource,
      `with held as (
         select enrollment_id from todos where batch_id = (
           select batch_id from todos where connection_id = $1 and batch_id is not null and due_at <= now()
           order by due_at, batch_id limit 1)
         order by enrollment_id for update)
       update todos t set lease_no = t.lease_no + 1, attempts = t.attempts + 1, due_at = now() + $2 * interval '1 millisecond'
       from held h where t.enrollment_id = h.enrollment_id and t.batch_id is not null and t.due_at <= now()
       returning t.enrollment_id as "enrollmentId", t.lease_no as "leaseNo", t.attempts, t.action, t.sent,
         t.sent_at as "sentAt", t.batch_id as "batchId", t.batch_place as place`,
      [connectionId, LEASE_MS],
    );
    return leased.length === 0 ? null : batchOf(leased.sort((a, b) => a.place - b.place));
  }

  /**
   * Due to-dos, leased, in batches of one action and at most `most`, about `atOnce` of them; `looked` says how many to-dos there
   * were, also those that need no call. What will be sent is written down before it is sent.
   */
  async claim(
    connectionId: string,
    { most, atOnce }: { most: number; atOnce: number },
    settings: Pick<ConnectionSettings, 'todos' | 'locale' | 'timezone'>,
  ): Promise<{ looked: number; batches: TodoBatch[] }> {
    return this.dataSource.transaction(async (manager) => {
      const due = await rows<DueTodo>(manager, DUE, [connectionId, most * atOnce]);
      const places = { upsert: new Places(most), close: new Places(most) };
      const updates = due.map((todo) => {
        const step = stepFor(todo, settings);
        const row = { enrollmentId: todo.enrollmentId, kind: step.kind, sentNo: todo.wantedNo };
        switch (step.kind) {
          case 'upsert':
            return {
              ...row,
              ...places.upsert.next(),
              sent: step.item,
              hash: step.hash,
              generation: step.generation,
            };
          case 'close':
            return { ...row, ...places.close.next(), sent: step.item };
          case 'impossible':
            return { ...row, error: { code: 'input_invalid', message: step.message } };
          default:
            return row;
        }
      });
      await this.forget(
        manager,
        updates.flatMap((one) => (one.kind === 'forget' ? [one.enrollmentId] : [])),
      );
      const leased = await rows<LeasedRow>(manager, LEASE, [storableJson(updates), LEASE_MS]);
      const byBatch = new Map<string, LeasedRow[]>();
      for (const row of leased.sort((a, b) => a.place - b.place)) {
        if (row.batchId !== null) byBatch.set(row.batchId, [...(byBatch.get(row.batchId) ?? []), row]);
      }
      const batches = [...byBatch.values()].map(batchOf);
      return { looked: due.length, batches };
    });
  }

  /**
   * Writes outcomes down, of those to-dos only that are still leased as they were; the batch is over.
   *
   * @param revision of the connection: what fails under it is tried again under the next
   */
  async record(results: readonly TodoResult[], revision: number): Promise<void> {
    await this.dataSource.query(RECORD, [storableJson(results), revision]);
  }

  /** The call failed and may have reached the platform: the very batch is sent again later. */
  async keep(batch: TodoBatch, error: ConnectorErrorData, retryInMs: number): Promise<void> {
    await this.dataSource.query(
      `${HELD_BATCH}
       update todos t set due_at = now() + $3 * interval '1 millisecond', error = $4::jsonb, updated_at = now()
       from held h where t.enrollment_id = h.enrollment_id and t.batch_id = $1 and t.lease_no = ($2::jsonb ->> t.enrollment_id)::int`,
      [batch.id, JSON.stringify(leasesOf(batch)), Math.round(retryInMs), storableJson(error)],
    );
  }

  /** The platform has forgotten the batch's keys by now: its to-dos are made ready anew. */
  async dissolve(batch: TodoBatch): Promise<void> {
    await this.dataSource.query(
      `${HELD_BATCH}
       update todos t set batch_id = null, sent = null, action = null, due_at = now()
       from held h where t.enrollment_id = h.enrollment_id and t.batch_id = $1 and t.lease_no = ($2::jsonb ->> t.enrollment_id)::int`,
      [batch.id, JSON.stringify(leasesOf(batch))],
    );
  }

  /** Ends every lease, whoever holds it: only for who knows that nobody does. */
  async releaseAll(): Promise<void> {
    await this.dataSource.query(
      `update todos set due_at = now() where batch_id is not null and due_at > now()`,
    );
  }

  /** Milliseconds until something of the connection is due; null when nothing waits. */
  async nextDueInMs(connectionId: string): Promise<number | null> {
    const [row] = await this.dataSource.query<{ ms: number | null }[]>(
      `select (extract(epoch from min(due_at) - now()) * 1000)::float8 as ms from todos where connection_id = $1`,
      [connectionId],
    );
    return row?.ms == null ? null : Math.max(0, Math.ceil(row.ms));
  }

  async connectionsDue(): Promise<string[]> {
    const due = await this.dataSource.query<{ connection_id: string }[]>(
      `select distinct connection_id from todos where due_at <= now()`,
    );
    return due.map((row) => row.connection_id);
  }

  /** What failed under an earlier configuration of the connection is tried under this one. */
  async retryAfterChange(connectionId: string, revision: number): Promise<void> {
    await this.dataSource.query(
      `with held as (
         select enrollment_id from todos
         where connection_id = $1 and status = 'failed' and due_at is null and failed_revision < $2
         order by enrollment_id for update)
       update todos t set status = 'pending', due_at = now(), attempts = 0
       from held h where t.enrollment_id = h.enrollment_id and t.status = 'failed' and t.due_at is null`,
      [connectionId, revision],
    );
  }

  private async forget(sql: Sql, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await sql.query(`delete from todos where enrollment_id = any($1)`, [ids]);
  }
}

interface LeasedRow {
  enrollmentId: string;
  leaseNo: number;
  attempts: number;
  action: 'upsert' | 'close';
  sent: TodoItem | CloseItem;
  sentAt: Date;
  /** Null for a to-do that needs no call. */
  batchId: string | null;
  place: number;
}

/** Gives out places in batches of a size. */
class Places {
  private given = 0;
  private batchId = '';

  constructor(private readonly size: number) {}

  next(): { batchId: string; place: number } {
    const place = this.given++ % this.size;
    if (place === 0) this.batchId = newId('tdb');
    return { batchId: this.batchId, place };
  }
}

function batchOf(leased: readonly LeasedRow[]): TodoBatch {
  const { batchId, action, sentAt } = leased[0]!;
  const items = leased.map(({ sent }) => sent);
  return { id: batchId!, sentAt, action, rows: [...leased], items } as TodoBatch;
}

function leasesOf({ rows: leased }: TodoBatch): Record<string, number> {
  return Object.fromEntries(leased.map(({ enrollmentId, leaseNo }) => [enrollmentId, leaseNo]));
}

const HELD_BATCH = `
  with held as (select enrollment_id from todos where batch_id = $1 order by enrollment_id for update)`;

const DUE = `
  select t.enrollment_id as "enrollmentId", t.status, t.external_ref as "externalRef", t.generation,
    t.wanted_no as "wantedNo", t.attempts, t.shown_hash as "shownHash", e.status as "enrollmentStatus", e.due_at as "dueAt",
    e.assignment_id as "assignmentId", e.course_id as "courseId", e.user_id as "userId", ${SHOWN_TITLE} as title,
    ${SHOWN_URL} as url, a.is_mandatory as "isMandatory", u.external_id as "recipientExternalId",
    coalesce(k.settings -> 'todos' -> 'enabled' = 'true', false) as "isEnabled",
    u.external_ids as "recipientExternalIds"
  from (
    select * from todos where connection_id = $1 and batch_id is null and due_at <= now()
    order by due_at, enrollment_id limit $2 for update skip locked) t
  join enrollments e on e.id = t.enrollment_id join assignments a on a.id = e.assignment_id ${JOIN_COURSE}
  join connections k on k.id = t.connection_id left join users u on u.id = e.user_id
  order by t.due_at, t.enrollment_id`;

const LEASE = `
  update todos t set
    lease_no = t.lease_no + 1,
    batch_id = n."batchId", batch_place = n.place, sent = n.sent, sent_no = n."sentNo",
    action = case when n."batchId" is not null then n.kind end,
    sent_at = case when n."batchId" is not null then now() else t.sent_at end,
    attempts = case when n."batchId" is not null then t.attempts + 1 else 0 end,
    due_at = case when n."batchId" is not null then now() + $2 * interval '1 millisecond' end,
    external_ref = case when n.generation > t.generation then null else t.external_ref end,
    generation = coalesce(n.generation, t.generation),
    shown_hash = coalesce(n.hash, t.shown_hash),
    status = case when n.kind = 'impossible' then 'failed' when n.generation > t.generation then 'pending' else t.status end,
    error = coalesce(n.error, t.error),
    failed_revision = case when n.kind = 'impossible' then 0 else t.failed_revision end,
    updated_at = now()
  from jsonb_to_recordset($1::jsonb) as n("enrollmentId" text, kind text, "sentNo" int, "batchId" text, place int,
    sent jsonb, hash text, generation int, error jsonb)
  where t.enrollment_id = n."enrollmentId"
  returning t.enrollment_id as "enrollmentId", t.lease_no as "leaseNo", t.attempts, t.action, t.sent,
    t.sent_at as "sentAt", t.batch_id as "batchId", t.batch_place as place`;

/** What was wanted meanwhile is due at once. An upsert that did not come through is not what the platform shows. */
const RECORD = `
  with results as (
    select * from jsonb_to_recordset($1::jsonb) as r("enrollmentId" text, "leaseNo" int, status text, "externalRef" text,
      error jsonb, reason jsonb, "retryInMs" float8)
  ), held as (
    select enrollment_id from todos where enrollment_id in (select "enrollmentId" from results)
    order by enrollment_id for update)
  update todos t set
    status = r.status, external_ref = coalesce(r."externalRef", t.external_ref), error = r.error, reason = r.reason,
    attempts = case when r."retryInMs" is null then 0 else t.attempts end,
    shown_hash = case when r.status = 'open' then t.shown_hash end,
    failed_revision = case when r.status = 'failed' then $2::int end,
    due_at = case when t.wanted_no > t.sent_no then now() else now() + r."retryInMs" * interval '1 millisecond' end,
    batch_id = null, batch_place = null, sent = null, action = null, updated_at = now()
  from results r join held h on h.enrollment_id = r."enrollmentId"
  where t.enrollment_id = r."enrollmentId" and t.lease_no = r."leaseNo" and t.batch_id is not null`;
