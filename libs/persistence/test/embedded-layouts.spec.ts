import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { locateNativeFolder } from '../src/embedded/package-folder.js';
import { rootStorages } from '../src/embedded/root-storage.js';
import { chooseServerAccount, runsAsRoot } from '../src/embedded/server-user.js';
import { HostProcess, makeClone, serverProcesses, type Clone } from './clone.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function cloneIn(parent: string, options: { libraryLinks?: boolean } = {}): Clone {
  const clone = makeClone(parent, options);
  cleanups.push(() => clone.remove());
  return clone;
}

async function started(
  clone: Clone,
  dataDir: string,
  account: { uid?: number; gid?: number } = {},
): Promise<HostProcess> {
  const host = new HostProcess(clone, dataDir, account);
  cleanups.push(() => host.kill());
  return host.ready();
}

function folder(mode: number, parent = tmpdir()): string {
  const path = mkdtempSync(join(parent, 'trainbridge-layout-'));
  chmodSync(path, mode);
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const links = (nativeFolder: string) =>
  readdirSync(join(nativeFolder, 'lib')).filter((name) =>
    lstatSync(join(nativeFolder, 'lib', name)).isSymbolicLink(),
  );
const placeOf = (dataDir: string) =>
  (JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as { folder: string | null }).folder;

describe('install scripts disabled', { timeout: 60_000 }, () => {
  it('makes the library links itself', async () => {
    const clone = cloneIn(tmpdir(), { libraryLinks: false });
    expect(links(clone.nativeFolder)).toEqual([]);
    const host = await started(clone, clone.newDataDir());
    expect(await host.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(links(clone.nativeFolder)).toContain('libpq.so.5');
    await host.stop();
  });
});

it('says what to do on a platform without a package', () => {
  expect(() => locateNativeFolder('aix', 'ppc64')).toThrow(/^[^\n]*aix-ppc64[^\n]*DATABASE_URL[^\n]*$/);
});

// An ordinary user's run has no way to become somebody else: these belong to root's.
if (runsAsRoot()) {
  const nobody = chooseServerAccount(null)!;

  describe('root', { timeout: 60_000 }, () => {
    it('in its own home (0700): binaries and data live elsewhere, bound to DATA_DIR over restarts', async () => {
      const home = folder(0o700, homedir());
      const clone = cloneIn(home);
      const dataDir = clone.newDataDir();
      const first = await started(clone, dataDir);
      await first.query('create table kept as select 5 as answer');
      const place = placeOf(dataDir)!;
      cleanups.push(() => rmSync(dirname(place), { recursive: true }));
      expect(place.startsWith(homedir())).toBe(false);
      expect(readFileSync(join(place, '..', 'belongs-to.txt'), 'utf8').trim()).toBe(dataDir);
      const [server] = serverProcesses(place);
      expect(statSync(`/proc/${server}`).uid).toBe(nobody.uid);
      const program = readFileSync(`/proc/${server}/cmdline`, 'utf8').split('\0')[0]!;
      expect(program.startsWith(homedir())).toBe(false);
      for (let path = program; path !== '/'; path = dirname(path)) {
        const { uid, mode } = statSync(path);
        expect({ path, uid, othersMayWrite: (mode & 0o022) !== 0 && (mode & 0o1000) === 0 }).toEqual({
          path,
          uid: 0,
          othersMayWrite: false,
        });
      }
      await first.stop();
      expect(serverProcesses(place)).toEqual([]);
      const second = await started(clone, dataDir);
      expect(await second.query('select answer from kept')).toEqual([{ answer: 5 }]);
      await second.stop();
    });

    it('elsewhere: nothing is copied; data that is gone is not replaced by an empty database', async () => {
      const clone = cloneIn(tmpdir());
      const dataDir = clone.newDataDir();
      const host = await started(clone, dataDir);
      expect(placeOf(dataDir)).toBeNull();
      expect(serverProcesses(clone.nativeFolder)).toHaveLength(1);
      await host.stop();
      rmSync(join(dataDir, 'postgres'), { recursive: true });
      const { code, line } = await new HostProcess(clone, dataDir).refusal();
      expect(code).toBe(1);
      expect(line).toMatch(/^the database of .* should be in .* but is not.*$/);
    });
  });

  describe('an ordinary user', { timeout: 60_000 }, () => {
    it('runs it as itself, in place', async () => {
      const clone = cloneIn(tmpdir());
      const own = folder(0o700);
      chownSync(own, nobody.uid, nobody.gid);
      const host = await started(clone, join(own, 'data'), nobody);
      expect(await host.query('select 1 as one')).toEqual([{ one: 1 }]);
      expect(statSync(join(own, 'data', 'postgres')).uid).toBe(nobody.uid);
      expect(serverProcesses(clone.nativeFolder)).toHaveLength(1);
      await host.stop();
    });

    it('without library links and in node_modules it cannot write: runs a copy under DATA_DIR', async () => {
      const clone = cloneIn(tmpdir(), { libraryLinks: false });
      const own = folder(0o700);
      chownSync(own, nobody.uid, nobody.gid);
      const host = await started(clone, join(own, 'data'), nobody);
      expect(await host.query('select 1 as one')).toEqual([{ one: 1 }]);
      expect(links(clone.nativeFolder)).toEqual([]);
      expect(serverProcesses(join(own, 'data', 'postgresql-'))).toHaveLength(1);
      await host.stop();
    });
  });

  describe("root's storage", { timeout: 60_000 }, () => {
    const usable = (path: string) =>
      [...rootStorages([{ folder: path, permanent: true }])].map((storage) => storage.folder);

    it('is made for everybody to pass and nobody else to change, whatever the umask', () => {
      const parent = folder(0o1777);
      const before = process.umask(0o077);
      try {
        expect(usable(join(parent, 'own'))).toEqual([join(parent, 'own')]);
      } finally {
        process.umask(before);
      }
      expect(statSync(join(parent, 'own')).mode & 0o777).toBe(0o755);
    });

    it('is never a name that somebody else was quicker to take', () => {
      const parent = folder(0o1777);
      const target = folder(0o755);
      symlinkSync(target, join(parent, 'link'));
      expect(usable(join(parent, 'link'))).toEqual([]);
      mkdirSync(join(parent, 'foreign'));
      chownSync(join(parent, 'foreign'), nobody.uid, nobody.gid);
      expect(usable(join(parent, 'foreign'))).toEqual([]);
      mkdirSync(join(parent, 'open'));
      chmodSync(join(parent, 'open'), 0o777);
      expect(usable(join(parent, 'open'))).toEqual([]);
      chmodSync(parent, 0o777); // not sticky: others could swap what root made
      expect(usable(join(parent, 'own'))).toEqual([]);
      expect(existsSync(target)).toBe(true);
    });
  });
}
