import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { expect } from 'vitest';
import {
  ConnectorError,
  type Connector,
  type ConnectorContext,
  type HttpRequest,
  type JsonObject,
  type JsonValue,
  type Page,
  type RawCallback,
  type WebSocketConnection,
} from '../../src/index.js';

/** One recorded answer, and the call it answers: what is written here must be what the connector sent. */
export interface Recording {
  /** `METHOD url`, without the query. */
  call: string;
  token?: string;
  query?: JsonObject;
  json?: JsonValue;
  status?: number;
  headers?: Record<string, string>;
  answer: JsonValue;
}

export const NOW = 1_767_226_500_000;
const TOKEN_VALUE = 'recorded-token';

/**
 * A context without a network: `http` serves recorded answers in the order they are asked for, through the connector's own
 * `apply` and `classify` as the host would, and fails on any other call.
 */
export class RecordedPlatform {
  readonly #left: Recording[] = [];
  frames: JsonValue[] = [];
  readonly sent: JsonValue[] = [];

  constructor(
    private readonly connector: Connector,
    private readonly config: JsonObject,
  ) {}

  /** What comes next, in this order. */
  expects(...recordings: Recording[]): ConnectorContext {
    this.#left.push(...recordings);
    return this.context();
  }

  /** Every recorded call was made. */
  done(): void {
    expect(this.#left.map(({ call }) => call)).toEqual([]);
  }

  context(callbackUrl: string | null = 'https://bridge.example/callbacks/con_1'): ConnectorContext {
    const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    return {
      config: this.config,
      connection: { id: 'con_1', timezone: 'Asia/Shanghai', locale: 'zh-CN' },
      callbackUrl,
      http: async (request) => this.#answer(request),
      webSocket: async (url) => this.#socket(url),
      now: () => NOW,
      randomBase64: (bytes) => Buffer.alloc(bytes, 'r').toString('base64'),
      signal: new AbortController().signal,
      log: quiet,
    };
  }

  #answer(request: HttpRequest): { status: number; headers: Record<string, string>; body: JsonValue } {
    const next = this.#left.shift();
    const { host } = new URL(request.url);
    expect(this.connector.manifest.allowedHosts.some((entry) => this.#allows(entry, host))).toBe(true);
    const made = {
      call: `${request.method} ${request.url}`,
      ...(request.token === undefined ? {} : { token: request.token }),
      ...(request.query === undefined ? {} : { query: defined(request.query) }),
      ...(request.json === undefined ? {} : { json: request.json }),
    };
    const {
      status = 200,
      headers = {},
      answer,
      ...wanted
    } = next ?? { call: 'no further call', answer: null };
    expect(made).toEqual(wanted);
    if (request.token !== undefined) {
      // Types and purity only: where the token ends up differs by platform, and the specs assert it there.
      const applied = this.connector.tokens[request.token]?.apply(request, TOKEN_VALUE);
      expect(JSON.stringify(applied)).toContain(TOKEN_VALUE);
      expect(JSON.stringify(request)).not.toContain(TOKEN_VALUE);
    }
    const response = { status, headers, body: answer };
    const outcome = this.connector.classify(response, request);
    if (outcome.outcome === 'ok') return response;
    if (outcome.outcome === 'token_expired') throw new ConnectorError('auth_failed', 'token refused');
    const { outcome: _outcome, code, ...details } = outcome;
    throw new ConnectorError(code, outcome.vendorMessage ?? code, details);
  }

  #allows(entry: string | { fromConfig: string }, host: string): boolean {
    const origin = typeof entry === 'string' ? `https://${entry}` : this.config[entry.fromConfig];
    return typeof origin === 'string' && new URL(origin).host === host;
  }

  #socket(url: string): WebSocketConnection {
    const { sent, frames } = this;
    sent.push(url);
    return {
      async *messages() {
        for (const frame of frames) yield { text: JSON.stringify(frame) };
      },
      send: async (message) =>
        void sent.push('text' in message ? (JSON.parse(message.text) as JsonValue) : message.base64),
      close: async () => undefined,
    };
  }
}

function defined(query: NonNullable<HttpRequest['query']>): JsonObject {
  return JSON.parse(JSON.stringify(query)) as JsonObject;
}

/** Reads all pages of a listing, as the host does: one call, one page, the cursor handed back untouched. */
export async function allPages<T>(read: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor);
    expect(page.done).toBe(page.cursor === null);
    // Small enough to be saved with every page.
    expect((page.cursor ?? '').length).toBeLessThan(500);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return items;
}

export function callback(
  body: string,
  queryString = '',
  headers: Record<string, string> = {},
  method = 'POST',
): RawCallback {
  return { method, queryString, headers, bodyBase64: Buffer.from(body).toString('base64') };
}

/** A string field of an answer; anything else counts as empty. */
export const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

/**
 * The framed AES-256-CBC two of the three platforms use: 16 random bytes, length, message, owner, padded to 32. Sheet
 * sections: WeCom 4.2, DingTalk 4.3.
 */
export const framed = {
  key: (encodingAesKey: string): Buffer => Buffer.from(`${encodingAesKey}=`, 'base64'),

  encrypt(encodingAesKey: string, random: Buffer, message: string, owner: string): string {
    const key = framed.key(encodingAesKey);
    const text = Buffer.from(message);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    const frame = Buffer.concat([random, length, text, Buffer.from(owner)]);
    const pad = 32 - (frame.length % 32);
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    return Buffer.concat([
      cipher.update(Buffer.concat([frame, Buffer.alloc(pad, pad)])),
      cipher.final(),
    ]).toString('base64');
  },

  decrypt(encodingAesKey: string, encrypted: string, owners: readonly string[]): string {
    const key = framed.key(encodingAesKey);
    const bytes = Buffer.from(encrypted, 'base64');
    if (bytes.length === 0 || bytes.length % 16 !== 0)
      throw new ConnectorError('input_invalid', 'not a cipher text');
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    const plain = Buffer.concat([decipher.update(bytes), decipher.final()]);
    const pad = plain.at(-1) ?? 0;
    const frame = plain.subarray(0, plain.length - (pad >= 1 && pad <= 32 ? pad : 0));
    const length = frame.length >= 20 ? frame.readUInt32BE(16) : Number.POSITIVE_INFINITY;
    if (20 + length > frame.length) throw new ConnectorError('input_invalid', 'not a proper frame');
    const owner = frame.subarray(20 + length).toString();
    if (!owners.includes(owner)) throw new ConnectorError('auth_failed', 'meant for somebody else');
    return frame.subarray(20, 20 + length).toString();
  },
};
