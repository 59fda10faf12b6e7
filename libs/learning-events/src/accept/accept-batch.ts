import { isConnectionAllowed, type Actor } from '@trainbridge/access';
import type { Language } from '@trainbridge/http-api';
import { newId, type NewOutgoingEvent, type OutgoingEvents } from '@trainbridge/persistence';
import type { EntityManager } from 'typeorm';
import { conflict, foreignConnection, type CheckedEvent, type EventProblem } from './check-event.js';
import { groupedBy, type LearnerLookup, type ResolvedLearner } from './learner-lookup.js';

/** One event on its way in. `outcome` is set by `acceptBatch`. */
export interface IncomingEvent extends CheckedEvent {
  actor: Actor;
  language: Language;
  outcome: 'accepted' | 'held' | 'duplicate' | EventProblem | null;
}

/**
 * Takes in events of any number of clients in the manager's transaction: four statements and a publication, however many
 * there are. When the transaction is committed, what was accepted or held is durable and fanned out.
 */
export async function acceptBatch(
  manager: EntityManager,
  lookup: LearnerLookup,
  outgoing: OutgoingEvents,
  incoming: readonly IncomingEvent[],
): Promise<void> {
  const candidates = withoutRepetitions(incoming.filter((one) => !refuseForeignConnection(one)));
  const fresh = [...candidates.values()].map(([first]) => first!);
  if (fresh.length === 0) return;
  const learners = await resolve(manager, lookup, fresh);
  const rows = fresh.map((one, index) => toRow(one, learners[index] ?? null));
  const inserted = await insert(manager, rows);
  const stored = await storedHashes(
    manager,
    rows.filter((row) => !inserted.has(row.id)),
  );
  const publications: NewOutgoingEvent[] = [];
  for (const [index, row] of rows.entries()) {
    const [first, ...repeated] = candidates.get(keyOf(fresh[index]!))!;
    if (inserted.has(row.id)) {
      first!.outcome = row.held ? 'held' : 'accepted';
      publications.push(publication(first!, row));
    } else {
      first!.outcome =
        stored.get(keyOf(first!)) === first!.contentHash ? 'duplicate' : conflict(first!.language);
    }
    const known = inserted.has(row.id) ? first!.contentHash : stored.get(keyOf(first!));
    for (const one of repeated)
      one.outcome = one.contentHash === known ? 'duplicate' : conflict(one.language);
  }
  await outgoing.publish(manager, publications);
}

interface Row {
  id: string;
  clientId: string | null;
  eventId: string;
  type: string;
  contentHash: string;
  learner: object;
  learnerKey: string;
  userId: string | null;
  customerId: string | null;
  connectionId: string | null;
  courseId: string | null;
  occurredAt: string;
  held: boolean;
}

function keyOf({ actor, event }: IncomingEvent): string {
  return `${actor.clientId ?? ''} ${event.id}`;
}

/** The events of each id, in the order they came: the first is the candidate, the others are judged by what becomes of it. */
function withoutRepetitions(incoming: readonly IncomingEvent[]): Map<string, IncomingEvent[]> {
  const byKey = new Map<string, IncomingEvent[]>();
  for (const one of incoming) {
    const known = byKey.get(keyOf(one));
    if (known) known.push(one);
    else byKey.set(keyOf(one), [one]);
  }
  return byKey;
}

function refuseForeignConnection(one: IncomingEvent): boolean {
  const { connectionId } = one.event.learner;
  if (connectionId === undefined || isConnectionAllowed(one.actor, connectionId)) return false;
  one.outcome = foreignConnection(one.language);
  return true;
}

/** To a client limited to some connections there is nobody outside them: one lookup for all who see the same ones. */
async function resolve(
  manager: EntityManager,
  lookup: LearnerLookup,
  fresh: readonly IncomingEvent[],
): Promise<(ResolvedLearner | null)[]> {
  const answers = new Map<IncomingEvent, ResolvedLearner | null>();
  for (const asking of groupedBy(fresh, ({ actor }) => JSON.stringify(actor.connectionIds))) {
    const distinct = [...new Map(asking.map((one) => [one.learnerKey, one.event.learner]))];
    const found = await lookup.resolve(
      manager,
      distinct.map(([, learner]) => learner),
      asking[0]!.actor.connectionIds,
    );
    const byKey = new Map(distinct.map(([key], index) => [key, found[index] ?? null]));
    for (const one of asking) answers.set(one, byKey.get(one.learnerKey) ?? null);
  }
  return fresh.map((one) => answers.get(one) ?? null);
}

function toRow(
  { actor, event, contentHash, learnerKey }: IncomingEvent,
  learner: ResolvedLearner | null,
): Row {
  return {
    id: newId('lev'),
    clientId: actor.clientId,
    eventId: event.id,
    type: event.type,
    contentHash,
    learner: event.learner,
    learnerKey,
    userId: learner?.userId ?? null,
    customerId: learner?.customerId ?? null,
    connectionId: learner?.connectionId ?? event.learner.connectionId ?? null,
    courseId: event.course?.id ?? null,
    occurredAt: event.occurredAt,
    held: learner === null,
  };
}

/** Answers the ids of the rows that were new. Waits for whoever is inserting the same event at this moment. */
async function insert(manager: EntityManager, rows: readonly Row[]): Promise<Set<string>> {
  const inserted = await manager.query<{ id: string }[]>(
    `insert into learning_events (id, client_id, event_id, type, content_hash, learner, learner_key, user_id, customer_id,
       connection_id, course_id, occurred_at, held)
     select id, "clientId", "eventId", type, decode("contentHash", 'hex'), learner, "learnerKey", "userId", "customerId",
       "connectionId", "courseId", "occurredAt", held
     from jsonb_to_recordset($1::jsonb) as e(id text, "clientId" text, "eventId" text, type text, "contentHash" text,
       learner jsonb, "learnerKey" text, "userId" text, "customerId" text, "connectionId" text, "courseId" text,
       "occurredAt" timestamptz, held boolean)
     order by "clientId", "eventId"
     on conflict (client_id, event_id) do nothing
     returning id`,
    [JSON.stringify(rows)],
  );
  return new Set(inserted.map(({ id }) => id));
}

async function storedHashes(manager: EntityManager, rows: readonly Row[]): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map();
  const stored = await manager.query<{ client_id: string | null; event_id: string; hash: string }[]>(
    `with wanted as (select * from unnest($1::text[], $2::text[]) as w(client_id, event_id))
     select w.client_id, w.event_id, encode(e.content_hash, 'hex') as hash
     from wanted w cross join lateral (
       select content_hash from learning_events where client_id = w.client_id and event_id = w.event_id limit 1) e
     union all
     select w.client_id, w.event_id, encode(e.content_hash, 'hex') as hash
     from wanted w cross join lateral (
       select content_hash from learning_events where client_id is null and event_id = w.event_id limit 1) e
     where w.client_id is null`,
    [rows.map((row) => row.clientId), rows.map((row) => row.eventId)],
  );
  return new Map(stored.map((row) => [`${row.client_id ?? ''} ${row.event_id}`, row.hash]));
}

function publication({ event, actor }: IncomingEvent, row: Row): NewOutgoingEvent {
  return {
    id: row.id,
    type: event.type,
    clientId: actor.clientId,
    connectionId: row.connectionId,
    subjectId: row.userId ?? row.customerId,
    data: event as unknown as Record<string, unknown>,
    occurredAt: event.occurredAt,
  };
}
