import { Injectable } from '@nestjs/common';
import type { Actor } from '@trainbridge/access';
import { decodeCursor, listAnswer, notFound, type ListAnswer } from '@trainbridge/http-api';
import { DataSource } from 'typeorm';
import type { LearningEventDto } from '../learning-event.dto.js';
import type { LearningEventsQuery } from './learning-events-query.js';
import type { StoredLearningEventDto } from './stored-learning-event.dto.js';

interface Row {
  id: string;
  client_id: string | null;
  user_id: string | null;
  customer_id: string | null;
  connection_id: string | null;
  held: boolean;
  accepted_at: Date;
  data: LearningEventDto;
}

const SELECT = `
  select l.id, l.client_id, l.user_id, l.customer_id, l.connection_id, l.held, l.accepted_at, e.data
  from learning_events l join outgoing_events e on e.id = l.id`;

/** `$1`: the client that asks, null for the admin token. Written out filter by filter, so that indexes are used. */
const FILTERS: [name: keyof LearningEventsQuery, condition: (parameter: string) => string][] = [
  ['type', (value) => `l.type = ${value}`],
  ['eventId', (value) => `(l.event_id = ${value} or l.id = ${value})`],
  ['userId', (value) => `l.user_id = ${value}`],
  ['customerId', (value) => `l.customer_id = ${value}`],
  ['clientId', (value) => `l.client_id = ${value}`],
  ['connectionId', (value) => `l.connection_id = ${value}`],
  ['courseId', (value) => `l.course_id = ${value}`],
  ['since', (value) => `l.occurred_at >= ${value}`],
  ['until', (value) => `l.occurred_at < ${value}`],
  ['held', (value) => `l.held = ${value}::boolean`],
];

/** What learning systems told us, for comparing their records with ours. A client sees what it sent itself. */
@Injectable()
export class LearningEventReader {
  constructor(private readonly dataSource: DataSource) {}

  async list(
    query: LearningEventsQuery,
    actor: Actor,
  ): Promise<ListAnswer<StoredLearningEventDto> & { count?: number }> {
    const { where, parameters, filters } = conditions(query, actor);
    const scope = { list: 'learning-events', filters };
    const [before] = decodeCursor(scope, query.cursor) ?? [null];
    const page = [...parameters, query.limit + 1];
    const beforeId = before === null ? '' : `and l.id < $${page.push(before)}`;
    const rows = await this.dataSource.query<Row[]>(
      `${SELECT} where ${where} ${beforeId} order by l.id desc limit $${parameters.length + 1}`,
      page,
    );
    const answer = listAnswer(scope, rows, query.limit, (row) => [row.id], toStored);
    if (query.count === 'false') return answer;
    const [counted] = await this.dataSource.query<{ count: number }[]>(
      `select count(*)::int as count from learning_events l where ${where}`,
      parameters,
    );
    return { ...answer, count: counted!.count };
  }

  /** By our `recordId` or by the `id` it was sent in with. @throws {ProblemError} 404 */
  async require(id: string, actor: Actor): Promise<StoredLearningEventDto> {
    const [row] = await this.dataSource.query<Row[]>(
      `${SELECT} where (l.id = $2 or l.event_id = $2) and ($1::text is null or l.client_id = $1) order by l.id desc limit 1`,
      [actor.clientId, id],
    );
    if (!row) throw notFound('learning event', id);
    return toStored(row);
  }
}

function conditions(
  query: LearningEventsQuery,
  actor: Actor,
): { where: string; parameters: unknown[]; filters: object } {
  const parameters: unknown[] = [];
  const parts = ['true'];
  if (actor.clientId !== null) parts.push(`l.client_id = $${parameters.push(actor.clientId)}`);
  const filters: Record<string, unknown> = {};
  for (const [name, condition] of FILTERS) {
    const value = query[name];
    if (value === undefined) continue;
    filters[name] = value;
    parts.push(condition(`$${parameters.push(value)}`));
  }
  return { where: parts.join(' and '), parameters, filters };
}

function toStored(row: Row): StoredLearningEventDto {
  return {
    ...row.data,
    recordId: row.id,
    clientId: row.client_id,
    userId: row.user_id,
    customerId: row.customer_id,
    connectionId: row.connection_id,
    held: row.held,
    acceptedAt: row.accepted_at.toISOString(),
  };
}
