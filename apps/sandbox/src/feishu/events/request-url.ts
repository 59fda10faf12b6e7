import { randomBytes, randomUUID } from 'node:crypto';
import type { ActivityLog } from '../../activity-log.js';
import { callOut, type OutboundResult } from '../../http/outbound-call.js';
import { encrypt, sign } from '../crypto.js';
import type { FeishuFacts } from '../facts.js';
import type { Channel, DeliverySwitches, Handover } from './courier.js';

/** The request URL (请求地址) as the developer console keeps it. */
export interface RequestUrl {
  url: string;
  verificationToken: string;
  /** Absent: events come in plain text and without a signature. */
  encryptKey?: string;
}

/** What the check of a request URL found. */
export interface VerificationResult {
  ok: boolean;
  /** Why not, in words. */
  reason?: string;
  durationMs: number;
}

/** A request as it goes out. */
interface SealedEvent {
  headers: Record<string, string>;
  body: string;
}

const contentType = 'application/json; charset=utf-8';

/** Events by HTTP: encrypted and signed where the app has an encrypt key; only a 200 within three seconds counts. */
export class UrlChannel implements Channel {
  readonly name = 'url';
  /** Where events go; `undefined` when no URL is saved. */
  target: RequestUrl | undefined;
  private readonly closing = new AbortController();

  constructor(
    private readonly facts: FeishuFacts,
    private readonly switches: DeliverySwitches,
    private readonly now: () => number,
    private readonly log: ActivityLog,
  ) {}

  /** The check of the console: the challenge must come back as JSON within one second. It is never signed. */
  async verify(target: RequestUrl): Promise<VerificationResult> {
    const challenge = randomUUID();
    const plain = JSON.stringify({ challenge, token: target.verificationToken, type: 'url_verification' });
    const result = await this.post(
      target,
      { headers: {}, body: outer(target, plain) },
      this.switches.verifyTimeoutMs,
    );
    const reason = refusal(result, challenge);
    this.log.add({
      source: 'callback',
      title: '飞书 url_verification 校验请求地址',
      outcome: reason === undefined ? 'ok' : 'error',
      detail: reason ?? 'echoed',
      durationMs: result.durationMs,
    });
    const { durationMs } = result;
    return reason === undefined ? { ok: true, durationMs } : { ok: false, reason, durationMs };
  }

  async deliver(envelope: string, firstAt: number): Promise<Handover> {
    const { target } = this;
    if (target === undefined) return { ok: false, detail: 'no request URL is saved', durationMs: 0 };
    const at = this.facts.retryTimestamp === 'new' ? this.now() : firstAt;
    const { status, error, durationMs } = await this.post(
      target,
      sealed(target, envelope, at),
      this.switches.timeoutMs,
    );
    return { ok: status === 200, detail: error ?? `HTTP ${String(status)}`, durationMs };
  }

  close(): void {
    this.closing.abort();
  }

  private post(target: RequestUrl, request: SealedEvent, timeoutMs: number): Promise<OutboundResult> {
    const url = new URL(target.url);
    const { signal } = this.closing;
    return callOut({ method: 'POST', url, ...request, contentType, timeoutMs, signal });
  }
}

/** Encrypts and signs an envelope as the target wants it; `at` in milliseconds. */
function sealed(target: RequestUrl, envelope: string, at: number): SealedEvent {
  const body = outer(target, envelope);
  if (target.encryptKey === undefined) return { headers: {}, body };
  const timestamp = String(Math.floor(at / 1000));
  const nonce = randomBytes(8).toString('hex');
  const signature = sign(target.encryptKey, timestamp, nonce, body);
  return {
    headers: {
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signature,
    },
    body,
  };
}

function outer(target: RequestUrl, plain: string): string {
  return target.encryptKey === undefined
    ? plain
    : JSON.stringify({ encrypt: encrypt(target.encryptKey, plain) });
}

function refusal(result: OutboundResult, challenge: string): string | undefined {
  if (result.error !== undefined) return result.error;
  if (result.status !== 200) return `HTTP ${String(result.status)}`;
  try {
    const answer = JSON.parse(result.body) as { challenge?: unknown } | null;
    if (answer?.challenge === challenge) return undefined;
  } catch {
    // Told below: what is no JSON holds no challenge.
  }
  return 'the answer is not {"challenge": the same}';
}
