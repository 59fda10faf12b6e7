import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HeldLearningEvents } from '../../learning-events/src/held-learning-events.js';
import { AudienceFollower } from '../src/audience/audience-follower.js';
import { holdFeedPosition } from '../src/audience/feed-position.js';
import { WorkApp } from './work-app.js';
import { WorkPlatform } from './work-platform.js';

let app: WorkApp;
let con: string;
let number = 0;
let user = '';
let enrollmentId = '';

beforeAll(async () => {
  app = await WorkApp.start();
  con = await app.connect(new WorkPlatform(), {});
  await app.ok('PUT', '/courses', {
    courses: [
      { id: 'c-1', code: 'SEC', title: '信息安全基础' },
      { id: 'c-2', title: 'Zwei' },
    ],
  });
});
afterAll(() => app?.stop());

beforeEach(async () => {
  user = `p${++number}`;
  await app.addPeople(con, { [user]: [] });
  const assignment = await app.ok('POST', '/assignments', {
    courseId: 'c-1',
    audience: { userIds: [`usr_${user}`] },
  });
  [{ id: enrollmentId }] = (await app.enrollments(`assignmentId=${assignment.id}`)) as [{ id: string }];
  app.published = [];
});

let eventNumber = 0;
function event(type: string, at: string, more: object = {}): Record<string, unknown> {
  return {
    id: `e-${++eventNumber}`, type, learner: { userId: `usr_${user}` }, course: { id: 'c-1' }, occurredAt: `2026-11-23T${at}:00Z`, ...more,
  }; // prettier-ignore
}

const send = (...events: object[]) => app.ok('POST', '/learning-events', { events });
const status = async () => (await app.ok('GET', `/enrollments/${enrollmentId}`)).status as string;
const updates = () =>
  app.published.filter(({ type }) => type === 'enrollment.updated').map(({ data }) => data.status);

