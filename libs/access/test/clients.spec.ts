import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessApp, type Answer } from './access-app.js';

describe('/api/v1/clients', () => {
  let app: AccessApp;
  beforeAll(async () => {
    app = await AccessApp.start();
  });
  afterAll(() => app.stop());

  const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
  const audit = async (subjectId: string) =>
    (await app.admin('GET', `/api/v1/audit-entries?subjectId=${subjectId}`)).body.data as Answer['body'][];

  it('creates, reads, changes and deletes; the secret is shown once', async () => {
    const settings = {
      name: 'LMS',
      scopes: ['directory:read', 'learning-events:write'],
      connectionIds: ['con_1'],
      allowedIps: ['127.0.0.1', '10.0.0.0/8'],
      expiresAt: tomorrow(),
      accessTokenTtlSeconds: 600,
      redirectUris: ['https://lms.example.com/callback', 'http://127.0.0.1:8080/cb'],
    };
    const created = await app.admin('POST', '/api/v1/clients', settings);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject(settings);
    expect(created.body.clientId).toBe(created.body.id);
    expect(created.body.clientSecret).toMatch(/^tbcs_[0-9A-Za-z]{36}$/);
    const { clientSecret, ...shown } = created.body;
    const path = `/api/v1/clients/${created.body.id}`;
    expect((await app.admin('GET', path)).body).toEqual(shown);
    expect(shown.secrets).toEqual([
      { last4: clientSecret.slice(-4), createdAt: expect.any(String), expiresAt: null },
    ]);

    const changed = await app.admin('PATCH', path, { name: 'LMS 2', connectionIds: null, expiresAt: null });
    expect(changed.body).toMatchObject({ ...settings, name: 'LMS 2', connectionIds: null, expiresAt: null });
    expect((await app.admin('DELETE', path)).status).toBe(204);
    expect((await app.admin('DELETE', path)).status).toBe(404);

    const entries = await audit(created.body.id);
    expect(entries.map(({ action }) => action)).toEqual([
      'client.deleted',
      'client.updated',
      'client.created',
    ]);
    expect(entries[1]).toMatchObject({
      before: { name: 'LMS', connectionIds: ['con_1'], expiresAt: settings.expiresAt },
      after: { name: 'LMS 2', connectionIds: null, expiresAt: null },
      actor: { kind: 'admin', clientId: null, name: 'admin' },
      ip: '127.0.0.1',
      requestId: changed.headers.get('x-request-id'),
    });
    expect(Object.keys(entries[1]!.after)).toHaveLength(3);
    expect(JSON.stringify(entries)).not.toContain(clientSecret);
  });

  it('refuses wrong settings naming each path', async () => {
    const { status, body } = await app.admin('POST', '/api/v1/clients', {
      name: '',
      scopes: ['directory:read', 'everything'],
      connectionIds: [],
      allowedIps: ['10.0.0.0/8', '10.0.0.0/99'],
      accessTokenTtlSeconds: 5,
      expiresAt: 'tomorrow',
      redirectUris: ['https://ok.example.com', 'http://lms.example.com', 'https://x.example.com/#f'],
      admin: true,
    });
    expect(status).toBe(400);
    expect(body.errors.map((error: { path: string }) => error.path).sort()).toEqual([
      '/accessTokenTtlSeconds',
      '/admin',
      '/allowedIps/1',
      '/connectionIds',
      '/expiresAt',
      '/name',
      '/redirectUris/1',
      '/scopes/1',
    ]);
    for (const [settings, path] of [
      [{ name: 'x' }, '/scopes'],
      [{ name: null, scopes: ['profile'] }, '/name'],
      [{ name: 'x', scopes: ['profile'], expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
      [{ name: 'x', scopes: ['profile', 'profile'] }, '/scopes'],
    ] as const) {
      const answer = await app.admin('POST', '/api/v1/clients', settings);
      expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
    }
    const nul = await app.admin('POST', '/api/v1/clients', { name: 'a\u0000b', scopes: ['profile'] });
    expect([nul.status, nul.body.code]).toEqual([400, 'invalid_request']);
    const { id } = await app.client();
    expect((await app.admin('PATCH', `/api/v1/clients/${id}`, { name: null })).status).toBe(400);
    expect((await app.admin('PATCH', `/api/v1/clients/${id}`, {})).status).toBe(200);
  });

  it('pages through the list, newest first, and refuses a cursor of another list', async () => {
    const made = [await app.client(), await app.client(), await app.client()].map(({ id }) => id).reverse();
    const first = await app.admin('GET', '/api/v1/clients?limit=2');
    expect(first.body.data.map(({ id }: { id: string }) => id)).toEqual(made.slice(0, 2));
    const second = await app.admin('GET', `/api/v1/clients?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body.data.map(({ id }: { id: string }) => id)).toEqual(made.slice(2));
    const other = await app.admin('GET', `/api/v1/audit-entries?cursor=${first.body.nextCursor}`);
    expect([other.status, other.body.code]).toEqual([400, 'invalid_cursor']);
    const all = await app.admin('GET', '/api/v1/clients?limit=200');
    expect(all.body.nextCursor).toBeNull();
    expect(all.text).not.toMatch(/clientSecret|tbcs_/);
  });

  it('rotates a secret with and without overlap', async () => {
    const client = await app.client();
    const path = `/api/v1/clients/${client.id}/rotate-secret`;
    const rotated = await app.admin('POST', path, { overlapSeconds: 60 });
    expect(rotated.status).toBe(200);
    const inSeconds = (new Date(rotated.body.previousExpiresAt).getTime() - Date.now()) / 1000;
    expect(inSeconds).toBeGreaterThan(50);
    expect(inSeconds).toBeLessThan(62);
    expect((await app.login(client)).status).toBe(200);
    expect((await app.login({ ...client, secret: rotated.body.clientSecret })).status).toBe(200);
    expect((await app.admin('GET', `/api/v1/clients/${client.id}`)).body.secrets).toHaveLength(2);
    await app.database.dataSource.query(
      `update client_secrets set expires_at = now() where client_id = $1 and expires_at is not null`,
      [client.id],
    );
    expect((await app.login(client)).status).toBe(401);

    const ended = await app.admin('POST', path, { overlapSeconds: 0 });
    expect(ended.body.previousExpiresAt).toBeNull();
    expect((await app.login({ ...client, secret: rotated.body.clientSecret })).status).toBe(401);
    expect((await app.login({ ...client, secret: ended.body.clientSecret })).status).toBe(200);
    expect((await app.admin('POST', path, { overlapSeconds: -1 })).status).toBe(400);
    expect((await app.admin('POST', path)).status).toBe(200);
  });

  it('gives API tokens, shows their use, and revokes them', async () => {
    const client = await app.client({ scopes: ['directory:read', 'audit:read'] });
    const path = `/api/v1/clients/${client.id}/tokens`;
    const created = await app.admin('POST', path, {
      scopes: ['directory:read'],
      expiresAt: tomorrow(),
      name: 'export',
    });
    expect(created.status).toBe(201);
    const { token, id } = created.body as { token: string; id: string };
    expect(token).toMatch(/^tb_[0-9A-Za-z]{36}$/);
    expect((await app.admin('GET', path)).body.data[0]).toMatchObject({
      id,
      name: 'export',
      last4: token.slice(-4),
      lastUsedAt: null,
      lastUsedIp: null,
    });
    expect((await app.call('GET', '/api/v1/probe/actor', { token })).body).toMatchObject({
      clientId: client.id,
      scopes: ['directory:read'],
    });
    const [used] = (await app.admin('GET', path)).body.data;
    expect([used.lastUsedIp, Date.now() - new Date(used.lastUsedAt).getTime() < 10_000]).toEqual([
      '127.0.0.1',
      true,
    ]);
    expect((await app.admin('GET', path)).text).not.toContain(token);

    const other = await app.client();
    expect((await app.admin('DELETE', `/api/v1/clients/${other.id}/tokens/${id}`)).status).toBe(404);
    expect((await app.admin('DELETE', `${path}/${id}`)).status).toBe(204);
    expect((await app.call('GET', '/api/v1/probe/actor', { token })).status).toBe(401);

    expect((await app.admin('POST', path, {})).body.errors).toEqual([
      { path: '/expiresAt', message: 'is required' },
    ]);
    expect((await app.admin('POST', path, { expiresAt: '2020-01-01T00:00:00Z' })).status).toBe(400);
    const beyond = await app.admin('POST', path, { expiresAt: tomorrow(), scopes: ['metrics:read'] });
    expect([beyond.status, beyond.body.errors[0].path]).toEqual([400, '/scopes']);
  });

  it('lets nobody hand out, or take over, more than they have', async () => {
    const manager = await app.client({
      scopes: ['clients:admin', 'directory:read'],
      connectionIds: ['con_1'],
    });
    const token = await app.accessToken(manager);
    const as = (method: string, path: string, body?: unknown) =>
      app.call(method, `/api/v1/clients${path}`, { token, body });
    expect(
      (await as('POST', '', { name: 'x', scopes: ['directory:read'], connectionIds: ['con_1'] })).status,
    ).toBe(201);
    expect(
      (await as('POST', '', { name: 'x', scopes: ['audit:read'], connectionIds: ['con_1'] })).body.code,
    ).toBe('insufficient_scope');
    expect((await as('POST', '', { name: 'x', scopes: ['directory:read'] })).body.code).toBe('forbidden');
    expect(
      (await as('POST', '', { name: 'x', scopes: ['directory:read'], connectionIds: ['con_2'] })).status,
    ).toBe(403);
    const stronger = await app.client({ scopes: ['audit:read'], connectionIds: ['con_1'] });
    for (const answer of [
      await as('POST', `/${stronger.id}/rotate-secret`, {}),
      await as('POST', `/${stronger.id}/tokens`, { expiresAt: tomorrow() }),
      await as('PATCH', `/${stronger.id}`, { name: 'mine' }),
      await as('DELETE', `/${stronger.id}`),
    ]) {
      expect(answer.status).toBe(403);
    }
    const elsewhere = await app.client({ connectionIds: ['con_2'] });
    expect((await as('GET', `/${elsewhere.id}`)).status).toBe(404);
    expect((await as('PATCH', `/${manager.id}`, { connectionIds: null })).status).toBe(403);
    const seen = (await as('GET', '?limit=200')).body.data as { connectionIds: string[] }[];
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.every(({ connectionIds }) => connectionIds.join() === 'con_1')).toBe(true);
  });

  it('filters the audit log, hides secrets in it, and limits it to the reader’s connections', async () => {
    const entry = {
      actor: { kind: 'system', clientId: null, name: 'scheduler' },
      action: 'connection.updated',
    } as const;
    const { manager } = app.database.dataSource;
    await app.audit.record(manager, {
      ...entry,
      subject: { type: 'connection', id: 'con_7' },
      connectionId: 'con_7',
      before: {
        config: { agentSecret: 'old-secret', corpId: 'ww1' },
        proxyUrl: 'http://u:pw-1@proxy',
        ttlToken: 5,
      },
      after: {
        config: { agentSecret: 'new-secret', corpId: 'ww1' },
        proxyUrl: 'http://u:pw-2@proxy',
        ttlToken: 6,
      },
    });
    await app.audit.record(manager, {
      ...entry,
      subject: { type: 'connection', id: 'con_8' },
      connectionId: 'con_8',
    });
    const found = await app.admin('GET', '/api/v1/audit-entries?action=connection.*&subjectId=con_7');
    expect(found.body.data).toHaveLength(1);
    expect(found.body.data[0]).toMatchObject({
      actor: { kind: 'system', name: 'scheduler' },
      before: { config: { agentSecret: '[redacted]', corpId: 'ww1' }, ttlToken: 5 },
      after: { config: { agentSecret: '[redacted]', corpId: 'ww1' }, ttlToken: 6 },
      ip: null,
      requestId: null,
    });
    expect(found.text).not.toMatch(/old-secret|new-secret|pw-1|pw-2/);
    const reader = await app.client({ scopes: ['audit:read'], connectionIds: ['con_8'] });
    const limited = await app.call('GET', '/api/v1/audit-entries', { token: await app.accessToken(reader) });
    expect(limited.body.data.map((seen: { connectionId: string }) => seen.connectionId)).toEqual(['con_8']);
    const since = await app.admin('GET', `/api/v1/audit-entries?since=${encodeURIComponent(tomorrow())}`);
    expect(since.body.data).toEqual([]);
    expect((await app.admin('GET', '/api/v1/audit-entries?since=x')).status).toBe(400);
  });
});
