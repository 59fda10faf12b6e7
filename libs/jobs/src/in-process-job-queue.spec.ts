import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InProcessJobQueue } from './in-process-job-queue.js';

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error('did not happen within 2 s');
    await sleep(5);
  }
}

describe('InProcessJobQueue', () => {
  it('merges wakes of one key that wait, and runs once more for a wake that comes while it runs', async () => {
    const jobs = new InProcessJobQueue();
    let release: () => void = () => undefined;
    const runs: unknown[] = [];
    jobs.process('drain', { concurrency: 2 }, async ({ data }) => {
      runs.push(data.n);
      await new Promise<void>((resolve) => (release = resolve));
    });
    await jobs.wake('drain', 'a', { data: { n: 1 } });
    await jobs.wake('drain', 'a', { data: { n: 2 } });
    await jobs.start();
    await until(() => runs.length === 1);
    await jobs.wake('drain', 'a', { data: { n: 3 } });
    await jobs.wake('drain', 'a', { data: { n: 4 } });
    await sleep(20);
    expect(runs).toEqual([2]);
    release();
    await until(() => runs.length === 2);
    expect(runs).toEqual([2, 4]);
    release();
    await jobs.close();
  });

  it('runs at most `concurrency` keys at once', async () => {
    const jobs = new InProcessJobQueue();
    let now = 0;
    let most = 0;
    let done = 0;
    jobs.process('work', { concurrency: 3 }, async () => {
      most = Math.max(most, ++now);
      await sleep(5);
      now -= 1;
      done += 1;
    });
    await jobs.start();
    for (let i = 0; i < 12; i++) await jobs.wake('work', `k${i}`);
    await until(() => done === 12);
    expect(most).toBe(3);
    await jobs.close();
  });

  it('an earlier wake brings a waiting job forward, a later one does not put it off', async () => {
    const jobs = new InProcessJobQueue();
    const runs: number[] = [];
    jobs.process('later', { concurrency: 1 }, async () => void runs.push(Date.now()));
    await jobs.start();
    const begin = Date.now();
    await jobs.wake('later', 'a', { delayMs: 5_000 });
    await jobs.wake('later', 'a', { delayMs: 20 });
    await jobs.wake('later', 'a', { delayMs: 9_000 });
    await until(() => runs.length === 1);
    expect(runs[0]! - begin).toBeLessThan(1_000);
    await jobs.close();
  });

  it('wakes a failed job again after a pause and tells about it', async () => {
    const errors: unknown[] = [];
    const jobs = new InProcessJobQueue({
      onError: (error, job) => errors.push([(error as Error).message, job.retryInMs]),
    });
    let tries = 0;
    jobs.process('flaky', { concurrency: 1 }, async () => {
      if (++tries === 1) throw new Error('first time');
    });
    await jobs.start();
    await jobs.wake('flaky', 'a');
    await until(() => tries === 2);
    expect(errors).toEqual([['first time', 1_000]]);
    await jobs.close();
  });

  it('close aborts the signal and waits for what runs', async () => {
    const jobs = new InProcessJobQueue();
    let ended = false;
    jobs.process('long', { concurrency: 1 }, async ({ signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      await sleep(10);
      ended = true;
    });
    await jobs.start();
    await jobs.wake('long', 'a');
    await sleep(5);
    await jobs.close();
    expect(ended).toBe(true);
    await jobs.wake('long', 'b');
  });

  it('`every` wakes at start and again', async () => {
    const jobs = new InProcessJobQueue();
    let ticks = 0;
    jobs.process('tick', { concurrency: 1 }, async () => void ticks++);
    jobs.every('tick', 'sweep', 10);
    expect(ticks).toBe(0);
    await jobs.start();
    await until(() => ticks >= 3);
    await jobs.close();
  });
});
