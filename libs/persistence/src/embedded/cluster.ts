import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseStartError } from '../database-start-error.js';
import type { PersistenceLog } from '../log.js';
import type { Binaries } from './binaries.js';
import { createRecord, readRecord, replaceRecord, type ClusterRecord } from './cluster-record.js';
import type { ExitGuard } from './exit-guard.js';
import { isAlive } from './process-identity.js';
import { rootStorages } from './root-storage.js';
import { serverProcessOptions } from './server-environment.js';
import { canReach, chooseServerAccount, runsAsRoot, type ServerAccount } from './server-user.js';

/** The role the host connects as, and its database. */
export const ROLE = 'trainbridge';

/** In a folder outside of the DATA_DIR: names the DATA_DIR. */
export const BELONGS_TO = 'belongs-to.txt';

/** Where a DATA_DIR's cluster is or will be, and who runs it. */
export interface ClusterPlace {
  dataDir: string;
  folder: string;
  account: ServerAccount;
  record: ClusterRecord;
}

/**
 * Finds the cluster of a DATA_DIR, or decides where it will be: `DATA_DIR/postgres` when the server's account can go
 * there, else a folder of root's own that `DATA_DIR/postgres.json` remembers.
 */
export function placeCluster(dataDir: string, log: PersistenceLog): ClusterPlace {
  const made = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Others may pass through root's folder, not look: the server's account has to get to its own below.
  if (made !== undefined && runsAsRoot()) chmodSync(dataDir, 0o711);
  const inside = join(dataDir, 'postgres');
  const record = readRecord(dataDir);
  if (record === null) {
    if (existsSync(inside)) {
      throw new DatabaseStartError(
        `${inside} holds a database but ${join(dataDir, 'postgres.json')}, which knows its password, is missing; restore that file or move the folder away`,
      );
    }
    const account = chooseServerAccount(null);
    const folder = canReach(dataDir, account) ? null : chooseFolderElsewhere(dataDir, log);
    const password = randomBytes(24).toString('base64url');
    const created = createRecord(dataDir, { password, folder, createdAt: null });
    return { dataDir, folder: created.folder ?? inside, account, record: created };
  }
  const folder = record.folder ?? inside;
  const exists = existsSync(folder);
  if (!exists && record.createdAt !== null) {
    throw new DatabaseStartError(
      `the database of ${dataDir} should be in ${folder} but is not; restore that folder, or remove ${join(dataDir, 'postgres.json')} to start with an empty one`,
    );
  }
  if (exists && !lstatSync(folder).isDirectory())
    throw new DatabaseStartError(`${folder} is not a folder; it must hold the database`);
  return { dataDir, folder, account: chooseServerAccount(exists ? folder : null), record };
}

function chooseFolderElsewhere(dataDir: string, log: PersistenceLog): string {
  for (const storage of rootStorages()) {
    const own = join(storage.folder, `data-${randomBytes(8).toString('hex')}`);
    try {
      mkdirSync(own);
      chmodSync(own, 0o711);
      writeFileSync(join(own, BELONGS_TO), `${dataDir}\n`);
    } catch {
      continue;
    }
    if (!storage.permanent)
      log('warn', 'the embedded database had to be put in a temporary folder', { folder: own });
    return join(own, 'postgres');
  }
  throw new DatabaseStartError(
    `no unprivileged account can enter ${dataDir} and no other folder could be made; set DATA_DIR to a folder outside of root's home, or set DATABASE_URL`,
  );
}

/**
 * Makes the cluster unless it is there. It is built beside its place and moved there whole, so one that was killed
 * half-way is simply made again, and of two starts that race one wins and both use its result.
 */
export async function ensureCluster(
  place: ClusterPlace,
  binaries: Binaries,
  options: { durable: boolean; guard: ExitGuard },
): Promise<void> {
  if (!existsSync(place.folder)) await initialise(place, binaries, options);
  const major = readFileSync(join(place.folder, 'PG_VERSION'), 'utf8').trim();
  if (Number(major) !== binaries.majorVersion) {
    throw new DatabaseStartError(
      `${place.folder} was made by PostgreSQL ${major} and this version of Trainbridge brings ${binaries.majorVersion}; move the data with the version that made it (move-database)`,
    );
  }
  if (place.record.createdAt === null) {
    place.record.createdAt = new Date().toISOString();
    replaceRecord(place.dataDir, place.record);
  }
}

async function initialise(
  place: ClusterPlace,
  binaries: Binaries,
  options: { durable: boolean; guard: ExitGuard },
): Promise<void> {
  const parent = dirname(place.folder);
  removeAbandoned(parent);
  const workshop = join(parent, `initdb-${process.pid}-${randomBytes(6).toString('hex')}`);
  const built = join(workshop, 'data');
  const passwordFile = join(workshop, 'password');
  mkdirSync(workshop, { mode: 0o700 });
  try {
    // The password goes through a file: arguments and environment can be seen, and the server's account cannot open
    // a pipe of ours.
    writeFileSync(passwordFile, place.record.password, { mode: 0o600, flag: 'wx' });
    mkdirSync(built, { mode: 0o700 });
    if (place.account !== null) {
      for (const path of [passwordFile, built, workshop])
        chownSync(path, place.account.uid, place.account.gid);
    }
    await runInitdb(place, binaries, options, [
      `--pgdata=${built}`,
      `--username=${ROLE}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(options.durable ? [] : ['--no-sync']),
    ]);
    try {
      renameSync(built, place.folder);
      if (options.durable) syncFolder(parent);
    } catch (error) {
      if (!existsSync(join(place.folder, 'PG_VERSION'))) throw error; // otherwise another start was faster
    }
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

async function runInitdb(
  place: ClusterPlace,
  binaries: Binaries,
  options: { guard: ExitGuard },
  argumentsList: string[],
): Promise<void> {
  const child = spawn(binaries.initdb, argumentsList, {
    ...serverProcessOptions(place.account),
    detached: process.platform !== 'win32', // Ctrl-C reaches it through the guard only, with all its children
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const release = options.guard.watchGroup(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  try {
    const code = await new Promise<number | null>((done, failed) =>
      child.once('error', failed).once('close', done),
    );
    if (code === 0) return;
    const reason =
      output
        .split('\n')
        .filter((line) => /error|fatal/i.test(line))
        .at(-1) ?? output.trim().split('\n').at(-1);
    throw new DatabaseStartError(
      `the embedded database could not be made in ${resolve(place.folder)}: ${reason ?? `initdb ended with ${code}`}`,
    );
  } finally {
    release();
  }
}

/** Workshops of starts that were killed. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const maker = /^initdb-(\d+)-/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker)))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
