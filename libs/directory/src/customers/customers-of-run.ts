import { isConnectorError } from '@trainbridge/connector-kit';
import { ProblemError } from '@trainbridge/http-api';
import type { DataSource } from 'typeorm';
import type { OpenedSource } from '../runs/run-engine.js';
import type { RunError, RunRow } from '../runs/run-record.js';
import { guardOf, type RunHandle } from '../sync/run-facts.js';
import { CustomerListing, type CustomersListed } from './customer-listing.js';

/**
 * The part of a directory run that comes after its people, because customers have owners among them. Whatever becomes of
 * it, the people are done: answers why the run can only be `partial`, or null.
 *
 * @throws {RunInterrupted}
 */
export async function customersOfRun(
  dataSource: DataSource,
  run: RunRow,
  handle: RunHandle,
  open: () => Promise<OpenedSource>,
  options: { signal: AbortSignal; retryDelaysMs: readonly number[] },
): Promise<RunError | null> {
  if (!run.settings.listsCustomers) return null;
  // A process that died after this part and before the end of the run left what it found.
  const { counts, notes } = run;
  if (counts.customers)
    return incomplete({ ...(notes.customers as unknown as CustomersListed), counts: counts.customers });
  let source: OpenedSource;
  try {
    source = await open();
  } catch (error) {
    options.signal.throwIfAborted();
    if (isConnectorError(error)) return unread(error.data);
    if (error instanceof ProblemError) return unread(error);
    throw error;
  }
  const { customers, context } = source;
  if (!customers?.list) return null;
  const guard = guardOf(run.settings.guard);
  const listing = new CustomerListing(
    dataSource,
    handle,
    { list: (cursor) => customers.list!(context, { cursor }), guard },
    { ...options, cause: run.cause },
  );
  return incomplete(await listing.execute());
}

/** Not being allowed to read customers is how many companies want it: noted, and no fault of the run. */
function incomplete({ error, kept, counts }: CustomersListed): RunError | null {
  if (error) return error.code === 'permission_denied' ? null : unread(error);
  if (counts.rejected > 0)
    return {
      code: 'records_rejected',
      message: `${counts.rejected} customers could not be taken (see rejected); no customer is removed by this run.`,
    };
  if (kept === 0) return null;
  return {
    code: 'too_many_removed',
    message: `${kept} customers are not listed any more. So many at once are not believed; all were kept.`,
    numbers: { kept },
  };
}

function unread({ code, message }: { code: string; message: string }): RunError {
  return {
    code: 'partial_read',
    message: 'The customers could not be read to their end; no customer is removed by this run.',
    walks: [{ walk: 'customers', code, message }],
  };
}
