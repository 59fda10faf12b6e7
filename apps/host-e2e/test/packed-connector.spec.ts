import { createClient, type TrainbridgeClient } from '@trainbridge/api-client';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AcmeOa } from '../../../connectors/example/test/acme-oa.js';
import { startRun, untilEnded } from '../src/directory-run.js';
import { dataOf, until } from '../src/expect-data.js';
import { spawnHost, type HostProcess } from '../src/host-process.js';
import { DeployerFolder, type Edit } from '../src/packed-packages.js';
import { hostEnvironment, type HostEnvironment } from '../src/start-host.js';

const EXAMPLE = 'connectors/example';
const GOOD = '@acme/connector-oa';
const ownId: Edit = { file: 'dist/manifest.js', from: `id: 'example'`, to: `id: 'acme-oa'` };

/** What strangers may install beside it; each is the example with one thing changed. */
const BROKEN: Record<string, { edit: Edit; reason: RegExp }> = {
  '@acme/connector-throws': {
    edit: {
      file: 'dist/index.js',
      from: 'export default',
      to: `throw new Error('no license key');\nexport default`,
    },
    reason: /importing it failed: no license key/,
  },
  '@acme/connector-of-tomorrow': {
    edit: {
      file: 'dist/manifest.js',
      from: 'contractVersion: CONTRACT_VERSION',
      to: `contractVersion: '99.0'`,
    },
    reason: /contract 99\.0/,
  },
  '@acme/connector-twin': { edit: ownId, reason: /its id "acme-oa" is taken by @acme\/connector-oa/ },
};

/** A connector that is nowhere in this workspace, installed from a tarball and loaded by its name. */
describe('a connector installed from a tarball', () => {
  const webhookSecret = 'acme-webhook-secret';
  let deployer: DeployerFolder;
  let prepared: HostEnvironment;
  let oa: AcmeOa;
  let host: HostProcess | undefined;
  let admin: TrainbridgeClient;

  beforeAll(async () => {
    [deployer, prepared, oa] = await Promise.all([
      DeployerFolder.create(),
      hostEnvironment({ TRAINBRIDGE_ALLOWED_NETWORKS: '127.0.0.0/8' }),
      AcmeOa.start(),
    ]);
    oa.employees = Array.from({ length: 230 }, (_, index) => ({
      id: `E${index}`,
      name: `员工${index}`,
      department: `部门${index % 3}`,
      enabled: true,
    }));
    await deployer.pack('libs/connector-kit');
    await deployer.packAs(GOOD, EXAMPLE, [ownId]);
    for (const [name, { edit }] of Object.entries(BROKEN)) await deployer.packAs(name, EXAMPLE, [edit]);
    deployer.install();
  }, 180_000);

  afterEach(async () => {
    host?.kill('SIGKILL');
    await host?.ended;
  });

  afterAll(async () => {
    await oa?.stop();
    await prepared?.remove();
    await deployer?.remove();
  });

  async function start(packages: readonly string[]): Promise<void> {
    const environment = { ...prepared.environment, TRAINBRIDGE_CONNECTORS: packages.join(',') };
    host = spawnHost(environment, [], { cwd: deployer.folder });
    admin = createClient({ baseUrl: await host.listening, token: prepared.adminToken });
  }

  const nameOf = async (connectionId: string, externalId: string): Promise<string | null> => {
    const query = { connectionId, externalId, limit: 1 };
    return dataOf(await admin.GET('/api/v1/users', { params: { query } })).data[0]?.displayName ?? null;
  };

  it('is all a host needs: people come in, and what the platform tells is heard', async () => {
    await start([GOOD]);
    const connectors = dataOf(await admin.GET('/api/v1/connectors')).data;
    expect(connectors).toMatchObject([
      {
        id: 'acme-oa',
        package: GOOD,
        version: '1.0.0',
        status: 'available',
        capabilities: ['directory', 'events'],
      },
    ]);
    const config = { baseUrl: oa.origin, client: 'bridge', secret: oa.secret, webhookSecret };
    const body = { name: 'Acme', connector: 'acme-oa', config };
    const connection = dataOf(await admin.POST('/api/v1/connections', { body }));
    const params = { path: { id: connection.id } };
    const check = dataOf(await admin.POST('/api/v1/connections/{id}/check', { params }));
    expect(check.findings.map(({ step, ok }) => [step, ok])).toEqual(
      expect.arrayContaining([
        ['employees', true],
        ['callback', true],
      ]),
    );
    expect(check.ok).toBe(true);

    const run = await untilEnded(admin, await startRun(admin, connection.id));
    expect([run.status, run.error]).toEqual(['success', null]);
    expect(run.counts.users.created).toBe(230);

    oa.employees[7]!['name'] = '改名';
    const event = JSON.stringify({ id: 'ev-1', type: 'employee.changed', employee: 'E7', at: Date.now() });
    const timestamp = String(Date.now());
    const signature = createHmac('sha256', webhookSecret).update(`${timestamp}.${event}`).digest('hex');
    const post = (given: string): Promise<Response> =>
      fetch(`${prepared.url}/callbacks/${connection.id}`, {
        method: 'POST',
        headers: { 'x-oa-timestamp': timestamp, 'x-oa-signature': given },
        body: event,
      });
    expect((await post('ab'.repeat(32))).ok).toBe(false);
    const answer = await post(signature);
    expect([answer.status, await answer.text()]).toEqual([200, '{"ok":true}']);
    await until('the new name', async () => (await nameOf(connection.id, 'E7')) === '改名' || null);
  }, 60_000);

  it('works on beside others that throw, speak another contract or claim its id', async () => {
    await start([GOOD, ...Object.keys(BROKEN), '@acme/never-installed']);
    const connectors = dataOf(await admin.GET('/api/v1/connectors')).data;
    const statusOf = (name: string): string =>
      connectors.find((connector) => connector.package === name)?.status ?? 'not listed';
    expect(statusOf(GOOD)).toBe('available');
    for (const [name, { reason }] of Object.entries(BROKEN)) expect(statusOf(name)).toMatch(reason);
    expect(statusOf('@acme/never-installed')).toMatch(/importing it failed: .*never-installed/);
    const ready = await fetch(`${prepared.url}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'degraded' }]);
    const [connection] = dataOf(await admin.GET('/api/v1/connections')).data;
    const params = { path: { id: connection!.id } };
    expect(dataOf(await admin.POST('/api/v1/connections/{id}/check', { params })).ok).toBe(true);
  }, 60_000);

  it('and the kit have types that a strict project outside understands, as its README shows', async () => {
    const readme = await readFile(new URL('../../../libs/connector-kit/README.md', import.meta.url), 'utf8');
    const [, shown] = /```ts\n(.*?)```/s.exec(readme) ?? [];
    await deployer.checkTypes(`${shown ?? 'the README shows nothing'}\n
import connector from '${GOOD}';
export const id: string = connector.manifest.id;
`);
    await expect(
      deployer.checkTypes(
        `import connector from '${GOOD}';\nexport const id: number = connector.manifest.id;\n`,
      ),
    ).rejects.toThrow(/not assignable to type 'number'/);
  }, 120_000);
});
