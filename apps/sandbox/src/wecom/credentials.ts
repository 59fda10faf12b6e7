import { randomBytes } from 'node:crypto';
import { WecomApiError } from './api-error.js';
import type { WecomFacts } from './facts.js';

/** Whom and what an app may see, as an administrator ticks it. Users by userid. */
export interface VisibleRange {
  users: readonly string[];
  parties: readonly number[];
  tags: readonly number[];
}

/** A self-built app. */
export interface WecomApp {
  agentId: number;
  secret: string;
  name: string;
  /** Created after 2022-06-20: the sensitive fields are absent from its answers (sheet 2.2). */
  restricted: boolean;
  range: VisibleRange;
  /** Callers it answers; null = everybody (an app from before the rule). */
  trustedIps: readonly string[] | null;
  /** Stopped by an administrator: 50003. */
  disabled: boolean;
  /** Listed in 客户联系 as an app that may call its interfaces and is told its events (sheet 0). */
  customers: boolean;
  /** The same in 审批. */
  approvals: boolean;
  /** Host, with the port where there is one, that logins may lead back to; null = any, for demos. */
  trustedDomain: string | null;
  /** The sensitive fields an administrator ticked for it; each person still has to consent (sheet 2.3). */
  privateFields: readonly PrivateField[];
}

/** What `auth/getuserdetail` can tell beside the userid. */
export const privateFields = [
  'gender',
  'avatar',
  'qr_code',
  'mobile',
  'email',
  'biz_mail',
  'address',
] as const;
export type PrivateField = (typeof privateFields)[number];

/** The contacts-sync assistant (通讯录同步). */
export interface ContactsSync {
  secret: string;
  trustedIps: readonly string[] | null;
  /** The caller's address was registered before 2022-08-15: details may still be read (sheet 0). */
  legacyCaller: boolean;
}

/** In whose name a call is made. */
export type Principal = { kind: 'contacts'; contacts: ContactsSync } | { kind: 'app'; app: WecomApp };

interface Token {
  value: string;
  principal: Principal;
  secret: string;
  expiresAt: number;
}

/** How long a token lives, in seconds. */
export const tokenLifetimeSeconds = 7200;

/** Access tokens: one per secret, revocable at any time (sheet 1.1). */
export class TokenRegistry {
  private readonly tokens = new Map<string, Token>();
  private readonly latest = new Map<string, Token>();

  constructor(
    private readonly facts: WecomFacts,
    private readonly now: () => number,
    private readonly lifetimeSeconds: () => number,
  ) {}

  /** A token for the principal; the valid one again where the platform does so. */
  issue(principal: Principal): { token: string; expiresIn: number } {
    const secret = secretOf(principal);
    const current = this.latest.get(secret);
    const now = this.now();
    if (current !== undefined && this.tokens.has(current.value) && current.expiresAt > now) {
      if (this.facts.sameTokenOnRepeat) {
        return { token: current.value, expiresIn: Math.ceil((current.expiresAt - now) / 1000) };
      }
      if (this.facts.newTokenRevokesOld) this.tokens.delete(current.value);
    }
    const lifetime = this.lifetimeSeconds();
    // 214 characters like the real ones: columns and headers sized for less must fail here, not at a customer.
    const value = randomBytes(160).toString('base64url').slice(0, 214);
    const token: Token = { value, principal, secret, expiresAt: now + lifetime * 1000 };
    this.tokens.set(value, token);
    this.latest.set(secret, token);
    return { token: value, expiresIn: lifetime };
  }

  /** @throws WecomApiError 41001 without a token, 40014 for one never issued or revoked, 42001 after its time. */
  verify(value: string | null): Principal {
    if (value === null || value === '') throw new WecomApiError(41001);
    const token = this.tokens.get(value);
    if (token === undefined) throw new WecomApiError(40014);
    if (token.expiresAt <= this.now()) throw new WecomApiError(42001);
    return token.principal;
  }

  /** Ends every token before its time; calls then answer 42001, or 40014 when `revoke`. */
  expireAll(revoke: boolean): void {
    for (const token of this.tokens.values()) token.expiresAt = 0;
    if (revoke) this.tokens.clear();
    this.latest.clear();
  }
}

/** The secret that names a principal. */
export function secretOf(principal: Principal): string {
  return principal.kind === 'app' ? principal.app.secret : principal.contacts.secret;
}

/** The addresses a principal may call from. */
export function trustedIpsOf(principal: Principal): readonly string[] | null {
  return principal.kind === 'app' ? principal.app.trustedIps : principal.contacts.trustedIps;
}
