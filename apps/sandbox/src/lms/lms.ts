import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { ActivityLog } from '../activity-log.js';
import { sendJson, sendText } from '../http/answers.js';
import { BodyTooLarge, readBody } from '../http/body.js';
import { WebhookVerifier, type SignatureProblem } from './signature.js';

/** A webhook the LMS took. */
export interface ReceivedWebhook {
  /** The `webhook-id` header. */
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** `type` of the body, where it has one. */
  type: string;
  /** The parsed body, or its text when it is not JSON. */
  body: unknown;
  /** How often this id had been taken before. */
  duplicates: number;
}

/** How the LMS behaves. Everything it does to a webhook comes after the signature was found good. */
export interface LmsBehavior {
  /** Secrets it accepts; none = nothing is believed. */
  secrets: string[];
  /** Age of a timestamp it believes, in seconds. */
  toleranceSeconds: number;
  /** How many of the next webhooks it fails; `always` until set to 0. */
  fail: number | 'always';
  /** Fails the first attempts of every id. */
  failFirstAttempts: number;
  /** What failing looks like: a status (500, 410, 429, 302…), `hang` or `reset`. */
  failWith: number | 'hang' | 'reset';
  /** `retry-after` header of failures, in seconds. */
  retryAfterSeconds: number | undefined;
  /** Time it takes for every answer, in milliseconds. */
  delayMs: number;
  /** Bodies it keeps (the newest); ids are all remembered. */
  keep: number;
}

/** What the LMS counted. */
export interface LmsCounts {
  /** Requests of any kind to the webhook URL. */
  requests: number;
  /** Webhooks taken, duplicates included. */
  received: number;
  /** Different ids taken. */
  unique: number;
  /** Taken although the id had been taken. */
  duplicates: number;
  /** Answered 401. */
  rejected: number;
  /** Failed on purpose. */
  failed: number;
  /** Somebody followed a redirect; a careful sender never does. */
  redirectsFollowed: number;
}

const largestBody = 8 * 1024 * 1024;
const noCounts: LmsCounts = {
  requests: 0, received: 0, unique: 0, duplicates: 0, rejected: 0, failed: 0, redirectsFollowed: 0,
}; // prettier-ignore

export const defaultBehavior: LmsBehavior = {
  secrets: [],
  toleranceSeconds: 300,
  fail: 0,
  failFirstAttempts: 0,
  failWith: 500,
  retryAfterSeconds: undefined,
  delayMs: 0,
  keep: 1000,
};

/** A small LMS: takes signed webhooks, or refuses them in every way a receiver can. */
export class Lms {
  /** Webhooks taken, oldest first; the newest `keep` of them. */
  readonly received: ReceivedWebhook[] = [];
  /** Why requests were answered 401, newest last. */
  readonly rejections: { at: number; id: string | undefined; problem: SignatureProblem }[] = [];
  readonly counts: LmsCounts = { ...noCounts };
  private readonly behavior: LmsBehavior = { ...defaultBehavior };
  private readonly times = new Map<string, number>();
  private readonly attempts = new Map<string, number>();
  private readonly verifier = new WebhookVerifier();
  private readonly closing = new AbortController();

  constructor(
    private readonly log: ActivityLog,
    private readonly now: () => number,
    behavior: Partial<LmsBehavior> = {},
  ) {
    // Every slow answer waits for it; any number may.
    setMaxListeners(0, this.closing.signal);
    this.configure(behavior);
  }

  /** Ids taken, with how often. */
  get ids(): ReadonlyMap<string, number> {
    return this.times;
  }

  /** How it behaves at the moment, without the secrets. */
  settings(): Omit<LmsBehavior, 'secrets'> & { secretCount: number } {
    const { secrets, ...rest } = this.behavior;
    return { ...rest, secretCount: secrets.length };
  }

  /** Changes the behavior; what is left out stays. `secret` is short for one entry of `secrets`. */
  configure(change: Partial<LmsBehavior> & { secret?: string }): void {
    const { secret, ...rest } = change;
    Object.assign(this.behavior, rest, secret === undefined ? {} : { secrets: [secret] });
    this.verifier.setSecrets(this.behavior.secrets);
  }

