import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, removeDataDir } from '@trainbridge/persistence';
import { startHostProcess } from '../../host-process.js';

export interface BenchHost {
  hostUrl: string;
  token: string;
  databaseUrl: string;
}

/** Runs `work` with a fresh host in its own process, on an embedded PostgreSQL with its default settings. */
export async function withBenchHost<T>(work: (host: BenchHost) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trainbridge-bench-'));
  const token = randomBytes(24).toString('base64url');
  // The bench owns the embedded server so that it can look into it; the host meets it as its DATABASE_URL.
  const database = await openDatabase({ dataDir }, () => undefined);
  try {
    const host = await startHostProcess({
      NODE_ENV: 'development',
      PORT: '0',
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      LOG_LEVEL: 'info',
      TRAINBRIDGE_ADMIN_TOKEN: token,
      TRAINBRIDGE_SECRET_KEY: randomBytes(32).toString('base64'),
    });
    try {
      return await work({ hostUrl: host.url, token, databaseUrl: database.url });
    } finally {
      await host.stop();
    }
  } finally {
    await database.stop();
    removeDataDir(dataDir);
  }
}
