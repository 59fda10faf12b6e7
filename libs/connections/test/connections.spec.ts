import { Logger } from '@nestjs/common';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConnectionDeletion, Connections, ConnectionStatsSources, ExchangeLog } from '../src/index.js';
import { startFixtureApp, type FixtureApp } from './fixture-app.js';

describe('connections over HTTP', () => {
  let database: TestDatabase;
  let host: FixtureApp;
  let platform: Server;
  let platformUrl: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    host = await startFixtureApp(database.url);
    platform = createServer((request, response) => {
      response.statusCode = request.url?.includes('fail') ? 500 : 400;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ error: 'no', seen: request.url }));
    });
    await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
    platformUrl = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    platform?.close();
    await host?.close();
    await database?.drop();
  });

  const valid = {
    name: 'Head office',
    connector: 'fixture',
    config: { tenant: 't1', secret: 'correct-horse' },
  };
  const create = async (change: object = {}): Promise<{ id: string; [key: string]: unknown }> => {
    const { status, body } = await host.call('POST', '/api/v1/connections', { ...valid, ...change });
    expect(status).toBe(201);
    return body;
  };

  it('lists connectors with their schema, and says why one is missing', async () => {
    const { status, body } = await host.call('GET', '/api/v1/connectors', undefined, {
      'accept-language': 'zh',
    });
    expect(status).toBe(200);
    expect(body.data).toHaveLength(2);
    expect(body.data[0]).toMatchObject({
      id: 'fixture',
      name: '测试平台',
      status: 'available',
      capabilities: ['directory', 'events'],
      resultActions: [],
      configSchema: { properties: { secret: { writeOnly: true } } },
    });
    expect(body.data[1].status).toMatch(/importing it failed/);
    expect(body.data[1].configSchema).toBeNull();
  });

  it('creates one with defaults in force and never shows a secret', async () => {
    const { status, body, text } = await host.call('POST', '/api/v1/connections', valid);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'Head office',
      connector: 'fixture',
      config: { tenant: 't1' },
      secretsSet: ['secret'],
      callbackUrl: `https://bridge.example.com/callbacks/${body.id}`,
      timezone: 'Asia/Shanghai',
      locale: 'zh-CN',
      mapping: { user: {}, department: {} },
      guard: { maxDisabledPercent: 20, maxMovedPercent: 50, maxDisabled: null, minimum: 10 },
      proxyUrl: null,
      revision: 1,
    });
    expect(text).not.toContain('correct-horse');
    for (const path of [`/api/v1/connections/${body.id}`, '/api/v1/connections', '/api/v1/audit-entries']) {
      const answer = await host.call('GET', path);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(body.id);
      expect(answer.text).not.toContain('correct-horse');
    }
    const stored = await database.dataSource.query('select * from connections where id = $1', [body.id]);
    expect(JSON.stringify(stored)).not.toContain('correct-horse');
  });

  it.each([
    [{ config: { secret: 'correct-horse' } }, '/config/tenant'],
    [{ config: { tenant: 1, secret: 'correct-horse' } }, '/config/tenant'],
    [{ config: { tenant: 't', secret: 'short' } }, '/config/secret'],
    [{ config: { tenant: 't', secret: 'correct-horse', corp: 1 } }, '/config/corp'],
    [{ config: { tenant: 't', secret: 'correct-horse', baseUrl: 'https://x/y' } }, '/config/baseUrl'],
    [{ config: [] }, '/config'],
    [{ connector: 'nobody' }, '/connector'],
    [{ name: '' }, '/name'],
    [{ timezone: 'Mars/Olympus' }, '/timezone'],
    [{ locale: 'de' }, '/locale'],
    [{ guard: { maxDisabledPercent: 120 } }, '/guard/maxDisabledPercent'],
    [{ guard: { maximum: 1 } }, '/guard/maximum'],
    [{ proxyUrl: 'socks5://proxy' }, '/proxyUrl'],
    [{ proxyUrl: 'http://user:%zz@proxy:1' }, '/proxyUrl'],
    [{ mapping: { constructor: { a: 'b' } } }, '/mapping/constructor'],
    [{ guard: [{ minimum: 1 }] }, '/guard'],
    [{ schedule: { full: '0 3 * * *' } }, '/schedule'],
    [{ rollout: {} }, '/rollout'],
    [{ mapping: { user: { salary: 'x' } } }, '/mapping/user/salary'],
    [{ mapping: { users: {} } }, '/mapping/users'],
    [{ mapping: { user: { displayName: 7 } } }, '/mapping/user/displayName'],
  ])('refuses %j naming %s', async (change, path) => {
    const { status, body, text } = await host.call('POST', '/api/v1/connections', { ...valid, ...change });
    expect(status).toBe(400);
    expect(body.code).toBe('invalid_request');
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(text).not.toContain('correct-horse');
  });

  it('checks mapping expressions when they are saved and says where they are wrong', async () => {
    const mapping = { user: { employeeNumber: "extattr.attrs[name='工号'" } };
    const { status, body } = await host.call('POST', '/api/v1/connections', { ...valid, mapping });
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { path: '/mapping/user/employeeNumber', message: expect.stringMatching(/at character \d+/) },
    ]);
    const good = {
      user: { employeeNumber: "extattr.attrs[name='工号'].text.value" },
      department: { code: 'id' },
    };
    expect(await create({ mapping: good })).toMatchObject({ mapping: good });
  });

  it('PATCH keeps what is absent, secrets included, and removes what is null', async () => {
    const { id } = await create({
      timezone: 'Europe/Berlin',
      guard: { minimum: 3 },
      mapping: { user: { mobile: 'm' } },
    });
    const patched = await host.call('PATCH', `/api/v1/connections/${id}`, {
      name: 'New',
      config: { mode: 'good', second: 'another-secret' },
      timezone: null,
      guard: { maxDisabled: 5 },
      mapping: { user: { displayName: 'name' } },
    });
    expect(patched.status).toBe(200);
    expect(patched.body).toMatchObject({
      name: 'New',
      config: { tenant: 't1', mode: 'good' },
      secretsSet: ['second', 'secret'],
      timezone: 'Asia/Shanghai',
      guard: { minimum: 3, maxDisabled: 5, maxDisabledPercent: 20 },
      mapping: { user: { mobile: 'm', displayName: 'name' } },
      revision: 2,
    });
    const connections = host.app.get(Connections);
    const { context } = await connections.contextFor(id, AbortSignal.timeout(1_000));
    expect(context.config).toMatchObject({ secret: 'correct-horse', second: 'another-secret', tenant: 't1' });
    const removed = await host.call('PATCH', `/api/v1/connections/${id}`, { config: { second: null } });
    expect(removed.body.secretsSet).toEqual(['secret']);
    const required = await host.call('PATCH', `/api/v1/connections/${id}`, { config: { secret: null } });
    expect(required.status).toBe(400);
    expect(required.body.errors[0].path).toBe('/config/secret');
  });

  it('never points a connection at another tenant', async () => {
    const { id } = await create();
    const same = await host.call('PATCH', `/api/v1/connections/${id}`, { config: { tenant: 't1' } });
    expect(same.status).toBe(200);
    const { status, body } = await host.call('PATCH', `/api/v1/connections/${id}`, {
      config: { tenant: 't2' },
    });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'identity_immutable', errors: [{ path: '/config/tenant' }] });
    expect((await host.call('GET', `/api/v1/connections/${id}`)).body.config.tenant).toBe('t1');
  });

  it("keeps a proxy's password to itself, also when a form sends the mask back", async () => {
    const { id, proxyUrl } = await create({ proxyUrl: 'http://user:hunter22@proxy.example.com:3128' });
    expect(proxyUrl).toBe('http://user:***@proxy.example.com:3128/');
    const back = await host.call('PATCH', `/api/v1/connections/${id}`, { proxyUrl });
    expect(back.body.proxyUrl).toBe(proxyUrl);
    const { settings } = await host.app.get(Connections).require(id);
    expect(settings.proxyUrl).toBe('http://user:hunter22@proxy.example.com:3128/');
    const elsewhere = await host.call('PATCH', `/api/v1/connections/${id}`, {
      proxyUrl: 'http://user:***@other:1',
    });
    expect(elsewhere.status).toBe(400);
    const stored = await database.dataSource.query('select * from connections where id = $1', [id]);
    expect(JSON.stringify(stored)).not.toContain('hunter22');
    expect((await host.call('GET', '/api/v1/audit-entries')).text).not.toContain('hunter22');
  });

  it('check answers findings in the language asked for, the callback URL first', async () => {
    const { id } = await create();
    const { status, body } = await host.call('POST', `/api/v1/connections/${id}/check`, undefined, {
      'accept-language': 'zh-CN',
    });
    expect(status).toBe(200);
    expect(body.ok).toBe(true);
    expect(body.findings.map(({ step }: { step: string }) => step)).toEqual(['callback-url', 'token']);
    expect(body.findings[1].message).toBe('正常。');
  });

  it('turns what a connector throws into a finding without secrets', async () => {
    const { id } = await create({ config: { ...valid.config, mode: 'refused' } });
    const refused = await host.call('POST', `/api/v1/connections/${id}/check`);
    expect(refused.body).toMatchObject({
      ok: false,
      findings: [
        { step: 'callback-url', ok: true },
        { ok: false, message: expect.stringMatching(/refused.*40001/), advice: 'Look at the console.' },
      ],
    });
    expect(refused.text).not.toContain('correct-horse');
    await host.call('PATCH', `/api/v1/connections/${id}`, { config: { mode: 'throws' } });
    const logged = vi.spyOn(Logger.prototype, 'error');
    const threw = await host.call('POST', `/api/v1/connections/${id}/check`);
    expect(threw.body.ok).toBe(false);
    expect(threw.text).not.toContain('correct-horse');
    expect(logged.mock.calls.flat().join()).toMatch(/TypeError: oops \[redacted\]/);
    logged.mockRestore();
    await host.call('PATCH', `/api/v1/connections/${id}`, { config: { mode: 'echoes' } });
    const { body } = await host.call('POST', `/api/v1/connections/${id}/check`);
    expect(body.findings[1].data).toEqual({ said: ['you are [redacted]'] });
  });

  it('lets no secret out in what a connector throws, whoever calls it', async () => {
    const { id } = await create({ config: { ...valid.config, mode: 'refused' } });
    const { connector, context } = await host.app.get(Connections).contextFor(id, AbortSignal.timeout(5_000));
    const thrown = await connector.directory!.visibility(context).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      data: {
        code: 'permission_denied',
        message: 'secret [redacted] may not',
        vendorMessage: 'no right: [redacted]',
      },
    });
  });

  it('records exchanges with the platform, and finds them by every filter', async () => {
    const { id } = await create({ config: { ...valid.config, mode: 'calls', baseUrl: platformUrl } });
    const other = await create();
    const check = await host.call('POST', `/api/v1/connections/${id}/check`);
    expect(check.body.ok).toBe(false);
    const { body, text } = await host.call('GET', `/api/v1/exchanges?connectionId=${id}`);
    expect(body.data).toHaveLength(1);
    expect(body.data[0]).toMatchObject({
      connectionId: id,
      direction: 'outbound',
      method: 'GET',
      status: 400,
      vendorCode: 'E42',
      errorCode: 'bad_response',
      attempt: 1,
    });
    expect(text).not.toContain('correct-horse');
    const since = new Date(Date.now() - 60_000).toISOString();
    for (const [query, count] of [
      ['direction=outbound&status=400&vendorCode=E42', 1],
      ['status=4xx', 1],
      [`since=${since}`, 1],
      ['direction=inbound', 0],
      ['status=none', 0],
      ['status=200', 0],
      ['vendorCode=nope', 0],
      [`since=${new Date(Date.now() + 60_000).toISOString()}`, 0],
    ] as const) {
      const found = await host.call('GET', `/api/v1/exchanges?connectionId=${id}&${query}`);
      expect([query, found.status, found.body.data.length]).toEqual([query, 200, count]);
    }
    expect((await host.call('GET', `/api/v1/exchanges?connectionId=${other.id}`)).body.data).toEqual([]);
    for (const query of [
      'status=abc',
      'direction=up',
      'since=yesterday',
      'foo=1',
      'cursor=nonsense',
      'limit=0',
    ]) {
      expect((await host.call('GET', `/api/v1/exchanges?${query}`)).status).toBe(400);
    }
  });

  it('pages through lists, and takes no cursor of another list', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await host.call(
        'GET',
        `/api/v1/connections?limit=3${cursor ? `&cursor=${cursor}` : ''}`,
      );
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
      if (cursor) expect((await host.call('GET', `/api/v1/exchanges?cursor=${cursor}`)).status).toBe(400);
    } while (cursor);
    const [{ count }] = await database.dataSource.query('select count(*)::int as count from connections');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(count);
    expect([...seen].sort()).toEqual(seen);
  });

  it('serves the files a platform asks for, and nothing else', async () => {
    await create({
      config: { ...valid.config, domainVerification: { name: 'WW_verify_abc.txt', content: 'abc\n' } },
    });
    const { status, text, headers } = await host.call('GET', '/WW_verify_abc.txt', undefined, {
      authorization: '',
    });
    expect([status, text]).toEqual([200, 'abc\n']);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    for (const path of ['/WW_verify_other.txt', '/..%2f..%2fetc%2fpasswd', '/package.json', '/%00.txt']) {
      expect((await host.call('GET', path)).status).toBe(404);
    }
  });

  it('takes write-back settings only as far as the connector offers them', async () => {
    for (const [settings, path] of [
      [{ results: [{ eventTypes: ['course.completed'], action: 'message' }] }, '/results/0/action'],
      [{ results: [{ eventTypes: [], action: 'message' }] }, '/results/0/eventTypes'],
      [{ todos: { enabled: true } }, '/todos/enabled'],
      [{ todos: { urlTemplate: 'javascript:alert(1)' } }, '/todos/urlTemplate'],
      [{ listen: 'yes' }, '/listen'],
    ] as const) {
      const { status, body } = await host.call('POST', '/api/v1/connections', {
        name: 'x',
        connector: 'fixture',
        config: { tenant: 't', secret: 'correct-horse' },
        ...settings,
      });
      expect([status, body.errors[0].path]).toEqual([400, path]);
    }
  });

  it('answers stats, from whoever knows', async () => {
    const { id } = await create();
    const nothing = await host.call('GET', `/api/v1/connections/${id}/stats`);
    expect(nothing.body).toEqual({
      users: { active: 0, pending: 0, disabled: 0 },
      departments: 0,
      lastRun: null,
      lastEventAt: null,
      deliveries: { pending: 0, dead: 0 },
      todos: { pending: 0, failed: 0 },
      listener: { status: 'off', since: null, lastMessageAt: null, error: null },
    });
    host.app.get(ConnectionStatsSources).register(async (asked) => (asked === id ? { departments: 4 } : {}));
    expect((await host.call('GET', `/api/v1/connections/${id}/stats`)).body.departments).toBe(4);
  });

  it('deletes with the hooks of the features, in one transaction', async () => {
    const { id } = await create();
    const log = host.app.get(ExchangeLog);
    const at = new Date().toISOString();
    log.record({
      connectionId: id,
      direction: 'inbound',
      method: 'GET',
      url: 'x',
      status: 200,
      durationMs: 1,
      at,
    });
    await log.flush();
    const seen: unknown[] = [];
    let fail = true;
    host.app.get(ConnectionDeletion).register(async (_manager, connectionId, people) => {
      if (connectionId !== id) return;
      if (fail) throw new Error('not now');
      seen.push(people);
    });
    host.app
      .get(ConnectionStatsSources)
      .register(async (asked) => (asked === id ? { users: { active: 2, pending: 0, disabled: 0 } } : {}));
    const undecided = await host.call('DELETE', `/api/v1/connections/${id}`);
    expect([undecided.status, undecided.body.errors[0].path]).toEqual([400, '/people']);
    expect((await host.call('DELETE', `/api/v1/connections/${id}?people=keep`)).status).toBe(500);
    expect((await host.call('GET', `/api/v1/connections/${id}`)).status).toBe(200);
    fail = false;
    expect((await host.call('DELETE', `/api/v1/connections/${id}?people=keep`)).status).toBe(204);
    expect(seen).toEqual(['keep']);
    const [{ count }] = await database.dataSource.query(
      `select count(*)::int as count from exchanges where connection_id = $1`,
      [id],
    );
    expect(count).toBe(0);
    expect((await host.call('GET', `/api/v1/connections/${id}`)).status).toBe(404);
    expect((await host.call('DELETE', `/api/v1/connections/${id}?people=keep`)).status).toBe(404);
  });

  it('shows a client limited to some connections nothing of the others', async () => {
    const [mine, other] = [await create(), await create()];
    const as = await host.limitedClient(
      ['connections:read', 'connections:admin', 'exchanges:read'],
      [mine.id],
    );
    const log = host.app.get(ExchangeLog);
    for (const { id } of [mine, other]) {
      const at = new Date().toISOString();
      log.record({
        connectionId: id,
        direction: 'outbound',
        method: 'GET',
        url: 'x',
        status: 200,
        durationMs: 1,
        at,
      });
    }
    const list = await host.call('GET', '/api/v1/connections', undefined, as);
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual([mine.id]);
    expect((await host.call('GET', `/api/v1/connections/${mine.id}`, undefined, as)).status).toBe(200);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'x' }],
      ['DELETE', '?people=erase', undefined],
      ['POST', '/check', undefined],
      ['GET', '/stats', undefined],
    ] as const) {
      const answer = await host.call(method, `/api/v1/connections/${other.id}${path}`, body, as);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    const exchanges = await host.call('GET', '/api/v1/exchanges', undefined, as);
    expect(exchanges.body.data.map((entry: { connectionId: string }) => entry.connectionId)).toEqual([
      mine.id,
    ]);
    const asked = await host.call('GET', `/api/v1/exchanges?connectionId=${other.id}`, undefined, as);
    expect(asked.body.data).toEqual([]);
    expect((await host.call('POST', '/api/v1/connections', valid, as)).status).toBe(403);
    expect((await host.call('GET', '/api/v1/connectors', undefined, { authorization: '' })).status).toBe(401);
  });

  it('does not start with another key than the secrets were encrypted with', async () => {
    await create();
    await expect(startFixtureApp(database.url, { secretKey: Buffer.alloc(32, 6) })).rejects.toThrow(
      /TRAINBRIDGE_SECRET_KEY is not the key/,
    );
  });

  it('goes on showing a connection whose connector is gone, and says so when it is used', async () => {
    const { id } = await create();
    const bare = await startFixtureApp(database.url, {
      connectors: ['@trainbridge/no-such-connector'],
      publicUrl: null,
    });
    try {
      const { status, body, text } = await bare.call('GET', `/api/v1/connections/${id}`);
      expect(status).toBe(200);
      expect(body.callbackUrl).toBeNull();
      expect(text).not.toContain('correct-horse');
      const check = await bare.call('POST', `/api/v1/connections/${id}/check`);
      expect(check.body).toMatchObject({
        ok: false,
        findings: [{ message: expect.stringContaining('not loaded') }],
      });
      expect((await bare.call('PATCH', `/api/v1/connections/${id}`, { name: 'renamed' })).status).toBe(200);
      expect((await bare.call('PATCH', `/api/v1/connections/${id}`, { config: { mode: 'x' } })).status).toBe(
        503,
      );
    } finally {
      await bare.close();
    }
  });
});
