import { afterEach, describe, expect, it } from 'vitest';
import { customers } from '../src/customers.js';
import { identity } from '../src/identity.js';
import { results } from '../src/results.js';
import { tasks } from '../src/tasks.js';
import { todos } from '../src/todos.js';
import { livePlatform, type LiveAnswer, type LivePlatform } from './live-platform.js';

let live: LivePlatform;
const start = async (answers: Record<string, LiveAnswer[]>) => (live = await livePlatform(answers));
afterEach(() => live.close());

const ok = { errcode: 0, errmsg: 'ok' };
const login = () =>
  identity.authenticate(live.context, {
    query: { code: 'one-time-code-0001', state: 's' },
    redirectUri: 'https://lms.example.test/cb',
    mode: 'inApp',
  });
const item = {
  key: 'a',
  recipient: { kind: 'user' as const, externalId: 'lin.mei', externalIds: [] },
  event: {},
  text: '完成',
};

describe('what is sent twice, and what never', () => {
  it('a message whose fate nobody knows is sent again, the very same, for WeCom to drop', async () => {
    await start({ 'message/send': [{ status: 502 }, { ...ok, msgid: 'm1' }] });
    const outcomes = await results.report(live.context, { action: 'message', options: {}, items: [item] });
    expect(outcomes).toEqual([{ key: 'a', status: 'done', externalRef: 'm1' }]);
    const [first, second] = live.calls('message/send');
    expect(second).toEqual(first);
    expect(first).toMatchObject({ enable_duplicate_check: 1, duplicate_check_interval: 14_400 });
  });

  it('a code is exchanged once, whatever happens', async () => {
    await start({ 'auth/getuserinfo': [{ status: 502 }] });
    await expect(login()).rejects.toMatchObject({ code: 'unavailable' });
    expect(live.calls('auth/getuserinfo')).toHaveLength(1);
  });

  it('a tag is made once: made or not, the next report finds it or makes it', async () => {
    await start({ 'tag/list': [{ ...ok, taglist: [] }], 'tag/create': [{ status: 502 }] });
    const outcomes = await results.report(live.context, {
      action: 'tag',
      options: { tagName: '新' },
      items: [item],
    });
    expect(outcomes).toMatchObject([{ status: 'failed', error: { code: 'unavailable' } }]);
    expect(live.calls('tag/create')).toHaveLength(1);
  });

  it('reading by POST is reading: approvals and customers are asked for again', async () => {
    await start({
      'oa/getapprovaldetail': [
        { errcode: -1, errmsg: 'busy' },
        { ...ok, info: { sp_no: '1' } },
      ],
      'externalcontact/get_follow_user_list': [{ ...ok, follow_user: ['a'] }],
      'externalcontact/batch/get_by_user': [
        { errcode: 45033, errmsg: 'concurrency' },
        { ...ok, external_contact_list: [] },
      ],
    });
    expect(await tasks.get(live.context, { externalIds: ['1'] })).toMatchObject([{ status: 'found' }]);
    expect(await customers.list!(live.context, { cursor: null })).toMatchObject({ items: [], done: true });
  });
});

describe('what is written down', () => {
  it.each<[string, Record<string, LiveAnswer[]>]>([
    [
      'of a login that works',
      {
        'auth/getuserinfo': [{ ...ok, userid: 'lin.mei', user_ticket: 'user-ticket-0001' }],
        'auth/getuserdetail': [{ ...ok, mobile: '13900001111' }],
        'user/get': [{ ...ok, userid: 'lin.mei' }],
      },
    ],
    [
      'of one whose details are refused with the ticket in the words',
      {
        'auth/getuserinfo': [{ ...ok, userid: 'lin.mei', user_ticket: 'user-ticket-0001' }],
        'auth/getuserdetail': [{ errcode: 84015, errmsg: 'bad user-ticket-0001' }],
        'user/get': [{ ...ok, userid: 'lin.mei' }],
      },
    ],
    [
      'of one that is refused with the code in the words',
      { 'auth/getuserinfo': [{ errcode: 40029, errmsg: 'invalid code one-time-code-0001' }] },
    ],
  ])('%s has neither code nor ticket nor token', async (_name, answers) => {
    await start(answers);
    const outcome = await login().catch((error: unknown) => JSON.stringify([error, String(error)]));
    const told = JSON.stringify([live.exchanges, outcome]);
    expect(live.exchanges.length).toBeGreaterThan(0);
    expect(told).not.toMatch(/one-time-code-0001|user-ticket-0001|live-token-1|app-secret|contacts-secret/);
  });
});

it('a deployment without customers and without recall is told as that', async () => {
  await start({});
  await expect(customers.list!(live.context, { cursor: null })).rejects.toMatchObject({
    code: 'permission_denied',
    data: { advice: { en: expect.stringContaining('Customer Contact') as string } },
  });
  const closing = {
    key: 'k',
    externalRef: '0123456789abcdef:m1',
    recipientExternalId: 'a',
    outcome: 'withdrawn' as const,
  };
  expect(await todos.close(live.context, { items: [closing] })).toMatchObject([{ status: 'skipped' }]);
});
