import { Connections } from '@trainbridge/connections';
import { ConnectorError } from '@trainbridge/connector-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { retryPause } from '../src/todos/retry-pauses.js';
import { TodoOutbox } from '../src/todos/todo-outbox.js';
import { TodoQueue, type TodoBatch } from '../src/todos/todo-queue.js';
import { WorkApp } from './work-app.js';
import { WorkPlatform } from './work-platform.js';

let app: WorkApp;
let platform: WorkPlatform;
let con: string;
let number = 0;

beforeAll(async () => {
  app = await WorkApp.start();
  await app.ok('PUT', '/courses', {
    courses: [
      { id: 'c-1', title: '信息安全基础', url: 'https://lms.example.com/c/1' },
      { id: 'c-2', title: 'No address' },
    ],
  });
});
afterAll(() => app?.stop());

beforeEach(async () => {
  platform = new WorkPlatform();
  con = await app.connect(platform);
  number += 1;
});

/** External ids of fresh people. */
async function people(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => `t${number}-${i}`);
  await app.addPeople(con, Object.fromEntries(ids.map((id) => [id, []])));
  return ids;
}

async function assign(ids: string[], more: object = {}): Promise<string> {
  const body = { courseId: 'c-1', audience: { userIds: ids.map((id) => `usr_${id}`) }, ...more };
  return (await app.ok('POST', '/assignments', body)).id as string;
}

const todoStates = async (assignmentId: string) =>
  (await app.enrollments(`assignmentId=${assignmentId}`))
    .map(({ todo }) => (todo?.status as string) ?? 'none')
    .sort();
const all = (assignmentId: string, status: string) =>
  app.until(async () => (await todoStates(assignmentId)).every((one) => one === status), `${status} to-dos`);
const firstOf = async (assignmentId: string) => (await app.enrollments(`assignmentId=${assignmentId}`))[0];
/** As if the lease of whatever is under way had run out. */
const expireLeases = () =>
  app.query(`update todos set due_at = now() where connection_id = $1 and due_at is not null`, [con]);
const wake = async () => {
  await app.get(TodoOutbox).wake([con]);
};

