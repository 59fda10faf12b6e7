import {
  ConnectorError,
  isConnectorError,
  type ItemOutcome,
  type JsonObject,
  type ResultItem,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from '../api.js';
import { sendNotification } from '../api/messages.js';

/** People per call, and bytes of a message (page asynchronous-sending-of-enterprise-session-messages). */
const MAX_PEOPLE = 100;
const MAX_BYTES = 2_048;

/** A group of items with one text: one call. */
interface Group {
  text: string;
  items: ResultItem[];
}

/**
 * Work notifications (工作通知). What DingTalk takes it may still drop without a word: a text the person already got that
 * day, the 501st message of a day, more than 5,000 people a minute. "Done" here means taken.
 */
export async function sendMessages(
  context: DingtalkContext,
  items: readonly ResultItem[],
): Promise<ItemOutcome[]> {
  const agentId = Number(context.config.agentId);
  if (!Number.isSafeInteger(agentId)) {
    throw new ConnectorError('config_invalid', 'Work notifications need the `agentId` of the app.', {
      advice: {
        en: 'Fill in `agentId`: developer console → App development → your app → Credentials and basic information.',
        'zh-CN': '请填写 `agentId`：开发者后台 → 应用开发 → 企业内部应用 → 凭证与基础信息。',
      },
    });
  }
  const outcomes = await Promise.all(groupsOf(items).map((group) => send(context, agentId, group)));
  return outcomes.flat();
}

async function send(context: DingtalkContext, agentId: number, group: Group): Promise<ItemOutcome[]> {
  // Somebody who is in it twice gets it once: DingTalk would drop the second anyway.
  const people = [...new Set(group.items.map(({ recipient }) => recipient.externalId))];
  try {
    const externalRef = await sendNotification(context, agentId, people, messageOf(group.text));
    return group.items.map(({ key }) => ({
      key,
      status: 'done',
      ...(externalRef === undefined ? {} : { externalRef }),
    }));
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    // One recipient it cannot take spoils the call for all: the others get theirs in calls of their own.
    if (people.length > 1 && isAboutTheRequest(error)) {
      const alone = people.map((person) => ({
        text: group.text,
        items: group.items.filter(({ recipient }) => recipient.externalId === person),
      }));
      return (await Promise.all(alone.map((part) => send(context, agentId, part)))).flat();
    }
    return group.items.map(({ key }) => ({ key, status: 'failed', error: error.data }));
  }
}

function isAboutTheRequest({ code }: ConnectorError): boolean {
  return code === 'input_invalid' || code === 'not_found' || code === 'internal';
}

function groupsOf(items: readonly ResultItem[]): Group[] {
  const open = new Map<string, Group>();
  const groups: Group[] = [];
  for (const item of items) {
    const text = fitting(item.text);
    let group = open.get(text);
    if (!group || group.items.length >= MAX_PEOPLE) {
      group = { text, items: [] };
      open.set(text, group);
      groups.push(group);
    }
    group.items.push(item);
  }
  return groups;
}

function messageOf(text: string): JsonObject {
  return { msgtype: 'text', text: { content: text } };
}

/** As much of the text as a message holds; whole characters. */
function fitting(text: string): string {
  const size = (content: string): number => Buffer.byteLength(JSON.stringify(messageOf(content)));
  if (size(text) <= MAX_BYTES) return text;
  const characters = [...text.slice(0, MAX_BYTES)];
  while (characters.length > 0 && size(`${characters.join('')}…`) > MAX_BYTES) characters.pop();
  return `${characters.join('')}…`;
}
