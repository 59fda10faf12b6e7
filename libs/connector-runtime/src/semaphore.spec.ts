import { describe, expect, it } from 'vitest';
import { Semaphore } from './semaphore.js';

const never = new AbortController().signal;

describe('the semaphore', () => {
  it('gives no place to a waiter that left', async () => {
    const places = new Semaphore(1);
    const release = await places.acquire(never);
    const leaver = new AbortController();
    const gone = places.acquire(leaver.signal);
    const next = places.acquire(never);
    leaver.abort();
    await expect(gone).rejects.toMatchObject({ code: 'unavailable' });
    release();
    (await next)();
    expect(places.idle).toBe(true);
  });

  it('takes a place back once, however often it is given', async () => {
    const places = new Semaphore(1);
    const release = await places.acquire(never);
    release();
    release();
    await places.acquire(never);
    const second = places.acquire(AbortSignal.timeout(20));
    await expect(second).rejects.toMatchObject({ code: 'unavailable' });
  });
});
