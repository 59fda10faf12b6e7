export interface BreakerOptions {
  /** So many different deliveries have to fail in a row. */
  threshold: number;
  /** First pause; doubles while probes fail. */
  firstPauseMs: number;
  longestPauseMs: number;
}

export const DEFAULT_BREAKER: BreakerOptions = {
  threshold: 20,
  firstPauseMs: 5_000,
  longestPauseMs: 300_000,
};

export type BreakerState = 'closed' | 'open' | 'half_open';

/**
 * Pauses a receiver that is down. It counts different deliveries, not attempts: one poisoned message with a long schedule
 * never opens it. While it is not closed one probe at a time goes out and no failure spends a retry.
 */
export class Breaker {
  private readonly failing = new Set<string>();
  private pauses = 0;
  private pausedUntil = 0;
  private current: BreakerState = 'closed';

  constructor(
    private readonly options: BreakerOptions = DEFAULT_BREAKER,
    private readonly now: () => number = () => performance.now(),
    private readonly random: () => number = Math.random,
  ) {}

  get state(): BreakerState {
    if (this.current === 'open' && this.now() >= this.pausedUntil) this.current = 'half_open';
    return this.current;
  }

  /** Milliseconds until the next probe may go; 0 when sending is allowed. */
  get pauseMs(): number {
    return this.state === 'open' ? this.pausedUntil - this.now() : 0;
  }

  /** Answers true when this success ended a pause: sending then begins again slowly. */
  succeeded(): boolean {
    const wasPaused = this.current !== 'closed';
    this.failing.clear();
    this.pauses = 0;
    this.current = 'closed';
    return wasPaused;
  }

  /** A failure that speaks against the receiver as a whole. Answers whether it spends a retry. */
  failed(deliveryId: string): boolean {
    const state = this.state;
    if (state === 'open') return false;
    if (state === 'half_open') {
      this.pause();
      return false;
    }
    this.failing.add(deliveryId);
    if (this.failing.size >= this.options.threshold) this.pause();
    return true;
  }

  /** Somebody says the receiver is back: the next delivery is the probe. */
  probeNow(): void {
    if (this.current === 'open') this.pausedUntil = this.now();
  }

  private pause(): void {
    const { firstPauseMs, longestPauseMs } = this.options;
    const pauseMs = Math.min(firstPauseMs * 2 ** this.pauses, longestPauseMs);
    this.pauses += 1;
    this.current = 'open';
    this.pausedUntil = this.now() + pauseMs * (1 + 0.1 * this.random());
  }
}
