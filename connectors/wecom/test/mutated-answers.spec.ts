import { isConnectorError, type JsonObject, type JsonValue } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import type { WecomContext } from '../src/api.js';
import { check } from '../src/check.js';
import { customers } from '../src/customers.js';
import { identity } from '../src/identity.js';
import { results } from '../src/results.js';
import { tasks } from '../src/tasks.js';
import { todos } from '../src/todos.js';
import { byEndpoint, fakeContext } from './fake-context.js';

/** One whole answer per endpoint, as WeCom gives it. Every value in them is replaced, one at a time. */
const answers: Record<string, JsonObject> = {
  gettoken: { access_token: 't', expires_in: 7200 },
  'agent/get': { name: 'x', allow_partys: { partyid: [1] }, redirect_domain: 'lms.example.test' },
  'department/list': { department: [{ id: 1, name: '总部' }] },
  'user/list': { userlist: [{ userid: 'a', extattr: { attrs: [] } }] },
  'user/simplelist': { userlist: [{ userid: 'a' }] },
  'user/get': {
    userid: 'lin.mei',
    name: '林梅',
    extattr: { attrs: [{ type: 0, name: '成绩', text: { value: '1' } }] },
  },
  'user/update': { errmsg: 'updated' },
  'auth/getuserinfo': { userid: 'lin.mei', user_ticket: 'T', openid: 'o', external_userid: 'wm1' },
  'auth/getuserdetail': { mobile: '13900001111', biz_mail: 'a@b.c', avatar: 'https://x.test' },
  'externalcontact/get_follow_user_list': { follow_user: ['lin.mei'] },
  'externalcontact/batch/get_by_user': {
    external_contact_list: [
      {
        external_contact: { external_userid: 'wm1', name: '客户', unionid: 'u' },
        follow_info: { userid: 'lin.mei', tag_id: ['et1'] },
      },
    ],
    next_cursor: '',
    fail_info: { unlicensed_userid_list: ['x'] },
  },
  'externalcontact/get': {
    external_contact: { external_userid: 'wm1', name: '客户' },
    follow_user: [{ userid: 'lin.mei', tags: [{ tag_id: 'et1', tag_name: 'x', group_name: 'g', type: 1 }] }],
    next_cursor: '',
  },
  'externalcontact/get_corp_tag_list': {
    tag_group: [{ group_name: 'g', deleted: false, tag: [{ id: 'et1', name: '旧', deleted: false }] }],
  },
  'externalcontact/add_corp_tag': { tag_group: { group_name: 'g', tag: [{ id: 'et2', name: '新' }] } },
  'externalcontact/mark_tag': {},
  'oa/getapprovalinfo': { sp_no_list: ['1'], new_next_cursor: '' },
  'oa/getapprovaldetail': {
    info: {
      sp_no: '1',
      sp_name: 'x',
      sp_status: 2,
      template_id: 't',
      apply_time: 1767226000,
      applyer: { userid: 'lin.mei' },
      sp_record: [{ details: [{ sptime: 1767226090 }] }],
      process_list: { node_list: [{ sub_node_list: [{ sptime: 1767226090 }] }] },
      comments: [{ commenttime: 1767226080 }],
      apply_data: {
        contents: [
          { control: 'Text', id: 'a', title: [{ text: '课程', lang: 'zh_CN' }], value: { text: 'x' } },
          {
            control: 'Selector',
            id: 'b',
            title: [{ text: '方式', lang: 'zh_CN' }],
            value: {
              selector: { type: 'single', options: [{ key: 'o', value: [{ text: '线上', lang: 'zh_CN' }] }] },
            },
          },
        ],
      },
    },
  },
  'message/send': { msgid: 'm1', invaliduser: 'gone', unlicenseduser: '' },
  'message/recall': {},
  'tag/list': { taglist: [{ tagid: 3, tagname: '旧' }] },
  'tag/create': { tagid: 4 },
  'tag/addtagusers': { invalidlist: 'gone' },
};

const user = { kind: 'user' as const, externalId: 'lin.mei', externalIds: [] };
const contact = { kind: 'customer' as const, externalId: 'wm1', externalIds: [] };
const report = (action: string, options: JsonObject) => (context: WecomContext) =>
  results.report(context, {
    action,
    options,
    items: [
      { key: 'a', recipient: user, event: {}, text: '2' },
      { key: 'b', recipient: contact, event: {}, text: '2' },
    ],
  });
const todo = {
  key: 'k',
  recipientExternalId: 'lin.mei',
  recipientExternalIds: [],
  title: 't',
  url: 'https://x.test',
};

const work: Record<string, (context: WecomContext) => Promise<unknown>> = {
  check: (context) => check(context),
  authenticate: (context) =>
    identity.authenticate(context, { query: { code: 'c' }, redirectUri: 'https://x.test', mode: 'inApp' }),
  'customers.list': (context) => customers.list!(context, { cursor: null }),
  'customers.get': (context) => customers.get(context, { externalIds: ['wm1'] }),
  'tasks.list': (context) => tasks.list(context, { since: 1_767_000_000_000, cursor: null }),
  'tasks.get': (context) => tasks.get(context, { externalIds: ['1'] }),
  'todos.upsert': (context) => todos.upsert(context, { items: [{ ...todo, externalRef: 'old' }] }),
  'results.message': report('message', {}),
  'results.tag': report('tag', { tagName: '新' }),
  'results.attribute': report('attribute', { attribute: '成绩' }),
};

const STRANGE: JsonValue[] = [null, 7, -1, 'x', '', true, [], [null, 7, 'x', {}], {}, { x: [] }];

/** Every version of `value` in which one part of it, at any depth, is something else. */
function* mutations(value: JsonValue): Generator<JsonValue> {
  yield* STRANGE;
  if (Array.isArray(value)) {
    for (const [index, part] of value.entries())
      for (const other of mutations(part)) yield value.with(index, other);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      for (const other of mutations(part)) yield { ...value, [name]: other };
      const { [name]: _left, ...rest } = value;
      yield rest;
    }
  }
}

describe.each(Object.entries(work))('%s', (_name, run) => {
  it('ends well, or with an error of the platform, whatever one part of an answer is', async () => {
    const plain = fakeContext({ contactsSecret: 's' }, byEndpoint(answers), 1_767_226_500_000);
    await run(plain);
    const asked = new Set(plain.requests.map(({ url }) => new URL(url).pathname.replace('/cgi-bin/', '')));
    let tried = 0;
    for (const endpoint of asked) {
      for (const strange of mutations(answers[endpoint] ?? {})) {
        tried += 1;
        const context = fakeContext(
          { contactsSecret: 's' },
          byEndpoint({ ...answers, [endpoint]: () => strange }),
          1_767_226_500_000,
        );
        try {
          const answer = await run(context);
          // Plain JSON: what it says survives being written and read.
          expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
        } catch (error) {
          if (!isConnectorError(error))
            throw new Error(`${endpoint}: ${JSON.stringify(strange)}`, { cause: error });
          expect(['internal', 'auth_failed']).not.toContain(error.code);
        }
      }
    }
    expect(tried).toBeGreaterThan(20);
  });
});
