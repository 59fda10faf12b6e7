import { Refusal } from './api-error.js';

/** Rate limits and quota (call-frequency-limit). 0 = no limit. */
export interface DingtalkLimits {
  /** Calls of the app per API and second. */
  perSecond: number;
  /** Endpoint → calls per second, where an endpoint differs. */
  perSecondByEndpoint: Readonly<Record<string, number>>;
  /** Calls per month outside token, login and contact-book APIs. */
  perMonth: number;
  /** Calls from one address in 20 seconds before it is shut out for five minutes. */
  perAddress: number;
}

export const defaultLimits: DingtalkLimits = {
  perSecond: 20,
  perSecondByEndpoint: {},
  perMonth: 5000,
  perAddress: 10_000,
};

interface Window {
  startedAt: number;
  count: number;
  blockedUntil: number;
}

const second = 1000;
const month = 30 * 24 * 3_600_000;
const addressWindow = 20_000;
const addressBan = 300_000;

/** Counts calls and refuses those too many. */
export class LimitKeeper {
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly limits: () => DingtalkLimits,
    private readonly now: () => number,
  ) {}

  /** @throws Refusal for an endpoint called too often; the penalty lasts a second. */
  countCall(endpoint: string): void {
    const { perSecond, perSecondByEndpoint } = this.limits();
    const limit = perSecondByEndpoint[endpoint] ?? perSecond;
    const window = this.count(endpoint, second, limit, second);
    if (window !== undefined) throw new Refusal('throttled', throttleText(endpoint, window, limit));
  }

  /** @throws Refusal once the month's calls are spent. */
  countQuota(): void {
    if (this.count('month', month, this.limits().perMonth, month) !== undefined)
      throw new Refusal('quota', 'the number of calls of this month is used up');
  }

  /** May this address go on? */
  admits(address: string): boolean {
    return (
      this.count(`address ${address}`, addressWindow, this.limits().perAddress, addressBan) === undefined
    );
  }

  /** Forgets what was counted. */
  reset(): void {
    this.windows.clear();
  }

  /** Counts one call; answers the window when it is one too many. */
  private count(key: string, length: number, limit: number, penalty: number): Window | undefined {
    if (limit <= 0) return undefined;
    const now = this.now();
    let window = this.windows.get(key);
    if (window === undefined || (now >= window.startedAt + length && now >= window.blockedUntil)) {
      window = { startedAt: now, count: 0, blockedUntil: 0 };
      this.windows.set(key, window);
    }
    if (now < window.blockedUntil) return window;
    window.count += 1;
    if (window.count <= limit) return undefined;
    window.blockedUntil = now + penalty;
    return window;
  }
}

function throttleText(endpoint: string, window: Window, limit: number): string {
  const at = (time: number): string => new Date(time).toISOString();
  return `api=[${endpoint}] window=[${at(window.startedAt)}, ${at(window.startedAt + second)}] limit=[${limit}] penalty ends=[${at(window.blockedUntil)}]`;
}
