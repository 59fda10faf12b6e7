import type { Sandbox } from '@trainbridge/sandbox';

/** An answer of the simulated platform. */
export type Answer = Record<string, unknown> & { errcode: number; errmsg: string };

/** Calls the simulated platform the way a client of it would. */
export class Caller {
  private readonly tokens = new Map<string, string>();

  constructor(private readonly sandbox: Sandbox) {}

  /** `gettoken` as it answers. */
  async getToken(secret: string, corpId = this.sandbox.wecom.corpId): Promise<Answer> {
    return this.json(`gettoken?corpid=${corpId}&corpsecret=${secret}`);
  }

  /** A call with the app's token; a body makes it a POST. */
  async app(path: string, body?: unknown): Promise<Answer> {
    return this.withToken(this.sandbox.wecom.app.secret, path, body);
  }

  /** A call with the contacts token. */
  async contacts(path: string, body?: unknown): Promise<Answer> {
    return this.withToken(this.sandbox.wecom.contacts.secret, path, body);
  }

  /** Fetches new tokens at the next call. */
  forget(): void {
    this.tokens.clear();
  }

  /** A call with a token of the caller's own, as it comes back. */
  async raw(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.sandbox.url}/cgi-bin/${path}`, init);
  }

  /** The URL of a call with the app's token. */
  async appUrl(path: string): Promise<string> {
    const token = await this.token(this.sandbox.wecom.app.secret);
    return `${path}${path.includes('?') ? '&' : '?'}access_token=${token}`;
  }

  private async withToken(secret: string, path: string, body: unknown): Promise<Answer> {
    const token = await this.token(secret);
    return this.json(
      `${path}${path.includes('?') ? '&' : '?'}access_token=${token}`,
      body === undefined
        ? {}
        : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) },
    );
  }

  private async token(secret: string): Promise<string> {
    const known = this.tokens.get(secret);
    if (known !== undefined) return known;
    const token = String((await this.getToken(secret)).access_token);
    this.tokens.set(secret, token);
    return token;
  }

  private async json(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await this.raw(path, init);
    if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
    return (await response.json()) as Answer;
  }
}

/** A list of records out of an answer. */
export function records(answer: Answer, key: string): Record<string, unknown>[] {
  return answer[key] as Record<string, unknown>[];
}
