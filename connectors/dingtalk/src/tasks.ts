import {
  ConnectorError,
  isConnectorError,
  type JsonObject,
  type Lookup,
  type TaskRecord,
  type TasksCapability,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from './api.js';
import { getInstance, listInstances } from './api/approvals.js';
import type { DingtalkConfig } from './config.js';
import { formsOf, HORIZON_MS, WINDOW_MS } from './tasks/forms.js';
import { readInstance, submittedAt } from './tasks/records.js';
import { idOf } from './values.js';

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
        return externalId === null ? [] : [{ externalId }];
      }),
      rejected: page.ids
        .filter((id) => idOf(id) === null)
        .map((id) => ({ externalId: null, reason: 'The approval has no usable id.', raw: { id } })),
      cursor: next === null ? null : JSON.stringify([next.code, next.from, next.token, next.until]),
      done: next === null,
    };
  },

  async get(context, { externalIds }) {
    const answers = await Promise.all(externalIds.map((id) => answerOf(context, id)));
    const submitted = answers.flatMap(({ id, instance }) => {
      const at = instance === null ? undefined : submittedAt(instance);
      return at === undefined ? [] : [{ id, at }];
    });
    const forms = await formsOf(context, submitted);
    return answers.map(({ id, instance }): Lookup<TaskRecord> => {
      if (instance === null) return { externalId: id, status: 'gone' };
      const record = readInstance(id, forms.get(id) ?? '', instance);
      return record ? { externalId: id, status: 'found', record } : { externalId: id, status: 'unknown' };
    });
  },
};

/** The window after this one: of the same form, else the first of the next form. */
function afterWindow(at: Position, to: number, codes: readonly string[], earliest: number): Position | null {
  if (to < at.until) return { ...at, from: to, token: 0 };
  const code = codes[codes.indexOf(at.code) + 1];
  return code === undefined ? null : { code, from: Math.min(earliest, at.until), token: 0, until: at.until };
}

/** Null: there is no such approval, or no more. */
async function answerOf(
  context: DingtalkContext,
  id: string,
): Promise<{ id: string; instance: JsonObject | null }> {
  try {
    return { id, instance: await getInstance(context, id) };
  } catch (error) {
    if (isConnectorError(error) && error.code === 'not_found') return { id, instance: null };
    throw error;
  }
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
