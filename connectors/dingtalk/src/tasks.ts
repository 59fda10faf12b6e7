import {
  isConnectorError,
  type Lookup,
  type RejectedRecord,
  type TaskRecord,
  type TaskReference,
  type TasksCapability,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from './api.js';
import { getInstance, listInstances } from './api/approvals.js';
import { nextPosition } from './api/paging.js';
import type { DingtalkConfig } from './config.js';
import { firstPlace, placeAfter, readPlace, windowOf, writePlace } from './tasks/cursors.js';
import { readInstance } from './tasks/records.js';
import { idOf } from './values.js';

/** The kind of an approval of which only the id is known. */
const UNKNOWN_FORM = 'unknown';

/** Approvals (OA 审批). Listed by submission and per form only; what changes later comes by `bpms_…` events. */
export const tasks: TasksCapability<DingtalkConfig> = {
  async list(context, { since, cursor }) {
    const codes = [...new Set(context.config.processCodes ?? [])];
    const now = context.now();
    const at = cursor === null ? firstPlace(codes, since, now) : readPlace(cursor, codes);
    if (at === null) return { items: [], rejected: [], cursor: null, done: true };
    const window = windowOf(at, now);
    // Interrupted for so long that all of the window is out of reach.
    const page =
      window.from < window.to
        ? await listInstances(context, { processCode: at.code, ...window }, at.position.at)
        : { ids: [], next: null };
    const items: TaskReference[] = [];
    const rejected: RejectedRecord[] = [];
    for (const id of page.ids) {
      const externalId = idOf(id);
      if (externalId !== null) items.push({ externalId, kind: at.code });
      else rejected.push({ externalId: null, reason: 'The approval has no usable id.', raw: { id } });
    }
    const next =
      page.next === null
        ? placeAfter(at, codes, since, now)
        : { ...at, position: nextPosition(at.position, page.next, 'instanceIds/query') };
    return next === null
      ? { items, rejected, cursor: null, done: true }
      : { items, rejected, cursor: writePlace(next), done: false };
  },

  /** An approval does not name its form: that the list knows, and each event. */
  async get(context, { externalIds, kinds = {} }) {
    return Promise.all(
      externalIds.map((id) =>
        lookUpInstance(context, id, (Object.hasOwn(kinds, id) && kinds[id]) || UNKNOWN_FORM),
      ),
    );
  },
};

async function lookUpInstance(
  context: DingtalkContext,
  externalId: string,
  kind: string,
): Promise<Lookup<TaskRecord>> {
  let instance;
  try {
    instance = await getInstance(context, externalId);
  } catch (error) {
    if (isConnectorError(error) && error.code === 'not_found') return { externalId, status: 'gone' };
    throw error;
  }
  const record = readInstance(externalId, kind, instance);
  return record ? { externalId, status: 'found', record } : { externalId, status: 'unknown' };
}
