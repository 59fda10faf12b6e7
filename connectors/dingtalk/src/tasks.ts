import {
  ConnectorError,
  isConnectorError,
  type Lookup,
  type TaskRecord,
  type TasksCapability,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from './api.js';
import { getInstance, listInstances } from './api/approvals.js';
import type { DingtalkConfig } from './config.js';
import { readInstance } from './tasks/records.js';
import { idOf } from './values.js';

const DAY_MS = 86_400_000;
/** How far back the list reaches, and how much of that one call may cover: 365 and 120 days. */
const HORIZON_MS = 365 * DAY_MS;
const WINDOW_MS = 119 * DAY_MS;
/** For an approval of which only the id is known. */
const UNKNOWN_FORM = 'unknown';

/** Where the listing stands: form by form, window by window, page by page. `until` was now when it began. */
interface Position {
  code: string;
  from: number;
  token: number;
  until: number;
}

/** Approvals (OA 审批). Listed by submission and per form only; what changes later comes by `bpms_…` events. */
export const tasks: TasksCapability<DingtalkConfig> = {
  async list(context, { since, cursor }) {
    const codes = [...new Set(context.config.processCodes ?? [])];
    const now = context.now();
    // A minute within the horizon, so that a slow clock of ours is not refused.
    const earliest = Math.max(since, now - HORIZON_MS + 60_000);
    const [first] = codes;
    if (first === undefined || (cursor === null && earliest >= now))
      return { items: [], rejected: [], cursor: null, done: true };
    const at =
      cursor === null ? { code: first, from: earliest, token: 0, until: now } : readCursor(cursor, codes);
    const to = Math.min(at.from + WINDOW_MS, at.until);
    const page = await listInstances(context, { processCode: at.code, from: at.from, to }, at.token);
    const next = page.next === null ? afterWindow(at, to, codes, earliest) : { ...at, token: page.next };
    return {
      items: page.ids.flatMap((id) => {
        const externalId = idOf(id);
        return externalId === null ? [] : [{ externalId, kind: at.code }];
      }),
      rejected: page.ids
        .filter((id) => idOf(id) === null)
        .map((id) => ({ externalId: null, reason: 'The approval has no usable id.', raw: { id } })),
      cursor: next === null ? null : JSON.stringify([next.code, next.from, next.token, next.until]),
      done: next === null,
    };
  },

  /** An approval does not name its form: that the list knows, and each event. */
  async get(context, { externalIds, kinds = {} }) {
    return Promise.all(externalIds.map((id) => lookUpInstance(context, id, kinds[id] ?? UNKNOWN_FORM)));
  },
};

/** The window after this one: of the same form, else the first of the next form. */
function afterWindow(at: Position, to: number, codes: readonly string[], earliest: number): Position | null {
  if (to < at.until) return { ...at, from: to, token: 0 };
  const code = codes[codes.indexOf(at.code) + 1];
  return code === undefined ? null : { code, from: Math.min(earliest, at.until), token: 0, until: at.until };
}

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

/** @throws ConnectorError `cursor_expired` for what was not written here, or when the form is configured no more. */
function readCursor(cursor: string, codes: readonly string[]): Position {
  let parts: unknown;
  try {
    parts = JSON.parse(cursor);
  } catch {
    parts = null;
  }
  const [code, ...numbers] = Array.isArray(parts) ? (parts as unknown[]) : [];
  const [from, token, until] = numbers;
  if (typeof code === 'string' && codes.includes(code) && isWhole(from) && isWhole(token) && isWhole(until))
    return { code, from, token, until };
  throw new ConnectorError('cursor_expired', 'The cursor belongs to other forms than the configured ones.');
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
