import { copyFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

interface LibraryLink {
  /** Both relative to the package, `native/lib/…`. */
  source: string;
  target: string;
}

/**
 * npm packages cannot hold symbolic links, so this one lists them and makes them in an install script. Where scripts
 * are disabled they are missing and no program starts; this makes what is missing.
 * @throws when the folder cannot be written (EROFS, EACCES).
 */
export function ensureLibraryLinks(nativeFolder: string): void {
  for (const { source, target } of listLibraryLinks(nativeFolder)) {
    const path = join(nativeFolder, '..', target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(join(relative(dirname(target), dirname(source)), basename(source)), path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue; // another start made it just now
      if (code !== 'EPERM') throw error;
      copyFileSync(join(nativeFolder, '..', source), path); // a file system without links
    }
  }
}

function listLibraryLinks(nativeFolder: string): LibraryLink[] {
  const list = join(nativeFolder, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[]) : [];
}
