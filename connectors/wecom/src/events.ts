import { createHash } from 'node:crypto';
import {
  ConnectorError,
  isJsonObject,
  type CallbackReply,
  type EventsCapability,
  type JsonObject,
  type PlatformEvent,
  type PlatformEventKind,
} from '@trainbridge/connector-kit';
import type { WecomConfig } from './config.js';
import { openPush, openVerification, type OpenedCallback } from './events/envelope.js';
import { parseXml, textOf, type XmlLimits } from './events/xml.js';

/**
 * Callbacks of both consoles pages on one URL (D-90930). Every event is a hint to read the object again,
 * never a patch: bodies differ by the age of the callback URL, come twice, and out of order.
 */
export const events: EventsCapability<WecomConfig> = {
  async receive(context, raw) {
    const method = raw.method.toUpperCase();
    if (method === 'GET') {
      // The bare plain text within a second: no quotes, no line end (D-90930).
      return { reply: reply(openVerification(context.config, raw).text), events: [] };
    }
    if (method !== 'POST')
      throw new ConnectorError('input_invalid', `WeCom sends GET and POST, not ${method.slice(0, 20)}.`);
    const opened = openPush(context.config, raw, context.now());
    // An empty body would do for most, `success` does for all.
    return { reply: reply('success'), events: readEvents(opened, context.now()) };
  },
};

/** A long approval, or a tag of a thousand people, is far below. */
const LIMITS: XmlLimits = { elements: 5_000, entities: 5_000 };

/** What a decrypted message tells. `now` stands in where the message has no time of its own. */
export function readEvents(opened: OpenedCallback, now: number): PlatformEvent[] {
  const message = parseXml(opened.text, LIMITS);
  const event = textOf(message, 'Event');
  const changeType = textOf(message, 'ChangeType');
  const created = textOf(message, 'CreateTime');
  const time = created !== undefined && /^\d{1,12}$/.test(created) ? Number(created) * 1_000 : now;
  const key = keyOf([textOf(message, 'MsgType') === 'event' ? event : 'message', changeType], opened.bytes);
  const base = { time, data: hintsOf(message, opened.source) };
  return meaningsOf(event, changeType, message).map(({ suffix, ...meaning }) => ({
    ...base,
    ...meaning,
    key: suffix === undefined ? key : `${key}.${suffix}`,
  }));
}

interface Meaning {
  kind: PlatformEventKind;
  ids: string[];
  previousId?: string;
  /** Tells two meanings of one message apart. */
  suffix?: string;
}

const other: Meaning[] = [{ kind: 'other', ids: [] }];

function meaningsOf(
  event: string | undefined,
  changeType: string | undefined,
  message: JsonObject,
): Meaning[] {
  switch (event) {
    case 'change_contact':
      return contactMeanings(changeType, message);
    // Somebody enters or leaves the app's range, the company, or is disabled: which of them, only a look can tell.
    case 'subscribe':
    case 'unsubscribe':
      return about('user.changed', textOf(message, 'FromUserName'));
    case 'change_external_contact':
      return customerMeanings(changeType, message);
    case 'sys_approval_change':
      return approvalMeanings(message);
    default:
      return other;
  }
}

/** Section 4.4. The id-only and the full form mean the same here. */
function contactMeanings(changeType: string | undefined, message: JsonObject): Meaning[] {
  const userid = textOf(message, 'UserID');
  switch (changeType) {
    case 'create_user':
      return about('user.changed', userid);
    case 'update_user': {
      const renamed = textOf(message, 'NewUserID');
      if (userid === undefined || renamed === undefined || renamed === userid)
        return about('user.changed', userid);
      return [{ kind: 'user.renamed', ids: [renamed], previousId: userid }];
    }
    case 'delete_user':
      return about('user.left', userid);
    case 'create_party':
    case 'update_party':
      return about('department.changed', textOf(message, 'Id'));
    case 'delete_party':
      return about('department.removed', textOf(message, 'Id'));
    case 'update_tag':
      return tagMeanings(message);
    default:
      return other;
  }
}

/**
 * A tag may be part of the visible range, and the message does not say whether this one is. Its people can be looked at
 * again at little cost; departments moved in or out change what the app sees as a whole.
 */
