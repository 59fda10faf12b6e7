import { randomInt } from 'node:crypto';
import type { ActivityLog } from '../activity-log.js';
import {
  defaultDelivery,
  type CallbackRecord,
  type CallbackTarget,
  type DeliverySwitches,
  type SealedCallback,
  type VerificationResult,
} from './callback.js';
import { encrypt, sign } from './crypto.js';
import type { PlainEvent } from './event-xml.js';
import type { WecomFacts } from './facts.js';
import { callOut, type OutboundResult } from '../http/outbound-call.js';

const keptRecords = 2000;
const reorderWindowMs = 50;

/** Encrypts, signs and delivers events: 5 s, 3 attempts, no promise (sheet 4.1). */
export class CallbackSender {
  /** The newest deliveries, oldest first. */
  readonly records: CallbackRecord[] = [];
  readonly switches: DeliverySwitches = { ...defaultDelivery };
  private readonly closing = new AbortController();
  private readonly queue: (() => Promise<void>)[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private held: { target: CallbackTarget; event: PlainEvent }[] = [];
  private running = 0;
  private open = 0;
  private waiting: (() => void)[] = [];
  private lastId = 0;

  constructor(
    private readonly corpId: string,
    private readonly facts: WecomFacts,
    private readonly now: () => number,
    private readonly log: ActivityLog,
  ) {}

  /** Sends the events of one change, as the switches say. */
  send(target: CallbackTarget, events: readonly PlainEvent[]): void {
    for (const event of events) {
      for (let copy = 0; copy <= this.switches.duplicates; copy += 1) {
        if (this.switches.reorder) this.hold(target, event);
        else this.dispatch(target, event);
      }
    }
  }

  /** Resolves when nothing is held, queued, in flight or waiting for another attempt. */
  idle(): Promise<void> {
    if (this.open === 0 && this.held.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Asks a URL to prove that it knows token and key: the plaintext of `echostr` within one second. */
  async verify(target: CallbackTarget): Promise<VerificationResult> {
    const plain = String(randomInt(1e12, 2e14));
    const echo = encrypt({ encodingAesKey: target.aesKey, receiveId: target.receiveId, message: plain });
    const url = this.signedUrl(target, echo);
    url.searchParams.set('echostr', echo);
    const { verifyTimeoutMs } = this.switches;
    const result = await callOut({
      method: 'GET',
      url,
      timeoutMs: verifyTimeoutMs,
      signal: this.closing.signal,
    });
    const reason = refusal(result, plain);
    this.log.add({
      source: 'callback',
      title: 'URL verification 验证回调URL',
      outcome: reason === undefined ? 'ok' : 'error',
      detail: reason ?? 'echoed',
      durationMs: result.durationMs,
    });
    return {
      ok: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      ...(result.status === undefined ? {} : { status: result.status }),
      durationMs: result.durationMs,
    };
  }

  /** Encrypts and signs an event; `timestamp` (seconds) and `nonce` are made up unless given. */
  seal(
    target: CallbackTarget,
    xml: string,
    fixed: { timestamp?: string; nonce?: string } = {},
  ): SealedCallback {
    const encrypted = encrypt({ encodingAesKey: target.aesKey, receiveId: target.receiveId, message: xml });
    const agent = target.agentId === undefined ? '' : String(target.agentId);
    const body = `<xml><ToUserName><![CDATA[${this.corpId}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt><AgentID><![CDATA[${agent}]]></AgentID></xml>`;
    return { url: this.signedUrl(target, encrypted, fixed), body };
  }

  /** Ends what is in flight; nothing is sent any more. */
  close(): void {
    this.closing.abort();
    for (const timer of this.timers) clearTimeout(timer);
    this.held = [];
    this.queue.length = 0;
    this.open = 0;
    this.settle();
  }

  private signedUrl(
    target: CallbackTarget,
    encrypted: string,
    fixed: { timestamp?: string; nonce?: string } = {},
  ): URL {
    const url = new URL(target.url);
    const timestamp = fixed.timestamp ?? String(Math.floor(this.now() / 1000));
    const nonce = fixed.nonce ?? String(randomInt(1e9, 2e9));
    url.searchParams.set('msg_signature', sign(target.token, timestamp, nonce, encrypted));
    url.searchParams.set('timestamp', timestamp);
    url.searchParams.set('nonce', nonce);
    return url;
  }

  private hold(target: CallbackTarget, event: PlainEvent): void {
    this.held.push({ target, event });
    if (this.held.length > 1) return;
    this.later(reorderWindowMs, () => {
      const released = this.held.reverse();
      this.held = [];
      for (const item of released) this.dispatch(item.target, item.event);
    });
  }

  private dispatch(target: CallbackTarget, event: PlainEvent): void {
    this.lastId += 1;
    const record: CallbackRecord = {
      id: `callback-${this.lastId}`,
      at: this.now(),
      target: target.agentId === undefined ? 'contacts' : 'app',
      changeType: event.changeType,
      about: event.about,
      xml: event.xml,
      attempts: [],
      outcome: 'pending',
    };
    this.records.push(record);
    if (this.records.length > keptRecords * 2) this.records.splice(0, keptRecords);
    if (this.switches.dropNext > 0) {
      this.switches.dropNext -= 1;
      record.outcome = 'dropped';
      this.note(record, 'lost on the way 丢失');
      this.settle();
      return;
    }
    this.open += 1;
    this.enqueue(() => this.attempt(target, record, this.seal(target, record.xml)));
  }

  private enqueue(job: () => Promise<void>): void {
    this.queue.push(job);
    this.pump();
  }

  private pump(): void {
    while (this.running < this.switches.concurrency && !this.closing.signal.aborted) {
      const job = this.queue.shift();
      if (job === undefined) return;
      this.running += 1;
      void job().finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async attempt(
    target: CallbackTarget,
    record: CallbackRecord,
    sealed: SealedCallback,
  ): Promise<void> {
    const at = this.now();
    const result = await callOut({
      method: 'POST',
      url: sealed.url,
      body: sealed.body,
      contentType: this.facts.callbackContentType,
      timeoutMs: this.switches.timeoutMs,
      signal: this.closing.signal,
    });
    if (this.closing.signal.aborted) return;
    record.attempts.push({
      at,
      durationMs: result.durationMs,
      ...(result.status === undefined ? {} : { status: result.status }),
      ...(result.error === undefined ? {} : { error: result.error }),
    });
    if (result.status === 200) return this.finish(record, 'delivered', 'HTTP 200');
    const problem = result.error ?? `HTTP ${String(result.status)}`;
    // The pages disagree whether an answer that is not 200 is sent again (sheet 4.1).
    const again = result.status === undefined || this.facts.retryOnNon200;
    if (!again || record.attempts.length >= this.switches.attempts)
      return this.finish(record, 'failed', problem);
    this.note(record, `${problem}, again soon 将重试`, 'warning');
    const spacing = this.facts.retrySpacingMs[record.attempts.length - 1] ?? this.facts.retrySpacingMs[1];
    this.later(spacing, () => {
      const next = this.facts.reencryptOnRetry ? this.seal(target, record.xml) : sealed;
      this.enqueue(() => this.attempt(target, record, next));
    });
  }

  private finish(record: CallbackRecord, outcome: 'delivered' | 'failed', detail: string): void {
    record.outcome = outcome;
    this.note(record, detail);
    this.open -= 1;
    this.settle();
  }

  private settle(): void {
    if (this.open > 0 || this.held.length > 0) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  private later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, ms);
    this.timers.add(timer);
  }

  private note(record: CallbackRecord, detail: string, outcome?: 'warning'): void {
    const durationMs = record.attempts.at(-1)?.durationMs;
    this.log.add({
      source: 'callback',
      title: `${record.changeType} ${record.about}`,
      outcome: outcome ?? (record.outcome === 'delivered' ? 'ok' : 'error'),
      detail,
      ...(durationMs === undefined ? {} : { durationMs }),
    });
  }
}

function refusal(result: OutboundResult, plain: string): string | undefined {
  if (result.error !== undefined) return result.error;
  if (result.status !== 200) return `HTTP ${String(result.status)}`;
  if (result.body !== plain) return 'the answer is not the bare plaintext of echostr';
  return undefined;
}
