import createFetchClient, { type Client, type Middleware } from 'openapi-fetch';
import { AccessTokens, type ClientCredentials } from './access-token.js';
import type { paths } from './schema.js';

export interface ClientOptions {
  /** Scheme and host of the Trainbridge host, such as `https://bridge.example.com`. */
  baseUrl: string;
  /** The admin token or an API token (`tb_…`). */
  token?: string;
  /** Instead of `token`: access tokens are fetched, kept and renewed. */
  clientCredentials?: ClientCredentials;
  /** Language of texts such as `detail` of a problem. Default English. */
  language?: 'en' | 'zh-CN';
  fetch?: typeof globalThis.fetch;
}

export type TrainbridgeClient = Client<paths>;

/**
 * The whole API, typed: `client.GET('/api/v1/users', { params: { query: { limit: 10 } } })` answers `{ data }` or
 * `{ error }` (a problem document), and never throws for an HTTP status.
 * @throws {TokenError} from a call, when the client credentials are refused.
 */
export function createClient(options: ClientOptions): TrainbridgeClient {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const fetch = options.fetch ?? globalThis.fetch;
  const client = createFetchClient<paths>({ baseUrl, fetch });
  if (options.language) client.use(setHeader('accept-language', options.language));
  if (options.clientCredentials) {
    client.use(withAccessToken(new AccessTokens(baseUrl, options.clientCredentials, fetch), fetch));
  } else if (options.token !== undefined) {
    client.use(setHeader('authorization', `Bearer ${options.token}`));
  }
  return client;
}

function setHeader(name: string, value: string): Middleware {
  return { onRequest: ({ request }) => void request.headers.set(name, value) };
}

/** A token that was revoked or outlived a restart is replaced, and the call made once more. */
function withAccessToken(tokens: AccessTokens, fetch: typeof globalThis.fetch): Middleware {
  const copies = new Map<string, { copy: Request; token: string }>();
  return {
    async onRequest({ request, id }) {
      const token = await tokens.get();
      request.headers.set('authorization', `Bearer ${token}`);
      copies.set(id, { copy: request.clone(), token });
    },
    async onResponse({ response, id }) {
      const sent = copies.get(id);
      copies.delete(id);
      if (response.status !== 401 || !sent) return undefined;
      tokens.forget(sent.token);
      sent.copy.headers.set('authorization', `Bearer ${await tokens.get()}`);
      await response.body?.cancel();
      return fetch(sent.copy);
    },
    onError({ id }) {
      copies.delete(id);
    },
  };
}
