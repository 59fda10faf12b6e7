import {
  ERROR_CODES,
  type ConnectorErrorData,
  type ErrorCode,
  type Idempotency,
  type ItemOutcome,
} from '@trainbridge/connector-kit';
import { DEFAULT_RETRY_SCHEDULE, retryDelayMs } from '../webhook/retry-schedule.js';
import type { PlatformDelivery, PlatformOutcome } from './platform-queue.js';

export type Verdict = Pick<
  PlatformOutcome,
  'outcome' | 'retryInMs' | 'unknown' | 'alone' | 'externalRef' | 'error'
>;

/** A platform that shuts us out without a word for how long: longer each time, never longer than this. */
const LONGEST_WAIT_MS = 3_600_000;
const FIRST_WAIT_MS = 5_000;

const DONE: Verdict = {
  outcome: 'delivered',
  retryInMs: 0,
  unknown: false,
  alone: false,
  externalRef: null,
  error: null,
};

/** What a connector said of one delivery. Nothing about its answer is believed. */
export function judgeItem(told: ItemOutcome | undefined, item: PlatformDelivery): Verdict {
  switch (told?.status) {
    case 'done': {
      const { externalRef } = told;
      return { ...DONE, externalRef: typeof externalRef === 'string' ? externalRef.slice(0, 512) : null };
    }
    case 'skipped':
      return skipped(told.reason);
    case 'failed':
      return failed(told.error, item);
    default:
      return failed({ code: 'bad_response', message: 'The connector did not say what became of it.' }, item);
  }
}

/** Nothing to retry and nothing to repair: it ends here, with the reason as the record of it. */
export function skipped(reason: { en: string; 'zh-CN': string } | undefined): Verdict {
  const en = typeof reason?.en === 'string' ? reason.en : 'The platform offers no way to tell it.';
  const zh = typeof reason?.['zh-CN'] === 'string' ? reason['zh-CN'] : '平台不支持。';
  const advice = { en: en.slice(0, 500), 'zh-CN': zh.slice(0, 500) };
  return { ...DONE, outcome: 'skipped', error: { code: 'skipped', message: advice.en, advice, vendor: {} } };
}

/**
 * A delivery that failed by itself: its error's code decides. A rate limit spends no retry, because it is not the
 * delivery's fault; it waits as long as the platform asks, up to an hour.
 */
export function failed(error: ConnectorErrorData, item: PlatformDelivery): Verdict {
  const { code, retry } = judged(error.code);
  const base = { ...DONE, error: recorded(error, code) };
  if (code === 'rate_limited')
    return { ...base, outcome: 'kept', retryInMs: limitedWaitMs(error.retryAfterMs, item.leaseNo) };
  const retryInMs = retry
    ? retryDelayMs(DEFAULT_RETRY_SCHEDULE, item.attemptCount + 1, numberOf(error.retryAfterMs))
    : null;
  return retryInMs === null ? { ...base, outcome: 'dead' } : { ...base, outcome: 'retry', retryInMs };
}

/**
 * A call that failed as a whole: one verdict for all its deliveries, so that they stay the batch they were. What the
 * platform may have done all the same is repeated with the same items in the same order. When it refused the whole for
 * what may be the fault of one, each goes again by itself; not so where that could do twice what was done.
 *
 * @param spendsRetry false while the platform as a whole is taken to be down
 */
export function failedTogether(
  error: ConnectorErrorData,
  items: readonly PlatformDelivery[],
  { spendsRetry, idempotency }: { spendsRetry: boolean; idempotency: Idempotency },
): Verdict {
  const { code } = judged(error.code);
  const base = { ...DONE, error: recorded(error, code) };
  if (code === 'unavailable' && !spendsRetry) return { ...base, outcome: 'kept', unknown: true };
  if (items.length > 1 && maySplit(code, idempotency)) return { ...base, outcome: 'kept', alone: true };
  const verdict = failed(error, items[0]!);
  return { ...verdict, unknown: code === 'unavailable' || code === 'rate_limited' };
}

function maySplit(code: ErrorCode, idempotency: Idempotency): boolean {
  if (code === 'input_invalid' || code === 'not_found') return true;
  return (
    (code === 'internal' || code === 'bad_response') &&
    (idempotency === 'natural' || idempotency === 'lookup')
  );
}

/** How long a rate limit keeps us away: what the platform asks for, or longer each time when it does not say. */
export function limitedWaitMs(retryAfterMs: number | undefined, tries: number): number {
  const asked = numberOf(retryAfterMs) ?? 0;
  const growing = FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 20);
  const waitMs = asked > 0 ? asked : growing;
  return Math.round(Math.min(Math.max(waitMs, 1_000), LONGEST_WAIT_MS) * (1 + 0.1 * Math.random()));
}

function judged(code: unknown): { code: ErrorCode; retry: boolean } {
  const known =
    typeof code === 'string' && Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'internal';
  return { code: known, retry: ERROR_CODES[known].retry };
}

function recorded(error: ConnectorErrorData, code: ErrorCode): PlatformOutcome['error'] {
  const { message, advice, vendorCode, vendorMessage, vendorRequestId } = error;
  return {
    code,
    message: String(message).slice(0, 1_000),
    ...(isLocalized(advice) ? { advice } : {}),
    vendor: {
      ...(vendorCode === undefined ? {} : { vendorCode: String(vendorCode).slice(0, 100) }),
      ...(vendorMessage === undefined ? {} : { vendorMessage: String(vendorMessage).slice(0, 500) }),
      ...(vendorRequestId === undefined ? {} : { vendorRequestId: String(vendorRequestId).slice(0, 200) }),
    },
  };
}

function isLocalized(text: unknown): boolean {
  const { en, 'zh-CN': zh } = (text ?? {}) as Record<string, unknown>;
  return typeof en === 'string' && typeof zh === 'string' && en.length + zh.length < 4_000;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
