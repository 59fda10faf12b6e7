import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import {
  ConnectorError,
  type Connector,
  type ConnectorContext,
  type JsonObject,
  type Log,
} from '@trainbridge/connector-kit';
import { AddressPolicy, type AddressPolicyOptions } from './address-policy.js';
import { requireAllowedWebSocketUrl } from './allowed-hosts.js';
import { secretsOf } from './config-secrets.js';
import type { Exchange, ExchangeListener } from './exchange.js';
import { sendRequest, type HttpClientParts, type RetryOptions } from './http-client.js';
import { InProcessRateLimiter, type RateLimiter } from './rate-limiter.js';
import { Redactor } from './redactor.js';
import { Semaphore } from './semaphore.js';
import { MemoryTokenStore, tokenKey, Tokens, type StoredToken, type TokenStore } from './tokens.js';
import { Transport } from './transport.js';
import { openWebSocket } from './web-socket.js';

export interface RuntimeOptions extends AddressPolicyOptions {
  /** Called once per HTTP attempt. What it throws is swallowed: a record must not fail a call. */
  onExchange: ExchangeListener;
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** The deployer's outbound proxy; a connection's own comes first. */
  defaultProxyUrl?: string;
  rateLimiter?: RateLimiter;
  tokenStore?: TokenStore;
  retry?: Partial<RetryOptions>;
  /** How long at most a credential the platform refused is not tried again. Default 60 s. */
  refusedCredentialHoldMs?: number;
}

/** A connection as the runtime needs it: its configuration decrypted, validated and with defaults filled in. */
export interface RuntimeConnection {
  id: string;
  config: JsonObject;
  timezone: string;
  locale: 'zh-CN' | 'en';
  proxyUrl?: string | null;
}

export interface ContextInput {
  connector: Connector;
  connection: RuntimeConnection;
  callbackUrl: string | null;
  signal: AbortSignal;
  log: Log;
  /**
   * Secret beside the configuration and the tokens: a one-time code somebody came with. Kept out of every record of this
   * context, and of no other: whoever comes could make any word a secret.
   */
  secrets?: readonly string[];
}

/** What outlives a single context of a connection: its places in flight, and what must never be shown. */
interface ConnectionState {
  slots: Semaphore;
  redactor: Redactor;
}

const MAX_CONNECTION_STATES = 5_000;

/** What the host hands to connectors. One per process; keeps pools, tokens and rate limits, and knows no platform. */
export class ConnectorRuntime {
  readonly #options: RuntimeOptions;
  readonly #now: () => number;
  readonly #transport: Transport;
  readonly #rateLimiter: RateLimiter;
  readonly #tokens: Tokens;
  readonly #retry: RetryOptions;
  readonly #states = new Map<string, ConnectionState>();
  readonly #closing = new AbortController();

  constructor(options: RuntimeOptions) {
    this.#options = options;
    setMaxListeners(0, this.#closing.signal);
    this.#now = options.now ?? Date.now;
    this.#transport = new Transport(new AddressPolicy(options), options.defaultProxyUrl ?? null);
    this.#rateLimiter = options.rateLimiter ?? new InProcessRateLimiter();
    this.#tokens = new Tokens(
      options.tokenStore ?? new MemoryTokenStore(),
      this.#now,
      options.refusedCredentialHoldMs ?? 60_000,
    );
    this.#retry = { attempts: 4, baseMs: 400, maxMs: 30_000, ...options.retry };
  }

  /** The context of one call into a connector. Cheap; made anew for each call, ends with `signal` or the runtime. */
  contextFor(input: ContextInput): ConnectorContext {
    // Each call in flight listens to it, and stops when it is done: many listeners are no leak here.
    setMaxListeners(0, input.signal);
    const { redactor } = this.#state(input.connector, input.connection);
    const own = input.secrets?.length ? new Redactor(input.secrets, redactor) : redactor;
    return this.#context(input, own, []);
  }

  /**
   * Takes a connection's secrets and tokens out of a text: for what a connector itself says (findings, error messages,
   * rejected records) before it is stored or shown.
   *
   * @param secrets those of the context the text came of
   */
  redact(
    connector: Connector,
    connection: Pick<RuntimeConnection, 'id' | 'config' | 'proxyUrl'>,
    text: string,
    secrets: readonly string[] = [],
  ): string {
    const { redactor } = this.#state(connector, connection);
    return new Redactor(secrets, redactor).text(text);
  }

