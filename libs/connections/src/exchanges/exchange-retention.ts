import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '@trainbridge/jobs';
import { DataSource } from 'typeorm';

const QUEUE = 'exchange-retention';
const EVERY_MS = 60 * 60_000;
const BATCH = 5_000;
/** Failures are looked up long after; that a call went well is of no interest a week later. */
export const KEEP_DAYS = { successes: 7, failures: 30 };

/** Removes old exchanges, a batch at a time, so that the log does not grow for ever. */
@Injectable()
export class ExchangeRetention implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobQueue,
  ) {}

  onModuleInit(): void {
    this.jobs.process(QUEUE, { concurrency: 1 }, ({ signal }) => this.sweep(signal));
    this.jobs.every(QUEUE, 'sweep', EVERY_MS);
  }

  async sweep(signal?: AbortSignal): Promise<void> {
    for (let removed = BATCH; removed === BATCH && !signal?.aborted;) {
      const [, count] = await this.dataSource.query<[unknown[], number]>(
        `delete from exchanges where id = any(array(
           select id from exchanges
           where at < now() - make_interval(days => $1)
              or (at < now() - make_interval(days => $2) and error_code is null)
           limit $3))`,
        [KEEP_DAYS.failures, KEEP_DAYS.successes, BATCH],
      );
      removed = count;
    }
  }
}
