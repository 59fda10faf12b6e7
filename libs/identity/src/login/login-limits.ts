import { Injectable } from '@nestjs/common';
import { LoginLimiter } from '@trainbridge/access';
import { tooMany, type LoginRefusal } from './login-problem.js';

/** Per address and minute. A whole company may sit behind one address and begin its day at nine. */
const MOST_STARTS = 6_000;
export const MOST_FAILURES = 300;

/** Bounds what one network address can make this host store and platforms answer. Counted in each process by itself. */
@Injectable()
export class LoginLimits {
  private readonly starts = new LoginLimiter(MOST_STARTS);
  private readonly failures = new LoginLimiter(MOST_FAILURES);

  /** Counts a login that begins. @throws {LoginProblem} 429 */
  start(address: string): void {
    assertFree(this.starts, address);
    this.starts.failed(address);
  }

  /** Before a login is taken. @throws {LoginProblem} 429 after too many that came to nothing. */
  finish(address: string): void {
    assertFree(this.failures, address);
  }

  /** People who may not come in are no attack: a company that has not synced yet would lock itself out. */
  failed(address: string, reason: LoginRefusal): void {
    if (reason === 'unknown_state' || reason === 'platform') this.failures.failed(address);
  }
}

function assertFree(limiter: LoginLimiter, address: string): void {
  const wait = limiter.retryAfterSeconds(address);
  if (wait > 0) throw tooMany(wait);
}
