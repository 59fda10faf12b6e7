import { execFile } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DatabaseStartError } from '../database-start-error.js';
import { copyBinaries, discardCopy } from './binaries-copy.js';
import { ensureLibraryLinks } from './library-links.js';
import { locateNativeFolder } from './package-folder.js';
import { rootStorages } from './root-storage.js';
import { serverProcessOptions } from './server-environment.js';
import { canReach, runsAsRoot, type ServerAccount } from './server-user.js';

const run = promisify(execFile);

/** Programs that were seen to run under the server's account. */
export interface Binaries {
  postgres: string;
  initdb: string;
  pgCtl: string;
  /** Such as 18. */
  majorVersion: number;
}

/**
 * PostgreSQL's programs where the account can run them: in node_modules when that works, else from a copy (a clone in
 * root's 0700 home; node_modules that are read-only and lack their library links; restrictive file modes).
 * @throws {DatabaseStartError} naming why nothing runs.
 */
export async function prepareBinaries(
  account: ServerAccount,
  dataDir: string,
  nativeFolder = resolve(locateNativeFolder()),
): Promise<Binaries> {
  const failures: string[] = [];
  const inPlace = await attempt(failures, async () => {
    if (!canReach(nativeFolder, account)) throw new Error('it lies in a folder only root may enter');
    ensureLibraryLinks(nativeFolder);
    return verify(nativeFolder, account);
  });
  if (inPlace !== null) return inPlace;

  for (const storage of copyStorages(account, dataDir)) {
    const copied = await attempt(failures, async () => {
      const copy = copyBinaries(nativeFolder, storage);
      try {
        return await verify(copy, account);
      } catch (error) {
        const tooSlow = (error as { killed?: boolean }).killed === true;
        if (!tooSlow) discardCopy(copy);
        throw error;
      }
    });
    if (copied !== null) return copied;
  }
  throw new DatabaseStartError(
    `the embedded database does not run on this system (${failures.join('; ')}); set DATABASE_URL to a PostgreSQL server`,
  );
}

function* copyStorages(account: ServerAccount, dataDir: string): Generator<string> {
  if (runsAsRoot()) for (const storage of rootStorages()) yield storage.folder;
  if (canReach(dataDir, account)) yield dataDir;
}

async function attempt(failures: string[], work: () => Promise<Binaries>): Promise<Binaries | null> {
  try {
    return await work();
  } catch (error) {
    const { message } = error as Error;
    failures.push(message.trim().split('\n').at(-1)!);
    return null;
  }
}

/** Asking for the version proves that the account may run the file and that every library is found. */
async function verify(nativeFolder: string, account: ServerAccount): Promise<Binaries> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(nativeFolder, 'bin', `${name}${suffix}`);
  const options = { ...serverProcessOptions(account), timeout: 20_000 };
  const [version] = await Promise.all([
    run(program('postgres'), ['--version'], options),
    run(program('initdb'), ['--version'], options),
  ]);
  const majorVersion = Number(/(\d+)/.exec(version.stdout)?.[1]);
  if (!majorVersion) throw new Error(`${dirname(program('postgres'))} gave no version`);
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl'), majorVersion };
}
