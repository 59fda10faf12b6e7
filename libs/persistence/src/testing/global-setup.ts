import { TEST_SERVER_VARIABLE } from './test-database.js';

/** Vitest's global setup: a PostgreSQL for the whole run, unless one is named. */
export default async function setup(): Promise<void> {
  process.env[TEST_SERVER_VARIABLE] ??= 'postgres://postgres@127.0.0.1:5432/postgres';
}
