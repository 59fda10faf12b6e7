import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '@trainbridge/jobs';
import { LoginStates } from './login/login-states.js';
import { OpenIdRecords } from './openid/openid-records.js';

const QUEUE = 'identity-housekeeping';
const INTERVAL_MS = 10 * 60_000;

/** Removes logins nobody came back from, and sessions, codes and tokens that ran out. */
@Injectable()
export class IdentityHousekeeping implements OnModuleInit {
  constructor(
    private readonly jobs: JobQueue,
    private readonly states: LoginStates,
    private readonly records: OpenIdRecords,
  ) {}

  onModuleInit(): void {
    this.jobs.process(QUEUE, { concurrency: 1 }, () => this.sweep());
    this.jobs.every(QUEUE, 'sweep', INTERVAL_MS);
  }

  async sweep(): Promise<void> {
    await this.states.sweep();
    await this.records.sweep();
  }
}
