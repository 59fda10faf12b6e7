import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseStartError } from '../database-start-error.js';

/** The account PostgreSQL runs as when it cannot be ours: it refuses to run as root. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** `null`: as whoever runs this process. */
export type ServerAccount = ServerUser | null;

export function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Root hands the server to whoever owns the data already, or to `nobody`: no account has to be made. `initdb` wants
 * one that has a name, so a bare number will not do for a new cluster.
 */
export function chooseServerAccount(existingDataFolder: string | null): ServerAccount {
  if (!runsAsRoot()) return null;
  if (existingDataFolder !== null) {
    const owner = lstatSync(existingDataFolder);
    if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  }
  const nobody = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[0] === 'nobody');
  if (nobody === undefined) {
    throw new DatabaseStartError(
      'the embedded database cannot run as root and this system has no account "nobody"; run as an ordinary user, or set DATABASE_URL',
    );
  }
  // macOS writes -2; as the file system says it.
  return { uid: Number(nobody[2]) >>> 0, gid: Number(nobody[3]) >>> 0 };
}

/** May the account go into this folder? Every folder on the way must let it pass. Access lists are not looked at. */
export function canReach(folder: string, account: ServerAccount): boolean {
  if (account === null) return true;
  let current = realpathSync(folder);
  for (;;) {
    const { uid, gid, mode } = statSync(current);
    const passBit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & passBit) === 0) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}
