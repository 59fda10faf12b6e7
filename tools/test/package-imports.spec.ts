import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What may be installed without this repository: the connectors, and what one is written and tested with. */
const PACKAGES = [
  ...readdirSync(path.join(ROOT, 'connectors')).map((name) => `connectors/${name}`),
  ...['kit', 'runtime', 'testing'].map((name) => `libs/connector-${name}`),
];

interface PackageJson {
  name: string;
  license?: string;
  files?: string[];
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** At the beginning of a line, as the formatter leaves them; or called as a function, anywhere. */
const IMPORT = /(?:^(?:import|export|\}).*\sfrom |^import |\bimport\()'([@\w][^']*)'/gm;

function importsOf(folder: string): string[] {
  const files = readdirSync(path.join(ROOT, folder, 'src'), { recursive: true, encoding: 'utf8' });
  const names = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .flatMap((file) => [...readFileSync(path.join(ROOT, folder, 'src', file), 'utf8').matchAll(IMPORT)])
    .map(([, specifier = '']) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(names)].filter((name) => !isBuiltin(name)).sort();
}

describe.each(PACKAGES)('%s, installed from a tarball', (folder) => {
  const read = (file: string): PackageJson =>
    JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as PackageJson;
  const own = read(`${folder}/package.json`);

  it('names everything it imports, and nothing else', () => {
    const named = { ...own.dependencies, ...own.peerDependencies };
    expect(Object.keys(named).sort()).toEqual(importsOf(folder));
  });

  it('has the versions this workspace is tested with, a license, and its built and its source files', () => {
    const root = read('package.json').dependencies ?? {};
    for (const [name, version] of Object.entries(own.dependencies ?? {})) {
      if (!name.startsWith('@trainbridge/')) expect([name, version]).toEqual([name, root[name]]);
    }
    expect(own).toMatchObject({
      license: 'Apache-2.0',
      files: expect.arrayContaining(['dist', 'src']) as unknown,
    });
  });
});
