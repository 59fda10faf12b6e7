import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { PlatformEventsModule } from '@trainbridge/platform-events';
import { startFixtureApp, type Answer, type FixtureApp } from '../../connections/test/fixture-app.js';
import { DirectoryModule } from '../src/index.js';
import { platformOf } from './platform-connector.js';
import type { FakePlatform } from './fake-platform.js';

export interface Caller {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** The directory behind a real server, with connections whose platform is a FakePlatform in this process. */
export class RunsApp implements Caller {
  private constructor(
    readonly database: TestDatabase,
    private fixture: FixtureApp,
  ) {}

  static async start(): Promise<RunsApp> {
    const database = await createTestDatabase({ poolSize: 4 });
    return new RunsApp(database, await startHost(database.url));
  }

  async stop(): Promise<void> {
    await this.fixture.close();
    await this.database.drop();
  }

  /** As a deployment does it: the process ends in good order and another one begins on the same database. */
  async restart(whileDown: () => Promise<void> = async () => undefined): Promise<void> {
    await this.fixture.close();
    await whileDown();
    this.fixture = await startHost(this.database.url);
  }

  get url(): string {
    return this.fixture.url;
  }

  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.fixture.call(method, `/api/v1${path}`, body, headers);
  }

  /** Somebody with these scopes only, limited to some connections if told. */
  async client(scopes: string[], connectionIds?: string[]): Promise<Caller> {
    const { body: client } = await this.call('POST', '/clients', {
      name: `LMS ${scopes.join(' ')}`,
      scopes,
      connectionIds,
    });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body: token } = await this.call('POST', `/clients/${client.id}/tokens`, { expiresAt });
    const authorization = `Bearer ${token.token}`;
    return {
      call: (method, path, body, headers) => this.call(method, path, body, { authorization, ...headers }),
    };
  }

  async connect(platform: FakePlatform, settings: object = {}): Promise<string> {
    const tenant = platformOf.add(platform);
    const { status, text, body } = await this.call('POST', '/connections', {
      name: tenant,
      connector: 'fake',
      config: { tenant },
      ...settings,
    });
    if (status !== 201) throw new Error(text);
    return body.id as string;
  }

  async start(connectionId: string, body: object = {}): Promise<Answer['body']> {
    const {
      status,
      text,
      body: run,
    } = await this.call('POST', `/connections/${connectionId}/runs`, { kind: 'directory', ...body });
    if (status !== 202) throw new Error(text);
    return run;
  }

  /** The run when it is neither queued nor running any more. */
  async ended(runId: string): Promise<Answer['body']> {
    for (let tries = 0; tries < 600; tries++) {
      const { body: run } = await this.call('GET', `/runs/${runId}`);
      if (run.status !== 'queued' && run.status !== 'running') return run;
      await sleep(20);
    }
    throw new Error(`run ${runId} does not end`);
  }

  async sync(connectionId: string, body: object = {}): Promise<Answer['body']> {
    return this.ended((await this.start(connectionId, body)).id as string);
  }
}

function startHost(databaseUrl: string): Promise<FixtureApp> {
  const connector = fileURLToPath(new URL('./platform-connector.ts', import.meta.url));
  return startFixtureApp(databaseUrl, { connectors: [connector] }, [PlatformEventsModule, DirectoryModule]);
}
