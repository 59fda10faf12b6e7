import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CONTRACT_VERSION } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { testConnector } from '../test/platform.js';
import { isCompatible } from './connector-shape.js';
import { loadConnectors, type LoadedConnector } from './load-connectors.js';

type Loose = Record<string, unknown>;

/** A sound connector with one thing changed. */
function changed(change: (connector: Loose & { manifest: Loose }) => void): unknown {
  const connector = testConnector() as unknown as Loose & { manifest: Loose };
  change(connector);
  return { default: connector };
}

async function reasonOf(module: unknown): Promise<string> {
  const [result] = await loadConnectors(['x'], async () => module);
  return result?.status === 'unavailable' ? result.reason : 'available';
}

describe('loading connectors', () => {
  it('takes sound ones and isolates one that throws, one that hangs in its own way and one of another shape', async () => {
    const modules: Record<string, () => Promise<unknown>> = {
      good: async () => ({ default: testConnector() }),
      throws: async () => {
        throw new Error('Cannot find package "left-pad"\nat somewhere');
      },
      throwsAtOnce: () => {
        throw new TypeError('boom');
      },
      empty: async () => ({}),
      nothing: async () => null,
    };
    const results = await loadConnectors(
      Object.keys(modules),
      (name) => modules[name]?.() ?? Promise.reject(new Error('unknown')),
    );
    expect(results.map(({ packageName, status }) => [packageName, status])).toEqual([
      ['good', 'available'],
      ['throws', 'unavailable'],
      ['throwsAtOnce', 'unavailable'],
      ['empty', 'unavailable'],
      ['nothing', 'unavailable'],
    ]);
    expect(results[0]).toMatchObject({ id: 'test', connector: { manifest: { id: 'test' } } });
    expect((results[1] as Extract<LoadedConnector, { status: 'unavailable' }>).reason).toBe(
      'importing it failed: Cannot find package "left-pad"',
    );
    expect((results[3] as Extract<LoadedConnector, { status: 'unavailable' }>).reason).toMatch(
      /defineConnector/,
    );
  });

  it('gives a contested id to the first, and reads a repeated name once', async () => {
    const results = await loadConnectors(['a', 'b', 'a'], async () => ({ default: testConnector() }));
    expect(results).toMatchObject([
      { packageName: 'a', status: 'available' },
      { packageName: 'b', status: 'unavailable', reason: 'its id "test" is taken by a' },
    ]);
  });

  it('imports a real package with its version, and names one that is not there', async () => {
    const folder = path.join(await mkdtemp(path.join(tmpdir(), 'connectors-')), 'node_modules');
    const cwd = process.cwd();
    await mkdir(path.join(folder, 'own-connector'), { recursive: true });
    await writeFile(
      path.join(folder, 'own-connector/package.json'),
      '{"name":"own-connector","version":"4.5.6","type":"module","exports":"./index.js"}',
    );
    await writeFile(
      path.join(folder, 'own-connector/index.js'),
      'export default { manifest: { id: "own" } };',
    );
    try {
      process.chdir(path.dirname(folder));
      const results = await loadConnectors(['own-connector', '@nobody/absent-connector']);
      expect(results).toMatchObject([
        {
          packageName: 'own-connector',
          version: '4.5.6',
          status: 'unavailable',
          reason: 'configSchema must be a schema of type object',
        },
        {
          packageName: '@nobody/absent-connector',
          version: null,
          status: 'unavailable',
          reason: expect.stringContaining('absent-connector') as string,
        },
      ]);
    } finally {
      process.chdir(cwd);
      await rm(path.dirname(folder), { recursive: true });
    }
  });

  it.each<[string, (connector: Loose & { manifest: Loose }) => void, RegExp]>([
    ['a bad id', (c) => (c.manifest['id'] = 'Bad Id'), /manifest\.id/],
    [
      'another contract',
      (c) => (c.manifest['contractVersion'] = '0.9'),
      new RegExp(`contract 0\\.9.*speaks ${CONTRACT_VERSION}`),
    ],
    ['no Chinese name', (c) => (c.manifest['name'] = { en: 'x' }), /zh-CN/],
    [
      'a capability that is no object of functions',
      (c) => (c['tasks'] = { list: async () => undefined }),
      /tasks\.get is no function/,
    ],
    [
      'a capability with data in it',
      (c) => (c['customers'] = { get: async () => [], cache: new Map() }),
      /customers\.cache/,
    ],
    [
      'a manifest part without its capability',
      (c) => (c.manifest['todos'] = { idempotency: 'key', maxBatch: 1 }),
      /manifest\.todos stands without/,
    ],
    [
      'a capability without its manifest part',
      (c) => (c['events'] = { receive: async () => undefined }),
      /manifest\.events is missing/,
    ],
    ['a host with a scheme', (c) => (c.manifest['allowedHosts'] = ['https://a.example']), /no host name/],
    [
      'web sockets named by nobody',
      (c) => (c.manifest['webSocketsNamedBy'] = { fromConfig: 'nope' }),
      /webSocketsNamedBy: fromConfig/,
    ],
    ['a host from nowhere', (c) => (c.manifest['allowedHosts'] = [{ fromConfig: 'nope' }]), /fromConfig/],
    [
      'a limit of zero',
      (c) => (c.manifest['rateLimits'] = [{ name: 'x', keyFrom: [], limit: 0, perMs: 1 }]),
      /above zero/,
    ],
    [
      'a token without credentials',
      (c) => (c['tokens'] = { app: { credentials: [], fetch() {}, apply() {} } }),
      /credentials/,
    ],
    [
      'a schema outside the subset',
      (c) =>
        (c['configSchema'] = {
          type: 'object',
          properties: { a: { type: 'null', title: 'A' } },
          additionalProperties: false,
        }),
      /outside the subset/,
    ],
    [
      'a getter that throws',
      (c) =>
        Object.defineProperty(c, 'manifest', {
          get: () => {
            throw new Error('no');
          },
        }),
      /reading its default export failed/,
    ],
  ])('says what is wrong with %s', async (_name, change, reason) => {
    expect(await reasonOf(changed(change))).toMatch(reason);
  });

  it('knows which contracts it can serve', () => {
    expect(isCompatible('0.1', '0.1')).toBe(true);
    expect(isCompatible('0.1', '0.2')).toBe(false);
    expect(isCompatible('1.2', '1.4')).toBe(true);
    expect(isCompatible('1.5', '1.4')).toBe(false);
    expect(isCompatible('1.0', '2.0')).toBe(false);
  });
});
