import { createHash } from 'node:crypto';
import {
  ConnectorError,
  type EventsCapability,
  type ItemOutcome,
  type JsonObject,
  type PlatformEvent,
  type ResultItem,
  type ResultsCapability,
  type TaskRecord,
  type TasksCapability,
  type TodosCapability,
} from '../../../src/index.js';
import { framed, sha1, textOf } from '../recorded-platform.js';
import type { Config, Context } from './connector.js';
import { post } from './people.js';

/** Good enough for a walk; the connector itself uses a real parser. */
const element = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(xml)?.[1];

export const events: EventsCapability<Config> = {
  async receive({ config }, raw) {
    const { callbackToken, callbackAesKey } = config;
    if (callbackToken === undefined || callbackAesKey === undefined)
      throw new ConnectorError('config_invalid', 'no callback keys');
    // URLSearchParams turns "+" into a space, which breaks base64: decoded by hand.
    const query = Object.fromEntries(
      raw.queryString.split('&').map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))] as const;
      }),
    );
    const body = Buffer.from(raw.bodyBase64, 'base64').toString();
    const encrypted = raw.method === 'GET' ? (query['echostr'] ?? '') : (element(body, 'Encrypt') ?? '');
    const signature = sha1(
      [callbackToken, query['timestamp'] ?? '', query['nonce'] ?? '', encrypted].sort().join(''),
    );
    if (signature !== query['msg_signature']) throw new ConnectorError('auth_failed', 'wrong signature');
    const xml = framed.decrypt(callbackAesKey, encrypted, [config.corpId]);
    const reply = {
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body: raw.method === 'GET' ? xml : 'success',
    };
    return { reply, events: raw.method === 'GET' ? [] : [toEvent(xml)] };
  },
};

function toEvent(xml: string): PlatformEvent {
  const change = element(xml, 'ChangeType') ?? element(xml, 'Event') ?? '';
  const [user, renamed, party, customer, approval] = [
    'UserID',
    'NewUserID',
    'Id',
    'ExternalUserID',
    'SpNoStr',
  ].map((name) => element(xml, name));
  const base = {
    // One second of clock and `sys` as sender: only the whole text tells two events apart.
    key: createHash('sha256').update(xml).digest('hex'),
    time: Number(element(xml, 'CreateTime')) * 1_000,
    data: { change } as JsonObject,
  };
  if (change === 'update_user' && user && renamed)
    return { ...base, kind: 'user.renamed', ids: [renamed], previousId: user };
  if (change === 'delete_user' && user) return { ...base, kind: 'user.left', ids: [user] };
  if (change.endsWith('_user') && user && !customer) return { ...base, kind: 'user.changed', ids: [user] };
  if (change === 'delete_party' && party) return { ...base, kind: 'department.removed', ids: [party] };
  if (change.endsWith('_party') && party) return { ...base, kind: 'department.changed', ids: [party] };
  // The customer may still be another member's: re-read, never removed on this alone.
  if (customer) return { ...base, kind: 'customer.changed', ids: [customer] };
  if (change === 'sys_approval_change' && approval) return { ...base, kind: 'task.changed', ids: [approval] };
  if (change === 'subscribe' || change === 'unsubscribe')
    return { ...base, kind: 'visibility.changed', ids: [] };
  return { ...base, kind: 'other', ids: [] };
}

const STATUS: Record<number, TaskRecord['status']> = {
  1: 'open',
  2: 'approved',
  3: 'rejected',
  4: 'withdrawn',
  6: 'withdrawn',
  7: 'deleted',
  10: 'approved',
};
const MONTH = 30 * 86_400;

