import { feishuDefaults, type Sandbox } from '@trainbridge/sandbox';

export type Json = Record<string, unknown>;

/** An answer of the simulated Feishu. */
export interface FeishuAnswer {
  status: number;
  code: number;
  msg: string;
  data: Json;
  error: Json;
  body: Json;
  headers: Headers;
}

/** Calls the simulated Feishu the way a client of it would. */
export class FeishuCaller {
  private token: string | undefined;

  constructor(private readonly sandbox: Sandbox) {}

  async getToken(
    app_id: unknown = feishuDefaults.appId,
    app_secret: unknown = feishuDefaults.appSecret,
  ): Promise<FeishuAnswer> {
    return this.send('POST', 'auth/v3/tenant_access_token/internal', { app_id, app_secret }, {});
  }

  get(path: string): Promise<FeishuAnswer> {
    return this.call('GET', path);
  }

  post(path: string, body: Json = {}): Promise<FeishuAnswer> {
    return this.call('POST', path, body);
  }

  /** A call with the app's token. */
  async call(method: string, path: string, body?: Json): Promise<FeishuAnswer> {
    this.token ??= String((await this.getToken()).body.tenant_access_token);
    return this.as(this.token, method, path, body);
  }

  /** A call with another token; `undefined` for none. */
  as(token: string | undefined, method: string, path: string, body?: Json): Promise<FeishuAnswer> {
    return this.send(method, path, body, token === undefined ? {} : { authorization: `Bearer ${token}` });
  }

  /** Fetches a new token at the next call. */
  forget(): void {
    this.token = undefined;
  }

  async send(
    method: string,
    path: string,
    body: Json | undefined,
    headers: Record<string, string>,
  ): Promise<FeishuAnswer> {
    const response = await fetch(`${this.sandbox.url}/open-apis/${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Json;
    return {
      status: response.status,
      code: answer.code as number,
      msg: answer.msg as string,
      data: (answer.data ?? {}) as Json,
      error: (answer.error ?? {}) as Json,
      body: answer,
      headers: response.headers,
    };
  }
}

/** Records of a listing; none when the platform leaves an empty list out. */
export function items(answer: FeishuAnswer): Json[] {
  return (answer.data.items ?? []) as Json[];
}
