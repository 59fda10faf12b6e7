import type { ConnectorErrorData } from '@trainbridge/connector-kit';
import { failureData } from '@trainbridge/connector-runtime';
import type { DataSource } from 'typeorm';
import type { RunHandle } from '../run-facts.js';
import { rows } from '../sql.js';
import { holdRun } from '../stage/staging.js';
import type { DirectorySource } from './fetch.js';
import { ReadRefused, retried, type WalkOptions } from './walk.js';

/**
 * What this app may see is read first, and once: an answer after the reading could hide what was lost during it. Where it
 * cannot be read the run goes on, with an error in the place of a walk.
 *
 * @throws {ReadRefused} on bad credentials, permissions or configuration
 */
export async function readVisibility(
  dataSource: DataSource,
  run: RunHandle,
  source: DirectorySource,
  options: Pick<WalkOptions, 'signal' | 'retryDelaysMs'>,
): Promise<void> {
  const [stored] = await rows<{ known: boolean }>(
    dataSource,
    `select grants is not null as known from runs where id = $1`,
    [run.id],
  );
  if (stored?.known) return;
  let grants: string[] | null = null;
  let error: ConnectorErrorData | null = null;
  try {
    const answer = await retried(() => source.directory.visibility(source.context), options);
    grants = [...new Set(answer.grants)].sort();
  } catch (failure) {
    options.signal.throwIfAborted();
    error = failureData(failure);
    if (['auth_failed', 'permission_denied', 'config_invalid'].includes(error.code))
      throw new ReadRefused(error);
  }
  await dataSource.transaction(async (manager) => {
    await holdRun(manager, run, null);
    if (grants)
      await manager.query(`update runs set grants = $2 where id = $1`, [run.id, JSON.stringify(grants)]);
    else {
      await manager.query(
        `insert into run_walks (run_id, walk, error) values ($1, 'visibility', $2)
           on conflict (run_id, walk) do update set error = excluded.error`,
        [run.id, JSON.stringify(error)],
      );
    }
  });
}
