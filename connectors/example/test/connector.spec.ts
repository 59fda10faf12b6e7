import { createHmac } from 'node:crypto';
import type { ConnectorContext, JsonObject, Page, RawCallback } from '@trainbridge/connector-kit';
import {
  ConnectorRuntime,
  loadConnectors,
  validateConfig,
  type Exchange,
} from '@trainbridge/connector-runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import connector from '../src/index.js';
import { AcmeOa } from './acme-oa.js';

const NOW = 1_767_225_600_000;
let oa: AcmeOa;
let runtime: ConnectorRuntime;
let exchanges: Exchange[];

beforeEach(async () => {
  oa = await AcmeOa.start();
  oa.employees = [
    {
      id: 'E1',
      name: '林梅',
      number: '0001',
      email: 'lin.mei@acme.example',
      phone: '139 0000 1111',
      jobTitle: '总监',
      department: '研发部',
      leader: true,
      enabled: true,
    },
    {
      id: 'E2',
      name: '王强',
      number: '0002',
      email: null,
      department: '研发部',
      manager: 'E1',
      enabled: true,
    },
    { id: 'E 3/x', name: '李雷', number: '0003', department: '销售部', manager: 'E1', enabled: false },
    { name: 'nobody' },
    { id: 'E4', name: '韩梅梅' },
  ];
  exchanges = [];
  runtime = new ConnectorRuntime({
    onExchange: (exchange) => void exchanges.push(exchange),
    allowedNetworks: ['127.0.0.0/8'],
    retry: { baseMs: 5 },
    now: () => NOW,
  });
});
afterEach(async () => {
  await runtime.close();
  await oa.stop();
});

function context(
  config: JsonObject = {},
  callbackUrl: string | null = 'https://bridge.example/callbacks/con_1',
): ConnectorContext {
  const checked = validateConfig(connector, {
    baseUrl: oa.origin,
    client: 'bridge',
    secret: 'acme-secret-1',
    ...config,
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return runtime.contextFor({
    connector,
    connection: { id: 'con_1', config: checked.config, timezone: 'Asia/Shanghai', locale: 'zh-CN' },
    callbackUrl,
    signal: new AbortController().signal,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
  });
}

const directory = connector.directory ?? expect.fail('no directory');
const events = connector.events ?? expect.fail('no events');

async function allPages<T>(
  read: (cursor: string | null) => Promise<Page<T>>,
): Promise<{ items: T[]; pages: number }> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let pages = 1; ; pages += 1) {
    const page: Page<T> = await read(cursor);
    expect(page.done).toBe(page.cursor === null);
    items.push(...page.items);
    if (page.cursor === null) return { items, pages };
    cursor = page.cursor;
  }
}

