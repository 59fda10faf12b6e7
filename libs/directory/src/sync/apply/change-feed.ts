import type { Sql } from '../sql.js';

/** Any constant will do; it only has to be the same in every process of every version. */
const FEED_LOCK = 7_262_100_461;

/**
 * Must be the last thing a transaction does before it adds to `directory_changes` and commits. Sequence numbers are
 * given out while the lock is held and the lock is held until commit, so whoever sees a number sees all lower ones:
 * a reader that remembers the highest it saw misses nothing, however many write at the same time.
 */
export async function lockChangeFeed(manager: Sql): Promise<void> {
  await manager.query(`select pg_advisory_xact_lock(${FEED_LOCK})`);
}
