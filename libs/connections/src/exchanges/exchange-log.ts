import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { newId } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import type { ExchangeEntry } from './exchange-entry.js';

const FLUSH_AFTER_MS = 250;
const BATCH = 100;
/** Beyond this the oldest are dropped: the log must never slow a call or fill the memory. */
export const MOST_WAITING = 10_000;

/**
 * Writes exchanges behind, in batches: at the latest after 250 ms or 100 entries. `record` never waits and never throws; a
 * database that does not answer costs entries, not calls.
 */
@Injectable()
export class ExchangeLog implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('ExchangeLog');
  private waiting: (ExchangeEntry & { id: string })[] = [];
  private dropped = 0;
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> | null = null;

  constructor(private readonly dataSource: DataSource) {}

  record(entry: ExchangeEntry): void {
    this.waiting.push({ ...entry, id: newId('exc') });
    if (this.waiting.length > MOST_WAITING) {
      this.waiting.shift();
      this.dropped += 1;
    }
    if (this.waiting.length >= BATCH) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS);
  }

  /** Resolves when everything recorded until now is stored, or given up. */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.flushing ??= this.drain().finally(() => (this.flushing = null));
    await this.flushing;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH * 5);
      try {
        await this.insert(batch);
      } catch (error) {
        this.dropped += batch.length;
        this.logger.warn(
          `exchanges could not be stored: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    if (this.dropped > 0) {
      this.logger.warn(`${this.dropped} exchanges were not recorded`);
      this.dropped = 0;
    }
  }

  private async insert(batch: readonly (ExchangeEntry & { id: string })[]): Promise<void> {
    // One that ends after its connection was deleted is not kept.
    await this.dataSource.query(
      `insert into exchanges (id, connection_id, direction, method, url, status, vendor_code, vendor_request_id,
         error_code, error_message, attempt, duration_ms, request_body, response_body, at)
       select e.id, e.connection_id, e.direction, e.method, e.url, e.status, e.vendor_code, e.vendor_request_id,
         e.error_code, e.error_message, e.attempt, e.duration_ms, e.request_body, e.response_body, e.at
       from jsonb_to_recordset($1::jsonb) as e(id text, connection_id text, direction text, method text, url text,
         status integer, vendor_code text, vendor_request_id text, error_code text, error_message text,
         attempt integer, duration_ms integer, request_body text, response_body text, at timestamptz)
       where exists (select from connections c where c.id = e.connection_id)
       on conflict (id) do nothing`,
      [JSON.stringify(batch.map(toRow))],
    );
  }
}

function toRow(entry: ExchangeEntry & { id: string }): Record<string, string | number | null> {
  return {
    id: entry.id,
    connection_id: entry.connectionId,
    direction: entry.direction,
    method: storable(entry.method),
    url: storable(entry.url).slice(0, 4_096),
    status: entry.status,
    vendor_code: storableOrNull(entry.vendorCode),
    vendor_request_id: storableOrNull(entry.vendorRequestId),
    error_code: entry.errorCode ?? null,
    error_message: storableOrNull(entry.errorMessage),
    attempt: entry.attempt ?? 1,
    duration_ms: Math.round(entry.durationMs),
    request_body: storableOrNull(entry.requestBody),
    response_body: storableOrNull(entry.responseBody),
    at: entry.at,
  };
}

/** PostgreSQL takes neither NUL nor half a surrogate pair, and what a platform sends may hold both. */
function storable(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\uFFFD');
}

function storableOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : storable(text);
}
