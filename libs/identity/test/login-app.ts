import { Injectable, Logger, Module } from '@nestjs/common';
import { CourseLinks } from '@trainbridge/connections';
import { DirectoryModule } from '@trainbridge/directory';
import { newId } from '@trainbridge/persistence';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { PlatformEventsModule } from '@trainbridge/platform-events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as oidc from 'openid-client';
import { startFixtureApp, type Answer, type FixtureApp } from '../../connections/test/fixture-app.js';
import { IdentityModule } from '../src/index.js';
import { FakeBrowser, type Visit } from './browser.js';

const CONNECTORS = ['./login-connector.ts', './silent-connector.ts'].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
);

export const REDIRECT_URI = 'https://lms.example.com/callback';

@Injectable()
class FewCourses extends CourseLinks {
  async urlOf({ courseId, userId }: { courseId: string; userId: string }): Promise<string | null> {
    if (courseId === 'evil') return 'javascript:alert(1)';
    if (courseId === 'cn') return 'https://lms.example.com/课程?名=安全';
    return courseId === 'c 1' ? `https://lms.example.com/courses/1?for=${userId}` : null;
  }

  async listed(): Promise<[]> {
    return [];
  }
}

@Module({ providers: [{ provide: CourseLinks, useClass: FewCourses }], exports: [CourseLinks] })
class CoursesModule {}

export interface LmsClient {
  id: string;
  secret: string;
}

/** A request of the LMS on its way, with what it has to keep for the way back. */
export interface Authorization {
  url: string;
  checks: oidc.AuthorizationCodeGrantChecks;
}

/** The identity library behind a real server, with a directory and a platform of this process. */
export class LoginApp {
  private constructor(
    readonly database: TestDatabase,
    readonly host: FixtureApp,
    readonly publicUrl: string,
  ) {}

  /**
   * @param publicUrl absent: where the host really listens; null: none
   * @param connectors packages or files; absent: the two of these tests
   */
  static async start(publicUrl?: string | null, connectors: string[] = CONNECTORS): Promise<LoginApp> {
    const database = await createTestDatabase({ poolSize: 4 });
    const port = await freePort();
    const address = publicUrl === undefined ? `http://127.0.0.1:${port}` : publicUrl;
    const host = await startFixtureApp(
      database.url,
      { publicUrl: address, connectors },
      [PlatformEventsModule, DirectoryModule, { module: CoursesModule, global: true }, IdentityModule],
      port,
    );
    return new LoginApp(database, host, address ?? host.url);
  }

  async stop(): Promise<void> {
    await this.host.close();
    await this.database.drop();
  }

  query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.database.dataSource.query(sql, parameters);
  }

  browser(headers: Record<string, string> = {}): FakeBrowser {
    return new FakeBrowser(this.publicUrl, this.host.url, headers);
  }

  async connect(name: string, connector = 'login-fixture', more = {}): Promise<string> {
    const config =
      connector === 'login-fixture' ? { tenant: name, secret: 'correct-horse', ...more } : { ...more };
    const { body, text } = await this.host.call('POST', '/api/v1/connections', { name, connector, config });
    if (!body.id) throw new Error(text);
    return body.id as string;
  }

  async user(connectionId: string, externalId: string, more: Record<string, unknown> = {}): Promise<string> {
    const id = newId('usr');
    const row = {
      id,
      person_id: newId('per'),
      connection_id: connectionId,
      external_key: externalId.toLowerCase(),
      external_id: externalId,
      display_name: `name of ${externalId}`,
      status: 'active',
      ...more,
    };
    const columns = Object.keys(row);
    const values = columns.map((_, index) => `$${index + 1}`);
    await this.query(`insert into users (${columns.join()}) values (${values.join()})`, Object.values(row));
    return id;
  }

  async client(settings: Record<string, unknown> = {}): Promise<LmsClient> {
    const { body, text } = await this.host.call('POST', '/api/v1/clients', {
      name: 'LMS',
      scopes: ['openid', 'profile'],
      redirectUris: [REDIRECT_URI],
      ...settings,
    });
    if (!body.clientSecret) throw new Error(text);
    return { id: body.clientId as string, secret: body.clientSecret as string };
  }

  /** The LMS's side, by an independent library. */
  discover({ id, secret }: LmsClient): Promise<oidc.Configuration> {
    const reach = this.host.url;
    return oidc.discovery(new URL(`${this.publicUrl}/oidc`), id, secret, undefined, {
      execute: [oidc.allowInsecureRequests],
      [oidc.customFetch]: (url: string, options: RequestInit) =>
        fetch(url.replace(this.publicUrl, reach), options),
    });
  }

  async authorize(
    configuration: oidc.Configuration,
    parameters: Record<string, string> = {},
  ): Promise<Authorization> {
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const checks = {
      pkceCodeVerifier,
      expectedNonce: oidc.randomNonce(),
      expectedState: oidc.randomState(),
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      nonce: checks.expectedNonce,
      state: checks.expectedState,
      ...parameters,
    });
    return { url: url.href, checks };
  }

  /** The platform sends a browser back with a code. */
  async comeBack(browser: FakeBrowser, platformUrl: string, code: string, more = {}): Promise<Visit> {
    const { searchParams } = new URL(platformUrl);
    const url = new URL(searchParams.get('redirect_uri')!);
    url.search = String(new URLSearchParams({ code, state: searchParams.get('state')!, ...more }));
    return browser.follow(url.href);
  }
}

export type { Answer };

/** Collects what the host logs while `work` runs. */
export async function logOf(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  const take = (...said: unknown[]): void => void lines.push(said.join(' '));
  Logger.overrideLogger({ log: take, warn: take, error: take, debug: take, verbose: take, fatal: take });
  try {
    await work();
  } finally {
    Logger.overrideLogger(false);
  }
  return lines.join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
