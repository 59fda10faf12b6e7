import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConnectorError,
  isConnectorError,
  isRetryable,
  type ConnectorErrorData,
  type DepartmentRecord,
  type Page,
  type UserRecord,
} from '@trainbridge/connector-kit';
import { failureData, untilAborted } from '@trainbridge/connector-runtime';
import type { StagedBatch } from '../stage/staged-records.js';
import { PageGuard } from './page-guard.js';
import type { PageWriter } from './page-writer.js';

/** Nothing more can be read with these credentials: the run fails and says why. */
export class ReadRefused extends Error {
  constructor(readonly data: ConnectorErrorData) {
    super(data.message);
    this.name = 'ReadRefused';
  }
}

export interface Walk<R> {
  name: string;
  /** Where an earlier attempt stopped. */
  cursor: string | null;
  read(cursor: string | null): Promise<Page<R>>;
  stage(page: Page<R>): Promise<StagedBatch>;
}

export interface WalkOptions {
  signal: AbortSignal;
  /** Pauses before the second, third … try of a call that may be retried, milliseconds. */
  retryDelaysMs: readonly number[];
  onPage(records: number): void;
}

const MAX_RESTARTS = 2;
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * Reads one listing from its cursor to its end. Answers null, or why it could not be finished; what was read until then
 * stays. An expired cursor begins the walk anew: records merge, so reading twice does no harm.
 *
 * @throws {ReadRefused} when credentials, permissions or configuration are at fault.
 */
export async function walkPages<R extends UserRecord | DepartmentRecord>(
  walk: Walk<R>,
  writer: PageWriter,
  options: WalkOptions,
): Promise<ConnectorErrorData | null> {
  let { cursor } = walk;
  let guard = new PageGuard();
  for (let restarts = 0; ;) {
    options.signal.throwIfAborted();
    let page: Page<R>;
    try {
      page = wellFormed(await retried(() => walk.read(cursor), options));
      guard.check(page.cursor, page.items);
    } catch (error) {
      options.signal.throwIfAborted();
      const data = failureData(error);
      if (
        data.code === 'auth_failed' ||
        data.code === 'permission_denied' ||
        data.code === 'config_invalid'
      ) {
        throw new ReadRefused(data);
      }
      if (data.code === 'cursor_expired' && cursor !== null && restarts < MAX_RESTARTS) {
        restarts += 1;
        cursor = null;
        guard = new PageGuard();
        continue;
      }
      await writer.add({
        walk: walk.name,
        cursor,
        pages: 0,
        records: 0,
        done: false,
        error: data,
        batch: nothing(),
      });
      return data;
    }
    const batch = await walk.stage(page);
    const records = page.items.length;
    await writer.add({
      walk: walk.name,
      cursor: page.cursor,
      pages: 1,
      records,
      done: page.done,
      error: null,
      batch,
    });
    options.onPage(records);
    if (page.done) return null;
    cursor = page.cursor;
  }
}

/** Tries again what the error code says may be tried again. */
export async function retried<T>(
  call: () => Promise<T>,
  options: Pick<WalkOptions, 'signal' | 'retryDelaysMs'>,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await untilAborted(options.signal, call);
    } catch (error) {
      options.signal.throwIfAborted();
      const delay = options.retryDelaysMs[tries];
      if (delay === undefined || !isRetryable(error)) throw error;
      const asked = Math.max(0, (isConnectorError(error) ? error.data.retryAfterMs : undefined) ?? 0);
      await sleep(Math.min(Math.max(delay, asked), Math.max(delay, MAX_RETRY_AFTER_MS)), undefined, {
        signal: options.signal,
      });
    }
  }
}

/** @throws {ConnectorError} `bad_response` for what is no page. */
export function wellFormed<R>(page: Page<R>): Page<R> {
  const problem =
    typeof page !== 'object' || page === null || !Array.isArray(page.items) || !Array.isArray(page.rejected)
      ? 'the page has no items'
      : page.done === (typeof page.cursor === 'string' && page.cursor !== '')
        ? 'the page is neither the last one nor has it a cursor, or both'
        : typeof page.cursor === 'string' && (page.cursor.includes('\0') || page.cursor.length > 8_192)
          ? 'the cursor cannot be stored'
          : null;
  if (problem) throw new ConnectorError('bad_response', problem);
  return page;
}

function nothing(): StagedBatch {
  return { users: [], departments: [], rejected: [] };
}