describe('the connector', () => {
  it('loads', async () => {
    const [loaded] = await loadConnectors(['under-test'], () => import('../src/index.js'));
    expect(loaded).toMatchObject({ status: 'available', id: connector.manifest.id });
  });

  it('lists people as the kit wants them: empty is null, untold is absent, the unreadable is reported', async () => {
    const page = await directory.listUsers(context(), { departmentId: null, cursor: null });
    expect(page.items).toEqual([
      {
        externalId: 'E1',
        displayName: '林梅',
        employeeNumber: '0001',
        workEmail: 'lin.mei@acme.example',
        mobile: '+8613900001111',
        jobTitle: '总监',
        status: 'active',
        memberships: [{ departmentId: '研发部', isPrimary: true, isLeader: true }],
        raw: oa.employees[0],
      },
      expect.objectContaining({
        externalId: 'E2',
        workEmail: null,
        managerExternalId: 'E1',
        status: 'active',
      }),
      expect.objectContaining({ externalId: 'E 3/x', status: 'disabled' }),
      { externalId: 'E4', displayName: '韩梅梅', memberships: [], raw: oa.employees[4] },
    ]);
    expect(page.items[1]).not.toHaveProperty('mobile');
    expect(page.rejected).toEqual([
      { externalId: null, reason: 'An employee without an id.', raw: { name: 'nobody' } },
    ]);
    expect(page).toMatchObject({ cursor: null, done: true });
  });

  it('walks pages to the end, once per employee, with one token', async () => {
    oa.employees = Array.from({ length: 250 }, (_, i) => ({ id: `E${i}`, department: `部门${i % 7}` }));
    const users = await allPages((cursor) => directory.listUsers(context(), { departmentId: null, cursor }));
    expect([users.items.length, users.pages]).toEqual([250, 3]);
    const departments = await allPages((cursor) => directory.listDepartments(context(), { cursor }));
    expect(new Set(departments.items.map(({ externalId }) => externalId)).size).toBe(7);
    expect(oa.tokens).toBe(1);
    await expect(directory.listUsers(context(), { departmentId: null, cursor: 'x' })).rejects.toMatchObject({
      code: 'cursor_expired',
    });
  });

  it('looks people and departments up by id', async () => {
    const users = await directory.getUsers(context(), { externalIds: ['E 3/x', 'E9'] });
    expect(users).toMatchObject([
      { externalId: 'E 3/x', status: 'found', record: { displayName: '李雷' } },
      { externalId: 'E9', status: 'gone' },
    ]);
    expect(await directory.getDepartments(context(), { externalIds: ['销售部', '行政部'] })).toMatchObject([
      { status: 'found', record: { name: '销售部' } },
      { externalId: '行政部', status: 'gone' },
    ]);
    expect(await directory.visibility(context())).toEqual({ grants: ['company'], summary: { employees: 5 } });
  });

  it('gets over a token that died', async () => {
    await directory.visibility(context());
    oa.revokeToken();
    await directory.visibility(context());
    expect(oa.tokens).toBe(2);
  });

  it('checks: good, wrong secret, missing permission, no callback', async () => {
    const good = await connector.check(context({ webhookSecret: 'hook' }));
    expect(good.map(({ step, ok }) => [step, ok])).toEqual([
      ['employees', true],
      ['callback', true],
    ]);
    const wrong = await connector.check(context({ secret: 'nope-nope' }));
    expect(wrong[0]).toMatchObject({
      ok: false,
      advice: { en: expect.stringContaining('API clients') as string },
    });
    oa.allowed = false;
    expect((await connector.check(context()))[0]?.advice?.en).toContain('read employees');
    expect((await connector.check(context({}, null)))[1]).toMatchObject({
      ok: false,
      advice: { en: expect.stringContaining('PUBLIC_URL') as string },
    });
    expect(JSON.stringify([wrong, exchanges])).not.toMatch(/nope-nope|acme-token|acme-secret/);
  });

  it('refuses a configuration that is not whole', () => {
    expect(validateConfig(connector, { baseUrl: 'https://oa.example/path', client: '' })).toMatchObject({
      ok: false,
      errors: expect.arrayContaining([
        expect.objectContaining({ path: '/config/secret' }),
        expect.objectContaining({ path: '/config/baseUrl' }),
        expect.objectContaining({ path: '/config/client' }),
      ]) as unknown,
    });
  });
});

describe('its callbacks', () => {
  const hooked = (): ConnectorContext => context({ webhookSecret: 'hook-secret' });
  function callback(body: string, { timestamp = String(NOW), secret = 'hook-secret' } = {}): RawCallback {
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    return {
      method: 'POST',
      queryString: '',
      headers: { 'x-oa-timestamp': timestamp, 'x-oa-signature': signature },
      bodyBase64: Buffer.from(body).toString('base64'),
    };
  }
  const joined = JSON.stringify({ id: 'ev-1', type: 'employee.left', employee: 'E2', at: NOW - 1000 });

  it("become events, answered in the platform's own form", async () => {
    expect(await events.receive(hooked(), callback(joined))).toEqual({
      reply: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' },
      events: [
        {
          key: 'ev-1',
          kind: 'user.left',
          ids: ['E2'],
          time: NOW - 1000,
          data: JSON.parse(joined) as unknown,
        },
      ],
    });
    const unknown = await events.receive(hooked(), callback('{"id":"ev-2","type":"canteen.menu","at":1}'));
    expect(unknown.events).toMatchObject([{ kind: 'other', ids: [] }]);
  });

  it.each([
    ['forged', () => callback(joined, { secret: 'guess' }), 'auth_failed'],
    ['stale', () => callback(joined, { timestamp: String(NOW - 301_000) }), 'auth_failed'],
    ['from the future', () => callback(joined, { timestamp: String(NOW + 301_000) }), 'auth_failed'],
    ['with a timestamp that is none', () => callback(joined, { timestamp: 'soon' }), 'auth_failed'],
    [
      'changed on the way',
      () => ({ ...callback(joined), bodyBase64: Buffer.from(joined.replace('E2', 'E1')).toString('base64') }),
      'auth_failed',
    ],
    ['unsigned', () => ({ ...callback(joined), headers: {} }), 'auth_failed'],
    ['truncated', () => callback(joined.slice(0, 20)), 'input_invalid'],
    ['an array', () => callback('[]'), 'input_invalid'],
    ['without an id', () => callback('{"type":"employee.left","at":1}'), 'input_invalid'],
  ])('%s are refused', async (_name, raw, code) => {
    await expect(events.receive(hooked(), raw())).rejects.toMatchObject({ code });
  });

  it('need the webhook secret', async () => {
    await expect(events.receive(context(), callback(joined))).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});
