import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Courses } from '../src/courses/courses.js';
import { WorkApp, type Caller } from './work-app.js';
import { WorkPlatform } from './work-platform.js';

let app: WorkApp;
let con: string;
let other: string;

beforeAll(async () => {
  app = await WorkApp.start();
  con = await app.connect(new WorkPlatform(), {});
  other = await app.connect(new WorkPlatform(), {});
  await app.addDepartment(con, ['dep_root']);
  await app.addDepartment(con, ['dep_root', 'dep_sales']);
  await app.addDepartment(con, ['dep_root', 'dep_sales', 'dep_north']);
  await app.addPeople(con, {
    boss: ['dep_root'],
    amy: ['dep_sales'],
    ben: ['dep_north'],
    cat: ['dep_sales', 'dep_north'],
  });
  await app.addPeople(con, { gone: ['dep_sales'] }, 'disabled');
  await app.addPeople(other, { zoe: [] });
  await app.ok('PUT', '/courses', {
    courses: [
      { id: 'c-1', code: 'SEC', title: '信息安全基础', url: 'https://lms.example.com/c/1' },
      { id: 'c-2', title: '消防安全' },
    ],
  });
});
afterAll(() => app?.stop());

const people = (enrollments: { userId: string }[]) => enrollments.map(({ userId }) => userId).sort();
const assign = (audience: object, more: object = {}) =>
  app.call('POST', '/assignments', { courseId: 'c-1', audience, ...more });

describe('courses', () => {
  it('are written in sets, a bad one harming nobody, and only what changed is written', async () => {
    const lms = await app.client(['assignments:write', 'assignments:read']);
    const courses = [
      { id: 'x-1', title: 'One', url: 'https://lms.example.com/x/1' },
      { id: 'x-2', title: 'Two', url: 'javascript:alert(1)' },
      { id: 'x-3' },
      { id: 'x-4', title: 'Four', colour: 'red' },
      { id: 'x-5', title: 'Five' },
    ];
    const first = await lms.call('PUT', '/courses', { courses });
    expect(first.body).toMatchObject({ created: 2, updated: 0, unchanged: 0 });
    expect(
      first.body.rejected.map((one: { index: number; detail: string }) => [one.index, one.detail]),
    ).toEqual([
      [1, '/url must be an http or https address without credentials'],
      [2, '/title is required'],
      [3, '/colour is not a known field'],
    ]);
    const again = await lms.call('PUT', '/courses', { courses: [courses[0], { id: 'x-5', title: 'Five!' }] });
    expect(again.body).toEqual({ created: 0, updated: 1, unchanged: 1, rejected: [] });
    const { body: list } = await lms.call('GET', '/courses');
    expect(list.data.map(({ id, title }: { id: string; title: string }) => `${id} ${title}`)).toEqual([
      'x-1 One',
      'x-5 Five!',
    ]);
    expect((await lms.call('GET', '/courses?limit=1')).body.nextCursor).not.toBeNull();
    expect((await lms.call('PUT', '/courses', { courses: [] })).status).toBe(400);
    const [entry] = (await app.ok('GET', `/audit-entries?limit=200`)).data.filter(
      ({ action }: { action: string }) => action === 'courses.written',
    );
    expect(entry).toMatchObject({ subject: { type: 'catalogue', id: lms.id } });
  });

  it('are of each client its own, up to a thousand at once', async () => {
    const one = await app.client(['assignments:write', 'assignments:read']);
    const two = await app.client(['assignments:write', 'assignments:read']);
    const courses = Array.from({ length: 1_000 }, (_, i) => ({ id: `k-${i}`, title: `Course ${i}` }));
    expect((await one.call('PUT', '/courses', { courses })).body.created).toBe(1_000);
    expect((await two.call('GET', '/courses')).body.data).toEqual([]);
    expect((await two.call('PUT', '/courses', { courses: courses.slice(0, 2) })).body.created).toBe(2);
    expect((await app.ok('GET', '/courses?id=k-1')).data).toHaveLength(2);
    expect((await one.call('PUT', '/courses', { courses: [...courses, courses[0]] })).status).toBe(400);
  });
});

