import { newId } from '@trainbridge/persistence';
import type { DataSource } from 'typeorm';
import type { RunStore } from '../runs/run-store.js';
import { causeOf } from './event-run.js';

/**
 * Asks for a full run, once: one that has not begun to read will see everything by itself. Null while another run is at
 * work, which may have read past what changed.
 */
export async function requestFullRun(
  dataSource: DataSource,
  store: RunStore,
  connectionId: string,
  eventIds: readonly string[],
): Promise<string | null> {
  const open = await store.openRun(dataSource, connectionId);
  if (open) {
    const unread = open.status === 'queued' && open.phase === 'fetch' && open.attempt === 0;
    return unread && open.mode === 'full' && !open.dry_run ? open.id : null;
  }
  const id = newId('run');
  const created = await store.create(dataSource, {
    id,
    connectionId,
    kind: 'directory',
    mode: 'full',
    dryRun: false,
    requestedBy: null,
    cause: causeOf(id, eventIds),
  });
  return created?.id ?? null;
}
