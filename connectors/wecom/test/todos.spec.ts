import type { JsonObject, TodoItem } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { todos } from '../src/todos.js';
import { byEndpoint, endpointOf, fakeContext, type Answer } from './fake-context.js';

const ok = { errcode: 0, errmsg: 'ok' };
const item: TodoItem = {
  key: 'enr_1',
  recipientExternalId: 'Lin.Mei',
  recipientExternalIds: [],
  title: '消防安全',
  url: 'https://lms.example.test/c/1',
  dueAt: '2026-01-08T10:00:00.000Z',
};

/** Sends with `message/send`; every message gets an id of its own. */
const upsert = async (items: TodoItem[], answers: Record<string, JsonObject | Answer> = {}) => {
  let sent = 0;
  const send = (): JsonObject => ({ ...ok, msgid: `m${(sent += 1)}` });
  const context = fakeContext({}, byEndpoint({ 'message/send': send, 'message/recall': ok, ...answers }));
  return { outcomes: await todos.upsert(context, { items }), requests: context.requests };
};
const refOf = async (todo: TodoItem) => {
  const [outcome] = (await upsert([todo])).outcomes;
  return outcome?.status === 'done' ? (outcome.externalRef as string) : '';
};

describe('a to-do', () => {
  it('is a card that opens the course, kept single by WeCom for four hours', async () => {
    const { outcomes, requests } = await upsert([item]);
    expect(outcomes).toEqual([
      { key: 'enr_1', status: 'done', externalRef: expect.stringMatching(/^[0-9a-f]{16}:m1$/) as string },
    ]);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: 'https://qyapi.weixin.qq.com/cgi-bin/message/send',
      token: 'app',
    });
    expect(requests[0]?.json).toEqual({
      touser: 'Lin.Mei',
      msgtype: 'template_card',
      agentid: 1000002,
      template_card: {
        card_type: 'text_notice',
        main_title: { title: '消防安全' },
        horizontal_content_list: [{ keyname: '截止时间', value: '2026-01-08 18:00' }],
        card_action: { type: 1, url: 'https://lms.example.test/c/1' },
        task_id: expect.stringMatching(/^[0-9A-Za-z_@-]{1,128}$/) as string,
      },
      enable_duplicate_check: 1,
      duplicate_check_interval: 14_400,
    });
  });

  it('with a description says what the host wrote', async () => {
    const { requests } = await upsert([{ ...item, description: '必修课程，截止时间：明天' }]);
    const { template_card: card } = requests[0]?.json as { template_card: JsonObject };
    expect(card).toMatchObject({ sub_title_text: '必修课程，截止时间：明天' });
    expect(card).not.toHaveProperty('horizontal_content_list');
  });

  it('without a due time, or with one that is none, has none', async () => {
    for (const dueAt of [undefined, 'soon', '']) {
      const { outcomes, requests } = await upsert([{ ...item, dueAt }]);
      expect(outcomes).toMatchObject([{ status: 'done' }]);
      expect(JSON.stringify(requests[0]?.json)).not.toMatch(/horizontal|Invalid/);
    }
  });

  it('of a very long title is cut where a character ends', async () => {
    const { requests } = await upsert([{ ...item, title: '😀'.repeat(500) }]);
    const { main_title: title } = (requests[0]?.json as { template_card: { main_title: { title: string } } })
      .template_card;
    expect([...title.title]).toHaveLength(128);
    expect(title.title).toMatch(/^(😀)+…$/u);
  });

  it('is sent to each person by a message of their own, so that one can be taken back', async () => {
    const { outcomes, requests } = await upsert([
      item,
      { ...item, key: 'enr_2', recipientExternalId: 'zhao.qi' },
    ]);
    expect(requests.map(({ json }) => (json as JsonObject).touser)).toEqual(['Lin.Mei', 'zhao.qi']);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it('that is told again, unchanged, costs nothing', async () => {
    const externalRef = await refOf(item);
    const { outcomes, requests } = await upsert([{ ...item, externalRef }]);
    expect(outcomes).toEqual([{ key: 'enr_1', status: 'done', externalRef }]);
    expect(requests).toEqual([]);
  });

  it('that changed is a new card under a new task, and the old one is taken back after it', async () => {
    const externalRef = await refOf(item);
    const before = await upsert([item]);
    const { outcomes, requests } = await upsert([
      { ...item, externalRef, dueAt: '2026-01-09T10:00:00.000Z' },
    ]);
    expect(requests.map(endpointOf)).toEqual(['message/send', 'message/recall']);
    expect(requests[1]?.json).toEqual({ msgid: 'm1' });
    expect(outcomes).toMatchObject([{ status: 'done' }]);
    const taskOf = (json: unknown) => (json as { template_card: JsonObject }).template_card['task_id'];
    expect(taskOf(requests[0]?.json)).not.toBe(taskOf(before.requests[0]?.json));
  });

  it('whose old card stays is done all the same', async () => {
    const { outcomes } = await upsert([{ ...item, externalRef: 'ffffffffffffffff:old' }], {
      'message/recall': { errcode: 42052, errmsg: 'x' },
    });
    expect(outcomes).toMatchObject([{ status: 'done' }]);
  });

  it('of two keys is two cards, even if they look the same', async () => {
    const { requests } = await upsert([item, { ...item, key: 'enr_1_1' }]);
    expect(requests[0]?.json).not.toEqual(requests[1]?.json);
  });
});

