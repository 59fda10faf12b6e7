import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from './id.js';

/** Something that became true and that others (features, subscribers, platforms) may want to know. */
export interface OutgoingEvent {
  /** Unique for ever; what a receiver deduplicates by. */
  id: string;
  type: string;
  /** The client that sent it, when it came in over the API. */
  clientId: string | null;
  /** The connection it belongs to, for subscriptions limited to some connections. */
  connectionId: string | null;
  /** The record it is about, such as a user or a learning event. */
  subjectId: string | null;
  /** What receivers get as `data`. */
  data: Record<string, unknown>;
  /** ISO 8601, UTC. */
  occurredAt: string;
}

/** As OutgoingEvent; a missing id is made (`evt_…`), a missing time is now, missing references are null. */
export type NewOutgoingEvent = Pick<OutgoingEvent, 'type' | 'data'> & {
  id?: string;
  clientId?: string | null;
  connectionId?: string | null;
  subjectId?: string | null;
  occurredAt?: string | Date;
};

/** Runs inside the publisher's transaction: what it throws undoes the publishing. Use only the manager given. */
export type OutgoingEventListener = (
  manager: EntityManager,
  events: readonly OutgoingEvent[],
) => Promise<void>;

/** How features tell each other things: recorded in the transaction that made them true. */
@Injectable()
export class OutgoingEvents {
  private readonly listeners = new Set<OutgoingEventListener>();
  private readonly subjectListeners = new Set<OutgoingEventListener>();

  /** Registers for every later `publish`; answers a function that unregisters. Listeners run one after the other. */
  onPublished(listener: OutgoingEventListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Registers for events that were published without a subject and have found it later (a held learning event whose person
   * has appeared). Such an event now has `subjectId` and `connectionId`. Same promises as `onPublished`.
   */
  onSubjectKnown(listener: OutgoingEventListener): () => void {
    this.subjectListeners.add(listener);
    return () => this.subjectListeners.delete(listener);
  }

  /** Writes the found subjects down and runs the `onSubjectKnown` listeners, in the manager's transaction. */
  async subjectKnown(
    manager: EntityManager,
    found: readonly { id: string; subjectId: string; connectionId: string | null }[],
  ): Promise<void> {
    if (found.length === 0) return;
    const [events] = await manager.query<[OutgoingEvent[], number]>(
      `update outgoing_events e set subject_id = f."subjectId", connection_id = f."connectionId"
       from jsonb_to_recordset($2::jsonb) as f(id text, "subjectId" text, "connectionId" text)
       where e.id = any($1) and e.id = f.id
       returning e.id, e.type, e.client_id as "clientId", e.connection_id as "connectionId", e.subject_id as "subjectId",
         e.data, to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "occurredAt"`,
      [found.map(({ id }) => id), JSON.stringify(found)],
    );
    for (const listener of this.subjectListeners) await listener(manager, events);
  }

  /**
   * Records the events in the manager's transaction (one statement however many), then runs the listeners in the same
   * transaction. Nothing has happened until the caller commits. An id that was published before fails (23505).
   */
  async publish(manager: EntityManager, events: readonly NewOutgoingEvent[]): Promise<OutgoingEvent[]> {
    if (events.length === 0) return [];
    const complete = events.map(completeEvent);
    await manager.query(
      `insert into outgoing_events (id, type, client_id, connection_id, subject_id, data, occurred_at)
       select "id", "type", "clientId", "connectionId", "subjectId", "data", "occurredAt"
       from jsonb_to_recordset($1::jsonb) as event(
         "id" text, "type" text, "clientId" text, "connectionId" text, "subjectId" text, "data" jsonb,
         "occurredAt" timestamptz)`,
      [JSON.stringify(complete)],
    );
    for (const listener of this.listeners) await listener(manager, complete);
    return complete;
  }
}

function completeEvent(event: NewOutgoingEvent): OutgoingEvent {
  return {
    id: event.id ?? newId('evt'),
    type: event.type,
    clientId: event.clientId ?? null,
    connectionId: event.connectionId ?? null,
    subjectId: event.subjectId ?? null,
    data: event.data,
    occurredAt: new Date(event.occurredAt ?? Date.now()).toISOString(),
  };
}
