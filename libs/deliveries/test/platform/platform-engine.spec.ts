import { ConnectorError, type ErrorCode, type ItemOutcome } from '@trainbridge/connector-kit';
import { notFound } from '@trainbridge/http-api';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { allDone, PlatformFixture } from './platform-fixture.js';

interface AttemptRow {
  delivery_id: string;
  attempt_no: number;
  error_code: string | null;
  error: string | null;
  vendor: { vendorCode?: string; advice?: { en: string } } | null;
}

describe('telling platforms', () => {
  let fixture: PlatformFixture;
  beforeAll(async () => void (fixture = await PlatformFixture.create()));
  afterAll(() => fixture.database.drop());
  beforeEach(() => fixture.clear());

  const keysOf = (index: number): string[] => fixture.reports[index]!.items.map(({ key }) => key);
  const attempts = (): Promise<AttemptRow[]> =>
    fixture.query(`select * from delivery_attempts order by delivery_id, attempt_no`);
  const failing =
    (code: ErrorCode, more: object = {}) =>
    ({ items }: { items: { key: string }[] }): ItemOutcome[] =>
      items.map(({ key }) => ({
        key,
        status: 'failed',
        error: { code, message: `it is ${code}, s3cret`, ...more },
      }));

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
    expect(await attempts()).toHaveLength(7);
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
    const byKey = new Map((await attempts()).map((attempt) => [attempt.delivery_id, attempt]));
    const told = keysOf(0).map((key) => byKey.get(key)!);
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
    expect(await attempts()).toHaveLength(4);
  });

  it('repeats a call whose outcome nobody knows with the same items in the same order, and others by themselves', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 3));
    fixture.answer = () => {
      throw new ConnectorError('unavailable', 'the answer did not come');
    };
    await fixture.drain('con_1');
    await fixture.publish('con_1', ['usr_con_1_1', 'usr_con_1_2']);
    fixture.answer = ({ items }) => allDone(items);
    await fixture.hurry();
    await fixture.drain('con_1');
    expect(keysOf(1)).toEqual(keysOf(0));
    expect(fixture.reports.map(({ items }) => items.length)).toEqual([3, 3, 2]);
    expect(await fixture.states()).toEqual({ delivered: 5 });
  });

  it('loses nothing when the process dies between sending and recording, and repeats the very batch', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 5));
    // The process is gone the moment the platform has taken it: nothing is recorded, the lease stays behind.
    const dying = fixture.engine({ leaseMs: 700 });
    vi.spyOn(dying.queue, 'record').mockImplementation(() => new Promise(() => undefined));
    vi.spyOn(dying.queue, 'renew').mockResolvedValue();
    void fixture.drain('con_1', dying);
    while (fixture.reports.length === 0) await sleep(5);
    const next = fixture.engine();
    const nextMs = await fixture.drain('con_1', next);
    // What it did not hold goes out at once; what it held when the lease is over.
    expect(fixture.reports.map(({ items }) => items.length)).toEqual([3, 2]);
    expect(nextMs).toBeGreaterThan(0);
    await sleep(nextMs!);
    await fixture.drain('con_1', next);
    expect(keysOf(2)).toEqual(keysOf(0));
    expect(await fixture.states()).toEqual({ delivered: 5 });
  });

  it('a sleeper cannot finish what was leased again', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 1));
    let wakeUp: () => void = () => undefined;
    fixture.answer = ({ items }) =>
      new Promise((resolve) => {
        wakeUp = () => resolve(allDone(items));
      });
    const sleeper = fixture.drain('con_1');
    while (fixture.reports.length === 0) await sleep(5);
    await fixture.query(`update platform_delivery_queue set due_at = now(), leased_until = now()`);
    const wakeSleeper = wakeUp;
    fixture.answer = failing('unavailable');
    await fixture.drain('con_1');
    wakeSleeper();
    await sleeper;
    expect(await fixture.states()).toEqual({ pending: 1 });
    expect((await attempts()).map(({ attempt_no, error_code }) => [attempt_no, error_code])).toEqual([
      [1, null],
      [2, 'unavailable'],
    ]);
  });

  it('a stopped process gives a batch back whole', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 2));
    const stop = new AbortController();
    fixture.answer = (_report, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const draining = fixture.engine().drain('con_1', stop.signal);
    while (fixture.reports.length === 0) await sleep(5);
    stop.abort();
    await draining;
    expect(await fixture.states()).toEqual({ pending: 2 });
    expect(await attempts()).toEqual([]);
    fixture.answer = ({ items }) => allDone(items);
    await fixture.drain('con_1');
    expect(keysOf(1)).toEqual(keysOf(0));
    expect(await fixture.states()).toEqual({ delivered: 2 });
  });

  it('a connector that never answers is left after a while, and its batch tried again', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 1));
    fixture.answer = () => new Promise(() => undefined);
    await fixture.drain('con_1', fixture.engine({ callMs: 100 }));
    expect(await fixture.states()).toEqual({ pending: 1 });
    expect((await attempts())[0]).toMatchObject({ error_code: 'unavailable' });
  });

  it('one bad neighbour costs the others nothing; bad credentials end at once, with advice', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 3));
    fixture.answer = ({ items }) => {
      if (items.some(({ recipient }) => recipient.externalId === 'P2'))
        throw new ConnectorError('input_invalid', 'one of them cannot be told');
      return allDone(items);
    };
    await fixture.drain('con_1');
    expect(await fixture.states()).toEqual({ delivered: 2, dead: 1 });
    expect(fixture.reports.map(({ items }) => items.length)).toEqual([3, 1, 1, 1]);
    await fixture.publish('con_1', ['usr_con_1_1', 'usr_con_1_3']);
    fixture.answer = () => {
      throw new ConnectorError('auth_failed', 'bad s3cret', {
        advice: { en: 'look here', 'zh-CN': '看这里' },
      });
    };
    await fixture.drain('con_1');
    expect(await fixture.states()).toEqual({ delivered: 2, dead: 3 });
    expect((await attempts()).at(-1)).toMatchObject({
      error_code: 'auth_failed', error: 'bad ***', vendor: { advice: { en: 'look here' } },
    }); // prettier-ignore
  });

  it('does not split what could be done twice', async () => {
    await fixture.connect('con_1', [{ action: 'record' }]);
    await fixture.publish('con_1', await fixture.people('con_1', 3));
    fixture.answer = () => {
      throw new TypeError('a fault of the connector with s3cret in it');
    };
    await fixture.drain('con_1');
    expect(fixture.reports).toHaveLength(1);
    expect(await fixture.states()).toEqual({ dead: 3 });
    expect((await attempts())[0]).toMatchObject({
      error_code: 'internal',
      error: 'the connector failed: TypeError',
    });
  });

  it('leaves a platform that is down alone and spends no retries meanwhile', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 9));
    fixture.answer = () => {
      throw new ConnectorError('unavailable', 'down');
    };
    const engine = fixture.engine({ breaker: { threshold: 3, firstPauseMs: 300, longestPauseMs: 300 } });
    const pauseMs = await fixture.drain('con_1', engine);
    expect(fixture.reports).toHaveLength(1);
    expect(pauseMs).toBeGreaterThan(100);
    await sleep(pauseMs!);
    await fixture.drain('con_1', engine);
    expect(fixture.reports).toHaveLength(2);
    const spent = await fixture.query<{ attempt_count: number }>(
      `select attempt_count from platform_delivery_queue order by sequence`,
    );
    expect(spent.map(({ attempt_count }) => attempt_count)).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0]);
    fixture.answer = ({ items }) => allDone(items);
    engine.probeNow('con_1');
    await fixture.hurry();
    await fixture.drain('con_1', engine);
    expect(await fixture.states()).toEqual({ delivered: 9 });
  });

  it('sees an outage that is told item by item, and is not misled by one item', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 6));
    const engine = fixture.engine({
      breaker: { threshold: 3, firstPauseMs: 60_000, longestPauseMs: 60_000 },
    });
    fixture.answer = ({ items }) => [
      ...allDone(items.slice(1)),
      ...failing('unavailable')({ items: [items[0]!] }),
    ];
    await fixture.drain('con_1', engine);
    expect(await fixture.states()).toEqual({ delivered: 4, pending: 2 });
    await fixture.publish('con_1', ['usr_con_1_1', 'usr_con_1_2', 'usr_con_1_3']);
    fixture.answer = failing('unavailable');
    expect(await fixture.drain('con_1', engine)).toBeGreaterThan(50_000);
    engine.probeNow('con_1');
    await fixture.hurry();
    await fixture.drain('con_1', engine);
    const spent = await fixture.query<{ attempt_count: number }>(
      `select attempt_count from platform_delivery_queue order by sequence`,
    );
    expect(spent.map(({ attempt_count }) => attempt_count)).toEqual([1, 1, 1, 1, 1]);
  });

  it('a rate limit stops the connection for as long as the platform asks', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 6));
    fixture.answer = () => {
      throw new ConnectorError('rate_limited', 'slow down', { retryAfterMs: 60_000 });
    };
    const waitMs = await fixture.drain('con_1');
    expect(fixture.reports).toHaveLength(1);
    expect(waitMs).toBeGreaterThanOrEqual(60_000);
    expect(await fixture.states()).toEqual({ pending: 6 });
  });

  it('one dead platform holds up nobody else', async () => {
    await fixture.connect('con_dead', [{}]);
    await fixture.connect('con_live', [{}]);
    await fixture.publish('con_dead', await fixture.people('con_dead', 3));
    await fixture.publish('con_live', await fixture.people('con_live', 3));
    fixture.answer = ({ connectionId, items }) =>
      connectionId === 'con_dead' ? new Promise(() => undefined) : allDone(items);
    const engine = fixture.engine({ callMs: 2_000 });
    const dead = fixture.drain('con_dead', engine);
    await fixture.drain('con_live', engine);
    expect(await fixture.states()).toEqual({ delivered: 3, sending: 3 });
    await dead;
  });

  it('waits while a connection cannot be opened', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 1));
    const warned: string[] = [];
    const engine = fixture.engine({
      open: async () => Promise.reject(new ConnectorError('unavailable', 'not loaded')),
      log: (_level, message) => void warned.push(message),
    });
    expect(await fixture.drain('con_1', engine)).toBeGreaterThan(50_000);
    expect(warned).toHaveLength(1);
    expect(await fixture.states()).toEqual({ pending: 1 });
    engine.probeNow('con_1');
    expect(await fixture.drain('con_1', engine)).toBeGreaterThan(50_000);
    expect(warned).toHaveLength(2);
  });

  it('cancels what was made for a connection while it was being deleted', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 1));
    const engine = fixture.engine({ open: async () => Promise.reject(notFound('connection', 'con_1')) });
    expect(await fixture.drain('con_1', engine)).toBeNull();
    expect(await fixture.states()).toEqual({ canceled: 1 });
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
    expect((await attempts()).map(({ error_code }) => error_code).sort()).toEqual([
      'internal',
      'skipped',
      'skipped',
    ]);
  });

  it('takes 1,000 events in one statement more, and tells of them in few', async () => {
    await fixture.connect('con_1', [{ action: 'tag' }]);
    const people = await fixture.people('con_1', 1_000);
    const statements = vi.spyOn(PostgresQueryRunner.prototype, 'query');
    try {
      await fixture.publish('con_none', people);
      const without = statements.mock.calls.length;
      statements.mockClear();
      await fixture.publish('con_1', people);
      expect(statements.mock.calls.length).toBe(without + 1);
      statements.mockClear();
      await fixture.drain('con_1');
      expect(fixture.reports).toHaveLength(10);
      // Per batch of 100: what is due, the connection, the claim, the people, the record.
      expect(statements.mock.calls.length).toBeLessThanOrEqual(10 * 5 + 1);
    } finally {
      statements.mockRestore();
    }
    expect(await fixture.states()).toEqual({ delivered: 1_000 });
  });
});