describe('to-dos', () => {
  it('appear on the platform in batches, change with the assignment, and close when the course is completed', async () => {
    const ids = await people(7);
    const assignmentId = await assign(ids, { dueAt: '2026-12-31T16:00:00Z', isMandatory: true });
    await all(assignmentId, 'open');
    expect(platform.upserts.map((batch) => batch.length).sort()).toEqual([2, 5]);
    const [todo] = [...platform.todos.values()].filter(
      ({ recipientExternalId }) => recipientExternalId === ids[0],
    );
    expect(todo).toMatchObject({
      title: '信息安全基础', url: 'https://lms.example.com/c/1', dueAt: '2026-12-31T16:00:00.000Z',
      recipientExternalIds: [{ type: 'open_id', value: `ou_${ids[0]}` }],
    }); // prettier-ignore
    expect(todo!.description).toBe('必修课程，截止时间：2027年1月1日 00:00');
    await app.ok('PATCH', `/assignments/${assignmentId}`, { title: '安全（新）' });
    await app.until(
      async () => [...platform.todos.values()].every(({ title }) => title === '安全（新）'),
      'the new title',
    );
    expect(platform.todos.size).toBe(7);
    const enrollment = (await app.enrollments(`assignmentId=${assignmentId}&userId=usr_${ids[0]}`))[0];
    expect(enrollment.todo).toEqual({ status: 'open', externalRef: `todo-${enrollment.id}` });
    await app.ok('POST', '/learning-events', {
      id: `done-${number}`, type: 'course.completed', learner: { userId: `usr_${ids[0]}` }, course: { id: 'c-1' }, occurredAt: '2026-11-23T09:30:00Z',
    }); // prettier-ignore
    await app.until(
      async () => platform.todos.get(`todo-${enrollment.id}`)!.state === 'completed',
      'closing',
    );
    await app.until(
      async () => (await app.ok('GET', `/enrollments/${enrollment.id}`)).todo.status === 'closed',
      'closed',
    );
    await app.ok('PATCH', `/assignments/${assignmentId}`, { status: 'withdrawn' });
    await all(assignmentId, 'closed');
    expect([...platform.todos.values()].map(({ state }) => state).sort()).toEqual([
      'completed',
      ...Array<string>(6).fill('withdrawn'),
    ]);
  });

  it('lead where the template says, or nowhere without an address', async () => {
    await app.ok('PATCH', `/connections/${con}`, {
      todos: {
        enabled: true,
        urlTemplate: 'https://lms.example.com/go?e={enrollmentId}&c={courseId}&x={other}',
      },
    });
    const [id] = (await people(1)) as [string];
    const assignmentId = await assign([id], { courseId: 'c 2', title: 'Leer' });
    await all(assignmentId, 'open');
    const { id: enrollmentId } = await firstOf(assignmentId);
    expect([...platform.todos.values()][0]!.url).toBe(
      `https://lms.example.com/go?e=${enrollmentId}&c=c%202&x={other}`,
    );
    await app.ok('PATCH', `/connections/${con}`, { todos: { enabled: true, urlTemplate: null } });
    const second = await assign([id], { courseId: 'c-2' });
    await all(second, 'failed');
    expect((await firstOf(second)).todo.error).toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining('no address'),
    });
    await app.ok('PUT', '/courses', {
      courses: [{ id: 'c-2', title: 'No address', url: 'https://lms.example.com/c/2' }],
    });
    await all(second, 'open');
    await app.ok('PUT', '/courses', { courses: [{ id: 'c-2', title: 'No address' }] });
  });

  it('are none for customers, and none where they are not switched on; once they are, for what is still open', async () => {
    const off = await app.connect(platform, {});
    await app.addPeople(off, { [`off${number}`]: [] });
    const customer = await app.addCustomer(con, `wm${number}`, []);
    const body = { courseId: 'c-1', audience: { userIds: [`usr_off${number}`], customerIds: [customer] } };
    const { id } = await app.ok('POST', '/assignments', body);
    expect(await todoStates(id)).toEqual(['none', 'none']);
    await app.ok('PATCH', `/connections/${off}`, { todos: { enabled: true } });
    await app.until(
      async () => (await todoStates(id)).join() === 'none,open',
      'the to-do of an older enrollment',
    );
  });

  it('keep what a platform skips, and are given up where its code says so, until somebody tries again', async () => {
    const ids = await people(3);
    platform.onCall = async () => new Promise((resolve) => setTimeout(resolve, 100));
    const assignmentId = await assign(ids);
    const [skipped, failed, good] = await app.enrollments(`assignmentId=${assignmentId}`);
    platform.outcomes.set(skipped.id as string, {
      status: 'skipped',
      reason: { en: 'Cards cannot be changed.', 'zh-CN': '卡片不可更改。' },
    });
    platform.outcomes.set(failed.id as string, {
      status: 'failed',
      error: {
        code: 'permission_denied',
        message: 'no',
        vendorCode: '60011',
        advice: { en: 'Open the console.', 'zh-CN': '打开后台。' },
      },
    });
    await app.until(
      async () => (await todoStates(assignmentId)).join() === 'failed,open,skipped',
      'three ends',
    );
    const read = async ({ id }: { id: string }) => (await app.ok('GET', `/enrollments/${id}`)).todo;
    expect(await read(skipped)).toMatchObject({
      status: 'skipped',
      error: { message: 'Cards cannot be changed.' },
    });
    expect(await read(failed)).toMatchObject({
      status: 'failed',
      error: { code: 'permission_denied', vendorCode: '60011', advice: { en: 'Open the console.' } },
    });
    expect((await app.call('POST', `/enrollments/${good.id}/todo/retry`)).status).toBe(409);
    platform.outcomes.clear();
    expect((await app.call('POST', `/enrollments/${failed.id}/todo/retry`)).status).toBe(202);
    await app.until(async () => (await read(failed)).status === 'open', 'the second try');
    expect(
      (await app.ok('GET', `/enrollments?assignmentId=${assignmentId}&todoStatus=skipped`)).data,
    ).toHaveLength(1);
    // A changed connection is reason enough to try what failed under the old one.
    platform.outcomes.set(skipped.id as string, {
      status: 'failed',
      error: { code: 'auth_failed', message: 'wrong secret' },
    });
    await app.ok('POST', `/enrollments/${skipped.id}/todo/retry`);
    await app.until(async () => (await read(skipped)).status === 'failed', 'failing');
    platform.outcomes.clear();
    await app.ok('PATCH', `/connections/${con}`, { name: 'Renamed' });
    await app.until(async () => (await read(skipped)).status === 'open', 'trying again after the change');
  });

  it('tell nobody the secret that a platform repeats', async () => {
    await app.ok('PATCH', `/connections/${con}`, { config: { secret: 's3cret-s3cret-s3cret' } });
    platform.onCall = async () => {
      throw new ConnectorError('input_invalid', 'bad token s3cret-s3cret-s3cret', {
        vendorMessage: 's3cret-s3cret-s3cret?',
      });
    };
    const assignmentId = await assign(await people(1));
    await all(assignmentId, 'failed');
    expect(JSON.stringify((await firstOf(assignmentId)).todo)).not.toContain('s3cret');
  });

  it('that ended before the platform heard of them are not sent at all', async () => {
    let down = true;
    platform.onCall = async () => {
      if (down) throw new ConnectorError('config_invalid', 'not yet');
    };
    const assignmentId = await assign(await people(1));
    await all(assignmentId, 'failed');
    const { id } = await firstOf(assignmentId);
    down = false;
    await app.ok('PATCH', `/enrollments/${id}`, { status: 'withdrawn' });
    await app.until(
      async () =>
        (await app.query(`select 1 from todos where enrollment_id = $1 and due_at is not null`, [id]))
          .length === 0,
      'settling',
    );
    expect([platform.upserts, platform.closes]).toEqual([[], []]);
  });

  it('are new ones for who comes back after they were closed', async () => {
    const assignmentId = await assign(await people(1));
    await all(assignmentId, 'open');
    const { id } = await firstOf(assignmentId);
    await app.ok('PATCH', `/enrollments/${id}`, { status: 'withdrawn' });
    await all(assignmentId, 'closed');
    await app.ok('PATCH', `/enrollments/${id}`, { status: 'assigned' });
    await all(assignmentId, 'open');
    expect((await firstOf(assignmentId)).todo.externalRef).toBe(`todo-${id}_1`);
    expect([...platform.todos.values()].map(({ state }) => state).sort()).toEqual(['open', 'withdrawn']);
  });
});

