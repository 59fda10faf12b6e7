/**
 * `npm run demo`: all four flows on three simulated platforms, told step by step, with a report at the end. `-- --once` exits after
 * the report: 0, or 1 when any step failed.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeDataDir } from '@trainbridge/persistence';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { startHostProcess, type HostProcess } from '../host-process.js';
import { reasonOf } from './lane.js';
import { printReport } from './report.js';
import { failed, title } from './screen.js';
import { runStory } from './story.js';

const once = process.argv.includes('--once');
const cleanUps: (() => Promise<unknown>)[] = [];

async function main(): Promise<boolean> {
  title('Trainbridge 演示', 'Trainbridge demo');
  const began = Date.now();
  const { sandbox, host, adminToken } = await start();
  const story = await runStory({ sandbox, hostUrl: host.url, adminToken });
  printReport(story, {
    sandboxUrl: sandbox.url,
    hostUrl: host.url,
    adminToken,
    totalMs: Date.now() - began,
    serving: !once,
  });
  return story.ok;
}

async function start(): Promise<{ sandbox: Sandbox; host: HostProcess; adminToken: string }> {
  // A folder of its own below the system's temporary one: every demo begins with an empty company.
  const dataDir = await mkdtemp(join(tmpdir(), 'trainbridge-demo-'));
  cleanUps.push(async () => removeDataDir(dataDir));
  const sandbox = await startSandbox({ people: 2_000 });
  cleanUps.push(() => sandbox.close());
  const port = await freePort();
  const adminToken = randomBytes(24).toString('base64url');
  const host = await startHostProcess({
    // Not production: the sandbox's addresses are loopback addresses.
    NODE_ENV: 'development',
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATA_DIR: dataDir,
    TRAINBRIDGE_ADMIN_TOKEN: adminToken,
    LOG_LEVEL: 'info',
    // Whatever this shell is set up for, the demo runs on the embedded default.
    DATABASE_URL: '',
    REDIS_URL: '',
    TRAINBRIDGE_SECRET_KEY: '',
    TRAINBRIDGE_CONNECTORS: '',
    OUTBOUND_PROXY: '',
  });
  cleanUps.push(() => host.stop());
  return { sandbox, host, adminToken };
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

let cleaning: Promise<void> | undefined;

/** In the reverse order of starting; once, however often it is asked for. */
function cleanUp(): Promise<void> {
  return (cleaning ??= (async () => {
    for (const undo of cleanUps.reverse()) await undo().catch(() => undefined);
  })());
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('\n正在停止… Stopping…');
    void cleanUp().then(() => process.exit(once ? 130 : 0));
  });
}

let ok = false;
try {
  ok = await main();
} catch (error) {
  failed({ zh: '演示失败', en: 'Demo' }, reasonOf(error));
}
if (once || !ok) {
  await cleanUp();
  process.exit(ok ? 0 : 1);
}
