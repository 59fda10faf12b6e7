import { createClient, type TrainbridgeClient } from '@trainbridge/api-client';
import { removeDataDir } from '@trainbridge/persistence';
import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnHost, type HostProcess, type ProcessEnd } from './host-process.js';
import { PostgresProcesses } from './postgres-processes.js';

export interface Stopped extends ProcessEnd {
  milliseconds: number;
  /** What it logged as an error or worse, or wrote to stderr, in all of that life. */
  complaints: string[];
}

/**
 * The built host as a deployer runs it: a process of its own in production mode on the embedded PostgreSQL, in one DATA_DIR
 * and on one port for as many lives as a test wants. For tests that kill it.
 */
export class EmbeddedHost {
  /** The generated client with the admin token; good for every life of the host. */
  readonly admin: TrainbridgeClient;
  private process: HostProcess | null = null;

  private constructor(
    readonly url: string,
    readonly dataDir: string,
    readonly postgres: PostgresProcesses,
    private readonly environment: Record<string, string>,
    readonly adminToken: string,
  ) {
    this.admin = createClient({ baseUrl: url, token: adminToken });
  }

  /** Prepares a folder and a port; nothing runs yet. */
  static async prepare(): Promise<EmbeddedHost> {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'trainbridge-kill-'));
    // Root's server runs as somebody else, who has to get to its folder inside this one.
    chmodSync(dataDir, 0o711);
    const port = await quietPort();
    const adminToken = randomBytes(24).toString('base64url');
    const environment = {
      PORT: String(port),
      DATA_DIR: dataDir,
      TRAINBRIDGE_ADMIN_TOKEN: adminToken,
      // The sandbox is on loopback, which production refuses unless the deployer says so.
      TRAINBRIDGE_ALLOWED_NETWORKS: '127.0.0.0/8',
      LOG_LEVEL: process.env.E2E_LOG_LEVEL ?? 'warn',
    };
    const postgres = new PostgresProcesses(path.join(dataDir, 'postgres'));
    return new EmbeddedHost(`http://127.0.0.1:${port}`, dataDir, postgres, environment, adminToken);
  }

  /** Begins a life; resolves when it listens. */
  async start(): Promise<void> {
    if (this.process) throw new Error('the host runs already');
    this.process = spawnHost(this.environment);
    await this.process.listening;
  }

  /** Another process with the same settings, on another port: to be refused. */
  spawnSecond(): HostProcess {
    return spawnHost({ ...this.environment, PORT: '0' });
  }

  /** `kill -9`: of the host only, its PostgreSQL lives on. */
  async kill(): Promise<void> {
    const { ended } = this.signal('SIGKILL');
    const end = await ended;
    if (end.signal !== 'SIGKILL')
      throw new Error(`the host had ended by itself: ${JSON.stringify(end)}\n${this.said}`);
    this.process = null;
  }

  async stop(signal: 'SIGTERM' | 'SIGINT'): Promise<Stopped> {
    const began = performance.now();
    const end = await this.signal(signal).ended;
    const milliseconds = Math.round(performance.now() - began);
    const { complaints } = this;
    this.process = null;
    return { ...end, milliseconds, complaints };
  }

  /** What this life has logged so far. */
  get said(): string {
    return `${this.process?.stderr() ?? ''}${this.process?.stdout() ?? ''}`;
  }

  private get complaints(): string[] {
    return this.said
      .split('\n')
      .filter((line) => line !== '' && !/^\{"level":"(trace|debug|info|warn)"/.test(line));
  }

  /** Ends whatever is left, the database too, and removes the folder. */
  async remove(): Promise<void> {
    if (this.process) {
      this.process.kill('SIGKILL');
      await this.process.ended;
    }
    await this.postgres.end();
    removeDataDir(this.dataDir);
  }

  private signal(signal: NodeJS.Signals): HostProcess {
    if (!this.process) throw new Error('the host does not run');
    this.process.kill(signal);
    return this.process;
  }
}

/** Below the range the system itself gives out, so that nobody takes it between two lives of a host. */
async function quietPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
