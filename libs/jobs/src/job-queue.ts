import type { JsonObject } from '@trainbridge/connector-kit';

/** One execution. The handler ends soon after `signal` aborts (shutdown) and leaves the rest to the next wake. */
export interface Job {
  readonly queue: string;
  readonly key: string;
  readonly data: JsonObject;
  readonly signal: AbortSignal;
}

export type JobHandler = (job: Job) => Promise<void>;

export interface WakeOptions {
  data?: JsonObject;
  /** Not before this many milliseconds from now. */
  delayMs?: number;
}

/**
 * Wakes workers. A job is never the record of anything: PostgreSQL says what is due, the handler drains it, and losing
 * every job in here costs time only, because `every` wakes the drains again. Both drivers keep these promises:
 *
 * - wakes of the same queue and key that wait are one job (the earliest time wins, the last data wins);
 * - one key never runs twice at the same moment; a wake that comes while it runs makes it run once more afterwards;
 * - a handler that throws is logged and woken again after a growing pause (1 s to 60 s);
 * - at most `concurrency` keys of a queue run at once.
 */
export abstract class JobQueue {
  /** Registers the one handler of a queue; before `start`. */
  abstract process(queue: string, options: { concurrency: number }, handler: JobHandler): void;
  abstract wake(queue: string, key: string, options?: WakeOptions): Promise<void>;
  /** Wakes `queue`/`key` at once on start and then every `intervalMs`, on one process only. */
  abstract every(queue: string, key: string, intervalMs: number): void;
  /** From here on handlers run. */
  abstract start(): Promise<void>;
  /** Starts nothing new, aborts the signals, resolves when what runs has ended. */
  abstract close(): Promise<void>;
}
