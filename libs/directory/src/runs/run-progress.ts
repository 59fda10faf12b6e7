import { Injectable, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import { concatMap, distinctUntilChanged, from, map, Subject, takeUntil, takeWhile, timer, type Observable } from 'rxjs';
import { viewOf, type RunView } from './run-record.js';
import { RunWorker } from './run-worker.js';

const LOOK_EVERY_MS = 500;

/**
 * Live progress. Read from the database, so it is the same whichever process works the run; a stream ends with its run,
 * and all end before the server closes, which an open stream would hold up for ever.
 */
@Injectable()
export class RunProgressStreams implements OnModuleDestroy {
  private readonly shutdown = new Subject<void>();

  constructor(private readonly worker: RunWorker) {}

  onModuleDestroy(): void {
    this.shutdown.next();
    this.shutdown.complete();
  }

  of(runId: string): Observable<MessageEvent> {
    return timer(0, LOOK_EVERY_MS).pipe(
      concatMap(() => from(this.worker.engine.store.find(runId))),
      takeWhile((run) => run !== null),
      map((run) => viewOf(run)),
      takeWhile(isOpen, true),
      distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
      map((run): MessageEvent => ({ type: isOpen(run) ? 'progress' : 'end', data: run })),
      takeUntil(this.shutdown),
    );
  }
}

function isOpen(run: RunView): boolean {
  return run.status === 'queued' || run.status === 'running';
}
