import { Module } from '@nestjs/common';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import type { DataSource } from 'typeorm';
import { startFixtureApp, type Answer, type FixtureApp } from '../../../connections/test/fixture-app.js';
import { READ_CONTROLLERS, READ_PROVIDERS } from '../../src/read/index.js';

@Module({ controllers: READ_CONTROLLERS, providers: READ_PROVIDERS })
class ReadingModule {}

export interface Person {
  id: string;
  connectionId?: string;
  externalId?: string;
  externalIds?: { type: string; value: string }[];
  employeeNumber?: string | null;
  status?: string;
  updatedAt?: string;
  departments?: string[];
}

export interface Caller {
  id: string;
  get(path: string): Promise<Answer>;
}

/** The read side behind a real server, on a database of its own whose rows the tests write. */
export class ReadingApp {
  private constructor(
    readonly fixture: FixtureApp,
    readonly database: TestDatabase,
  ) {}

  static async start(): Promise<ReadingApp> {
    const database = await createTestDatabase({ poolSize: 6 });
    return new ReadingApp(await startFixtureApp(database.url, {}, [ReadingModule]), database);
  }

  async stop(): Promise<void> {
    await this.fixture.close();
    await this.database.drop();
  }

  get dataSource(): DataSource {
    return this.database.dataSource;
  }

  query<T>(statement: string, parameters: unknown[] = []): Promise<T[]> {
    return this.dataSource.query<T[]>(statement, parameters);
  }

  /** With the admin token. */
  get(path: string): Promise<Answer> {
    return this.fixture.call('GET', `/api/v1${path}`);
  }

  async client(scopes: string[], connectionIds?: string[]): Promise<Caller> {
    const created = await this.fixture.call('POST', '/api/v1/clients', {
      name: 'LMS',
      scopes,
      connectionIds,
    });
    const id = created.body.id as string;
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const token = await this.fixture.call('POST', `/api/v1/clients/${id}/tokens`, { expiresAt });
    const authorization = `Bearer ${token.body.token}`;
    return { id, get: (path) => this.fixture.call('GET', `/api/v1${path}`, undefined, { authorization }) };
  }

  async connection(): Promise<string> {
    const body = {
      name: 'Head office',
      connector: 'fixture',
      config: { tenant: 't1', secret: 's3cret-s3cret' },
    };
    const { body: created, text } = await this.fixture.call('POST', '/api/v1/connections', body);
    if (!created.id) throw new Error(text);
    return created.id as string;
  }

  async addPeople(people: Person[]): Promise<void> {
    for (const person of people) {
      const {
        id,
        connectionId = 'con_a',
        externalId = id,
        externalIds = [],
        employeeNumber = null,
        status = 'active',
      } = person;
      await this.query(
        `insert into users (id, person_id, connection_id, external_key, external_id, external_ids, employee_number,
           display_name, work_email, mobile, job_title, status, updated_at, disabled_at)
         values ($1, 'per_' || $1, $2, lower($3), $3, $4::jsonb, $5, 'Name of ' || $1, $1 || '@example.com', '+8613800000000',
           '工程师', $6, coalesce($7::timestamptz, now()), case when $6 = 'disabled' then now() end)`,
        [
          id,
          connectionId,
          externalId,
          JSON.stringify(externalIds),
          employeeNumber,
          status,
          person.updatedAt ?? null,
        ],
      );
      for (const department of person.departments ?? []) await this.addMembership(id, department);
    }
  }

  async addMembership(
    userId: string,
    departmentId: string,
    more: { primary?: boolean; order?: number; source?: string } = {},
  ): Promise<void> {
    await this.query(
      `insert into memberships (user_id, department_id, is_primary, is_leader, sort_order, source) values ($1, $2, $3, false, $4, $5)`,
      [userId, departmentId, more.primary ?? false, more.order ?? null, more.source ?? 'connection'],
    );
  }

  /** `pathIds`: from the root down to its own. */
  async addDepartment(
    pathIds: string[],
    more: { connectionId?: string; path?: string; leaders?: string[]; status?: string } = {},
  ): Promise<void> {
    const { connectionId = 'con_a', path = pathIds.join('/'), leaders = [], status = 'active' } = more;
    await this.query(
      `insert into departments (id, connection_id, external_id, name, parent_id, path_ids, path, leader_keys, status)
       values ($1, $2, 'ext-' || $1, $3, $4, $5, $6, $7, $8)`,
      [
        pathIds.at(-1),
        connectionId,
        path.split('/').at(-1),
        pathIds.at(-2) ?? null,
        pathIds,
        path,
        leaders,
        status,
      ],
    );
  }

  /** Every item of a list, page by page. */
  async all(
    path: string,
    limit: number,
    from: (path: string) => Promise<Answer> = (p) => this.get(p),
  ): Promise<{ id: string }[]> {
    const items: { id: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await from(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${more}`);
      items.push(...(body.data as { id: string }[]));
      cursor = body.nextCursor as string | null;
    }
    return items;
  }
}
