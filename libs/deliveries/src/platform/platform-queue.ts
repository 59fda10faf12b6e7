import type { ConnectorErrorData, JsonObject } from '@trainbridge/connector-kit';
import { storableJson, type Sql } from '@trainbridge/persistence';
import type { DataSource } from 'typeorm';

/** A delivery to a platform this process holds a lease on. */
export interface PlatformDelivery {
  deliveryId: string;
  leaseNo: number;
  /** Attempts spent before this one. */
  attemptCount: number;
  /** Who sent the event; null: the admin token. */
  clientId: string | null;
  subjectId: string;
  /** The learning event as the LMS sent it. */
  event: JsonObject;
}

/** Deliveries that go out in one call. */
export interface PlatformBatch {
  action: string;
  options: JsonObject;
  items: PlatformDelivery[];
}

/** What became of one delivery of a batch, as it is written back. */
export interface PlatformOutcome {
  deliveryId: string;
  leaseNo: number;
  /** `kept`: to be tried again without having spent a retry. */
  outcome: 'delivered' | 'skipped' | 'retry' | 'kept' | 'dead';
  retryInMs: number;
  /** Whether the platform may have done it: then the batch is repeated as it was. */
  unknown: boolean;
  /** Tried again by itself: its neighbours, or it, were refused together. */
  alone: boolean;
  startedAt: string;
  durationMs: number;
  externalRef: string | null;
  error: (Pick<ConnectorErrorData, 'message' | 'advice'> & { code: string; vendor: JsonObject }) | null;
}

interface ClaimedRow {
  delivery_id: string;
  lease_no: number;
  attempt_count: number;
  client_id: string | null;
  subject_id: string;
  action: string;
  options: JsonObject;
  event: JsonObject;
}

/**
 * The leased queue of deliveries to platforms: as that of webhooks, but what is claimed is a batch of one connection, and
 * a batch whose outcome nobody knows is claimed again whole and in its order.
 */
export class PlatformQueue {
  constructor(
    private readonly dataSource: DataSource,
    private readonly leaseMs: number,
  ) {}

