import type {
  ItemOutcome,
  JsonObject,
  TaskRecord,
  TasksCapability,
  TodosCapability,
} from '../../../src/index.js';
import type { Config } from './connector.js';
import { call } from './people.js';

/** The platform answers at most ten hours at a time. */
const WINDOW_MS = 10 * 3_600_000;
const STATUS: Record<string, TaskRecord['status']> = {
  PENDING: 'open',
  APPROVED: 'approved',
  REJECTED: 'rejected',
  CANCELED: 'withdrawn',
  DELETED: 'deleted',
  REVERTED: 'withdrawn',
};

export const tasks: TasksCapability<Config> = {
  /** Per form and per window; the cursor holds the place in both and the vendor's token. */
  async list(context, { since, cursor }) {
    const codes = context.config.approvalCodes ?? [];
    const [index, from, token] = (cursor ? JSON.parse(cursor) : [0, since, '']) as [number, number, string];
    const code = codes[index];
    if (code === undefined) return { items: [], rejected: [], cursor: null, done: true };
    const now = context.now();
    const until = Math.min(from + WINDOW_MS, now);
    const page = await call<{ instance_code_list: string[]; has_more: boolean; page_token?: string }>(
      context,
      'GET',
      'approval/v4/instances',
      {
        query: {
          approval_code: code,
          start_time: String(from),
          end_time: String(until),
          page_size: 100,
          page_token: token || undefined,
        },
      },
    );
    const next = page.has_more
      ? [index, from, page.page_token]
      : until < now
        ? [index, until, '']
        : index + 1 < codes.length
          ? [index + 1, since, '']
          : null;
    const items = page.instance_code_list.map((externalId) => ({ externalId }));
    return { items, rejected: [], cursor: next === null ? null : JSON.stringify(next), done: next === null };
  },

  get: async (context, { externalIds }) =>
    Promise.all(
      externalIds.map(async (externalId) => {
        const instance = await call<{
          approval_code: string;
          approval_name: string;
          status: string;
          open_id: string;
          form: string;
          start_time: string;
          end_time: string;
        }>(context, 'GET', `approval/v4/instances/${encodeURIComponent(externalId)}`);
        const widgets = JSON.parse(instance.form) as { name: string; value: JsonObject[string] }[];
        const changed = instance.end_time === '0' ? instance.start_time : instance.end_time;
        const record: TaskRecord = {
          externalId,
          kind: instance.approval_code,
          title: instance.approval_name,
          status: STATUS[instance.status] ?? 'open',
          // Approvals know people by the id of this one app; the directory recorded it beside the union id.
          applicantExternalId: `open_id:${instance.open_id}`,
          form: Object.fromEntries(widgets.map(({ name, value }) => [name, value])),
          updatedAt: new Date(Number(changed)).toISOString(),
          raw: instance,
        };
        return { externalId, status: 'found' as const, record };
      }),
    ),
};

const QUERY = { user_id_type: 'union_id' };

export const todos: TodosCapability<Config> = {
  upsert: async (context, { items }) =>
    Promise.all(
      items.map(async ({ key, recipientExternalId, title, url, dueAt }): Promise<ItemOutcome> => {
        const { task } = await call<{ task: { guid: string } }>(context, 'POST', 'task/v2/tasks', {
          query: QUERY,
          json: {
            summary: title,
            ...(dueAt === undefined
              ? {}
              : { due: { timestamp: String(Date.parse(dueAt)), is_all_day: false } }),
            origin: { platform_i18n_name: { zh_cn: '培训', en_us: 'Training' }, href: { url, title } },
            members: [{ id: recipientExternalId, type: 'user', role: 'assignee' }],
            mode: 2,
            client_token: key,
          },
          retry: 'safe',
        });
        return { key, status: 'done', externalRef: task.guid };
      }),
    ),

  close: async (context, { items }) =>
    Promise.all(
      items.map(async ({ key, externalRef, outcome }): Promise<ItemOutcome> => {
        const path = `task/v2/tasks/${encodeURIComponent(externalRef)}`;
        if (outcome === 'withdrawn') {
          await call(context, 'DELETE', path);
          return { key, status: 'done', externalRef };
        }
        // Completing what is completed is refused: looked at first.
        const { task } = await call<{ task: { status: 'todo' | 'done' } }>(context, 'GET', path, {
          query: QUERY,
        });
        if (task.status !== 'done') {
          const json = { task: { completed_at: String(context.now()) }, update_fields: ['completed_at'] };
          await call(context, 'PATCH', path, { query: QUERY, json, retry: 'safe' });
        }
        return { key, status: 'done', externalRef };
      }),
    ),
};
