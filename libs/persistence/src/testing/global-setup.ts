import { startTestServer } from './test-server.js';
import { TEST_SERVER_VARIABLE } from './test-database.js';

/** Vitest's global setup: one PostgreSQL for the whole run, unless TRAINBRIDGE_TEST_DATABASE_URL names one. */
export default async function setup(): Promise<(() => Promise<void>) | void> {
  if (process.env[TEST_SERVER_VARIABLE]) return;
  const server = await startTestServer();
  // Workers are started after this and inherit it.
  process.env[TEST_SERVER_VARIABLE] = server.url;
  return async () => {
    delete process.env[TEST_SERVER_VARIABLE];
    await server.stop();
  };
}
