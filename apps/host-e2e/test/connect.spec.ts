import { createClient, type TrainbridgeClient } from '@trainbridge/api-client';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf, until } from '../src/expect-data.js';
import { startHost, type E2eHost } from '../src/start-host.js';

describe('connecting a company', () => {
  let sandbox: Sandbox;
  let host: E2eHost;
  let client: TrainbridgeClient;
  let connectionId: string;

  beforeAll(async () => {
    [sandbox, host] = await Promise.all([startSandbox({ people: 60 }), startHost()]);
  });

  afterAll(async () => {
    await host?.close();
    await sandbox?.close();
  });

  it('the admin makes a client, which gets tokens for its scopes by itself', async () => {
    const made = dataOf(
      await host.admin.POST('/api/v1/clients', {
        body: {
          name: 'LMS',
          scopes: ['connections:read', 'connections:admin', 'exchanges:read', 'runs:write', 'directory:read'],
        },
      }),
    );
    const { clientId, clientSecret } = made;
    client = createClient({ baseUrl: host.url, clientCredentials: { clientId, clientSecret } });
    const connectors = dataOf(await client.GET('/api/v1/connectors'));
    expect(connectors.data.map(({ id, status }) => [id, status])).toContainEqual(['wecom', 'available']);
    const forbidden = await client.GET('/api/v1/audit-entries');
    expect([forbidden.response.status, forbidden.error?.code]).toEqual([403, 'insufficient_scope']);
  });

  it('connects, and checks what the platform lets it see', async () => {
    const connection = dataOf(
      await client.POST('/api/v1/connections', {
        body: { name: 'Demo', connector: 'wecom', config: { ...sandbox.wecomConnection() } },
      }),
    );
    connectionId = connection.id;
    expect(connection.callbackUrl).toBe(`${host.url}/callbacks/${connectionId}`);
    expect(connection.secretsSet).toContain('agentSecret');
    const path = { id: connectionId };
    const check = dataOf(await client.POST('/api/v1/connections/{id}/check', { params: { path } }));
    expect(check.findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(check.ok).toBe(true);
    const exchanges = dataOf(await client.GET('/api/v1/exchanges', { params: { query: { connectionId } } }));
    expect(exchanges.data.length).toBeGreaterThan(0);
    const text = JSON.stringify(exchanges);
    for (const secret of Object.entries(sandbox.wecomConnection())) {
      if (/secret|aeskey|token/i.test(secret[0])) expect(text).not.toContain(secret[1]);
    }
  });

  it('has its callback URL verified by the platform within a second, and keeps what it tells', async () => {
    const verified = await sandbox.wecom.setCallback({ url: `${host.url}/callbacks/${connectionId}` });
    expect(verified).toMatchObject({ ok: true });
    expect(verified.durationMs).toBeLessThan(1_000);
    const person = sandbox.mutations.hire();
    const event = await until('the event of the hire', async () => {
      const query = { connectionId, limit: 200 };
      const { data } = dataOf(await client.GET('/api/v1/platform-events', { params: { query } }));
      return data.find(({ externalIds }) => externalIds.includes(person.account)) ?? null;
    });
    expect(event).toMatchObject({ kind: 'user.changed', raw: { method: 'POST' } });
  });

  it('syncs the company, and reads it back', async () => {
    const path = { id: connectionId };
    const started = await client.POST('/api/v1/connections/{id}/runs', {
      params: { path },
      body: { kind: 'directory', mode: 'full' },
    });
    expect(started.response.status).toBe(202);
    const run = await until('the end of the run', async () => {
      const now = dataOf(
        await client.GET('/api/v1/runs/{id}', { params: { path: { id: dataOf(started).id } } }),
      );
      return now.status === 'queued' || now.status === 'running' ? null : now;
    });
    const people = sandbox.company.people().filter((person) => person.status === 'active').length;
    expect([run.status, run.error]).toEqual(['success', null]);
    const stats = dataOf(await client.GET('/api/v1/connections/{id}/stats', { params: { path } }));
    expect(stats.lastRun).toMatchObject({ id: run.id, status: 'success' });
    expect(stats.users.active + stats.users.pending).toBeGreaterThanOrEqual(people);
    const users = dataOf(
      await client.GET('/api/v1/users', { params: { query: { connectionId, limit: 200 } } }),
    );
    expect(users.data.length).toBe(stats.users.active + stats.users.pending + stats.users.disabled);
    expect(users.feedCursor).toBeTruthy();
    expect(users.data.every((user) => user.mobile === null && user.workEmail === null)).toBe(true);
  });

  it('refuses a forged callback and says so in the exchanges', async () => {
    const forged = await fetch(`${host.url}/callbacks/${connectionId}?msg_signature=0&timestamp=1&nonce=2`, {
      method: 'POST',
      body: '<xml><Encrypt>AAAA</Encrypt></xml>',
    });
    expect(forged.status).toBeGreaterThanOrEqual(400);
    expect(forged.status).toBeLessThan(500);
    const query = { connectionId, direction: 'inbound' as const, status: String(forged.status) };
    const { data } = dataOf(await client.GET('/api/v1/exchanges', { params: { query } }));
    expect(data[0]?.errorMessage).toBeTruthy();
  });
});
