import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AccessModule } from '@trainbridge/access';
import { ConnectionsModule } from '@trainbridge/connections';
import { DirectoryReader } from '@trainbridge/directory';
import { ApiHttpAdapter, HttpApiModule } from '@trainbridge/http-api';
import { JobsModule } from '@trainbridge/jobs';
import { OutgoingEvents, type NewOutgoingEvent } from '@trainbridge/persistence';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { DataSource, EntityManager } from 'typeorm';
import { DeliveriesModule, type DeliveriesOptions } from '../src/index.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';

@Module({})
class DatabaseModule {}

export interface Answer {
  status: number;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- any JSON
}

/** The real module over HTTP, sending by real jobs, on a database of its own. */
export class DeliveriesApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly url: string,
  ) {}

  static async start(options: Partial<DeliveriesOptions> = {}): Promise<DeliveriesApp> {
    const database = await createTestDatabase({ poolSize: 10 });
    const providers = [
      { provide: DataSource, useValue: database.dataSource },
      { provide: EntityManager, useValue: database.dataSource.manager },
      OutgoingEvents,
      DirectoryReader,
    ];
    const module = await Test.createTestingModule({
      imports: [
        { module: DatabaseModule, global: true, providers, exports: providers },
        HttpApiModule,
        JobsModule.forRoot(),
        AccessModule.forRoot({ adminToken: ADMIN_TOKEN }),
        ConnectionsModule.forRoot({
          publicUrl: null,
          secretKey: Buffer.alloc(32, 7),
          connectors: [],
          allowedNetworks: [],
          outboundProxy: null,
        }),
        DeliveriesModule.forRoot({
          allowedNetworks: ['127.0.0.0/8'],
          production: false,
          sends: true,
          ...options,
        }),
      ],
    }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new ApiHttpAdapter());
    app.useLogger(false);
    await app.listen(0, '127.0.0.1');
    return new DeliveriesApp(app, database, await app.getUrl());
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.database.dataSource.query(sql, parameters);
  }

  async publish(...events: Partial<NewOutgoingEvent>[]): Promise<string[]> {
    const outgoing = this.app.get(OutgoingEvents);
    const published = await this.database.dataSource.transaction((manager) =>
      outgoing.publish(
        manager,
        events.map((event) => ({ type: 'course.completed', data: { id: 'e-1' }, ...event })),
      ),
    );
    return published.map(({ id }) => id);
  }

  async call(method: string, path: string, body?: unknown, token = ADMIN_TOKEN): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async subscribe(url: string, more: object = {}, token?: string): Promise<{ id: string; secret: string }> {
    const { status, body } = await this.call(
      'POST',
      '/subscriptions',
      { url, eventTypes: ['*'], ...more },
      token,
    );
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body as { id: string; secret: string };
  }

  async client(settings: object = {}): Promise<{ id: string; token: string }> {
    const scopes = ['subscriptions:write', 'deliveries:read', 'deliveries:write'];
    const { body } = await this.call('POST', '/clients', { name: 'LMS', scopes, ...settings });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const answer = await this.call('POST', `/clients/${body.id}/tokens`, { expiresAt });
    return { id: body.id as string, token: answer.body.token as string };
  }
}
