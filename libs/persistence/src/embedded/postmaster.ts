import { execFile, spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DatabaseStartError } from '../database-start-error.js';
import type { Binaries } from './binaries.js';
import type { ClusterPlace } from './cluster.js';
import type { ExitGuard } from './exit-guard.js';
import { findPostmaster, readPostmasterFile, type Postmaster } from './postmaster-file.js';
import { isAlive } from './process-identity.js';
import { serverProcessOptions } from './server-environment.js';
import { serverSettings } from './server-settings.js';

const POLL_MS = 5;
/** A checkpoint of everything in memory to a slow disk has to fit in. */
const FAST_SHUTDOWN_MS = 30_000;
const LOG_ROTATES_AT_BYTES = 5_000_000;

export type Launch =
  | { outcome: 'ready' }
  /** Somebody else has the port. */
  | { outcome: 'port taken' }
  /** Another server has the folder, or the last one's processes are not all gone. */
  | { outcome: 'folder taken' };

export interface LaunchOptions {
  durable: boolean;
  guard: ExitGuard;
}

/**
 * Starts the server in a session of its own, so a Ctrl-C in the terminal does not stop it under a host that is still
 * draining, and waits until it takes connections (crash recovery included, however long that is).
 * @throws {DatabaseStartError} with PostgreSQL's own reason when it ends for another reason than those of `Launch`.
 */
export async function launchPostmaster(
  place: ClusterPlace,
  binaries: Binaries,
  port: number,
  options: LaunchOptions,
): Promise<Launch> {
  const folder = realpathSync(place.folder);
  const log = openServerLog(place.dataDir);
  const logStart = fstatSync(log).size;
  try {
    const child = spawn(binaries.postgres, ['-D', folder, ...serverSettings(port, options.durable)], {
      ...serverProcessOptions(place.account),
      detached: true,
      stdio: ['ignore', log, log],
    });
    const ending: { reason?: Error | number } = {};
    child
      .once('error', (error) => (ending.reason = error))
      .once('exit', (code) => (ending.reason ??= code ?? -1));
    if (child.pid !== undefined) options.guard.watchPostmaster(child.pid);
    child.unref();
    while (ending.reason === undefined) {
      const noted = readPostmasterFile(folder);
      if (noted !== null && noted.pid === child.pid && noted.status === 'ready') return { outcome: 'ready' };
      await sleep(POLL_MS);
    }
    options.guard.watchPostmaster(null);
    const said = ending.reason instanceof Error ? ending.reason.message : readFrom(log, logStart);
    if (/could not (bind|create any TCP\/IP sockets)/.test(said)) return { outcome: 'port taken' };
    if (/lock file ".*" already exists|is still in use|lock file ".*" is empty/.test(said))
      return { outcome: 'folder taken' };
    const lines = said.trim().split('\n');
    const reason = lines.filter((line) => /FATAL|PANIC/.test(line)).at(-1) ?? lines.at(-1);
    throw new DatabaseStartError(
      `the embedded database in ${place.folder} did not start: ${reason || `it ended with ${String(ending.reason)}`}`,
    );
  } finally {
    closeSync(log);
  }
}

/**
 * PostgreSQL's fast shutdown: clients are cut off, everything is on disk, no process is left when it resolves.
 * @throws when the server does not end, or may not be ended by this account.
 */
export async function stopPostmaster(place: ClusterPlace, binaries: Binaries): Promise<void> {
  const running = findPostmaster(place.folder);
  if (running === null) return;
  if (process.platform === 'win32') {
    await promisify(execFile)(
      binaries.pgCtl,
      ['stop', '-D', place.folder, '-m', 'fast', '-w'],
      serverProcessOptions(null),
    );
    return;
  }
  process.kill(running.pid, 'SIGINT');
  if (await isGone(running, FAST_SHUTDOWN_MS)) return;
  process.kill(running.pid, 'SIGQUIT'); // without the last checkpoint; the next start recovers from the log
  if (!(await isGone(running, 5_000)))
    throw new Error(`the embedded database (process ${running.pid}) does not stop`);
}

async function isGone(postmaster: Postmaster, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(postmaster.pid)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** `DATA_DIR/postgres.log`: start, stop, recovery. A file, because an orphaned server outlives any pipe of ours. */
function openServerLog(dataDir: string): number {
  const path = join(dataDir, 'postgres.log');
  try {
    if (statSync(path).size > LOG_ROTATES_AT_BYTES) renameSync(path, `${path}.1`);
  } catch {
    // there is none yet
  }
  return openSync(
    path,
    constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0),
    0o600,
  );
}

function readFrom(file: number, position: number): string {
  const buffer = Buffer.alloc(Math.min(fstatSync(file).size - position, 64_000));
  readSync(file, buffer, 0, buffer.length, position);
  return buffer.toString();
}
