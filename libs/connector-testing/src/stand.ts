import {
  ConnectorError,
  isConnectorError,
  type Connector,
  type ConnectorContext,
  type HttpClient,
  type HttpResponse,
  type JsonObject,
  type Log,
} from '@trainbridge/connector-kit';
import { ConnectorRuntime, secretsOf, validateConfig, type Exchange } from '@trainbridge/connector-runtime';
import type { CaseInput } from './case.js';
import type { ConformanceHarness, PlatformUnderTest } from './harness.js';

/** How a context differs from the plain one. */
export interface ContextOptions {
  config?: JsonObject;
  signal?: AbortSignal;
  /** Stands between the connector and the platform: may change an answer, or throw instead of it. */
  between?: (response: () => Promise<HttpResponse>, url: string) => Promise<HttpResponse>;
  /** Any call fails the case. */
  offline?: boolean;
}

const SHORTEST_SECRET = 6;

/**
 * A connector as the host would drive it, on the platform of one case: the real runtime (tokens, limits, retries, allowed
 * hosts, redaction) without the host. Everything that comes out is kept and looked through for secrets at the end.
 */
export class Stand {
  readonly exchanges: Exchange[] = [];
  /** Fetches per token name. */
  readonly tokenFetches = new Map<string, number>();
  private readonly runtime: ConnectorRuntime;
  private readonly connector: Connector;
  private readonly outputs: { what: string; text: string }[] = [];
  private readonly secrets = new Set<string>();
  private readonly ending = new AbortController();

  constructor(
    subject: Connector,
    readonly platform: PlatformUnderTest,
  ) {
    this.connector = this.watched(subject);
    this.runtime = new ConnectorRuntime({
      allowedNetworks: ['127.0.0.0/8', '::1/128'],
      onExchange: (exchange) => {
        this.exchanges.push(exchange);
        this.see('an exchange', exchange);
      },
      // Platforms may ask for a minute: here a few milliseconds are as good.
      retry: { attempts: 5, baseMs: 1, maxMs: 5 },
      refusedCredentialHoldMs: 0,
      ...(platform.now ? { now: platform.now } : {}),
    });
  }

  context(options: ContextOptions = {}): ConnectorContext {
    const validation = validateConfig(this.connector, options.config ?? this.platform.config);
    if (!validation.ok) {
      throw new Error(
        `the harness's config is refused by configSchema: ${JSON.stringify(validation.errors)}`,
      );
    }
    for (const secret of secretsOf(this.connector.configSchema, validation.config)) this.secrets.add(secret);
    const context = this.runtime.contextFor({
      connector: this.connector,
      connection: {
        id: 'con_conformance',
        config: validation.config,
        timezone: 'Asia/Shanghai',
        locale: 'zh-CN',
      },
      callbackUrl: 'https://bridge.example.test/callbacks/con_conformance',
      signal: options.signal ?? this.ending.signal,
      log: this.log(),
    });
    return { ...context, http: httpOf(context, options) };
  }

  /**
   * Calls into the connector: the answer must be JSON and hold no secret, and what is thrown must be a ConnectorError
   * without one.
   */
  async call<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      const answer = await work();
      this.see(what, answer);
      requireJson(what, answer);
      return answer;
    } catch (error) {
      if (isConnectorError(error)) this.see(`${what} (error)`, error.data);
      throw error;
    }
  }

  /** What the call ends with: its answer, or the ConnectorError it throws. @throws anything else, as the bug it is. */
  async outcome<T>(what: string, work: () => Promise<T>): Promise<{ answer: T } | { error: ConnectorError }> {
    try {
      return { answer: await this.call(what, work) };
    } catch (error) {
      if (isConnectorError(error)) return { error };
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      throw new Error(`${what} threw something that is no ConnectorError: ${told}`);
    }
  }

  /** Ends the case. @throws when a secret stands in anything that came out, or a foreign host was called. */
  async close(): Promise<void> {
    this.ending.abort();
    await this.runtime.close();
    await this.platform.close();
    const secrets = [...this.secrets].filter((secret) => secret.length >= SHORTEST_SECRET);
    for (const { what, text } of this.outputs) {
      for (const secret of secrets) {
        if (text.includes(secret) || text.includes(encodeURIComponent(secret)))
          throw new Error(`${what} holds a secret (${secret.slice(0, 2)}…): ${excerpt(text, secret)}`);
      }
    }
  }

  private see(what: string, value: unknown): void {
    this.outputs.push({ what, text: JSON.stringify(value) ?? '' });
  }

  private log(): Log {
    const through =
      (level: string) =>
      (message: string, fields?: JsonObject): void =>
        this.see(`a ${level} log line`, { message, ...fields });
    return { debug: through('debug'), info: through('info'), warn: through('warn') };
  }

  /** The same connector, its token fetches counted and its tokens known as secrets. */
  private watched(subject: Connector): Connector {
    const tokens = Object.entries(subject.tokens).map(([name, definition]) => {
      const fetch: typeof definition.fetch = async (context) => {
        this.tokenFetches.set(name, (this.tokenFetches.get(name) ?? 0) + 1);
        const token = await definition.fetch(context);
        this.secrets.add(token.value);
        return token;
      };
      return [name, { ...definition, fetch }] as const;
    });
    return { ...subject, tokens: Object.fromEntries(tokens) };
  }
}

/** Runs one case on a platform of its own; whatever came out is looked through for secrets, also when the case passed. */
export async function onStand(
  connector: Connector,
  harness: ConformanceHarness,
  run: (input: CaseInput) => Promise<void>,
): Promise<void> {
  const stand = new Stand(connector, await harness.start());
  try {
    await run({ connector, stand, platform: stand.platform });
  } catch (error) {
    await stand.close().catch(() => undefined);
    throw error;
  }
  await stand.close();
}

function httpOf(context: ConnectorContext, { between, offline }: ContextOptions): HttpClient {
  return async (request) => {
    if (offline) throw new Error(`called ${request.url}, where no network is to be used`);
    return between ? between(() => context.http(request), request.url) : context.http(request);
  };
}

/** All that crosses the line is JSON: no Dates, no undefined in lists, no class instances, no cycles. */
function requireJson(what: string, value: unknown): void {
  const wrong = firstNotJson(value, '');
  if (wrong !== null) throw new Error(`${what} answered something that is not JSON at ${wrong || 'its top'}`);
}

function firstNotJson(value: unknown, path: string): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : path;
  if (typeof value !== 'object') return path;
  if (
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) !== Object.prototype &&
    Object.getPrototypeOf(value) !== null
  )
    return path;
  for (const [key, item] of Object.entries(value)) {
    // A property that is undefined is simply absent once it has crossed the line.
    if (item === undefined && !Array.isArray(value)) continue;
    const wrong = firstNotJson(item, `${path}/${key}`);
    if (wrong !== null) return wrong;
  }
  return null;
}

function excerpt(text: string, secret: string): string {
  const at = Math.max(0, text.indexOf(secret) - 60);
  return text.slice(at, at + 120).replaceAll(secret, '<secret>');
}
