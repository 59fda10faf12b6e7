/** A delivery this process holds a lease on. */
export interface ClaimedDelivery {
  deliveryId: string;
  subscriptionId: string;
  /** Of the subscription as it was when this was claimed: tells when what is cached about it is old. */
  subscriptionRevision: number;
  leaseNo: number;
  /** Attempts spent before this one. */
  attemptCount: number;
  eventId: string;
  eventType: string;
  body: string;
  /** On this process's monotonic clock. */
  leaseEndsAt: number;
}

/** What one attempt did, as it is written back. */
export interface AttemptOutcome {
  deliveryId: string;
  leaseNo: number;
  /** `kept`: to be tried again without having spent a retry. */
  outcome: 'delivered' | 'retry' | 'kept' | 'dead';
  retryInMs: number;
  startedAt: string;
  durationMs: number;
  url: string;
  requestHeaders: Record<string, string>;
  responseStatus: number | null;
  responseExcerpt: string | null;
  errorCode: string | null;
  error: string | null;
}

/** How many rows of one subscription a claim may take. */
export interface ClaimPlaces {
  subscriptionId: string;
  places: number;
}