describe('learning events', () => {
  it('move an enrollment before they are answered, and tell each step once', async () => {
    await send(event('course.started', '09:00'));
    expect(await status()).toBe('in_progress');
    await send(event('course.progressed', '09:10'));
    await send(event('course.completed', '09:30'));
    expect(await app.ok('GET', `/enrollments/${enrollmentId}`)).toMatchObject({
      status: 'completed', startedAt: '2026-11-23T09:00:00.000Z', completedAt: '2026-11-23T09:30:00.000Z',
    }); // prettier-ignore
    await send(event('course.passed', '09:40'));
    expect(updates()).toEqual(['in_progress', 'completed', 'passed']);
    expect((await app.ok('GET', `/enrollments/${enrollmentId}`)).completedAt).toBe(
      '2026-11-23T09:30:00.000Z',
    );
  });

  it('come to the same end in any order and number', async () => {
    const kinds = [
      ['course.started', '09:00'],
      ['course.failed', '09:20'],
      ['course.completed', '09:30'],
      ['course.passed', '09:40'],
    ] as const;
    const events = kinds.map(([type, at]) => event(type, at));
    for (const one of [...events].reverse()) await send(one);
    await send(...events);
    expect(await status()).toBe('passed');
    expect(updates()).toEqual(['passed']);
  });

  it('of a batch are one step', async () => {
    await send(
      event('course.completed', '09:30'),
      event('course.started', '09:00'),
      event('course.failed', '09:20'),
    );
    expect(await status()).toBe('completed');
    expect(updates()).toEqual(['completed']);
  });

  it('after a failure go on to a pass, and a failure undoes nothing', async () => {
    await send(event('course.failed', '09:00'));
    expect(await status()).toBe('failed');
    await send(event('course.started', '09:10'));
    expect(await status()).toBe('failed');
    await send(event('course.passed', '09:30'));
    await send(event('course.failed', '09:40'));
    expect(await status()).toBe('passed');
  });

  it('name the course by id or code, and leave other courses and people alone', async () => {
    await send(event('course.completed', '09:00', { course: { id: 'c-2' } }));
    await send(event('course.completed', '09:00', { learner: { userId: 'usr_p1x' } }));
    await send(event('exam.passed', '09:00'));
    expect(await status()).toBe('assigned');
    await send(event('course.started', '09:00', { course: { id: 'lms-internal', code: 'SEC' } }));
    expect(await status()).toBe('in_progress');
  });

  it('may name the enrollment, which has to be the learner’s', async () => {
    const second = await app.ok('POST', '/assignments', {
      courseId: 'c-1',
      audience: { userIds: [`usr_${user}`] },
    });
    const [twin] = await app.enrollments(`assignmentId=${second.id}`);
    await send(event('course.completed', '09:00', { enrollmentId }));
    expect([await status(), (await app.enrollments(`assignmentId=${second.id}`))[0].status]).toEqual([
      'completed',
      'assigned',
    ]);
    await app.addPeople(con, { [`${user}x`]: [] });
    await send(
      event('course.completed', '09:00', { enrollmentId: twin.id, learner: { userId: `usr_${user}x` } }),
    );
    expect((await app.enrollments(`assignmentId=${second.id}`))[0].status).toBe('assigned');
    await send(event('course.completed', '09:00'));
    expect((await app.enrollments(`assignmentId=${second.id}`))[0].status).toBe('completed');
  });

  it('of a client speak of its own course where two have the same id', async () => {
    const [a, b] = [
      await app.client(['assignments:write', 'learning-events:write']),
      await app.client(['assignments:write', 'learning-events:write']),
    ];
    for (const client of [a, b])
      await client.call('PUT', '/courses', { courses: [{ id: '101', title: 'Hundertundeins' }] });
    const made = await a.call('POST', '/assignments', {
      courseId: '101',
      audience: { userIds: [`usr_${user}`] },
    });
    const read = async () => (await app.enrollments(`assignmentId=${made.body.id}`))[0].status as string;
    await b.call('POST', '/learning-events', event('course.completed', '09:00', { course: { id: '101' } }));
    expect(await read()).toBe('assigned');
    await a.call('POST', '/learning-events', event('course.completed', '09:00', { course: { id: '101' } }));
    expect(await read()).toBe('completed');
  });

  it('that were held move it once their learner is known', async () => {
    const late = `late${number}`;
    await send(event('course.completed', '09:00', { learner: { connectionId: con, externalId: late } }));
    await app.addPeople(con, { [late]: [] });
    const made = await app.ok('POST', '/assignments', {
      courseId: 'c-1',
      audience: { userIds: [`usr_${late}`] },
    });
    const read = async () => (await app.enrollments(`assignmentId=${made.id}`))[0].status as string;
    expect(await read()).toBe('assigned');
    await app.get(HeldLearningEvents).resolveAll(new AbortController().signal);
    expect(await read()).toBe('completed');
  });

  it('of customers move theirs', async () => {
    const customer = await app.addCustomer(con, `wm${number}`, []);
    const made = await app.ok('POST', '/assignments', {
      courseId: 'c-1',
      audience: { customerIds: [customer] },
    });
    await send(event('course.passed', '09:00', { learner: { customerId: customer } }));
    expect((await app.enrollments(`assignmentId=${made.id}`))[0]).toMatchObject({
      customerId: customer,
      status: 'passed',
    });
  });

  it('do not bring back what somebody withdrew', async () => {
    await app.ok('PATCH', `/enrollments/${enrollmentId}`, { status: 'withdrawn' });
    await send(event('course.completed', '09:00'));
    expect(await status()).toBe('withdrawn');
    await app.ok('PATCH', `/enrollments/${enrollmentId}`, { status: 'assigned' });
    await send(event('course.completed', '09:10'));
    expect(await status()).toBe('completed');
  });

  it('are not to be had again in an assignment that is withdrawn', async () => {
    const { assignmentId } = await app.ok('GET', `/enrollments/${enrollmentId}`);
    await app.ok('PATCH', `/assignments/${assignmentId}`, { status: 'withdrawn' });
    const { status: answered } = await app.call('PATCH', `/enrollments/${enrollmentId}`, {
      status: 'assigned',
    });
    expect([answered, await status()]).toEqual([409, 'withdrawn']);
  });

  it('in batches side by side lose nothing and block nobody', async () => {
    const group = Array.from({ length: 30 }, (_, i) => `g${number}-${i}`);
    await app.addPeople(con, Object.fromEntries(group.map((key) => [key, []])));
    const made = await app.ok('POST', '/assignments', {
      courseId: 'c-1',
      audience: { userIds: group.map((key) => `usr_${key}`) },
    });
    const batch = (order: string[]) =>
      order.map((key) => event('course.completed', '09:00', { learner: { userId: `usr_${key}` } }));
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => send(...batch(i % 2 ? group : [...group].reverse()))),
    );
    expect(
      (await app.enrollments(`assignmentId=${made.id}`)).every((one) => one.status === 'completed'),
    ).toBe(true);
    expect(updates()).toHaveLength(30);
  });
});

