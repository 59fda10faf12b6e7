import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ConnectionDeletion, ConnectionStatsSources, type ConnectionStats, type PeopleDecision } from '@trainbridge/connections';
import type { JsonObject } from '@trainbridge/connector-kit';
import { DataSource, type EntityManager } from 'typeorm';
import { viewOf, type RunRow } from '../runs/run-record.js';
import { lockChangeFeed } from '../sync/apply/change-feed.js';
import { rows } from '../sync/sql.js';

/** What the directory knows of a connection, and what becomes of its people when it goes. */
@Injectable()
export class ConnectionPeople implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly stats: ConnectionStatsSources,
    private readonly deletion: ConnectionDeletion,
  ) {}

  onModuleInit(): void {
    this.stats.register((connectionId) => this.figures(connectionId));
    this.deletion.register((manager, connectionId, people) => this.leave(manager, connectionId, people));
  }

  private async figures(connectionId: string): Promise<Partial<ConnectionStats>> {
    const [found] = await rows<{ active: number; pending: number; disabled: number; departments: number }>(
      this.dataSource,
      `select (count(*) filter (where status = 'active'))::int as active, (count(*) filter (where status = 'pending'))::int as pending,
         (count(*) filter (where status = 'disabled'))::int as disabled,
         (select count(*) from departments where connection_id = $1 and status = 'active')::int as departments
       from users where connection_id = $1`,
      [connectionId],
    );
    const { departments, ...users } = found!;
    const [run] = await rows<RunRow>(
      this.dataSource,
      `select * from runs where connection_id = $1 order by id desc limit 1`,
      [connectionId],
    );
    return { users, departments, lastRun: run ? (viewOf(run) as unknown as JsonObject) : null };
  }

  /**
   * `keep`: people stay as they are. `erase`: every trace of them goes, the feed's included; what remains says only that
   * these ids are removed, so that who follows the feed can erase them too.
   */
  private async leave(manager: EntityManager, connectionId: string, people: PeopleDecision): Promise<void> {
    // Waits for the chunk a run may be writing at this moment; its next transaction finds itself canceled.
    await manager.query(
      `update runs set status = 'canceled', phase = 'done', finished_at = now(), updated_at = now()
       where connection_id = $1 and status in ('queued', 'running', 'planned', 'blocked')`,
      [connectionId],
    );
    if (people === 'keep') return;
    for (const table of ['plan_lines', 'rejected_records']) {
      await manager.query(`delete from ${table} where run_id in (select id from runs where connection_id = $1)`, [connectionId]);
    }
    await manager.query(`delete from memberships where user_id in (select id from users where connection_id = $1)`, [connectionId]);
    await manager.query(`delete from user_records where user_id in (select id from users where connection_id = $1)`, [connectionId]);
    await lockChangeFeed(manager);
    await manager.query(`delete from directory_changes where connection_id = $1`, [connectionId]);
    await manager.query(
      `insert into directory_changes (connection_id, type, subject_id, after, cause)
       select connection_id, kind || '.removed', id, jsonb_build_object('id', id, 'connectionId', connection_id), '{"connectionDeleted": true}'
       from (select 'user' as kind, id, connection_id from users where connection_id = $1
             union all select 'department', id, connection_id from departments where connection_id = $1) gone
       order by kind desc, id`,
      [connectionId],
    );
    await manager.query(`delete from users where connection_id = $1`, [connectionId]);
    await manager.query(`delete from departments where connection_id = $1`, [connectionId]);
  }
}