  /** Forgets what came; the behavior stays. */
  reset(): void {
    this.received.length = 0;
    this.rejections.length = 0;
    this.times.clear();
    this.attempts.clear();
    Object.assign(this.counts, noCounts);
  }

  /** Resolves when `count` different webhooks were taken. @throws Error after `timeoutMs`. */
  async waitFor(count: number, timeoutMs = 10_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.times.size < count) {
      if (performance.now() > deadline)
        throw new Error(`the LMS took ${this.times.size} of ${count} webhooks in time`);
      await wait(10);
    }
  }

  /** Answers `POST /lms/webhooks`. */
  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.counts.requests += 1;
    let body: Buffer;
    try {
      body = await readBody(request, largestBody);
    } catch (error) {
      if (error instanceof BodyTooLarge) return sendText(response, 'too large', 413);
      throw error;
    }
    const id = header(request, 'webhook-id');
    const problem = this.verifier.verify(
      {
        id,
        timestamp: header(request, 'webhook-timestamp'),
        signature: header(request, 'webhook-signature'),
      },
      body,
      Math.floor(this.now() / 1000),
      this.behavior.toleranceSeconds,
    );
    if (problem !== undefined || id === undefined)
      return this.reject(response, id, problem ?? 'headers_missing');
    if (this.behavior.delayMs > 0) {
      await wait(this.behavior.delayMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
    if (this.mustFail(id)) return this.failure(request, response, id);
    const duplicates = this.take(id, body);
    this.log.add({
      source: 'lms',
      title: `webhook ${this.received.at(-1)?.type ?? ''}`,
      outcome: duplicates > 0 ? 'warning' : 'ok',
      detail: duplicates > 0 ? `${id}, duplicate 重复` : id,
    });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 });
    response.end('{}');
  }

  /** Answers whoever follows the redirect of a failure. */
  followed(response: ServerResponse): void {
    this.counts.redirectsFollowed += 1;
    sendJson(response, {});
  }

  close(): void {
    this.closing.abort();
  }

  private reject(response: ServerResponse, id: string | undefined, problem: SignatureProblem): void {
    this.counts.rejected += 1;
    this.rejections.push({ at: this.now(), id, problem });
    if (this.rejections.length > 2000) this.rejections.splice(0, 1000);
    this.log.add({ source: 'lms', title: 'webhook 401', outcome: 'error', detail: problem });
    sendJson(response, { error: problem }, 401);
  }

  private mustFail(id: string): boolean {
    const { fail, failFirstAttempts } = this.behavior;
    if (failFirstAttempts > 0) {
      const attempt = (this.attempts.get(id) ?? 0) + 1;
      this.attempts.set(id, attempt);
      if (attempt <= failFirstAttempts) return true;
    }
    if (fail === 'always') return true;
    if (fail <= 0) return false;
    this.behavior.fail = fail - 1;
    return true;
  }

  private failure(request: IncomingMessage, response: ServerResponse, id: string): void {
    this.counts.failed += 1;
    const { failWith, retryAfterSeconds } = this.behavior;
    this.log.add({
      source: 'lms',
      title: `webhook → ${failWith}`,
      outcome: 'error',
      detail: `${id}, failed on purpose 故意失败`,
    });
    if (failWith === 'hang') return;
    if (failWith === 'reset') {
      response.socket?.resetAndDestroy();
      return;
    }
    if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
    if (failWith >= 300 && failWith < 400) {
      response.setHeader('location', `http://${request.headers.host ?? 'localhost'}/lms/redirected`);
    }
    sendText(response, 'the LMS fails on purpose', failWith);
  }

  private take(id: string, body: Buffer): number {
    const duplicates = this.times.get(id) ?? 0;
    this.times.set(id, duplicates + 1);
    this.counts.received += 1;
    if (duplicates > 0) this.counts.duplicates += 1;
    else this.counts.unique += 1;
    const parsed = parsedBody(body);
    const type = typeof parsed === 'object' && parsed !== null && 'type' in parsed ? String(parsed.type) : '';
    this.received.push({ id, at: this.now(), type, body: parsed, duplicates });
    if (this.received.length > this.behavior.keep + 200) {
      this.received.splice(0, this.received.length - this.behavior.keep);
    }
    return duplicates;
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function parsedBody(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
