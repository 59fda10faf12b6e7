import { linkSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, isPostmasterOf } from './process-identity.js';

/** What PostgreSQL writes down in `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  port: number | null;
  status: 'starting' | 'ready' | 'stopping' | 'unknown';
}

/** A server fills its file right after it made it. */
const EMPTY_FOR_MS = 2_000;

const path = (dataFolder: string) => join(dataFolder, 'postmaster.pid');

/** The server that runs on this folder, or null. A file that a crash left behind counts as none. */
export function findPostmaster(dataFolder: string): Postmaster | null {
  const noted = readPostmasterFile(dataFolder);
  return noted !== null && isPostmasterOf(noted.pid, dataFolder) ? noted : null;
}

export function readPostmasterFile(dataFolder: string): Postmaster | null {
  const lines = read(dataFolder)?.split('\n');
  const pid = Number(lines?.[0]);
  if (lines === undefined || !Number.isInteger(pid) || pid <= 0) return null;
  const status = lines[7]?.trim() ?? '';
  return {
    pid,
    port: Number(lines[3]) || null,
    status: status === 'starting' || status === 'ready' || status === 'stopping' ? status : 'unknown',
  };
}

/**
 * Removes a file that would keep PostgreSQL from starting although nobody uses the folder: one that names a process
 * which is something else by now, or one that a crash left empty or torn. One whose process is gone is left to PostgreSQL, which
 * looks for survivors of that server before it goes on. The file is taken away under another name first and looked at
 * again: a start beside this one may have put its own there meanwhile.
 */
export function removeStalePostmasterFile(dataFolder: string): void {
  const before = read(dataFolder);
  if (before === null || !blocksForNothing(dataFolder, before)) return;
  const aside = `${path(dataFolder)}.stale-${process.pid}`;
  try {
    renameSync(path(dataFolder), aside);
    if (readFileSync(aside, 'utf8') !== before) linkSync(aside, path(dataFolder));
  } catch {
    // somebody else dealt with it; the loop that called looks again
  } finally {
    rmSync(aside, { force: true });
  }
}

function blocksForNothing(dataFolder: string, content: string): boolean {
  const pid = Number(content.split('\n')[0]);
  if (!(pid > 0)) return Date.now() - statSync(path(dataFolder)).mtimeMs > EMPTY_FOR_MS;
  return isAlive(pid) && !isPostmasterOf(pid, dataFolder);
}

function read(dataFolder: string): string | null {
  try {
    return readFileSync(path(dataFolder), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
