import { fileURLToPath } from 'node:url';
import type { DynamicModule, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessModule } from '@trainbridge/access';
import { ApiHttpAdapter, HttpApiModule } from '@trainbridge/http-api';
import { JobsModule } from '@trainbridge/jobs';
import { PersistenceModule } from '@trainbridge/persistence';
import { ConnectionsModule, type ConnectionsOptions } from '@trainbridge/connections';

export const FIXTURE_CONNECTOR = fileURLToPath(new URL('./fixture-connector.ts', import.meta.url));
export const ADMIN_TOKEN = 'admin-token-of-the-tests';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed JSON; tests look into it freely. */
  body: ReturnType<typeof JSON.parse>;
}

export interface FixtureApp {
  app: NestFastifyApplication;
  url: string;
  /** With the admin token and a JSON body, unless told otherwise. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Headers of a client with these scopes that is limited to these connections. */
  limitedClient(scopes: string[], connectionIds: string[]): Promise<Record<string, string>>;
  close(): Promise<void>;
}

@Module({})
class FixtureModule {}

/** The connections library behind a real HTTP server and on a real database, with whatever else a test needs. */
export async function startFixtureApp(
  databaseUrl: string,
  options: Partial<ConnectionsOptions> = {},
  imports: (Type<unknown> | DynamicModule)[] = [],
  port = 0,
): Promise<FixtureApp> {
  const module: DynamicModule = {
    module: FixtureModule,
    imports: [
      PersistenceModule.forRoot({ url: databaseUrl, poolSize: 8 }),
      JobsModule.forRoot(),
      HttpApiModule,
      AccessModule.forRoot({ adminToken: ADMIN_TOKEN }),
      ConnectionsModule.forRoot({
        publicUrl: 'https://bridge.example.com',
        secretKey: Buffer.alloc(32, 5),
        connectors: [FIXTURE_CONNECTOR, '@trainbridge/no-such-connector'],
        allowedNetworks: ['127.0.0.0/8'],
        outboundProxy: null,
        ...options,
      }),
      ...imports,
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(module, new ApiHttpAdapter(), {
    logger: false,
    abortOnError: false,
  });
  try {
    await app.listen(port, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  const url = await app.getUrl();
  const fixture: FixtureApp = {
    app,
    url,
    close: () => app.close(),
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${ADMIN_TOKEN}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json');
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: json ? (JSON.parse(text) as unknown) : null,
      };
    },
    async limitedClient(scopes, connectionIds) {
      const { body } = await fixture.call('POST', '/api/v1/clients', {
        name: 'limited',
        scopes,
        connectionIds,
      });
      const basic = Buffer.from(`${body.clientId}:${body.clientSecret}`).toString('base64');
      const response = await fetch(`${url}/oauth2/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      const token = (await response.json()) as { access_token: string };
      return { authorization: `Bearer ${token.access_token}` };
    },
  };
  return fixture;
}
