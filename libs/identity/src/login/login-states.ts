import { Injectable } from '@nestjs/common';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { DataSource } from 'typeorm';

/** How long a person may take on the platform's side. */
export const STATE_LIFETIME_SECONDS = 600;

/** What a login is for: an OpenID request of the LMS, a deep link into a course, or only to be signed in here. */
export type LoginPurpose =
  { kind: 'interaction'; uid: string } | { kind: 'course'; courseId: string } | { kind: 'session' };

export type LoginMode = 'browser' | 'inApp';

export interface PendingLogin {
  mode: LoginMode;
  purpose: LoginPurpose;
}

export interface TakenLogin extends PendingLogin {
  /** The person took too long. */
  expired: boolean;
}

interface Row extends TakenLogin {
  browserHash: Buffer;
}

/**
 * Logins that went to a platform and have not come back. The state goes through the platform's address bar; the browser
 * secret stays in a cookie. Neither is kept, only their hashes.
 */
@Injectable()
export class LoginStates {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns `state` has 48 letters and digits: platforms take no more than 64 and nothing else. */
  async create(connectionId: string, login: PendingLogin): Promise<{ state: string; browserSecret: string }> {
    const state = randomBytes(24).toString('hex');
    const browserSecret = randomBytes(24).toString('base64url');
    await this.dataSource.query(
      `insert into login_states (state_hash, connection_id, browser_hash, mode, purpose, expires_at)
       values ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')`,
      [sha256(state), connectionId, sha256(browserSecret), login.mode, login.purpose, STATE_LIFETIME_SECONDS],
    );
    return { state, browserSecret };
  }

  /**
   * The login a state belongs to, exactly once: whatever comes of it, the state is used up. Null for one that was made
   * up, was used, belongs to another connection or was given to another browser.
   */
  async take(connectionId: string, state: string, browserSecret: string | null): Promise<TakenLogin | null> {
    const [rows]: [Row[], number] = await this.dataSource.query(
      `delete from login_states where state_hash = $1 and connection_id = $2
       returning mode, purpose, browser_hash as "browserHash", expires_at <= now() as expired`,
      [sha256(state), connectionId],
    );
    const row = rows[0];
    if (!row || browserSecret === null || !timingSafeEqual(sha256(browserSecret), row.browserHash))
      return null;
    const { mode, purpose, expired } = row;
    return { mode, purpose, expired };
  }

  async sweep(): Promise<void> {
    await this.dataSource.query(`delete from login_states where expires_at < now()`);
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
