const WINDOW_MS = 60_000;

/** Of one connection within a minute. A platform that is set up wrongly sends far fewer, and one is enough to see why. */
export const MOST_REFUSALS_KEPT = 100;

/**
 * Counts refused callbacks by connection. Whoever learns a callback's address can send forged ones, as fast as the network
 * allows, and each would be written into the log of exchanges: this bounds what that adds up to.
 */
export class RefusalLimit {
  private readonly windows = new Map<string, { endsAt: number; count: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Counts one more. `first-beyond`: the one that deserves a warning, because those after it leave no trace. */
  count(connectionId: string): 'keep' | 'first-beyond' | 'beyond' {
    const now = this.now();
    let window = this.windows.get(connectionId);
    if (!window || window.endsAt <= now) {
      window = { endsAt: now + WINDOW_MS, count: 0 };
      this.windows.set(connectionId, window);
    }
    window.count += 1;
    if (window.count <= MOST_REFUSALS_KEPT) return 'keep';
    return window.count === MOST_REFUSALS_KEPT + 1 ? 'first-beyond' : 'beyond';
  }
}
