import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { failing, PlatformFixture } from './platform-fixture.js';

describe('telling platforms', () => {
  let fixture: PlatformFixture;
  beforeAll(async () => void (fixture = await PlatformFixture.create()));
  afterAll(() => fixture.database.drop());
  beforeEach(() => fixture.clear());

  it('sends in batches of what the action takes, with recipients, texts and stable keys', async () => {
    await fixture.connect('con_1', [{ eventTypes: ['course.*'], options: { agent: 1 } }]);
    const people = await fixture.people('con_1', 7);
    await fixture.publish('con_1', people);
    expect(await fixture.drain('con_1')).toBeNull();
    expect(fixture.reports.map(({ items }) => items.length)).toEqual([3, 3, 1]);
    const [first] = fixture.reports[0]!.items;
    expect(first).toMatchObject({
      key: expect.stringMatching(/^dlv_/),
      recipient: { kind: 'user', externalId: 'P1', externalIds: [{ type: 'open_id', value: 'ou' }] },
      event: { type: 'course.completed', course: { id: 'c-1' } },
      text: '员工1 has completed “信息安全基础”.',
    });
    expect(fixture.reports[0]).toMatchObject({ action: 'message', options: { agent: 1 } });
    expect(await fixture.states()).toEqual({ delivered: 7 });
    const [delivery] = await fixture.query<{ external_ref: string }>(
      `select * from deliveries where id = $1`,
      [first!.key],
    );
    expect(delivery!.external_ref).toBe(`msg-${first!.key.slice(-4)}`);
    expect(await fixture.attempts()).toHaveLength(7);
  });

  it('calls a course by the title of the catalogue when its event names it by id alone', async () => {
    await fixture.connect('con_1', [{ action: 'tag' }]);
    const [amy, bo, cy] = (await fixture.people('con_1', 3)) as [string, string, string];
    const bare = (id: string) => ({ data: { course: { id, code: 'S-7' } } });
    await fixture.publish('con_1', [amy], bare('c-9'));
    await fixture.publish('con_1', [bo], bare('c-none'));
    await fixture.publish('con_1', [cy], { data: { course: { id: 'c-9', title: 'As the LMS says' } } });
    const asked: unknown[] = [];
    const engine = fixture.engine({
      courses: {
        listed: async (connectionId, courses) => {
          asked.push(connectionId, ...courses);
          return [
            { clientId: 'cli_lms', courseId: 'c-9', title: '消防安全', url: 'https://lms.example.com/9' },
          ];
        },
      },
    });
    await fixture.drain('con_1', engine);
    expect(asked).toEqual([
      'con_1',
      { clientId: 'cli_lms', courseId: 'c-9' },
      { clientId: 'cli_lms', courseId: 'c-none' },
    ]);
    const items = fixture.reports[0]!.items;
    expect(items.map(({ text }) => text)).toEqual([
      '员工1 has completed “消防安全”.',
      '员工2 has completed “S-7”.',
      '员工3 has completed “As the LMS says”.',
    ]);
    expect(items[0]!.event.course).toEqual({
      id: 'c-9',
      code: 'S-7',
      title: '消防安全',
      url: 'https://lms.example.com/9',
    });
  });

  it('tells what the settings ask for: types, each setting, kinds of recipients; nothing else that is published', async () => {
    await fixture.connect('con_1', [
      { eventTypes: ['course.completed', 'exam.*'] },
      { eventTypes: ['*'], action: 'tag', options: { tagId: '1' } },
    ]);
    await fixture.connect('con_2', []);
    const [person] = await fixture.people('con_1', 1);
    await fixture.query(
      `insert into customers (id, connection_id, external_id, display_name, owner_external_ids) values ('cus_1', 'con_1', 'wm1', '李女士', '{p1,p2}')`,
    );
    await fixture.publish('con_1', [person!]);
    await fixture.publish('con_1', [person!], { type: 'course.started' });
    // Messages reach customers, tags of members do not.
    await fixture.publish('con_1', ['cus_1'], { type: 'exam.passed' });
    await fixture.publish('con_2', ['usr_elsewhere']);
    await fixture.database.dataSource.transaction((manager) =>
      fixture.events.publish(manager, [
        { type: 'run.finished', connectionId: 'con_1', subjectId: 'run_1', data: {} },
      ]),
    );
    await fixture.drain('con_1');
    await fixture.drain('con_2');
    const told = fixture.reports.map(({ action, items }) => [action, items.map(({ event }) => event.type)]);
    expect(told).toEqual([
      ['message', ['course.completed', 'exam.passed']],
      ['tag', ['course.completed', 'course.started']],
    ]);
    expect(fixture.reports[0]!.items[1]!.recipient).toEqual({
      kind: 'customer', externalId: 'wm1', externalIds: [], ownerExternalIds: ['p1', 'p2'],
    }); // prettier-ignore
  });

  it('tells of a held event when its learner appears, once', async () => {
    await fixture.connect('con_1', [{}]);
    const [person] = await fixture.people('con_1', 1);
    const [held] = await fixture.publish(null, [null]);
    expect(await fixture.states()).toEqual({});
    await fixture.database.dataSource.transaction((manager) =>
      fixture.events.subjectKnown(manager, [{ id: held!, subjectId: person!, connectionId: 'con_1' }]),
    );
    await fixture.drain('con_1');
    expect(fixture.reports.map(({ items }) => items.map(({ recipient }) => recipient.externalId))).toEqual([
      ['P1'],
    ]);
  });

  it('each item has its own end: delivered, skipped, tried again, dead', async () => {
    await fixture.connect('con_1', [{ action: 'tag' }]);
    await fixture.publish('con_1', await fixture.people('con_1', 6));
    fixture.answer = ({ items }) => [
      { key: items[0]!.key, status: 'done' },
      { key: items[1]!.key, status: 'skipped', reason: { en: 'no such way', 'zh-CN': '不支持' } },
      ...failing('unavailable')({ items: [items[2]!] }),
      ...failing('not_found', {
        vendorCode: '60111',
        advice: { en: 'open the console', 'zh-CN': '打开管理后台' },
      })({
        items: [items[3]!],
      }),
      ...failing('rate_limited', { retryAfterMs: 120_000 })({ items: [items[4]!] }),
      { key: 'dlv_unasked', status: 'done' },
    ];
    const nextMs = await fixture.drain('con_1');
    expect(await fixture.states()).toEqual({ delivered: 1, skipped: 1, pending: 2, dead: 2 });
    expect(nextMs).toBeGreaterThan(4_000);
    expect(nextMs).toBeLessThan(6_000);
    const byKey = new Map((await fixture.attempts()).map((attempt) => [attempt.delivery_id, attempt]));
    const told = fixture.keysOf(0).map((key) => byKey.get(key)!);
    expect(told.map(({ error_code }) => error_code)).toEqual([
      null, 'skipped', 'unavailable', 'not_found', 'rate_limited', 'bad_response',
    ]); // prettier-ignore
    expect(told[3]).toMatchObject({
      error: 'it is not_found, ***', vendor: { vendorCode: '60111', advice: { en: 'open the console' } },
    }); // prettier-ignore
    const waiting = await fixture.query<{ attempt_count: number; seconds: number }>(
      `select attempt_count, extract(epoch from due_at - now())::int as seconds from platform_delivery_queue order by sequence`,
    );
    // A rate limit spends no retry and waits as long as it is asked to.
    expect(waiting.map(({ attempt_count }) => attempt_count)).toEqual([1, 0]);
    expect(waiting[1]!.seconds).toBeGreaterThan(115);
  });

  it('is dead after the retries of the schedule', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 1));
    fixture.answer = failing('unavailable');
    const waits: number[] = [];
    for (let tries = 0; tries < 4; tries++) {
      waits.push(Math.round((await fixture.drain('con_1')) ?? 0));
      await fixture.hurry();
    }
    for (const [index, seconds] of [5, 60, 600].entries()) {
      expect(waits[index]).toBeGreaterThan(seconds * 890);
      expect(waits[index]).toBeLessThan(seconds * 1_110);
    }
    expect(await fixture.states()).toEqual({ dead: 1 });
    expect(await fixture.attempts()).toHaveLength(4);
  });

  it('skips who has left, and takes hostile answers for what they are', async () => {
    await fixture.connect('con_1', [{ options: { text: '{name}: {unknown}' } }]);
    const people = await fixture.people('con_1', 2);
    await fixture.query(`update users set status = 'disabled' where id = $1`, [people[0]]);
    await fixture.publish('con_1', [...people, 'usr_erased']);
    fixture.answer = ({ items }) =>
      [null, { key: items[0]!.key, status: 'failed', error: { code: 'made_up', message: '\0' } }] as never;
    await fixture.drain('con_1');
    expect(fixture.reports[0]!.items.map((item) => item.text)).toEqual(['员工2: {unknown}']);
    expect(await fixture.states()).toEqual({ skipped: 2, dead: 1 });
    expect((await fixture.attempts()).map(({ error_code }) => error_code).sort()).toEqual([
      'internal',
      'skipped',
      'skipped',
    ]);
  });

  it('takes 1,000 events in one statement more, and tells of them in few', async () => {
    await fixture.connect('con_1', [{ action: 'tag' }]);
    const people = await fixture.people('con_1', 1_000);
    const query = vi.spyOn(PostgresQueryRunner.prototype, 'query');
    // A worker runs many files: what hosts of others do meanwhile is not ours.
    const statements = (): number =>
      (query.mock.contexts as PostgresQueryRunner[]).filter(
        ({ connection }) => connection === fixture.database.dataSource,
      ).length;
    try {
      await fixture.publish('con_none', people);
      const without = statements();
      query.mockClear();
      await fixture.publish('con_1', people);
      expect(statements()).toBe(without + 1);
      query.mockClear();
      await fixture.drain('con_1');
      expect(fixture.reports).toHaveLength(10);
      // Per batch of 100: what is due, the connection, the claim, the people, the record.
      expect(statements()).toBeGreaterThan(10);
      expect(statements()).toBeLessThanOrEqual(10 * 5 + 1);
    } finally {
      query.mockRestore();
    }
    expect(await fixture.states()).toEqual({ delivered: 1_000 });
  });
});
