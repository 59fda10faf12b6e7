import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** The final rows of a sync (what a first run leaves behind for good) and what makes each unique. */
const FINAL_TABLES = {
  departments: 'id',
  users: 'id',
  memberships: 'user_id, department_id, source',
  user_records: 'user_id',
  directory_changes: 'sequence',
} as const;

/**
 * The raw limit of a sync: the rows a first run left behind, by COPY into temporary tables and one merge each into empty
 * tables with the same columns, defaults and indexes. Nothing is fetched, checked, compared or decided.
 *
 * @returns milliseconds for all tables.
 */
export async function timeCopyAndMerge(databaseUrl: string): Promise<number> {
  const client = new Client(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'trainbridge-ceiling-'));
  await client.connect();
  try {
    await client.query('create schema ceiling');
    for (const table of Object.keys(FINAL_TABLES)) {
      await pipeline(client.query(copyTo(`copy ${table} to stdout`)), createWriteStream(join(folder, table)));
      await client.query(`create table ceiling.${table} (like public.${table} including all)`);
    }
    const begin = performance.now();
    for (const [table, key] of Object.entries(FINAL_TABLES)) {
      await client.query('begin');
      await client.query(`create temporary table incoming on commit drop as select * from ${table} limit 0`);
      await pipeline(
        createReadStream(join(folder, table)),
        client.query(copyFrom('copy incoming from stdin')),
      );
      const { rows } = await client.query<{ name: string }>(
        `select quote_ident(attname) as name from pg_attribute where attrelid = 'incoming'::regclass and attnum > 0`,
      );
      // The key of changes is an identity column, which no update may name.
      const assignments = rows
        .filter(({ name }) => name !== 'sequence')
        .map(({ name }) => `${name} = excluded.${name}`);
      await client.query(
        `insert into ceiling.${table} overriding system value select * from incoming
         on conflict (${key}) do update set ${assignments.join(', ')}`,
      );
      await client.query('commit');
    }
    return performance.now() - begin;
  } finally {
    await client.query('drop schema if exists ceiling cascade').catch(() => undefined);
    await client.end();
    await rm(folder, { recursive: true, force: true });
  }
}
