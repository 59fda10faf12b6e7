import type { ResultSetting } from '@trainbridge/connections';
import type { Connector, JsonObject } from '@trainbridge/connector-kit';
import type { OutgoingEvent } from '@trainbridge/persistence';
import type { EntityManager } from 'typeorm';
import { sourceEventId } from '../source-event-id.js';
import { patternsMatching } from '../webhook/event-pattern.js';

/** What a connection's platform is to be told, as its settings say at this moment. */
export interface TellingConnection {
  connectionId: string;
  connector: string;
  results: ResultSetting[];
}

/** A learning event whose learner is known: what platforms are told of. Nothing else that is published has a learner. */
export function isToldToPlatforms({ data, subjectId, connectionId }: OutgoingEvent): boolean {
  return data.learner !== undefined && subjectId !== null && connectionId !== null;
}

export function recipientKind(subjectId: string): 'user' | 'customer' {
  return subjectId.startsWith('cus_') ? 'customer' : 'user';
}

/** The connections with results among those the events belong to. */
export async function tellingConnections(
  manager: EntityManager,
  events: readonly OutgoingEvent[],
): Promise<TellingConnection[]> {
  const ids = connectionsOf(events);
  return ids.length === 0
    ? []
    : manager.query<TellingConnection[]>(`select * from (${TELLING('$1')}) telling`, [ids]);
}

/** Ids of the connections whose platforms might be told of these events. */
export function connectionsOf(events: readonly OutgoingEvent[]): string[] {
  return [...new Set(events.filter(isToldToPlatforms).map(({ connectionId }) => connectionId!))];
}

/** SQL of the connections with results among the ids at a place of the statement. */
export const TELLING = (ids: string): string =>
  `select id as "connectionId", connector, settings -> 'results' as results from connections
   where id = any(${ids}::text[]) and jsonb_typeof(settings -> 'results') = 'array' and settings -> 'results' <> '[]'`;

/**
 * Makes one delivery for each event and each result setting of its connection that asks for its type, in the publisher's
 * transaction: one statement however many. An action for users only is not made for a customer.
 *
 * @returns ids of the connections that have something to be told now
 */
export async function makePlatformDeliveries(
  manager: EntityManager,
  events: readonly OutgoingEvent[],
  telling: readonly TellingConnection[],
  connectorOf: (id: string) => Connector | null,
): Promise<string[]> {
  const byConnection = new Map(telling.map((connection) => [connection.connectionId, connection]));
  const planned = events.filter(isToldToPlatforms).flatMap((event) => {
    const connection = byConnection.get(event.connectionId!);
    if (!connection) return [];
    const patterns = patternsMatching(event.type);
    const kind = recipientKind(event.subjectId!);
    const connector = connectorOf(connection.connector);
    return connection.results
      .filter(({ eventTypes, action }) => {
        if (!eventTypes.some((pattern) => patterns.includes(pattern))) return false;
        // Of a connector that is not loaded nothing is known; whoever sends will see.
        const declared = connector?.manifest.results?.actions.find(({ name }) => name === action);
        return declared === undefined || declared.recipients.includes(kind);
      })
      .map(({ action, options }) => toRow(event, action, options));
  });
  if (planned.length === 0) return [];
  const made = await manager.query<{ connectionId: string }[]>(MAKE, [JSON.stringify(planned)]);
  return made.map(({ connectionId }) => connectionId);
}

function toRow(event: OutgoingEvent, action: string, options: JsonObject | undefined): object {
  const { id, clientId, connectionId } = event;
  return { id, clientId, connectionId, eventId: sourceEventId(event), action, options: options ?? {} };
}

/** SQL: deliveries of equal lot may share a call. */
export const lotOf = (alias: string): string => `md5(${alias}.action || chr(31) || ${alias}.options::text)`;

const MAKE = `
  with planned as materialized (
    select tb_id('dlv') as delivery_id, e.*
    from rows from (jsonb_to_recordset($1::jsonb) as (
        id text, "clientId" text, "connectionId" text, "eventId" text, action text, options jsonb)) with ordinality
      as e(id, "clientId", "connectionId", "eventId", action, options, position)),
  made as (
    insert into deliveries (id, outgoing_event_id, client_id, connection_id, event_id, action, options)
    select delivery_id, id, "clientId", "connectionId", "eventId", action, options from planned),
  queued as (
    insert into platform_delivery_queue (delivery_id, connection_id, lot, due_at)
    select delivery_id, "connectionId", ${lotOf('planned')}, now() from planned order by position
    returning connection_id)
  select distinct connection_id as "connectionId" from queued`;
