import { DirectoryModule } from '@trainbridge/directory';
import { LearningEventsModule } from '@trainbridge/learning-events';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { PlatformEventsModule } from '@trainbridge/platform-events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type PlatformSimulator, type Sandbox } from '../../../apps/sandbox/src/index.js';
import { startFixtureApp, type Answer, type FixtureApp } from '../../connections/test/fixture-app.js';
import { AssignmentsModule } from '../src/index.js';

let sandbox: Sandbox;
let database: TestDatabase;
let host: FixtureApp;

beforeAll(async () => {
  sandbox = await startSandbox({ people: 30, departments: 4 });
  database = await createTestDatabase({ poolSize: 2 });
  const connectors = sandbox.platforms.map(({ id }) => `@trainbridge/connector-${id}`);
  host = await startFixtureApp(database.url, { connectors }, [
    PlatformEventsModule,
    DirectoryModule,
    LearningEventsModule.forRoot(),
    AssignmentsModule.forRoot({ taskHorizonDays: 3 }),
  ]);
  await ok('PUT', '/courses', {
    courses: [{ id: 'c-1', title: '信息安全基础', url: 'https://lms.example.com/c/1' }],
  });
});
afterAll(async () => {
  await host?.close();
  await database?.drop();
  await sandbox?.close();
});

async function ok(method: string, path: string, body?: unknown): Promise<Answer['body']> {
  const answer = await host.call(method, `/api/v1${path}`, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
}

async function until<T>(look: () => Promise<T | null | undefined | false>, what: string): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const found = await look();
    if (found) return found;
    await sleep(50);
  }
  throw new Error(`${what} does not come true`);
}

async function ended(connectionId: string, body: object): Promise<Answer['body']> {
  const { id } = await ok('POST', `/connections/${connectionId}/runs`, body);
  return until(
    async () => {
      const run = await ok('GET', `/runs/${id}`);
      return run.status !== 'queued' && run.status !== 'running' && run;
    },
    `the end of the run ${JSON.stringify(body)}`,
  );
}

/** The same story on every platform: an approval becomes an assignment, its to-do, and a closed to-do. */
describe.each(['wecom', 'dingtalk', 'feishu'] as const)('%s', (id) => {
  it('carries an approval to a to-do and closes it when the course is completed', async () => {
    const platform: PlatformSimulator = sandbox.platforms.find((one) => one.id === id)!;
    const { id: con } = await ok('POST', '/connections', {
      name: id, connector: id, config: sandbox.connectionConfig(id), todos: { enabled: true },
    }); // prettier-ignore
    const sync = await ended(con as string, { kind: 'directory' });
    expect(['success', 'partial']).toContain(sync.status);
    const { id: ruleId } = await ok('POST', '/rules', {
      name: '培训申请', connectionId: con, when: { kind: 'task' }, assign: { courseId: 'c-1', dueInDays: 7 },
    }); // prettier-ignore
    const person = [...sandbox.company.people()].find(({ status }) => status === 'active')!;
    const approval = platform.submitApproval({
      account: person.account,
      title: '培训申请',
      form: { 课程: '安全' },
    });
    const before = await ended(con as string, { kind: 'tasks' });
    expect(before).toMatchObject({ status: 'success' });
    expect((await ok('GET', `/assignments?ruleId=${ruleId}`)).data).toEqual([]);
    platform.decideApproval(approval, 'approved');
    // Two of them tell it over the connection the host holds; the third would post it to an address this host does not have.
    if (id === 'wecom') await ended(con as string, { kind: 'tasks', mode: 'incremental' });
    const [assignment] = await until(async () => {
      const { data } = await ok('GET', `/assignments?ruleId=${ruleId}`);
      return data.length > 0 && data;
    }, 'the assignment');
    const enrollment = async () => (await ok('GET', `/enrollments?assignmentId=${assignment.id}`)).data[0];
    const shown = await until(async () => {
      const { todo } = await enrollment();
      return todo?.status !== 'pending' && todo;
    }, 'the to-do');
    expect(shown).toMatchObject({ status: 'open', externalRef: expect.any(String) });
    expect(platform.todos().filter(({ account }) => account === person.account)).toMatchObject([
      { title: expect.stringContaining('信息安全基础'), status: 'open' },
    ]);
    await ok('PATCH', `/assignments/${assignment.id}`, { title: '信息安全（新版）' });
    await until(async () => {
      const titles = platform
        .todos()
        .filter(({ account, status }) => account === person.account && status === 'open');
      return titles.length === 1 && titles[0]!.title.includes('新版');
    }, 'the new title');
    await ok('POST', '/learning-events', {
      id: `done-${id}`, type: 'course.completed', learner: { connectionId: con, externalId: (await ok('GET', `/users/${(await enrollment()).userId}`)).externalId },
      course: { id: 'c-1' }, occurredAt: new Date().toISOString(),
    }); // prettier-ignore
    const closed = await until(async () => {
      const { status, todo } = await enrollment();
      return status === 'completed' && todo.status !== 'open' && todo.status !== 'pending' && todo;
    }, 'closing');
    // A card message cannot be closed on every platform: then it says so.
    expect(['closed', 'skipped']).toContain(closed.status);
    const [todo] = platform.todos().filter(({ account }) => account === person.account);
    expect(todo!.status).not.toBe('open');
  }, 60_000);
});
