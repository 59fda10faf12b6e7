import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** One exact piece of a built file, and what stands there instead. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

/**
 * A folder outside this workspace, as somebody has it who installs a host and connectors from tarballs: nothing in it leads
 * back here, and no registry is asked. Needs an up-to-date build, which `npm test` makes first.
 */
export class DeployerFolder {
  private readonly tarballs: string[] = [];

  private constructor(
    private readonly base: string,
    /** Where the packages are installed and the host is started from. */
    readonly folder: string,
  ) {}

  static async create(): Promise<DeployerFolder> {
    const base = await mkdtemp(path.join(tmpdir(), 'trainbridge-deployer-'));
    const folder = path.join(base, 'bridge');
    await mkdir(folder);
    return new DeployerFolder(base, folder);
  }

  /** `npm pack` of a package of this workspace, as it is. */
  async pack(packageFolder: string): Promise<void> {
    const source = path.join(ROOT, packageFolder);
    const printed = this.npm(source, ['pack', '--silent', '--pack-destination', this.base]);
    this.tarballs.push(path.join(this.base, printed.trim()));
  }

  /**
   * The same under another name and with edits in its built files: a name that this workspace has would be found beside the
   * host, before the folder it was started from.
   *
   * @throws when a piece to be edited is not there.
   */
  async packAs(name: string, packageFolder: string, edits: readonly Edit[]): Promise<void> {
    const copy = path.join(this.base, 'sources', name);
    await cp(path.join(ROOT, packageFolder), copy, {
      recursive: true,
      filter: (source) => path.basename(source) !== 'node_modules',
    });
    const manifestFile = path.join(copy, 'package.json');
    const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as Record<string, unknown>;
    await writeFile(manifestFile, JSON.stringify({ ...manifest, name, private: undefined }));
    for (const { file, from, to } of edits) {
      const text = await readFile(path.join(copy, file), 'utf8');
      if (!text.includes(from)) throw new Error(`${file} of ${packageFolder} holds no ${from}`);
      await writeFile(path.join(copy, file), text.replace(from, to));
    }
    const printed = this.npm(copy, ['pack', '--silent', '--pack-destination', this.base]);
    this.tarballs.push(path.join(this.base, printed.trim()));
  }

  /** Installs everything packed so far, with the registry out of reach. */
  install(): void {
    this.npm(this.folder, ['install', '--offline', '--no-audit', '--no-fund', ...this.tarballs]);
  }

  /** Whether TypeScript, in a project of the deployer's own, accepts `source`. @throws with what it says when not. */
  async checkTypes(source: string): Promise<void> {
    const file = path.join(this.folder, 'consumer.mts');
    await writeFile(file, source);
    this.run(this.folder, path.join(ROOT, 'node_modules/.bin/tsc'), [
      ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUnusedLocals', '--noUnusedParameters'],
      ...['--target', 'es2022', '--module', 'nodenext', '--types', 'node'],
      ...['--typeRoots', path.join(ROOT, 'node_modules/@types'), '--skipLibCheck', file],
    ]);
  }

  async remove(): Promise<void> {
    await rm(this.base, { recursive: true, force: true });
  }

  private npm(cwd: string, args: readonly string[]): string {
    return this.run(cwd, 'npm', args);
  }

  private run(cwd: string, command: string, args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd,
      encoding: 'utf8',
      timeout: 120_000,
      // A home of its own: neither a cache nor a setting of whoever runs the tests may help.
      env: { PATH: process.env.PATH, HOME: this.base, npm_config_update_notifier: 'false' },
    });
    if (status === 0) return stdout;
    throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  }
}
