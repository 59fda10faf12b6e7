import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

const TABLES = {
  departments: 'id',
  users: 'id',
  memberships: 'user_id, department_id, source',
  user_records: 'user_id',
  directory_changes: 'sequence',
} as const;

/**
 * The raw limit of a sync: the rows a first sync left behind, by COPY into plain tables and one merge each into empty
 * tables with the same indexes. Nothing is read, checked, compared or decided. Answers milliseconds for all tables.
 */
export async function measureCopyCeiling(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  const folder = await mkdtemp(join(tmpdir(), 'trainbridge-bench-'));
  await client.connect();
  try {
    await client.query('create schema ceiling');
    for (const table of Object.keys(TABLES)) {
      await pipeline(client.query(copyTo(`copy ${table} to stdout`)), createWriteStream(join(folder, table)));
      await client.query(`create table ceiling.${table} (like public.${table} including all)`);
    }
    await client.query('checkpoint').catch(() => undefined);
    const begin = performance.now();
    for (const [table, key] of Object.entries(TABLES)) {
      await client.query('begin');
      await client.query(`create temp table incoming on commit drop as select * from ${table} limit 0`);
      await pipeline(createReadStream(join(folder, table)), client.query(copyFrom('copy incoming from stdin')));
      const { rows } = await client.query<{ column: string }>(
        `select attname as column from pg_attribute where attrelid = 'incoming'::regclass and attnum > 0`,
      );
      const assignments = rows.map(({ column }) => `"${column}" = excluded."${column}"`);
      const update = table === 'directory_changes' ? 'nothing' : `update set ${assignments.join(', ')}`;
      await client.query(
        `insert into ceiling.${table} overriding system value select * from incoming on conflict (${key}) do ${update}`,
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
