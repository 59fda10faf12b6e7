import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessApp, ADMIN_TOKEN } from './access-app.js';

describe('POST /oauth2/token', () => {
  let app: AccessApp;
  beforeAll(async () => {
    app = await AccessApp.start();
  });
  afterAll(() => app.stop());

  const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const form = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    app.call('POST', '/oauth2/token', {
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });

  it('takes the credentials by Basic or body, as a form or JSON', async () => {
    const client = await app.client({ scopes: ['directory:read', 'audit:read'], accessTokenTtlSeconds: 120 });
    const inBody = { client_id: client.id, client_secret: client.secret };
    for (const answer of [
      await form({ grant_type: 'client_credentials' }, { authorization: basic(client.id, client.secret) }),
      await form(
        { grant_type: 'client_credentials', client_id: client.id },
        { authorization: basic(client.id, client.secret) },
      ),
      await form({ grant_type: 'client_credentials', ...inBody, unknown_parameter: 'is ignored' }),
      await app.login(client),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.body).toEqual({
        access_token: expect.stringMatching(/^tbat_[0-9A-Za-z]{36}$/),
        token_type: 'Bearer',
        expires_in: 120,
        scope: 'directory:read audit:read',
      });
      expect((await app.call('GET', '/api/v1/probe/both', { token: answer.body.access_token })).status).toBe(
        200,
      );
    }
  });

  it('gives a part of the scopes, and never more than the client has', async () => {
    const client = await app.client({ scopes: ['directory:read', 'audit:read'] });
    const narrow = await app.login(client, { scope: ' audit:read ' });
    expect(narrow.body.scope).toBe('audit:read');
    const denied = await app.call('GET', '/api/v1/probe/both', { token: narrow.body.access_token });
    expect([denied.status, denied.body.code, denied.body.missingScopes]).toEqual([
      403,
      'insufficient_scope',
      ['directory:read'],
    ]);
    expect(denied.headers.get('www-authenticate')).toContain('scope="directory:read"');
    for (const scope of ['clients:admin', 'audit:read nonsense']) {
      const more = await app.login(client, { scope });
      expect([more.status, more.body.error]).toEqual([400, 'invalid_scope']);
    }
  });

  it('answers errors as RFC 6749 says, in the reader’s language', async () => {
    const client = await app.client();
    const other = await app.client();
    const wrong = await form(
      { grant_type: 'client_credentials' },
      { authorization: basic(client.id, other.secret) },
    );
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client']);
    expect(wrong.headers.get('www-authenticate')).toContain('Basic');
    expect(wrong.headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(wrong.body)).toEqual(['error', 'error_description']);
    const chinese = await app.login({ id: client.id, secret: 'x' }, {}, { 'accept-language': 'zh-CN' });
    expect(chinese.body.error_description).toContain('密钥错误');
    for (const [answer, status, error] of [
      [await app.login(client, { grant_type: 'password' }), 400, 'unsupported_grant_type'],
      [await app.login(client, { grant_type: undefined }), 400, 'invalid_request'],
      [await app.login(client, { scope: 5 }), 400, 'invalid_request'],
      [await app.login({ id: 'cli_\u0000', secret: client.secret }), 401, 'invalid_client'],
      [await form({ grant_type: 'client_credentials' }), 401, 'invalid_client'],
      [
        await form({ grant_type: 'client_credentials' }, { authorization: 'Basic !!' }),
        401,
        'invalid_client',
      ],
      [
        await form({ grant_type: 'client_credentials' }, { authorization: `Bearer ${ADMIN_TOKEN}` }),
        401,
        'invalid_client',
      ],
      [
        await form(
          { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret },
          { authorization: basic(client.id, client.secret) },
        ),
        400,
        'invalid_request',
      ],
      [
        await app.call('POST', '/oauth2/token', {
          body: 'grant_type=a&grant_type=b',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
        400,
        'invalid_request',
      ],
      [await app.call('POST', '/oauth2/token'), 400, 'invalid_request'],
    ] as const) {
      expect([answer.status, answer.body.error]).toEqual([status, error]);
    }
  });

  it('stops guessing after ten failures of one client, without locking out the others', async () => {
    const client = await app.client();
    const other = await app.client();
    for (let attempt = 0; attempt < 10; attempt++) {
      expect((await app.login({ id: client.id, secret: other.secret })).status).toBe(401);
    }
    const blocked = await app.login(client);
    expect([blocked.status, blocked.body.error]).toEqual([429, 'slow_down']);
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await app.login(other)).status).toBe(200);
  });

  it('refuses an expired client and another address', async () => {
    const client = await app.client({ allowedIps: ['10.0.0.0/8'] });
    const elsewhere = await app.login(client);
    expect([elsewhere.status, elsewhere.body.error]).toEqual([400, 'unauthorized_client']);
    const late = await app.client();
    const token = await app.accessToken(late);
    await app.database.dataSource.query(`update clients set expires_at = now() where id = $1`, [late.id]);
    expect((await app.login(late)).body.error).toBe('invalid_client');
    expect((await app.call('GET', '/api/v1/probe/actor', { token })).status).toBe(401);
  });

  it('keeps no secret and no token in clear', async () => {
    const client = await app.client();
    const token = await app.accessToken(client);
    const rows: { dump: string }[] = await app.database.dataSource.query(
      `select c::text || s::text || t::text as dump from clients c join client_secrets s on s.client_id = c.id
       join tokens t on t.client_id = c.id where c.id = $1`,
      [client.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.dump).not.toContain(client.secret.slice(0, 30));
    expect(rows[0]!.dump).not.toContain(token.slice(0, 30));
    expect(rows[0]!.dump).toContain(token.slice(-4));
  });
});
