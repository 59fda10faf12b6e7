import { chmodSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RootStorage {
  folder: string;
  /** False for the system's temporary folders, which may be swept. */
  permanent: boolean;
}

const CANDIDATES: readonly RootStorage[] = [
  { folder: '/var/lib/trainbridge', permanent: true },
  { folder: '/Library/Application Support/trainbridge', permanent: true },
  { folder: '/var/tmp/trainbridge-root', permanent: false },
  { folder: '/tmp/trainbridge-root', permanent: false },
];

/**
 * Folders of root's own that anybody may pass and nobody else can change, best first: where binaries and data go when
 * the clone lies in a folder only root may enter. Made when missing.
 */
export function* rootStorages(candidates: readonly RootStorage[] = CANDIDATES): Generator<RootStorage> {
  for (const candidate of candidates) {
    if (makePrivileged(candidate.folder)) yield { ...candidate, folder: realpathSync(candidate.folder) };
  }
}

/**
 * In a temporary folder another account may have put something under our name first, a link or a folder it can write:
 * then the name is not used. Once it is root's and the folder above is sticky, nobody else can replace it.
 */
function makePrivileged(folder: string): boolean {
  try {
    try {
      mkdirSync(folder, { mode: 0o755 });
      chmodSync(folder, 0o755); // whatever the umask is
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
    const own = lstatSync(folder);
    if (!own.isDirectory() || own.uid !== 0 || (own.mode & 0o022) !== 0 || (own.mode & 0o001) === 0)
      return false;
    return ancestorsAreRoots(realpathSync(dirname(folder)));
  } catch {
    return false;
  }
}

function ancestorsAreRoots(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  const othersMayWrite = (mode & 0o022) !== 0;
  const sticky = (mode & 0o1000) !== 0;
  if (uid !== 0 || (othersMayWrite && !sticky) || (mode & 0o001) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || ancestorsAreRoots(parent);
}
