import { rows, type Sql } from '@trainbridge/persistence';

const FOLLOWER = 'audiences';

/** Begins at the feed's end, once for a database: what happened before is in no audience's future. */
export async function ensureFeedPosition(sql: Sql): Promise<void> {
  await sql.query(
    `insert into audience_positions (follower, sequence) select $1, coalesce(max(sequence), 0) from directory_changes
     on conflict do nothing`,
    [FOLLOWER],
  );
}

/** The last change that was looked at; nobody else moves it until the transaction ends. */
export async function takeFeedPosition(sql: Sql): Promise<number> {
  const [position] = await rows<{ sequence: string }>(
    sql,
    `select sequence from audience_positions where follower = $1 for update`,
    [FOLLOWER],
  );
  return Number(position?.sequence ?? 0);
}

export async function moveFeedPosition(sql: Sql, sequence: number): Promise<void> {
  await sql.query(`update audience_positions set sequence = $2 where follower = $1`, [FOLLOWER, sequence]);
}

/**
 * Keeps the follower where it is until the transaction ends. Whoever makes a live audience holds it before looking who
 * belongs: people who join meanwhile are on the feed behind this position, and the follower will know the audience then. The
 * same for whoever changes an assignment with everybody in it, and for rules that find somebody missing. First in its
 * transaction, before any row the follower might want.
 */
export async function holdFeedPosition(sql: Sql): Promise<void> {
  await sql.query(`select from audience_positions where follower = $1 for share`, [FOLLOWER]);
}
