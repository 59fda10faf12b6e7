import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_ENVIRONMENT, ScratchWorkspace } from '../test/scratch-workspace.js';
import { GuideReader } from './guide-reader.js';
import { guideSteps, type GuideStep } from './guide-steps.js';

const PAGE = 'docs/writing-a-connector.md';
const steps = guideSteps(readFileSync(new URL(`../../${PAGE}`, import.meta.url), 'utf8'));

/** One block may start nx, vitest and a host, on a machine that does other things too. */
const BLOCK_MS = 180_000;

/**
 * Follows docs/writing-a-connector.md from top to bottom in a copy of this workspace. Three things differ from what a reader
 * does, and nothing else: the two installs that would ask a registry, whose results are links here; types and lint, which look
 * at the new package's program instead of the whole one; and the database, which tests have already (with it goes a key). The
 * host is the built one, which `npm test` makes first.
 */
describe(PAGE, () => {
  let workspace: ScratchWorkspace;
  let database: TestDatabase;
  let reader: GuideReader;
  let brokenAt: number | null = null;

  /** By the commands they stand for. */
  const standIns: Record<string, () => Promise<void>> = {
    // Done by `ScratchWorkspace.create`.
    'npm install\nnpm run build': async () => undefined,
    'npm install': () => workspace.linkPackages(),
    'npx tsc -p tsconfig.json --noEmit': () => workspace.checkTypes('connectors/pinewood-hr'),
    'npx eslint connectors/pinewood-hr --max-warnings=0': () => workspace.lint('connectors/pinewood-hr'),
  };

  it('still has the commands that others stand in for here', () => {
    const scripts = steps.map((step) => (step.kind === 'command' ? step.script.trim() : ''));
    expect(scripts).toEqual(expect.arrayContaining(Object.keys(standIns)));
  });

  beforeAll(async () => {
    [workspace, database] = await Promise.all([
      ScratchWorkspace.create({ built: true }),
      createTestDatabase(),
    ]);
    const [hostPort, pinewoodPort] = [await freePort(), await freePort()];
    reader = await GuideReader.begin({
      folder: workspace.folder,
      environment: {
        ...COMMAND_ENVIRONMENT,
        NODE_ENV: '',
        DATABASE_URL: database.url,
        TRAINBRIDGE_SECRET_KEY: randomBytes(32).toString('base64'),
        PORT: String(hostPort),
        npm_config_offline: 'true',
        npm_config_update_notifier: 'false',
      },
      replacements: { '3000': String(hostPort), '4300': String(pinewoodPort) },
      standIns,
      timeoutMs: BLOCK_MS,
    });
  }, 120_000);

  afterAll(async () => {
    await reader?.close();
    await database?.drop();
    await workspace?.remove();
  });

  for (const step of steps) {
    it(
      title(step),
      async ({ skip }) => {
        // Each builds on all before it: what comes after a failure could only hide it.
        if (brokenAt !== null) skip(`line ${brokenAt} failed`);
        brokenAt = step.line;
        await reader.follow(step);
        brokenAt = null;
      },
      BLOCK_MS + 10_000,
    );
  }
});

function title(step: GuideStep): string {
  if (step.kind === 'file') return `line ${step.line}: ${path.posix.basename(step.path)} is written`;
  const [first = ''] = step.script.split('\n');
  return `line ${step.line}: ${first.length > 70 ? `${first.slice(0, 70)}…` : first}`;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
