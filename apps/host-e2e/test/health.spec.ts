import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../src/expect-data.js';
import { startHost, type E2eHost } from '../src/start-host.js';

const MISSING = '@nobody/connector-missing';

describe('a host one of whose connectors cannot be loaded', () => {
  let host: E2eHost;
  beforeAll(async () => {
    host = await startHost({ TRAINBRIDGE_CONNECTORS: `@trainbridge/connector-wecom,${MISSING}` });
  });
  afterAll(() => host?.close());

  it('is degraded and serves, and tells the reason only to who may know', async () => {
    const ready = await fetch(`${host.url}/health/ready`);
    const text = await ready.text();
    expect([ready.status, JSON.parse(text)]).toMatchObject([200, { status: 'degraded' }]);
    expect(text).toContain(MISSING);
    expect(text).not.toMatch(/Cannot find|file:|\/libs\/|node_modules/);
    const { data } = dataOf(await host.admin.GET('/api/v1/connectors'));
    expect(data.find(({ id }) => id === MISSING)?.status).toContain('Cannot find package');
    expect(data.find(({ id }) => id === 'wecom')?.status).toBe('available');
  });
});
