import { OutgoingEvents } from '@trainbridge/persistence';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import type { DataSource } from 'typeorm';
import { RunEngine, type RunEngineOptions } from '../src/runs/run-engine.js';
import { viewOf, type RunView } from '../src/runs/run-record.js';
import type { NewRun } from '../src/runs/run-store.js';
import { rows } from '../src/sync/sql.js';
import type { FakePlatform } from './fake-platform.js';

/** A database of its own with an engine on it. */
export class EngineHarness {
  private constructor(readonly database: TestDatabase) {}

  static async start(): Promise<EngineHarness> {
    return new EngineHarness(await createTestDatabase({ poolSize: 8 }));
  }

  get dataSource(): DataSource {
    return this.database.dataSource;
  }

  engine(options: RunEngineOptions = {}): RunEngine {
    return new RunEngine(this.dataSource, new OutgoingEvents(), {
      retryDelaysMs: [],
      writer: { flushAfterMs: 5 },
      ...options,
    });
  }

  /** Runs to the end and answers the run as the API shows it. */
  async sync(
    connectionId: string,
    platform: FakePlatform,
    run: Partial<NewRun> = {},
    options: RunEngineOptions = {},
  ): Promise<RunView> {
    const engine = this.engine(options);
    const id = await this.queue(connectionId, run);
    await engine.work(id, platform.open, new AbortController().signal);
    return this.run(id);
  }

  async queue(connectionId: string, run: Partial<NewRun> = {}): Promise<string> {
    const created = await this.engine().store.create(this.dataSource.manager, {
      connectionId, kind: 'directory', mode: 'full', dryRun: false, requestedBy: null, ...run,
    }); // prettier-ignore
    if (!created) throw new Error('a run is open');
    return created.id;
  }

  async run(id: string): Promise<RunView> {
    return viewOf((await this.engine().store.find(id))!);
  }

  /** Approves a planned or blocked run and carries it out. */
  async approve(id: string, platform: FakePlatform): Promise<RunView> {
    await this.dataSource.query(
      `update runs set status = 'running', approved_by = 'test', approved_at = now() where id = $1`,
      [id],
    );
    await this.engine().work(id, platform.open, new AbortController().signal);
    return this.run(id);
  }

  query<T>(statement: string, parameters: unknown[] = []): Promise<T[]> {
    return rows<T>(this.dataSource, statement, parameters);
  }

  /** Everything of a connection's directory that must not depend on how often or when it was written. */
  async fingerprint(connectionId: string): Promise<string> {
    const [state] = await this.query<{ state: string }>(
      `select md5(
        coalesce((select string_agg(concat_ws('|', d.external_id, d.name, p.external_id, d.status, d.leader_keys::text), ';' order by d.external_id)
          from departments d left join departments p on p.id = d.parent_id where d.connection_id = $1), '') ||
        coalesce((select string_agg(concat_ws('|', u.external_key, u.external_id, u.display_name, u.mobile, u.work_email, u.status, u.content_hash,
            m.external_key, u.withheld_fields::text, (
            select string_agg(concat_ws(':', d.external_id, x.is_primary, x.is_leader, x.sort_order), ',' order by d.external_id)
            from memberships x join departments d on d.id = x.department_id where x.user_id = u.id)), ';' order by u.external_key)
          from users u left join users m on m.id = u.manager_id where u.connection_id = $1), '')) as state`,
      [connectionId],
    );
    return state!.state;
  }
}
