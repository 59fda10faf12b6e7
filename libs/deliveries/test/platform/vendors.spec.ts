import { DirectoryModule } from '@trainbridge/directory';
import { LearningEventsModule } from '@trainbridge/learning-events';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFixtureApp, type FixtureApp } from '../../../connections/test/fixture-app.js';
import { DeliveriesModule } from '../../src/index.js';
import { until } from '../local-receiver.js';

/** The real connectors against the simulated platforms: a result reaches the person, whichever platform it is. */
describe('results at the platforms themselves', { timeout: 60_000 }, () => {
  let database: TestDatabase;
  let sandbox: Sandbox;
  let app: FixtureApp;
  beforeAll(async () => {
    database = await createTestDatabase({ poolSize: 4 });
    sandbox = await startSandbox({ people: 60, departments: 6 });
    const connectors = ['wecom', 'dingtalk', 'feishu'].map((id) => `@trainbridge/connector-${id}`);
    app = await startFixtureApp(database.url, { connectors }, [
      DirectoryModule,
      LearningEventsModule.forRoot(),
      DeliveriesModule.forRoot({ allowedNetworks: ['127.0.0.0/8'], production: false, sends: true }),
    ]);
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await sandbox?.close();
    await database?.drop();
  });

  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await app.call(method, `/api/v1${path}`, body);
    if (answer.status >= 400) throw new Error(answer.text);
    return answer.body;
  };

  it.each(['wecom', 'dingtalk', 'feishu'] as const)('%s: a message in the learner’s inbox', async (id) => {
    const platform = sandbox.platforms.find((one) => one.id === id)!;
    const { id: con } = await call('POST', '/connections', {
      name: id,
      connector: id,
      config: sandbox.connectionConfig(id),
      results: [
        { eventTypes: ['exam.passed'], action: 'message', options: { text: '{name}：{exam} {score}' } },
      ],
    });
    const run = await call('POST', `/connections/${con}/runs`, { kind: 'directory' });
    await until(async () => (await call('GET', `/runs/${run.id}`)).status === 'success', 30_000);
    const { data: users } = await call('GET', `/users?connectionId=${con}&status=active&limit=5`);
    expect(users).toHaveLength(5);
    const events = users.map((user: { id: string }, index: number) => ({
      id: `${id}-${index}`,
      type: 'exam.passed',
      learner: { userId: user.id },
      exam: { id: 'x-1', title: '期末考试' },
      result: { score: { raw: 90 + index, max: 100 } },
      occurredAt: '2026-11-23T09:30:00Z',
    }));
    await call('POST', '/learning-events', { events });
    await until(async () => {
      const { data } = await call('GET', `/deliveries?connectionId=${con}&status=delivered`);
      return data.length === 5;
    }, 20_000);
    const texts = platform.inbox().map(({ text }) => text);
    const expected = users.map(
      (user: { displayName: string }, index: number) => `${user.displayName}：期末考试 ${90 + index}/100`,
    );
    expect(texts.sort()).toEqual(expected.sort());
  });

  it.each(['wecom', 'dingtalk'] as const)('%s: customers with their owners', async (id) => {
    const { data: connections } = await call('GET', '/connections');
    const { id: con } = connections.find((one: { name: string }) => one.name === id);
    const { data: customers } = await call('GET', `/customers?connectionId=${con}`);
    expect(customers.length).toBeGreaterThan(0);
    const owner = customers.flatMap(({ ownerUserIds }: { ownerUserIds: string[] }) => ownerUserIds)[0];
    expect((await call('GET', `/users/${owner}`)).connectionId).toBe(con);
  });
});
