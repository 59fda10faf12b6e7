import { spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, type QueryResultRow } from 'pg';
import { createClient } from '@trainbridge/api-client';
import { openDatabase, removeDataDir } from '@trainbridge/persistence';
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
    const before = await directoryState(database.url);
    const noChange = await timeRun(client, id);
    const writes = await directoryWrites(database.url, before);
    const hostPeakMiB = await peakMemoryMiB(host.pid);
    await host.stop();
    const ceilingMs = await timeCopyAndMerge(database.url);
    return { first, noChange, ceilingMs, hostPeakMiB, writes };
  } finally {
    await host?.stop();
    await database.stop();
    removeDataDir(dataDir);
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

/** What the tables of the directory hold, and up to which transaction: told apart from statistics, which arrive late. */
async function directoryState(url: string): Promise<{ transaction: string; rows: number }> {
  const [state] = await queryDirectory<{ transaction: string; rows: number }>(
    url,
    `select pg_current_xact_id()::text as transaction, (${DIRECTORY_TABLES.map((table) => `(select count(*) from ${table})`).join(' + ')})::int as rows`,
  );
  if (!state) throw new Error('no state');
  return state;
}

/** Rows of the directory inserted or updated since, and those that are gone. */
async function directoryWrites(url: string, before: { transaction: string; rows: number }): Promise<number> {
  const changed = DIRECTORY_TABLES.map(
    (table) =>
      `(select count(*) from ${table} where xmin::text::bigint > ${before.transaction}::bigint % 4294967296)`,
  );
  const [state] = await queryDirectory<{ changed: number }>(
    url,
    `select (${changed.join(' + ')})::int as changed`,
  );
  const after = await directoryState(url);
  return (state?.changed ?? 0) + Math.max(0, before.rows - after.rows);
}

const DIRECTORY_TABLES = ['departments', 'users', 'memberships', 'user_records', 'directory_changes'];

async function queryDirectory<T extends QueryResultRow>(url: string, statement: string): Promise<T[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<T>(statement)).rows;
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
  const main = fileURLToPath(new URL('../../../apps/sandbox/dist/main.js', import.meta.url));
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
