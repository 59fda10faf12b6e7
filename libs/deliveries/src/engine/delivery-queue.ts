import type { DataSource } from 'typeorm';
import { webhookBody } from '../webhook/webhook-body.js';
import type { AttemptOutcome, ClaimedDelivery, ClaimPlaces } from './claimed-delivery.js';

interface ClaimedRow {
  delivery_id: string;
  subscription_id: string;
  revision: number;
  lease_no: number;
  attempt_count: number;
  event_id: string;
  type: string;
  timestamp: string;
  data: string;
}

/**
 * The leased queue in PostgreSQL: every operation is one statement over many rows. Times are the database's own, so that
 * hosts whose clocks differ agree on who holds what; tests give a clock of their own.
 *
 * Two shapes are deliberate, both measured: claims select by `= any(array(… skip locked))`, because a join makes PostgreSQL
 * scan the table; write-backs find rows by a list of ids and look the lease up in a jsonb object, because any join with the
 * results becomes a nested loop over all of them when PostgreSQL believes that the queue is empty, as it often was.
 */
export class DeliveryQueue {
  constructor(
    private readonly dataSource: DataSource,
    private readonly leaseMs: number,
    private readonly clock: (() => Date) | null = null,
  ) {}

  /**
   * Leases what is due, at most `places` for each subscription named and `otherPlaces` for any other active one, at most
   * `limit` in all. An ordered subscription gives only the first of each order key.
   */
  async claim(lanes: readonly ClaimPlaces[], otherPlaces: number, limit: number): Promise<ClaimedDelivery[]> {
    const asked = performance.now();
    const rows = await this.dataSource.query<ClaimedRow[]>(
      `with claimed as (
         update delivery_queue q
         set lease_no = q.lease_no + 1,
             leased_until = coalesce($5, now()) + $4 * interval '1 millisecond',
             due_at = coalesce($5, now()) + $4 * interval '1 millisecond'
         where q.delivery_id = any(array(
           select due.delivery_id
           from subscriptions s
           left join unnest($1::text[], $2::int[]) as lane(id, places) on lane.id = s.id
           cross join lateral (
             select w.delivery_id from delivery_queue w
             where w.subscription_id = s.id and w.due_at <= coalesce($5, now()) and ${FIRST_OF_ITS_ORDER}
             order by w.due_at, w.sequence
             limit coalesce(lane.places, $3)
             for update skip locked
           ) due
           where ${SERVED}
           limit $6))
         returning q.delivery_id, q.subscription_id, q.outgoing_event_id, q.lease_no, q.attempt_count, q.sequence)
       select c.delivery_id, c.subscription_id, s.revision, c.lease_no, c.attempt_count, e.id as event_id, e.type,
         to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as timestamp,
         (case when e.type like 'user.%' and not 'directory:contact' = any(owner.scopes) then ${WITHOUT_CONTACTS}
          else e.data end)::text as data
       from claimed c
       join outgoing_events e on e.id = c.outgoing_event_id
       join subscriptions s on s.id = c.subscription_id
       left join clients owner on owner.id = s.client_id
       order by c.sequence`,
      [
        lanes.map((lane) => lane.subscriptionId),
        lanes.map((lane) => lane.places),
        otherPlaces,
        this.leaseMs,
        this.time(),
        limit,
      ],
    );
    return rows.map((row) => ({
      deliveryId: row.delivery_id,
      subscriptionId: row.subscription_id,
      subscriptionRevision: row.revision,
      leaseNo: row.lease_no,
      attemptCount: row.attempt_count,
      eventId: row.event_id,
      eventType: row.type,
      body: webhookBody({ id: row.event_id, type: row.type, timestamp: row.timestamp, data: row.data }),
      leaseEndsAt: asked + this.leaseMs,
    }));
  }

  /**
   * Records attempts and moves their deliveries on. Whoever lost the lease changes nothing but the record of what he did;
   * repeating it does nothing, so it may be tried again when it is unknown whether it was committed.
   */
  async writeBack(outcomes: readonly AttemptOutcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    const again = outcomes.filter(({ outcome }) => outcome === 'retry' || outcome === 'kept');
    await this.dataSource.query(
      `with finished as (
         delete from delivery_queue q
         where q.delivery_id = any($2::text[]) and q.lease_no = ($3::jsonb ->> q.delivery_id)::int
         returning q.delivery_id),
       waiting as (
         update delivery_queue q
         set due_at = coalesce($4, now()) + ($6::jsonb -> q.delivery_id ->> 0)::bigint * interval '1 millisecond',
             attempt_count = q.attempt_count + ($6::jsonb -> q.delivery_id ->> 1)::int,
             leased_until = null
         where q.delivery_id = any($5::text[]) and q.lease_no = ($3::jsonb ->> q.delivery_id)::int),
       dead as (
         update deliveries d set ended = 'dead'
         where d.id = any(array(select delivery_id from finished where delivery_id = any($7::text[]))))
       insert into delivery_attempts (delivery_id, attempt_no, started_at, duration_ms, url, request_headers,
         response_status, response_excerpt, error_code, error)
       select "deliveryId", "leaseNo", "startedAt", "durationMs", "url", "requestHeaders", "responseStatus",
         "responseExcerpt", "errorCode", "error"
       from jsonb_to_recordset($1::jsonb) as r(
         "deliveryId" text, "leaseNo" int, "startedAt" timestamptz, "durationMs" int, "url" text, "requestHeaders" jsonb,
         "responseStatus" int, "responseExcerpt" text, "errorCode" text, "error" text)
       on conflict do nothing`,
      [
        JSON.stringify(outcomes),
        idsOf(outcomes, 'delivered', 'dead'),
        leasesOf(outcomes),
        this.time(),
        idsOf(again, 'retry', 'kept'),
        JSON.stringify(
          Object.fromEntries(
            again.map(({ deliveryId, retryInMs, outcome }) => [
              deliveryId,
              [retryInMs, outcome === 'retry' ? 1 : 0],
            ]),
          ),
        ),
        idsOf(outcomes, 'dead'),
      ],
    );
  }

