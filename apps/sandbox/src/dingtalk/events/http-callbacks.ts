import { callOut, type OutboundResult } from '../../http/outbound-call.js';
import { dingtalkDefaults } from '../constants.js';
import { seal, unseal, type Sealed } from '../crypto.js';
import type { DingtalkFacts } from '../facts.js';
import { Quiet, Timers, type EventRecord, type EventRecords } from './delivery.js';
import { failedEntry, httpPayload, type PlainEvent } from './plain-event.js';

/** A callback URL as it is configured. */
export interface CallbackTarget {
  url: string;
  token: string;
  /** 43 characters. */
  aesKey: string;
  /** Stands at the end of every encrypted message (callback-event-message-body-encryption-and-decryption). */
  ownerKey: string;
  /** The events asked for; all of them when absent. */
  tags?: readonly string[];
}

/** What saving a URL needs; the rest defaults to the demo's, the owner to the client id as in the console. */
export interface CallbackSetup {
  url: string;
  token?: string;
  aesKey?: string;
  ownerKey?: string;
  tags?: readonly string[];
}

/** What `check_url` found. */
export interface VerificationResult {
  ok: boolean;
  /** Why not, in words. */
  reason?: string;
  status?: number;
  durationMs: number;
}

/** A request ready to be sent, or to be tampered with. */
export interface SealedCallback {
  url: URL;
  /** JSON. */
  body: string;
}

const failuresPerCall = 200;

/** The HTTP channel: saving the URL, encrypting, three attempts, the list of what failed (http-callback-overview). */
export class HttpCallbacks {
  target: CallbackTarget | undefined;
  /** Deliveries in flight at one time; 1 keeps the order unless one is retried. */
  concurrency = 1;
  private readonly closing = new AbortController();
  private readonly timers = new Timers();
  private readonly quiet = new Quiet();
  private readonly queue: (() => Promise<void>)[] = [];
  private running = 0;
  private failed: { event: PlainEvent; readableFrom: number }[] = [];

  constructor(
    private readonly corpId: string,
    private readonly defaultOwner: string,
    private readonly facts: DingtalkFacts,
    private readonly records: EventRecords,
    private readonly now: () => number,
  ) {}

  /**
   * Saves a URL that answers `check_url` rightly; `verify: false` saves it unasked.
   * @throws TypeError for a token or key of impossible form.
   */
  async save(setup: CallbackSetup, verify = true): Promise<VerificationResult> {
    const target = this.targetOf(setup);
    const result = verify ? await this.check(target) : { ok: true, durationMs: 0 };
    if (result.ok) this.target = target;
    return result;
  }

  /** Nobody is told any more. */
  remove(): void {
    this.target = undefined;
  }

  /** Tells an event to the configured URL; nothing happens without one, or when it did not ask for it. */
  send(event: PlainEvent): void {
    const { target } = this;
    if (target === undefined || target.tags?.includes(event.eventType) === false) return;
    const record = this.records.begin('http', event, httpPayload(event, this.corpId, this.facts.eventForm));
    this.quiet.begin();
    this.enqueue(() => this.attempt(target, event, record));
  }

  /** A message encrypted and signed for the target, not sent. */
  seal(
    message: Record<string, unknown>,
    fixed: { timestamp?: string; nonce?: string } = {},
    target = this.target,
  ): SealedCallback {
    if (target === undefined) throw new TypeError('no callback is configured');
    const sealed = seal(target, JSON.stringify(message), { timestamp: String(this.now()), ...fixed });
    const url = new URL(target.url);
    const { signatureNames } = this.facts;
    if (signatureNames !== 'msg_signature') url.searchParams.set('signature', sealed.signature);
    if (signatureNames !== 'signature') url.searchParams.set('msg_signature', sealed.signature);
    url.searchParams.set('timestamp', sealed.timestamp);
    url.searchParams.set('nonce', sealed.nonce);
    return { url, body: JSON.stringify({ encrypt: sealed.encrypt }) };
  }

  /** What failed and may be read by now; reading it takes it away. */
  takeFailed(): Record<string, unknown> {
    const readable = this.failed.filter((entry) => entry.readableFrom <= this.now());
    const taken = readable.slice(0, failuresPerCall);
    this.failed = this.failed.filter((entry) => !taken.includes(entry));
    return {
      has_more: readable.length > taken.length,
      failed_list: taken.map(({ event }) => failedEntry(event, this.corpId)),
    };
  }