describe('what events mean by a course', () => {
  it('is of the catalogue of whoever sent them, else of one that serves the connection', async () => {
    const mine = await app.client(['assignments:write'], [con]);
    const elsewhere = await app.client(['assignments:write'], [other]);
    await mine.call('PUT', '/courses', { courses: [{ id: 'c-1', title: 'Mine' }] });
    await elsewhere.call('PUT', '/courses', { courses: [{ id: 'e-1', title: 'Elsewhere' }] });
    const listed = await app.get(Courses).listed(con, [
      { clientId: mine.id, courseId: 'c-1' },
      { clientId: mine.id, courseId: 'c-2' },
      { clientId: null, courseId: 'c-1' },
      { clientId: mine.id, courseId: 'e-1' },
      { clientId: mine.id, courseId: 'c-none' },
    ]);
    const brief = listed.map(({ clientId, courseId, title, url }) => [clientId, courseId, title, url]);
    expect(new Set(brief.map((one) => one.join()))).toEqual(
      new Set([
        `${mine.id},c-1,Mine,`,
        `${mine.id},c-2,消防安全,`,
        ',c-1,信息安全基础,https://lms.example.com/c/1',
      ]),
    );
    expect(await app.get(Courses).listed(other, [{ clientId: mine.id, courseId: 'e-1' }])).toHaveLength(1);
  });
});

