import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  constants,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
  fstatSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseStartError } from '../database-start-error.js';
import { runsAsRoot } from './server-user.js';

/** What binds a DATA_DIR to its PostgreSQL: `DATA_DIR/postgres.json`, mode 0600. */
export interface ClusterRecord {
  /** Of the role `trainbridge`. */
  password: string;
  /** Where the data is, when it could not be `DATA_DIR/postgres`. */
  folder: string | null;
  /** Set once the cluster is complete: from then on a missing folder is lost data, not a first start. */
  createdAt: string | null;
}

const path = (dataDir: string) => join(dataDir, 'postgres.json');

export function readRecord(dataDir: string): ClusterRecord | null {
  let text: string;
  let ownedByUs: boolean;
  try {
    const file = openSync(path(dataDir), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      ownedByUs = process.getuid === undefined || fstatSync(file).uid === process.getuid();
      text = readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new DatabaseStartError(
      `cannot read ${path(dataDir)} (${(cause as Error).message}); start as the user who made it, or give this host its own DATA_DIR`,
      { cause },
    );
  }
  const record = parse(text, dataDir);
  if (!ownedByUs && runsAsRoot() && record.folder !== null) {
    // Root must not be led into a folder that somebody else wrote down.
    throw new DatabaseStartError(
      `${path(dataDir)} belongs to another user and names a folder elsewhere; root does not follow it`,
    );
  }
  return record;
}

/** Writes the first record, or answers the one that a start running beside this one has just written. */
export function createRecord(dataDir: string, record: ClusterRecord): ClusterRecord {
  const draft = writeDraft(dataDir, record);
  try {
    linkSync(draft, path(dataDir)); // unlike a rename, fails when the name is taken
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readRecord(dataDir)!;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return record;
}

export function replaceRecord(dataDir: string, record: ClusterRecord): void {
  renameSync(writeDraft(dataDir, record), path(dataDir));
}

function writeDraft(dataDir: string, record: ClusterRecord): string {
  const draft = `${path(dataDir)}.${process.pid}-${randomBytes(6).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${JSON.stringify(record, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(draft, 0o600);
  return draft;
}

function parse(text: string, dataDir: string): ClusterRecord {
  try {
    const { password, folder, createdAt } = JSON.parse(text) as Partial<ClusterRecord>;
    if (typeof password === 'string')
      return { password, folder: folder ?? null, createdAt: createdAt ?? null };
  } catch {
    // reported below
  }
  throw new DatabaseStartError(
    `${path(dataDir)} is damaged: it must be the JSON object that Trainbridge wrote there`,
  );
}
