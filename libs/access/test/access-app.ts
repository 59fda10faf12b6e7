import { Body, Controller, Get, Module, Post, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  AccessModule,
  AuditLog,
  CurrentActor,
  RequireScopes,
  assertConnectionAllowed,
  type Actor,
} from '@trainbridge/access';
import { ApiHttpAdapter, HttpApiModule, ProblemError, Public } from '@trainbridge/http-api';
import { JobsModule } from '@trainbridge/jobs';
import { OutgoingEvents } from '@trainbridge/persistence';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { DataSource } from 'typeorm';

export const ADMIN_TOKEN = 'test-admin-token-0123456789';

@Controller('api/v1/probe')
export class ProbeController {
  calls = 0;
  /** Awaited by `slow`, so that a test can hold a request. */
  gate: Promise<void> = Promise.resolve();

  @Get('open')
  @Public()
  open(): object {
    return { open: true };
  }

  @Get('actor')
  @RequireScopes('directory:read')
  actor(@CurrentActor() actor: Actor): Actor {
    return actor;
  }

  @Get('both')
  @RequireScopes('directory:read', 'audit:read')
  both(): object {
    return {};
  }

  @Get('connection')
  @RequireScopes('directory:read')
  connection(@CurrentActor() actor: Actor): object {
    assertConnectionAllowed(actor, 'con_1');
    return {};
  }

  @Post('count')
  @RequireScopes('directory:read')
  async count(@Body() body: { fail?: string }): Promise<object> {
    this.calls += 1;
    const call = this.calls;
    await this.gate;
    if (body.fail === 'problem') throw new ProblemError('conflict');
    if (body.fail === 'bug') throw new Error('bug');
    return { call };
  }
}

@Module({})
class DatabaseModule {}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Any JSON. */
  body: ReturnType<typeof JSON.parse>;
}

export class AccessApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly url: string,
  ) {}

  static async start(controllers: Type[] = [ProbeController], trustProxy: string[] = []): Promise<AccessApp> {
    const database = await createTestDatabase();
    const providers = [{ provide: DataSource, useValue: database.dataSource }, OutgoingEvents];
    const module = await Test.createTestingModule({
      imports: [
        { module: DatabaseModule, global: true, providers, exports: providers },
        HttpApiModule,
        JobsModule.forRoot(),
        AccessModule.forRoot({ adminToken: ADMIN_TOKEN }),
      ],
      controllers,
    }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new ApiHttpAdapter({ trustProxy }));
    app.useLogger(false);
    try {
      await app.listen(0, '127.0.0.1');
    } catch (error) {
      await app.close().catch(() => undefined);
      await database.drop();
      throw error;
    }
    return new AccessApp(app, database, await app.getUrl());
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  get audit(): AuditLog {
    return this.app.get(AuditLog);
  }

  async call(
    method: string,
    path: string,
    options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const headers: Record<string, string> = { ...options.headers };
    if (options.token) headers.authorization = `Bearer ${options.token}`;
    const raw = typeof options.body === 'string';
    if (options.body !== undefined && !raw) headers['content-type'] ??= 'application/json';
    const response = await fetch(this.url + path, {
      method,
      headers,
      body:
        options.body === undefined
          ? undefined
          : raw
            ? (options.body as string)
            : JSON.stringify(options.body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  admin(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.call(method, path, { token: ADMIN_TOKEN, body, headers });
  }

  async client(settings: object = {}): Promise<{ id: string; secret: string }> {
    const { status, body, text } = await this.admin('POST', '/api/v1/clients', {
      name: 'LMS',
      scopes: ['directory:read'],
      ...settings,
    });
    if (status !== 201) throw new Error(text);
    return { id: body.id as string, secret: body.clientSecret as string };
  }

  login(
    client: { id: string; secret: string },
    extra: object = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.call('POST', '/oauth2/token', {
      body: {
        grant_type: 'client_credentials',
        client_id: client.id,
        client_secret: client.secret,
        ...extra,
      },
      headers,
    });
  }

  async accessToken(client: { id: string; secret: string }): Promise<string> {
    const { body, text } = await this.login(client);
    if (!body.access_token) throw new Error(text);
    return body.access_token as string;
  }
}
