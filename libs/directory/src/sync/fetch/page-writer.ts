import type { StagedBatch } from '../stage/staged-records.js';
import type { WalkProgress } from '../stage/staging.js';

/** What one walk has to save: pages it read, or that it ended. */
export interface FinishedPage extends WalkProgress {
  batch: StagedBatch;
}

export interface PageWriterOptions {
  write(batch: StagedBatch, walks: WalkProgress[]): Promise<void>;
  /** Records that make a flush worth it. */
  flushRecords?: number;
  /** The longest a page waits for company, milliseconds. */
  flushAfterMs?: number;
  /** Records that may wait in memory before walks are held up. */
  maxWaiting?: number;
}

/**
 * Commits pages of many walks together. Two thousand small departments would otherwise be two thousand transactions;
 * what is not yet written at a crash is simply read again, because each walk's cursor is saved with its records.
 */
export class PageWriter {
  private waiting: FinishedPage[] = [];
  private waitingRecords = 0;
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> | null = null;
  private failure: unknown = null;
  private readonly flushRecords: number;
  private readonly flushAfterMs: number;
  private readonly maxWaiting: number;

  constructor(private readonly options: PageWriterOptions) {
    this.flushRecords = options.flushRecords ?? 1_000;
    this.flushAfterMs = options.flushAfterMs ?? 100;
    this.maxWaiting = options.maxWaiting ?? 2_000;
  }

  /** Resolves when there is room for more, not when the page is written. @throws what an earlier write failed with. */
  async add(page: FinishedPage): Promise<void> {
    this.throwFailure();
    this.waiting.push(page);
    this.waitingRecords += sizeOf(page);
    if (this.waitingRecords >= this.flushRecords) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), this.flushAfterMs);
    while (this.waitingRecords >= this.maxWaiting && this.flushing) {
      await this.flushing;
      this.throwFailure();
    }
  }

  /** Resolves when everything added so far is written. */
  async drain(): Promise<void> {
    while (this.waiting.length > 0 || this.flushing) {
      this.flush();
      await this.flushing;
      this.throwFailure();
    }
    this.throwFailure();
  }

  /** Forgets what waits: it will be read again. */
  async abandon(): Promise<void> {
    this.waiting = [];
    this.waitingRecords = 0;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.flushing;
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.flushing || this.waiting.length === 0 || this.failure) return;
    const pages = this.take();
    this.flushing = this.options
      .write(batchOf(pages), walksOf(pages))
      .catch((error: unknown) => {
        this.failure = error ?? new Error('could not write pages');
        this.waiting = [];
        this.waitingRecords = 0;
      })
      .finally(() => {
        this.flushing = null;
        if (this.waitingRecords >= this.flushRecords) this.flush();
        else if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.flush(), this.flushAfterMs);
      });
  }

  /** About as much as makes a flush worth it, in the order it came: a larger transaction is no faster and takes more memory. */
  private take(): FinishedPage[] {
    let records = 0;
    let pages = 0;
    while (pages < this.waiting.length && records < this.flushRecords)
      records += sizeOf(this.waiting[pages++]!);
    this.waitingRecords -= records;
    return this.waiting.splice(0, pages);
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure as Error;
  }
}

function sizeOf({ batch }: FinishedPage): number {
  return batch.users.length + batch.departments.length + batch.rejected.length;
}

function batchOf(pages: readonly FinishedPage[]): StagedBatch {
  return {
    users: pages.flatMap((page) => page.batch.users),
    departments: pages.flatMap((page) => page.batch.departments),
    rejected: pages.flatMap((page) => page.batch.rejected),
  };
}

/** One row per walk: the last cursor wins, pages and records add up. */
function walksOf(pages: readonly FinishedPage[]): WalkProgress[] {
  const walks = new Map<string, WalkProgress>();
  for (const { walk, cursor, pages: count, records, done, error } of pages) {
    const earlier = walks.get(walk);
    walks.set(walk, {
      walk,
      cursor,
      pages: (earlier?.pages ?? 0) + count,
      records: (earlier?.records ?? 0) + records,
      done,
      error,
    });
  }
  return [...walks.values()];
}
