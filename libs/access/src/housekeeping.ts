import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '@trainbridge/jobs';
import { DataSource } from 'typeorm';
import { KEPT_HOURS } from './idempotency/idempotency-store.js';

const QUEUE = 'access-housekeeping';
const INTERVAL_MS = 10 * 60_000;

/** Removes what has run out: tokens a day after their end, replaced secrets, idempotency keys past their day. */
@Injectable()
export class AccessHousekeeping implements OnModuleInit {
  constructor(
    private readonly jobs: JobQueue,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.jobs.process(QUEUE, { concurrency: 1 }, () => this.sweep());
    this.jobs.every(QUEUE, 'sweep', INTERVAL_MS);
  }

  async sweep(): Promise<void> {
    // An expired API token stays in its client's list for a month, so that people see why their script stopped.
    await this.dataSource.query(
      `delete from tokens where expires_at < now() - case kind when 'api' then interval '30 days' else interval '1 day' end`,
    );
    await this.dataSource.query(`delete from client_secrets where expires_at < now()`);
    await this.dataSource.query(
      `delete from idempotency_keys where created_at < now() - $1 * interval '1 hour'`,
      [KEPT_HOURS],
    );
  }
}
