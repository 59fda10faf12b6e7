import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessApp, ADMIN_TOKEN } from './access-app.js';

@Controller('forgotten')
class ForgottenController {
  @Get()
  get(): object {
    return { leaked: true };
  }
}

describe('Access', () => {
  let app: AccessApp;
  beforeAll(async () => {
    app = await AccessApp.start(undefined, ['127.0.0.1']);
  });
  afterAll(() => app.stop());

  const probe = (token: string | undefined, headers: Record<string, string> = {}, path = 'actor') =>
    app.call('GET', `/api/v1/probe/${path}`, { token, headers });

  it('lets the admin token in, and nobody without a valid token', async () => {
    expect((await probe(ADMIN_TOKEN)).body).toMatchObject({
      kind: 'admin',
      clientId: null,
      connectionIds: null,
    });
    expect((await probe(undefined, {}, 'open')).status).toBe(200);
    const none = await probe(undefined);
    expect([none.status, none.body.code, none.headers.get('www-authenticate')]).toEqual([
      401,
      'unauthorized',
      'Bearer realm="trainbridge"',
    ]);
    for (const token of [`${ADMIN_TOKEN}x`, 'tb_nonsense', `tb_${'a'.repeat(36)}`, 'x'.repeat(600)]) {
      const answer = await probe(token);
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthorized']);
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    }
    expect(
      (await app.call('GET', '/api/v1/probe/actor', { headers: { authorization: `Basic ${ADMIN_TOKEN}` } }))
        .status,
    ).toBe(401);
    const { secret } = await app.client();
    expect((await probe(secret, { 'accept-language': 'zh' })).body.detail).toContain('客户端密钥');
  });

  it("does not look at a stranger's body", async () => {
    const send = (token: string | undefined, body: string) =>
      fetch(`${app.url}/api/v1/probe/count`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body,
      });
    for (const body of ['{"broken', '[]', JSON.stringify({ text: 'x'.repeat(2 * 1024 * 1024) })]) {
      expect((await send(undefined, body)).status).toBe(401);
      expect((await send(`tb_${'a'.repeat(36)}`, body)).status).toBe(401);
    }
    const spelled = await fetch(`${app.url}/%61pi/v1/probe/count`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"broken',
    });
    expect(spelled.status).toBe(401);
    expect((await send(ADMIN_TOKEN, '{"broken')).status).toBe(400);
    expect((await send(ADMIN_TOKEN, '{}')).status).toBe(201);
    expect((await fetch(`${app.url}/api/v1/nowhere`, { method: 'POST' })).status).toBe(404);
  });

  it('does not start while a route is forgotten', async () => {
    await expect(AccessApp.start([ForgottenController])).rejects.toThrow('ForgottenController.get');
  });

  it('tells the handler who calls', async () => {
    const client = await app.client({ connectionIds: ['con_2'] });
    const token = await app.accessToken(client);
    expect((await probe(token)).body).toEqual({
      kind: 'client',
      clientId: client.id,
      name: 'LMS',
      scopes: ['directory:read'],
      connectionIds: ['con_2'],
    });
    const hidden = await probe(token, {}, 'connection');
    expect([hidden.status, hidden.body.code]).toEqual([404, 'not_found']);
    await app.admin('PATCH', `/api/v1/clients/${client.id}`, { connectionIds: ['con_1', 'con_2'] });
    expect((await probe(token, {}, 'connection')).status).toBe(200);
  });

  it('finds many tokens asked for at the same moment, each its own client', async () => {
    const clients = await Promise.all(
      Array.from({ length: 6 }, (_, n) => app.client({ name: `client ${n}` })),
    );
    const tokens = await Promise.all(clients.map((client) => app.accessToken(client)));
    const answers = await Promise.all([...tokens, ...tokens].map((token) => probe(token)));
    expect(answers.map(({ body }) => body.clientId)).toEqual([...clients, ...clients].map(({ id }) => id));
  });

  it('lets a client in from its addresses only, as the trusted proxy tells them', async () => {
    const client = await app.client({ allowedIps: ['203.0.113.0/24', '2001:db8::/32'] });
    const from = (ip: string) => ({ 'x-forwarded-for': ip });
    const login = await app.login(client, {}, from('203.0.113.9'));
    const token = login.body.access_token as string;
    for (const [ip, status] of [
      ['203.0.113.200', 200],
      ['::ffff:203.0.113.4', 200],
      ['2001:db8::7', 200],
      ['203.0.114.1', 403],
      ['2001:db9::1', 403],
      ['10.0.0.1, 203.0.113.9', 200],
      ['203.0.113.9, 10.0.0.1', 403],
    ] as const) {
      const answer = await probe(token, from(ip));
      expect([ip, answer.status]).toEqual([ip, status]);
      if (status === 403) expect(answer.body.code).toBe('ip_not_allowed');
    }
  });

  it('takes effect at once: a scope withdrawn, a token revoked, a client deleted', async () => {
    const client = await app.client({ scopes: ['directory:read', 'audit:read'] });
    const token = await app.accessToken(client);
    expect((await probe(token)).status).toBe(200);
    await app.admin('PATCH', `/api/v1/clients/${client.id}`, { scopes: ['audit:read'] });
    expect((await probe(token)).status).toBe(403);
    await app.admin('PATCH', `/api/v1/clients/${client.id}`, { scopes: ['directory:read'] });
    expect((await probe(token)).status).toBe(200);
    expect((await app.admin('DELETE', `/api/v1/clients/${client.id}`)).status).toBe(204);
    expect((await probe(token)).status).toBe(401);
    expect((await app.login(client)).status).toBe(401);
    expect((await app.admin('GET', `/api/v1/clients/${client.id}`)).status).toBe(404);
  });

  it('refuses an access token after its time', async () => {
    const client = await app.client();
    const token = await app.accessToken(client);
    await app.database.dataSource.query(`update tokens set expires_at = now() where client_id = $1`, [
      client.id,
    ]);
    const answer = await probe(token);
    expect([answer.status, answer.body.detail]).toEqual([401, expect.stringContaining('expired')]);
  });
});