describe('a platform that fails', () => {
  it('is tried again with the very same batch, and slows nobody else', async () => {
    const ids = await people(3);
    let failures = 0;
    const asked: string[][] = [];
    platform.onCall = async (what, keys) => {
      if (what === 'upsert') asked.push(keys);
      if (failures++ < 1) throw new ConnectorError('unavailable', 'down for maintenance');
    };
    const healthy = new WorkPlatform();
    const healthyCon = await app.connect(healthy);
    await app.addPeople(healthyCon, { [`ok${number}`]: [] });
    const assignmentId = await assign([...ids, `ok${number}`]);
    await app.until(async () => healthy.todos.size === 1, 'the healthy platform');
    const waiting = (await app.enrollments(`assignmentId=${assignmentId}`)).filter(
      ({ connectionId }) => connectionId === con,
    );
    expect(waiting.map(({ todo }) => [todo.status, todo.error.code])).toEqual(
      Array(3).fill(['pending', 'unavailable']),
    );
    await expireLeases();
    await wake();
    await all(assignmentId, 'open');
    expect(asked[1]).toEqual(asked[0]);
    expect(platform.todos.size).toBe(3);
  });

  it('is asked again after what it said, longer each time, not for ever, and not where that is no use', () => {
    const pauses = Array.from({ length: 12 }, (_, i) => retryPause({ code: 'unavailable' }, i + 1));
    expect(pauses.slice(0, -1).every((pause, i) => i === 0 || pause! > pauses[i - 1]! * 0.9)).toBe(true);
    expect(pauses.at(-1)).toBeNull();
    expect(retryPause({ code: 'rate_limited', retryAfterMs: 90_000 }, 1)).toBe(90_000);
    expect(retryPause({ code: 'rate_limited', retryAfterMs: 1e12 }, 1)).toBe(86_400_000);
    for (const code of ['permission_denied', 'input_invalid', 'not_found', 'internal'] as const)
      expect(retryPause({ code }, 1)).toBeNull();
  });

  it('rests when every item of a batch tells of an outage, and no answer of a connector breaks the lane', async () => {
    const ids = await people(25);
    const keys: string[] = [];
    platform.onCall = async (_what, asked) => {
      for (const key of asked) {
        keys.push(key);
        platform.outcomes.set(key, { status: 'failed', error: { code: 'unavailable', message: 'down' } });
      }
    };
    const assignmentId = await assign(ids);
    await app.until(async () => platform.upserts.length >= 4, 'the first calls');
    await new Promise((resolve) => setTimeout(resolve, 200));
    // Four batches side by side, then a rest: the fifth has not been tried.
    expect(platform.upserts).toHaveLength(4);
    platform.onCall = async () => undefined;
    const oddities = [
      'done',
      null,
      { status: 'maybe' },
      { status: 'failed' },
      { status: 'failed', error: { code: 'oops', message: 'x' } },
    ];
    for (const [i, key] of keys.slice(0, 5).entries()) platform.outcomes.set(key, oddities[i] as never);
    for (const key of keys.slice(5)) platform.outcomes.delete(key);
    await expireLeases();
    await wake();
    await app.until(
      async () => (await todoStates(assignmentId)).every((one) => one === 'open' || one === 'failed'),
      'ends',
    );
    const states = await todoStates(assignmentId);
    expect(states.filter((one) => one === 'failed').length).toBeGreaterThanOrEqual(3);
    expect(states.filter((one) => one === 'open').length).toBeGreaterThanOrEqual(20);
  });

  it('fails whole when a connector throws what it should not', async () => {
    platform.onCall = async () => {
      throw new TypeError('secret internals');
    };
    const assignmentId = await assign(await people(1));
    await all(assignmentId, 'failed');
    expect((await firstOf(assignmentId)).todo.error).toEqual({
      code: 'internal',
      message: 'The connector failed with TypeError.',
    });
  });
});

