import { pipeline } from 'node:stream/promises';
import { Client, type ClientBase } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { createDataSource, runMigrations } from '../data-source.js';
import { MIGRATIONS } from '../migrations/index.js';
import { dropForeignKeys, listMigrations, listSequences, listTables, type MovedTable } from './schema.js';

export interface MoveDatabaseOptions {
  /** URL of the database to read; it is not changed. Nobody should write to it meanwhile: what comes later stays behind. */
  from: string;
  /** URL of an empty database, PostgreSQL 15 or later, UTF-8. Its role must own it; it need not be a superuser. */
  to: string;
  /** After each table, with its number of rows. */
  onProgress?: (progress: { table: string; rows: number }) => void;
  /** The schema both sides must have. Default: this version's. */
  migrations?: typeof MIGRATIONS;
}

export interface MovedDatabase {
  tables: { table: string; rows: number }[];
}

/** The move was refused or given up: the target is as empty as before. `message` is one line for the operator. */
export class MoveDatabaseError extends Error {
  override readonly name = 'MoveDatabaseError';
}

/** Any constant will do; two moves into one database exclude each other by it. */
const MOVE_LOCK = 7_262_100_453;

/**
 * Copies everything into another PostgreSQL: the same migrations run there, then every table goes over in one snapshot
 * of the source and one transaction of the target, and both sides' rows are counted and their contents compared before
 * it commits. Streams: memory does not grow with the data.
 *
 * @throws {MoveDatabaseError} when the target is not empty or not fit, the source's schema is not this version's, or the
 * two sides differ after copying.
 */
export async function moveDatabase(options: MoveDatabaseOptions): Promise<MovedDatabase> {
  return withClient(options.from, 'source', (source) =>
    withClient(options.to, 'target', async (target) => {
      const migrations = options.migrations ?? MIGRATIONS;
      await checkSource(source, migrations);
      await checkTarget(target);
      await migrate(options.to, migrations);
      await source.query('begin isolation level repeatable read read only');
      await target.query('begin');
      const moved = await copyEverything(source, target, options.onProgress ?? (() => undefined));
      await target.query('commit');
      await target.query('analyze');
      return { tables: moved };
    }),
  );
}

async function checkSource(source: ClientBase, migrations: typeof MIGRATIONS): Promise<void> {
  const expected = migrations.map((migration) => new migration().name);
  const executed = await listMigrations(source);
  if (executed.length !== expected.length || expected.some((name) => !executed.includes(name!))) {
    throw new MoveDatabaseError(
      'the source was made by another version of Trainbridge; start this version on it once (or use the version that made it), then move it',
    );
  }
}

async function checkTarget(target: ClientBase): Promise<void> {
  const { rows } = await target.query<{ free: boolean; version: number; encoding: string }>(
    `select pg_try_advisory_lock($1) as free, current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
    [MOVE_LOCK],
  );
  const { free, version, encoding } = rows[0]!;
  if (!free) throw new MoveDatabaseError('another move into the target is under way');
  if (version < 150_000)
    throw new MoveDatabaseError(
      `the target is PostgreSQL ${Math.floor(version / 10_000)}; 15 or later is needed`,
    );
  if (encoding !== 'UTF8')
    throw new MoveDatabaseError(`the target's encoding is ${encoding}; create it with encoding UTF8`);
  const foreign = (await listMigrations(target)).length === 0;
  for (const { name } of await listTables(target)) {
    const { rowCount } = foreign ? { rowCount: 1 } : await target.query(`select 1 from ${name} limit 1`);
    if (rowCount !== 0)
      throw new MoveDatabaseError(`the target is not empty (it has ${name}); give an empty database`);
  }
}

async function migrate(url: string, migrations: typeof MIGRATIONS): Promise<void> {
  const dataSource = createDataSource(url, { poolSize: 1, migrations });
  try {
    await dataSource.initialize();
    await runMigrations(dataSource);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

async function copyEverything(
  source: ClientBase,
  target: ClientBase,
  onProgress: NonNullable<MoveDatabaseOptions['onProgress']>,
): Promise<MovedDatabase['tables']> {
  const tables = await listTables(source);
  const there = new Map((await listTables(target)).map((table) => [table.name, table]));
  for (const table of tables) {
    if (there.get(table.name)?.columns.join() !== table.columns.join()) {
      throw new MoveDatabaseError(
        `table ${table.name} is not the same on both sides although the migrations are`,
      );
    }
  }
  const restoreForeignKeys = await dropForeignKeys(target);
  // Rows that migrations made are in the source as well.
  if (tables.length > 0) await target.query(`truncate ${tables.map((table) => table.name).join(', ')}`);
  const moved = [];
  for (const table of tables) {
    moved.push({ table: table.name, rows: await copyTable(source, target, table) });
    onProgress(moved.at(-1)!);
  }
  for (const statement of restoreForeignKeys) await target.query(statement);
  for (const { name, last, called } of await listSequences(source)) {
    await target.query('select setval($1::regclass, $2, $3)', [name, last, called]);
  }
  return moved;
}

async function copyTable(source: ClientBase, target: ClientBase, table: MovedTable): Promise<number> {
  const columns = table.columns.join(', ');
  await target.query(`alter table ${table.name} disable trigger user`);
  // Text, not binary: it means the same to every version.
  await pipeline(
    source.query(copyTo(`copy (select ${columns} from ${table.name}) to stdout`)),
    target.query(copyFrom(`copy ${table.name} (${columns}) from stdin`)),
  );
  await target.query(`alter table ${table.name} enable trigger user`);
  const [before, after] = await Promise.all([measure(source, table), measure(target, table)]);
  if (before.rows !== after.rows || before.content !== after.content) {
    throw new MoveDatabaseError(
      `table ${table.name} differs after copying: ${before.rows} rows in the source, ${after.rows} in the target`,
    );
  }
  return Number(after.rows);
}

/** The sum does not depend on the order of rows. */
async function measure(
  client: ClientBase,
  table: MovedTable,
): Promise<{ rows: string; content: string | null }> {
  const { rows } = await client.query<{ rows: string; content: string | null }>(
    `select count(*) as rows, sum(hashtextextended((row(${table.columns.join(', ')}))::text collate "C", 0)) as content from ${table.name}`,
  );
  return rows[0]!;
}

async function withClient<T>(
  url: string,
  side: 'source' | 'target',
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: 'trainbridge move-database',
    connectionTimeoutMillis: 10_000,
  });
  let lost: Error | undefined;
  client.on('error', (error) => (lost ??= error));
  try {
    await client.connect();
    // Both sides write values the same way, whatever their configuration says.
    await client.query(`set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set extra_float_digits = 3;
      set bytea_output = 'hex'; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0`);
  } catch (error) {
    throw new MoveDatabaseError(`cannot connect to the ${side}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    return await work(client);
  } catch (error) {
    if (lost !== undefined)
      throw new MoveDatabaseError(`the connection to the ${side} was lost: ${lost.message}`, {
        cause: error,
      });
    throw error;
  } finally {
    await client.end().catch(() => undefined); // and with it an open transaction
  }
}
