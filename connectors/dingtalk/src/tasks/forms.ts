import type { DingtalkContext } from '../api.js';
import { listInstances } from '../api/approvals.js';
import { vendorCodeOf } from '../errors.js';
import { idOf } from '../values.js';

export const DAY_MS = 86_400_000;
/** The list of approvals reaches no further back (page obtain-an-approval-list-of-instance-ids). */
export const HORIZON_MS = 365 * DAY_MS;
/** Windows of it hold at most 120 days. */
export const WINDOW_MS = 119 * DAY_MS;

const MINUTE_MS = 60_000;
/**
 * Times of an approval come as `…Z` to the minute; whether the Z means what it says is documented nowhere, and Beijing is
 * eight hours off. A window over both readings finds it either way.
 */
const DOUBT_MS = 8 * 60 * MINUTE_MS;
const MAX_PAGES = 50;

interface Submitted {
  id: string;
  at: number;
}

/**
 * Which of the connection's forms each approval was made from. An approval does not name its form and events of every form
 * arrive, so the lists of the forms are asked around the time of submission. What none of them holds is left out.
 */
export async function formsOf(
  context: DingtalkContext,
  submitted: readonly Submitted[],
): Promise<Map<string, string>> {
  const codes = [...new Set(context.config.processCodes ?? [])];
  const windows = windowsOf(submitted, context.now());
  const found = await Promise.all(
    codes.flatMap((code) => windows.map((window) => membersOf(context, code, window))),
  );
  return new Map(found.flat());
}

interface Window {
  from: number;
  to: number;
  ids: Set<string>;
}

/** The times in question, near ones together. */
function windowsOf(submitted: readonly Submitted[], now: number): Window[] {
  const windows: Window[] = [];
  for (const { id, at } of [...submitted].sort((a, b) => a.at - b.at)) {
    const from = Math.max(at - DOUBT_MS - MINUTE_MS, now - HORIZON_MS + MINUTE_MS);
    const to = Math.max(at + DOUBT_MS, from) + MINUTE_MS;
    const last = windows.at(-1);
    if (last && from <= last.to && to - last.from <= WINDOW_MS) {
      last.to = Math.max(last.to, to);
      last.ids.add(id);
    } else {
      windows.push({ from, to, ids: new Set([id]) });
    }
  }
  return windows
    .map((window) => ({ ...window, to: Math.min(window.to, now) }))
    .filter(({ from, to }) => from < to);
}

async function membersOf(
  context: DingtalkContext,
  processCode: string,
  { from, to, ids }: Window,
): Promise<[string, string][]> {
  const members: [string, string][] = [];
  let token = 0;
  for (let page = 0; page < MAX_PAGES && members.length < ids.size; page += 1) {
    let answer;
    try {
      answer = await listInstances(context, { processCode, from, to }, token);
    } catch (error) {
      // A form that was deleted since it was configured has no approvals to be told apart; `check` names it.
      if (vendorCodeOf(error) === 'processCodeError') break;
      throw error;
    }
    for (const entry of answer.ids) {
      const id = idOf(entry);
      if (id !== null && ids.has(id)) members.push([id, processCode]);
    }
    if (answer.next === null) break;
    token = answer.next;
  }
  return members;
}
