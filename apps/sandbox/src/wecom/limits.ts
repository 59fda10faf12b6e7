import { WecomApiError } from './api-error.js';

/** Frequency limits (sheet 8). 0 = no limit. */
export interface WecomLimits {
  /** Calls per endpoint in a minute. */
  perMinute: number;
  /** Calls per endpoint in an hour. */
  perHour: number;
  /** Calls per endpoint in flight at one time. */
  concurrent: number;
  /** Members a department may have before `user/list` answers 45029. */
  userListMax: number;
  /** Wrong secrets per hour from one address before it is shut out for an hour (sheet 1.1). */
  wrongSecretsPerHour: number;
  /** `endpoint` → calls per minute, where an endpoint differs. */
  perMinuteByEndpoint: Readonly<Record<string, number>>;
  /** Messages of an app per member; more are dropped without a word. */
  messagesPerMemberMinute: number;
  messagesPerMemberHour: number;
}

export const defaultLimits: WecomLimits = {
  perMinute: 10_000,
  perHour: 150_000,
  concurrent: 400,
  userListMax: 0,
  wrongSecretsPerHour: 2000,
  perMinuteByEndpoint: { 'oa/getapprovalinfo': 600, 'oa/getapprovaldetail': 600 },
  messagesPerMemberMinute: 30,
  messagesPerMemberHour: 1000,
};

interface Window {
  startedAt: number;
  count: number;
  blockedUntil: number;
}

const minute = 60_000;
const hour = 3_600_000;

/** Counts calls and refuses those too many; who exceeds is shut out for as long as the window is. */
export class LimitKeeper {
  private readonly windows = new Map<string, Window>();
  private readonly inFlight = new Map<string, number>();

  constructor(
    private readonly limits: () => WecomLimits,
    private readonly now: () => number,
  ) {}

  /** @throws WecomApiError 45009 */
  countCall(endpoint: string): void {
    const limits = this.limits();
    this.count(`minute ${endpoint}`, minute, limits.perMinuteByEndpoint[endpoint] ?? limits.perMinute);
    this.count(`hour ${endpoint}`, hour, limits.perHour);
  }

  /** @throws WecomApiError 45009 while the address is shut out. */
  checkAddress(ip: string): void {
    const window = this.windows.get(`secret ${ip}`);
    if (window !== undefined && this.now() < window.blockedUntil) throw new WecomApiError(45009);
  }

  /** A wrong secret was shown; too many of them shut the address out. */
  countWrongSecret(ip: string): void {
    try {
      this.count(`secret ${ip}`, hour, this.limits().wrongSecretsPerHour);
    } catch {
      // This call still gets its 40001; the next one meets the closed door.
    }
  }

  /** What it returns must be called when the call is over; `undefined` when too many are in flight. */
  enter(endpoint: string): (() => void) | undefined {
    const running = this.inFlight.get(endpoint) ?? 0;
    const { concurrent } = this.limits();
    if (concurrent > 0 && running >= concurrent) return undefined;
    this.inFlight.set(endpoint, running + 1);
    return () => {
      this.inFlight.set(endpoint, (this.inFlight.get(endpoint) ?? 1) - 1);
    };
  }

  /** Forgets what was counted. */
  reset(): void {
    this.windows.clear();
  }

  private count(key: string, length: number, limit: number): void {
    if (limit <= 0) return;
    const now = this.now();
    let window = this.windows.get(key);
    if (window === undefined || (now >= window.startedAt + length && now >= window.blockedUntil)) {
      window = { startedAt: now, count: 0, blockedUntil: 0 };
      this.windows.set(key, window);
    }
    if (now < window.blockedUntil) throw new WecomApiError(45009);
    window.count += 1;
    if (window.count > limit) {
      window.blockedUntil = now + length;
      throw new WecomApiError(45009);
    }
  }
}
