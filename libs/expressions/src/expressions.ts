import type { JsonObject } from '@trainbridge/connector-kit';
import { parseExpression } from './compile.js';
import { EvaluationThread, type Overrun } from './evaluation-thread.js';
import type { EvaluatedRecord, Setup } from './messages.js';

export interface ExpressionLimits {
  /** How long one expression may take on one record, in ms. Default 1,000. */
  timeoutMs?: number;
  /** How long a whole batch may take, in ms. Default 10 s and 2 ms per evaluation. */
  totalTimeoutMs?: number;
  /** JSON objects that expressions reach as `$tables.NAME`, such as `$lookup($tables.levels, grade)`. */
  lookupTables?: Record<string, JsonObject>;
}

export interface ExpressionsOptions {
  /** Heap of the thread, in MiB. Default 96. */
  memoryMb?: number;
  /** Records per message to the thread. Default 250. */
  pageSize?: number;
}

const DEFAULT_TIMEOUT_MS = 1_000;
/** An expression that was too slow this often is not tried on the rest of the batch. */
const MOST_OVERRUNS = 3;
const IDLE_MS = 60_000;

/**
 * JSONata, bounded: expressions of deployers run in a thread of their own with little memory, one page of records per message.
 * One that runs too long or wants too much memory costs that field of that record; the others get their values. What an
 * expression sees is the record and `$tables`; there is no `$eval`, and nothing of the host.
 */
export class Expressions {
  private readonly memoryMb: number;
  private readonly pageSize: number;
  private thread: EvaluationThread | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private batches = 0;
  private idleTimer: NodeJS.Timeout | null = null;
  private closed = false;

  constructor({ memoryMb = 96, pageSize = 250 }: ExpressionsOptions = {}) {
    this.memoryMb = memoryMb;
    this.pageSize = pageSize;
  }

  /** Checks a source without running it. @throws {ExpressionError} with the position of what is wrong. */
  compile(source: string): void {
    parseExpression(source);
  }

  /**
   * Evaluates every expression on every record; answers in the order of the records. Never throws for what expressions or
   * records do: a source that does not parse is an error of its field on every record.
   */
  async evaluateBatch(
    expressions: Record<string, string>,
    records: readonly JsonObject[],
    limits: ExpressionLimits = {},
  ): Promise<EvaluatedRecord[]> {
    const fields = Object.keys(expressions);
    if (fields.length === 0) return records.map(() => ({ values: {}, errors: {} }));
    const batch: Batch = {
      id: ++this.batches,
      fields,
      setup: { expressions: Object.entries(expressions), tables: limits.lookupTables ?? {} },
      recordMs: limits.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      totalMs: limits.totalTimeoutMs ?? 10_000 + 2 * records.length * fields.length,
      spentMs: 0,
      overruns: fields.map(() => 0),
    };
    const evaluated: EvaluatedRecord[] = [];
    for (let start = 0; start < records.length; start += this.pageSize) {
      // Page by page, so that a preview does not wait for a whole company.
      const page = records.slice(start, start + this.pageSize);
      for (const record of await this.inTurn(() => this.evaluatePage(batch, page))) evaluated.push(record);
    }
    return evaluated;
  }

  /** Ends the thread. Batches under way get errors. Nest calls it at shutdown by its second name. */
  async close(): Promise<void> {
    this.closed = true;
    await this.endThread();
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** One page at a time has the thread; a page that fails does not stop the next. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async evaluatePage(batch: Batch, records: readonly JsonObject[]): Promise<EvaluatedRecord[]> {
    const failures: Failure[] = [];
    let unexplained = 0;
    for (;;) {
      if (this.closed) return failAll(batch, records, 'the host is shutting down');
      const begin = performance.now();
      const deadline = begin + batch.totalMs - batch.spentMs;
      const result = await this.runPage(batch, records, failures, deadline);
      batch.spentMs += performance.now() - begin;
      if ('records' in result) return withFailures(batch, result.records, failures);
      this.thread = null;
      const { reason, at } = result.overrun;
      if (reason === 'total') return failAll(batch, records, 'the batch took too long altogether');
      if (!at) {
        unexplained += 1;
        if (unexplained > 1) return failAll(batch, records, 'the records are too large to evaluate');
        continue;
      }
      failures.push({ ...at, message: describe(reason, batch.recordMs) });
      batch.overruns[at.field]! += 1;
    }
  }

  private runPage(batch: Batch, records: readonly JsonObject[], failures: Failure[], deadline: number) {
    this.thread ??= new EvaluationThread(this.memoryMb);
    const { thread } = this;
    const message = {
      page: 0,
      batch: batch.id,
      setup: thread.needsSetup(batch.id) ? batch.setup : undefined,
      records,
      skip: batch.fields.map((_, field) => {
        if (batch.overruns[field]! >= MOST_OVERRUNS) return [-1];
        return failures.filter((failure) => failure.field === field).map((failure) => failure.record);
      }),
    };
    this.postponeIdle();
    return thread.run(message, { recordMs: batch.recordMs, deadline });
  }

  private postponeIdle(): void {
    if (this.idleTimer) clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => void this.inTurn(() => this.endThread()), IDLE_MS);
    this.idleTimer.unref();
  }

  private async endThread(): Promise<void> {
    if (this.idleTimer) clearTimeout(this.idleTimer);
    this.idleTimer = null;
    const { thread } = this;
    this.thread = null;
    await thread?.end();
  }
}

interface Batch {
  id: number;
  fields: string[];
  setup: Setup;
  recordMs: number;
  totalMs: number;
  spentMs: number;
  /** Per field: how often it was ended. */
  overruns: number[];
}

interface Failure {
  record: number;
  field: number;
  message: string;
}

function describe(reason: Overrun['reason'], recordMs: number): string {
  return reason === 'memory'
    ? 'the expression needs too much memory'
    : `the expression ran longer than ${recordMs} ms`;
}

/** Adds what the thread could not tell any more: records it was ended on, and fields given up. */
function withFailures(batch: Batch, records: EvaluatedRecord[], failures: Failure[]): EvaluatedRecord[] {
  batch.fields.forEach((field, place) => {
    if (batch.overruns[place]! < MOST_OVERRUNS) return;
    const message = `the expression was given up after it failed ${MOST_OVERRUNS} times for time or memory`;
    for (const record of records) if (!Object.hasOwn(record.values, field)) record.errors[field] = message;
  });
  for (const { record, field, message } of failures) records[record]!.errors[batch.fields[field]!] = message;
  return records;
}

function failAll(batch: Batch, records: readonly JsonObject[], message: string): EvaluatedRecord[] {
  const errors = Object.fromEntries(batch.fields.map((field) => [field, message]));
  return records.map(() => ({ values: {}, errors: { ...errors } }));
}
