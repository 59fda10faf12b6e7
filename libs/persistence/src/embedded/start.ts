import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import { DatabaseHandle } from '../database-handle.js';
import { DatabaseStartError } from '../database-start-error.js';
import { silentLog, type PersistenceLog } from '../log.js';
import { prepareBinaries, type Binaries } from './binaries.js';
import { ensureCluster, placeCluster, ROLE, type ClusterPlace } from './cluster.js';
import { ExitGuard } from './exit-guard.js';
import { freePort } from './free-port.js';
import { HostLock } from './host-lock.js';
import { launchPostmaster, stopPostmaster } from './postmaster.js';
import { findPostmaster, removeStalePostmasterFile } from './postmaster-file.js';

export interface EmbeddedDatabaseOptions {
  /** Holds the data (`postgres/`), its password and place (`postgres.json`) and the server's log (`postgres.log`). */
  dataDir: string;
  /** False only for tests: nothing is forced to disk, a power cut would cost data. Default true. */
  durable?: boolean;
  log?: PersistenceLog;
}

/** How long a start looks on while another server on the folder starts, stops or recovers. */
const SETTLE_MS = 60_000;
/** A host that was killed a moment ago may hold its lock for some milliseconds more. */
const LOCK_PATIENCE_MS = 1_000;
const LOOK_AGAIN_MS = 50;
const REGAIN_PAUSE_MS = 5_000;

/**
 * Opens the embedded PostgreSQL of a folder: makes it on the first start, starts it, or takes over one that a killed
 * host left running. Only one host at a time has it; the server is stopped by `stop()`, and also when the process ends
 * without that.
 * @throws {DatabaseStartError} one line for the operator: in use by another host, not installed, does not run here.
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<DatabaseHandle> {
  const log = options.log ?? silentLog;
  const durable = options.durable ?? true;
  const guard = new ExitGuard();
  try {
    const startedAt = performance.now();
    const place = placeCluster(resolve(options.dataDir), log);
    const binaries = await prepareBinaries(place.account, place.dataDir);
    await ensureCluster(place, binaries, { durable, guard });
    const database = new EmbeddedDatabase(place, binaries, guard, durable, log);
    const { adopted } = await database.open();
    log('info', 'embedded PostgreSQL is ready', {
      folder: place.folder,
      milliseconds: Math.round(performance.now() - startedAt),
      adopted,
    });
    if (durable) {
      log(
        'info',
        'the embedded database is for evaluation and small companies; `node dist/apps/host/main.js move-database --to <DATABASE_URL>` moves its data to a PostgreSQL server',
      );
    }
    return database;
  } catch (error) {
    guard.abandon();
    throw error;
  }
}

class EmbeddedDatabase extends DatabaseHandle {
  readonly embedded = true;
  private port: number | null = null;
  private lock: HostLock | null = null;
  private stopping: Promise<void> | null = null;
  private regaining: Promise<void> | null = null;
  private readonly stopSignal = new AbortController();

  constructor(
    private readonly place: ClusterPlace,
    private readonly binaries: Binaries,
    private readonly guard: ExitGuard,
    private readonly durable: boolean,
    private readonly log: PersistenceLog,
  ) {
    super();
  }

  get url(): string {
    return this.urlOf(ROLE);
  }

  /** Ends with a running server and its lock in our hands. */
  async open(): Promise<{ adopted: boolean }> {
    const adopted = await this.acquire();
    try {
      await this.lock!.ensureDatabase(ROLE);
    } catch (error) {
      await this.stop();
      throw error;
    }
    return { adopted };
  }

  stop(): Promise<void> {
    return (this.stopping ??= this.stopOnce());
  }

  private async stopOnce(): Promise<void> {
    this.stopSignal.abort();
    await this.regaining;
    if (this.lock === null) {
      // Another host took over, or nothing runs; neither is ours to stop.
      this.guard.release();
      return;
    }
    this.lock.expectEnd();
    // The lock is held until the server itself ends it, so no other start can take over a server that is going away.
    await stopPostmaster(this.place, this.binaries);
    await this.lock.release();
    this.guard.release();
  }

  /** Launches or adopts until the lock is ours. Answers whether the server was running already. */
  private async acquire(): Promise<boolean> {
    const { folder, dataDir } = this.place;
    const settleBy = Date.now() + SETTLE_MS;
    let refusedSince: number | null = null;
    let launched = false;
    let state = 'it is not running';
    for (;;) {
      // What this start launched it takes in hand first, so that stop() can end it.
      if (this.stopSignal.signal.aborted && !launched) throw new Error('stopped while starting');
      const running = findPostmaster(folder);
      if (running === null) {
        removeStalePostmasterFile(folder);
        const port = this.port ?? (await freePort());
        const { durable, guard } = this;
        const { outcome } = await launchPostmaster(this.place, this.binaries, port, { durable, guard });
        launched = outcome === 'ready';
        if (launched) continue;
        state = outcome;
      } else if (running.status === 'ready' && running.port !== null) {
        const attempt = await HostLock.attempt(this.urlOf('postgres', running.port), () => this.onLockLost());
        if (attempt.outcome === 'taken') {
          this.lock = attempt.lock;
          this.port = running.port;
          this.guard.watchPostmaster(running.pid);
          return !launched;
        }
        if (attempt.outcome === 'denied') {
          throw new DatabaseStartError(
            `the password in ${dataDir}/postgres.json is not that of the database in ${folder}; restore the file that belongs to it`,
          );
        }
        if (attempt.outcome === 'refused') {
          this.guard.watchPostmaster(null); // whoever has the lock has the server, even if this start launched it
          refusedSince ??= Date.now();
          if (Date.now() - refusedSince > LOCK_PATIENCE_MS) {
            const who =
              attempt.byProcess === null ? 'another host' : `another host (process ${attempt.byProcess})`;
            throw new DatabaseStartError(
              `${who} is using the embedded database in ${dataDir}; stop it, or give this host its own DATA_DIR`,
            );
          }
        } else {
          state = attempt.reason;
        }
      } else {
        state = `it is ${running.status}`;
      }
      if (Date.now() > settleBy)
        throw new DatabaseStartError(`the embedded database in ${folder} cannot be reached: ${state}`);
      await sleep(LOOK_AGAIN_MS);
    }
  }

  private onLockLost(): void {
    if (this.stopSignal.signal.aborted) return;
    this.lock = null;
    this.regaining ??= this.regain().finally(() => (this.regaining = null));
  }

  /** The connection was cut, or the server died: takes the lock again, starts the server again on the same port. */
  private async regain(): Promise<void> {
    this.log('warn', 'the connection that holds the embedded database was lost; taking it up again');
    while (!this.stopSignal.signal.aborted) {
      try {
        const adopted = await this.acquire();
        this.log('info', 'the embedded database is in hand again', { restarted: !adopted });
        return;
      } catch (error) {
        if (this.stopSignal.signal.aborted) return;
        this.log('error', 'the embedded database is out of hand', { reason: (error as Error).message });
        await sleep(REGAIN_PAUSE_MS, undefined, { signal: this.stopSignal.signal }).catch(() => undefined);
      }
    }
  }

  private urlOf(database: string, port = this.port): string {
    return `postgres://${ROLE}:${this.place.record.password}@127.0.0.1:${port}/${database}`;
  }
}
