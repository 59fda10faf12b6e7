import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Pseudonyms } from '../src/check/pseudonyms.js';
import { startFixtureApp, type FixtureApp } from './fixture-app.js';

const SECRET = 'correct-horse';

describe('going live', () => {
  let database: TestDatabase;
  let host: FixtureApp;
  let platform: Server;
  let answer: object = {};

  beforeAll(async () => {
    database = await createTestDatabase();
    host = await startFixtureApp(database.url);
    platform = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await host?.close();
    platform?.close();
    await database?.drop();
  });

  const create = async (more: object = {}): Promise<string> => {
    const { body, status } = await host.call('POST', '/api/v1/connections', {
      name: '测试环境',
      connector: 'fixture',
      config: { tenant: 'test-corp', secret: SECRET, mode: 'good' },
      ...more,
    });
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id;
  };
  const exported = async (id: string) => (await host.call('GET', `/api/v1/connections/${id}/export`)).body;
  const imported = (body: object) => host.call('POST', '/api/v1/connections/import', body);

  it('exports what was set and no secret, and the import of it asks for the secrets by name', async () => {
    const id = await create({
      timezone: 'Asia/Urumqi',
      mapping: { user: { employeeNumber: 'no' } },
      guard: { minimum: 3 },
      proxyUrl: 'http://user:hidden@proxy.example.com:3128',
    });
    const { text, body: document } = await host.call('GET', `/api/v1/connections/${id}/export`);
    expect(text).not.toMatch(/correct-horse|hidden/);
    expect(document).toEqual({
      format: 1,
      exportedAt: expect.any(String),
      name: '测试环境',
      connector: 'fixture',
      config: { tenant: 'test-corp', mode: 'good' },
      timezone: 'Asia/Urumqi',
      mapping: { user: { employeeNumber: 'no' } },
      guard: { minimum: 3 },
      secretsToFill: ['secret'],
    });

    const refused = await imported({ document });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, '/config/secret']);
    const made = await imported({
      document,
      name: '生产环境',
      config: { secret: 'production-secret', tenant: 'live-corp' },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: '生产环境',
      config: { tenant: 'live-corp', mode: 'good' },
      secretsSet: ['secret'],
      timezone: 'Asia/Urumqi',
      guard: { minimum: 3, maxDisabledPercent: 20 },
      proxyUrl: null,
    });
    expect(made.text).not.toContain('production-secret');
  });

  it('brings an existing connection to the state of the document; tenant and secrets stay', async () => {
    const source = await create({ timezone: 'Asia/Urumqi', config: { tenant: 'test-corp', secret: SECRET } });
    const target = await create({
      config: { tenant: 'live-corp', secret: 'production-secret', mode: 'refused' },
      mapping: { user: { mobile: 'phone' } },
      locale: 'en',
    });
    const { status, body } = await imported({ document: await exported(source), connectionId: target });
    expect([status, body]).toMatchObject([
      201,
      {
        id: target,
        config: { tenant: 'live-corp' },
        secretsSet: ['secret'],
        timezone: 'Asia/Urumqi',
        locale: 'zh-CN',
        mapping: { user: {} },
      },
    ]);
    expect(body.config).not.toHaveProperty('mode');
    const moved = await imported({
      document: await exported(source),
      connectionId: target,
      config: { tenant: 'another' },
    });
    expect(moved.status).toBe(409);
  });

  it.each([
    [{ document: { format: 2 } }, '/document/format'],
    [{ document: { salary: 1 } }, '/document/salary'],
    [{ document: { timezone: 'Mars' } }, '/document/timezone'],
    [{ document: { connector: 'nobody' } }, '/connector'],
    [{ connectionId: '../x' }, '/connectionId'],
  ])('refuses %j naming %s', async (change: { document?: object; connectionId?: string }, path) => {
    const document = { ...(await exported(await create())), ...change.document };
    const { status, body } = await imported({ config: { secret: SECRET }, ...change, document });
    expect([status, body.errors[0].path]).toEqual([400, path]);
  });

  it('a limited client brings only its own connections to another state, and makes none', async () => {
    const [own, foreign] = [await create(), await create()];
    const headers = await host.limitedClient(['connections:read', 'connections:admin'], [own]);
    const call = (body: object) => host.call('POST', '/api/v1/connections/import', body, headers);
    const document = await exported(own);
    expect((await call({ document, connectionId: own })).status).toBe(201);
    expect((await call({ document, connectionId: foreign })).status).toBe(404);
    expect((await call({ document })).status).toBe(403);
    expect((await host.call('GET', `/api/v1/connections/${foreign}/export`, undefined, headers)).status).toBe(
      404,
    );
  });

  it('check records what the platform said, with its shape and without its content', async () => {
    const { port } = platform.address() as AddressInfo;
    const id = await create({
      config: { tenant: 't', secret: SECRET, mode: 'calls', baseUrl: `http://127.0.0.1:${port}` },
    });
    answer = {
      errcode: 0,
      errmsg: 'ok, hint: [1763456789_1], from ip: 203.0.113.7',
      userlist: [
        { userid: 'linmei01', name: '林梅', mobile: '+8613900001111', department: [1, 20483], status: 1 },
        { userid: 'wang.wu', leader: 'linmei01', token: SECRET, department: [20483] },
      ],
    };
    const { text, body } = await host.call('POST', `/api/v1/connections/${id}/check`, { fixtures: true });
    const [fixture] = body.fixtures;
    expect(fixture).toMatchObject({ method: 'GET', path: '/me', status: 200, json: null });
    const [first, second] = fixture.body.userlist;
    expect(fixture.body).toMatchObject({ errcode: 0, errmsg: expect.stringMatching(/^ok, hint: /) });
    expect(first).toMatchObject({ userid: expect.stringMatching(/^[a-z]{6}\d\d$/), status: 1 });
    expect(first.mobile).toMatch(/^\+[1-9]\d{12}$/);
    expect([second.leader, second.department[0], first.department[0]]).toEqual([
      first.userid,
      first.department[1],
      1,
    ]);
    expect(text).not.toMatch(/linmei01|林梅|13900001111|wang|correct-horse|20483|203\.0\.113\.7|1763456789/);
    expect((await host.call('POST', `/api/v1/connections/${id}/check`)).body).not.toHaveProperty('fixtures');
  });

  it('pseudonyms lead nowhere and differ with every recording', () => {
    expect(new Pseudonyms().of('linmei01')).not.toBe(new Pseudonyms().of('linmei01'));
    expect(new Pseudonyms().ofPath('/v1.0/todo/users/PUoiinWIpa2yH2ymhiiGiP6g/tasks')).toMatch(
      /^\/v1\.0\/todo\/users\/(?!PUoiin)[A-Za-z0-9]{24}\/tasks$/,
    );
  });
});
