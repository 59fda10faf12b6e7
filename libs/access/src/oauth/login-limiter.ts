interface Window {
  failures: number;
  resetAt: number;
}

const WINDOW_MS = 60_000;
const MOST_TRACKED = 10_000;

/** Failed logins per key (client and address, or address alone) within a minute; in memory, and of bounded size. */
export class LoginLimiter {
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly mostFailures: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Seconds to wait before the next attempt; 0 when it may be made now. */
  retryAfterSeconds(key: string): number {
    const window = this.windows.get(key);
    if (!window || window.failures < this.mostFailures) return 0;
    return Math.max(0, Math.ceil((window.resetAt - this.now()) / 1000));
  }

  failed(key: string): void {
    const now = this.now();
    const window = this.windows.get(key);
    if (window && window.resetAt > now) {
      window.failures += 1;
      return;
    }
    // The oldest goes first when somebody sprays names; deleting keeps the insertion order an order of age.
    this.windows.delete(key);
    if (this.windows.size >= MOST_TRACKED) this.windows.delete(this.windows.keys().next().value!);
    this.windows.set(key, { failures: 1, resetAt: now + WINDOW_MS });
  }

  succeeded(key: string): void {
    this.windows.delete(key);
  }
}
