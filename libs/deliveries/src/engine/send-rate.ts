const RAMP_FROM = 10;
const RAMP_TO = 10_000;
const RAMP_DOUBLES_MS = 1_000;

/**
 * How many sends per second a receiver gets: its own limit, and for some seconds after an outage a ramp that doubles every
 * second, so that a backlog does not knock it over again. Tokens of up to a tenth of a second may be used at once.
 */
export class SendRate {
  private tokens = 1;
  private filledAt: number;
  private rampBegan: number | null = null;

  constructor(
    private limit: number | null,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.filledAt = this.now();
  }

  setLimit(limit: number | null): void {
    this.limit = limit;
  }

  startRamp(): void {
    this.rampBegan = this.now();
    this.filledAt = this.rampBegan;
    this.tokens = 1;
  }

  /** Takes one send. Answers 0 when it may go now, otherwise the milliseconds until there is a token. */
  take(): number {
    const rate = this.rate();
    if (rate === null) return 0;
    const now = this.now();
    this.tokens = Math.min(Math.max(1, rate / 10), this.tokens + ((now - this.filledAt) / 1_000) * rate);
    this.filledAt = now;
    if (this.tokens >= 1) {
      this.tokens -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.tokens) / rate) * 1_000);
  }

  private rate(): number | null {
    if (this.rampBegan === null) return this.limit;
    const ramp = RAMP_FROM * 2 ** ((this.now() - this.rampBegan) / RAMP_DOUBLES_MS);
    if (ramp < RAMP_TO) return this.limit === null ? ramp : Math.min(ramp, this.limit);
    this.rampBegan = null;
    return this.limit;
  }
}
