import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'apps', 'connectors', 'docs', 'libs', 'tools', '.prettierrc', '.prettierignore', '.swcrc', 'eslint.config.mjs', 'nx.json',
  'package.json', 'package-lock.json', 'tsconfig.base.json', 'tsconfig.json', 'vitest.config.ts',
]; // prettier-ignore

/** What commands there need to run as for anybody, rather than as inside a test. */
export const COMMAND_ENVIRONMENT: NodeJS.ProcessEnv = {
  NX_DAEMON: 'false',
  FORCE_COLOR: '0',
  NODE_OPTIONS: '',
  VITEST: '',
};

/** Gives `folder` what is installed here from the registry, as links; nothing of this workspace's own packages. */
export async function linkInstalled(folder: string): Promise<void> {
  const target = path.join(folder, 'node_modules');
  await mkdir(target);
  for (const entry of await readdir(path.join(ROOT, 'node_modules'))) {
    if (entry === '@trainbridge' || entry === '.cache') continue;
    await symlink(path.join(ROOT, 'node_modules', entry), path.join(target, entry));
  }
}

/** A copy of this workspace in a folder of its own, so that commands that write into it leave nothing behind here. */
export class ScratchWorkspace {
  private constructor(readonly folder: string) {}

  /** @param built with what `npm run build` made here, rather than the sources only. */
  static async create({ built = false } = {}): Promise<ScratchWorkspace> {
    const folder = await mkdtemp(path.join(tmpdir(), 'trainbridge-scratch-'));
    const skip = built
      ? /(?:^|\/)(?:node_modules|\.nx)(?:\/|$)/
      : /(?:^|\/)(?:dist|node_modules|\.nx)(?:\/|$)/;
    for (const entry of built ? [...COPIED, 'dist'] : COPIED) {
      await cp(path.join(ROOT, entry), path.join(folder, entry), {
        recursive: true,
        filter: (source) => !skip.test(path.relative(ROOT, source)),
      });
    }
    const scratch = new ScratchWorkspace(folder);
    await linkInstalled(folder);
    await scratch.linkPackages();
    return scratch;
  }

  /** What `npm install` does for the packages of the workspace, without asking a registry for the others. */
  async linkPackages(): Promise<void> {
    const scope = path.join(this.folder, 'node_modules', '@trainbridge');
    await rm(scope, { recursive: true, force: true });
    await mkdir(scope);
    for (const group of ['apps', 'connectors', 'libs']) {
      for (const name of await readdir(path.join(this.folder, group))) {
        const target = path.join(this.folder, group, name);
        const manifest = await readFile(path.join(target, 'package.json'), 'utf8').catch(() => null);
        if (manifest === null) continue;
        const { name: packageName } = JSON.parse(manifest) as { name: string };
        await symlink(target, path.join(scope, packageName.replace('@trainbridge/', '')));
      }
    }
    await symlink(path.join(this.folder, 'tools'), path.join(scope, 'tools'));
  }

  /** Runs a command there. @throws with all it printed when it fails. */
  run(command: string, args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): string {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: this.folder,
      encoding: 'utf8',
      timeout: 170_000,
      env: { ...process.env, ...COMMAND_ENVIRONMENT, ...environment },
    });
    if (status === 0) return stdout;
    throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  }

  /** Types of one folder; those of the rest are checked where they stand. */
  async checkTypes(folder: string): Promise<void> {
    this.run('node_modules/.bin/tsc', ['-p', await this.programOf(folder), '--noEmit']);
  }

  /** Lint of one folder, with the workspace's rules on that folder's types: half of the time. */
  async lint(folder: string): Promise<void> {
    const project = `project:./${await this.programOf(folder)}`;
    this.run('node_modules/.bin/eslint', [folder, '--max-warnings=0', '--parser-options', project]);
  }

  /** Writes a TypeScript project of one folder; answers its file. */
  private async programOf(folder: string): Promise<string> {
    const file = 'tsconfig.folder.json';
    const config = {
      extends: './tsconfig.json',
      compilerOptions: { incremental: false, tsBuildInfoFile: null },
      include: [`${folder}/**/*.ts`],
    };
    await writeFile(path.join(this.folder, file), JSON.stringify(config));
    return file;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
