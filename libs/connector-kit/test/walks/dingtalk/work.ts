import {
  ConnectorError,
  isConnectorError,
  type HttpRequest,
  type ItemOutcome,
  type JsonObject,
  type ResultsCapability,
  type TaskRecord,
  type TasksCapability,
  type TodoItem,
  type TodosCapability,
} from '../../../src/index.js';
import { textOf } from '../recorded-platform.js';
import type { Config, Context } from './connector.js';
import { oapi } from './people.js';

async function api(
  context: Context,
  request: Omit<HttpRequest, 'url' | 'token'> & { path: string },
): Promise<JsonObject> {
  const { path, ...rest } = request;
  const { body } = await context.http({
    ...rest,
    url: `${context.config.apiBaseUrl}/v1.0/${path}`,
    token: 'app',
  });
  return body as JsonObject;
}

interface Instance {
  title: string;
  createTime: string;
  finishTime?: string;
  originatorUserId: string;
  status: 'RUNNING' | 'TERMINATED' | 'COMPLETED';
  result?: 'agree' | 'refuse';
  formComponentValues: { name: string; value: string }[];
}

export const tasks: TasksCapability<Config> = {
  /** Listed per form; the cursor is the form's place in the configuration and the vendor's own token. */
  async list(context, { since, cursor }) {
    const codes = context.config.processCodes ?? [];
    const [index, token] = (cursor ? JSON.parse(cursor) : [0, 0]) as [number, number];
    const processCode = codes[index];
    if (processCode === undefined) return { items: [], rejected: [], cursor: null, done: true };
    const { result } = (await api(context, {
      method: 'POST',
      path: 'workflow/processes/instanceIds/query',
      json: { processCode, startTime: since, nextToken: token, maxResults: 20 },
      retry: 'safe',
    })) as unknown as { result: { list: string[]; nextToken?: string } };
    // Asked with a number, answered with a string; absent means the end.
    const more =
      result.nextToken === undefined
        ? index + 1 < codes.length
          ? [index + 1, 0]
          : null
        : [index, Number(result.nextToken)];
    const next = more === null ? null : JSON.stringify(more);
    return {
      items: result.list.map((externalId) => ({ externalId })),
      rejected: [],
      cursor: next,
      done: next === null,
    };
  },

  get: async (context, { externalIds }) =>
    Promise.all(
      externalIds.map(async (externalId) => {
        const query = { processInstanceId: externalId };
        const { result } = (await api(context, {
          method: 'GET',
          path: 'workflow/processInstances',
          query,
        })) as unknown as { result: Instance };
        return { externalId, status: 'found' as const, record: toTask(externalId, result) };
      }),
    ),
};

function toTask(externalId: string, instance: Instance): TaskRecord {
  const decided = instance.result === 'agree' ? 'approved' : 'rejected';
  return {
    externalId,
    // The detail does not repeat the form's code; the event and the listing know it.
    kind: '',
    title: instance.title,
    status: instance.status === 'RUNNING' ? 'open' : instance.status === 'TERMINATED' ? 'withdrawn' : decided,
    applicantExternalId: instance.originatorUserId,
    form: Object.fromEntries(instance.formComponentValues.map(({ name, value }) => [name, value])),
    // Minutes only, as `2022-08-31T11:52Z`.
    updatedAt: new Date(instance.finishTime ?? instance.createTime).toISOString(),
    raw: instance as unknown as JsonObject,
  };
}

/** To-dos know people by union id, which the directory recorded beside the user id. */
function unionIdOf({ recipientExternalIds }: TodoItem): string {
  const found = recipientExternalIds.find(({ type }) => type === 'unionid');
  if (!found) throw new ConnectorError('not_found', 'This person has no union id yet.');
  return found.value;
}

async function upsertOne(context: Context, item: TodoItem): Promise<ItemOutcome> {
  try {
    const unionId = unionIdOf(item);
    return {
      key: item.key,
      status: 'done',
      externalRef: JSON.stringify([unionId, await taskIdFor(context, unionId, item)]),
    };
  } catch (error) {
    if (isConnectorError(error)) return { key: item.key, status: 'failed', error: error.data };
    throw error;
  }
}

async function taskIdFor(
  context: Context,
  unionId: string,
  { key, title, url, dueAt }: TodoItem,
): Promise<string> {
  const path = `todo/users/${encodeURIComponent(unionId)}/tasks`;
  try {
    const created = await api(context, {
      method: 'POST',
      path,
      query: { operatorId: unionId },
      json: {
        subject: title,
        sourceId: key,
        creatorId: unionId,
        executorIds: [unionId],
        detailUrl: { appUrl: url, pcUrl: url },
        ...(dueAt === undefined ? {} : { dueTime: Date.parse(dueAt) }),
      },
    });
    return textOf(created['id']);
  } catch (error) {
    // The key is taken: an earlier try arrived. The platform finds it by the same key.
    if (!isConnectorError(error) || !/task exist/.test(error.data.vendorMessage ?? '')) throw error;
    return textOf(
      (await api(context, { method: 'GET', path: `${path}/sources/${encodeURIComponent(key)}` }))['id'],
    );
  }
}

export const todos: TodosCapability<Config> = {
  upsert: async (context, { items }) => Promise.all(items.map((item) => upsertOne(context, item))),
  close: async (context, { items }) =>
    Promise.all(
      items.map(async ({ key, externalRef, outcome }): Promise<ItemOutcome> => {
        const [unionId, taskId] = JSON.parse(externalRef) as [string, string];
        const path = `todo/users/${encodeURIComponent(unionId)}/tasks/${encodeURIComponent(taskId)}`;
        const query = { operatorId: unionId };
        if (outcome === 'withdrawn') await api(context, { method: 'DELETE', path, query });
        else await api(context, { method: 'PUT', path, query, json: { done: true }, retry: 'safe' });
        return { key, status: 'done', externalRef };
      }),
    ),
};

export const results: ResultsCapability<Config> = {
  async report(context, { action, options, items }) {
    const { agentId } = context.config;
    if (action === 'message' && agentId === undefined)
      throw new ConnectorError('config_invalid', 'Work notifications need agentId.');
    return Promise.all(
      items.map(async ({ key, recipient, text }): Promise<ItemOutcome> => {
        if (action === 'message') {
          const msg = { msgtype: 'text', text: { content: text } };
          const path = '/topapi/message/corpconversation/asyncsend_v2';
          const sent = await oapi<{ task_id: number }>(
            context,
            path,
            { agent_id: Number(agentId), userid_list: recipient.externalId, msg },
            false,
          );
          return { key, status: 'done', externalRef: String(sent.task_id) };
        }
        // Update replaces the list of labels: read, add, write.
        const { result } = await oapi<{ result: JsonObject }>(context, '/topapi/extcontact/get', {
          user_id: recipient.externalId,
        });
        const labels = new Set([...((result['label_ids'] ?? []) as number[]), Number(options['labelId'])]);
        const contact = {
          user_id: recipient.externalId,
          name: result['name'] ?? '',
          follower_user_id: result['follower_user_id'] ?? '',
          label_ids: [...labels],
        };
        await oapi(context, '/topapi/extcontact/update', { contact }, false);
        return { key, status: 'done' };
      }),
    );
  },
};
