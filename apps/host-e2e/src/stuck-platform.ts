import type { Sandbox } from '@trainbridge/sandbox';
import { untilRun } from './directory-run.js';
import type { EmbeddedHost } from './embedded-host.js';

export const LISTING = 'user/list';
/** Most calls the connector makes at once: so many answers may be on their way into the database when the kill comes. */
export const AT_ONCE = 32;

/** The listing of people stops answering after so many calls, so that a signal lands exactly there. */
export class StuckPlatform {
  private readonly before: number;
  private readonly fault: string;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly answered: number,
    /** Answers the later calls too, after so long: for a host that lives on and waits for them. */
    slowMs?: number,
  ) {
    this.before = sandbox.wecom.calls.count(LISTING);
    const trouble = slowMs === undefined ? { kind: 'hang' as const } : { kind: 'slow' as const, ms: slowMs };
    this.fault = sandbox.wecom.faults.add({
      ...trouble,
      endpoint: LISTING,
      after: answered,
      times: 'always',
    });
  }

  get calls(): number {
    return this.sandbox.wecom.calls.count(LISTING) - this.before;
  }

  /** Resolves when the run waits there, and what was answered is saved; with the number of departments saved. */
  async reachedBy(host: EmbeddedHost, runId: string, savedBefore = 0): Promise<number> {
    const least = Math.max(1, savedBefore + this.answered - AT_ONCE);
    const { progress } = await untilRun(
      host.admin,
      runId,
      `reading of ${this.answered} departments`,
      (run) => this.calls > this.answered && (run.progress.departmentsDone ?? 0) >= least,
    );
    if (progress.phase !== 'fetch') throw new Error(`the run is in ${progress.phase} already`);
    return progress.departmentsDone!;
  }

  recover(): void {
    this.sandbox.wecom.faults.remove(this.fault);
  }
}
