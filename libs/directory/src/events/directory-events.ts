import { Injectable, Optional, type OnModuleInit } from '@nestjs/common';
import { PlatformEventConsumers } from '@trainbridge/connections';
import { DataSource } from 'typeorm';
import { RunWorker } from '../runs/run-worker.js';
import { SourceOpener } from '../runs/source-opener.js';
import { EventSync } from './event-sync.js';

/** Hands what platforms tell about people and departments to `EventSync`. Without an inbox there is nobody to ask. */
@Injectable()
export class DirectoryEvents implements OnModuleInit {
  private readonly sync: EventSync;

  constructor(
    dataSource: DataSource,
    sources: SourceOpener,
    worker: RunWorker,
    @Optional() private readonly consumers?: PlatformEventConsumers,
  ) {
    this.sync = new EventSync({
      dataSource,
      store: worker.engine.store,
      open: (connectionId, signal) => sources.open(connectionId, signal),
      wakeRun: (runId) => worker.wake(runId),
    });
  }

  onModuleInit(): void {
    this.consumers?.register({
      kinds: [
        'user.changed',
        'user.left',
        'user.renamed',
        'department.changed',
        'department.removed',
        'visibility.changed',
      ],
      handle: (connectionId, events, signal) => this.sync.handle(connectionId, events, signal),
    });
  }
}
