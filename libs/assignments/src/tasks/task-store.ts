import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, type TaskRecord } from '@trainbridge/connector-kit';
import { newId, rows, storableJson, type Sql } from '@trainbridge/persistence';
import { TASK_STATUSES } from './task.dto.js';

/** A row of `tasks`. */
export interface TaskRow {
  id: string;
  connection_id: string;
  external_id: string;
  kind: string;
  title: string;
  status: TaskRecord['status'];
  applicant_external_id: string | null;
  form: JsonObject;
  raw: JsonObject;
  changed_at: Date;
  created_at: Date;
  updated_at: Date;
}

export interface StoredTasks {
  created: number;
  updated: number;
  unchanged: number;
  /** Records that cannot be kept, and why. */
  rejected: { externalId: string | null; reason: string; raw: JsonObject }[];
  /** Ids of tasks that are new here. */
  appeared: string[];
  /** Ids of tasks that were known and have another status now. */
  moved: string[];
}

const LARGEST = 256 * 1024;

/** The task as expressions of rules see it: the connector's own record. */
export function toRecord(row: TaskRow): JsonObject {
  return {
    externalId: row.external_id,
    kind: row.kind,
    title: row.title,
    status: row.status,
    applicantExternalId: row.applicant_external_id,
    form: row.form,
    updatedAt: row.changed_at.toISOString(),
    raw: row.raw,
  };
}

/** Keeps what a platform says of some tasks: four statements, however many. Of two records of one task the last counts. */
export async function storeTasks(
  sql: Sql,
  connectionId: string,
  records: readonly TaskRecord[],
): Promise<StoredTasks> {
  const stored: StoredTasks = { created: 0, updated: 0, unchanged: 0, rejected: [], appeared: [], moved: [] };
  const good = new Map<string, TaskRecord & { hash: string }>();
  for (const record of records) {
    const reason = reasonAgainst(record);
    if (reason === null) good.set(record.externalId, { ...record, hash: hashOf(record) });
    else
      stored.rejected.push({
        externalId: idOf(record),
        reason,
        raw: isJsonObject(record?.raw) ? record.raw : {},
      });
  }
  if (good.size === 0) return stored;
  // Deleted while the platform was asked: nothing of it may come back. Not deleted before this is committed otherwise.
  const there = await rows(sql, `select id from connections where id = $1 for key share`, [connectionId]);
  if (there.length === 0) return stored;
  const known = await rows<{ id: string; external_id: string; status: string; content_hash: string }>(
    sql,
    `select id, external_id, status, content_hash from tasks where connection_id = $1 and external_id = any($2)
     order by external_id for update`,
    [connectionId, [...good.keys()]],
  );
  for (const { id, external_id, status, content_hash } of known) {
    const record = good.get(external_id)!;
    if (record.status !== status) stored.moved.push(id);
    if (record.hash !== content_hash) continue;
    stored.unchanged += 1;
    good.delete(external_id);
  }
  await sql.query(`update tasks set read_at = now() where id = any($1)`, [known.map(({ id }) => id)]);
  const written = await rows<{ id: string; isNew: boolean }>(sql, UPSERT, [
    connectionId,
    storableJson([...good.values()].map((record) => ({ ...record, id: newId('tsk') }))),
  ]);
  stored.appeared = written.flatMap(({ id, isNew }) => (isNew ? [id] : []));
  stored.created = stored.appeared.length;
  stored.updated = written.length - stored.created;
  return stored;
}

/** What the platform says does not exist any more; unknown ids are nobody's loss. */
export async function deleteTasks(
  sql: Sql,
  connectionId: string,
  externalIds: readonly string[],
): Promise<string[]> {
  const gone = await rows<{ external_id: string }>(
    sql,
    `update tasks set status = 'deleted', content_hash = '', read_at = now(), updated_at = now(), changed_at = now()
     where connection_id = $1 and external_id = any($2) and status <> 'deleted' returning external_id`,
    [connectionId, externalIds],
  );
  return gone.map((row) => row.external_id);
}

function idOf(record: TaskRecord): string | null {
  return typeof record?.externalId === 'string' ? record.externalId.slice(0, 256) : null;
}

/** Connectors are strangers' code: what they hand over is looked at before it is kept. */
function reasonAgainst(record: TaskRecord): string | null {
  if (!isJsonObject(record)) return 'it is not an object';
  const { externalId, kind, title, status, applicantExternalId, form, updatedAt } = record;
  if (typeof externalId !== 'string' || externalId === '' || externalId.length > 256)
    return 'externalId is not an id';
  if (typeof kind !== 'string' || kind === '' || kind.length > 200) return 'kind is not an id';
  if (typeof title !== 'string' || title.length > 1_000)
    return 'title is not a text of at most 1,000 characters';
  if (!TASK_STATUSES.includes(status)) return 'status is not one of the known ones';
  if (
    applicantExternalId !== null &&
    (typeof applicantExternalId !== 'string' || applicantExternalId.length > 400)
  ) {
    return 'applicantExternalId is not an id';
  }
  if (!isJsonObject(form)) return 'form is not an object';
  if (typeof updatedAt !== 'string' || Number.isNaN(Date.parse(updatedAt))) return 'updatedAt is not a time';
  if (JSON.stringify(record).length > LARGEST) return 'it is larger than 256 KiB';
  return null;
}

function hashOf({ kind, title, status, applicantExternalId, form, updatedAt, raw }: TaskRecord): string {
  const content = JSON.stringify([kind, title, status, applicantExternalId, form, updatedAt, raw]);
  return createHash('md5').update(content).digest('hex');
}

const UPSERT = `
  insert into tasks as t (id, connection_id, external_id, kind, title, status, applicant_external_id, form, raw,
    content_hash, changed_at)
  select id, $1, "externalId", kind, title, status, "applicantExternalId", form, coalesce(raw, '{}'), hash, "updatedAt"
  from jsonb_to_recordset($2::jsonb) as n(id text, "externalId" text, kind text, title text, status text,
    "applicantExternalId" text, form jsonb, raw jsonb, hash text, "updatedAt" timestamptz)
  order by "externalId"
  on conflict (connection_id, external_id) do update set
    kind = excluded.kind, title = excluded.title, status = excluded.status,
    applicant_external_id = excluded.applicant_external_id, form = excluded.form, raw = excluded.raw,
    content_hash = excluded.content_hash, changed_at = excluded.changed_at, read_at = now(), updated_at = now()
  returning id, xmax = 0 as "isNew"`;
