import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ensureLibraryLinks } from './library-links.js';

/** Files of the package that a server needs; static libraries and headers stay behind. */
function listFiles(nativeFolder: string): string[] {
  return readdirSync(nativeFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.a'))
    .map((entry) => relative(nativeFolder, join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * Copies the package's files into `storage`, under a name made from their content, and answers the copy's folder:
 * `<storage>/postgresql-<hash>/native`. A copy that is there is used; it appears whole or not at all, so starts that
 * race and starts that were killed do no harm. Everybody may read the copy, whatever the umask. About 60 MB.
 */
export function copyBinaries(nativeFolder: string, storage: string): string {
  const files = listFiles(nativeFolder);
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(nativeFolder, file)));
  const target = join(storage, `postgresql-${hash.digest('hex').slice(0, 20)}`);
  const copy = join(target, 'native');
  if (existsSync(copy)) return copy;

  const building = `${target}.${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    makeOpenFolder(building);
    makeOpenFolder(join(building, 'native'));
    const made = new Set<string>(['.']);
    for (const file of files) {
      makeFolders(join(building, 'native'), dirname(file), made);
      const path = join(building, 'native', file);
      copyFileSync(join(nativeFolder, file), path);
      const executable = dirname(file) === 'bin' || (statSync(join(nativeFolder, file)).mode & 0o100) !== 0;
      chmodSync(path, executable ? 0o755 : 0o644);
    }
    ensureLibraryLinks(join(building, 'native'));
    renameSync(building, target);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // otherwise another start was faster
  }
  return copy;
}

/** A copy that does not run although it should (a disk that lost it half): the next start makes a new one. */
export function discardCopy(copiedNativeFolder: string): void {
  const target = dirname(copiedNativeFolder);
  const away = `${target}.${process.pid}-${randomBytes(6).toString('hex')}`;
  renameSync(target, away);
  rmSync(away, { recursive: true, force: true });
}

function makeFolders(root: string, folder: string, made: Set<string>): void {
  if (made.has(folder)) return;
  makeFolders(root, dirname(folder), made);
  makeOpenFolder(join(root, folder));
  made.add(folder);
}

function makeOpenFolder(folder: string): void {
  mkdirSync(folder);
  chmodSync(folder, 0o755);
}
