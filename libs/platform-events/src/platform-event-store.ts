import { Injectable } from '@nestjs/common';
import type {
  ConnectorErrorData,
  JsonObject,
  PlatformEvent,
  PlatformEventKind,
  RawCallback,
} from '@trainbridge/connector-kit';
import type { DuePlatformEvent } from '@trainbridge/connections';
import { newId } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';

export const MOST_CLAIMED = 500;
/** A drain that died is taken over after this long. */
export const LEASE_SECONDS = 30;

/** An event that was claimed: `attempt` must still be the row's when the outcome is written. */
export type ClaimedEvent = DuePlatformEvent;

/** How one claimed event ends this time. */
export interface EventResult {
  id: string;
  attempt: number;
  status: 'applied' | 'ignored' | 'failed' | 'dead' | 'pending';
  detail: string | null;
  error: Pick<ConnectorErrorData, 'code' | 'message'> | null;
  /** For `failed` and `pending`: not before this many milliseconds from now. */
  delayMs: number;
  /** True gives the attempt back: it was not this event's fault. */
  uncounted: boolean;
}

interface ClaimedRow {
  id: string;
  /** bigint: a string. */
  sequence: string;
  kind: PlatformEventKind;
  ids: string[];
  previous_id: string | null;
  occurred_at: Date;
  received_at: Date;
  data: JsonObject;
  attempts: number;
}

