import { setMaxListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InProcessRateLimiter } from '../src/index.js';
import { bench, json, testConnector, type Bench } from './platform.js';

const never = new AbortController().signal;
setMaxListeners(0, never);

describe('the rate limiter', () => {
  it('lets no span of the window hold more calls than the limit', async () => {
    let now = 0;
    const limiter = new InProcessRateLimiter({ clock: () => now, maxWaitMs: 0 });
    const admitted: number[] = [];
    // Bursts and pauses of a fixed pattern; a refusal is immediate, because nobody may wait.
    for (let step = 0; now < 20_000; step += 1) {
      now += step % 97 === 0 ? 700 : (step * 7) % 5;
      await limiter.acquire([{ key: 'a', limit: 10, perMs: 1_000 }], never).then(
        () => admitted.push(now),
        () => undefined,
      );
    }
    for (let i = 10; i < admitted.length; i += 1) {
      expect((admitted[i] ?? 0) - (admitted[i - 10] ?? 0)).toBeGreaterThanOrEqual(1_000);
    }
    expect(admitted.length).toBeGreaterThan(20 * 10 * 0.7);
  });

  it('makes callers wait no longer than needed', async () => {
    const limiter = new InProcessRateLimiter();
    const began = performance.now();
    const window = [{ key: 'a', limit: 10, perMs: 100 }];
    await Promise.all(Array.from({ length: 35 }, () => limiter.acquire(window, never)));
    expect(performance.now() - began).toBeGreaterThanOrEqual(295);
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it('lets waiters pass in the order they came', async () => {
    const limiter = new InProcessRateLimiter();
    const window = [{ key: 'a', limit: 1, perMs: 15 }];
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 6 }, (_, i) => limiter.acquire(window, never).then(() => order.push(i))),
    );
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('sends a newcomer to the end of the line even when a place has just become free', async () => {
    let now = 0;
    const limiter = new InProcessRateLimiter({ clock: () => now });
    const window = [{ key: 'a', limit: 1, perMs: 15 }];
    const order: string[] = [];
    await limiter.acquire(window, never);
    const waiting = limiter.acquire(window, never).then(() => {
      order.push('waiting');
      now += 1_000;
    });
    now = 1_000;
    await Promise.all([waiting, limiter.acquire(window, never).then(() => order.push('newcomer'))]);
    expect(order).toEqual(['waiting', 'newcomer']);
  });

  it('counts a call in all its windows or in none', async () => {
    const limiter = new InProcessRateLimiter();
    const narrow = { key: 'narrow', limit: 1, perMs: 60 };
    const wide = { key: 'wide', limit: 2, perMs: 60 };
    await limiter.acquire([narrow, wide], never);
    const began = performance.now();
    const blocked = limiter.acquire([narrow, wide], never);
    await limiter.acquire([wide], never);
    expect(performance.now() - began).toBeLessThan(40);
    await blocked;
    expect(performance.now() - began).toBeGreaterThanOrEqual(50);
  });

  it('lets an aborted waiter leave without costing the others a turn', async () => {
    const limiter = new InProcessRateLimiter();
    const window = [{ key: 'a', limit: 1, perMs: 40 }];
    await limiter.acquire(window, never);
    const leaver = new AbortController();
    const gone = limiter.acquire(window, leaver.signal);
    const next = limiter.acquire(window, never);
    leaver.abort();
    await expect(gone).rejects.toMatchObject({ code: 'unavailable' });
    const began = performance.now();
    await next;
    expect(performance.now() - began).toBeLessThan(70);
  });

  it('refuses a call that would wait too long, and says how long', async () => {
    const limiter = new InProcessRateLimiter({ maxWaitMs: 1_000 });
    const window = [{ key: 'hour', limit: 1, perMs: 3_600_000 }];
    await limiter.acquire(window, never);
    const error = await limiter.acquire(window, never).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'rate_limited' });
    const { retryAfterMs } = (error as { data: { retryAfterMs: number } }).data;
    expect(retryAfterMs).toBeGreaterThan(3_500_000);
    expect(retryAfterMs).toBeLessThanOrEqual(3_600_000 * 1.02);
  });

  it('holds everybody back while paused', async () => {
    const limiter = new InProcessRateLimiter();
    const window = [{ key: 'a', limit: 100, perMs: 1_000 }];
    limiter.pause(window, 60);
    const began = performance.now();
    await Promise.all([limiter.acquire(window, never), limiter.acquire(window, never)]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(58);
  });
});

describe('limits of the manifest', () => {
  let world: Bench;
  const connector = testConnector({
    maxConcurrency: 50,
    rateLimits: [
      { name: 'per app', keyFrom: ['appId'], limit: 5, perMs: 200, paths: ['/limited'] },
      {
        name: 'per endpoint',
        keyFrom: ['appId'],
        perEndpoint: true,
        limit: 3,
        perMs: 200,
        paths: ['/each/'],
      },
    ],
  });
  beforeEach(async () => {
    world = await bench({}, connector);
  });
  afterEach(() => world.close());

  const arrivals = async (calls: { path: string; id?: string; appId?: string }[]): Promise<number[]> => {
    const times: number[] = [];
    world.platform.handle = (_request, response) => {
      times.push(performance.now());
      json(response, { code: 0 });
    };
    await Promise.all(
      calls.map(({ path, id, appId }) =>
        world
          .context({ id, config: appId ? { appId } : {} })
          .http({ method: 'GET', url: `${world.platform.origin}${path}` }),
      ),
    );
    return times.map((time) => time - (times[0] ?? 0));
  };

  it('are shared by the connections of one app and not by others', async () => {
    const calls = Array.from({ length: 6 }, (_, i) => ({ path: '/limited', id: `con_${i}` }));
    expect((await arrivals(calls)).filter((time) => time > 150)).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 250));
    const apart = calls.map((call, i) => ({ ...call, appId: i % 2 ? 'app-1' : 'app-2' }));
    expect((await arrivals(apart)).filter((time) => time > 150)).toHaveLength(0);
  });

  it('count per path where they say so, and leave other paths alone', async () => {
    const calls = ['/each/a', '/each/b', '/free'].flatMap((path) =>
      Array.from({ length: 3 }, () => ({ path })),
    );
    expect((await arrivals(calls)).filter((time) => time > 150)).toHaveLength(0);
    expect((await arrivals([{ path: '/each/a' }])).length).toBe(1);
  });

  it('when the platform says stop, the other callers of that endpoint wait as well', async () => {
    let refused = 0;
    const arrived: number[] = [];
    world.platform.handle = (_request, response) => {
      arrived.push(performance.now());
      json(response, refused++ === 0 ? { code: 429 } : { code: 0 });
    };
    const get = (): Promise<unknown> =>
      world.context().http({ method: 'GET', url: `${world.platform.origin}/each/a` });
    const first = get();
    await vi.waitFor(() => expect(refused).toBe(1), { interval: 2 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([first, get()]);
    expect((arrived[1] ?? 0) - (arrived[0] ?? 0)).toBeGreaterThanOrEqual(38);
  });
});
