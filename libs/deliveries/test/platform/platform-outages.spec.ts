import { ConnectorError } from '@trainbridge/connector-kit';
import { notFound } from '@trainbridge/http-api';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { allDone, failing, PlatformFixture } from './platform-fixture.js';

describe('telling platforms: kills and outages', () => {
  let fixture: PlatformFixture;
  beforeAll(async () => void (fixture = await PlatformFixture.create()));
  afterAll(() => fixture.database.drop());
  beforeEach(() => fixture.clear());

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
    expect(fixture.keysOf(1)).toEqual(fixture.keysOf(0));
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
    expect(fixture.keysOf(2)).toEqual(fixture.keysOf(0));
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
    expect((await fixture.attempts()).map(({ attempt_no, error_code }) => [attempt_no, error_code])).toEqual([
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
    expect(await fixture.attempts()).toEqual([]);
    fixture.answer = ({ items }) => allDone(items);
    await fixture.drain('con_1');
    expect(fixture.keysOf(1)).toEqual(fixture.keysOf(0));
    expect(await fixture.states()).toEqual({ delivered: 2 });
  });

  it('a connector that never answers is left after a while, and its batch tried again', async () => {
    await fixture.connect('con_1', [{}]);
    await fixture.publish('con_1', await fixture.people('con_1', 1));
    fixture.answer = () => new Promise(() => undefined);
    await fixture.drain('con_1', fixture.engine({ callMs: 100 }));
    expect(await fixture.states()).toEqual({ pending: 1 });
    expect((await fixture.attempts())[0]).toMatchObject({ error_code: 'unavailable' });
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
    expect((await fixture.attempts()).at(-1)).toMatchObject({
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
    expect((await fixture.attempts())[0]).toMatchObject({
      error_code: 'internal',
      error: 'The connector failed with TypeError.',
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
});
