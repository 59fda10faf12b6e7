import { rows, type Sql } from '../sync/sql.js';
import type { StagedUser } from '../sync/stage/staged-records.js';

/**
 * Departments to be read again because of these people: leaders are told by the department, and platforms send no event
 * for it when somebody becomes its leader, steps down, moves or leaves.
 */
export async function departmentsLedOtherwise(
  sql: Sql,
  connectionId: string,
  users: readonly StagedUser[],
): Promise<string[]> {
  const readable = users.filter(({ idOnly }) => !idOnly);
  if (readable.length === 0) return [];
  const leading = readable.flatMap(({ key, memberships }) =>
    Object.entries(memberships).flatMap(([id, { isLeader }]) => (isLeader ? [{ key, id }] : [])),
  );
  const found = await rows<{ id: string; leaderKeys: string[] }>(
    sql,
    `select external_id as id, leader_keys as "leaderKeys" from departments
     where connection_id = $1 and status = 'active' and (leader_keys && $2 or external_id = any($3))`,
    [connectionId, readable.map(({ key }) => key), leading.map(({ id }) => id)],
  );
  const byKey = new Map(readable.map((user) => [user.key, user]));
  return found.flatMap(({ id, leaderKeys }) => {
    const appointed = leading.some((place) => place.id === id && !leaderKeys.includes(place.key));
    const resigned = leaderKeys.some((key) => {
      const user = byKey.get(key);
      // A platform that does not tell it with the person: `isLeader` is absent, and nothing follows from that.
      return (
        user !== undefined &&
        (!!user.gone || !user.memberships[id] || user.memberships[id].isLeader === false)
      );
    });
    return appointed || resigned ? [id] : [];
  });
}
