import { Pool, type Dispatcher } from 'undici';
import { succeeded, type AttemptResult } from './attempt-result.js';
import { networkFailure } from './network-failure.js';
import type { ReceiverAddresses } from './receiver-addresses.js';
import { parseRetryAfter } from '../webhook/retry-schedule.js';

const EXCERPT_BYTES = 4 * 1024;
/** Beyond this the rest of an answer is not worth the wait: the connection is cut. */
const READ_BYTES = 64 * 1024;

export interface ReceiverConnectionOptions {
  addresses: ReceiverAddresses;
  /** Most requests at once: one connection each, no pipelining. */
  connections: number;
  /** All of one attempt: connecting, sending, waiting and reading. */
  timeoutMs: number;
}

/** Keep-alive connections to one receiver. Redirects are never followed. */
export class ReceiverConnection {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(
    readonly url: URL,
    private readonly options: ReceiverConnectionOptions,
  ) {
    const connect = options.addresses.connector(url, { timeout: Math.min(options.timeoutMs, 5_000) });
    this.path = url.pathname + url.search;
    this.pool = new Pool(url.origin, {
      connections: options.connections,
      connect,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      maxHeaderSize: 16 * 1024,
    });
  }

  /** One attempt. Never rejects: whatever happens is in the result. */
  post(headers: Record<string, string>, body: string | Buffer): Promise<AttemptResult> {
    return new Promise((resolve) => {
      const attempt = new Attempt(this.options.timeoutMs, resolve);
      try {
        this.pool.dispatch({ path: this.path, method: 'POST', headers, body }, attempt);
      } catch (error) {
        attempt.fail(error);
      }
    });
  }

  /** Cuts what is open; attempts under way end as failed connections. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** Follows one request by undici's callbacks: no stream, no promise and no abort signal per attempt. */
class Attempt implements Dispatcher.DispatchHandler {
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | null = null;
  private status: number | null = null;
  private retryAfterMs: number | null = null;
  private chunks: Buffer[] | null = null;
  private bytes = 0;
  private settled = false;

  constructor(
    private readonly timeoutMs: number,
    private readonly resolve: (result: AttemptResult) => void,
  ) {
    this.timer = setTimeout(() => this.onTimeout(), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.settled) controller.abort(new Error('timed out before a connection was free'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    const retryAfter = headers['retry-after'];
    if (retryAfter !== undefined) {
      this.retryAfterMs = parseRetryAfter(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, Date.now());
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.bytes < EXCERPT_BYTES) (this.chunks ??= []).push(chunk);
    this.bytes += chunk.length;
    if (this.bytes <= READ_BYTES) return;
    this.finish(null);
    controller.abort(new Error('the rest of the answer is not read'));
  }

  onResponseEnd(): void {
    this.finish(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  fail(error: unknown): void {
    this.finish(networkFailure(error));
  }

  private onTimeout(): void {
    this.finish({
      code: 'timeout',
      message: `The receiver did not answer completely within ${this.timeoutMs / 1_000} s.`,
    });
    this.controller?.abort(new Error('timed out'));
  }

  private finish(failure: { code: AttemptResult['errorCode']; message: string } | null): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    const result: AttemptResult = {
      status: this.status,
      excerpt: this.excerpt(),
      errorCode: failure?.code ?? null,
      error: failure?.message ?? null,
      retryAfterMs: this.retryAfterMs,
      durationMs: Math.round(performance.now() - this.startedAt),
    };
    if (failure === null) judge(result);
    if (succeeded(result)) result.retryAfterMs = null;
    this.resolve(result);
  }

  private excerpt(): string | null {
    if (this.chunks === null) return null;
    const bytes = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    // PostgreSQL takes no NUL in a text; a character cut in half becomes a replacement character.
    return bytes.toString('utf8', 0, EXCERPT_BYTES).replaceAll('\0', '\ufffd');
  }
}

function judge(result: AttemptResult): void {
  const { status } = result;
  if (status !== null && status >= 200 && status < 300) return;
  if (status !== null && status >= 300 && status < 400) {
    result.errorCode = 'redirect_refused';
    result.error = `The receiver answered ${status}; redirects are not followed.`;
  } else {
    result.errorCode = 'status';
    result.error = `The receiver answered ${status}.`;
  }
}
