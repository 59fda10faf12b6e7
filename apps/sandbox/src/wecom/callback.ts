import type { EventForm } from './contact-events.js';

/** A callback URL as an administrator configures it. */
export interface CallbackTarget {
  url: string;
  token: string;
  /** 43 characters. */
  aesKey: string;
  /** Corp id, unless a test wants a wrong one. */
  receiveId: string;
  form: EventForm;
  /** Set for an app's own callback: it stands in the envelope and gets subscribe/unsubscribe. */
  agentId?: number;
}

/** How deliveries misbehave. */
export interface DeliverySwitches {
  createAs: 'create' | 'update-update-create';
  /** Extra copies of each event, as deliveries of their own. */
  duplicates: number;
  /** Events that happen within 50 ms arrive in reverse order. */
  reorder: boolean;
  /** The next events that are lost. */
  dropNext: number;
  /** Deliveries in flight at one time; 1 keeps the order unless one is retried. */
  concurrency: number;
  /** Attempts in total. */
  attempts: number;
  timeoutMs: number;
  verifyTimeoutMs: number;
}

export const defaultDelivery: DeliverySwitches = {
  createAs: 'create',
  duplicates: 0,
  reorder: false,
  dropNext: 0,
  concurrency: 1,
  attempts: 3,
  timeoutMs: 5000,
  verifyTimeoutMs: 1000,
};

/** An attempt to hand an event over. */
export interface CallbackAttempt {
  at: number;
  status?: number;
  error?: string;
  durationMs: number;
}

/** An event and what became of it. */
export interface CallbackRecord {
  id: string;
  at: number;
  target: 'contacts' | 'app';
  changeType: string;
  about: string;
  /** The event before encryption. */
  xml: string;
  attempts: CallbackAttempt[];
  outcome: 'pending' | 'delivered' | 'failed' | 'dropped';
}

/** What the verification of a callback URL found. */
export interface VerificationResult {
  ok: boolean;
  /** Why not, in words. */
  reason?: string;
  status?: number;
  durationMs: number;
}

/** A signed and encrypted message, ready to be sent (or tampered with). */
export interface SealedCallback {
  /** The URL with `msg_signature`, `timestamp` and `nonce`. */
  url: URL;
  /** The XML envelope. */
  body: string;
}
