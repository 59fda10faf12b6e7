import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCompany, startRun, untilEnded } from '../src/directory-run.js';
import { dataOf, until } from '../src/expect-data.js';
import { operations, type Operation } from '../src/operations.js';
import { startHost, type E2eHost } from '../src/start-host.js';

/** Open by nature: they have credentials of their own, or nothing to hide. */
const OPEN = ['/callbacks/{connectionId}', '/health/live', '/health/ready', '/oauth2/token'];

interface Answer {
  status: number;
  text: string;
  challenge: string | null;
}

/** Made from openapi.json: an operation that is added is tried without anybody thinking of it. */
describe('authorization of every operation', () => {
  let sandbox: Sandbox;
  let host: E2eHost;
  let guarded: Operation[];
  let everyScope: string[];

  beforeAll(async () => {
    [sandbox, host] = await Promise.all([startSandbox({ people: 12, departments: 3 }), startHost()]);
    const all = await operations();
    guarded = all.filter(({ scopes }) => scopes !== null);
    expect([...new Set(all.filter(({ scopes }) => scopes === null).map(({ path }) => path))].sort()).toEqual(
      OPEN,
    );
    everyScope = [...new Set(guarded.flatMap(({ scopes }) => scopes!))];
  });

  afterAll(async () => {
    await host?.close();
    await sandbox?.close();
  });

  const call = async ({ method, path }: Operation, token: string | null, id = 'none'): Promise<Answer> => {
    const url = host.url + path.replace('{tokenId}', 'none').replace(/\{\w+\}/, id);
    const response = await fetch(url, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      body: method === 'GET' ? undefined : '{}',
    });
    return {
      status: response.status,
      text: await response.text(),
      challenge: response.headers.get('www-authenticate'),
    };
  };
  const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;
  const makeClient = async (connectionIds?: string[]): Promise<{ id: string; secret: string }> => {
    const body = { name: 'x', scopes: everyScope as never[], connectionIds };
    const { id, clientSecret } = dataOf(await host.admin.POST('/api/v1/clients', { body }));
    return { id, secret: clientSecret };
  };
  const tokenOf = async (client: { id: string; secret: string }, scopes: string[]): Promise<string> => {
    const response = await fetch(`${host.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.id,
        client_secret: client.secret,
        scope: scopes.join(' '),
      }),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    return token;
  };

  it('refuses whoever has no token, or none we know', async () => {
    for (const operation of guarded) {
      for (const token of [null, 'guess', `tb_${'a'.repeat(36)}`]) {
        const { status, text, challenge } = await call(operation, token);
        expect([nameOf(operation), status, challenge]).toEqual([
          nameOf(operation),
          401,
          expect.stringContaining('Bearer'),
        ]);
        expect(text).toContain('"code":"unauthorized"');
      }
    }
  });

  it('opens with exactly the scopes that are documented', async () => {
    const client = await makeClient();
    for (const operation of guarded) {
      const scopes = operation.scopes!;
      expect([nameOf(operation), scopes.length]).not.toEqual([nameOf(operation), 0]);
      const enough = await call(operation, await tokenOf(client, scopes));
      const others = everyScope.filter((scope) => !scopes.includes(scope));
      const allOthers = await call(operation, await tokenOf(client, others));
      expect([nameOf(operation), [401, 403].includes(enough.status), allOthers.status]).toEqual([
        nameOf(operation),
        false,
        403,
      ]);
    }
  });

  it('shows and gives a client of another connection nothing', async () => {
    const ours = await connectCompany(host.admin, sandbox);
    const run = await untilEnded(host.admin, await startRun(host.admin, ours));
    expect(run.status).toBe('success');
    await sandbox.wecom.setCallback({ url: `${host.url}/callbacks/${ours}` });
    sandbox.mutations.hire({ departmentIds: [2] });
    const event = await until('an event', async () => {
      const { data } = dataOf(await host.admin.GET('/api/v1/platform-events', { params: { query: {} } }));
      return data[0] ?? null;
    });
    const owner = await makeClient([ours]);
    const token = await tokenOf(owner, everyScope);
    const asOwner = async (
      method: string,
      path: string,
      body?: object,
    ): Promise<{ id: string; data: { id: string }[] }> => {
      const response = await fetch(host.url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
      });
      expect([path, response.ok]).toEqual([path, true]);
      return (await response.json()) as { id: string; data: { id: string }[] };
    };
    const first = async (list: string): Promise<string> => (await asOwner('GET', list)).data[0]!.id;
    const subscription = await asOwner('POST', '/api/v1/subscriptions', {
      url: `${sandbox.url}/lms/webhooks`,
      eventTypes: ['*'],
    });
    const delivery = await asOwner('POST', `/api/v1/subscriptions/${subscription.id}/test`);
    await asOwner('POST', '/api/v1/learning-events', {
      id: 'theirs',
      type: 'course.completed',
      learner: { userId: await first('/api/v1/users?limit=1') },
      occurredAt: '2026-11-23T09:30:00Z',
    });
    const assignment = await asOwner('POST', '/api/v1/assignments', {
      courseId: 'c-1',
      title: 'Theirs',
      audience: { userIds: [await first('/api/v1/users?limit=1')] },
    });
    const rule = await asOwner('POST', '/api/v1/rules', {
      name: 'Theirs',
      connectionId: ours,
      when: { kind: 'task' },
      assign: { courseId: 'c-1', title: 'Theirs' },
    });
    const [learner] = sandbox.company.people();
    sandbox.wecom.submitApproval({ account: learner!.account, title: 'Theirs', form: {} });
    const reading = await asOwner('POST', `/api/v1/connections/${ours}/runs`, { kind: 'tasks' });
    await untilEnded(host.admin, reading.id);
    const ids: Record<string, string> = {
      assignments: assignment.id,
      clients: owner.id,
      connections: ours,
      customers: await first('/api/v1/customers?limit=1'),
      departments: await first('/api/v1/departments?limit=1'),
      deliveries: delivery.id,
      enrollments: await first('/api/v1/enrollments?limit=1'),
      'learning-events': 'theirs',
      'platform-events': event.id,
      rules: rule.id,
      runs: run.id,
      subscriptions: subscription.id,
      tasks: await first('/api/v1/tasks?limit=1'),
      users: await first('/api/v1/users?limit=1'),
    };
    const secrets = Object.values(ids);
    const other = dataOf(
      await host.admin.POST('/api/v1/connections', {
        body: {
          name: 'Other',
          connector: 'wecom',
          config: { ...sandbox.wecomConnection(), corpId: 'wwother' },
        },
      }),
    );
    const stranger = await tokenOf(await makeClient([other.id]), everyScope);
    for (const operation of guarded) {
      const family = operation.path.split('/')[3]!;
      if (operation.path.includes('{')) {
        const id = ids[family];
        expect([nameOf(operation), id]).not.toEqual([nameOf(operation), undefined]);
        const { status, text } = await call(operation, stranger, id);
        // Bodies are judged first where one is wanted; either way nothing is told and nothing done.
        expect([nameOf(operation), [400, 404].includes(status)]).toEqual([nameOf(operation), true]);
        if (status === 400) expect(text).toContain('"errors":[');
      } else if (operation.method === 'GET') {
        const { status, text } = await call(operation, stranger);
        expect([nameOf(operation), status, secrets.filter((id) => text.includes(`"${id}"`))]).toEqual([
          nameOf(operation),
          200,
          [],
        ]);
      }
    }
    for (const [family, id] of Object.entries(ids)) {
      const path = `/api/v1/${family}/${id}`;
      expect([path, (await call({ method: 'GET', path, scopes: [] }, stranger)).status]).toEqual([path, 404]);
      expect([path, (await call({ method: 'GET', path, scopes: [] }, token)).status]).toEqual([path, 200]);
    }
  });
});
