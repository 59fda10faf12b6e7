import { Pool } from 'undici';

/** The host's API as the benchmark uses it: nothing of it shall cost more than it must. */
export class Api {
  private readonly pool: Pool;

  constructor(
    url: string,
    private readonly token: string,
    connections: number,
  ) {
    this.pool = new Pool(new URL(url).origin, { connections });
  }

  post<T>(path: string, body: object | string): Promise<T> {
    return this.request<T>('POST', path, typeof body === 'string' ? body : JSON.stringify(body));
  }

  async request<T>(method: 'POST' | 'DELETE', path: string, body: string | null = null): Promise<T> {
    const { statusCode, body: answer } = await this.pool.request({
      path: `/api/v1${path}`,
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      body,
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path} answered ${statusCode}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}
