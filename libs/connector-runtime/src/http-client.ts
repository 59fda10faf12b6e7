import { createHash } from 'node:crypto';
import {
  ConnectorError,
  ERROR_CODES,
  isConnectorError,
  type Classification,
  type Connector,
  type HttpRequest,
  type HttpResponse,
  type JsonObject,
  type Log,
} from '@trainbridge/connector-kit';
import { requireAllowedUrl } from './allowed-hosts.js';
import type { Exchange } from './exchange.js';
import { parseAnswer } from './json-answer.js';
import { cancelled } from './network-errors.js';
import { encodeRequest } from './request-encoding.js';
import type { RateLimiter, RateWindow } from './rate-limiter.js';
import type { Redactor } from './redactor.js';
import type { Semaphore } from './semaphore.js';
import type { StoredToken } from './tokens.js';
import type { RawAnswer, Transport } from './transport.js';

export interface RetryOptions {
  /** Tries of a safe request, the first included. */
  attempts: number;
  /** First delay after `unavailable`; doubles. */
  baseMs: number;
  /** No delay is longer, whatever the platform asks for. */
  maxMs: number;
}

/** Everything one connection's calls need; made by the runtime. */
export interface HttpClientParts {
  connector: Connector;
  connectionId: string;
  config: JsonObject;
  proxyUrl: string | null;
  transport: Transport;
  rateLimiter: RateLimiter;
  slots: Semaphore;
  redactor: Redactor;
  retry: RetryOptions;
  signal: AbortSignal;
  log: Log;
  now: () => number;
  record: (exchange: Exchange) => void;
  token: {
    get(name: string, rejectedId?: string): Promise<StoredToken>;
    refuse(name: string, error: ConnectorError): void;
    proven(name: string): void;
  };
}

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

type Attempt = { response: HttpResponse; outcome: Classification };

/** Sends one request as `HttpClient` in the kit promises. */
export async function sendRequest(parts: HttpClientParts, request: HttpRequest): Promise<HttpResponse> {
  for (const secret of request.secrets ?? []) parts.redactor.add(secret);
  requireAllowedUrl(parts.connector, parts.config, request.url);
  const safe = (request.retry ?? (request.method === 'GET' ? 'safe' : 'never')) === 'safe';
  let rejected: StoredToken | undefined;
  let failures = 0;
  for (let attempt = 1; ; attempt += 1) {
    const token =
      request.token === undefined ? undefined : await parts.token.get(request.token, rejected?.id);
    let failure: ConnectorError;
    try {
      const { response, outcome } = await attemptOnce(parts, request, token, attempt);
      if (outcome.outcome === 'ok') {
        if (request.token !== undefined) parts.token.proven(request.token);
        return response;
      }
      if (outcome.outcome === 'token_expired') {
        if (request.token !== undefined && token && !rejected) {
          rejected = token;
          continue;
        }
        const refused = answerError(parts, request, { ...outcome, outcome: 'error', code: 'auth_failed' });
        if (request.token !== undefined) parts.token.refuse(request.token, refused);
        throw refused;
      }
      failure = answerError(parts, request, outcome);
      honourRetryAfter(failure, response.headers);
      if (failure.code === 'rate_limited') pauseWindows(parts, request, failure);
    } catch (error) {
      if (!isConnectorError(error)) throw error;
      failure = error;
    }
    failures += 1;
    const again =
      safe && ERROR_CODES[failure.code].retry && failures < parts.retry.attempts && !parts.signal.aborted;
    if (!again) throw failure;
    const delay = retryDelay(failure, failures, parts.retry);
    parts.log.debug('retrying a platform call', { code: failure.code, attempt, delayMs: delay });
    await sleep(delay, parts.signal);
  }
}

