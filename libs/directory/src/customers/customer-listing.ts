import {
  isConnectorError,
  type ConnectorErrorData,
  type CustomerRecord,
  type Page,
} from '@trainbridge/connector-kit';
import { failureData } from '@trainbridge/connector-runtime';
import type { DataSource } from 'typeorm';
import { PageGuard } from '../sync/fetch/page-guard.js';
import { retried, wellFormed } from '../sync/fetch/walk.js';
import type { GuardSettings, RunHandle } from '../sync/run-facts.js';
import { rows, storableJson, type Sql } from '../sync/sql.js';
import { holdRun } from '../sync/stage/staging.js';
import { stagePage } from './customer-records.js';
import { absentCustomers, applyCustomers, stageCustomers } from './customer-store.js';

export interface CustomerSource {
  list: (cursor: string | null) => Promise<Page<CustomerRecord>>;
  guard: GuardSettings;
}

/** How the customers of a run went, as its notes tell. */
export interface CustomerNotes {
  /** Read to the end, and every record could be taken; only then who is not listed is removed. */
  complete: boolean;
  /** Customers a complete listing did not name who were kept, because they are too many to be believed. */
  kept: number;
  /** Why the listing could not be read to its end. */
  error: ConnectorErrorData | null;
}

const WALK = 'customers';
const MAX_RESTARTS = 2;

/**
 * The customers of a directory run: their listing is read page by page into staging, each page with the cursor it was read
 * by, then compared and written in one transaction with the run's figures. A killed process goes on at the next page.
 */
export class CustomerListing {
  constructor(
    private readonly dataSource: DataSource,
    private readonly run: RunHandle,
    private readonly source: CustomerSource,
    private readonly options: { signal: AbortSignal; retryDelaysMs: readonly number[]; cause: object },
  ) {}

  /** @throws {RunInterrupted} */
  async execute(): Promise<void> {
    await this.write(await this.read());
  }

  /** Null when the listing was read to its end; what was read until an error stays. */
  private async read(): Promise<ConnectorErrorData | null> {
    const saved = await this.begin();
    if (saved.done) return null;
    let { cursor, read } = saved;
    let guard = new PageGuard();
    for (let restarts = 0; ;) {
      let page: Page<CustomerRecord>;
      try {
        page = wellFormed(await retried(() => this.source.list(cursor), this.options));
        guard.check(page.cursor, page.items.map(asGuarded));
      } catch (failure) {
        this.options.signal.throwIfAborted();
        if (
          isConnectorError(failure) &&
          failure.code === 'cursor_expired' &&
          cursor &&
          restarts < MAX_RESTARTS
        ) {
          restarts += 1;
          cursor = null;
          guard = new PageGuard();
          continue;
        }
        return failureData(failure);
      }
      read += page.items.length;
      await this.save(page, read);
      if (page.done) return null;
      cursor = page.cursor;
    }
  }

  /** Where an earlier attempt stopped; without one, whatever lies staged is of no use. */
  private async begin(): Promise<{ cursor: string | null; read: number; done: boolean }> {
    return this.dataSource.transaction(async (manager) => {
      await holdRun(manager, this.run, null);
      const [saved] = await rows<{ cursor: string | null; read: number; done: boolean }>(
        manager,
        `select cursor, records as read, done from run_walks where run_id = $1 and walk = $2`,
        [this.run.id, WALK],
      );
      if (saved) return saved;
      await manager.query(`delete from staged_customers where run_id = $1`, [this.run.id]);
      await manager.query(`insert into run_walks (run_id, walk) values ($1, $2)`, [this.run.id, WALK]);
      return { cursor: null, read: 0, done: false };
    });
  }

  private async save(page: Page<CustomerRecord>, read: number): Promise<void> {
    const { customers, rejected } = stagePage(page);
    await this.dataSource.transaction(async (manager) => {
      await holdRun(manager, this.run, { customersRead: read });
      await stageCustomers(manager, this.run.id, customers);
      if (rejected.length > 0) {
        await manager.query(
          `insert into rejected_records (run_id, kind, record_key, external_id, reason, raw)
           select $1, kind, key, "externalId", reason, raw
           from jsonb_to_recordset($2::jsonb) as r(kind text, key text, "externalId" text, reason text, raw jsonb)
           on conflict do nothing`,
          [this.run.id, storableJson(rejected)],
        );
      }
      await manager.query(
        `update run_walks set cursor = $3, done = $4, pages = pages + 1, records = $5 where run_id = $1 and walk = $2`,
        [this.run.id, WALK, page.cursor, page.done, read],
      );
    });
  }

  private async write(error: ConnectorErrorData | null): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await holdRun(manager, this.run, null);
      const [counted] = await rows<{ rejected: number }>(
        manager,
        `select count(*)::int as rejected from rejected_records where run_id = $1 and kind = 'customer'`,
        [this.run.id],
      );
      const { rejected } = counted!;
      // A partial read removes nobody, and a record that could not be taken may be anybody's.
      const complete = error === null && rejected === 0;
      const { stored, listed, absent } = await absentCustomers(manager, this.run);
      const believable = listed > 0 && absent.length <= mostRemoved(stored, this.source.guard);
      const remove = complete && believable ? absent : [];
      const counts = await applyCustomers(manager, this.run, remove, this.options.cause);
      await manager.query(
        `update runs set counts = counts || jsonb_build_object('customers', $2::jsonb) where id = $1`,
        [this.run.id, JSON.stringify({ ...counts, rejected })],
      );
      await noteCustomers(manager, this.run, {
        complete,
        kept: complete ? absent.length - remove.length : 0,
        error,
      });
    });
  }
}

/** Writes what is to be told of the customers of a run into its notes. */
export async function noteCustomers(manager: Sql, run: RunHandle, notes: CustomerNotes): Promise<void> {
  await manager.query(
    `update runs set notes = notes || jsonb_build_object('customers', $2::jsonb) where id = $1`,
    [run.id, storableJson(notes)],
  );
}

/** As many as the guard lets people be disabled without an approval. */
function mostRemoved(stored: number, { minimum, maxDisabledPercent, maxDisabled }: GuardSettings): number {
  const limit = Math.max(minimum, Math.floor((stored * maxDisabledPercent) / 100));
  return maxDisabled === null ? limit : Math.min(limit, maxDisabled);
}

/** A platform that lists one row per owner may honestly show the same customers again for the next owner. */
function asGuarded(item: CustomerRecord | null): { externalId?: string; memberships?: unknown } {
  return { externalId: item?.externalId, memberships: item?.ownerExternalIds };
}
