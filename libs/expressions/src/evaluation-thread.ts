import { Worker } from 'node:worker_threads';
import type { EvaluatedRecord, PageAnswer, PageMessage } from './messages.js';

/** Why a thread was ended in the middle of a page, and what it was doing (null: nothing of ours). */
export interface Overrun {
  reason: 'time' | 'memory' | 'total';
  at: { record: number; field: number } | null;
}

export type PageResult = { records: EvaluatedRecord[] } | { overrun: Overrun };

export interface PageLimits {
  /** How long one expression may take on one record. */
  recordMs: number;
  /** When the whole batch must be over (`performance.now()`). */
  deadline: number;
}

const WATCH_EVERY_MS = 20;
const IDLE = -1;

/**
 * One worker thread, watched from outside through shared memory: even an expression that never gives the thread back is
 * seen and ended. After an overrun the thread is gone; make a new one.
 */
export class EvaluationThread {
  private readonly progress = new Int32Array(new SharedArrayBuffer(12));
  private readonly worker: Worker;
  private readonly knownBatches = new Set<number>();

  constructor(memoryMb: number) {
    Atomics.store(this.progress, 0, IDLE);
    this.worker = new Worker(new URL('./evaluation-worker.js', import.meta.url), {
      workerData: { progress: this.progress.buffer },
      env: {},
      execArgv: [],
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    // Whoever waits for a page hears of it; in between there is nobody to tell.
    this.worker.on('error', () => undefined);
    this.worker.unref();
  }

  /** True once, for the first page of a batch. */
  needsSetup(batch: number): boolean {
    if (this.knownBatches.has(batch)) return false;
    this.knownBatches.clear();
    this.knownBatches.add(batch);
    return true;
  }

  async run(message: PageMessage, limits: PageLimits): Promise<PageResult> {
    this.worker.ref();
    try {
      const result = await this.exchange(message, limits);
      if ('overrun' in result) await this.end();
      return result;
    } finally {
      this.worker.unref();
    }
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private exchange(message: PageMessage, { recordMs, deadline }: PageLimits): Promise<PageResult> {
    return new Promise((resolve) => {
      let step = Atomics.load(this.progress, 2);
      let since = performance.now();
      const watch = setInterval(() => {
        const now = performance.now();
        const stepNow = Atomics.load(this.progress, 2);
        const working = this.position();
        if (stepNow !== step || !working) [step, since] = [stepNow, now];
        if (working && now - since > recordMs) settle({ overrun: { reason: 'time', at: working } });
        else if (now > deadline) settle({ overrun: { reason: 'total', at: working } });
      }, WATCH_EVERY_MS);
      const onMessage = (answer: PageAnswer): void => settle({ records: answer.records });
      // Only running out of memory ends the thread by itself.
      const onGone = (): void => settle({ overrun: { reason: 'memory', at: this.position() } });
      const settle = (result: PageResult): void => {
        clearInterval(watch);
        this.worker.off('message', onMessage).off('error', onGone).off('exit', onGone);
        resolve(result);
      };
      this.worker.on('message', onMessage).on('error', onGone).on('exit', onGone);
      this.worker.postMessage(message);
    });
  }

  private position(): { record: number; field: number } | null {
    const record = Atomics.load(this.progress, 0);
    return record === IDLE ? null : { record, field: Atomics.load(this.progress, 1) };
  }
}
