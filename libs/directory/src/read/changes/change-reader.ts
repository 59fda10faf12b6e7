import { Injectable } from '@nestjs/common';
import type { Actor } from '@trainbridge/access';
import type { JsonObject } from '@trainbridge/connector-kit';
import { DataSource } from 'typeorm';
import { rows } from '../../sync/sql.js';
import { connectionsOf, pageOfConnections } from '../conditions.js';
import { maySeeContacts, withContactsHidden, withoutContacts } from '../contact-fields.js';
import { customerInOrder, departmentInOrder, userInOrder } from '../record-order.js';
import type { ChangesQuery, DirectoryChangeDto, DirectoryChangeListDto } from './change.dto.js';
import { feedCursor, feedPosition } from './feed-cursor.js';

interface ChangeRow {
  sequence: string;
  connection_id: string;
  type: string;
  subject_id: string;
  before: JsonObject | null;
  after: JsonObject;
  at: Date;
  cause: JsonObject;
}

/**
 * The change feed. Sequence order is commit order (`lockChangeFeed`), so whoever goes on after the highest number they
 * saw misses nothing.
 */
@Injectable()
export class ChangeReader {
  constructor(private readonly dataSource: DataSource) {}

  async list({ limit, cursor, ...filters }: ChangesQuery, actor: Actor): Promise<DirectoryChangeListDto> {
    const after = feedPosition(cursor);
    const connections = connectionsOf(actor, filters.connectionId);
    const found = await rows<ChangeRow>(
      this.dataSource,
      ...pageOf(after ?? 0, limit, connections, filters.subjectId),
    );
    const contacts = maySeeContacts(actor);
    const last = found.length > 0 ? Number(found.at(-1)!.sequence) : after;
    return {
      data: found.map((row) => toChange(row, contacts)),
      nextCursor: last === undefined ? null : feedCursor(last),
    };
  }
}

/** Each form walks an index from where the page begins, so changes that are not asked for are never read. */
function pageOf(
  after: number,
  limit: number,
  connections: string[] | null,
  subjectId: string | undefined,
): [statement: string, values: unknown[]] {
  if (subjectId !== undefined) return [OF_SUBJECT, [after, limit, connections, subjectId]];
  return connections === null ? [OF_ALL, [after, limit]] : [OF_CONNECTIONS, [after, limit, connections]];
}

const OF_ALL = `select * from directory_changes where sequence > $1 order by sequence limit $2`;

const OF_SUBJECT = `
  select * from directory_changes
  where subject_id = $4 and sequence > $1 and ($3::text[] is null or connection_id = any($3)) order by sequence limit $2`;

const OF_CONNECTIONS = pageOfConnections(
  { table: 'directory_changes', key: 'sequence', where: 'true' },
  { connections: '$3', after: '$1', limit: '$2' },
);

/** By the first word of a change's type, which is what it is about. */
const IN_ORDER = { user: userInOrder, department: departmentInOrder, customer: customerInOrder };

function toChange(row: ChangeRow, contacts: boolean): DirectoryChangeDto {
  const kind = row.type.slice(0, row.type.indexOf('.')) as keyof typeof IN_ORDER;
  const inOrder = IN_ORDER[kind];
  const { externalId } = row.after;
  const before = row.before && (contacts ? row.before : withoutContacts(row.before));
  return {
    sequence: Number(row.sequence),
    type: row.type,
    subject: {
      kind,
      id: row.subject_id,
      externalId: typeof externalId === 'string' ? externalId : null,
      connectionId: row.connection_id,
    },
    ...(before ? { before: inOrder(before) } : {}),
    after: inOrder(contacts ? row.after : withContactsHidden(row.after)),
    at: row.at.toISOString(),
    cause: row.cause,
  };
}