describe('a to-do that cannot be told', () => {
  it.each(['@all', 'a|b', '', ' '])(
    'to %j is never sent: it would be for others',
    async (recipientExternalId) => {
      const { outcomes, requests } = await upsert([{ ...item, recipientExternalId }]);
      expect(outcomes).toMatchObject([{ status: 'failed', error: { code: 'not_found' } }]);
      expect(requests).toEqual([]);
    },
  );

  it('fails for that person, and not for the others', async () => {
    const { outcomes } = await upsert(
      [
        item,
        { ...item, key: 'enr_2', recipientExternalId: 'Gone' },
        { ...item, key: 'enr_3', recipientExternalId: 'x' },
      ],
      {
        'message/send': ({ json }) => {
          const { touser } = json as JsonObject;
          if (touser === 'Gone') return { ...ok, invaliduser: 'gone', msgid: 'm' };
          return touser === 'x' ? { errcode: 81013, errmsg: 'all invalid' } : { ...ok, msgid: 'm' };
        },
      },
    );
    expect(outcomes).toMatchObject([
      { key: 'enr_1', status: 'done' },
      { key: 'enr_2', status: 'failed', error: { code: 'not_found', advice: {} } },
      { key: 'enr_3', status: 'failed', error: { code: 'not_found', vendorCode: '81013' } },
    ]);
  });

  it.each([
    [45009, 'rate_limited'],
    [-1, 'unavailable'],
    [85002, 'input_invalid'],
    [301002, 'config_invalid'],
  ])('because of %i says so per item', async (errcode, code) => {
    const { outcomes } = await upsert([item], { 'message/send': { errcode, errmsg: 'x' } });
    expect(outcomes).toMatchObject([{ key: 'enr_1', status: 'failed', error: { code } }]);
  });

  it('a bug of ours is not hidden in an outcome', async () => {
    const broken = {
      ...fakeContext(),
      http: () => Promise.reject(new TypeError('bug')),
    };
    await expect(todos.upsert(broken, { items: [item] })).rejects.toThrow('bug');
  });
});

describe('closing', () => {
  const close = (answer: JsonObject, externalRef = '0123456789abcdef:m1') => {
    const context = fakeContext({}, byEndpoint({ 'message/recall': answer }));
    const closing = {
      key: 'enr_1',
      externalRef,
      recipientExternalId: 'Lin.Mei',
      outcome: 'completed' as const,
    };
    return todos
      .close(context, { items: [closing] })
      .then(([outcome]) => ({ outcome, requests: context.requests }));
  };

  it('takes the card back', async () => {
    const { outcome, requests } = await close(ok);
    expect(outcome).toMatchObject({ key: 'enr_1', status: 'done' });
    expect(requests.map(({ json }) => json)).toEqual([{ msgid: 'm1' }]);
  });

  it.each([42052, 40008, 46003])('is skipped where WeCom will never do it (%i)', async (errcode) => {
    expect((await close({ errcode, errmsg: 'x' })).outcome).toMatchObject({
      status: 'skipped',
      reason: { 'zh-CN': expect.stringContaining('24 小时') as string },
    });
  });

  it.each([
    [45009, 'rate_limited'],
    [-1, 'unavailable'],
    [60020, 'permission_denied'],
  ])('fails where trying again, or a setting, helps (%i)', async (errcode, code) => {
    expect((await close({ errcode, errmsg: 'x' })).outcome).toMatchObject({
      status: 'failed',
      error: { code },
    });
  });

  it('is skipped without a call when WeCom gave the message no id', async () => {
    const { outcome, requests } = await close(ok, '0123456789abcdef:');
    expect(outcome).toMatchObject({ status: 'skipped' });
    expect(requests).toEqual([]);
  });

  it('takes a reference it did not write for WeCom’s id', async () => {
    expect((await close(ok, 'M:1')).requests.map(({ json }) => json)).toEqual([{ msgid: 'M:1' }]);
  });
});
