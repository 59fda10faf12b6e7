import { randomBytes } from 'node:crypto';
import { Refusal } from './api-error.js';
import type { DingtalkFacts } from './facts.js';
import type { Visitor } from './visitors.js';

/** How long a token lives, in seconds. */
export const tokenLifetimeSeconds = 7200;

/** The app's own tokens: good for both generations, whichever endpoint gave them (obtain-the-access-token-of-an-internal-app). */
export class AppTokens {
  private readonly expiry = new Map<string, number>();
  private latest: string | undefined;

  constructor(
    private readonly facts: DingtalkFacts,
    private readonly now: () => number,
    private readonly lifetimeSeconds: () => number,
  ) {}

  /** A token; asking again inside its lifetime renews it. */
  issue(): { token: string; expiresIn: number } {
    const lifetime = this.lifetimeSeconds();
    const valid = this.latest !== undefined && (this.expiry.get(this.latest) ?? 0) > this.now();
    const token =
      valid && this.facts.sameTokenOnRepeat ? (this.latest as string) : randomBytes(16).toString('hex');
    this.expiry.set(token, this.now() + lifetime * 1000);
    this.latest = token;
    return { token, expiresIn: lifetime };
  }

  /** @throws Refusal without a token, for one never given out and for one past its time. */
  verify(token: unknown): void {
    if (typeof token !== 'string' || token === '')
      throw new Refusal('token_missing', 'access_token is blank');
    const until = this.expiry.get(token);
    if (until === undefined) throw new Refusal('token_unknown', 'invalid access_token');
    if (until <= this.now()) throw new Refusal('token_expired', 'access_token expired');
  }

  /** Ends every token before its time; `revoke` makes them unknown instead of expired. */
  expireAll(revoke: boolean): void {
    for (const token of this.expiry.keys()) this.expiry.set(token, 0);
    if (revoke) this.expiry.clear();
    this.latest = undefined;
  }
}

interface UserToken {
  visitor: Visitor;
  withCorp: boolean;
  expiresAt: number;
}

const refreshLifetimeMs = 30 * 24 * 3_600_000;

/** Tokens of people who logged in: another kind, refused where the app's token is meant, and the other way round. */
export class UserTokens {
  private readonly access = new Map<string, UserToken>();
  private readonly refresh = new Map<string, UserToken>();

  constructor(private readonly now: () => number) {}

  issue(visitor: Visitor, withCorp: boolean): { accessToken: string; refreshToken: string } {
    const accessToken = randomBytes(16).toString('hex');
    const refreshToken = randomBytes(16).toString('hex');
    const now = this.now();
    this.access.set(accessToken, { visitor, withCorp, expiresAt: now + tokenLifetimeSeconds * 1000 });
    this.refresh.set(refreshToken, { visitor, withCorp, expiresAt: now + refreshLifetimeMs });
    return { accessToken, refreshToken };
  }

  /** Whom a refresh token stands for; it is good once. */
  redeem(refreshToken: string): { visitor: Visitor; withCorp: boolean } | undefined {
    const found = this.refresh.get(refreshToken);
    this.refresh.delete(refreshToken);
    return found === undefined || found.expiresAt <= this.now() ? undefined : found;
  }

  /** @throws Refusal for what is not the valid token of a person. */
  verify(token: unknown): Visitor {
    if (typeof token !== 'string' || token === '')
      throw new Refusal('token_missing', 'access_token is blank');
    const found = this.access.get(token);
    if (found === undefined) throw new Refusal('token_unknown', 'the access token is not valid');
    if (found.expiresAt <= this.now()) throw new Refusal('token_expired', 'the access token is not valid');
    return found.visitor;
  }
}