describe('a process that dies', () => {
  /** Takes due to-dos as a sender does that will not live to write down what became of them. */
  async function claimAndDie(): Promise<TodoBatch> {
    await expireLeases();
    const queue = new TodoQueue(app.database.dataSource);
    const { settings } = await app.get(Connections).require(con);
    const { batches } = await queue.claim(con, { most: 5, atOnce: 1 }, settings);
    return batches[0]!;
  }

  /** People with to-dos that the running host has not got hold of. */
  async function waiting(count: number): Promise<string> {
    const ids = await people(count);
    await app.query(`update connections set settings = '{}' where id = $1`, [con]);
    const assignmentId = await assign(ids);
    await app.query(`update connections set settings = '{"todos": {"enabled": true}}' where id = $1`, [con]);
    // Not due before the lane, woken by the assignment, has gone to sleep again.
    await app.query(
      `insert into todos (enrollment_id, connection_id, due_at)
       select id, connection_id, now() + interval '1 hour' from enrollments where assignment_id = $1`,
      [assignmentId],
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    return assignmentId;
  }

  it('between sending and writing down leaves a batch that is sent again as it was', async () => {
    const assignmentId = await waiting(3);
    const batch = await claimAndDie();
    platform.upsert(batch.items as never);
    // Meanwhile the title changes and one person is done: what was sent is sent again first, word for word.
    await app.ok('PATCH', `/assignments/${assignmentId}`, { title: 'Changed meanwhile' });
    const { id } = await firstOf(assignmentId);
    await app.ok('PATCH', `/enrollments/${id}`, { status: 'completed' });
    await expireLeases();
    await wake();
    await app.until(
      async () => (await todoStates(assignmentId)).join() === 'closed,open,open',
      'the end of it',
    );
    expect(platform.upserts.slice(0, 2)).toEqual([
      batch.items.map(({ key }) => key),
      batch.items.map(({ key }) => key),
    ]);
    expect(platform.todos.size).toBe(3);
    await app.until(
      async () => platform.shown.filter((line) => line.includes('Changed meanwhile (open)')).length === 2,
      'the new title',
    );
    expect(platform.todos.get(`todo-${id}`)!.state).toBe('completed');
  });

  it('before sending costs time only', async () => {
    const assignmentId = await waiting(2);
    await claimAndDie();
    expect(platform.upserts).toEqual([]);
    await expireLeases();
    await wake();
    await all(assignmentId, 'open');
    expect(platform.todos.size).toBe(2);
  });

  it('and comes back late writes nothing over what others did', async () => {
    const assignmentId = await waiting(1);
    const batch = await claimAndDie();
    await expireLeases();
    await wake();
    await all(assignmentId, 'open');
    const [row] = batch.rows;
    await new TodoQueue(app.database.dataSource).record(
      [
        {
          ...row!,
          status: 'failed',
          externalRef: 'late',
          error: { code: 'internal', message: 'late' },
          reason: null,
          retryInMs: null,
        },
      ],
      1,
    );
    expect((await firstOf(assignmentId)).todo.status).toBe('open');
  });

  it('for longer than the platform remembers keys has its batch made anew, with what is true by then', async () => {
    const assignmentId = await waiting(2);
    await claimAndDie();
    await app.ok('PATCH', `/assignments/${assignmentId}`, { title: 'Much later' });
    await app.query(`update todos set sent_at = now() - interval '2 hours' where connection_id = $1`, [con]);
    await expireLeases();
    await wake();
    await all(assignmentId, 'open');
    expect(platform.upserts).toHaveLength(1);
    expect([...platform.todos.values()].map(({ title }) => title)).toEqual(['Much later', 'Much later']);
  });

  it('in the middle of a call, in good order, leaves the batch to the next one at once', async () => {
    let hangs = true;
    platform.onAnswer = async () => {
      if (hangs) await new Promise((resolve) => setTimeout(resolve, 300));
    };
    const assignmentId = await assign(await people(2));
    await app.until(async () => platform.upserts.length === 1, 'the first call');
    await app.restart(async () => void (hangs = false));
    await all(assignmentId, 'open');
    expect(platform.todos.size).toBe(2);
  });

  it('beside another on the same database: nothing is sent twice', async () => {
    const second = await app.second();
    try {
      const assignmentId = await assign(await people(40));
      await all(assignmentId, 'open');
      const keys = platform.upserts.flat();
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toHaveLength(40);
    } finally {
      await second.close();
    }
  });
});