  /** Connections with deliveries that are due. */
  async connectionsDue(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `select distinct connection_id as id from platform_delivery_queue where due_at <= now()`,
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Leases the batch whose first delivery has been due longest; null when nothing is due, or somebody else was faster.
   * Together go deliveries of one action with one set of options that have been tried equally often: what fails together
   * then waits together, and is the same batch again.
   *
   * @param mostOf how many an action takes per call; 1 for an action that is not named
   */
  async claim(
    connectionId: string,
    batchId: string,
    mostOf: Readonly<Record<string, number>>,
  ): Promise<PlatformBatch | null> {
    const rows = await this.dataSource.query<ClaimedRow[]>(CLAIM, [
      connectionId,
      batchId,
      JSON.stringify(mostOf),
      this.leaseMs,
    ]);
    const [first] = rows;
    if (!first) return null;
    return {
      action: first.action,
      options: first.options,
      items: rows.map((row) => ({
        deliveryId: row.delivery_id,
        leaseNo: row.lease_no,
        attemptCount: row.attempt_count,
        clientId: row.client_id,
        subjectId: row.subject_id,
        event: row.event,
      })),
    };
  }

  async renew({ items }: PlatformBatch): Promise<void> {
    await this.dataSource.query(
      `update platform_delivery_queue q
       set leased_until = now() + $3 * interval '1 millisecond', due_at = now() + $3 * interval '1 millisecond'
       where q.delivery_id = any($1::text[]) and q.lease_no = ($2::jsonb ->> q.delivery_id)::int and q.leased_until is not null`,
      [items.map(({ deliveryId }) => deliveryId), leasesOf(items), this.leaseMs],
    );
  }

  /** Gives a batch back as it was: due at once, for anybody, and still one batch, because it may have been sent. */
  async release({ items }: PlatformBatch): Promise<void> {
    await this.dataSource.query(
      `update platform_delivery_queue q set due_at = now(), leased_until = null
       where q.delivery_id = any($1::text[]) and q.lease_no = ($2::jsonb ->> q.delivery_id)::int`,
      [items.map(({ deliveryId }) => deliveryId), leasesOf(items)],
    );
  }

  /** Gives back every lease there is, whoever holds it: only for who knows that nobody does. */
  async releaseAll(): Promise<void> {
    await this.dataSource.query(
      `update platform_delivery_queue set due_at = now(), leased_until = null where leased_until is not null`,
    );
  }

  /** Records what became of a batch and moves its deliveries on. Whoever lost the lease changes nothing but the record. */
  async record(outcomes: readonly PlatformOutcome[]): Promise<void> {
    await this.dataSource.query(RECORD, [
      storableJson(outcomes),
      outcomes.filter(({ outcome }) => !isWaiting(outcome)).map(({ deliveryId }) => deliveryId),
      outcomes.filter(({ outcome }) => isWaiting(outcome)).map(({ deliveryId }) => deliveryId),
      leasesOf(outcomes),
    ]);
  }

  /** Milliseconds until something of the connection is due (0: now); null when nothing waits. */
  async nextDueInMs(connectionId: string): Promise<number | null> {
    const [row] = await this.dataSource.query<{ ms: number | null }[]>(
      `select (extract(epoch from min(due_at) - now()) * 1000)::float8 as ms
       from platform_delivery_queue where connection_id = $1`,
      [connectionId],
    );
    return row?.ms === null || row?.ms === undefined ? null : Math.max(0, Math.ceil(row.ms));
  }
}

/** What still waits to be told to the platform of a connection that is gone never will be. */
export async function cancelOf(manager: Sql, connectionId: string): Promise<void> {
  await manager.query(
    `with waiting as (delete from platform_delivery_queue where connection_id = $1 returning delivery_id)
     update deliveries d set ended = 'canceled' from waiting w where d.id = w.delivery_id`,
    [connectionId],
  );
}

function isWaiting(outcome: PlatformOutcome['outcome']): boolean {
  return outcome === 'retry' || outcome === 'kept';
}

/** Delivery to lease number, as a jsonb object. */
function leasesOf(items: readonly { deliveryId: string; leaseNo: number }[]): string {
  return JSON.stringify(Object.fromEntries(items.map(({ deliveryId, leaseNo }) => [deliveryId, leaseNo])));
}

// Rows are locked in order and waited for, not skipped: two claims at once must not tear a batch in two. The later one
// finds rows that are not due any more.
const CLAIM = `
  with first as materialized (
    select q.lot, q.batch_id, q.alone, q.attempt_count, q.delivery_id,
      coalesce(($3::jsonb ->> d.action)::int, 1) as most
    from platform_delivery_queue q join deliveries d on d.id = q.delivery_id
    where q.connection_id = $1 and q.due_at <= now()
    order by q.due_at, q.sequence limit 1
  ), claimed as (
    update platform_delivery_queue q
    set lease_no = q.lease_no + 1, batch_id = coalesce(q.batch_id, $2),
      leased_until = now() + $4 * interval '1 millisecond', due_at = now() + $4 * interval '1 millisecond'
    where q.due_at <= now() and q.delivery_id = any(array(
      select w.delivery_id from platform_delivery_queue w
      where w.connection_id = $1 and w.lot = (select lot from first) and w.due_at <= now()
        and case when (select batch_id from first) is not null then w.batch_id = (select batch_id from first)
          when (select alone from first) then w.delivery_id = (select delivery_id from first)
          else w.batch_id is null and not w.alone and w.attempt_count = (select attempt_count from first) end
      order by w.sequence limit (select most from first)
      for update))
    returning q.delivery_id, q.lease_no, q.attempt_count, q.sequence
  )
  select c.delivery_id, c.lease_no, c.attempt_count, d.client_id, e.subject_id, d.action, d.options, e.data as event
  from claimed c join deliveries d on d.id = c.delivery_id join outgoing_events e on e.id = d.outgoing_event_id
  order by c.sequence`;

const RECORD = `
  with told as materialized (
    select * from jsonb_to_recordset($1::jsonb) as r(
      "deliveryId" text, "leaseNo" int, outcome text, "retryInMs" bigint, unknown boolean, alone boolean,
      "startedAt" timestamptz, "durationMs" int, "externalRef" text, error jsonb)
  ), finished as (
    delete from platform_delivery_queue q
    where q.delivery_id = any($2::text[]) and q.lease_no = ($4::jsonb ->> q.delivery_id)::int
    returning q.delivery_id
  ), waiting as (
    update platform_delivery_queue q
    set due_at = now() + r."retryInMs" * interval '1 millisecond', leased_until = null,
      attempt_count = q.attempt_count + case when r.outcome = 'retry' then 1 else 0 end,
      batch_id = case when r.unknown then q.batch_id end, alone = q.alone or r.alone
    from told r
    where q.delivery_id = any($3::text[]) and r."deliveryId" = q.delivery_id
      and q.lease_no = ($4::jsonb ->> q.delivery_id)::int
  ), ended as (
    update deliveries d
    set ended = case when r.outcome in ('dead', 'skipped') then r.outcome end,
      external_ref = coalesce(r."externalRef", d.external_ref)
    from told r
    where d.id = any(array(select delivery_id from finished)) and r."deliveryId" = d.id
      and (r.outcome <> 'delivered' or r."externalRef" is not null)
  )
  insert into delivery_attempts (delivery_id, attempt_no, started_at, duration_ms, error_code, error, vendor)
  select "deliveryId", "leaseNo", "startedAt", "durationMs", error ->> 'code', error ->> 'message',
    nullif(jsonb_strip_nulls(coalesce(error -> 'vendor', '{}') || jsonb_build_object('advice', error -> 'advice')), '{}')
  from told
  on conflict do nothing`;
