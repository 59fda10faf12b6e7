import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clients } from '@trainbridge/access';
import {
  ConnectionDeletion,
  ConnectionStatsSources,
  type ConnectionStats,
  type PeopleDecision,
} from '@trainbridge/connections';
import { rows } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';

/** What is told of a connection's to-dos, and what becomes of assignments, rules and tasks when a connection or a client goes. */
@Injectable()
export class AssignmentsConnectionHooks implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deletion: ConnectionDeletion,
    private readonly stats: ConnectionStatsSources,
    private readonly clients: Clients,
  ) {}

  onModuleInit(): void {
    this.deletion.register(leave);
    this.stats.register(async (connectionId) => {
      const [todos] = await rows<ConnectionStats['todos']>(this.dataSource, COUNT_TODOS, [connectionId]);
      return { todos };
    });
    // Assignments are for people, not for the client that made them: they stay, with what its catalogue said last. Rules stay,
    // too: somebody else can see what they do.
    this.clients.onRemoved(async (manager, clientId) => {
      await manager.query(KEEP_TITLES, [clientId]);
      await manager.query(`delete from courses where client_id = $1`, [clientId]);
    });
  }
}

const COUNT_TODOS = `
  select (count(*) filter (where due_at is not null))::int as pending, (count(*) filter (where status = 'failed'))::int as failed
  from todos where connection_id = $1`;

const KEEP_TITLES = `
  update assignments a set title = coalesce(a.title, c.title), url = coalesce(a.url, c.url)
  from courses c where c.client_id = $1 and a.course_client_id = c.client_id and a.course_id = c.id`;

/** Nothing of the platform is left to be told or read. People who are kept keep what they have learned. */
async function leave(manager: EntityManager, connectionId: string, people: PeopleDecision): Promise<void> {
  for (const table of OF_THE_PLATFORM)
    await manager.query(`delete from ${table} where connection_id = $1`, [connectionId]);
  if (people === 'keep') return;
  await manager.query(`delete from enrollments where connection_id = $1`, [connectionId]);
  await manager.query(FORGET_PEOPLE, [connectionId]);
}

const OF_THE_PLATFORM = ['todos', 'rule_firings', 'rules', 'task_reads', 'task_watermarks', 'tasks'];

/**
 * Assignments of nobody else go; from others the erased are taken out, whether the directory has erased them already or will in
 * this transaction.
 */
const FORGET_PEOPLE = `
  with reached as (select id, connection_ids from assignments where connection_ids @> array[$1]),
  alone as (delete from assignments a using reached r where a.id = r.id and r.connection_ids = array[$1])
  update assignments a set connection_ids = array_remove(a.connection_ids, $1),
    user_ids = array(
      select w.id from unnest(a.user_ids) w(id) join users u on u.id = w.id and u.connection_id <> $1 order by 1),
    customer_ids = array(
      select w.id from unnest(a.customer_ids) w(id) join customers k on k.id = w.id and k.connection_id <> $1 order by 1),
    departments = coalesce((
      select jsonb_agg(w.unit order by w.unit ->> 'id') from jsonb_array_elements(a.departments) w(unit)
      join departments d on d.id = w.unit ->> 'id' and d.connection_id <> $1), '[]'),
    updated_at = now()
  from reached r where a.id = r.id and r.connection_ids <> array[$1]`;
