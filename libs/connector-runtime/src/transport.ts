import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Readable } from 'node:stream';
import { ConnectorError } from '@trainbridge/connector-kit';
import { Pool, ProxyAgent, type buildConnector, type Dispatcher } from 'undici';
import { AddressRefusedError, type AddressPolicy } from './address-policy.js';
import { cancelled, describeNetworkError } from './network-errors.js';

export interface OutgoingRequest {
  method: Dispatcher.HttpMethod;
  url: URL;
  headers: Record<string, string>;
  body: string | null;
  timeoutMs: number;
  maxBytes: number;
  signal: AbortSignal;
  /** Absent or null: a direct connection. */
  proxyUrl: string | null;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const CONNECTIONS_PER_ORIGIN = 128;
const MAX_DISPATCHERS = 512;
/** Of one web socket message; events of platforms have a few kilobytes. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Keep-alive pools, one per origin and proxy, under one address policy. Knows nothing of platforms. */
export class Transport {
  readonly #dispatchers = new Map<string, Dispatcher>();

  /** `deployerProxyUrl`: the one proxy that may stand in a private network without the policy allowing it. */
  constructor(
    private readonly policy: AddressPolicy,
    private readonly deployerProxyUrl: string | null = null,
  ) {}

  /**
   * One attempt: no redirect is followed, no answer larger than `maxBytes` (after decompression) is read to its end, and
   * all of it is over after `timeoutMs`. Rejects with a ConnectorError that names the host.
   */
  async send(request: OutgoingRequest): Promise<RawAnswer> {
    const { url, signal } = request;
    if (signal.aborted) throw cancelled();
    const proxy = request.proxyUrl === null ? null : safeProxyName(request.proxyUrl);
    const ended = new AbortController();
    const onAbort = (): void => ended.abort();
    const timer = setTimeout(onAbort, request.timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = await this.dispatcher(url, request.proxyUrl).request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { 'accept-encoding': 'gzip', ...request.headers },
        body: request.body,
        signal: ended.signal,
        headersTimeout: request.timeoutMs,
        bodyTimeout: request.timeoutMs,
      });
      const headers = flatten(answer.headers);
      const body = await readLimited(answer.body, headers, request.maxBytes, url);
      return { status: answer.statusCode, headers, body };
    } catch (error) {
      if (error instanceof ConnectorError) throw error;
      if (signal.aborted) throw cancelled();
      if (ended.signal.aborted) {
        throw new ConnectorError(
          'unavailable',
          `${url.host} did not answer completely within ${request.timeoutMs} ms.`,
        );
      }
      throw describeNetworkError(error, url, proxy);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The pool for an origin; also what web sockets are opened with. */
  dispatcher(url: URL, proxyUrl: string | null): Dispatcher {
    const key = proxyUrl === null ? url.origin : `${proxyUrl} ${url.origin}`;
    let dispatcher = this.#dispatchers.get(key);
    if (dispatcher) {
      // Re-inserted: the map's order is the order of last use.
      this.#dispatchers.delete(key);
    } else {
      dispatcher = this.#open(url, proxyUrl);
      this.#dropOldest();
    }
    this.#dispatchers.set(key, dispatcher);
    return dispatcher;
  }

  async close(): Promise<void> {
    const open = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.allSettled(open.map((dispatcher) => dispatcher.destroy()));
  }

  #open(url: URL, proxyUrl: string | null): Dispatcher {
    if (proxyUrl === null) {
      return new Pool(url.origin, {
        connections: CONNECTIONS_PER_ORIGIN,
        connect: this.policy.connector(),
        webSocket: { maxPayloadSize: MAX_MESSAGE_BYTES },
      });
    }
    // The proxy resolves the name, so an address written out is all that can be judged on this side.
    if (this.policy.refusesLiteral(url.hostname)) {
      throw new ConnectorError(
        'config_invalid',
        `${url.hostname} is not a public address and no network is allowed that holds it.`,
      );
    }
    if (!/^https?:\/\/[^/]/i.test(proxyUrl) || !URL.canParse(proxyUrl)) {
      throw new ConnectorError(
        'config_invalid',
        'The outbound proxy must be an http:// or https:// address.',
      );
    }
    const options = { uri: proxyUrl, connections: CONNECTIONS_PER_ORIGIN, proxyTunnel: true };
    if (proxyUrl === this.deployerProxyUrl) return new ProxyAgent(options);
    const { hostname } = new URL(proxyUrl);
    if (this.policy.refusesLiteral(hostname))
      throw describeNetworkError(new AddressRefusedError(hostname, [hostname]), url, null);
    return new ProxyAgent({
      ...options,
      proxyTls: { lookup: this.policy.lookup } as buildConnector.BuildOptions,
    });
  }

  #dropOldest(): void {
    if (this.#dispatchers.size < MAX_DISPATCHERS) return;
    const oldest = this.#dispatchers.entries().next().value;
    if (!oldest) return;
    this.#dispatchers.delete(oldest[0]);
    void oldest[1].close().catch(() => undefined);
  }
}

async function readLimited(
  body: Readable,
  headers: Record<string, string>,
  maxBytes: number,
  url: URL,
): Promise<Buffer> {
  const tooLarge = (): ConnectorError => {
    // Aborts the socket: the rest is not read, and this connection is not used again.
    body.on('error', () => undefined);
    body.destroy();
    return new ConnectorError('bad_response', `${url.host} answered more than ${maxBytes} bytes.`);
  };
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  const source = decompressed(body, headers['content-encoding']);
  try {
    for await (const chunk of source) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) throw tooLarge();
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (source !== body && (error as { code?: string }).code?.startsWith('Z_')) {
      throw new ConnectorError('bad_response', `${url.host} answered a body that cannot be decompressed.`);
    }
    throw error;
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
}

function decompressed(body: Readable, encoding: string | undefined): Readable {
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : null;
  if (decoder === null) return body;
  body.on('error', (error) => decoder.destroy(error));
  return body.pipe(decoder);
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** Scheme, host and port: a proxy's credentials belong into no message. */
export function safeProxyName(proxyUrl: string): string {
  try {
    const { protocol, host } = new URL(proxyUrl);
    return `${protocol}//${host}`;
  } catch {
    return 'configured';
  }
}
