import { ReceiverConnection } from '../receiver/receiver-connection.js';
import { receiverIsDown, succeeded, type AttemptResult } from '../receiver/attempt-result.js';
import type { ReceiverAddresses } from '../receiver/receiver-addresses.js';
import { retryDelayMs } from '../webhook/retry-schedule.js';
import { webhookSignature } from '../webhook/signing-secret.js';
import { Breaker, type BreakerOptions } from './breaker.js';
import type { AttemptOutcome, ClaimedDelivery } from './claimed-delivery.js';
import type { LaneSettings } from './lane-settings.js';
import { SendRate } from './send-rate.js';

export const FIRST_CONCURRENCY = 8;
/** A lane claims about this much work ahead, so that a slow receiver holds few leases and a quick one never waits. */
const AHEAD_SECONDS = 0.25;
const LARGEST_WINDOW = 1_000;
/** With less of its lease left than this an attempt is not begun: it could end after somebody else began. */
const LEASE_MARGIN_MS = 1_000;

export interface LaneOptions {
  addresses: ReceiverAddresses;
  /** Most requests at once to this receiver. */
  concurrency: number;
  timeoutMs: number;
  breaker: BreakerOptions;
  now: () => Date;
  onOutcome: (lane: Lane, item: ClaimedDelivery, outcome: AttemptOutcome, result: AttemptResult) => void;
}

/**
 * One receiver's way out: its own connections, pace, breaker and backlog, so that nothing it does slows another. It begins
 * with a few requests at once, adds one with every success and halves with every failure.
 */
export class Lane {
  readonly breaker: Breaker;
  /** The last claim gave all it asked for: there may be more. */
  mayHaveMore = false;
  private settings: LaneSettings;
  private connection: ReceiverConnection;
  private plainHeaders: Record<string, string>;
  private recordedHeaders: Record<string, string>;
  private readonly rate: SendRate;
  private waiting: ClaimedDelivery[] = [];
  private readonly sending = new Set<ClaimedDelivery>();
  private concurrency = FIRST_CONCURRENCY;
  private pace = 0;
  private finishedInPeriod = 0;
  private periodBegan = performance.now();
  private timer: NodeJS.Timeout | null = null;
  private lastUsedAt = performance.now();

  constructor(
    settings: LaneSettings,
    private readonly options: LaneOptions,
  ) {
    this.breaker = new Breaker(options.breaker);
    this.rate = new SendRate(settings.rateLimit);
    this.concurrency = Math.min(FIRST_CONCURRENCY, options.concurrency);
    this.settings = settings;
    this.connection = this.connect(settings);
    this.plainHeaders = headersOf(settings);
    this.recordedHeaders = withoutValues(settings, this.plainHeaders);
  }

  get subscriptionId(): string {
    return this.settings.subscriptionId;
  }

  get revision(): number {
    return this.settings.revision;
  }

