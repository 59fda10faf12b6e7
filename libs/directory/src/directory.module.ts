import { Global, Module } from '@nestjs/common';
import { CustomerEvents } from './customers/customer-events.js';
import { DirectoryEvents } from './events/index.js';
import { DirectoryReader, READ_CONTROLLERS, READ_PROVIDERS } from './read/index.js';
import { RunProgressStreams } from './runs/run-progress.js';
import { RunRequests } from './runs/run-requests.js';
import { RunWorker } from './runs/run-worker.js';
import { RunsController } from './runs/runs.controller.js';
import { SourceOpener } from './runs/source-opener.js';

/** Departments, people and customers. Needs ConnectionsModule, JobsModule and AccessModule; PlatformEventsModule where there are events. */
@Global()
@Module({
  controllers: [RunsController, ...READ_CONTROLLERS],
  providers: [
    SourceOpener,
    RunWorker,
    RunRequests,
    RunProgressStreams,
    DirectoryEvents,
    CustomerEvents,
    ...READ_PROVIDERS,
  ],
  exports: [DirectoryReader],
})
export class DirectoryModule {}
