/** What happened at one endpoint. */
export interface EndpointCalls {
  total: number;
  /** Calls answered with the platform's success code. */
  ok: number;
  /** Number of calls by error code; transport faults are counted under their name. */
  errors: Record<string, number>;
  /** Most calls seen in flight at one time. */
  peak: number;
}

/** Counts calls per endpoint, for tests and benchmarks that ask how many it took. */
export class CallCounter {
  private readonly endpoints = new Map<string, EndpointCalls & { running: number }>();

  /** A call has begun; the returned function ends it (`code` 0 = success) and may be called twice. */
  begin(endpoint: string): (code: number | string) => void {
    const entry = this.entry(endpoint);
    entry.total += 1;
    entry.running += 1;
    entry.peak = Math.max(entry.peak, entry.running);
    let over = false;
    return (code) => {
      if (over) return;
      over = true;
      entry.running -= 1;
      if (code === 0) entry.ok += 1;
      else entry.errors[String(code)] = (entry.errors[String(code)] ?? 0) + 1;
    };
  }

  /** Calls of one endpoint, or of all of them. */
  count(endpoint?: string): number {
    if (endpoint !== undefined) return this.endpoints.get(endpoint)?.total ?? 0;
    return [...this.endpoints.values()].reduce((sum, entry) => sum + entry.total, 0);
  }

  /** Everything counted, by endpoint. */
  byEndpoint(): Record<string, EndpointCalls> {
    return Object.fromEntries(
      [...this.endpoints].map(([endpoint, { running: _running, ...calls }]) => [
        endpoint,
        { ...calls, errors: { ...calls.errors } },
      ]),
    );
  }

  reset(): void {
    for (const entry of this.endpoints.values())
      Object.assign(entry, { total: 0, ok: 0, errors: {}, peak: entry.running });
  }

  private entry(endpoint: string): EndpointCalls & { running: number } {
    let entry = this.endpoints.get(endpoint);
    if (entry === undefined) {
      entry = { total: 0, ok: 0, errors: {}, peak: 0, running: 0 };
      this.endpoints.set(endpoint, entry);
    }
    return entry;
  }
}
