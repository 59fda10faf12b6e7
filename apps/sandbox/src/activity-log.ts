/** One line of what happened in the sandbox. Never holds a secret or a token. */
export interface Activity {
  sequence: number;
  /** Milliseconds since the epoch. */
  at: number;
  /** Who did it: a call to the platform, a callback of it, the LMS, an administrator. */
  source: 'call' | 'callback' | 'lms' | 'console';
  title: string;
  outcome: 'ok' | 'warning' | 'error';
  detail: string;
  durationMs?: number;
}

/** The newest lines, and who watches them. */
export class ActivityLog {
  private readonly lines: Activity[] = [];
  private readonly watchers = new Set<(line: Activity) => void>();
  private sequence = 0;

  constructor(
    private readonly keep = 400,
    private readonly now: () => number = Date.now,
  ) {}

  add(line: Omit<Activity, 'sequence' | 'at'>): void {
    this.sequence += 1;
    const full: Activity = { ...line, sequence: this.sequence, at: this.now() };
    this.lines.push(full);
    // Cutting in halves keeps adding cheap when a benchmark makes a hundred thousand calls.
    if (this.lines.length > this.keep * 2) this.lines.splice(0, this.keep);
    for (const watcher of this.watchers) watcher(full);
  }

  /** Lines after `sequence`, oldest first, at most `keep`. */
  since(sequence: number): Activity[] {
    return this.lines.slice(-this.keep).filter((line) => line.sequence > sequence);
  }

  /** Calls `watcher` for every new line until the returned function is called. */
  watch(watcher: (line: Activity) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }
}
