import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_ENVIRONMENT, linkInstalled } from './scratch-workspace.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The example as somebody has it who writes a connector in a repository of their own: the kit, the runtime and the suite from
 * their tarballs, everything else from the registry (here: links). Needs an up-to-date build, which `npm test` makes first.
 */
describe('a connector in a repository of its own', () => {
  let folder: string;

  const run = (command: string, ...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 120_000,
      env: { ...process.env, ...COMMAND_ENVIRONMENT },
    });
    if (status !== 0)
      throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
    return stdout;
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'trainbridge-own-'));
    await linkInstalled(folder);
    for (const name of ['connector-kit', 'connector-runtime', 'connector-testing']) {
      const target = path.join(folder, 'node_modules/@trainbridge', name);
      await mkdir(target, { recursive: true });
      const tarball = run('npm', 'pack', path.join(ROOT, 'libs', name), '--silent').trim();
      run('tar', 'xzf', tarball, '-C', target, '--strip-components=1');
    }
    for (const part of ['src', 'test'])
      await cp(path.join(ROOT, 'connectors/example', part), path.join(folder, part), { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{ "name": "own", "type": "module" }');
    const compilerOptions = {
      ...{ target: 'es2022', module: 'nodenext', types: ['node'], noEmit: true, skipLibCheck: true },
      ...{ strict: true, noUnusedLocals: true, noUnusedParameters: true },
    };
    await writeFile(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['src', 'test'] }),
    );
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('passes the conformance suite and its own tests', () => {
    const report = JSON.parse(run('node_modules/.bin/vitest', 'run', '--reporter=json')) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    expect(report.numFailedTests).toBe(0);
    expect(report.numPassedTests).toBeGreaterThan(40);
  }, 120_000);

  it('has types, with compiler settings that are not ours', () => {
    run('node_modules/.bin/tsc', '-p', '.');
  }, 120_000);
});
