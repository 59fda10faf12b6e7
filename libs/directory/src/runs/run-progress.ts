import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { viewOf, type RunView } from './run-record.js';
import { RunWorker } from './run-worker.js';

const LOOK_EVERY_MS = 500;
/** Keeps proxies from closing a stream on which nothing happens. */
const BEAT_EVERY_LOOKS = 30;

/**
 * Live progress as server-sent events. Read from the database, so it is the same whichever process works the run; a
 * stream ends with its run, and all end before the server closes, which an open stream would hold up for ever.
 */
@Injectable()
export class RunProgressStreams implements OnModuleDestroy {
  private readonly shutdown = new AbortController();

  constructor(private readonly worker: RunWorker) {}

  onModuleDestroy(): void {
    this.shutdown.abort();
  }

  /** Text of an event stream: `progress` with the run whenever it changed, `end` with the run when it is over. */
  async *of(runId: string): AsyncGenerator<string> {
    let last = '';
    for (let looks = 1; !this.shutdown.signal.aborted; looks++) {
      const run = await this.worker.engine.store.find(runId);
      if (!run) return;
      const view = viewOf(run);
      const data = JSON.stringify(view);
      const over = isOver(view);
      if (data !== last) yield `event: ${over ? 'end' : 'progress'}\ndata: ${data}\n\n`;
      else if (looks % BEAT_EVERY_LOOKS === 0) yield ': still here\n\n';
      if (over) return;
      last = data;
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.shutdown.signal }).catch(() => undefined);
    }
  }
}

function isOver(run: RunView): boolean {
  return run.status !== 'queued' && run.status !== 'running';
}
