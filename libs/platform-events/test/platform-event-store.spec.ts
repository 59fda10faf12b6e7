import type { PlatformEvent } from '@trainbridge/connector-kit';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlatformEventStore, type EventResult } from '../src/platform-event-store.js';

const RAW = { method: 'POST', queryString: '', headers: { cookie: 'c', 'x-a': 'b' }, bodyBase64: 'aGk=' };

describe('PlatformEventStore', () => {
  let database: TestDatabase;
  let store: PlatformEventStore;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = new PlatformEventStore(database.dataSource);
  });
  afterAll(() => database?.drop());
  beforeEach(() => database.dataSource.query('truncate platform_messages, platform_events'));

  const event = (key: string): PlatformEvent => ({
    key,
    kind: 'other',
    ids: [key],
    time: Date.now(),
    data: {},
  });
  const expireLeases = (): Promise<unknown> =>
    database.dataSource.query(`update platform_events set next_attempt_at = now() - interval '1 second'`);
  const result = (id: string, attempt: number, status: EventResult['status']): EventResult => ({
    id,
    attempt,
    status,
    detail: null,
    error: null,
    delayMs: 0,
    uncounted: false,
  });

  it('counts what is new, drops repeats within one message too, and keeps no message for nothing new', async () => {
    expect(await store.accept('con_a', RAW, [event('1'), event('2'), event('1')])).toBe(2);
    expect(await store.accept('con_a', RAW, [event('2')])).toBe(0);
    expect(await store.accept('con_b', RAW, [event('2')])).toBe(1);
    const messages = await database.dataSource.query('select headers from platform_messages');
    expect(messages).toEqual([{ headers: { 'x-a': 'b' } }, { headers: { 'x-a': 'b' } }]);
  });

  it('takes one event once when the same callback comes twice at the same moment', async () => {
    const counts = await Promise.all(
      Array.from({ length: 8 }, () => store.accept('con_a', RAW, [event('1')])),
    );
    expect(counts.sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('leases what it claims, and a worker that slept cannot finish what was leased again', async () => {
    await store.accept('con_a', RAW, [event('1')]);
    const [first] = await store.claim('con_a');
    expect(await store.claim('con_a')).toEqual([]);
    await expireLeases();
    const [second] = await store.claim('con_a');
    expect([first!.attempt, second!.attempt]).toEqual([1, 2]);
    await store.finish([result(first!.id, first!.attempt, 'dead')]);
    const status = async (): Promise<string> =>
      (await database.dataSource.query('select status from platform_events'))[0].status;
    expect(await status()).toBe('pending');
    await store.finish([result(second!.id, second!.attempt, 'applied')]);
    expect(await status()).toBe('applied');
    await expireLeases();
    expect(await store.claim('con_a')).toEqual([]);
  });

  it('an extended lease holds; an expired one that was taken over is not extended', async () => {
    await store.accept('con_a', RAW, [event('1')]);
    const first = await store.claim('con_a');
    await expireLeases();
    await store.extendLease(first);
    expect(await store.claim('con_a')).toEqual([]);
    expect(await store.connectionsDue()).toEqual([]);
    await expireLeases();
    expect(await store.connectionsDue()).toEqual(['con_a']);
    const second = await store.claim('con_a');
    await expireLeases();
    await store.extendLease(first);
    expect((await store.claim('con_a')).length).toBe(second.length);
  });

  it('removes what ended long ago, and never what is dead or waits', async () => {
    await store.accept('con_a', RAW, [event('done')]);
    await store.accept('con_a', RAW, [event('dead')]);
    await store.accept('con_a', RAW, [event('waits')]);
    const claimed = await store.claim('con_a');
    const by = (key: string): EventResult =>
      result(claimed.find(({ ids }) => ids[0] === key)!.id, 1, 'applied');
    await store.finish([by('done'), { ...by('dead'), status: 'dead' }]);
    expect(await store.removeOld(30, 100)).toBe(0);
    await database.dataSource.query(`update platform_messages set received_at = now() - interval '31 days'`);
    expect(await store.removeOld(30, 100)).toBe(1);
    const left = await database.dataSource.query('select key from platform_events order by key');
    expect(left).toEqual([{ key: 'dead' }, { key: 'waits' }]);
  });
});