function tagMeanings(message: JsonObject): Meaning[] {
  const people = [...commaList(message, 'AddUserItems'), ...commaList(message, 'DelUserItems')];
  const parties = [...commaList(message, 'AddPartyItems'), ...commaList(message, 'DelPartyItems')];
  const meanings: Meaning[] = [];
  if (people.length > 0) meanings.push({ kind: 'user.changed', ids: people });
  if (parties.length > 0) meanings.push({ kind: 'visibility.changed', ids: parties, suffix: 'departments' });
  return meanings.length > 0 ? meanings : other;
}

/**
 * D-92130. When one member removes a customer, others may still have them, and the message does not say: `customer.removed`
 * is a hint like every event, for the host to look again. A customer who only removed a member stays on the member's list,
 * and one who was handed over to another member has a new owner (`DELETE_BY_TRANSFER`).
 */
function customerMeanings(changeType: string | undefined, message: JsonObject): Meaning[] {
  const customer = textOf(message, 'ExternalUserID');
  switch (changeType) {
    case 'add_external_contact':
    case 'add_half_external_contact':
    case 'edit_external_contact':
    case 'del_follow_user':
      return about('customer.changed', customer);
    case 'del_external_contact':
      return about(
        textOf(message, 'Source') === 'DELETE_BY_TRANSFER' ? 'customer.changed' : 'customer.removed',
        customer,
      );
    default:
      return other;
  }
}

/** D-91815. `SpNoStr` is the newer field; the form is not in the message. */
function approvalMeanings(message: JsonObject): Meaning[] {
  const { ApprovalInfo: approval } = message;
  if (!isJsonObject(approval)) return other;
  return about('task.changed', textOf(approval, 'SpNoStr') ?? textOf(approval, 'SpNo'));
}

function about(kind: PlatformEventKind, id: string | undefined): Meaning[] {
  return id === undefined ? other : [{ kind, ids: [id] }];
}

function commaList(message: JsonObject, name: string): string[] {
  const items = (textOf(message, name) ?? '').split(',').map((item) => item.trim());
  return [...new Set(items.filter((item) => item !== ''))];
}

/**
 * Equal for every delivery of one event: a retry is encrypted anew, so the decrypted bytes are what counts. The fields
 * WxJava had to add one by one (issues 1288, 3002, 3311, 3445: ChangeType, UserID, SpNo, …) are all among them.
 */
function keyOf(names: readonly (string | undefined)[], bytes: Buffer): string {
  const readable = names.filter((name) => name !== undefined && /^[A-Za-z_]{1,64}$/.test(name));
  return [...readable, createHash('sha256').update(bytes).digest('hex').slice(0, 40)].join('.');
}

/** Ids and states worth keeping. Names, mobiles, mails and messages are left out: the object is read again anyway. */
const HINTS = [
  'MsgType', 'Event', 'ChangeType', 'EventKey', 'AgentID', 'UserID', 'NewUserID', 'Department', 'Id', 'ParentId',
  'TagId', 'TagType', 'AddUserItems', 'DelUserItems', 'AddPartyItems', 'DelPartyItems', 'ExternalUserID', 'State',
  'TaskId', 'LivingId', 'Status', 'JobId', 'MsgId', 'StrategyId', 'Source', 'FailReason',
]; // prettier-ignore
const APPROVAL_HINTS = [
  'SpNo',
  'SpNoStr',
  'SpStatus',
  'TemplateId',
  'StatuChangeEvent',
  'ThirdNo',
  'OpenSpStatus',
];
const MAX_HINT = 4_000;

function hintsOf(message: JsonObject, source: string): JsonObject {
  const approval = message.ApprovalInfo;
  const told = [
    ...HINTS.map((name) => [name, textOf(message, name)] as const),
    ...(isJsonObject(approval) ? APPROVAL_HINTS.map((name) => [name, textOf(approval, name)] as const) : []),
  ];
  const hints: JsonObject = { source };
  for (const [name, value] of told) {
    if (value !== undefined) hints[name.charAt(0).toLowerCase() + name.slice(1)] = value.slice(0, MAX_HINT);
  }
  return hints;
}

function reply(body: string): CallbackReply {
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body,
  };
}