  /** Resolves when nothing is queued, in flight or waiting for another attempt. */
  idle(): Promise<void> {
    return this.quiet.reached();
  }

  /** Ends what is in flight; nothing is sent any more. */
  close(): void {
    this.closing.abort();
    this.timers.clear();
    this.queue.length = 0;
    this.target = undefined;
    this.quiet.reset();
  }

  private targetOf(setup: CallbackSetup): CallbackTarget {
    const { token = dingtalkDefaults.callbackToken, aesKey = dingtalkDefaults.callbackAesKey } = setup;
    if (!/^[A-Za-z0-9]{3,63}$/.test(token)) throw new TypeError('token must be 3 to 63 letters and digits');
    if (!/^[A-Za-z0-9]{43}$/.test(aesKey)) throw new TypeError('aesKey must be 43 letters and digits');
    const ownerKey = setup.ownerKey ?? this.defaultOwner;
    const tags = setup.tags === undefined ? {} : { tags: setup.tags };
    return { url: new URL(setup.url).href, token, aesKey, ownerKey, ...tags };
  }

  private async check(target: CallbackTarget): Promise<VerificationResult> {
    const result = await this.post(target, { EventType: 'check_url' });
    const reason = refusalOf(result, target);
    return {
      ok: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      ...(result.status === undefined ? {} : { status: result.status }),
      durationMs: result.durationMs,
    };
  }

  private post(target: CallbackTarget, message: Record<string, unknown>): Promise<OutboundResult> {
    return callOut({
      method: 'POST',
      ...this.seal(message, {}, target),
      contentType: 'application/json',
      timeoutMs: this.facts.answerLimitMs,
      signal: this.closing.signal,
    });
  }

  private enqueue(job: () => Promise<void>): void {
    this.queue.push(job);
    this.pump();
  }

  private pump(): void {
    while (this.running < this.concurrency && !this.closing.signal.aborted) {
      const job = this.queue.shift();
      if (job === undefined) return;
      this.running += 1;
      void job().finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async attempt(target: CallbackTarget, event: PlainEvent, record: EventRecord): Promise<void> {
    const at = this.now();
    const result = await this.post(target, record.payload);
    if (this.closing.signal.aborted) return;
    const reason = refusalOf(result, target);
    record.attempts.push({
      at,
      durationMs: result.durationMs,
      ...(result.status === undefined ? {} : { status: result.status }),
      ...(reason === undefined ? {} : { error: reason }),
    });
    const spacing = this.facts.retrySpacingMs[record.attempts.length - 1];
    if (reason === undefined || spacing === undefined) {
      record.outcome = reason === undefined ? 'delivered' : 'failed';
      if (reason !== undefined)
        this.failed.push({ event, readableFrom: this.now() + this.facts.failedAfterMs });
      this.records.note(record, reason ?? 'success');
      return this.quiet.end();
    }
    this.records.note(record, `${reason}, again soon 将重试`);
    this.timers.after(spacing, () => this.enqueue(() => this.attempt(target, event, record)));
  }
}

/** Why an answer does not count: it must be JSON with four values, right to the last, that hold `success`. */
function refusalOf(result: OutboundResult, target: CallbackTarget): string | undefined {
  if (result.error !== undefined) return result.error;
  if (result.status !== 200) return `HTTP ${String(result.status)}`;
  try {
    const { message, ownerKey } = unseal(target, sealedReply(result.body));
    if (ownerKey !== target.ownerKey) return 'the answer is encrypted for another owner';
    return message === 'success' ? undefined : 'the answer does not say success';
  } catch (error) {
    return `the answer cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function sealedReply(body: string): Sealed {
  const reply: unknown = JSON.parse(body);
  if (typeof reply !== 'object' || reply === null) throw new Error('not a JSON object');
  const { msg_signature, timeStamp, nonce, encrypt } = reply as Record<string, unknown>;
  for (const [name, value] of Object.entries({ msg_signature, timeStamp, nonce, encrypt }))
    if (typeof value !== 'string' || value === '') throw new Error(`${name} must be a text`);
  return { signature: msg_signature, timestamp: timeStamp, nonce, encrypt } as Sealed;
}
