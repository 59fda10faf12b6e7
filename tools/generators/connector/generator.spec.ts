import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScratchWorkspace } from '../../test/scratch-workspace.js';

const NX = ['node_modules/nx/dist/bin/nx.js', 'g', '@trainbridge/tools:connector'];

/** The only thing that keeps a generator alive: generating, and running what came out. */
describe('the connector generator', () => {
  let workspace: ScratchWorkspace;

  beforeAll(async () => {
    workspace = await ScratchWorkspace.create();
    workspace.run(process.execPath, [...NX, 'pinewood-hr', '--titleZh=松木人事系统']);
  }, 120_000);
  afterAll(() => workspace?.remove());

  it('writes a package under its own name, with nothing of the example’s', async () => {
    const read = (file: string) =>
      readFile(path.join(workspace.folder, 'connectors/pinewood-hr', file), 'utf8');
    expect(JSON.parse(await read('package.json'))).toMatchObject({
      name: '@trainbridge/connector-pinewood-hr',
      nx: { tags: ['type:connector'] },
    });
    const manifest = await read('src/manifest.ts');
    expect(manifest).toContain(`id: 'pinewood-hr'`);
    expect(manifest).toContain(`{ en: 'Pinewood Hr', 'zh-CN': '松木人事系统' }`);
    expect(manifest + (await read('package.json'))).not.toContain('example');
  });

  it('that passes lint and format', async () => {
    await workspace.lint('connectors/pinewood-hr');
    workspace.run('node_modules/.bin/prettier', ['--check', 'connectors/pinewood-hr']);
  }, 120_000);

  it('and types', () => workspace.checkTypes('connectors/pinewood-hr'), 180_000);

  it('and its tests with the conformance suite', () => {
    const report = JSON.parse(
      workspace.run('node_modules/.bin/vitest', ['run', '--reporter=json', 'connectors/pinewood-hr']),
    ) as { numPassedTests: number; numFailedTests: number };
    expect(report.numFailedTests).toBe(0);
    expect(report.numPassedTests).toBeGreaterThan(40);
  }, 120_000);

  it('refuses a name that is none, and writes over nothing', () => {
    expect(() => workspace.run(process.execPath, [...NX, '../x'])).toThrow(/pattern|cannot be an id/);
    expect(() => workspace.run(process.execPath, [...NX, 'example'])).toThrow('exists already');
  });
});
