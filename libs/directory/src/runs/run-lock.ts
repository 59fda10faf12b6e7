import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/** Sets these locks apart from other advisory locks. Any constant will do; the same in every version. */
const RUN_LOCK_SEED = 7_262_100_462;

/**
 * Does `work` while no other process or run writes this connection's directory; answers `busy` when one does. The lock
 * belongs to a database connection of its own, so it is free the moment the process dies.
 *
 * @param options.waitMs how long to wait for the lock; default 0
 */
export async function withConnectionLock<T>(
  dataSource: DataSource,
  connectionId: string,
  options: { waitMs?: number; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T | 'busy'> {
  const queryRunner = dataSource.createQueryRunner();
  const deadline = Date.now() + (options.waitMs ?? 0);
  try {
    await queryRunner.connect();
    const key = [connectionId];
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
      const [answer] = (await queryRunner.query(
        `select pg_try_advisory_lock(hashtextextended($1, ${RUN_LOCK_SEED})) as held`,
        key,
      )) as { held: boolean }[];
      if (answer!.held) break;
      if (Date.now() >= deadline) return 'busy';
      await sleep(pauseMs, undefined, { signal: options.signal });
    }
    try {
      return await work();
    } finally {
      // A connection that broke has lost the lock by itself.
      await queryRunner
        .query(`select pg_advisory_unlock(hashtextextended($1, ${RUN_LOCK_SEED}))`, key)
        .catch(() => undefined);
    }
  } finally {
    await queryRunner.release();
  }
}
