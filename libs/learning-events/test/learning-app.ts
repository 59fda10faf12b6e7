import { Injectable, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AccessModule } from '@trainbridge/access';
import { ApiHttpAdapter, HttpApiModule } from '@trainbridge/http-api';
import { JobsModule } from '@trainbridge/jobs';
import { OutgoingEvents, type OutgoingEvent } from '@trainbridge/persistence';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { DataSource, type EntityManager } from 'typeorm';
import { LearnerLookup, LearningEventsModule, type ResolvedLearner } from '../src/index.js';
import type { LearnerDto } from '../src/learning-event.dto.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';

/** A directory of whoever a test puts into it. */
@Injectable()
export class KnownPeople extends LearnerLookup {
  readonly byEmployeeNumber = new Map<string, { userId: string; connectionId: string }>();
  /** A second company that has the same employee numbers. */
  readonly elsewhere = new Map<string, { userId: string; connectionId: string }>();

  async resolve(
    _manager: EntityManager,
    learners: readonly LearnerDto[],
    connectionIds: readonly string[] | null,
  ): Promise<(ResolvedLearner | null)[]> {
    return learners.map(({ employeeNumber = '' }) => {
      const people = [this.byEmployeeNumber, this.elsewhere].flatMap(
        (known) => known.get(employeeNumber) ?? [],
      );
      const seen = people.filter((one) => connectionIds === null || connectionIds.includes(one.connectionId));
      return seen.length === 1 ? { ...seen[0]!, customerId: null } : null;
    });
  }
}

@Module({})
class DatabaseModule {}

export interface Answer {
  status: number;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- any JSON
}

export class LearningApp {
  readonly published: OutgoingEvent[] = [];

  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly url: string,
  ) {
    app.get(OutgoingEvents).onPublished(async (_manager, events) => void this.published.push(...events));
  }

  static async start(): Promise<LearningApp> {
    const database = await createTestDatabase({ poolSize: 10 });
    const providers = [{ provide: DataSource, useValue: database.dataSource }, OutgoingEvents];
    const module = await Test.createTestingModule({
      imports: [
        { module: DatabaseModule, global: true, providers, exports: providers },
        HttpApiModule,
        JobsModule.forRoot(),
        AccessModule.forRoot({ adminToken: ADMIN_TOKEN }),
        LearningEventsModule.forRoot(KnownPeople),
      ],
    }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new ApiHttpAdapter());
    app.useLogger(false);
    await app.listen(0, '127.0.0.1');
    return new LearningApp(app, database, await app.getUrl());
  }

  get people(): KnownPeople {
    return this.app.get<KnownPeople>(LearnerLookup);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.database.dataSource.query(sql, parameters);
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    token = ADMIN_TOKEN,
    headers = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  send(body: unknown, token?: string, headers?: Record<string, string>): Promise<Answer> {
    return this.call('POST', '/learning-events', body, token, headers);
  }

  /** A client's API token. */
  async client(settings: object = {}): Promise<{ id: string; token: string }> {
    const scopes = ['learning-events:write', 'learning-events:read'];
    const { body } = await this.call('POST', '/clients', { name: 'LMS', scopes, ...settings });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const answer = await this.call('POST', `/clients/${body.id}/tokens`, { expiresAt });
    return { id: body.id as string, token: answer.body.token as string };
  }
}

export function learningEvent(id: string, more: object = {}): Record<string, unknown> {
  return {
    id,
    type: 'course.completed',
    learner: { employeeNumber: 'E1' },
    course: { id: 'c-1', title: '信息安全基础' },
    result: { completion: true, progress: 1, score: { raw: 92, min: 0, max: 100, scaled: 0.92 } },
    occurredAt: '2026-11-23T09:30:00Z',
    ...more,
  };
}
