import type { DataSource } from 'typeorm';
import { lockChangeFeed } from '../sync/apply/change-feed.js';
import { storedMemberships, userJson } from '../sync/apply/record-json.js';
import { rows, storableJson, type Sql } from '../sync/sql.js';
import { keyOf } from '../sync/stage/fields.js';
import type { Rename } from './event-hints.js';

/**
 * `renamed`: the person we know has the new id now. `repeated`: they had it already. `taken`: both ids are known, as two
 * people; nothing was changed. `unknown`: neither is known.
 */
export type RenameFate = 'renamed' | 'repeated' | 'taken' | 'unknown';

interface Pair extends Rename {
  previousKey: string;
  newKey: string;
}

/**
 * Gives people their new ids, in one transaction: the row, its history and its place with others stay, managers and
 * leaders named by the old id follow, and the feed tells of it. Their next reading is compared as a whole.
 * @returns by event id
 */
export async function renamePeople(
  dataSource: DataSource,
  connectionId: string,
  renames: readonly Rename[],
): Promise<Map<string, RenameFate>> {
  const fates = new Map<string, RenameFate>();
  const pairs = renames.map((rename) => ({
    ...rename,
    previousKey: keyOf(rename.previousId),
    newKey: keyOf(rename.newId),
  }));
  if (pairs.length === 0) return fates;
  await dataSource.transaction(async (manager) => {
    for (const round of roundsOf(pairs)) await renameRound(manager, connectionId, round, fates);
  });
  return fates;
}

async function renameRound(
  manager: Sql,
  connectionId: string,
  round: Pair[],
  fates: Map<string, RenameFate>,
): Promise<void> {
  const found = await rows<{ eventId: string; userId: string | null; previousId: string; taken: boolean }>(
    manager,
    `select p."eventId", o.id as "userId", o.external_id as "previousId", n.id is not null as taken
     from jsonb_to_recordset($2::jsonb) as p("eventId" text, "previousKey" text, "newKey" text)
     left join users o on o.connection_id = $1 and o.external_key = p."previousKey"
     left join users n on n.connection_id = $1 and n.external_key = p."newKey"`,
    [connectionId, storableJson(round)],
  );
  const renamed = found.flatMap(({ eventId, userId, previousId, taken }) => {
    const pair = round.find((candidate) => candidate.eventId === eventId)!;
    // Ids compare without case: another spelling is no other id, and the next reading brings it.
    const fate =
      pair.previousKey === pair.newKey
        ? 'repeated'
        : taken
          ? userId
            ? 'taken'
            : 'repeated'
          : userId
            ? 'renamed'
            : 'unknown';
    fates.set(eventId, fate);
    return fate === 'renamed' ? [{ ...pair, userId, previousId }] : [];
  });
  if (renamed.length === 0) return;
  const parameters = [connectionId, storableJson(renamed)];
  await manager.query(RENAME, parameters);
  await manager.query(FOLLOW_MANAGERS, parameters);
  await manager.query(FOLLOW_LEADERS, parameters);
  await lockChangeFeed(manager);
  await manager.query(WRITE_CHANGES, parameters);
}

/** Rounds in which no id comes twice: a rename of a rename waits for the first one. */
function roundsOf(pairs: readonly Pair[]): Pair[][] {
  const rounds: Pair[][] = [];
  const roundOf = new Map<string, number>();
  for (const pair of pairs) {
    const round = Math.max(roundOf.get(pair.previousKey) ?? 0, roundOf.get(pair.newKey) ?? 0);
    (rounds[round] ??= []).push(pair);
    for (const key of [pair.previousKey, pair.newKey]) roundOf.set(key, round + 1);
  }
  return rounds;
}

const PAIRS = `jsonb_to_recordset($2::jsonb) as p(
  "eventId" text, "userId" text, "previousId" text, "previousKey" text, "newId" text, "newKey" text)`;

const RENAME = `
  update users u set external_id = p."newId", external_key = p."newKey", content_hash = null, updated_at = now()
  from ${PAIRS} where u.connection_id = $1 and u.id = p."userId"`;

/** `manager_id` names the person, who stays; somebody who waited for the new id is looked at again by the next run. */
const FOLLOW_MANAGERS = `
  update users u set
    manager_external_id = case when lower(u.manager_external_id) = p."previousKey" then p."newId" else u.manager_external_id end,
    content_hash = case when u.manager_id is null then null else u.content_hash end
  from ${PAIRS}
  where u.connection_id = $1 and u.manager_external_id is not null and (
    lower(u.manager_external_id) = p."previousKey" or (u.unresolved and lower(u.manager_external_id) = p."newKey"))`;

const FOLLOW_LEADERS = `
  update departments d set leader_keys = array(
    select coalesce(p."newKey", l.key) from unnest(d.leader_keys) with ordinality l(key, position)
    left join ${PAIRS} on p."previousKey" = l.key order by l.position)
  where d.connection_id = $1 and d.leader_keys && array(select p."previousKey" from ${PAIRS})`;

const WRITE_CHANGES = `
  insert into directory_changes (connection_id, type, subject_id, before, after, cause)
  select u.connection_id, 'user.updated', u.id, jsonb_build_object('externalId', p."previousId"),
    ${userJson('u', storedMemberships('u.id'))}, jsonb_build_object('eventIds', jsonb_build_array(p."eventId"))
  from ${PAIRS} join users u on u.id = p."userId" and u.connection_id = $1 order by p."eventId"`;