export const tasks: TasksCapability<Config> = {
  /** The platform takes at most 31 days at a time: the window is part of the cursor. */
  async list(context, { since, cursor }) {
    const [from, inner] = (cursor ? JSON.parse(cursor) : [Math.floor(since / 1_000), '']) as [number, string];
    const now = Math.floor(context.now() / 1_000);
    const until = Math.min(from + MONTH, now);
    const body = await post(context, 'oa/getapprovalinfo', {
      starttime: String(from),
      endtime: String(until),
      new_cursor: inner,
      size: 100,
      filters: [],
    });
    const { sp_no_list, new_next_cursor: more } = body as unknown as {
      sp_no_list: string[];
      new_next_cursor?: string;
    };
    const next = more ? JSON.stringify([from, more]) : until < now ? JSON.stringify([until, '']) : null;
    return {
      items: sp_no_list.map((externalId) => ({ externalId })),
      rejected: [],
      cursor: next,
      done: next === null,
    };
  },

  async get(context, { externalIds }) {
    return Promise.all(
      externalIds.map(async (externalId) => {
        const { info } = (await post(context, 'oa/getapprovaldetail', { sp_no: externalId })) as unknown as {
          info: {
            sp_name: string;
            sp_status: number;
            template_id: string;
            apply_time: number;
            applyer: { userid: string };
            apply_data: { contents: { title: { text: string }[]; value: JsonObject }[] };
          };
        };
        const record: TaskRecord = {
          externalId,
          kind: info.template_id,
          title: info.sp_name,
          status: STATUS[info.sp_status] ?? 'open',
          applicantExternalId: info.applyer.userid,
          form: Object.fromEntries(
            info.apply_data.contents.map(({ title, value }) => [title[0]?.text ?? '', value]),
          ),
          updatedAt: new Date(info.apply_time * 1_000).toISOString(),
          raw: info,
        };
        return { externalId, status: 'found' as const, record };
      }),
    );
  },
};

async function send(
  context: Context,
  touser: string,
  msgtype: string,
  content: JsonObject,
): Promise<JsonObject> {
  return post(
    context,
    'message/send',
    {
      touser,
      msgtype,
      agentid: Number(context.config.agentId),
      [msgtype]: content,
      enable_duplicate_check: 1,
      duplicate_check_interval: 14_400,
    },
    'app',
    false,
  );
}

export const todos: TodosCapability<Config> = {
  async upsert(context, { items }) {
    return Promise.all(
      items.map(async ({ key, recipientExternalId, title, url }): Promise<ItemOutcome> => {
        const card = {
          card_type: 'text_notice',
          task_id: key,
          main_title: { title },
          card_action: { type: 1, url },
        };
        const { msgid } = await send(context, recipientExternalId, 'template_card', card);
        return { key, status: 'done', externalRef: textOf(msgid) };
      }),
    );
  },
  /** A notice card cannot be closed, and no later call could do it either. */
  async close(_context, { items }) {
    const reason = { en: 'A message cannot be closed.', 'zh-CN': '消息无法关闭。' };
    return items.map(({ key }) => ({ key, status: 'skipped', reason }));
  },
};

export const results: ResultsCapability<Config> = {
  async report(context, { action, options, items }) {
    if (action === 'message') {
      return Promise.all(
        items.map(async ({ key, recipient, text }): Promise<ItemOutcome> => {
          const { msgid } = await send(context, recipient.externalId, 'text', { content: text });
          return { key, status: 'done', externalRef: textOf(msgid) };
        }),
      );
    }
    const [people, contacts] = [
      items.filter(({ recipient }) => recipient.kind === 'user'),
      items.filter(({ recipient }) => recipient.kind === 'customer'),
    ];
    return [
      ...(await tagMembers(context, textOf(options['tagId']), people)),
      ...(await tagCustomers(context, textOf(options['tagId']), contacts)),
    ];
  },
};

/** One call for all; a partial failure is errcode 0 with a bar-joined list of ids that may have lost their case. */
async function tagMembers(context: Context, tagId: string, items: ResultItem[]): Promise<ItemOutcome[]> {
  if (items.length === 0) return [];
  const userlist = items.map(({ recipient }) => recipient.externalId);
  const { invalidlist = '' } = (await post(
    context,
    'tag/addtagusers',
    { tagid: Number(tagId), userlist },
    'app',
    false,
  )) as { invalidlist?: string };
  const invalid = new Set(invalidlist.toLowerCase().split('|'));
  return items.map(({ key, recipient }) =>
    invalid.has(recipient.externalId.toLowerCase())
      ? { key, status: 'failed', error: { code: 'not_found', message: 'not visible to this app' } }
      : { key, status: 'done' },
  );
}

/** A customer's tag belongs to the relation with a member: the owners have to come along. */
async function tagCustomers(context: Context, tagId: string, items: ResultItem[]): Promise<ItemOutcome[]> {
  return Promise.all(
    items.map(async ({ key, recipient }): Promise<ItemOutcome> => {
      for (const userid of recipient.ownerExternalIds ?? []) {
        await post(
          context,
          'externalcontact/mark_tag',
          { userid, external_userid: recipient.externalId, add_tag: [tagId] },
          'app',
          false,
        );
      }
      return { key, status: 'done' };
    }),
  );
}
