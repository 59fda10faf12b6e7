import { createClient, type TrainbridgeClient } from '@trainbridge/api-client';
import { createHost, createPino, readSettings } from '@trainbridge/host';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A real host on a real database, spoken to over HTTP only. */
export interface E2eHost {
  url: string;
  adminToken: string;
  /** The generated client with the admin token. */
  admin: TrainbridgeClient;
  /** For looking, never for making things true: that is the API's. */
  database: TestDatabase;
  close(): Promise<void>;
}

/** What a host of these tests is told; both ways of starting one share it. */
export interface HostEnvironment {
  environment: Record<string, string>;
  url: string;
  adminToken: string;
  database: TestDatabase;
  /** After the host: drops the database and the folder. */
  readonly remove: () => Promise<void>;
}

/**
 * A database of its own, a free port and settings that fit both. The port is chosen beforehand, because PUBLIC_URL has to
 * name it.
 */
export async function hostEnvironment(settings: Record<string, string> = {}): Promise<HostEnvironment> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'trainbridge-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const adminToken = randomBytes(24).toString('base64url');
  const environment = {
    NODE_ENV: 'test',
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    TRAINBRIDGE_ADMIN_TOKEN: adminToken,
    TRAINBRIDGE_SECRET_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'fatal',
    ...settings,
  };
  const remove = async (): Promise<void> => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { environment, url, adminToken, database, remove };
}

/** Starts a host in this process, from source. Quick; for everything that does not kill it. */
export async function startHost(settings: Record<string, string> = {}): Promise<E2eHost> {
  const { environment, adminToken, database, remove } = await hostEnvironment(settings);
  try {
    const read = readSettings({ ...environment, LOG_LEVEL: process.env.E2E_LOG_LEVEL ?? 'silent' });
    const host = await createHost(read, createPino(read.logLevel));
    return {
      url: host.url,
      adminToken,
      admin: createClient({ baseUrl: host.url, token: adminToken }),
      database,
      async close() {
        await host.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
