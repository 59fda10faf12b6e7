import type { DataSource, QueryRunner } from 'typeorm';

/** Sets these locks apart from other advisory locks; the same in every version. */
const LISTENER_LOCK_SEED = 7_262_100_463;

/**
 * At most one process listens for a connection: it holds an advisory lock, and all locks of a process live in one database
 * session. They are free the moment the process dies. When the session breaks, all of them are lost at once.
 */
export class ListenerLocks {
  private session: Promise<QueryRunner> | null = null;
  private living: QueryRunner | null = null;

  /** @param onLost the session broke: somebody else may be listening by now. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly onLost: () => void,
  ) {}

  /** Whether this process may listen for the connection from now on. Call it once per holding: locks count. */
  async acquire(connectionId: string): Promise<boolean> {
    const [answer] = await this.query<{ held: boolean }>('pg_try_advisory_lock', connectionId);
    return answer?.held ?? false;
  }

  async release(connectionId: string): Promise<void> {
    // A session that broke has lost the lock by itself.
    if (this.session) await this.query('pg_advisory_unlock', connectionId).catch(() => undefined);
  }

  async close(): Promise<void> {
    const session = await this.session?.catch(() => null);
    this.session = null;
    this.living = null;
    if (!session || session.isReleased) return;
    await session.query(`select pg_advisory_unlock_all()`).catch(() => undefined);
    await session.release();
  }

  private async query<Row>(functionName: string, connectionId: string): Promise<Row[]> {
    const session = await (this.session ??= this.open());
    try {
      return (await session.query(
        `select ${functionName}(hashtextextended($1, ${LISTENER_LOCK_SEED})) as held`,
        [connectionId],
      )) as Row[];
    } catch (error) {
      this.lost(session);
      throw error;
    }
  }

  private async open(): Promise<QueryRunner> {
    const session = this.dataSource.createQueryRunner();
    try {
      const client = (await session.connect()) as { once(event: 'error' | 'end', heard: () => void): void };
      client.once('error', () => this.lost(session));
      client.once('end', () => this.lost(session));
      this.living = session;
      return session;
    } catch (error) {
      this.session = null;
      throw error;
    }
  }

  private lost(session: QueryRunner): void {
    // Told several ways, and after closing too.
    if (this.living !== session) return;
    this.living = null;
    this.session = null;
    if (!session.isReleased) void session.release().catch(() => undefined);
    this.onLost();
  }
}
