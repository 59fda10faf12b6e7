import { ConnectorError } from '@trainbridge/connector-kit';
import { cancelled } from './network-errors.js';

/** One window a call counts in: at most `limit` calls within any `perMs`. The key holds no secret. */
export interface RateWindow {
  key: string;
  limit: number;
  perMs: number;
}

/** Counts calls against the platform's limits. In this process today; one that counts across processes fits behind it. */
export interface RateLimiter {
  /**
   * Resolves when the call may be made, and has counted it in every window. Rejects with `rate_limited` when that would
   * take longer than the limiter is willing to hold a call, and with `unavailable` when the signal aborts.
   */
  acquire(windows: readonly RateWindow[], signal: AbortSignal): Promise<void>;
  /** The platform itself said stop: nobody passes these windows for a while. */
  pause(windows: readonly RateWindow[], forMs: number): void;
}

/** A window is counted in this many slices, and never admits more than its limit in any span of its length. */
const SLICES = 50;

class SlidingWindow {
  readonly #counts = new Map<number, number>();
  readonly #sliceMs: number;
  #used = 0;
  pausedUntil = 0;
  readonly waiting: (() => void)[] = [];
  timer: NodeJS.Timeout | null = null;

  constructor(
    readonly limit: number,
    readonly perMs: number,
  ) {
    this.#sliceMs = perMs / SLICES;
  }

  /** Milliseconds until one more call fits; 0: now. */
  wait(now: number): number {
    this.#forget(now);
    if (now < this.pausedUntil) return this.pausedUntil - now;
    if (this.#used < this.limit) return 0;
    const oldest = this.#counts.keys().next().value ?? 0;
    return Math.max(1, (oldest + 1) * this.#sliceMs + this.perMs - now);
  }

  count(now: number): void {
    const slice = Math.floor(now / this.#sliceMs);
    this.#counts.set(slice, (this.#counts.get(slice) ?? 0) + 1);
    this.#used += 1;
  }

  /** Nothing counted, nobody waiting: forgetting this window loses nothing. */
  idle(now: number): boolean {
    this.#forget(now);
    return this.#used === 0 && this.waiting.length === 0 && now >= this.pausedUntil;
  }

  #forget(now: number): void {
    // A slice leaves when its last moment is a full window ago: slightly late, never early.
    for (const [slice, count] of this.#counts) {
      if ((slice + 1) * this.#sliceMs + this.perMs > now) break;
      this.#counts.delete(slice);
      this.#used -= count;
    }
  }
}

export interface InProcessRateLimiterOptions {
  /** A call that would wait longer than this is refused with `rate_limited` instead. Default 60 s. */
  maxWaitMs?: number;
  /** A clock that never steps back, in milliseconds. */
  clock?: () => number;
}

/** Sliding windows per key, shared by every connection of one app; waiters pass in the order they came. */
export class InProcessRateLimiter implements RateLimiter {
  readonly #windows = new Map<string, SlidingWindow>();
  readonly #maxWaitMs: number;
  readonly #clock: () => number;
  #sweepAt = 1_000;

  constructor(options: InProcessRateLimiterOptions = {}) {
    this.#maxWaitMs = options.maxWaitMs ?? 60_000;
    this.#clock = options.clock ?? (() => performance.now());
  }

  async acquire(windows: readonly RateWindow[], signal: AbortSignal): Promise<void> {
    if (windows.length === 0) return;
    const mine = windows.map((window) => this.#window(window));
    const began = this.#clock();
    for (let queued = false; ; queued = true) {
      if (signal.aborted) throw cancelled();
      const now = this.#clock();
      // Who was just woken stood at the head of the line; everybody else goes behind those who wait already.
      const blocked = mine.find((window) => window.wait(now) > 0 || (!queued && window.waiting.length > 0));
      if (!blocked) {
        for (const window of mine) window.count(now);
        for (const window of mine) this.#wakeNext(window);
        return;
      }
      const wait = Math.max(blocked.wait(now), 1);
      if (now - began + wait > this.#maxWaitMs) {
        this.#wakeNext(blocked);
        throw new ConnectorError(
          'rate_limited',
          "The platform's rate limit is used up for longer than a call may wait.",
          {
            retryAfterMs: Math.ceil(wait),
          },
        );
      }
      await this.#standInLine(blocked, signal, queued);
    }
  }

  pause(windows: readonly RateWindow[], forMs: number): void {
    const until = this.#clock() + forMs;
    for (const window of windows) {
      const state = this.#window(window);
      state.pausedUntil = Math.max(state.pausedUntil, until);
      this.#wakeNext(state);
    }
  }

  #window({ key, limit, perMs }: RateWindow): SlidingWindow {
    let window = this.#windows.get(key);
    if (!window) {
      if (this.#windows.size >= this.#sweepAt) this.#sweep();
      window = new SlidingWindow(limit, perMs);
      this.#windows.set(key, window);
    }
    return window;
  }

  #sweep(): void {
    const now = this.#clock();
    for (const [key, window] of this.#windows) if (window.idle(now)) this.#windows.delete(key);
    this.#sweepAt = Math.max(1_000, this.#windows.size * 2);
  }

  #standInLine(window: SlidingWindow, signal: AbortSignal, atHead: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        const index = window.waiting.indexOf(go);
        if (index >= 0) window.waiting.splice(index, 1);
        this.#wakeNext(window);
        reject(cancelled());
      };
      if (atHead) window.waiting.unshift(go);
      else window.waiting.push(go);
      signal.addEventListener('abort', leave, { once: true });
      this.#wakeNext(window);
    });
  }

  /** Lets the head of the line go when its time comes; whoever passes wakes the next. */
  #wakeNext(window: SlidingWindow): void {
    if (window.timer) clearTimeout(window.timer);
    window.timer = null;
    if (window.waiting.length === 0) return;
    window.timer = setTimeout(
      () => {
        window.timer = null;
        window.waiting.shift()?.();
      },
      Math.ceil(window.wait(this.#clock())),
    );
  }
}
