import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessHousekeeping } from '../src/housekeeping.js';
import { AccessApp, ProbeController } from './access-app.js';

describe('Idempotency-Key', () => {
  let app: AccessApp;
  let probe: ProbeController;
  let token: string;
  beforeAll(async () => {
    app = await AccessApp.start();
    probe = app.app.get(ProbeController);
    token = await app.accessToken(await app.client());
  });
  afterAll(() => app.stop());

  const count = (key: string, body: object = {}, as = token) =>
    app.call('POST', '/api/v1/probe/count', { token: as, body, headers: { 'idempotency-key': key } });

  it('does a repeated write once and answers the same again', async () => {
    const first = await count('a');
    const again = await count('a');
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect((await count('b')).body.call).toBe(first.body.call + 1);
  });

  it('refuses the key with another body or path, and keeps clients apart', async () => {
    const first = await count('c', { n: 1 });
    const other = await count('c', { n: 2 });
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_conflict']);
    const path = await app.call('POST', '/api/v1/probe/count?x=1', {
      token,
      body: { n: 1 },
      headers: { 'idempotency-key': 'c' },
    });
    expect(path.status).toBe(409);
    const stranger = await app.accessToken(await app.client());
    expect((await count('c', { n: 2 }, stranger)).body.call).toBe(first.body.call + 1);
  });

  it('refuses a second one while the first is under way', async () => {
    let open: () => void = () => undefined;
    probe.gate = new Promise((resolve) => (open = resolve));
    const before = probe.calls;
    const first = count('d');
    while (probe.calls === before) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await count('d');
    expect([second.status, second.body.code, second.headers.get('retry-after')]).toEqual([
      409,
      'idempotency_in_progress',
      '1',
    ]);
    open();
    expect((await first).status).toBe(201);
    expect((await count('d')).body).toEqual((await first).body);
    probe.gate = Promise.resolve();
  });

  it('frees the key of a request that failed', async () => {
    for (const [key, fail, status] of [
      ['e', 'problem', 409],
      ['f', 'bug', 500],
    ] as const) {
      const before = probe.calls;
      expect((await count(key, { fail })).status).toBe(status);
      expect((await count(key, { fail })).status).toBe(status);
      expect(probe.calls).toBe(before + 2);
      expect((await count(key)).status).toBe(201);
    }
    const unauthorized = await count('g', {}, 'nobody');
    expect(unauthorized.status).toBe(401);
    expect((await count('g')).status).toBe(201);
  });

  it('goes on after a host that died, and forgets after a day', async () => {
    await count('h');
    await app.database.dataSource.query(
      `update idempotency_keys set answer = null, lease_until = now() - interval '1 second'`,
    );
    const anew = await count('h');
    expect([anew.status, anew.headers.get('idempotency-replayed')]).toEqual([201, null]);
    await app.database.dataSource.query(
      `update idempotency_keys set created_at = now() - interval '25 hours'`,
    );
    expect((await count('h', { other: true })).status).toBe(201);
    await app.database.dataSource.query(
      `update idempotency_keys set created_at = now() - interval '25 hours'`,
    );
    await app.app.get(AccessHousekeeping).sweep();
    expect(await app.database.dataSource.query(`select * from idempotency_keys`)).toEqual([]);
  });

  it('replays a secret that is shown once, and stores it sealed', async () => {
    const create = () =>
      app.admin(
        'POST',
        '/api/v1/clients',
        { name: 'x', scopes: ['profile'] },
        { 'idempotency-key': 'make-one' },
      );
    const first = await create();
    const again = await create();
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    const rows: { answer: Buffer }[] = await app.database.dataSource.query(
      `select answer from idempotency_keys where owner = 'admin'`,
    );
    expect(rows[0]!.answer.toString('latin1')).not.toContain('tbcs_');
  });

  it('refuses keys that are no keys', async () => {
    for (const key of ['x'.repeat(256), 'a\u00e9', ' ']) expect((await count(key)).status).toBe(400);
  });
});
