import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource, runMigrations, type CreateDataSourceOptions } from '../data-source.js';
import { migrationsHash } from './migrations-hash.js';

/** The server tests use. Vitest's global setup sets it to an embedded one when it is not given. */
export const TEST_SERVER_VARIABLE = 'TRAINBRIDGE_TEST_DATABASE_URL';

/** Any constant will do; it keeps test workers from making the template at the same time. */
const TEMPLATE_LOCK = 7_262_100_452;

export interface TestDatabase {
  /** Of this clone: give it to a host or a Nest module under test. */
  url: string;
  dataSource: DataSource;
  /** Closes `dataSource`, ends all other connections to the clone and removes it. Safe to call twice. */
  drop(): Promise<void>;
}

/**
 * A migrated database of its own for one spec file, made in about 30 ms as a clone of a template that the first caller
 * migrates. Make it in `beforeAll`, drop it in `afterAll`. Commits are fine; tests never see each other's rows.
 *
 * @param options `poolSize` (default 5) and `entities` for `dataSource`.
 * @throws when no server is set (run through vitest, or set TRAINBRIDGE_TEST_DATABASE_URL).
 */
export async function createTestDatabase(options: CreateDataSourceOptions = {}): Promise<TestDatabase> {
  const serverUrl = process.env[TEST_SERVER_VARIABLE];
  if (!serverUrl)
    throw new Error(`no test database server: run the test through vitest or set ${TEST_SERVER_VARIABLE}`);
  const name = `tb_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, async (client) => {
    const template = await ensureTemplate(client, serverUrl);
    await client.query(`create database ${name} template ${template} strategy file_copy`);
  });
  const url = databaseUrl(serverUrl, name);
  const dataSource = createDataSource(url, { poolSize: 5, ...options });
  let dropped: Promise<void> | undefined;
  const drop = () =>
    (dropped ??= (async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await onServer(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
    })());
  try {
    await dataSource.initialize();
  } catch (error) {
    await drop();
    throw error;
  }
  return { url, dataSource, drop };
}

/** Nobody stays connected to the template, and it only gets its name when it is whole: a clone can always be made. */
async function ensureTemplate(client: Client, serverUrl: string): Promise<string> {
  const template = `tb_template_${migrationsHash()}`;
  if (await databaseExists(client, template)) return template;
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (await databaseExists(client, template)) return template;
    const building = `${template}_building`;
    await client.query(`drop database if exists ${building} with (force)`);
    await client.query(`create database ${building}`);
    const dataSource = createDataSource(databaseUrl(serverUrl, building), { poolSize: 1 });
    try {
      await dataSource.initialize();
      await runMigrations(dataSource);
    } finally {
      if (dataSource.isInitialized) await dataSource.destroy();
    }
    await client.query(`alter database ${building} rename to ${template}`);
    return template;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function databaseExists(client: Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
  return rowCount === 1;
}

async function onServer<T>(serverUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: serverUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
