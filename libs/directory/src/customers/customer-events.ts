import { Injectable, Optional, type OnModuleInit } from '@nestjs/common';
import { PlatformEventConsumers } from '@trainbridge/connections';
import { DataSource } from 'typeorm';
import { RunWorker } from '../runs/run-worker.js';
import { SourceOpener } from '../runs/source-opener.js';
import { CustomerSync } from './customer-sync.js';

/** Hands what platforms tell about customers to `CustomerSync`. Without an inbox there is nobody to ask. */
@Injectable()
export class CustomerEvents implements OnModuleInit {
  private readonly sync: CustomerSync;

  constructor(
    dataSource: DataSource,
    sources: SourceOpener,
    worker: RunWorker,
    @Optional() private readonly consumers?: PlatformEventConsumers,
  ) {
    this.sync = new CustomerSync({
      dataSource,
      store: worker.engine.store,
      open: (connectionId, signal) => sources.open(connectionId, signal),
    });
  }

  onModuleInit(): void {
    this.consumers?.register({
      kinds: ['customer.changed', 'customer.removed'],
      handle: (connectionId, events, signal) => this.sync.handle(connectionId, events, signal),
    });
  }
}
