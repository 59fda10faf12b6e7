import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient, TokenError } from '../src/index.js';

/** A host that issues t1, t2, … and takes only the ones in `valid`. */
describe('createClient', () => {
  let server: Server;
  let baseUrl: string;
  let issued = 0;
  let valid = new Set<string>();
  let expiresIn = 3600;
  const seen: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = [];

  beforeAll(async () => {
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      response.setHeader('content-type', 'application/json');
      if (request.url === '/oauth2/token') {
        if (!request.headers.authorization?.endsWith(btoa('cli%3A1:s+cret'))) {
          response.statusCode = 401;
          return void response.end(
            JSON.stringify({ error: 'invalid_client', error_description: 'no such client' }),
          );
        }
        valid.add(`t${++issued}`);
        return void response.end(JSON.stringify({ access_token: `t${issued}`, expires_in: expiresIn }));
      }
      const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
      response.statusCode = valid.has(token) ? 200 : 401;
      response.end(
        JSON.stringify(valid.has(token) ? { data: [], nextCursor: null } : { code: 'unauthorized' }),
      );
    };
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    seen.length = 0;
    issued = 0;
    valid = new Set();
    expiresIn = 3600;
  });

  const clientCredentials = { clientId: 'cli:1', clientSecret: 's cret', scopes: ['connections:read'] };

  it('sends a fixed token and the language, and answers problems instead of throwing', async () => {
    valid.add('tb_1');
    const good = await createClient({ baseUrl: `${baseUrl}/`, token: 'tb_1', language: 'zh-CN' }).GET(
      '/api/v1/connections',
    );
    expect(good.data).toEqual({ data: [], nextCursor: null });
    expect(seen[0]).toMatchObject({ url: '/api/v1/connections', headers: { 'accept-language': 'zh-CN' } });
    const bad = await createClient({ baseUrl, token: 'tb_2' }).GET('/api/v1/connections');
    expect([bad.response.status, bad.error]).toEqual([401, { code: 'unauthorized' }]);
  });

  it('gets one token for many calls', async () => {
    const client = createClient({ baseUrl, clientCredentials });
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.GET('/api/v1/connections')));
    expect(answers.map(({ response }) => response.status)).toEqual([200, 200, 200, 200, 200]);
    expect(issued).toBe(1);
    expect(seen.find(({ url }) => url === '/oauth2/token')!.body).toBe(
      'grant_type=client_credentials&scope=connections%3Aread',
    );
  });

  it('replaces a token that was revoked, and sends the body once more', async () => {
    const client = createClient({ baseUrl, clientCredentials });
    await client.GET('/api/v1/connections');
    valid.delete('t1');
    const body = { name: 'x', connector: 'y', config: {} };
    const { response } = await client.POST('/api/v1/connections', { body });
    expect(response.status).toBe(200);
    const posts = seen.filter(({ method, url }) => method === 'POST' && url === '/api/v1/connections');
    expect(posts.map((post) => [post.headers.authorization, JSON.parse(post.body)])).toEqual([
      ['Bearer t1', body],
      ['Bearer t2', body],
    ]);
  });

  it('renews before a token runs out', async () => {
    expiresIn = 5;
    const client = createClient({ baseUrl, clientCredentials });
    await client.GET('/api/v1/connections');
    await client.GET('/api/v1/connections');
    expect(issued).toBe(2);
  });

  it('throws when the credentials are refused', async () => {
    const client = createClient({ baseUrl, clientCredentials: { clientId: 'nobody', clientSecret: 'x' } });
    await expect(client.GET('/api/v1/connections')).rejects.toThrow(TokenError);
  });
});
