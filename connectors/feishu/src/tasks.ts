import {
  ConnectorError,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Lookup,
  type TaskRecord,
  type TasksCapability,
} from '@trainbridge/connector-kit';
import type { FeishuContext } from './api.js';
import { approvalByCode, approvalCodesBetween } from './api/approvals.js';
import type { FeishuConfig } from './config.js';
import { id } from './directory/records.js';
import { vendorCodeOf } from './errors.js';

/** The most `approval/v4/instances` answers for at a time. */
const WINDOW_MS = 10 * 3_600_000;
const NO_INSTANCE = 1390003;
const HIDDEN = new Set([1390004, 1390009]);

const statuses: Readonly<Record<string, TaskRecord['status']>> = {
  PENDING: 'open',
  APPROVED: 'approved',
  REJECTED: 'rejected',
  CANCELED: 'withdrawn',
  DELETED: 'deleted',
  // Approved once, and taken back.
  REVERTED: 'withdrawn',
};

/** Approvals (审批) of the definitions in `approvalCodes`. */
export const tasks: TasksCapability<FeishuConfig> = {
  /**
   * Definition after definition, window after window. The end of the last window is fixed when the walk begins, because a
   * page's token is good for exactly the question it was given for.
   */
  async list(context, { since, cursor }) {
    const codes = [...new Set(context.config.approvalCodes ?? [])];
    const now = context.now();
    const at = cursor === null ? startAt(codes[0], since, now) : readCursor(cursor, codes);
    if (at === null) return { items: [], rejected: [], cursor: null, done: true };
    const until = Math.min(at.from + WINDOW_MS, at.end);
    const page = await approvalCodesBetween(context, { ...at, until });
    const following = codes[codes.indexOf(at.code) + 1];
    const next =
      page.next !== null
        ? { ...at, pageToken: page.next }
        : until < at.end
          ? { ...at, from: until, pageToken: null }
          : following === undefined
            ? null
            : startAt(following, since, at.end);
    const items = page.items.flatMap((code) => {
      const externalId = id(code);
      return externalId === null ? [] : [{ externalId }];
    });
    return { items, rejected: [], cursor: next && writeCursor(next), done: next === null };
  },

  async get(context, { externalIds }) {
    return Promise.all(externalIds.map((externalId) => lookUp(context, externalId)));
  },
};

interface Place {
  code: string;
  from: number;
  end: number;
  pageToken: string | null;
}

function startAt(code: string | undefined, since: number, end: number): Place | null {
  return code === undefined || since >= end
    ? null
    : { code, from: Math.max(0, Math.floor(since)), end, pageToken: null };
}

function writeCursor({ code, from, end, pageToken }: Place): string {
  return JSON.stringify([code, from, end, pageToken]);
}

/** @throws ConnectorError `cursor_expired` for what was not written here, or for a definition that is no longer asked for. */
function readCursor(text: string, codes: readonly string[]): Place {
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    parts = null;
  }
  const [code, from, end, pageToken] = Array.isArray(parts) ? (parts as unknown[]) : [];
  const isPlace =
    typeof code === 'string' &&
    codes.includes(code) &&
    Number.isSafeInteger(from) &&
    Number.isSafeInteger(end) &&
    (pageToken === null || typeof pageToken === 'string');
  if (!isPlace)
    throw new ConnectorError('cursor_expired', 'The cursor is not one of this list of approvals.');
  return { code, from: from as number, end: end as number, pageToken };
}

async function lookUp(context: FeishuContext, externalId: string): Promise<Lookup<TaskRecord>> {
  try {
    const instance = await approvalByCode(context, externalId);
    const record = readApproval(externalId, instance);
    return record ? { externalId, status: 'found', record } : { externalId, status: 'unknown' };
  } catch (error) {
    const code = vendorCodeOf(error) ?? 0;
    if (code === NO_INSTANCE) return { externalId, status: 'gone' };
    if (HIDDEN.has(code)) return { externalId, status: 'notVisible' };
    throw error;
  }
}

/** An instance as approval-v4/instance/get shows it; null when it is none. */
function readApproval(externalId: string, instance: JsonObject): TaskRecord | null {
  const kind = id(instance.approval_code);
  const status = typeof instance.status === 'string' ? statuses[instance.status] : undefined;
  if (kind === null || status === undefined) return null;
  const { approval_name: title } = instance;
  return {
    externalId,
    kind,
    title: typeof title === 'string' ? title : '',
    status: instance.reverted === true ? 'withdrawn' : status,
    applicantExternalId: applicantOf(instance),
    form: readForm(instance.form),
    updatedAt: new Date(lastChange(instance)).toISOString(),
    raw: instance,
  };
}

/** Approvals know people by the id of this one app, or of the company; the directory keeps both beside the union id. */
function applicantOf(instance: JsonObject): string | null {
  const [openId, userId] = [id(instance.open_id), id(instance.user_id)];
  if (openId !== null) return `open_id:${openId}`;
  return userId === null ? null : `user_id:${userId}`;
}

/** `form` is JSON in a text: a list of widgets. Two of the same label are told apart by their id. */
function readForm(value: JsonValue | undefined): JsonObject {
  let widgets: unknown = value;
  if (typeof value === 'string') {
    try {
      widgets = JSON.parse(value);
    } catch {
      widgets = [];
    }
  }
  const form = new Map<string, JsonValue>();
  for (const widget of Array.isArray(widgets) ? (widgets as unknown[]) : []) {
    if (!isJsonObject(widget)) continue;
    const label = typeof widget.name === 'string' && widget.name !== '' ? widget.name : id(widget.id);
    if (label === null || widget.value === undefined) continue;
    form.set(form.has(label) ? `${label} (${id(widget.id) ?? form.size})` : label, widget.value);
  }
  return Object.fromEntries(form);
}

/** The latest time anywhere in it, all of them text in milliseconds; `end_time` is "0" while it is open. */
function lastChange(instance: JsonObject): number {
  const timeline = Array.isArray(instance.timeline) ? instance.timeline.filter(isJsonObject) : [];
  const told = [instance.start_time, instance.end_time, ...timeline.map(({ create_time: at }) => at)];
  const times = told.map(Number).filter((time) => Number.isSafeInteger(time) && time > 0 && time < 8.64e15);
  return Math.max(0, ...times);
}
