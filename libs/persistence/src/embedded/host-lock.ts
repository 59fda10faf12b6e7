import { Client, DatabaseError } from 'pg';

/** Any constant will do; it only has to be the same in every version. */
const HOST_LOCK = 7_262_100_450;

export type LockAttempt =
  | { outcome: 'taken'; lock: HostLock }
  /** Another host has it. */
  | { outcome: 'refused'; byProcess: number | null }
  /** Nobody answers there, or the server is starting or stopping: look again. */
  | { outcome: 'unreachable'; reason: string }
  /** This is not a database we have the password of. */
  | { outcome: 'denied' };

/**
 * The right to run on an embedded database: a session advisory lock on one connection that is kept. PostgreSQL gives it
 * up within milliseconds of our death, however we die, which is what tells an orphaned server from one in use.
 */
export class HostLock {
  private ending = false;

  private constructor(private readonly client: Client) {}

  /** @param url of the maintenance database: advisory locks are per database. */
  static async attempt(url: string, onLost: () => void): Promise<LockAttempt> {
    const client = new Client({
      connectionString: url,
      application_name: `trainbridge-host ${process.pid}`,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    const lock = new HostLock(client);
    let taken = false;
    // pg says `error` and then `end`, or only `end`; without the first listener it would end the process.
    client.on('error', () => undefined);
    client.on('end', () => {
      if (taken && !lock.ending) onLost();
    });
    try {
      await client.connect();
      const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
        HOST_LOCK,
      ]);
      taken = rows[0]!.taken;
      if (taken) return { outcome: 'taken', lock };
      const byProcess = await otherHost(client);
      await client.end();
      return { outcome: 'refused', byProcess };
    } catch (error) {
      lock.ending = true;
      await client.end().catch(() => undefined);
      if (error instanceof DatabaseError && error.code?.startsWith('28')) return { outcome: 'denied' };
      return { outcome: 'unreachable', reason: (error as Error).message };
    }
  }

  /** Makes the application's database on the first start; the lock keeps others from doing the same. */
  async ensureDatabase(name: string): Promise<void> {
    const { rowCount } = await this.client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await this.client.query(`create database ${name}`);
  }

  /** From here on the end of the connection is no surprise: the server is about to be stopped. */
  expectEnd(): void {
    this.ending = true;
  }

  async release(): Promise<void> {
    this.ending = true;
    await this.client.end().catch(() => undefined);
  }
}

async function otherHost(client: Client): Promise<number | null> {
  const { rows } = await client.query<{ application_name: string }>(
    `select application_name from pg_stat_activity a join pg_locks l on l.pid = a.pid
     where l.locktype = 'advisory' and l.granted and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [HOST_LOCK],
  );
  return Number(/\d+$/.exec(rows[0]?.application_name ?? '')?.[0]) || null;
}
