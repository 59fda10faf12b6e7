import type { DatabaseHandle } from '../database-handle.js';
import type { PersistenceLog } from '../log.js';

export async function startEmbeddedDatabase(_options: {
  dataDir: string;
  log?: PersistenceLog;
}): Promise<DatabaseHandle> {
  throw new Error('the embedded database is being written; set DATABASE_URL');
}
