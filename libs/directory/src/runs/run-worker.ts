import { Injectable, Logger, Optional, type OnModuleInit } from '@nestjs/common';
import { TaskRuns } from '@trainbridge/connections';
import { JobQueue } from '@trainbridge/jobs';
import { OutgoingEvents } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import { RunEngine } from './run-engine.js';
import { SourceOpener } from './source-opener.js';
import { forgetOldLines, giveUpOldPlans, sweepStaging, unfinishedRuns } from './sweep.js';

const RUNS_QUEUE = 'directory-runs';
const SWEEP_QUEUE = 'directory-sweep';
const RUNS_AT_ONCE = 4;
const SWEEP_EVERY_MS = 30_000;
const BUSY_RETRY_MS = 1_000;

/** Works runs off the job queue. Wakes lost with a process cost one sweep: the runs stand in the database. */
@Injectable()
export class RunWorker implements OnModuleInit {
  private readonly log = new Logger('Directory');
  readonly engine: RunEngine;
  private readonly working = new Map<string, AbortController>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobQueue,
    private readonly sources: SourceOpener,
    outgoingEvents: OutgoingEvents,
    @Optional() readonly taskRuns?: TaskRuns,
  ) {
    this.engine = new RunEngine(dataSource, outgoingEvents, { taskRuns });
  }

  onModuleInit(): void {
    this.jobs.process(RUNS_QUEUE, { concurrency: RUNS_AT_ONCE }, ({ key, signal }) => this.work(key, signal));
    this.jobs.process(SWEEP_QUEUE, { concurrency: 1 }, () => this.sweep());
    // At once after a start too: runs of a killed host go on.
    this.jobs.every(SWEEP_QUEUE, 'sweep', SWEEP_EVERY_MS);
  }

  async wake(runId: string): Promise<void> {
    await this.jobs.wake(RUNS_QUEUE, runId);
  }

  /** Ends the calls of a run that was canceled, when it is this process that works it. */
  stop(runId: string): void {
    this.working.get(runId)?.abort(new Error('the run was canceled'));
  }

  private async work(runId: string, jobSignal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    this.working.set(runId, stop);
    try {
      const signal = AbortSignal.any([jobSignal, stop.signal]);
      const outcome = await this.engine.work(
        runId,
        (id, runSignal) => this.sources.open(id, runSignal),
        signal,
      );
      if (outcome === 'busy') await this.jobs.wake(RUNS_QUEUE, runId, { delayMs: BUSY_RETRY_MS });
      if (outcome === 'ended') this.log.log({ msg: 'run ended', runId });
    } finally {
      this.working.delete(runId);
    }
  }

  /** Events say when a task changes; reading now and then finds what they missed. */
  private async startDueTaskRuns(): Promise<void> {
    for (const connectionId of (await this.taskRuns?.due()) ?? []) {
      const run = await this.engine.store.create(this.dataSource, {
        connectionId,
        kind: 'tasks',
        mode: 'incremental',
        dryRun: false,
        requestedBy: null,
      });
      if (run) await this.wake(run.id);
    }
  }

  private async sweep(): Promise<void> {
    for (const id of await unfinishedRuns(this.dataSource)) {
      if (!this.working.has(id)) await this.jobs.wake(RUNS_QUEUE, id);
    }
    await this.startDueTaskRuns();
    await giveUpOldPlans(this.dataSource);
    await sweepStaging(this.dataSource);
    await forgetOldLines(this.dataSource);
  }
}
