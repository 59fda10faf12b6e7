/** One HTTP call as it is recorded: by us to a platform (`outbound`) or by a platform to us (`inbound`). */
export interface ExchangeEntry {
  connectionId: string;
  direction: 'outbound' | 'inbound';
  method: string;
  url: string;
  /** HTTP status; null when no answer came. */
  status: number | null;
  vendorCode?: string | null;
  vendorRequestId?: string | null;
  /** Null for a success. */
  errorCode?: string | null;
  errorMessage?: string | null;
  attempt?: number;
  durationMs: number;
  /** Redacted and cut by whoever records it; of failures only. */
  requestBody?: string | null;
  responseBody?: string | null;
  /** ISO 8601, when it began. */
  at: string;
}
