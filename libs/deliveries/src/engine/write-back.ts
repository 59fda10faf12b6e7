import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptOutcome } from './claimed-delivery.js';

const BATCH = 500;
const GATHER_MS = 15;
const RETRY_MS = 500;

/** Gathers what attempts did and writes it back in sets, one statement at a time, while sending goes on. */
export class WriteBack {
  private gathered: AttemptOutcome[] = [];
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly write: (outcomes: readonly AttemptOutcome[]) => Promise<void>,
    private readonly options: { giveUpAfterMs: number; onWritten: () => void; onLost: (error: unknown, count: number) => void },
  ) {}

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
    const batch = this.gathered;
    this.gathered = [];
    this.writing = this.writeUntilDone(batch).finally(() => {
      this.writing = null;
      if (this.gathered.length > 0) this.timer ??= setTimeout(() => this.begin(), this.gathered.length >= BATCH ? 0 : GATHER_MS);
      this.options.onWritten();
    });
  }

  /** After the lease is over it is of no use: others have taken the deliveries up again. */
  private async writeUntilDone(batch: AttemptOutcome[]): Promise<void> {
    const began = performance.now();
    for (;;) {
      try {
        return await this.write(batch);
      } catch (error) {
        if (performance.now() - began > this.options.giveUpAfterMs) return this.options.onLost(error, batch.length);
        await sleep(RETRY_MS);
      }
    }
  }
}
