import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DirectoryModule } from '@trainbridge/directory';
import { LearningEventsModule } from '@trainbridge/learning-events';
import { OutgoingEvents, rows, type OutgoingEvent } from '@trainbridge/persistence';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { PlatformEventsModule } from '@trainbridge/platform-events';
import { startFixtureApp, type Answer, type FixtureApp } from '../../connections/test/fixture-app.js';
import { AssignmentsModule } from '../src/index.js';
import { platformOf, WorkPlatform } from './work-platform.js';

export interface Caller {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** The whole path from platform to to-do behind a real server, on a database of its own whose people the tests write. */
export class WorkApp implements Caller {
  published: OutgoingEvent[] = [];
  private number = 0;

  private constructor(
    readonly database: TestDatabase,
    public fixture: FixtureApp,
  ) {
    this.listen();
  }

  static async start(): Promise<WorkApp> {
    const database = await createTestDatabase({ poolSize: 6 });
    return new WorkApp(database, await startHost(database.url));
  }

  async stop(): Promise<void> {
    await this.fixture.close();
    await this.database.drop();
  }

  async restart(whileDown: () => Promise<void> = async () => undefined): Promise<void> {
    await this.fixture.close();
    await whileDown();
    this.fixture = await startHost(this.database.url);
    this.listen();
  }

  /** A second host on the same database. */
  second(): Promise<FixtureApp> {
    return startHost(this.database.url);
  }

  get<T>(token: new (...args: never[]) => T): T {
    return this.fixture.app.get<T>(token);
  }

  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.fixture.call(method, `/api/v1${path}`, body, headers);
  }

  /** The body of an answer that has to be good. */
  async ok(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer['body']> {
    const answer = await this.call(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  async client(scopes: string[], connectionIds?: string[]): Promise<Caller & { id: string }> {
    const client = await this.ok('POST', '/clients', { name: `LMS ${++this.number}`, scopes, connectionIds });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { token } = await this.ok('POST', `/clients/${client.id}/tokens`, { expiresAt });
    const authorization = `Bearer ${token}`;
    return {
      id: client.id as string,
      call: (method, path, body, headers) => this.call(method, path, body, { authorization, ...headers }),
    };
  }

  async connect(platform: WorkPlatform, settings: object = { todos: { enabled: true } }): Promise<string> {
    const tenant = platformOf.add(platform);
    const body = { name: tenant, connector: 'work', config: { tenant }, ...settings };
    return (await this.ok('POST', '/connections', body)).id as string;
  }

  query<T>(statement: string, parameters: unknown[] = []): Promise<T[]> {
    return rows<T>(this.database.dataSource, statement, parameters);
  }

  /** People by external id; their id is `usr_` + it. Departments are ids of departments. */
  async addPeople(connectionId: string, people: Record<string, string[]>, status = 'active'): Promise<void> {
    const list = Object.entries(people).map(([key, departments]) => ({ key, departments }));
    await this.query(
      `insert into users (id, person_id, connection_id, external_key, external_id, external_ids, display_name, status)
       select 'usr_' || key, 'per_' || key, $1, lower(key), key, jsonb_build_array(jsonb_build_object('type', 'open_id', 'value', 'ou_' || key)),
         'Name of ' || key, $3 from jsonb_to_recordset($2::jsonb) as p(key text)`,
      [connectionId, JSON.stringify(list), status],
    );
    await this.query(
      `insert into memberships (user_id, department_id, is_primary)
       select 'usr_' || key, d, true from jsonb_to_recordset($1::jsonb) as p(key text, departments text[]), unnest(p.departments) d`,
      [JSON.stringify(list)],
    );
    await this.told(
      connectionId,
      'user.created',
      list.map(({ key }) => `usr_${key}`),
    );
  }

  /** `path`: from the root down to its own id. */
  async addDepartment(connectionId: string, path: string[]): Promise<void> {
    await this.query(
      `insert into departments (id, connection_id, external_id, name, parent_id, path_ids, status) values ($1, $2, $1, $1, $3, $4, 'active')`,
      [path.at(-1), connectionId, path.at(-2) ?? null, path],
    );
  }

  async move(connectionId: string, userId: string, departments: string[]): Promise<void> {
    await this.query(`delete from memberships where user_id = $1`, [userId]);
    await this.query(
      `insert into memberships (user_id, department_id, is_primary) select $1, d, true from unnest($2::text[]) d`,
      [userId, departments],
    );
    await this.told(connectionId, 'user.updated', [userId]);
  }

  async disable(connectionId: string, userId: string): Promise<void> {
    await this.query(`update users set status = 'disabled' where id = $1`, [userId]);
    await this.told(connectionId, 'user.disabled', [userId]);
  }

  async addCustomer(connectionId: string, externalId: string, tags: string[]): Promise<string> {
    await this.query(
      `insert into customers (id, connection_id, external_id, display_name, tags)
       values ('cus_' || $2, $1, $2, $2, $3::jsonb) on conflict (connection_id, external_id) do update set tags = excluded.tags`,
      [connectionId, externalId, JSON.stringify(tags.map((name) => ({ id: `t-${name}`, name })))],
    );
    await this.told(connectionId, 'customer.updated', [`cus_${externalId}`]);
    return `cus_${externalId}`;
  }

  /** On the directory's feed, as a run would write it. */
  async told(
    connectionId: string,
    type: string,
    ids: string[],
    sides: { before?: object; after?: object } = {},
  ): Promise<void> {
    await this.query(
      `insert into directory_changes (connection_id, type, subject_id, before, after, cause)
       select $1, $2, id, $4::jsonb, $5::jsonb, '{}' from unnest($3::text[]) id`,
      [
        connectionId,
        type,
        ids,
        sides.before ? JSON.stringify(sides.before) : null,
        JSON.stringify(sides.after ?? {}),
      ],
    );
    await this.database.dataSource.query('select 1');
  }

  async enrollments(filter: string): Promise<Answer['body'][]> {
    return (await this.ok('GET', `/enrollments?limit=200&${filter}`)).data as Answer['body'][];
  }

  /** Waits until `look` answers something true, and answers it. */
  async until<T>(look: () => Promise<T | null | undefined | false>, what = 'it'): Promise<T> {
    for (let tries = 0; tries < 400; tries++) {
      const found = await look();
      if (found) return found;
      await sleep(25);
    }
    throw new Error(`${what} does not come true`);
  }

  async ended(runId: string): Promise<Answer['body']> {
    return this.until(async () => {
      const run = await this.ok('GET', `/runs/${runId}`);
      return run.status !== 'queued' && run.status !== 'running' && run;
    }, `the end of ${runId}`);
  }

  private listen(): void {
    this.get(OutgoingEvents).onPublished(async (_manager, events) => void this.published.push(...events));
  }
}

function startHost(databaseUrl: string): Promise<FixtureApp> {
  const connector = fileURLToPath(new URL('./work-platform.ts', import.meta.url));
  return startFixtureApp(databaseUrl, { connectors: [connector] }, [
    PlatformEventsModule,
    DirectoryModule,
    LearningEventsModule.forRoot(),
    AssignmentsModule.forRoot(),
  ]);
}