  /** Gives leased rows back untouched: they are due at once, for anybody. */
  async release(held: readonly ClaimedDelivery[]): Promise<void> {
    if (held.length === 0) return;
    await this.dataSource.query(
      `update delivery_queue q set due_at = coalesce($3, now()), leased_until = null
       where q.delivery_id = any($1::text[]) and q.lease_no = ($2::jsonb ->> q.delivery_id)::int`,
      [held.map((item) => item.deliveryId), leasesOf(held), this.time()],
    );
  }

  /** Gives back every lease there is, whoever holds it: only for who knows that nobody does. */
  async releaseAll(): Promise<void> {
    await this.dataSource.query(
      `update delivery_queue set due_at = coalesce($1, now()), leased_until = null where leased_until is not null`,
      [this.time()],
    );
  }

  /** Prolongs leases; answers the ids that are still held. The others were leased to somebody else, or ended. */
  async renew(held: readonly ClaimedDelivery[]): Promise<Set<string>> {
    const asked = performance.now();
    const [rows] = await this.dataSource.query<[{ delivery_id: string }[], number]>(
      `update delivery_queue q
       set leased_until = coalesce($3, now()) + $4 * interval '1 millisecond',
           due_at = coalesce($3, now()) + $4 * interval '1 millisecond'
       where q.delivery_id = any($1::text[]) and q.lease_no = ($2::jsonb ->> q.delivery_id)::int
         and q.leased_until is not null
       returning q.delivery_id`,
      [held.map((item) => item.deliveryId), leasesOf(held), this.time(), this.leaseMs],
    );
    const kept = new Set(rows.map((row) => row.delivery_id));
    for (const item of held) if (kept.has(item.deliveryId)) item.leaseEndsAt = asked + this.leaseMs;
    return kept;
  }

  /** Milliseconds until something is due again (0: now), outside the subscriptions given; null when nothing waits. */
  async nextDueInMs(exceptSubscriptions: readonly string[]): Promise<number | null> {
    const [row] = await this.dataSource.query<{ ms: number | null }[]>(
      `select (extract(epoch from min(due.due_at) - coalesce($2, now())) * 1000)::float8 as ms
       from subscriptions s
       cross join lateral (
         select w.due_at from delivery_queue w
         where w.subscription_id = s.id and ${FIRST_OF_ITS_ORDER}
         order by w.due_at limit 1) due
       where ${SERVED} and s.id <> all($1::text[])`,
      [exceptSubscriptions, this.time()],
    );
    return row?.ms === null || row?.ms === undefined ? null : Math.max(0, Math.ceil(row.ms));
  }

  private time(): string | null {
    return this.clock === null ? null : this.clock().toISOString();
  }
}

/** Ordered subscriptions hand out one delivery per order key at a time, the oldest. Needs `s` and `w`. */
const FIRST_OF_ITS_ORDER = `(not s.ordered or w.order_key is null or not exists (
  select 1 from delivery_queue earlier
  where earlier.subscription_id = w.subscription_id and earlier.order_key = w.order_key and earlier.sequence < w.sequence))`;

/** Needs `s`. While a client is expired, what waits for it waits. */
const SERVED = `s.status = 'active' and (s.client_id is null or exists (
  select 1 from clients c where c.id = s.client_id and (c.expires_at is null or c.expires_at > now())))`;

/** Needs `e`. To owners without scope `directory:contact` people's contact fields are null, as in every answer of the API. */
const WITHOUT_CONTACTS = `e.data || coalesce((
  select jsonb_object_agg(field, null) from unnest(array['mobile', 'workEmail']) as field where e.data ? field), '{}')`;

/** Delivery to lease number, as a jsonb object: looked up row by row, so that no join can be planned badly. */
function leasesOf(items: readonly { deliveryId: string; leaseNo: number }[]): string {
  return JSON.stringify(Object.fromEntries(items.map(({ deliveryId, leaseNo }) => [deliveryId, leaseNo])));
}

function idsOf(outcomes: readonly AttemptOutcome[], ...kinds: AttemptOutcome['outcome'][]): string[] {
  return outcomes.filter((outcome) => kinds.includes(outcome.outcome)).map((outcome) => outcome.deliveryId);
}
