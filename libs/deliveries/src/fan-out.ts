import type { OutgoingEvent } from '@trainbridge/persistence';
import type { EntityManager } from 'typeorm';
import { connectionsOf, TELLING, type TellingConnection } from './platform/platform-deliveries.js';
import { sourceEventId } from './source-event-id.js';
import { patternsMatching } from './webhook/event-pattern.js';

/** What a subscription's owner must be allowed to read to be told of these; other events are for every subscriber. */
const SCOPES_BY_FAMILY: Record<string, string> = {
  user: 'directory:read',
  department: 'directory:read',
  customer: 'directory:read',
  assignment: 'assignments:read',
  enrollment: 'assignments:read',
};

export interface FannedOut {
  /** How many deliveries were made. */
  count: number;
  /** The connections of these events whose platforms are told of learning events. */
  telling: TellingConnection[];
}

/**
 * Makes the deliveries of freshly published events, in the publisher's transaction: one statement however many events and
 * subscriptions. A subscription gets what matches its patterns and connections, and never what lies outside the connections
 * and scopes of its owner; an event of no connection goes to owners without a limit and to whoever sent it.
 *
 * @param connectionFound true for events whose connection was not known when they were published: they now go to those
 *   who could not be given them then, because they are limited to some connections
 */
export async function fanOut(
  manager: EntityManager,
  events: readonly OutgoingEvent[],
  { connectionFound = false } = {},
): Promise<FannedOut> {
  if (events.length === 0) return { count: 0, telling: [] };
  const types = [...new Set(events.map((event) => event.type))];
  const [row] = await manager.query<FannedOut[]>(
    `with wanted as materialized (
       select t.type, s.id as subscription_id, s.client_id, s.connection_ids, s.ordered, owner.connection_ids as owned
       from jsonb_to_recordset($2::jsonb) as t(type text, patterns text[], scope text)
       join subscriptions s on s.status = 'active' and s.event_types && t.patterns
       left join clients owner on owner.id = s.client_id
       where s.client_id is null
         or (owner.id is not null and (owner.expires_at is null or owner.expires_at > now())
           and (t.scope is null or t.scope = any(owner.scopes)))),
     planned as materialized (
       select tb_id('dlv') as id, e.id as event_id, e."connectionId", e."eventId", w.subscription_id, e.position,
         case when w.ordered then e."orderKey" end as order_key
       from rows from (jsonb_to_recordset($1::jsonb) as (
           id text, type text, "clientId" text, "connectionId" text, "eventId" text, "orderKey" text)) with ordinality
         as e(id, type, "clientId", "connectionId", "eventId", "orderKey", position)
       join wanted w on w.type = e.type
       where (w.connection_ids is null or e."connectionId" = any(w.connection_ids))
         and (w.owned is null or e."connectionId" = any(w.owned)
           or (e."connectionId" is null and e."clientId" = w.client_id))
         ${connectionFound ? NOT_GIVEN_THEN : ''}),
     made as (
       insert into deliveries (id, outgoing_event_id, subscription_id, connection_id, event_id)
       select id, event_id, subscription_id, "connectionId", "eventId" from planned),
     queued as (
       insert into delivery_queue (delivery_id, subscription_id, outgoing_event_id, connection_id, order_key, due_at)
       select id, subscription_id, event_id, "connectionId", order_key, now() from planned order by position
       returning 1)
     select count(*)::int as count,
       coalesce((select jsonb_agg(t) from (${TELLING('$3')}) t), '[]') as telling
     from queued`,
    [
      JSON.stringify(events.map(routing)),
      JSON.stringify(types.map((type) => ({ type, patterns: patternsMatching(type), scope: scopeOf(type) }))),
      connectionsOf(events),
    ],
  );
  return row!;
}

const NOT_GIVEN_THEN = `and (w.connection_ids is not null or w.owned is not null)
  and not exists (
    select from deliveries d where d.outgoing_event_id = e.id and d.subscription_id = w.subscription_id)`;

/** What decides where an event goes; its content stays where it is. */
function routing(event: OutgoingEvent): object {
  const { id, type, clientId, connectionId, subjectId, data } = event;
  return {
    id,
    type,
    clientId,
    connectionId,
    eventId: sourceEventId(event),
    orderKey: subjectId ?? JSON.stringify(data.learner ?? null),
  };
}

function scopeOf(type: string): string | null {
  return SCOPES_BY_FAMILY[type.split('.')[0]!] ?? null;
}
