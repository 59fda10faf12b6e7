import { Injectable } from '@nestjs/common';
import type { Actor } from '@trainbridge/access';
import type { LocalizedText } from '@trainbridge/connector-kit';
import {
  decodeCursor,
  listAnswer,
  localize,
  notFound,
  type Language,
  type ListAnswer,
} from '@trainbridge/http-api';
import { DataSource } from 'typeorm';
import type {
  DeliveriesQuery,
  DeliveryAttemptDto,
  DeliveryDetailDto,
  DeliveryDto,
  DeliveryStatus,
  DeliveryTargetDto,
} from './delivery.dto.js';

interface DeliveryRow {
  id: string;
  subscription_id: string | null;
  action: string | null;
  external_ref: string | null;
  connection_id: string | null;
  outgoing_event_id: string;
  event_id: string | null;
  type: string;
  status: DeliveryStatus;
  due_at: Date | null;
  created_at: Date;
}

interface AttemptRow {
  delivery_id: string;
  count: number;
  attempt_no: number;
  started_at: Date;
  duration_ms: number;
  url: string | null;
  request_headers: Record<string, string> | null;
  response_status: number | null;
  response_excerpt: string | null;
  error_code: string | null;
  error: string | null;
  vendor:
    | (Omit<DeliveryAttemptDto['error'] & object, 'code' | 'message' | 'advice'> & { advice?: LocalizedText })
    | null;
}

const SELECT = `
  select d.id, d.subscription_id, d.connection_id, d.outgoing_event_id, d.event_id, d.created_at, d.action, d.external_ref,
    coalesce(q.due_at, p.due_at) as due_at,
    (select e.type from outgoing_events e where e.id = d.outgoing_event_id) as type,
    case when coalesce(q.delivery_id, p.delivery_id) is null then coalesce(d.ended, 'delivered')
      when coalesce(q.leased_until, p.leased_until) > now() then 'sending'
      else 'pending' end as status
  from deliveries d
  left join delivery_queue q on q.delivery_id = d.id
  left join platform_delivery_queue p on p.delivery_id = d.id and d.subscription_id is null`;

/**
 * `$1`: the client that asks, null for the admin token; `$2`: the connections it may see, null for all. What platforms are
 * told is seen by whoever sent the event.
 */
const VISIBLE = `($1::text is null or d.subscription_id = any(array(select id from subscriptions where client_id = $1))
  or (d.subscription_id is null and d.client_id = $1 and ($2::text[] is null or d.connection_id = any($2))))`;

const IN_STATUS: Record<DeliveryStatus, string> = {
  pending: inQueues(`leased_until is null or leased_until <= now()`),
  sending: inQueues(`leased_until > now()`),
  delivered: `q.delivery_id is null and p.delivery_id is null and d.ended is null`,
  skipped: `d.ended = 'skipped'`,
  dead: `d.ended = 'dead'`,
  canceled: `d.ended = 'canceled'`,
};

/** Written so that PostgreSQL may begin with the queues, which are short where the record is long. */
function inQueues(condition: string): string {
  return `d.id in (select delivery_id from delivery_queue where ${condition}
    union all select delivery_id from platform_delivery_queue where ${condition})`;
}

const ATTEMPTS_IN_LISTS = 20;

/** What was handed over to whom, and every attempt at it. A client sees what its own subscriptions got, and what became of its events at platforms. */
@Injectable()
export class DeliveryReader {
  constructor(private readonly dataSource: DataSource) {}