  get held(): number {
    return this.waiting.length + this.sending.size;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  get idleMs(): number {
    return this.held > 0 ? 0 : performance.now() - this.lastUsedAt;
  }

  heldDeliveries(): ClaimedDelivery[] {
    return [...this.waiting, ...this.sending];
  }

  /** How many more rows it may claim now. */
  places(): number {
    const state = this.breaker.state;
    if (state === 'open') return 0;
    if (state === 'half_open') return this.held === 0 ? 1 : 0;
    return Math.max(0, this.window() - this.held);
  }

  /** Worth a claim at once: there may be more, and half of what it may hold is used up. */
  isHungry(): boolean {
    return this.mayHaveMore && this.places() * 2 >= this.window();
  }

  push(items: readonly ClaimedDelivery[]): void {
    this.waiting.push(...items);
    this.pump();
  }

  /** Takes a newer state of the subscription; requests under way finish on the old connections. */
  update(settings: LaneSettings): void {
    if (settings.url !== this.settings.url) {
      const old = this.connection;
      this.connection = this.connect(settings);
      setTimeout(() => void old.close(), this.options.timeoutMs + 1_000).unref();
    }
    this.settings = settings;
    this.plainHeaders = headersOf(settings);
    this.recordedHeaders = withoutValues(settings, this.plainHeaders);
    this.rate.setLimit(settings.rateLimit);
  }

  /** Forgets what has not been sent yet and answers it, for giving the leases back. */
  takeWaiting(): ClaimedDelivery[] {
    return this.waiting.splice(0);
  }

  /** Somebody else holds these now. */
  drop(lost: (item: ClaimedDelivery) => boolean): void {
    this.waiting = this.waiting.filter((item) => !lost(item));
  }

  async close(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    await this.connection.close();
  }

  private connect(settings: LaneSettings): ReceiverConnection {
    const { addresses, concurrency, timeoutMs } = this.options;
    return new ReceiverConnection(new URL(settings.url), { addresses, timeoutMs, connections: concurrency });
  }

  private window(): number {
    const elapsed = performance.now() - this.periodBegan;
    if (elapsed > 50) {
      this.pace = (this.finishedInPeriod / elapsed) * 1_000;
      this.finishedInPeriod = 0;
      this.periodBegan = performance.now();
    }
    return Math.max(this.concurrency, Math.min(LARGEST_WINDOW, Math.ceil(this.pace * AHEAD_SECONDS)));
  }

  private pump(): void {
    while (this.waiting.length > 0 && this.sending.size < this.concurrency && this.timer === null) {
      if (this.breaker.state === 'open') return;
      const waitMs = this.rate.take();
      if (waitMs > 0) {
        this.timer = setTimeout(() => {
          this.timer = null;
          this.pump();
        }, waitMs);
        return;
      }
      const item = this.waiting.shift()!;
      if (performance.now() > item.leaseEndsAt - LEASE_MARGIN_MS) continue;
      this.sending.add(item);
      void this.send(item);
    }
  }

  private async send(item: ClaimedDelivery): Promise<void> {
    const { settings, connection } = this;
    const startedAt = this.options.now();
    const timestamp = Math.floor(startedAt.getTime() / 1_000);
    const webhookHeaders = {
      'webhook-id': item.eventId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': webhookSignature(
        livingKeys(settings, startedAt.getTime()),
        item.eventId,
        timestamp,
        item.body,
      ),
    };
    const recorded = { ...this.recordedHeaders, ...webhookHeaders };
    const result = await connection.post({ ...this.plainHeaders, ...webhookHeaders }, item.body);
    this.sending.delete(item);
    this.lastUsedAt = performance.now();
    this.finishedInPeriod += 1;
    const { outcome, retryInMs } = this.judge(item, settings, result);
    this.options.onOutcome(
      this,
      item,
      {
        deliveryId: item.deliveryId,
        leaseNo: item.leaseNo,
        outcome,
        retryInMs,
        startedAt: startedAt.toISOString(),
        durationMs: result.durationMs,
        url: settings.url,
        requestHeaders: recorded,
        responseStatus: result.status,
        responseExcerpt: result.excerpt,
        errorCode: result.errorCode,
        error: result.error,
      },
      result,
    );
    this.pump();
  }

  private judge(
    item: ClaimedDelivery,
    settings: LaneSettings,
    result: AttemptResult,
  ): Pick<AttemptOutcome, 'outcome' | 'retryInMs'> {
    if (succeeded(result)) {
      if (this.breaker.succeeded()) {
        this.concurrency = 1;
        this.rate.startRamp();
      } else if (this.concurrency < this.options.concurrency) {
        this.concurrency += 1;
      }
      return { outcome: 'delivered', retryInMs: 0 };
    }
    if (result.status === 410 || item.eventType === 'ping') return { outcome: 'dead', retryInMs: 0 };
    const down = receiverIsDown(result);
    if (down) this.concurrency = Math.max(1, Math.floor(this.concurrency / 2));
    if (down && !this.breaker.failed(item.deliveryId)) return { outcome: 'kept', retryInMs: 0 };
    const retryInMs = retryDelayMs(settings.retrySchedule, item.attemptCount + 1, result.retryAfterMs);
    return retryInMs === null ? { outcome: 'dead', retryInMs: 0 } : { outcome: 'retry', retryInMs };
  }
}

function livingKeys(settings: LaneSettings, nowMs: number): Buffer[] {
  const living: Buffer[] = [];
  for (const { key, expiresAt } of settings.secrets)
    if (expiresAt === null || expiresAt > nowMs) living.push(key);
  return living;
}

function headersOf(settings: LaneSettings): Record<string, string> {
  return { ...settings.headers, 'content-type': 'application/json', 'user-agent': 'Trainbridge-Webhooks/1' };
}

/** The subscriber's own headers may carry credentials: the record shows that they were sent, not what they held. */
function withoutValues(settings: LaneSettings, headers: Record<string, string>): Record<string, string> {
  return { ...headers, ...Object.fromEntries(Object.keys(settings.headers).map((name) => [name, '***'])) };
}