/** The tables `platform_messages` and `platform_events`, always a batch per statement. */
@Injectable()
export class PlatformEventStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Commits a message with the events in it, in one statement. Events that were here before change nothing; a message with
   * none but those is not kept.
   * @returns how many events are new.
   */
  async accept(connectionId: string, raw: RawCallback, events: readonly PlatformEvent[]): Promise<number> {
    if (events.length === 0) return 0;
    const [result] = await this.dataSource.query<{ accepted: number }[]>(
      `with incoming as (
         select * from jsonb_to_recordset($7::jsonb) as e(
           position integer, id text, key text, kind text, ids jsonb, previous_id text, occurred_at timestamptz,
           data jsonb)
       ), accepted as (
         insert into platform_events (id, connection_id, message_id, key, kind, ids, previous_id, occurred_at, data)
         select id, $2, $1, key, kind, array(select jsonb_array_elements_text(ids)), previous_id, occurred_at, data
         from incoming order by position
         on conflict (connection_id, key) do nothing
         returning 1
       ), message as (
         insert into platform_messages (id, connection_id, method, query_string, headers, body)
         select $1, $2, $3, $4, $5, $6 where exists (select from accepted)
       )
       select count(*)::integer as accepted from accepted`,
      [
        newId('msg'),
        connectionId,
        raw.method,
        storable(raw.queryString),
        JSON.stringify(cleaned(keptHeaders(raw.headers))),
        Buffer.from(raw.bodyBase64, 'base64'),
        JSON.stringify(events.map(toRecord)),
      ],
    );
    return result?.accepted ?? 0;
  }

  /** Connections with events that are due. */
  async connectionsDue(): Promise<string[]> {
    const rows = await this.dataSource.query<{ connection_id: string }[]>(
      `select distinct connection_id from platform_events
       where status in ('pending', 'failed') and next_attempt_at <= now()`,
    );
    return rows.map((row) => row.connection_id);
  }

  /** Leases up to 500 due events, oldest first, and counts the attempt at once: a crash costs one. */
  async claim(connectionId: string): Promise<ClaimedEvent[]> {
    const [rows] = await this.dataSource.query<[ClaimedRow[], number]>(
      `update platform_events
       set attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $3)
       where id = any(array(
         select id from platform_events
         where connection_id = $1 and status in ('pending', 'failed') and next_attempt_at <= now()
         order by sequence limit $2 for update skip locked))
       returning id, sequence, kind, ids, previous_id, occurred_at, received_at, data, attempts`,
      [connectionId, MOST_CLAIMED, LEASE_SECONDS],
    );
    return rows.sort((a, b) => Number(a.sequence) - Number(b.sequence)).map(toDueEvent);
  }

  /** Keeps a long batch from being taken over. */
  async extendLease(events: readonly ClaimedEvent[]): Promise<void> {
    await this.dataSource.query(
      `update platform_events e set next_attempt_at = now() + make_interval(secs => $3)
       from unnest($1::text[], $2::integer[]) as claimed(id, attempt)
       where e.id = any($1) and e.id = claimed.id and e.attempts = claimed.attempt and e.finished_at is null`,
      [events.map(({ id }) => id), events.map(({ attempt }) => attempt), LEASE_SECONDS],
    );
  }

  /** Writes outcomes of a batch; one whose attempt was taken over in the meantime is left alone. */
  async finish(results: readonly EventResult[]): Promise<void> {
    await this.dataSource.query(
      `update platform_events e
       set status = r.status, detail = r.detail, error = r.error,
         attempts = e.attempts - case when r.uncounted then 1 else 0 end,
         next_attempt_at = now() + r.delay_ms * interval '1 millisecond',
         finished_at = case when r.status in ('applied', 'ignored', 'dead') then now() end
       from jsonb_to_recordset($2::jsonb) as r(
         id text, attempt integer, status text, detail text, error jsonb, delay_ms double precision, uncounted boolean)
       where e.id = any($1) and e.id = r.id and e.attempts = r.attempt`,
      [
        results.map(({ id }) => id),
        JSON.stringify(
          results.map(({ delayMs, detail, error, ...rest }) => ({
            ...rest,
            detail: detail === null ? null : storable(detail),
            error: error && { code: error.code, message: storable(error.message) },
            delay_ms: delayMs,
          })),
        ),
      ],
    );
  }

  /** Milliseconds until the next event of a connection is due; null when none waits. */
  async nextDueInMs(connectionId: string): Promise<number | null> {
    const [row] = await this.dataSource.query<{ ms: number | null }[]>(
      `select (extract(epoch from min(next_attempt_at) - now()) * 1000)::double precision as ms
       from platform_events where connection_id = $1 and status in ('pending', 'failed')`,
      [connectionId],
    );
    return row?.ms === null || row === undefined ? null : Math.max(0, row.ms);
  }

  async lastReceivedAt(connectionId: string): Promise<string | null> {
    const [row] = await this.dataSource.query<{ at: Date | null }[]>(
      `select max(received_at) as at from platform_events where connection_id = $1`,
      [connectionId],
    );
    return row?.at?.toISOString() ?? null;
  }

  /** Removes messages of which every event ended before `days` ago; `limit` at a time. */
  async removeOld(days: number, limit: number): Promise<number> {
    const [, count] = await this.dataSource.query<[unknown[], number]>(
      `delete from platform_messages where id = any(array(
         select m.id from platform_messages m
         where m.received_at < now() - make_interval(days => $1)
           and not exists (select from platform_events e where e.message_id = m.id and e.status in ('pending', 'failed', 'dead'))
         limit $2))`,
      [days, limit],
    );
    return count;
  }
}

/** A platform's headers may carry what is no business of ours to keep. */
const DROPPED_HEADERS = ['authorization', 'cookie', 'proxy-authorization'];

function keptHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !DROPPED_HEADERS.includes(name)));
}

function toRecord(event: PlatformEvent, position: number): JsonObject {
  const { key, kind, ids, previousId, time, data } = event;
  return {
    position,
    id: newId('pev'),
    key: storable(key),
    kind,
    ids: ids.map(storable),
    previous_id: previousId === undefined ? null : storable(previousId),
    occurred_at: new Date(
      Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? time : Date.now(),
    ).toISOString(),
    data: cleaned(data),
  };
}

function toDueEvent(row: ClaimedRow): ClaimedEvent {
  return {
    id: row.id,
    kind: row.kind,
    ids: row.ids,
    previousId: row.previous_id,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    data: row.data,
    attempt: row.attempts,
  };
}

/** PostgreSQL takes neither NUL nor half a surrogate pair, and what a platform sends may hold both. */
function storable(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\uFFFD');
}

function cleaned<T extends JsonObject>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    typeof inner === 'string' ? storable(inner) : inner,
  ) as T;
}