  async list(
    query: DeliveriesQuery,
    actor: Actor,
    language: Language = 'en',
  ): Promise<ListAnswer<DeliveryDto>> {
    const { status, subscriptionId, connectionId, eventId, limit } = query;
    const scope = { list: 'deliveries', filters: { status, subscriptionId, connectionId, eventId } };
    const [before] = decodeCursor(scope, query.cursor) ?? [null];
    const rows = await this.dataSource.query<DeliveryRow[]>(
      `${SELECT}
       where ${VISIBLE}
         and ($3::text is null or d.id < $3)
         and ($4::text is null or d.subscription_id = $4)
         and ($5::text is null or d.connection_id = $5)
         and ($6::text is null or d.event_id = $6 or d.outgoing_event_id = $6)
         ${status === undefined ? '' : `and ${IN_STATUS[status]}`}
       order by d.id desc limit $7`,
      [
        actor.clientId,
        actor.connectionIds,
        before,
        subscriptionId ?? null,
        connectionId ?? null,
        eventId ?? null,
        limit + 1,
      ],
    );
    const attempts = await this.attempts(
      rows.slice(0, limit).map((row) => row.id),
      ATTEMPTS_IN_LISTS,
    );
    return listAnswer(
      scope,
      rows,
      limit,
      (row) => [row.id],
      (row) => toDelivery(row, attempts.get(row.id) ?? [], language),
    );
  }

  /** @throws {ProblemError} 404 */
  async require(id: string, actor: Actor, language: Language = 'en'): Promise<DeliveryDetailDto> {
    const [row] = await this.dataSource.query<DeliveryRow[]>(`${SELECT} where ${VISIBLE} and d.id = $3`, [
      actor.clientId,
      actor.connectionIds,
      id,
    ]);
    if (!row) throw notFound('delivery', id);
    const attempts = await this.attempts([id], null);
    const [event] = await this.dataSource.query<{ payload: Record<string, unknown> }[]>(
      `select jsonb_build_object('id', id, 'type', type, 'timestamp',
         to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', data) as payload
       from outgoing_events where id = $1`,
      [row.outgoing_event_id],
    );
    return { ...toDelivery(row, attempts.get(id) ?? [], language), payload: event?.payload ?? {} };
  }

  private async attempts(ids: readonly string[], latest: number | null): Promise<Map<string, AttemptRow[]>> {
    const rows = await this.dataSource.query<AttemptRow[]>(
      `select a.* from unnest($1::text[]) as d(id)
       cross join lateral (
         select *, (count(*) over ())::int as count from delivery_attempts
         where delivery_id = d.id order by attempt_no desc limit $2) a
       order by a.delivery_id, a.attempt_no`,
      [ids, latest],
    );
    const byDelivery = new Map<string, AttemptRow[]>();
    for (const row of rows) {
      const known = byDelivery.get(row.delivery_id);
      if (known) known.push(row);
      else byDelivery.set(row.delivery_id, [row]);
    }
    return byDelivery;
  }
}

function toDelivery(row: DeliveryRow, attempts: readonly AttemptRow[], language: Language): DeliveryDto {
  return {
    id: row.id,
    target: targetOf(row),
    subscriptionId: row.subscription_id,
    connectionId: row.connection_id,
    eventId: row.outgoing_event_id,
    sourceEventId: row.event_id,
    eventType: row.type,
    status: row.status,
    nextAttemptAt: row.status === 'pending' ? (row.due_at?.toISOString() ?? null) : null,
    createdAt: row.created_at.toISOString(),
    externalRef: row.external_ref,
    attemptCount: attempts[0]?.count ?? 0,
    attempts: attempts.map((attempt) => toAttempt(attempt, language)),
  };
}

function targetOf({ subscription_id, connection_id, action }: DeliveryRow): DeliveryTargetDto {
  return subscription_id === null
    ? { kind: 'platform', connectionId: connection_id!, action: action! }
    : { kind: 'webhook', subscriptionId: subscription_id };
}

function toAttempt(row: AttemptRow, language: Language): DeliveryAttemptDto {
  return {
    number: row.attempt_no,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
    request: row.url === null ? null : { url: row.url, headers: row.request_headers ?? {} },
    response:
      row.response_status === null ? null : { status: row.response_status, excerpt: row.response_excerpt },
    error: row.error_code === null ? null : errorOf(row.error_code, row, language),
  };
}

function errorOf(
  code: string,
  { error, vendor }: AttemptRow,
  language: Language,
): DeliveryAttemptDto['error'] {
  const { advice, ...said } = vendor ?? {};
  return {
    code,
    message: error ?? '',
    ...(advice ? { advice: localize(advice, language) } : {}),
    ...said,
  };
}
