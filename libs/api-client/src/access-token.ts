/** A client of the API, as `POST /api/v1/clients` answered it. */
export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
  /** Fewer than the client has; absent: all of them. */
  scopes?: readonly string[];
}

/** The credentials were refused, or the host could not be asked. */
export class TokenError extends Error {
  constructor(
    readonly status: number,
    /** As OAuth names it, such as `invalid_client`. */
    readonly code: string,
    description: string,
  ) {
    super(description);
    this.name = 'TokenError';
  }
}

/** A token is not used in its last seconds: it would run out on the way. */
const MARGIN_MS = 10_000;

/** Gets access tokens and keeps the current one; however many calls wait, one request is made. */
export class AccessTokens {
  private current: { value: string; until: number } | null = null;
  private pending: Promise<string> | null = null;

  constructor(
    private readonly baseUrl: string,
    private readonly credentials: ClientCredentials,
    private readonly fetch: typeof globalThis.fetch,
  ) {}

  /** @throws {TokenError} */
  async get(): Promise<string> {
    if (this.current && Date.now() < this.current.until) return this.current.value;
    this.pending ??= this.request().finally(() => (this.pending = null));
    return this.pending;
  }

  /** The host refused this token: the next call gets another one. */
  forget(value: string): void {
    if (this.current?.value === value) this.current = null;
  }

  private async request(): Promise<string> {
    const { clientId, clientSecret, scopes } = this.credentials;
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scopes) form.set('scope', scopes.join(' '));
    const response = await this.fetch(`${this.baseUrl}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}` },
      body: form,
    });
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (!response.ok || typeof answer.access_token !== 'string') {
      const code = typeof answer.error === 'string' ? answer.error : 'unexpected_answer';
      const description = typeof answer.error_description === 'string' ? answer.error_description : code;
      throw new TokenError(response.status, code, description);
    }
    const lifeMs = typeof answer.expires_in === 'number' ? answer.expires_in * 1000 : 0;
    this.current = { value: answer.access_token, until: Date.now() + Math.max(0, lifeMs - MARGIN_MS) };
    return answer.access_token;
  }
}

/** RFC 6749, 2.3.1: id and secret are form-encoded before Basic puts them together. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
