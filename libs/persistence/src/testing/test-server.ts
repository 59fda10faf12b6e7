import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedDatabase } from '../embedded/start.js';
import { isAlive } from '../embedded/process-identity.js';

export interface TestServer {
  /** Its role may create databases. */
  url: string;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

const FOLDER = /^trainbridge-test-server-(\d+)-/;

/** An embedded PostgreSQL in a temporary folder, about 0.6 s. Nothing is forced to disk: for tests only. */
export async function startTestServer(): Promise<TestServer> {
  await removeAbandoned();
  const dataDir = mkdtempSync(join(tmpdir(), `trainbridge-test-server-${process.pid}-`));
  chmodSync(dataDir, 0o711); // as root the server is somebody else
  const database = await startEmbeddedDatabase({ dataDir, durable: false });
  return {
    url: database.url,
    async stop() {
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Servers of runs that were killed: taken over, stopped, removed. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const owner = FOLDER.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const dataDir = join(tmpdir(), name);
    if (lstatSync(dataDir).uid !== process.getuid?.()) continue; // another user's, or a trap
    try {
      const database = await startEmbeddedDatabase({ dataDir, durable: false });
      await database.stop();
    } catch {
      // not whole, or another run is doing the same
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
}
