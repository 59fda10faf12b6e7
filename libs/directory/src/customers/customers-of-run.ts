import { isConnectorError, type ConnectorErrorData } from '@trainbridge/connector-kit';
import { ProblemError } from '@trainbridge/http-api';
import type { DataSource } from 'typeorm';
import type { OpenedSource } from '../runs/run-engine.js';
import type { RunRow } from '../runs/run-record.js';
import { guardOf, type RunHandle } from '../sync/run-facts.js';
import { CustomerListing, noteCustomers } from './customer-listing.js';

/**
 * The part of a directory run that comes after its people, because customers have owners among them. The run is about
 * people: whatever becomes of this part, its status stays what they made it, and `counts.customers` and `notes.customers`
 * tell the rest. Many companies do not let an app see customers at all.
 *
 * @throws {RunInterrupted}
 */
export async function customersOfRun(
  dataSource: DataSource,
  run: RunRow,
  handle: RunHandle,
  open: () => Promise<OpenedSource>,
  options: { signal: AbortSignal; retryDelaysMs: readonly number[] },
): Promise<void> {
  // Counts are there when a process died after this part and before the end of the run.
  if (!run.settings.listsCustomers || run.counts.customers) return;
  let source: OpenedSource;
  try {
    source = await open();
  } catch (error) {
    options.signal.throwIfAborted();
    const data = knownError(error);
    if (!data) throw error;
    return noteCustomers(dataSource, handle, { complete: false, kept: 0, error: data });
  }
  const { customers, context } = source;
  if (!customers?.list) return;
  const listing = new CustomerListing(
    dataSource,
    handle,
    { list: (cursor) => customers.list!(context, { cursor }), guard: guardOf(run.settings.guard) },
    { ...options, cause: run.cause },
  );
  await listing.execute();
}

function knownError(error: unknown): ConnectorErrorData | null {
  if (isConnectorError(error)) return error.data;
  return error instanceof ProblemError ? { code: 'config_invalid', message: error.message } : null;
}
