import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@trainbridge/api-client';
import { openDatabase } from '@trainbridge/persistence';
import { startHostProcess, type HostProcess } from '../host-process.js';
import { median, type BenchRow } from './rows.js';
import { timeCopyAndMerge } from './sync-ceiling.js';

export interface SyncBenchOptions {
  people: number;
  departments: number;
  rounds: number;
}

interface Round {
  first: RunTimes;
  noChange: RunTimes;
  ceilingMs: number;
  hostPeakMiB: number | null;
  writes: number;
}

interface RunTimes {
  totalMs: number;
  fetchMs: number;
  /** Plan and apply: everything after the platform has been read. */
  applyMs: number;
}

/**
 * A company read for the first time, then again with nothing changed: the real host in its own process, the simulator in
 * another, the embedded PostgreSQL with its default settings. The ceiling is COPY + merge of the very rows the first sync
 * left behind, on the same server in the same round.
 */
export async function benchSync({ people, departments, rounds }: SyncBenchOptions): Promise<BenchRow[]> {
  const platform = await startSandboxProcess(people, departments);
  const measured: Round[] = [];
  try {
    for (let round = 0; round < rounds; round++) measured.push(await benchRound(platform.connection));
  } finally {
    platform.stop();
  }
  const of = (pick: (round: Round) => number): number => median(measured.map(pick));
  const peaks = measured.map((round) => round.hostPeakMiB).filter((peak) => peak !== null);
  const label = `${people.toLocaleString('en-US')} people, ${departments.toLocaleString('en-US')} departments`;
  return [
    { name: `COPY + merge of the same final rows (${label})`, value: of((r) => r.ceilingMs), unit: 'ms' },
    {
      name: 'first sync, fetch to last commit',
      value: of((r) => r.first.totalMs),
      unit: 'ms',
      ratio: of((r) => r.ceilingMs / r.first.totalMs),
      target: 0.3,
    },
    { name: '  of it fetch and stage', value: of((r) => r.first.fetchMs), unit: 'ms' },
    { name: '  of it plan and apply', value: of((r) => r.first.applyMs), unit: 'ms' },
    { name: 'no-change sync', value: of((r) => r.noChange.totalMs), unit: 'ms' },
    { name: '  of it fetch and stage', value: of((r) => r.noChange.fetchMs), unit: 'ms' },
    {
      name: '  of it plan and apply (first ÷ no-change)',
      value: of((r) => r.noChange.applyMs),
      unit: 'ms',
      ratio: of((r) => r.first.applyMs / r.noChange.applyMs),
    },
    { name: 'directory rows written by the no-change sync', value: of((r) => r.writes), unit: 'rows' },
    {
      name: 'host memory, peak',
      value: peaks.length > 0 ? Math.max(...peaks) : NaN,
      unit: 'MiB',
      ...(peaks.length > 0 ? { ratio: 512 / Math.max(...peaks), target: 1 } : {}),
    },
  ];
}

async function benchRound(config: Record<string, unknown>): Promise<Round> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trainbridge-bench-'));
  const adminToken = randomBytes(24).toString('base64url');
  // The bench owns the embedded server so that it can look into it; the host meets it as its DATABASE_URL.
  const database = await openDatabase({ dataDir }, () => undefined);
  let host: HostProcess | undefined;
  try {
    host = await startHostProcess({
      NODE_ENV: 'development', PORT: '0', DATA_DIR: dataDir, DATABASE_URL: database.url, LOG_LEVEL: 'info',
      TRAINBRIDGE_ADMIN_TOKEN: adminToken, TRAINBRIDGE_SECRET_KEY: randomBytes(32).toString('base64'),
    }); // prettier-ignore
    const client = createClient({ baseUrl: host.url, token: adminToken });
    const connection = await client.POST('/api/v1/connections', {
      body: { name: 'bench', connector: 'wecom', config },
    });
    const id = connection.data?.id;
    if (!id) throw new Error(`no connection: ${JSON.stringify(connection.error)}`);
    const first = await timeRun(client, id);
    const before = await directoryWrites(database.url);
    const noChange = await timeRun(client, id);
    const writes = (await directoryWrites(database.url)) - before;
    const hostPeakMiB = await peakMemoryMiB(host.pid);
    await host.stop();
    const ceilingMs = await timeCopyAndMerge(database.url);
    return { first, noChange, ceilingMs, hostPeakMiB, writes };
  } finally {
    await host?.stop();
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function timeRun(client: ReturnType<typeof createClient>, connectionId: string): Promise<RunTimes> {
  const began = performance.now();
  let fetchedAt: number | null = null;
  const started = await client.POST('/api/v1/connections/{id}/runs', {
    params: { path: { id: connectionId } },
    body: { kind: 'directory', mode: 'full' },
  });
  if (!started.data) throw new Error(`no run: ${JSON.stringify(started.error)}`);
  for (;;) {
    const { data: run, error } = await client.GET('/api/v1/runs/{id}', {
      params: { path: { id: started.data.id } },
    });
    if (!run) throw new Error(JSON.stringify(error));
    if (run.progress.phase && run.progress.phase !== 'fetch') fetchedAt ??= performance.now();
    if (run.status !== 'queued' && run.status !== 'running') {
      if (run.status !== 'success')
        throw new Error(`the run ended ${run.status}: ${JSON.stringify(run.error)}`);
      const totalMs = performance.now() - began;
      const fetchMs = (fetchedAt ?? performance.now()) - began;
      return { totalMs, fetchMs, applyMs: totalMs - fetchMs };
    }
    await sleep(25);
  }
}

async function directoryWrites(url: string): Promise<number> {
  const { Client } = await import('pg');
  const client = new Client(url);
  await client.connect();
  try {
    // Counters of other sessions arrive in the statistics with a delay of up to a second.
    await sleep(1_500);
    const { rows } = await client.query<{ writes: string }>(
      `select sum(n_tup_ins + n_tup_upd + n_tup_del) as writes from pg_stat_user_tables
       where relname in ('departments', 'users', 'memberships', 'user_records', 'directory_changes')`,
    );
    return Number(rows[0]?.writes ?? 0);
  } finally {
    await client.end();
  }
}

async function peakMemoryMiB(pid: number): Promise<number | null> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return kilobytes ? Math.round(Number(kilobytes) / 1024) : null;
  } catch {
    return null;
  }
}

/** In a process of its own: what answers must not share the host's event loop. */
async function startSandboxProcess(people: number, departments: number) {
  const main = new URL('../../../apps/sandbox/dist/main.js', import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    [
      main,
      '--port=0',
      `--people=${people}`,
      `--departments=${departments}`,
      '--warm',
      '--until-stdin-closes',
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout });
  const connection = await new Promise<Record<string, unknown>>((resolve, reject) => {
    lines.once('line', (line) => resolve((JSON.parse(line) as { wecom: Record<string, unknown> }).wecom));
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
  return { connection, stop: () => child.kill('SIGTERM') };
}
