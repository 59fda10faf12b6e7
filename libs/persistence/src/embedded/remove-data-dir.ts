import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readRecord } from './cluster-record.js';
import { BELONGS_TO } from './cluster.js';

/**
 * Removes a DATA_DIR with all it holds, also the database when it had to be put elsewhere (root's folders that the server's
 * account may not enter, such as every `mkdtemp`). For folders made to be thrown away: demos, benchmarks, tests. Its host
 * must have ended.
 */
export function removeDataDir(dataDir: string): void {
  const elsewhere = folderElsewhere(resolve(dataDir));
  if (elsewhere !== null) rmSync(elsewhere, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/** Only a folder that says itself whose it is: a record from somewhere else must not cost anybody their data. */
function folderElsewhere(dataDir: string): string | null {
  if (!existsSync(join(dataDir, 'postgres.json'))) return null;
  const database = readRecord(dataDir)?.folder ?? null;
  if (database === null) return null;
  const folder = dirname(database);
  const owner = join(folder, BELONGS_TO);
  return existsSync(owner) && readFileSync(owner, 'utf8').trimEnd() === dataDir ? folder : null;
}
