import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** The final rows of a sync: what a first run leaves behind for good. */
const FINAL_TABLES = ['departments', 'users', 'memberships', 'user_records', 'directory_changes'] as const;

export interface FinalRows {
  /** Per table: its columns and its rows as COPY text. */
  tables: { name: string; columns: string[]; primaryKey: string[]; copy: Buffer[] }[];
}

/** Reads what a finished run left behind, so that the ceiling writes exactly the same. */
export async function readFinalRows(databaseUrl: string): Promise<FinalRows> {
  return withClient(databaseUrl, async (client) => {
    const tables: FinalRows['tables'] = [];
    for (const name of FINAL_TABLES) {
      const columns = await columnNames(client, name);
      const primaryKey = await primaryKeyOf(client, name);
      const copy: Buffer[] = [];
      const stream = client.query(copyTo(`copy (select ${columns.join(', ')} from ${name}) to stdout`));
      for await (const chunk of stream as AsyncIterable<Buffer>) copy.push(chunk);
      tables.push({ name, columns, primaryKey, copy });
    }
    return { tables };
  });
}

/**
 * The raw limit of a sync: COPY into a temporary table and merge into the migrated final one, per table, one transaction.
 *
 * @returns milliseconds.
 */
export async function timeCopyAndMerge(emptyDatabaseUrl: string, rows: FinalRows): Promise<number> {
  return withClient(emptyDatabaseUrl, async (client) => {
    const begin = performance.now();
    await client.query('begin');
    for (const { name, columns, primaryKey, copy } of rows.tables) {
      await client.query(`create temporary table incoming_${name} (like ${name}) on commit drop`);
      await pipeline(
        Readable.from(copy),
        client.query(copyFrom(`copy incoming_${name} (${columns.join(', ')}) from stdin`)),
      );
      const update = columns.filter((column) => !primaryKey.includes(column)).map((column) => `${column} = excluded.${column}`);
      const overriding = name === 'directory_changes' ? 'overriding system value' : '';
      await client.query(
        `insert into ${name} (${columns.join(', ')}) ${overriding} select ${columns.join(', ')} from incoming_${name}
         on conflict (${primaryKey.join(', ')}) do ${update.length > 0 ? `update set ${update.join(', ')}` : 'nothing'}`,
      );
    }
    await client.query('commit');
    return performance.now() - begin;
  });
}

async function columnNames(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(column_name) as name from information_schema.columns
     where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`,
    [table],
  );
  return rows.map(({ name }) => name);
}

async function primaryKeyOf(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(a.attname) as name from pg_index i
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
     where i.indrelid = $1::regclass and i.indisprimary`,
    [table],
  );
  return rows.map(({ name }) => name);
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
