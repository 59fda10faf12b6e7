import type { PeopleDecision } from '@trainbridge/connections';
import { ProblemError } from '@trainbridge/http-api';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { lockChangeFeed } from '../../sync/apply/change-feed.js';
import { rows } from '../../sync/sql.js';

/** The lock of `withConnectionLock`: a test proves that both are the same. */
const RUN_LOCK_SEED = 7_262_100_462;

/** A run made of events ends by itself within this time. */
const PATIENCE_MS = 3_000;

/**
 * In the transaction that deletes a connection. `keep`: people stay as they are and can be read on, and nothing changes
 * them any more. `erase`: nothing is left of them but a change `removed` with their id on the feed, so that whoever
 * holds a copy learns that it has to go.
 *
 * @throws {ProblemError} 409 while a run is at work
 */
export async function leaveConnection(
  manager: EntityManager,
  connectionId: string,
  people: PeopleDecision,
): Promise<void> {
  await keepRunsAway(manager, connectionId);
  if (people === 'keep') await manager.query(CANCEL_RUNS, [connectionId]);
  else await erase(manager, connectionId);
}

/** Until the transaction ends no process works a run of the connection; afterwards there is none. */
async function keepRunsAway(manager: EntityManager, connectionId: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const [lock] = await rows<{ held: boolean }>(
      manager,
      `select pg_try_advisory_xact_lock(hashtextextended($1, ${RUN_LOCK_SEED})) as held`,
      [connectionId],
    );
    if (lock!.held) return;
    if (Date.now() < deadline) continue;
    throw new ProblemError('conflict', {
      detail: {
        en: 'A run is at work on this connection. Cancel it, then delete the connection.',
        'zh-CN': '该连接正在执行同步，请先取消同步，再删除连接。',
      },
    });
  }
}

const CANCEL_RUNS = `
  update runs set status = 'canceled', phase = 'done', finished_at = now(), updated_at = now()
  where connection_id = $1 and status in ('queued', 'running', 'planned', 'blocked')`;

async function erase(manager: EntityManager, connectionId: string): Promise<void> {
  for (const statement of ERASE) await manager.query(statement, [connectionId]);
  await lockChangeFeed(manager);
  await manager.query(REMOVE_RECORDS, [connectionId, JSON.stringify({ deletedConnectionId: connectionId })]);
}

const OF_RUNS = [
  'run_walks',
  'staged_departments',
  'staged_users',
  'staged_customers',
  'plan_lines',
  'rejected_records',
];

const ERASE = [
  ...OF_RUNS.map((table) => `delete from ${table} using runs r where run_id = r.id and r.connection_id = $1`),
  `delete from runs where connection_id = $1`,
  `delete from memberships m using users u where u.id = m.user_id and u.connection_id = $1`,
  `delete from user_records r using users u where u.id = r.user_id and u.connection_id = $1`,
  `delete from directory_changes where connection_id = $1`,
];

/** A department that is disabled, or a customer who is removed, was announced as removed already. */
const REMOVE_RECORDS = `
  with people as (delete from users where connection_id = $1 returning id),
  units as (delete from departments where connection_id = $1 returning id, status),
  contacts as (delete from customers where connection_id = $1 returning id, removed_at)
  insert into directory_changes (connection_id, type, subject_id, after, cause)
  select $1, type, id, jsonb_build_object('id', id, 'connectionId', $1::text), $2::jsonb
  from (
    select 'user.removed' as type, id from people
    union all select 'department.removed', id from units where status = 'active'
    union all select 'customer.removed', id from contacts where removed_at is null
  ) removed order by type desc, id`;
