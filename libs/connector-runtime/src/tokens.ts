import { createHash, randomUUID } from 'node:crypto';
import {
  ConnectorError,
  isConnectorError,
  isRetryable,
  type Connector,
  type JsonObject,
} from '@trainbridge/connector-kit';
import { cancelled } from './network-errors.js';

export interface StoredToken {
  /** Different for every fetch, even when the platform hands out the same value again. */
  id: string;
  value: string;
  /** Milliseconds since the epoch: from `refreshAt` on a new one is fetched, at `expiresAt` this one is dead. */
  refreshAt: number;
  expiresAt: number;
}

/** Where tokens are kept. In memory today; one shared by several processes fits behind it. Keys are hashes. */
export interface TokenStore {
  get(key: string): Promise<StoredToken | undefined>;
  set(key: string, token: StoredToken): Promise<void>;
}

export class MemoryTokenStore implements TokenStore {
  readonly #tokens = new Map<string, StoredToken>();

  async get(key: string): Promise<StoredToken | undefined> {
    return this.#tokens.get(key);
  }

  async set(key: string, token: StoredToken): Promise<void> {
    this.#tokens.delete(key);
    this.#tokens.set(key, token);
    if (this.#tokens.size > 10_000) this.#tokens.delete(this.#tokens.keys().next().value as string);
  }
}

/**
 * What a token belongs to: connector, token name, the values of its credentials, and every origin of the configuration,
 * so that a token of one deployment is never sent to another. Hashed: no secret is ever a key.
 */
export function tokenKey(connector: Connector, name: string, config: JsonObject): string {
  const credentials = connector.tokens[name]?.credentials ?? [];
  const origins = Object.entries(connector.configSchema.properties)
    .filter(([, property]) => property.type === 'string' && property.format === 'origin')
    .map(([property]) => property);
  const values = [...new Set([...credentials, ...origins])]
    .sort()
    .map((property) => [property, config[property] ?? null]);
  return createHash('sha256')
    .update(JSON.stringify([connector.manifest.id, name, values]))
    .digest('hex');
}

const HELD_CODES = new Set(['auth_failed', 'config_invalid', 'permission_denied']);
const FIRST_HOLD_MS = 5_000;

interface Hold {
  error: ConnectorError;
  until: number;
  failures: number;
}

/**
 * Tokens, fetched once however many ask. Refreshes early; a credential the platform refused is not shown to it again for
 * a while (5 s after the first refusal, doubling up to `maxHoldMs`), because platforms ban the caller's address for that.
 * Other credentials have another key, so a corrected configuration is tried at once.
 */
export class Tokens {
  readonly #flights = new Map<string, Promise<StoredToken>>();
  readonly #holds = new Map<string, Hold>();

  constructor(
    private readonly store: TokenStore,
    private readonly now: () => number,
    private readonly maxHoldMs: number,
  ) {}

  /** `rejectedId`: the token the platform has just called invalid; it is not handed out again. */
  async get(
    key: string,
    fetch: () => Promise<{ value: string; expiresInSeconds: number }>,
    signal: AbortSignal,
    rejectedId?: string,
  ): Promise<StoredToken> {
    const current = await this.#usable(key, rejectedId);
    if (current && this.now() < current.refreshAt) return current;
    const hold = this.#holds.get(key);
    if (hold && this.now() < hold.until) {
      if (current) return current;
      throw this.#held(hold);
    }
    try {
      return await orCancelled(this.#flight(key, fetch, rejectedId), signal);
    } catch (error) {
      // The old one is still good for a while: a token endpoint that stumbles must not stop the work.
      if (current && isRetryable(error) && !signal.aborted) return current;
      throw error;
    }
  }

  /** A fresh token was refused as well: the credentials, not the token, are the problem. */
  refuse(key: string, error: ConnectorError): void {
    const failures = (this.#holds.get(key)?.failures ?? 0) + 1;
    const holdMs = Math.min(FIRST_HOLD_MS * 2 ** (failures - 1), this.maxHoldMs);
    if (this.#holds.size > 10_000) this.#holds.delete(this.#holds.keys().next().value as string);
    this.#holds.set(key, { error, failures, until: this.now() + holdMs });
  }

  /** A call with this token went through. */
  proven(key: string): void {
    this.#holds.delete(key);
  }

  async #usable(key: string, rejectedId: string | undefined): Promise<StoredToken | undefined> {
    const token = await this.store.get(key);
    return token && token.id !== rejectedId && this.now() < token.expiresAt ? token : undefined;
  }

  #flight(
    key: string,
    fetch: () => Promise<{ value: string; expiresInSeconds: number }>,
    rejectedId: string | undefined,
  ): Promise<StoredToken> {
    const running = this.#flights.get(key);
    if (running) return running;
    const flight = this.#fetch(key, fetch, rejectedId).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    // Everybody who waits may have left; a failure nobody hears must not end the process.
    flight.catch(() => undefined);
    return flight;
  }

  async #fetch(
    key: string,
    fetch: () => Promise<{ value: string; expiresInSeconds: number }>,
    rejectedId: string | undefined,
  ): Promise<StoredToken> {
    // Another flight may have landed between the look into the store and this one.
    const landed = await this.#usable(key, rejectedId);
    if (landed && this.now() < landed.refreshAt) return landed;
    let fetched: { value: string; expiresInSeconds: number };
    try {
      fetched = await fetch();
    } catch (error) {
      if (isConnectorError(error) && HELD_CODES.has(error.code)) this.refuse(key, error);
      throw error;
    }
    const lifeMs = fetched.expiresInSeconds * 1_000;
    if (
      typeof fetched.value !== 'string' ||
      fetched.value === '' ||
      !Number.isFinite(lifeMs) ||
      lifeMs <= 0
    ) {
      throw new ConnectorError(
        'bad_response',
        'The platform answered a token request without a usable token.',
      );
    }
    const now = this.now();
    const early = Math.min(300_000, lifeMs / 10);
    const token = {
      id: randomUUID(),
      value: fetched.value,
      refreshAt: now + lifeMs - early,
      expiresAt: now + lifeMs,
    };
    await this.store.set(key, token);
    return token;
  }

  #held({ error, until }: Hold): ConnectorError {
    const retryAfterMs = until - this.now();
    const message = `${error.message} (Not asked again for ${Math.ceil(retryAfterMs / 1_000)} s: repeated refusals get this server's address banned.)`;
    const { code, message: _message, ...details } = error.data;
    return new ConnectorError(code, message, { ...details, retryAfterMs });
  }
}

/** The flight goes on for the others; only this caller stops waiting. */
async function orCancelled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw cancelled();
  let leave: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    leave = (): void => reject(cancelled());
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
