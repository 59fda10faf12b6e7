import {
  isConnectorError,
  outcomeOf,
  type ItemOutcome,
  type JsonObject,
  type TodoItem,
  type TodosCapability,
} from '@trainbridge/connector-kit';
import type { FeishuContext } from './api.js';
import { changeTask, createTask, deleteTask, taskById } from './api/tasks.js';
import type { FeishuConfig } from './config.js';
import { missing } from './errors.js';
import { repeatKey } from './repeat-key.js';

/** Most characters of a summary and a description (task-v2/task/create). */
const MAX_SUMMARY = 3_000;
const MAX_DESCRIPTION = 3_000;

/**
 * To-dos as tasks (task-v2) that the app itself creates: only the creator may complete or delete one, and sees it at all.
 * There is no call for several at once.
 */
export const todos: TodosCapability<FeishuConfig> = {
  async upsert(context, { items }) {
    return Promise.all(items.map((item) => outcomeOf(item.key, () => put(context, item))));
  },

  async close(context, { items }) {
    return Promise.all(
      items.map(({ key, externalRef, outcome }) =>
        outcomeOf(key, () =>
          outcome === 'completed' ? complete(context, key, externalRef) : withdraw(context, key, externalRef),
        ),
      ),
    );
  },
};

async function put(context: FeishuContext, item: TodoItem): Promise<ItemOutcome> {
  if (item.externalRef === undefined) return create(context, item);
  try {
    // A due date that is named and not given is cleared.
    await changeTask(context, item.externalRef, contentOf(item), ['summary', 'description', 'due']);
    return { key: item.key, status: 'done', externalRef: item.externalRef };
  } catch (error) {
    if (isNotFound(error)) return create(context, item);
    throw error;
  }
}

async function create(context: FeishuContext, item: TodoItem): Promise<ItemOutcome> {
  const { guid } = await createTask(context, {
    ...contentOf(item),
    members: [{ id: item.recipientExternalId, type: 'user', role: 'assignee' }],
    // Where the task leads to; can be said at its creation only.
    origin: {
      platform_i18n_name: { zh_cn: '在线培训', en_us: 'Training' },
      href: { url: item.url, title: item.title.slice(0, 512) },
    },
    // Anybody's completing it completes it; with mode 1 the app could not complete it for them.
    mode: 2,
    // 10 to 100 characters.
    client_token: repeatKey(item.key, 10, 100),
  });
  if (typeof guid !== 'string' || guid === '') throw missing('task/v2/tasks', '"guid"');
  return { key: item.key, status: 'done', externalRef: guid };
}

/** The link stands in the description as well: that can be changed later, and is where phones show it. */
function contentOf({ title, description, url, dueAt }: TodoItem): JsonObject {
  const about = description?.trim().slice(0, MAX_DESCRIPTION - url.length - 1);
  const due = dueAt === undefined ? Number.NaN : Date.parse(dueAt);
  return {
    summary: title.slice(0, MAX_SUMMARY),
    description: about ? `${about}\n${url}` : url,
    ...(Number.isNaN(due) ? {} : { due: { timestamp: String(due), is_all_day: false } }),
  };
}

/** Completing what is completed is refused, so it is looked at first. */
async function complete(context: FeishuContext, key: string, guid: string): Promise<ItemOutcome> {
  try {
    const task = await taskById(context, guid);
    if (task.status !== 'done') {
      await changeTask(context, guid, { completed_at: String(context.now()) }, ['completed_at']);
    }
    return { key, status: 'done', externalRef: guid };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return {
      key,
      status: 'skipped',
      reason: {
        en: 'The task was deleted in Feishu; there is nothing left to complete.',
        'zh-CN': '该任务已在飞书中被删除，无需再完成。',
      },
    };
  }
}

async function withdraw(context: FeishuContext, key: string, guid: string): Promise<ItemOutcome> {
  try {
    await deleteTask(context, guid);
  } catch (error) {
    // Deleted already, by somebody or by the call before.
    if (!isNotFound(error)) throw error;
  }
  return { key, status: 'done', externalRef: guid };
}

function isNotFound(error: unknown): boolean {
  return isConnectorError(error) && error.code === 'not_found';
}
