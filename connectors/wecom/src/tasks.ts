import {
  type Lookup,
  type TaskRecord,
  type TaskReference,
  type TasksCapability,
} from '@trainbridge/connector-kit';
import type { WecomContext } from './api.js';
import { getApproval, listApprovals } from './api/approvals.js';
import { nextPosition } from './api/paging.js';
import type { WecomConfig } from './config.js';
import { isOutOfRange } from './directory/lookups.js';
import { vendorCodeOf } from './errors.js';
import { firstWindow, readCursor, windowAfter, writeCursor } from './tasks/cursors.js';
import { approvalNumber, readApproval } from './tasks/records.js';

/** "Approval parameters", which is also all WeCom says of a number it does not know (D-90313). */
const BAD_PARAMETERS = 301025;
/** "No right to this approval": of an app without the permission, and of one whose applicant left or went out of view. */
const NO_RIGHT = 301055;

/**
 * Approvals (审批) of the people in the visible range. WeCom lists their numbers by time of submission, at most 31 days at a
 * time, and tells the rest one by one (D-91816, D-91983).
 */
export const tasks: TasksCapability<WecomConfig> = {
  async list(context, { since, cursor }) {
    const now = Math.floor(context.now() / 1_000);
    const from = cursor === null ? firstWindow(Math.floor(since / 1_000), now) : readCursor(cursor);
    if (from === null) return { items: [], rejected: [], cursor: null, done: true };
    const { rows, next } = await listApprovals(context, from, from.position.at);
    const items: TaskReference[] = [];
    const rejected = [];
    for (const row of rows) {
      const externalId = approvalNumber(row);
      if (externalId !== null) items.push({ externalId });
      else rejected.push({ externalId: null, reason: 'Not the number of an approval.', raw: { value: row } });
    }
    const following =
      next === null
        ? windowAfter(from, now)
        : { ...from, position: nextPosition(from.position, next, 'oa/getapprovalinfo') };
    return following === null
      ? { items, rejected, cursor: null, done: true }
      : { items, rejected, cursor: writeCursor(following), done: false };
  },

  async get(context, { externalIds }) {
    let refusal: unknown;
    const lookups = await Promise.all(
      externalIds.map((externalId) =>
        lookUpApproval(context, externalId, (error) => {
          refusal = error;
        }),
      ),
    );
    const allRefused = refusal !== undefined && lookups.every(({ status }) => status === 'notVisible');
    if (allRefused && !(await mayReadApprovals(context))) throw refusal;
    return lookups;
  },
};

/** Tells the two meanings of 301055 apart where no other approval of the batch does: the list answers 301055 to the first only. */
async function mayReadApprovals(context: WecomContext): Promise<boolean> {
  const now = Math.floor(context.now() / 1_000);
  try {
    await listApprovals(context, { from: now - 60, until: now }, null);
    return true;
  } catch (error) {
    if (vendorCodeOf(error) === NO_RIGHT) return false;
    throw error;
  }
}

async function lookUpApproval(
  context: WecomContext,
  externalId: string,
  onRefusal: (error: unknown) => void,
): Promise<Lookup<TaskRecord>> {
  let info;
  try {
    info = await getApproval(context, externalId);
  } catch (error) {
    if (vendorCodeOf(error) === BAD_PARAMETERS) return { externalId, status: 'unknown' };
    if (vendorCodeOf(error) === NO_RIGHT) {
      onRefusal(error);
      return { externalId, status: 'notVisible' };
    }
    if (isOutOfRange(error)) return { externalId, status: 'notVisible' };
    throw error;
  }
  const record = readApproval(info, externalId);
  if (record) return { externalId, status: 'found', record };
  context.log.warn('oa/getapprovaldetail answered with another approval, or with none', {
    asked: externalId,
  });
  return { externalId, status: 'unknown' };
}
