import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { PlatformEventsModule } from '@trainbridge/platform-events';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFixtureApp, type FixtureApp } from '../../../connections/test/fixture-app.js';
import { DirectoryModule } from '../../src/index.js';

/** From the platform's encrypted callback to the API, with a real connector in between. */
describe('customers of a simulated platform', { timeout: 60_000 }, () => {
  let database: TestDatabase;
  let sandbox: Sandbox;
  let app: FixtureApp;
  let con = '';

  beforeAll(async () => {
    database = await createTestDatabase({ poolSize: 4 });
    sandbox = await startSandbox({ people: 40, departments: 4 });
    app = await startFixtureApp(database.url, { connectors: ['@trainbridge/connector-wecom'] }, [
      PlatformEventsModule,
      DirectoryModule,
    ]);
    const { body: connection, text } = await app.call('POST', '/api/v1/connections', {
      name: 'Company',
      connector: 'wecom',
      config: sandbox.connectionConfig('wecom'),
    });
    if (!connection.id) throw new Error(text);
    con = connection.id as string;
    const { body: run } = await app.call('POST', `/api/v1/connections/${con}/runs`, { kind: 'directory' });
    await until(async () => (await app.call('GET', `/api/v1/runs/${run.id}`)).body.status === 'success');
    const verified = await sandbox.wecom.setAppCallback({ url: `${app.url}/callbacks/${con}` });
    expect(verified.ok).toBe(true);
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await sandbox?.close();
    await database?.drop();
  });

  async function until(condition: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 20_000; !(await condition()); await sleep(50))
      if (Date.now() > end) throw new Error('did not happen within 20 s');
  }
  const byExternalId = async (externalId: string) =>
    (await app.call('GET', `/api/v1/customers?connectionId=${con}&externalId=${externalId}`)).body.data[0];

  it('are listed by a run, with owners who are users', async () => {
    const { body } = await app.call('GET', `/api/v1/customers?connectionId=${con}&limit=200`);
    expect(body.data.map(({ externalId }: { externalId: string }) => externalId).sort()).toEqual(
      sandbox.wecom.customers
        .all()
        .map(({ externalUserId }) => externalUserId)
        .sort(),
    );
    expect(body.data.every(({ ownerUserIds }: { ownerUserIds: string[] }) => ownerUserIds.length > 0)).toBe(
      true,
    );
  });

  it('come, change hands and go as the platform tells', async () => {
    const [first, second] = sandbox.company.people();
    const { externalUserId: id } = sandbox.wecom.customers.add({
      name: '新客户',
      ownerAccount: first!.account,
    });
    await until(async () => (await byExternalId(id))?.displayName === '新客户');
    const created = await byExternalId(id);
    expect(created.ownerUserIds).toHaveLength(1);

    sandbox.wecom.customers.follow(id, second!.account);
    await until(async () => (await byExternalId(id)).ownerUserIds.length === 2);

    sandbox.wecom.customers.drop(id, first!.account);
    await until(async () => (await byExternalId(id)).ownerUserIds.length === 1);
    sandbox.wecom.customers.drop(id, second!.account);
    await until(async () => (await byExternalId(id)) === undefined);

    const { body: feed } = await app.call(
      'GET',
      `/api/v1/directory/changes?subjectId=${created.id}&limit=100`,
    );
    const types = feed.data.map(({ type }: { type: string }) => type);
    expect(types[0]).toBe('customer.created');
    expect(types.at(-1)).toBe('customer.removed');
    expect(types.slice(1, -1).every((type: string) => type === 'customer.updated')).toBe(true);
  });
});
