import { FeishuApiError } from './api-error.js';

/** How often an endpoint may be called; both bounds hold where both are given. */
export interface Rate {
  perMinute?: number;
  perSecond?: number;
}

/** The published tiers (api-call-guide: frequency control). */
export const tiers = {
  hundredPerMinute: { perMinute: 100 },
  thousandPerMinute: { perMinute: 1000, perSecond: 50 },
  fivePerSecond: { perSecond: 5 },
  tenPerSecond: { perSecond: 10 },
  twentyPerSecond: { perSecond: 20 },
  fiftyPerSecond: { perSecond: 50 },
} as const satisfies Record<string, Rate>;

export interface FeishuLimits {
  /** False: nothing is counted (benchmarks). */
  enforced: boolean;
  /** Rates of single endpoints, by name, where they differ from the published ones. */
  byEndpoint: Readonly<Record<string, Rate>>;
  /** Messages one person gets in a second before 230020. */
  messagesPerPersonPerSecond: number;
  /** Departments a listing with `fetch_child` may have before 43010; 0 = any number. */
  largestTree: number;
  /** Milliseconds a write holds its table; another one meanwhile gets 1254291. */
  tableWriteMs: number;
}

export const defaultLimits: FeishuLimits = {
  enforced: true,
  byEndpoint: {},
  messagesPerPersonPerSecond: 5,
  largestTree: 0,
  tableWriteMs: 5,
};

/** Counts calls in windows that begin with their first call. */
export class RateKeeper {
  private readonly windows = new Map<string, { startedAt: number; count: number }>();

  constructor(
    private readonly limits: () => FeishuLimits,
    private readonly now: () => number,
  ) {}

  /** @throws FeishuApiError 99991400 with the headers that say when to come back. */
  countCall(endpoint: string, rate: Rate): void {
    const limits = this.limits();
    if (!limits.enforced) return;
    const { perMinute, perSecond } = limits.byEndpoint[endpoint] ?? rate;
    this.count(`minute ${endpoint}`, 60_000, perMinute);
    this.count(`second ${endpoint}`, 1000, perSecond);
  }

  /** @throws FeishuApiError 230020 for the sixth message to somebody within a second. */
  countMessage(receiver: string): void {
    const { enforced, messagesPerPersonPerSecond } = this.limits();
    if (enforced) this.count(`person ${receiver}`, 1000, messagesPerPersonPerSecond, 230020);
  }

  /** Forgets what was counted. */
  reset(): void {
    this.windows.clear();
  }

  private count(key: string, length: number, limit: number | undefined, code = 99991400): void {
    if (limit === undefined) return;
    const now = this.now();
    let window = this.windows.get(key);
    if (window === undefined || now >= window.startedAt + length) {
      window = { startedAt: now, count: 0 };
      this.windows.set(key, window);
    }
    window.count += 1;
    if (window.count <= limit) return;
    const seconds = Math.max(1, Math.ceil((window.startedAt + length - now) / 1000));
    throw new FeishuApiError(code, code === 99991400 ? { headers: rateHeaders(limit, seconds) } : {});
  }
}

/** What a refused rate says of itself; there is no `Retry-After`. */
export function rateHeaders(limit: number, resetSeconds: number): Record<string, string> {
  return { 'x-ogw-ratelimit-limit': String(limit), 'x-ogw-ratelimit-reset': String(resetSeconds) };
}
