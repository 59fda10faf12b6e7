import type { JsonObject } from '@trainbridge/connector-kit';
import type { DirectoryReader, DirectoryUser } from '@trainbridge/directory';
import { rows, type Sql } from '@trainbridge/persistence';
import { toRecord, type TaskRow } from '../tasks/task-store.js';
import type { RuleKind } from './rule.dto.js';

/** Something a rule looks at. */
export interface RuleSubject {
  /** Null for one that was made up for a test. */
  id: string | null;
  externalId: string;
  /** What expressions see. */
  record: JsonObject;
}

/** The tasks, customers or users of these ids that still are there, of one connection. One statement. */
export async function loadSubjects(
  sql: Sql,
  directory: DirectoryReader,
  kind: RuleKind,
  connectionId: string,
  ids: readonly string[],
): Promise<Map<string, RuleSubject>> {
  const found = await LOADERS[kind](sql, directory, connectionId, ids);
  return new Map(found.map((subject) => [subject.id!, subject]));
}

type Loader = (
  sql: Sql,
  directory: DirectoryReader,
  connectionId: string,
  ids: readonly string[],
) => Promise<RuleSubject[]>;

const LOADERS: Record<RuleKind, Loader> = {
  task: async (sql, _directory, connectionId, ids) => {
    const found = await rows<TaskRow>(sql, `select * from tasks where connection_id = $1 and id = any($2)`, [
      connectionId,
      ids,
    ]);
    return found.map((row) => ({ id: row.id, externalId: row.external_id, record: toRecord(row) }));
  },
  customer: async (sql, _directory, connectionId, ids) =>
    rows<RuleSubject>(
      sql,
      `select id, external_id as "externalId", jsonb_build_object('id', id, 'externalId', external_id,
         'displayName', display_name, 'tags', tags, 'ownerExternalIds', to_jsonb(owner_external_ids), 'raw', raw) as record
       from customers where connection_id = $1 and id = any($2) and removed_at is null`,
      [connectionId, ids],
    ),
  user: async (sql, directory, connectionId, ids) => {
    const found = await directory.usersById(sql, ids);
    return found
      .filter((user) => user.connectionId === connectionId && user.status !== 'disabled')
      .map((user) => ({ id: user.id, externalId: user.externalId, record: recordOf(user) }));
  },
};

/** Without mobile and mail: whoever writes a rule can let it answer with what it sees, and need not have the scope for them. */
function recordOf(user: DirectoryUser): JsonObject {
  const { mobile: _mobile, workEmail: _workEmail, ...record } = user;
  return JSON.parse(JSON.stringify(record)) as JsonObject;
}
