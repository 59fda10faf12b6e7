import { createHash, randomBytes } from 'node:crypto';
import type { Person } from '../../company/index.js';
import { FeishuApiError } from '../api-error.js';
import type { FeishuFacts } from '../facts.js';

/** Why a code is asked for: what the authorize page was called with. */
export interface Grant {
  person: Person;
  scopes: readonly string[];
  /** Absent for codes of `tt.requestAccess`. */
  redirectUri?: string;
  challenge?: { value: string; method: 'S256' | 'plain' };
}

interface Code extends Grant {
  expiresAt: number;
  used: boolean;
}

interface UserToken {
  person: Person;
  scopes: readonly string[];
  expiresAt: number;
}

/** What the token endpoint answers beside `code: 0`. */
export interface IssuedTokens {
  access_token: string;
  expires_in: number;
  token_type: 'Bearer';
  scope: string;
  refresh_token?: string;
  refresh_token_expires_in?: number;
}

const accessSeconds = 7200;
const refreshSeconds = 7 * 24 * 3600;

/** Codes, user access tokens and refresh tokens (authentication-management/access-token). */
export class Sessions {
  private readonly codes = new Map<string, Code>();
  private readonly tokens = new Map<string, UserToken>();
  private readonly refreshTokens = new Map<string, UserToken & { used: boolean }>();

  constructor(
    private readonly facts: FeishuFacts,
    private readonly now: () => number,
  ) {}

  /** A code of at least 64 characters for one exchange. */
  code(grant: Grant): string {
    const code = randomBytes(48).toString('base64url');
    const { loginCodeSeconds, inAppCodeSeconds } = this.facts;
    const seconds = grant.redirectUri === undefined ? inAppCodeSeconds : loginCodeSeconds;
    this.codes.set(code, { ...grant, expiresAt: this.now() + seconds * 1000, used: false });
    return code;
  }

  /** @throws FeishuApiError with the code of what is wrong with the exchange. */
  exchange(input: { code: string; redirectUri?: string; verifier?: string }): IssuedTokens {
    const code = this.codes.get(input.code);
    if (code === undefined) throw refused(20003, 'The authorization code is unknown.');
    if (code.used) throw refused(20065, 'The authorization code has been used.');
    if (code.expiresAt <= this.now()) throw refused(20004, 'The authorization code has expired.');
    // Whether an exchange that fails uses the code up is not said; a second try with the right verifier is allowed.
    if (input.redirectUri !== undefined && input.redirectUri !== code.redirectUri) {
      throw refused(20071, 'redirect_uri does not match the one of the authorization request.');
    }
    if (input.redirectUri === undefined && code.redirectUri !== undefined) {
      throw refused(20071, 'redirect_uri is missing.');
    }
    if (code.challenge !== undefined && !proves(input.verifier, code.challenge)) {
      throw refused(20049, 'The PKCE check failed.');
    }
    code.used = true;
    return this.issue(code.person, code.scopes);
  }

  /** Each refresh token works once and is followed by another. @throws FeishuApiError */
  refresh(token: string): IssuedTokens {
    const known = this.refreshTokens.get(token);
    if (known === undefined) throw refused(20026, 'The refresh token is invalid.');
    if (known.used) throw refused(20073, 'The refresh token has been used.');
    if (known.expiresAt <= this.now()) throw refused(20037, 'The refresh token has expired.');
    known.used = true;
    return this.issue(known.person, known.scopes);
  }

  /** Whose token it is; `undefined` for one that is unknown or ended. */
  holder(token: string): UserToken | undefined {
    const known = this.tokens.get(token);
    return known !== undefined && known.expiresAt > this.now() ? known : undefined;
  }

  expireAll(): void {
    this.tokens.clear();
  }

  private issue(person: Person, scopes: readonly string[]): IssuedTokens {
    const now = this.now();
    // A JWT of more than a kilobyte: headers and columns sized for the old form must fail here.
    const token =
      this.facts.userTokenForm === 'jwt'
        ? `eyJ${randomBytes(900).toString('base64url')}`
        : `u-${randomBytes(24).toString('hex')}`;
    this.tokens.set(token, { person, scopes, expiresAt: now + accessSeconds * 1000 });
    const issued: IssuedTokens = {
      access_token: token,
      expires_in: accessSeconds,
      token_type: 'Bearer',
      scope: scopes.join(' '),
    };
    if (!scopes.includes('offline_access')) return issued;
    const refreshToken = `ur-${randomBytes(40).toString('hex')}`;
    const expiresAt = now + refreshSeconds * 1000;
    this.refreshTokens.set(refreshToken, { person, scopes, expiresAt, used: false });
    return { ...issued, refresh_token: refreshToken, refresh_token_expires_in: refreshSeconds };
  }
}

/** An error of the token endpoint: flat, HTTP 400. */
export function refused(code: number, msg: string, oauth = 'invalid_grant'): FeishuApiError {
  return new FeishuApiError(code, { msg, oauth });
}

function proves(
  verifier: string | undefined,
  challenge: { value: string; method: 'S256' | 'plain' },
): boolean {
  if (verifier === undefined || !/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier)) return false;
  if (challenge.method === 'plain') return verifier === challenge.value;
  return createHash('sha256').update(verifier).digest('base64url') === challenge.value;
}