describe('an assignment', () => {
  it('enrolls whoever its audience names, once each, and nobody who is disabled', async () => {
    const { status, body } = await assign({
      userIds: ['usr_boss', 'usr_gone', 'usr_cat'],
      departments: [{ id: 'dep_sales' }],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      courseId: 'c-1', title: '信息安全基础', url: 'https://lms.example.com/c/1', status: 'active', isMandatory: false,
      connectionIds: [con], dueAt: null, source: { clientId: null, kind: 'api', externalId: body.id },
      audience: { departments: [{ id: 'dep_sales', includeDescendants: true }], live: false },
    }); // prettier-ignore
    const enrolled = await app.enrollments(`assignmentId=${body.id}`);
    expect(people(enrolled)).toEqual(['usr_amy', 'usr_ben', 'usr_boss', 'usr_cat']);
    expect(enrolled[0]).toMatchObject({
      status: 'assigned',
      courseId: 'c-1',
      connectionId: con,
      customerId: null,
      todo: null,
    });
    const direct = await assign({ departments: [{ id: 'dep_sales', includeDescendants: false }] });
    expect(people(await app.enrollments(`assignmentId=${direct.body.id}`))).toEqual(['usr_amy', 'usr_cat']);
  });

  it('reaches customers by name and by tag', async () => {
    const vip = await app.addCustomer(con, 'wm1', ['VIP']);
    const plain = await app.addCustomer(con, 'wm2', ['New']);
    const named = await assign({ customerIds: [plain] });
    const [one] = await app.enrollments(`assignmentId=${named.body.id}`);
    expect(one).toMatchObject({ customerId: plain, userId: null, todo: null });
    const tagged = await assign({ tags: ['VIP'] });
    expect((await app.enrollments(`assignmentId=${tagged.body.id}`)).map((e) => e.customerId)).toEqual([vip]);
  });

  it('says what is wrong and where', async () => {
    const unknown = await assign({
      userIds: ['usr_amy', 'usr_nobody'], customerIds: ['cus_nobody'], departments: [{ id: 'dep_sales' }, { id: 'dep_none' }],
    }); // prettier-ignore
    expect(unknown.status).toBe(400);
    expect(unknown.body.errors.map((error: { path: string }) => error.path).sort()).toEqual([
      '/audience/customerIds/0',
      '/audience/departments/1/id',
      '/audience/userIds/1',
    ]);
    expect((await assign({})).body.errors[0].path).toBe('/audience');
    const noCourse = await assign({ userIds: ['usr_amy'] }, { courseId: 'nowhere' });
    expect(noCourse.body.errors[0].path).toBe('/courseId');
    const titled = await assign({ userIds: ['usr_amy'] }, { courseId: 'nowhere', title: 'Elsewhere' });
    expect(titled.body).toMatchObject({ title: 'Elsewhere', url: null });
    for (const [field, value] of [
      ['url', 'file:///etc/passwd'],
      ['dueAt', 'tomorrow'],
      ['colour', 1],
    ] as const) {
      const bad = await assign({ userIds: ['usr_amy'] }, { [field]: value });
      expect([bad.status, bad.body.errors[0].path]).toEqual([400, `/${field}`]);
    }
    const inChinese = await app.call(
      'POST',
      '/assignments',
      { courseId: 'c-1', audience: {} },
      { 'accept-language': 'zh-CN' },
    );
    expect(inChinese.body.errors[0].message).toContain('必须指定人员');
  });

  it('is made once for a source, however its request is written', async () => {
    const source = { kind: 'case', externalId: '4711' };
    const body = {
      courseId: 'c-1',
      source,
      audience: { userIds: ['usr_ben', 'usr_amy'] },
      dueAt: '2026-12-31T16:00:00Z',
    };
    const first = await app.call('POST', '/assignments', body);
    expect(first.status).toBe(201);
    const same = await app.call('POST', '/assignments', {
      ...body, audience: { userIds: ['usr_amy', 'usr_ben'], live: false }, dueAt: '2027-01-01T00:00:00+08:00',
    }); // prettier-ignore
    expect([same.status, same.body.id]).toEqual([200, first.body.id]);
    const otherContent = await app.call('POST', '/assignments', { ...body, courseId: 'c-2' });
    expect([otherContent.status, otherContent.body.code, otherContent.body.assignmentId]).toEqual([
      409,
      'id_conflict',
      first.body.id,
    ]);
    const lms = await app.client(['assignments:write']);
    expect((await lms.call('POST', '/assignments', body)).status).toBe(201);
    const twenty = await Promise.all(
      Array.from({ length: 20 }, () =>
        app.call('POST', '/assignments', { ...body, source: { kind: 'case', externalId: 'many' } }),
      ),
    );
    expect(twenty.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(twenty.map(({ body: { id } }) => id as string)).size).toBe(1);
    await app.ok('PATCH', `/assignments/${first.body.id}`, { title: 'Renamed' });
    expect((await app.call('POST', '/assignments', body)).body).toMatchObject({
      id: first.body.id,
      title: 'Renamed',
    });
  });

  it('honours an Idempotency-Key without a source', async () => {
    const send = () =>
      app.call(
        'POST',
        '/assignments',
        { courseId: 'c-1', audience: { userIds: ['usr_amy'] } },
        { 'idempotency-key': 'k-1' },
      );
    const [first, second] = [await send(), await send()];
    expect([second.status, second.body.id]).toEqual([201, first.body.id]);
  });

  it('is told to others in the same transaction, for its connection', async () => {
    app.published = [];
    const { body } = await assign({ userIds: ['usr_amy', 'usr_zoe'] });
    const told = app.published.map(({ type, connectionId, data }) => [
      type,
      connectionId,
      data.userId ?? data.id,
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['assignment.created', con, body.id],
        ['assignment.created', other, body.id],
        ['enrollment.created', con, 'usr_amy'],
        ['enrollment.created', other, 'usr_zoe'],
      ]),
    );
    expect(told).toHaveLength(4);
    const shown = app.published.flatMap(({ type, data }) =>
      type === 'assignment.created'
        ? [[data.connectionIds, (data.audience as { userIds: string[] }).userIds]]
        : [],
    );
    expect(shown, 'each of its own people only').toEqual([
      [[con], ['usr_amy']],
      [[other], ['usr_zoe']],
    ]);
  });

  it('changes and is withdrawn, with whoever has not finished', async () => {
    const { body } = await assign({ userIds: ['usr_amy', 'usr_ben'] });
    const [first] = await app.enrollments(`assignmentId=${body.id}`);
    await app.ok('PATCH', `/enrollments/${first.id}`, { status: 'completed' });
    app.published = [];
    const dueAt = '2027-03-01T00:00:00.000Z';
    expect(await app.ok('PATCH', `/assignments/${body.id}`, { dueAt, title: 'Now' })).toMatchObject({
      dueAt,
      title: 'Now',
    });
    expect(app.published.map(({ type, data }) => [type, data.dueAt])).toEqual([
      ['enrollment.updated', dueAt],
    ]);
    expect(await app.ok('PATCH', `/assignments/${body.id}`, { title: null })).toMatchObject({
      title: '信息安全基础',
      dueAt,
    });
    await app.ok('PATCH', `/assignments/${body.id}`, { status: 'withdrawn' });
    expect(
      (await app.enrollments(`assignmentId=${body.id}`)).map(({ status }) => status as string).sort(),
    ).toEqual(['completed', 'withdrawn']);
    expect((await app.call('PATCH', `/assignments/${body.id}`, { title: 'No' })).status).toBe(409);
    expect((await app.call('PATCH', `/assignments/${body.id}`, { status: 'withdrawn' })).status).toBe(200);
    const audited = (await app.ok('GET', '/audit-entries?limit=200')).data.filter(
      ({ subject }: { subject: { id: string } }) => subject.id === body.id,
    );
    expect(audited.length).toBeGreaterThanOrEqual(4);
  });
});