describe('by hand', () => {
  it('an enrollment goes forward, to an end, and from there back to the start', async () => {
    const patch = (body: object) => app.call('PATCH', `/enrollments/${enrollmentId}`, body);
    expect((await patch({ status: 'expired' })).body.status).toBe('expired');
    expect((await patch({ status: 'completed' })).status).toBe(409);
    expect((await patch({ status: 'assigned' })).body.status).toBe('assigned');
    expect((await patch({ status: 'in_progress' })).body.startedAt).not.toBeNull();
    expect((await patch({ status: 'passed', dueAt: '2027-01-01T00:00:00Z' })).body).toMatchObject({
      status: 'passed',
      dueAt: '2027-01-01T00:00:00.000Z',
    });
    expect((await patch({ status: 'assigned' })).status).toBe(409);
    expect((await patch({ status: 'withdrawn' })).status).toBe(409);
    expect((await patch({ status: 'done' })).body.errors[0].path).toBe('/status');
    expect((await patch({ userId: 'usr_p1' })).body.errors[0].path).toBe('/userId');
    app.published = [];
    expect((await patch({ status: 'passed' })).status).toBe(200);
    expect(app.published).toEqual([]);
  });
});

describe('a live audience', () => {
  const follow = async () => {
    await app.get(AudienceFollower).follow(new AbortController().signal);
  };
  const live = async (audience: object) => {
    const made = await app.ok('POST', '/assignments', {
      courseId: 'c-2',
      audience: { ...audience, live: true },
    });
    return async () =>
      Object.fromEntries(
        (await app.enrollments(`assignmentId=${made.id}`)).map((one) => [
          one.userId ?? one.customerId,
          one.status as string,
        ]),
      );
  };

  it('enrolls who joins and withdraws who leaves before starting, and takes back who returns', async () => {
    const root = `d${number}`;
    await app.addDepartment(con, [root]);
    await app.addDepartment(con, [root, `${root}a`]);
    await app.addDepartment(con, ['elsewhere']).catch(() => undefined);
    await app.addPeople(con, {
      [`a${number}`]: [`${root}a`],
      [`b${number}`]: [root],
      [`c${number}`]: [root],
    });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((key) => `usr_${key}${number}`) as [
      string,
      string,
      string,
      string,
    ];
    const read = await live({ departments: [{ id: root }] });
    await send({ ...event('course.started', '09:00', { course: { id: 'c-2' } }), learner: { userId: c } });
    await app.addPeople(con, { [`d${number}`]: [`${root}a`] });
    await app.move(con, a, []);
    await app.move(con, c, []);
    await app.disable(con, b);
    await follow();
    expect(await read()).toEqual({ [a]: 'withdrawn', [b]: 'withdrawn', [c]: 'in_progress', [d]: 'assigned' });
    await app.move(con, a, [`${root}a`]);
    await follow();
    expect((await read())[a]).toBe('assigned');
    const [enrollment] = await app.enrollments(`userId=${a}`);
    await app.ok('PATCH', `/enrollments/${enrollment.id}`, { status: 'withdrawn' });
    await app.move(con, a, [root]);
    await follow();
    expect((await read())[a]).toBe('withdrawn');
  });

  it('follows a department that moves with everybody in it', async () => {
    const root = `m${number}`;
    await app.addDepartment(con, [root]);
    await app.addDepartment(con, [`${root}x`]);
    await app.addDepartment(con, [`${root}x`, `${root}y`]);
    await app.addPeople(con, { [`m${number}`]: [`${root}y`] });
    const read = await live({ departments: [{ id: root }] });
    expect(await read()).toEqual({});
    await app.query(`update departments set parent_id = $1, path_ids = array[$1, $2] where id = $2`, [
      root,
      `${root}x`,
    ]);
    await app.query(`update departments set path_ids = array[$1, $2, $3] where id = $3`, [
      root,
      `${root}x`,
      `${root}y`,
    ]);
    await app.told(con, 'department.updated', [`${root}x`], {
      before: { parentId: null },
      after: { parentId: root },
    });
    await follow();
    expect(await read()).toEqual({ [`usr_m${number}`]: 'assigned' });
  });

  it('by tag follows customers', async () => {
    const customer = await app.addCustomer(con, `tag${number}`, []);
    const read = await live({ tags: [`gold${number}`] });
    await app.addCustomer(con, `tag${number}`, [`gold${number}`]);
    await follow();
    expect(await read()).toEqual({ [customer]: 'assigned' });
    await app.addCustomer(con, `tag${number}`, []);
    await follow();
    expect(await read()).toEqual({ [customer]: 'withdrawn' });
  });

  it('misses nobody who joined while the host was away', async () => {
    const root = `w${number}`;
    await app.addDepartment(con, [root]);
    const read = await live({ departments: [{ id: root }] });
    await app.restart(async () => {
      await app.addPeople(
        con,
        Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`w${number}-${i}`, [root]])),
      );
    });
    await app.until(async () => Object.keys(await read()).length === 20, 'enrolling after the restart');
  });

  it('misses nobody who joins while it is being made: the follower waits until it is', async () => {
    const order: string[] = [];
    let following: Promise<unknown> = Promise.resolve();
    await app.database.dataSource.transaction(async (manager) => {
      await holdFeedPosition(manager);
      await app.addPeople(con, { [`h${number}`]: [] });
      following = follow().then(() => order.push('followed'));
      await new Promise((resolve) => setTimeout(resolve, 200));
      order.push('made');
    });
    await following;
    expect(order).toEqual(['made', 'followed']);
  });

  it('enrolls thousands who appear at once', async () => {
    const root = `k${number}`;
    await app.addDepartment(con, [root]);
    const read = await live({ departments: [{ id: root }] });
    await app.addPeople(
      con,
      Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${number}-${i}`, [root]])),
    );
    await follow();
    expect(Object.keys(await read())).toHaveLength(200);
    const [{ count }] = (await app.query<{ count: number }>(
      `select count(*)::int as count from enrollments e join assignments a on a.id = e.assignment_id where a.departments @> $1::jsonb`,
      [JSON.stringify([{ id: root }])],
    )) as [{ count: number }];
    expect(count).toBe(3_000);
  });
});

describe('a removed client', () => {
  it('takes its catalogue along, and leaves its assignments as people know them', async () => {
    const lms = await app.client(['assignments:write', 'assignments:read']);
    await lms.call('PUT', '/courses', {
      courses: [{ id: 'own', title: 'Eigener Kurs', url: 'https://lms.example.com/own' }],
    });
    const made = await lms.call('POST', '/assignments', {
      courseId: 'own',
      audience: { userIds: [`usr_${user}`] },
    });
    await app.ok('DELETE', `/clients/${lms.id}`);
    expect((await app.ok('GET', '/courses?id=own')).data).toEqual([]);
    expect(await app.ok('GET', `/assignments/${made.body.id}`)).toMatchObject({
      title: 'Eigener Kurs',
      url: 'https://lms.example.com/own',
    });
  });
});

describe('a deleted connection', () => {
  it('takes what is for its people with it when they are erased, and leaves the others theirs', async () => {
    const leaving = await app.connect(new WorkPlatform(), {});
    await app.addPeople(leaving, { [`leaver${number}`]: [] });
    const shared = await app.ok('POST', '/assignments', {
      courseId: 'c-1',
      audience: { userIds: [`usr_leaver${number}`, `usr_${user}`] },
    });
    const alone = await app.ok('POST', '/assignments', {
      courseId: 'c-1',
      audience: { userIds: [`usr_leaver${number}`] },
    });
    await app.ok('DELETE', `/connections/${leaving}?people=erase`);
    expect((await app.call('GET', `/assignments/${alone.id}`)).status).toBe(404);
    expect(await app.ok('GET', `/assignments/${shared.id}`)).toMatchObject({
      connectionIds: [con],
      audience: { userIds: [`usr_${user}`] },
    });
    expect((await app.enrollments(`assignmentId=${shared.id}`)).map((one) => one.userId)).toEqual([
      `usr_${user}`,
    ]);
    expect(await app.query(`select 1 from enrollments where connection_id = $1`, [leaving])).toEqual([]);
  });
});