async function attemptOnce(
  parts: HttpClientParts,
  request: HttpRequest,
  token: StoredToken | undefined,
  attempt: number,
): Promise<Attempt> {
  const { connector, redactor } = parts;
  const applied =
    token && request.token ? applyToken(connector, request, request.token, token.value) : request;
  const encoded = encodeRequest(applied);
  // Looked at again: a token must not be carried to another host.
  const url = requireAllowedUrl(connector, parts.config, encoded.url);
  const release = await parts.slots.acquire(parts.signal);
  try {
    await parts.rateLimiter.acquire(rateWindows(connector, parts.config, url), parts.signal);
    const began = parts.now();
    const beganAt = performance.now();
    let raw: RawAnswer | null = null;
    let result: Attempt | null = null;
    let failure: ConnectorError | null = null;
    try {
      raw = await parts.transport.send({
        method: request.method,
        url,
        headers: encoded.headers,
        body: encoded.body,
        timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        maxBytes: request.maxBytes ?? DEFAULT_MAX_BYTES,
        signal: parts.signal,
        proxyUrl: parts.proxyUrl,
      });
      const body =
        raw.status === 204 || raw.status === 205 ? null : parseAnswer(raw.body, raw.status, url.host);
      const response: HttpResponse = { status: raw.status, headers: raw.headers, body };
      result = { response, outcome: classify(connector, response, request) };
      return result;
    } catch (error) {
      failure = isConnectorError(error)
        ? error
        : new ConnectorError('internal', 'The call failed in an unforeseen way.');
      if (raw) honourRetryAfter(failure, raw.headers);
      throw failure;
    } finally {
      const outcome = result?.outcome;
      const vendor = outcome && outcome.outcome !== 'ok' ? outcome : undefined;
      const failed = failure !== null || vendor !== undefined;
      parts.record({
        connectionId: parts.connectionId,
        direction: 'outbound',
        method: request.method,
        url: redactor.url(encoded.url),
        ...(failed && encoded.body !== null ? { requestBody: redactor.excerpt(encoded.body) } : {}),
        status: raw?.status ?? null,
        vendorCode: vendor?.vendorCode ?? null,
        vendorRequestId: vendor?.vendorRequestId ?? null,
        errorCode:
          failure?.code ?? (vendor ? (vendor.outcome === 'error' ? vendor.code : 'token_expired') : null),
        errorMessage: redactOptional(redactor, failure?.message ?? vendor?.vendorMessage),
        durationMs: Math.round(performance.now() - beganAt),
        attempt,
        // Never a whole answer: 64 KiB are plenty to cut 4 KiB from.
        ...(failed && raw
          ? { responseExcerpt: redactor.excerpt(raw.body.subarray(0, 65_536).toString('utf8')) }
          : {}),
        at: new Date(began).toISOString(),
      });
    }
  } finally {
    release();
  }
}

function applyToken(connector: Connector, request: HttpRequest, name: string, value: string): HttpRequest {
  const definition = connector.tokens[name];
  if (!definition)
    throw new ConnectorError('internal', `Connector "${connector.manifest.id}" has no token "${name}".`);
  return definition.apply(request, value);
}

function classify(connector: Connector, response: HttpResponse, request: HttpRequest): Classification {
  try {
    return connector.classify(response, request);
  } catch {
    throw new ConnectorError(
      'bad_response',
      `Connector "${connector.manifest.id}" could not make sense of an answer (status ${response.status}).`,
    );
  }
}

function answerError(
  parts: HttpClientParts,
  request: HttpRequest,
  outcome: Extract<Classification, { outcome: 'error' }>,
): ConnectorError {
  const { outcome: _outcome, code, vendorMessage, ...details } = outcome;
  const { host, pathname } = new URL(request.url);
  const said = vendorMessage === undefined ? undefined : parts.redactor.text(vendorMessage).slice(0, 500);
  const answer =
    [outcome.vendorCode, said].filter((part) => part !== undefined && part !== '').join(': ') || code;
  const where = parts.redactor.text(`${request.method} ${host}${pathname}`);
  return new ConnectorError(code, `${where} answered ${answer}`, {
    ...details,
    ...(said === undefined ? {} : { vendorMessage: said }),
  });
}

function rateWindows(
  connector: Connector,
  config: JsonObject,
  url: URL,
): (RateWindow & { perEndpoint: boolean })[] {
  return connector.manifest.rateLimits
    .filter(({ paths }) => paths === undefined || paths.some((path) => url.pathname.startsWith(path)))
    .map((rule) => {
      const owner = rule.keyFrom.map((property) => config[property] ?? null);
      const endpoint = rule.perEndpoint ? `${url.host}${url.pathname}` : '';
      const scope = [connector.manifest.id, rule.name, endpoint, owner];
      const key = createHash('sha256').update(JSON.stringify(scope)).digest('base64');
      return { key, limit: rule.limit, perMs: rule.perMs, perEndpoint: rule.perEndpoint === true };
    });
}

/** The platform counts differently from us: whoever else is about to make the same call waits, too. */
function pauseWindows(parts: HttpClientParts, request: HttpRequest, failure: ConnectorError): void {
  const windows = rateWindows(parts.connector, parts.config, new URL(request.url));
  const narrow = windows.filter((window) => window.perEndpoint);
  const forMs = Math.min(failure.data.retryAfterMs ?? 1_000, parts.retry.maxMs);
  parts.rateLimiter.pause(narrow.length > 0 ? narrow : windows, forMs);
}

function retryDelay(failure: ConnectorError, failures: number, { baseMs, maxMs }: RetryOptions): number {
  const asked = failure.data.retryAfterMs;
  // What the platform asks for is a lower bound; our own guess is spread so that callers do not return in step.
  const wanted =
    asked === undefined
      ? baseMs * 2 ** (failures - 1) * (0.5 + Math.random())
      : asked * (1 + Math.random() / 5);
  return Math.min(Math.max(wanted, 20), maxMs);
}

function honourRetryAfter(failure: ConnectorError, headers: Record<string, string>): void {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  if (failure.data.retryAfterMs === undefined && Number.isFinite(seconds) && seconds >= 0) {
    failure.data.retryAfterMs = seconds * 1_000;
  }
}

function redactOptional(redactor: Redactor, text: string | undefined): string | null {
  return text === undefined ? null : redactor.excerpt(text);
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(cancelled());
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