describe('a client limited to a connection', () => {
  let limited: Caller;
  beforeAll(async () => {
    limited = await app.client(['assignments:write', 'assignments:read'], [other]);
  });

  it('reaches nobody else', async () => {
    const body = {
      courseId: 'c-1',
      audience: { userIds: ['usr_zoe', 'usr_amy'], departments: [{ id: 'dep_sales' }] },
    };
    const { status, body: problem } = await limited.call('POST', '/assignments', body);
    expect(status).toBe(400);
    expect(problem.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/audience/departments/0/id',
      '/audience/userIds/1',
    ]);
    const fine = await limited.call('POST', '/assignments', {
      courseId: 'c-1',
      audience: { userIds: ['usr_zoe'] },
    });
    expect(fine.status).toBe(201);
  });

  it('sees only what is for its people, whoever made it, and changes nothing that is for others too', async () => {
    const foreign = await assign({ userIds: ['usr_amy'] });
    const shared = await assign({ userIds: ['usr_amy', 'usr_zoe'], departments: [{ id: 'dep_sales' }] });
    expect((await limited.call('GET', `/assignments/${foreign.body.id}`)).status).toBe(404);
    const { status, body: shown } = await limited.call('GET', `/assignments/${shared.body.id}`);
    expect([status, shown.connectionIds, shown.audience.userIds, shown.audience.departments]).toEqual([
      200,
      [other],
      ['usr_zoe'],
      [],
    ]);
    expect(
      (await limited.call('PATCH', `/assignments/${shared.body.id}`, { status: 'withdrawn' })).status,
    ).toBe(403);
    expect(
      (await limited.call('PATCH', `/assignments/${foreign.body.id}`, { status: 'withdrawn' })).status,
    ).toBe(404);
    const { body: seen } = await limited.call('GET', `/enrollments?assignmentId=${shared.body.id}`);
    expect(people(seen.data)).toEqual(['usr_zoe']);
    const [hidden] = await app.enrollments(`assignmentId=${foreign.body.id}`);
    expect((await limited.call('GET', `/enrollments/${hidden.id}`)).status).toBe(404);
    expect((await limited.call('PATCH', `/enrollments/${hidden.id}`, { status: 'withdrawn' })).status).toBe(
      404,
    );
    const { body: list } = await limited.call('GET', '/assignments?limit=200');
    expect(
      list.data.every(({ connectionIds }: { connectionIds: string[] }) => connectionIds.join() === other),
    ).toBe(true);
    expect(JSON.stringify(list), 'not even an id of somebody else').not.toMatch(/usr_amy|dep_sales/);
  });
});

describe('lists', () => {
  it('page without a gap, keep their filters, and refuse made-up cursors', async () => {
    const { body } = await assign({ departments: [{ id: 'dep_root' }] });
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const page = await app.ok(
        'GET',
        `/enrollments?assignmentId=${body.id}&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.data.map(({ userId }: { userId: string }) => userId));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor as string;
    }
    expect(seen.sort()).toEqual(['usr_amy', 'usr_ben', 'usr_boss', 'usr_cat']);
    expect((await app.call('GET', '/enrollments?cursor=nonsense')).body.code).toBe('invalid_cursor');
    expect((await app.call('GET', '/assignments?status=gone')).status).toBe(400);
    const found = await app.ok(
      'GET',
      `/assignments?courseId=c-1&connectionId=${con}&sourceKind=case&sourceExternalId=4711`,
    );
    expect(found.data.length).toBeGreaterThanOrEqual(1);
  });
});

describe('ten thousand people', () => {
  it('are enrolled in a few statements, to-dos and events included', async () => {
    const big = await app.connect(new WorkPlatform(), {});
    await app.addDepartment(big, ['dep_big']);
    await app.query(
      `insert into users (id, person_id, connection_id, external_key, external_id, status)
       select 'usr_b' || i, 'per_b' || i, $1, 'b' || i, 'b' || i, 'active' from generate_series(1, 10000) i`,
      [big],
    );
    await app.query(
      `insert into memberships (user_id, department_id) select 'usr_b' || i, 'dep_big' from generate_series(1, 10000) i`,
    );
    await app.query(`analyze`);
    const statements = await counting(() => assign({ departments: [{ id: 'dep_big' }] }));
    expect(statements.answer.status).toBe(201);
    const [{ count }] = (await app.query<{ count: number }>(
      `select count(*)::int as count from enrollments where assignment_id = $1`,
      [statements.answer.body.id],
    )) as [{ count: number }];
    expect(count).toBe(10_000);
    expect(statements.count).toBeLessThan(60);
  });

  async function counting<T>(work: () => Promise<T>): Promise<{ count: number; answer: T }> {
    const source = app.get(DataSource);
    let count = 0;
    const create = source.createQueryRunner.bind(source);
    source.createQueryRunner = (mode) => {
      const runner = create(mode);
      const query = runner.query.bind(runner);
      runner.query = ((...args: Parameters<typeof query>) => {
        count += 1;
        return query(...args);
      }) as typeof runner.query;
      return runner;
    };
    try {
      return { answer: await work(), count };
    } finally {
      source.createQueryRunner = create;
    }
  }
});