  /** Ends every call in flight and every connection. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#transport.close();
  }

  #context(input: ContextInput, redactor: Redactor, tokenChain: readonly string[]): ConnectorContext {
    const { connector, connection, callbackUrl, signal } = input;
    const state = this.#state(connector, connection);
    const proxyUrl = connection.proxyUrl ?? this.#options.defaultProxyUrl ?? null;
    const log = redactingLog(input.log, redactor);
    const keyOf = (name: string): string => tokenKey(connector, name, connection.config);
    return {
      config: connection.config,
      connection: { id: connection.id, timezone: connection.timezone, locale: connection.locale },
      callbackUrl,
      http: (request) =>
        withEither([signal, this.#closing.signal], (either) => {
          const parts: HttpClientParts = {
            connector,
            connectionId: connection.id,
            config: connection.config,
            proxyUrl,
            transport: this.#transport,
            rateLimiter: this.#rateLimiter,
            slots: state.slots,
            redactor,
            retry: this.#retry,
            signal: either,
            log,
            now: this.#now,
            record: (exchange) => this.#record(exchange),
            token: {
              get: (name, rejectedId) => this.#token(input, redactor, name, either, tokenChain, rejectedId),
              refuse: (name, error) => this.#tokens.refuse(keyOf(name), error),
              proven: (name) => this.#tokens.proven(keyOf(name)),
            },
          };
          return sendRequest(parts, request);
        }),
      webSocket: async (url) => {
        const allowed = requireAllowedWebSocketUrl(connector, connection.config, url);
        const origin = new URL(`${allowed.protocol === 'wss:' ? 'https:' : 'http:'}//${allowed.host}`);
        return openWebSocket(
          allowed,
          this.#transport.dispatcher(origin, proxyUrl),
          AbortSignal.any([signal, this.#closing.signal]),
        );
      },
      now: this.#now,
      randomBase64: (bytes) => randomBytes(bytes).toString('base64'),
      signal,
      log,
    };
  }

  async #token(
    input: ContextInput,
    redactor: Redactor,
    name: string,
    signal: AbortSignal,
    chain: readonly string[],
    rejectedId?: string,
  ): Promise<StoredToken> {
    const { connector, connection } = input;
    const definition = connector.tokens[name];
    if (!definition || chain.includes(name)) {
      const problem = definition ? `needs token "${name}" to fetch it` : `has no token "${name}"`;
      throw new ConnectorError('internal', `Connector "${connector.manifest.id}" ${problem}.`);
    }
    // Shared by everybody who waits, so it ends with the runtime and not with the caller who happened to come first.
    const fetch = (): Promise<{ value: string; expiresInSeconds: number }> =>
      definition.fetch(this.#context({ ...input, signal: this.#closing.signal }, redactor, [...chain, name]));
    const token = await this.#tokens.get(
      tokenKey(connector, name, connection.config),
      fetch,
      signal,
      rejectedId,
    );
    this.#state(connector, connection).redactor.add(token.value);
    return token;
  }

  #state(
    connector: Connector,
    connection: Pick<RuntimeConnection, 'id' | 'config' | 'proxyUrl'>,
  ): ConnectionState {
    const secrets = [
      ...secretsOf(connector.configSchema, connection.config),
      ...proxySecrets(connection.proxyUrl),
      ...proxySecrets(this.#options.defaultProxyUrl),
    ];
    let state = this.#states.get(connection.id);
    if (!state || state.slots.size !== connector.manifest.maxConcurrency) {
      this.#forgetIdle();
      state = { slots: new Semaphore(connector.manifest.maxConcurrency), redactor: new Redactor(secrets) };
      this.#states.set(connection.id, state);
    } else {
      for (const secret of secrets) state.redactor.add(secret);
    }
    return state;
  }

  #forgetIdle(): void {
    if (this.#states.size < MAX_CONNECTION_STATES) return;
    for (const [id, state] of this.#states) if (state.slots.idle) this.#states.delete(id);
  }

  #record(exchange: Exchange): void {
    try {
      const stored = this.#options.onExchange(exchange);
      if (stored) stored.catch(() => undefined);
    } catch {
      // Storing the record is the host's business, and its failure must not become the platform's.
    }
  }
}

/** Runs a call with a signal that aborts with any of `signals`, and leaves nothing hanging on them afterwards. */
async function withEither<T>(
  signals: readonly AbortSignal[],
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController();
  setMaxListeners(0, either.signal);
  const abort = (): void => either.abort();
  if (signals.some((signal) => signal.aborted)) abort();
  for (const signal of signals) signal.addEventListener('abort', abort, { once: true });
  try {
    return await call(either.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
}

function proxySecrets(proxyUrl: string | null | undefined): string[] {
  if (!proxyUrl) return [];
  try {
    const { password } = new URL(proxyUrl);
    return password === '' ? [] : [decodeURIComponent(password)];
  } catch {
    return [];
  }
}

function redactingLog(log: Log, redactor: Redactor): Log {
  const through =
    (level: 'debug' | 'info' | 'warn') =>
    (message: string, fields?: JsonObject): void =>
      log[level](redactor.text(message), fields === undefined ? undefined : redactor.fields(fields));
  return { debug: through('debug'), info: through('info'), warn: through('warn') };
}
