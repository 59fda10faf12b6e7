import type { ConnectorErrorData, JsonObject } from '@trainbridge/connector-kit';
import type { EntityManager } from 'typeorm';

/** A run of kind `tasks`, as whoever works it needs it. */
export interface TaskRun {
  id: string;
  connectionId: string;
  mode: 'full' | 'incremental';
}

/** What a run has done to the stored tasks so far. */
export interface TaskCounts {
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
}

/**
 * Called in each transaction that writes: it keeps the run this process's until the commit and shows how far it is.
 * Throws when the run was canceled or taken over: then nothing more may be written.
 */
export type HoldTaskRun = (manager: EntityManager, counts: TaskCounts, progress: JsonObject) => Promise<void>;

/** How a run of kind `tasks` ended. `partial` and `failed` come with an error. */
export interface TaskRunEnd {
  status: 'success' | 'partial' | 'failed';
  counts: TaskCounts;
  notes: JsonObject;
  error: ({ code: string; message: string } & Partial<Omit<ConnectorErrorData, 'code' | 'message'>>) | null;
}

/**
 * Reads a platform's tasks for the run engine, which keeps the runs, their order and their record. Injectable by this
 * class; on a host without it there are no runs of kind `tasks`.
 */
export abstract class TaskRuns {
  /**
   * Works the run from wherever it stands to its end. May be called again for the same run, by any process, after any crash.
   * Ends soon after `signal` aborts by throwing.
   */
  abstract work(run: TaskRun, hold: HoldTaskRun, signal: AbortSignal): Promise<TaskRunEnd>;

  /** Connections whose tasks ought to be read now, incrementally, because it is a while since they were. */
  abstract due(): Promise<string[]>;
}
