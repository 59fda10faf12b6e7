import type { JsonObject, UserField, UserRecord } from '@trainbridge/connector-kit';
import type { DataSource } from 'typeorm';
import { lookUp } from '../../events/lookups.js';
import type { RunHandle } from '../run-facts.js';
import { rows, type Sql } from '../sql.js';
import { keyOf, USER_COLUMNS } from '../stage/fields.js';
import type { RecordStager } from '../stage/record-stager.js';
import { holdRun, openWalks, stageRecords } from '../stage/staging.js';
import type { DirectorySource } from './fetch.js';

const DETAILS_WALK = 'details';
const PEOPLE_AT_ONCE = 500;
const MAX_CONCURRENCY = 8;

/**
 * Asks for the fields that only a lookup tells (`manifest.directory.detailFields`), for people who are new or whose listed
 * record changed: everybody else keeps what is stored, put beside the listing so that the two compare equal. A lookup that
 * fails leaves the stored values as they are and is counted; it neither ends the run nor blanks anything, and the next run
 * asks again.
 *
 * @returns what to note on the run; null when nobody had to be asked
 * @throws {RunInterrupted}
 */
export async function readDetails(
  dataSource: DataSource,
  run: RunHandle,
  source: DirectorySource,
  stager: RecordStager,
  fields: readonly UserField[],
  signal: AbortSignal,
): Promise<JsonObject | null> {
  if (fields.length === 0) return null;
  let after = await begin(dataSource, run, fields);
  const note = { asked: 0, failed: 0 };
  let error: string | null = null;
  while (after !== null) {
    signal.throwIfAborted();
    const people = await peopleToAsk(dataSource, run, after);
    const ids = people.map(({ externalId }) => externalId);
    const answers = await lookUp<UserRecord>(
      (externalIds) => source.directory.getUsers(source.context, { externalIds }),
      ids,
      {
        batch: source.manifest.directory?.lookupBatch ?? 1,
        concurrency: Math.min(MAX_CONCURRENCY, source.manifest.maxConcurrency),
        keyOf,
        signal,
      },
    );
    const found = [...answers.values()].flatMap((answer) =>
      answer.status === 'found' ? [answer.record] : [],
    );
    for (const answer of answers.values()) if (answer.status === 'failed') error ??= answer.error.code;
    note.asked += ids.length;
    note.failed += ids.length - found.length;
    const batch = await stager.users(found, []);
    const next = people.length < PEOPLE_AT_ONCE ? null : people.at(-1)!.key;
    const failed = [...answers].flatMap(([key, { status }]) => (status === 'failed' ? [key] : []));
    const outdated = [
      ...failed.map((key) => ({ key, fields: fields.flatMap(keysOf) })),
      ...batch.users.map(({ key, content }) => ({
        key,
        fields: fields.filter((field) => Object.hasOwn(content, field)).flatMap(keysOf),
      })),
    ];
    await dataSource.transaction(async (manager) => {
      await holdRun(manager, run, null);
      await manager.query(FORGET_KEPT, [run.id, JSON.stringify(outdated)]);
      await stageRecords(manager, run.id, batch);
      await manager.query(
        `update run_walks set cursor = $3, pages = pages + 1, records = records + $4, done = $3::text is null
         where run_id = $1 and walk = $2`,
        [run.id, DETAILS_WALK, next, found.length],
      );
    });
    after = next;
  }
  return note.asked === 0 ? null : { ...note, ...(error === null ? {} : { error }) };
}

/** Where to go on: a key, or null when all have been asked. The first time, stored values are put beside the listing. */
async function begin(
  dataSource: DataSource,
  run: RunHandle,
  fields: readonly UserField[],
): Promise<string | null> {
  return dataSource.transaction(async (manager) => {
    await holdRun(manager, run, null);
    const [walk] = await rows<{ cursor: string | null; done: boolean }>(
      manager,
      `select cursor, done from run_walks where run_id = $1 and walk = $2`,
      [run.id, DETAILS_WALK],
    );
    if (walk) return walk.done ? null : (walk.cursor ?? '');
    await openWalks(manager, run.id, [DETAILS_WALK]);
    for (const { field, column } of USER_COLUMNS) {
      if (fields.includes(field)) await keepStored(manager, run, field, column);
    }
    return '';
  });
}

/**
 * What was put beside the listing goes where a lookup tells it anew, because two answers unite and a value would outlive the
 * word that there is none; and where it failed, because the record would compare equal the next time, and nobody would ask.
 */
const FORGET_KEPT = `
  update staged_users s set content = s.content - f.fields
  from jsonb_to_recordset($2::jsonb) as f(key text, fields text[])
  where s.run_id = $1 and s.external_key = f.key`;

/** A field's keys in staged content. */
function keysOf(field: UserField): string[] {
  return field === 'managerExternalId' ? [field, 'managerKey'] : [field];
}

/** `managerKey` accompanies a manager, as the stager writes it. */
async function keepStored(manager: Sql, run: RunHandle, field: string, column: string): Promise<void> {
  const key =
    field === 'managerExternalId'
      ? `|| case when u.${column} is null then '{}' else jsonb_build_object('managerKey', lower(u.${column})) end`
      : '';
  await manager.query(
    `update staged_users s set content = s.content || jsonb_build_object('${field}', u.${column}) ${key}
     from users u
     where s.run_id = $1 and u.connection_id = $2 and u.external_key = s.external_key
       and not s.id_only and s.gone is null and not s.content ? '${field}'`,
    [run.id, run.connectionId],
  );
}

/** People who are new, or of whom the platform tells something else than last time. */
function peopleToAsk(
  sql: Sql,
  run: RunHandle,
  after: string,
): Promise<{ key: string; externalId: string }[]> {
  return rows(
    sql,
    `select s.external_key as key, s.external_id as "externalId"
     from staged_users s left join users u on u.connection_id = $2 and u.external_key = s.external_key
     where s.run_id = $1 and not s.id_only and s.gone is null and s.external_key > $3
       and (u.id is null or u.content_hash is distinct from s.content_hash)
     order by s.external_key limit ${PEOPLE_AT_ONCE}`,
    [run.id, run.connectionId, after],
  );
}
