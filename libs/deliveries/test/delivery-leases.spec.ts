import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeliveryFixture } from './delivery-fixture.js';
import { LocalReceiver, until, type Answer } from './local-receiver.js';

const never = new AbortController().signal;

describe('DeliveryEngine: leases', () => {
  let fixture: DeliveryFixture;
  let receivers: LocalReceiver[] = [];
  beforeAll(async () => void (fixture = await DeliveryFixture.create()));
  afterAll(() => fixture.drop());
  beforeEach(() => fixture.clear());
  afterEach(async () => {
    await Promise.all(receivers.map((receiver) => receiver.close()));
    receivers = [];
  });

  async function receiver(answer?: Answer): Promise<LocalReceiver> {
    const started = await LocalReceiver.start(answer);
    receivers.push(started);
    return started;
  }

  it('a slept engine cannot finish what was leased again, and its late success changes nothing', async () => {
    let release: () => void = () => undefined;
    const target = await receiver((_webhook, response, number) => {
      if (number === 1) release = () => void response.writeHead(200).end();
      else response.writeHead(500).end();
    });
    await fixture.subscribe(target.url);
    await fixture.publish({});
    const sleeper = fixture.engine();
    const sleeping = sleeper.drain(never);
    await until(() => target.received.length === 1);
    // As if it slept past its lease: the row is due again, and another engine takes it.
    await fixture.query('update delivery_queue set due_at = now()');
    await fixture.engine().drain(never);
    expect(target.received).toHaveLength(2);
    release();
    await sleeping;
    expect(await fixture.deliveries()).toMatchObject([{ state: 'pending', attempts: 2 }]);
    const [queued] = await fixture.query<{ lease_no: number; attempt_count: number }>(
      'select * from delivery_queue',
    );
    expect(queued).toMatchObject({ lease_no: 2, attempt_count: 1 });
  });

  it('takes up what a killed engine held when its lease ends', async () => {
    const target = await receiver();
    await fixture.subscribe(target.url);
    await fixture.publishMany(20);
    // A claim without an end is what a kill leaves behind.
    await fixture.query(
      `update delivery_queue set lease_no = lease_no + 1, leased_until = now() + interval '400 ms', due_at = now() + interval '400 ms'`,
    );
    const engine = fixture.engine();
    const nextMs = await engine.drain(never);
    expect(target.received).toHaveLength(0);
    expect(nextMs).toBeGreaterThan(0);
    await sleep(nextMs!);
    await engine.drain(never);
    expect(new Set(target.ids).size).toBe(20);
    expect(target.received).toHaveLength(20);
  });

  it('takes it up at once when it is alone, and never again what it holds itself', async () => {
    let answer: () => void = () => undefined;
    const target = await receiver((_webhook, response, number) => {
      if (number === 1) answer = () => void response.writeHead(200).end();
      else response.writeHead(200).end();
    });
    await fixture.subscribe(target.url);
    await fixture.publishMany(2);
    await fixture.query(
      `update delivery_queue set lease_no = lease_no + 1, leased_until = now() + interval '1 hour', due_at = now() + interval '1 hour'`,
    );
    const engine = fixture.engine({ alone: true });
    const draining = engine.drain(never);
    await until(() => target.received.length === 2);
    const second = engine.drain(never);
    answer();
    await Promise.all([draining, second]);
    expect(target.received).toHaveLength(2);
    expect(await fixture.states()).toEqual({ delivered: 2 });
  });

  it('alone, goes on at once when the database that failed is back', async () => {
    const target = await receiver(
      (_webhook, response) => void setTimeout(() => response.writeHead(200).end(), 20),
    );
    await fixture.subscribe(target.url);
    await fixture.publishMany(200);
    const warned: string[] = [];
    const log = (_level: string, message: string): void => void warned.push(message);
    const engine = fixture.engine({ alone: true, leaseMs: 3_600_000, concurrency: 4, log });
    const draining = engine.drain(never);
    await until(() => target.received.length > 20);
    const { dataSource } = fixture.database;
    const query = dataSource.query.bind(dataSource);
    const broken = vi.spyOn(dataSource, 'query').mockRejectedValue(new Error('the database is gone'));
    // It goes on trying to record what was sent; the leases of what was not it can only leave.
    await until(() => warned.includes('leases could not be given back; they end by themselves'));
    broken.mockImplementation(query);
    await expect(draining).rejects.toThrow('the database is gone');
    await engine.drain(never);
    broken.mockRestore();
    expect(new Set(target.ids).size).toBe(200);
    expect(await fixture.states()).toEqual({ delivered: 200 });
  });

  it('two engines share the work without sending anything twice', async () => {
    const target = await receiver();
    await fixture.subscribe(target.url);
    await fixture.publishMany(1_000);
    await Promise.all([fixture.engine().drain(never), fixture.engine().drain(never)]);
    expect(target.received).toHaveLength(1_000);
    expect(new Set(target.ids).size).toBe(1_000);
    expect(await fixture.states()).toEqual({ delivered: 1_000 });
  });

  it('a database that is slow to record does not make it send again', async () => {
    const target = await receiver();
    await fixture.subscribe(target.url);
    await fixture.publishMany(50);
    const blocker = fixture.database.dataSource.createQueryRunner();
    await blocker.startTransaction();
    await blocker.query('lock table delivery_attempts in exclusive mode');
    const draining = fixture.engine({ leaseMs: 1_600 }).drain(never);
    await until(() => target.received.length === 50);
    await sleep(2_500);
    await blocker.rollbackTransaction();
    await blocker.release();
    await draining;
    expect(target.received).toHaveLength(50);
    expect(await fixture.states()).toEqual({ delivered: 50 });
    expect(await fixture.query('select max(attempt_no) from delivery_attempts')).toEqual([{ max: 1 }]);
  });

  it('outlives the loss of every database connection', async () => {
    const target = await receiver(
      (_webhook, response) => void setTimeout(() => response.writeHead(200).end(), 20),
    );
    await fixture.subscribe(target.url);
    await fixture.publishMany(300);
    const engine = fixture.engine({ leaseMs: 2_000, concurrency: 16 });
    const draining = engine.drain(never);
    await until(() => target.received.length > 50);
    await fixture.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
    // The job queue would start it again as well.
    await draining.catch(() => undefined);
    await until(async () => {
      await engine.drain(never).catch(() => undefined);
      return (await fixture.states()).delivered === 300;
    }, 10_000);
    expect(new Set(target.ids).size).toBe(300);
  });

  it('on shutdown ends what is under way and gives the rest back', async () => {
    const target = await receiver(
      (_webhook, response) => void setTimeout(() => response.writeHead(200).end(), 100),
    );
    await fixture.subscribe(target.url);
    await fixture.publishMany(100);
    const stop = new AbortController();
    const draining = fixture.engine({ concurrency: 4 }).drain(stop.signal);
    await until(() => target.received.length === 4);
    stop.abort();
    await draining;
    const sent = target.received.length;
    expect(sent).toBeLessThan(20);
    expect(await fixture.states()).toEqual({ delivered: sent, pending: 100 - sent });
    await fixture.engine().drain(never);
    expect(target.received).toHaveLength(100);
  });
});
