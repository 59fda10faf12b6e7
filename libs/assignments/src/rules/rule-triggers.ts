import { Injectable } from '@nestjs/common';
import { JobQueue } from '@trainbridge/jobs';
import type { Sql } from '@trainbridge/persistence';
import type { StoredTasks } from '../tasks/task-store.js';

export const RULES_QUEUE = 'rules';

/**
 * Notes what rules have to look at, in the transaction that made it true. What a rule decides comes later: until then a row
 * waits, and is the reason why a rule looks at each thing once and makes one assignment of it.
 */
@Injectable()
export class RuleTriggers {
  constructor(private readonly jobs: JobQueue) {}

  /** Tasks that were stored just now; those that did not change trigger nothing. One statement. */
  async tasksChanged(sql: Sql, { appeared, moved }: Pick<StoredTasks, 'appeared' | 'moved'>): Promise<void> {
    if (appeared.length + moved.length === 0) return;
    await sql.query(TASKS, [appeared, moved]);
  }

  /**
   * What the directory's feed told: rules about people and customers, and, where somebody arrived, whatever waits for a person.
   * Only there: who is outside of what an app may see never arrives, and what waits for them would be decided again and again.
   */
  async peopleChanged(
    sql: Sql,
    { users, customers, arrivals }: Record<'users' | 'customers' | 'arrivals', readonly string[]>,
  ): Promise<void> {
    if (users.length + customers.length > 0) await sql.query(PEOPLE, [users, customers]);
    if (arrivals.length === 0) return;
    await sql.query(
      `update rule_firings set outcome = 'pending' where outcome = 'held' and connection_id = any($1)`,
      [arrivals],
    );
  }

  /** After the commit. One that does not get through costs time only: a sweep follows. */
  async wake(connectionIds: readonly string[]): Promise<void> {
    for (const id of connectionIds) await this.jobs.wake(RULES_QUEUE, id).catch(() => undefined);
  }
}

/** What did not match, or failed, is looked at again; what was decided for good is not. */
const AGAIN = `
  on conflict (rule_id, subject_id) do update set outcome = 'pending', decided_at = null
  where rule_firings.outcome in ('not_matched', 'failed')`;

/** A task that is new here may be old there: without a \`since\` it has to be about as young as the rule. */
const TASKS = `
  insert into rule_firings (rule_id, subject_id, connection_id)
  select r.id, t.id, t.connection_id from tasks t
  join rules r on r.connection_id = t.connection_id and r.is_active and r."when" ->> 'kind' = 'task'
    and coalesce(r."when" ->> 'status', 'approved') = t.status
    and coalesce(r."when" ->> 'taskKind', t.kind) = t.kind
  where t.id = any($2) or (t.id = any($1) and t.changed_at >= coalesce(
    (r."when" ->> 'since')::timestamptz, r.created_at - interval '1 hour'))
  order by 1, 2 ${AGAIN}`;

const PEOPLE = `
  insert into rule_firings (rule_id, subject_id, connection_id)
  select r.id, p.id, p.connection_id from (
    select 'user' as kind, id, connection_id from users where id = any($1) and status <> 'disabled'
    union all
    select 'customer', id, connection_id from customers where id = any($2) and removed_at is null) p
  join rules r on r.connection_id = p.connection_id and r.is_active and r."when" ->> 'kind' = p.kind
  order by 1, 2 ${AGAIN}`;
