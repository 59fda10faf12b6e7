import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Global,
  Injectable,
  Logger,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InProcessJobQueue } from './in-process-job-queue.js';
import { JobQueue } from './job-queue.js';

/** Starts the queue when every module has registered its handlers; drains it before the server and the pools close. */
@Injectable()
class JobsLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly jobs: JobQueue) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.jobs.close();
  }
}

@Global()
@Module({})
export class JobsModule {
  /** Handlers must be registered (`process`) in `onModuleInit`: the queue starts at application bootstrap. */
  static forRoot(): DynamicModule {
    const log = new Logger('jobs');
    const queue = new InProcessJobQueue({
      onError: (error, job) =>
        log.error({
          msg: 'job failed, will run again',
          ...job,
          err: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
    });
    return {
      module: JobsModule,
      providers: [{ provide: JobQueue, useValue: queue }, JobsLifecycle],
      exports: [JobQueue],
    };
  }
}
