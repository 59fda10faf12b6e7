import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { JsonObject } from '@trainbridge/connector-kit';
import { ConnectionDeletion, ConnectionStatsSources, type ConnectionStats } from '@trainbridge/connections';
import { DataSource } from 'typeorm';
import { viewOf, type RunRow } from '../../runs/run-record.js';
import { rows } from '../../sync/sql.js';
import { leaveConnection } from './leave-connection.js';

/** What the directory tells about a connection, and what becomes of its people when it is deleted. */
@Injectable()
export class DirectoryConnectionHooks implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly stats: ConnectionStatsSources,
    private readonly deletion: ConnectionDeletion,
  ) {}

  onModuleInit(): void {
    this.stats.register((connectionId) => this.figures(connectionId));
    this.deletion.register(leaveConnection);
  }

  private async figures(connectionId: string): Promise<Partial<ConnectionStats>> {
    const [[counts], lastRun] = await Promise.all([
      rows<ConnectionStats['users'] & { departments: number }>(this.dataSource, COUNTS, [connectionId]),
      this.lastRun(connectionId),
    ]);
    const { departments, ...users } = counts!;
    return { users, departments, lastRun };
  }

  /** Runs made of events, and those of tasks, are many and small: they would hide the last sync. */
  private async lastRun(connectionId: string): Promise<JsonObject | null> {
    const [run] = await rows<RunRow>(
      this.dataSource,
      `select * from runs where connection_id = $1 and kind = 'directory' and mode <> 'events' order by id desc limit 1`,
      [connectionId],
    );
    return run ? ({ ...viewOf(run) } as unknown as JsonObject) : null;
  }
}

const COUNTS = `
  select (count(*) filter (where status = 'active'))::int as active, (count(*) filter (where status = 'pending'))::int as pending,
    (count(*) filter (where status = 'disabled'))::int as disabled,
    (select count(*)::int from departments where connection_id = $1 and status = 'active') as departments
  from users where connection_id = $1`;
