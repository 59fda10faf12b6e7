import type { Sandbox } from '@trainbridge/sandbox';

/** An answer of either API, with its HTTP status. */
export interface DingtalkAnswer {
  status: number;
  body: Record<string, unknown>;
}

/** Calls the simulated DingTalk the way a client of it would. */
export class DingtalkCaller {
  private token: string | undefined;

  constructor(private readonly sandbox: Sandbox) {}

  /** A call to the old API with the app's token in the query. */
  async old(path: string, body: unknown = {}): Promise<Record<string, unknown>> {
    const token = await this.appToken();
    const { status, body: answer } = await this.send('POST', `${path}?access_token=${token}`, body);
    if (status !== 200) throw new Error(`HTTP ${status}`);
    return answer;
  }

  /** A call to the new API with the app's token in the header. */
  async fresh(method: string, path: string, body?: unknown): Promise<DingtalkAnswer> {
    return this.send(method, path, body, await this.appToken());
  }

  /** A call as it stands; a token goes into the header. */
  async send(method: string, path: string, body?: unknown, token?: string): Promise<DingtalkAnswer> {
    const response = await fetch(`${this.sandbox.url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { 'x-acs-dingtalk-access-token': token }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async appToken(): Promise<string> {
    const { clientId, clientSecret } = this.sandbox.dingtalk.app;
    this.token ??= (
      await this.send('POST', '/v1.0/oauth2/accessToken', { appKey: clientId, appSecret: clientSecret })
    ).body.accessToken as string;
    return this.token;
  }

  /** Fetches a new token at the next call. */
  forget(): void {
    this.token = undefined;
  }
}

/** What stands at a path of an answer: `result.list.0.userid`. */
export function at<T>(answer: unknown, path: string): T {
  let value: unknown = answer;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value as T;
}
