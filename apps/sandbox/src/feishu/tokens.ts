import { randomBytes } from 'node:crypto';
import type { Person } from '../company/index.js';
import { FeishuApiError } from './api-error.js';

/** In whose name a call is made. */
export type Principal = { kind: 'tenant' } | { kind: 'user'; person: Person; scopes: readonly string[] };

/** How long an access token lives, in seconds. */
export const tokenLifetimeSeconds = 7200;

/** With less than this left a new token is given out; the older one lives on to its own end. */
const renewBelowMs = 30 * 60_000;

/** Tenant access tokens (auth-v3/auth/tenant_access_token_internal). */
export class TenantTokens {
  private readonly tokens = new Map<string, number>();
  private latest: string | undefined;

  constructor(
    private readonly now: () => number,
    private readonly lifetimeSeconds: () => number,
  ) {}

  /** The valid token again while half an hour of it is left, `expire` counting down; else a new one. */
  issue(): { token: string; expire: number } {
    const now = this.now();
    const end = this.latest === undefined ? undefined : this.tokens.get(this.latest);
    if (this.latest !== undefined && end !== undefined && end - now >= renewBelowMs) {
      return { token: this.latest, expire: Math.floor((end - now) / 1000) };
    }
    const expire = this.lifetimeSeconds();
    this.latest = `t-${randomBytes(20).toString('hex')}`;
    this.tokens.set(this.latest, now + expire * 1000);
    return { token: this.latest, expire };
  }

  knows(token: string): boolean {
    return (this.tokens.get(token) ?? 0) > this.now();
  }

  /** Ends every token before its time. */
  expireAll(): void {
    this.tokens.clear();
    this.latest = undefined;
  }
}

/** The token of an `Authorization` header. @throws FeishuApiError 99991661 without one, 99991671 for a strange one. */
export function bearer(header: string | undefined): string {
  const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw new FeishuApiError(99991661);
  if (!/^(t-|u-|a-|eyJ)/.test(token)) throw new FeishuApiError(99991671);
  return token;
}
