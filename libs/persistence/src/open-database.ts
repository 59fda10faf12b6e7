import { DatabaseHandle } from './database-handle.js';
import { startEmbeddedDatabase } from './embedded/start.js';
import type { PersistenceLog } from './log.js';

/** Where the data lives: a server the deployer runs, or the embedded one under a folder. */
export type DatabaseLocation = { url: string; dataDir?: string } | { url?: undefined; dataDir: string };

/**
 * Opens what the settings name: `url` when given, otherwise the embedded PostgreSQL under `dataDir`.
 * @throws {DatabaseStartError} when the embedded one cannot be had. A `url` is not tried here.
 */
export async function openDatabase(location: DatabaseLocation, log: PersistenceLog): Promise<DatabaseHandle> {
  if (location.url !== undefined) return new DeployedDatabase(location.url);
  return startEmbeddedDatabase({ dataDir: location.dataDir, log });
}

class DeployedDatabase extends DatabaseHandle {
  readonly embedded = false;

  constructor(readonly url: string) {
    super();
  }

  async stop(): Promise<void> {}
}
