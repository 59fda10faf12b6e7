/** What the engine needs to know of a subscription, decrypted. Lives in memory only. */
export interface LaneSettings {
  subscriptionId: string;
  revision: number;
  url: string;
  /** The subscriber's own headers, with their values. */
  headers: Record<string, string>;
  /** Seconds before each retry. */
  retrySchedule: readonly number[];
  /** Sends per second; null: as fast as the receiver takes them. */
  rateLimit: number | null;
  secrets: readonly LaneSecret[];
}

export interface LaneSecret {
  key: Buffer;
  /** Milliseconds since 1970; null: lives until it is rotated. */
  expiresAt: number | null;
}

/** Loads what is known about subscriptions now; those that are gone are left out. */
export type LoadLaneSettings = (subscriptionIds: readonly string[]) => Promise<LaneSettings[]>;
