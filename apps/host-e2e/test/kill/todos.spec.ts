import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRun, untilEnded } from '../../src/directory-run.js';
import { EmbeddedHost } from '../../src/embedded-host.js';
import { dataOf, until } from '../../src/expect-data.js';

const KILLS = 3;
const PEOPLE = 60;

describe('to-dos while the host is killed', { timeout: 120_000 }, () => {
  let host: EmbeddedHost;
  let sandbox: Sandbox;

  beforeAll(async () => {
    host = await EmbeddedHost.prepare();
    [sandbox] = await Promise.all([startSandbox({ people: PEOPLE, departments: 4 }), host.start()]);
  });

  afterAll(async () => {
    await host?.remove();
    await sandbox?.close();
  });

  it('shows everybody one, and closes it', async () => {
    const { dingtalk } = sandbox;
    const { id: connectionId } = dataOf(
      await host.admin.POST('/api/v1/connections', {
        body: {
          name: '钉钉',
          connector: dingtalk.id,
          config: sandbox.connectionConfig(dingtalk.id) as Record<string, never>,
          todos: { enabled: true },
        },
      }),
    );
    expect(await untilEnded(host.admin, await startRun(host.admin, connectionId))).toMatchObject({
      status: 'success',
    });
    const query = { connectionId, status: 'active' as const, limit: 200 };
    const users = dataOf(await host.admin.GET('/api/v1/users', { params: { query } })).data.map(
      ({ id }) => id,
    );
    const { id: assignmentId } = dataOf(
      await host.admin.POST('/api/v1/assignments', {
        body: {
          courseId: 'c-1',
          title: '消防安全',
          url: 'https://lms.example.com/1',
          audience: { userIds: users },
        },
      }),
    );
    const open = () => dingtalk.todos().filter(({ status }) => status === 'open').length;
    const killAt = async (what: () => boolean): Promise<void> => {
      await until('the middle of it', async () => what() || null, 30_000);
      await host.kill();
      await host.start();
    };
    for (let kills = 1; kills <= KILLS; kills++)
      await killAt(() => open() >= (kills * users.length) / (KILLS + 1));
    await untilAll('open');
    expect([open(), dingtalk.todos().length]).toEqual([users.length, users.length]);

    await host.admin.PATCH('/api/v1/assignments/{id}', {
      params: { path: { id: assignmentId } },
      body: { status: 'withdrawn' },
    });
    await killAt(() => open() < users.length / 2);
    await untilAll('closed');
    expect([open(), dingtalk.todos().length]).toEqual([0, users.length]);

    async function untilAll(status: 'open' | 'closed'): Promise<void> {
      const params = { query: { assignmentId, limit: 200 } };
      await until(
        `${status} to-dos`,
        async () => {
          const { data } = dataOf(await host.admin.GET('/api/v1/enrollments', { params }));
          return data.every(({ todo }) => todo?.status === status) || null;
        },
        60_000,
      );
    }
  });
});
