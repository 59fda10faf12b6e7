import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptOutcome } from './claimed-delivery.js';

const BATCH = 500;
const LARGEST_BATCH = 1_000;
const GATHER_MS = 25;
const RETRY_MS = 500;

/** Gathers what attempts did and writes it back in sets, one statement at a time, while sending goes on. */
export class WriteBack {
  private gathered: AttemptOutcome[] = [];
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;
  private writingCount = 0;

  constructor(
    private readonly write: (outcomes: readonly AttemptOutcome[]) => Promise<void>,
    private readonly options: {
      giveUpAfterMs: number;
      onWritten: (batch: readonly AttemptOutcome[]) => void;
      onLost: (error: unknown, count: number) => void;
    },
  ) {}

  /** How much is not written yet. */
  get size(): number {
    return this.gathered.length + this.writingCount;
  }

  get isIdle(): boolean {
    return this.gathered.length === 0 && this.writing === null;
  }

  add(outcome: AttemptOutcome): void {
    this.gathered.push(outcome);
    if (this.writing) return;
    if (this.gathered.length >= BATCH) this.begin();
    else this.timer ??= setTimeout(() => this.begin(), GATHER_MS);
  }

  /** Resolves when all that was added so far is written or given up. */
  async flush(): Promise<void> {
    while (!this.isIdle) {
      if (!this.writing) this.begin();
      await this.writing;
    }
  }

  private begin(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.writing || this.gathered.length === 0) return;
    const batch = this.gathered.splice(0, LARGEST_BATCH);
    this.writingCount = batch.length;
    this.writing = this.writeUntilDone(batch).finally(() => {
      this.writing = null;
      this.writingCount = 0;
      if (this.gathered.length > 0)
        this.timer ??= setTimeout(() => this.begin(), this.gathered.length >= BATCH ? 0 : GATHER_MS);
      this.options.onWritten(batch);
    });
  }

  /** After the lease is over it is of no use: others have taken the deliveries up again. */
  private async writeUntilDone(batch: AttemptOutcome[]): Promise<void> {
    const began = performance.now();
    for (;;) {
      try {
        return await this.write(batch);
      } catch (error) {
        if (performance.now() - began > this.options.giveUpAfterMs)
          return this.options.onLost(error, batch.length);
        await sleep(RETRY_MS);
      }
    }
  }
}
