import {
  ConnectorError,
  isConnectorError,
  outcomeOf,
  type ItemOutcome,
  type JsonObject,
  type LocalizedText,
  type TodoItem,
  type TodosCapability,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from './api.js';
import { getUser } from './api/directory.js';
import { createTodo, deleteTodo, findTodo, updateTodo } from './api/todos.js';
import type { DingtalkConfig } from './config.js';
import { idOf } from './values.js';

/** Published lengths, in characters (page add-dingtalk-to-do-task). */
const MAX_SUBJECT = 1_024;
const MAX_DESCRIPTION = 4_096;

/**
 * To-dos (待办). People are named by unionId in this family, and by nothing else. The item's key is the `sourceId`, unique
 * per app for good: a repeat is refused rather than merged, which is how a try that got lost is found again.
 */
export const todos: TodosCapability<DingtalkConfig> = {
  upsert: (context, { items }) =>
    Promise.all(items.map((item) => outcomeOf(item.key, () => upsertOne(context, item)))),

  close: (context, { items }) =>
    Promise.all(
      items.map(({ key, externalRef, outcome }) =>
        outcomeOf(key, async () => {
          const { unionId, taskId } = readReference(externalRef);
          await ifThere(() =>
            outcome === 'withdrawn'
              ? deleteTodo(context, unionId, taskId)
              : updateTodo(context, unionId, taskId, { done: true }),
          );
          return { key, status: 'done', externalRef };
        }),
      ),
    ),
};

async function upsertOne(context: DingtalkContext, item: TodoItem): Promise<ItemOutcome> {
  const { key } = item;
  if (item.externalRef !== undefined) {
    const { unionId, taskId } = readReference(item.externalRef);
    const isThere = await ifThere(() => updateTodo(context, unionId, taskId, contentOf(item)));
    return isThere
      ? { key, status: 'done', externalRef: item.externalRef }
      : { key, status: 'skipped', reason: deletedThere };
  }
  const unionId = await unionIdOf(context, item);
  return {
    key,
    status: 'done',
    externalRef: JSON.stringify([unionId, await create(context, unionId, item)]),
  };
}

/** How often one enrollment may get a to-do of its own again after the one before was deleted. */
const MAX_GENERATIONS = 5;

/**
 * Makes the to-do, or finds the one an earlier try made. A deleted one may keep its `sourceId` for ever: then the next
 * generation of the key is tried, always in the same order, so that a repeat arrives at the same one.
 */
async function create(context: DingtalkContext, unionId: string, item: TodoItem): Promise<string> {
  for (let generation = 1; generation <= MAX_GENERATIONS; generation += 1) {
    const sourceId = generation === 1 ? item.key : `${item.key}.${generation}`;
    const taskId = await createOrFind(context, unionId, sourceId, item);
    if (taskId !== null) return taskId;
  }
  throw new ConnectorError('input_invalid', 'The to-dos of this key were deleted too often.');
}

/** The id of the to-do; null when its `sourceId` belongs to a deleted one. */
async function createOrFind(
  context: DingtalkContext,
  unionId: string,
  sourceId: string,
  item: TodoItem,
): Promise<string | null> {
  const json = {
    ...contentOf(item),
    sourceId,
    // There is nobody else to name: the person's own to-do, as if they had written it down.
    creatorId: unionId,
    executorIds: [unionId],
    // Without it the to-do does not show since February 2024, and it cannot be changed later.
    detailUrl: { appUrl: item.url, pcUrl: item.url },
    isOnlyShowExecutor: true,
  };
  try {
    return await createTodo(context, unionId, json);
  } catch (error) {
    if (!isConnectorError(error) || !/task exist/i.test(error.data.vendorMessage ?? '')) throw error;
  }
  let taskId = '';
  const isThere = await ifThere(async () => {
    taskId = await findTodo(context, unionId, sourceId);
    // The try that made it may be an older one than the last change of its title.
    await updateTodo(context, unionId, taskId, contentOf(item));
  });
  return isThere ? taskId : null;
}

function contentOf({ title, description, dueAt }: TodoItem): JsonObject {
  const due = dueAt === undefined ? Number.NaN : Date.parse(dueAt);
  return {
    subject: cut(title, MAX_SUBJECT),
    ...(description === undefined ? {} : { description: cut(description, MAX_DESCRIPTION) }),
    ...(Number.isNaN(due) ? {} : { dueTime: due }),
  };
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}

/** The directory keeps the unionId beside the userid; who was stored without one is asked for. */
async function unionIdOf(
  context: DingtalkContext,
  { recipientExternalId, recipientExternalIds }: TodoItem,
): Promise<string> {
  const known = recipientExternalIds.find(({ type }) => type === 'unionid')?.value;
  const unionId = known ?? idOf((await getUser(context, recipientExternalId)).unionid);
  if (unionId) return unionId;
  throw new ConnectorError('not_found', 'DingTalk tells no unionId for this person, and to-dos need it.');
}

/** False when there is no such to-do any more. */
async function ifThere(action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (isConnectorError(error) && error.code === 'not_found') return false;
    throw error;
  }
}

function readReference(externalRef: string): { unionId: string; taskId: string } {
  let parts: unknown;
  try {
    parts = JSON.parse(externalRef);
  } catch {
    parts = null;
  }
  const [unionId, taskId] = Array.isArray(parts) ? (parts as unknown[]) : [];
  if (typeof unionId === 'string' && typeof taskId === 'string') return { unionId, taskId };
  throw new ConnectorError('internal', 'The to-do’s reference was not written by this connector.');
}

const deletedThere: LocalizedText = {
  en: 'The to-do was deleted in DingTalk.',
  'zh-CN': '该待办已在钉钉中被删除。',
};
