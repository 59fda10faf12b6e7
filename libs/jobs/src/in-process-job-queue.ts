import type { JsonObject } from '@trainbridge/connector-kit';
import { JobQueue, type JobHandler, type WakeOptions } from './job-queue.js';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

interface Slot {
  key: string;
  data: JsonObject;
  dueAt: number;
  timer: NodeJS.Timeout | null;
  failures: number;
  running: boolean;
  /** Woken while running, or waiting for its time or for a free place. */
  waiting: boolean;
}

interface Queue {
  name: string;
  handler: JobHandler;
  concurrency: number;
  running: number;
  slots: Map<string, Slot>;
  /** Due slots in the order they became due. */
  ready: Slot[];
}

export interface InProcessJobQueueOptions {
  onError?: (
    error: unknown,
    job: { queue: string; key: string; failures: number; retryInMs: number },
  ) => void;
}

/** Runs the jobs in this process: the driver of the embedded default and of tests. */
export class InProcessJobQueue extends JobQueue {
  private readonly queues = new Map<string, Queue>();
  private readonly intervals: { queue: string; key: string; intervalMs: number }[] = [];
  private readonly intervalTimers: NodeJS.Timeout[] = [];
  private readonly abort = new AbortController();
  private readonly active = new Set<Promise<void>>();
  private started = false;

  constructor(private readonly options: InProcessJobQueueOptions = {}) {
    super();
  }

  override process(queue: string, { concurrency }: { concurrency: number }, handler: JobHandler): void {
    if (this.queues.has(queue)) throw new Error(`queue ${queue} already has a handler`);
    this.queues.set(queue, { name: queue, handler, concurrency, running: 0, slots: new Map(), ready: [] });
  }

  override async wake(
    queueName: string,
    key: string,
    { data = {}, delayMs = 0 }: WakeOptions = {},
  ): Promise<void> {
    const queue = this.queues.get(queueName);
    if (!queue) throw new Error(`queue ${queueName} has no handler`);
    if (this.abort.signal.aborted) return;
    const dueAt = Date.now() + delayMs;
    const slot = queue.slots.get(key);
    if (!slot) {
      const created: Slot = { key, data, dueAt, timer: null, failures: 0, running: false, waiting: true };
      queue.slots.set(key, created);
      this.schedule(queue, created);
      return;
    }
    slot.data = data;
    if (slot.waiting && dueAt >= slot.dueAt) return;
    slot.dueAt = dueAt;
    slot.waiting = true;
    if (!slot.running) this.schedule(queue, slot);
  }

  override every(queue: string, key: string, intervalMs: number): void {
    this.intervals.push({ queue, key, intervalMs });
    if (this.started) this.startInterval({ queue, key, intervalMs });
  }

  override async start(): Promise<void> {
    if (this.started) return;
    this.started = true;
    for (const interval of this.intervals) this.startInterval(interval);
    for (const queue of this.queues.values()) this.pump(queue);
  }

  override async close(): Promise<void> {
    this.abort.abort();
    for (const timer of this.intervalTimers) clearInterval(timer);
    for (const queue of this.queues.values()) {
      for (const slot of queue.slots.values()) if (slot.timer) clearTimeout(slot.timer);
      queue.ready = [];
    }
    await Promise.allSettled(this.active);
  }

  private startInterval({
    queue,
    key,
    intervalMs,
  }: {
    queue: string;
    key: string;
    intervalMs: number;
  }): void {
    void this.wake(queue, key);
    const timer = setInterval(() => void this.wake(queue, key), intervalMs);
    timer.unref();
    this.intervalTimers.push(timer);
  }

  private schedule(queue: Queue, slot: Slot): void {
    if (slot.timer) clearTimeout(slot.timer);
    slot.timer = null;
    const waitMs = slot.dueAt - Date.now();
    if (waitMs > 0) {
      slot.timer = setTimeout(() => this.schedule(queue, slot), Math.min(waitMs, 2 ** 31 - 1));
      return;
    }
    if (!queue.ready.includes(slot)) queue.ready.push(slot);
    this.pump(queue);
  }

  private pump(queue: Queue): void {
    while (this.started && !this.abort.signal.aborted && queue.running < queue.concurrency) {
      const slot = queue.ready.shift();
      if (!slot) return;
      const run = this.run(queue, slot).finally(() => this.active.delete(run));
      this.active.add(run);
    }
  }

  private async run(queue: Queue, slot: Slot): Promise<void> {
    queue.running += 1;
    slot.running = true;
    slot.waiting = false;
    try {
      await queue.handler({ queue: queue.name, key: slot.key, data: slot.data, signal: this.abort.signal });
      slot.failures = 0;
    } catch (error) {
      slot.failures += 1;
      const retryInMs = Math.min(FIRST_RETRY_MS * 2 ** (slot.failures - 1), LAST_RETRY_MS);
      if (!this.abort.signal.aborted) {
        this.options.onError?.(error, {
          queue: queue.name,
          key: slot.key,
          failures: slot.failures,
          retryInMs,
        });
        if (!slot.waiting) slot.dueAt = Date.now() + retryInMs;
        slot.waiting = true;
      }
    } finally {
      queue.running -= 1;
      slot.running = false;
      if (slot.waiting) this.schedule(queue, slot);
      else queue.slots.delete(slot.key);
      this.pump(queue);
    }
  }
}
