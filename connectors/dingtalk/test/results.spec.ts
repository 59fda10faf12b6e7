import { describe, expect, it } from 'vitest';
import type { HttpRequest, JsonObject, ResultItem } from '@trainbridge/connector-kit';
import { results } from '../src/results.js';
import { bodyOf, callsOf, fakeContext, textIn, wrapped, type Answers } from './fake-context.js';

const sendPath = 'POST /topapi/message/corpconversation/asyncsend_v2';

function item(key: string, externalId: string, text = '您已完成课程《JS》'): ResultItem {
  return {
    key,
    recipient: { kind: 'user', externalId, externalIds: [] },
    event: { type: 'course.completed' },
    text,
  };
}

const message = (context: ReturnType<typeof fakeContext>, items: ResultItem[]) =>
  results.report(context, { action: 'message', options: {}, items });

describe('work notifications', () => {
  const agent = { agentId: '853279391' };
  const taken: Answers = { [sendPath]: { errcode: 0, task_id: 256271667526, request_id: 'x' } };

  it('of one text go out in one call, 100 people at a time', async () => {
    const context = fakeContext(agent, taken);
    const items = [
      ...Array.from({ length: 150 }, (_, index) => item(`k${index}`, `u${index}`)),
      item('other', 'u0', '别的内容'),
    ];
    const outcomes = await message(context, items);
    expect(new Map(outcomes.map(({ key, status }) => [key, status]))).toEqual(
      new Map(items.map(({ key }) => [key, 'done'])),
    );
    expect(outcomes[0]).toEqual({ key: 'k0', status: 'done', externalRef: '256271667526' });
    const sent = context.requests.map(bodyOf) as { agent_id: number; userid_list: string; msg: JsonObject }[];
    expect(sent.map(({ userid_list }) => userid_list.split(',').length)).toEqual([100, 50, 1]);
    expect(sent[0]).toMatchObject({
      agent_id: 853279391,
      msg: { msgtype: 'text', text: { content: '您已完成课程《JS》' } },
    });
    // Whether it arrived nobody knows after a lost answer: the host never repeats it by itself.
    expect(context.requests.every(({ retry }) => retry === undefined)).toBe(true);
  });

  it('twice the same to one person is sent once: DingTalk would drop the second', async () => {
    const context = fakeContext(agent, taken);
    expect(await message(context, [item('a', 'u'), item('b', 'u')])).toMatchObject([
      { key: 'a', status: 'done' },
      { key: 'b', status: 'done' },
    ]);
    expect(bodyOf(context.requests[0]).userid_list).toBe('u');
  });

  it('one recipient that spoils the call fails alone', async () => {
    const context = fakeContext(agent, {
      [sendPath]: (request: HttpRequest) =>
        textIn(request, 'userid_list').includes('bad')
          ? wrapped('40035', 'invalid userid')
          : { errcode: 0, task_id: 1 },
    });
    const outcomes = await message(context, [item('a', 'u1'), item('b', 'bad'), item('c', 'u2')]);
    expect(new Map(outcomes.map(({ key, status }) => [key, status]))).toEqual(
      new Map([['a', 'done'], ['b', 'failed'], ['c', 'done']]), // prettier-ignore
    );
  });

  it.each([
    ['90018', 'rate_limited'],
    ['60011', 'permission_denied'],
    ['52019', 'config_invalid'],
  ])('a refusal of all (%s) is told for all, in one call', async (code, expected) => {
    const context = fakeContext(agent, { [sendPath]: wrapped(code) });
    expect(await message(context, [item('a', 'u1'), item('b', 'u2')])).toMatchObject([
      { key: 'a', status: 'failed', error: { code: expected, vendorCode: code } },
      { key: 'b', status: 'failed', error: { code: expected } },
    ]);
    expect(context.requests).toHaveLength(1);
  });

  it('are cut to 2,048 bytes at a whole character', async () => {
    const context = fakeContext(agent, taken);
    await message(context, [item('a', 'u', '学😀'.repeat(2_000))]);
    const { msg } = bodyOf(context.requests[0]) as { msg: { text: { content: string } } };
    const size = Buffer.byteLength(JSON.stringify(msg));
    expect(size).toBeLessThanOrEqual(2_048);
    expect(size).toBeGreaterThan(2_035);
    expect(msg.text.content).toMatch(/^(?:学😀)+学?…$/u);
  });

  it('need the agentId', async () => {
    await expect(message(fakeContext(), [item('a', 'u')])).rejects.toMatchObject({
      code: 'config_invalid',
      data: { advice: { en: expect.stringContaining('agentId') as string } },
    });
  });
});

describe('the label of an external contact', () => {
  const contact = {
    userid: 'ext1',
    name: '客户',
    follower_user_id: 'sales1',
    label_ids: [1, 2],
    title: '经理',
    remark: 'VIP',
    company_name: 'ACME',
    share_dept_ids: [5],
    mobile: '13800000000',
    state_code: '86',
  };
  const customer = (key: string, externalId = 'ext1'): ResultItem => ({
    key,
    recipient: { kind: 'customer', externalId, externalIds: [], ownerExternalIds: ['sales1'] },
    event: {},
    text: '',
  });
  const answers: Answers = {
    'POST /topapi/extcontact/get': { errcode: 0, result: contact },
    'POST /topapi/extcontact/update': { errcode: 0, errmsg: 'ok' },
    'POST /topapi/extcontact/listlabelgroups': {
      errcode: 0,
      results: [
        {
          name: '培训',
          labels: [
            { id: 1384909044, name: '已完成' },
            { id: 1384909045, name: '培训完成' },
          ],
        },
      ],
    },
  };
  const tag = (context: ReturnType<typeof fakeContext>, options: JsonObject, items: ResultItem[]) =>
    results.report(context, { action: 'tag', options, items });

  it.each<JsonObject>([{ tagId: 1384909044 }, { tagId: '1384909044' }, { tagName: '已完成' }])(
    'is added to those there are, nothing else is lost: %j',
    async (options) => {
      const context = fakeContext({}, answers);
      expect(await tag(context, options, [customer('a'), customer('b')])).toEqual([
        { key: 'a', status: 'done' },
        { key: 'b', status: 'done' },
      ]);
      expect(callsOf(context)['POST /topapi/extcontact/update']).toBe(1);
      expect(bodyOf(context.requests.at(-1))).toEqual({
        contact: {
          user_id: 'ext1',
          name: '客户',
          follower_user_id: 'sales1',
          label_ids: [1, 2, 1384909044],
          title: '经理',
          remark: 'VIP',
          company_name: 'ACME',
          share_dept_ids: [5],
        },
      });
    },
  );

  it('that is there already is not written again', async () => {
    const context = fakeContext({}, answers);
    expect(await tag(context, { tagId: 2 }, [customer('a')])).toEqual([{ key: 'a', status: 'done' }]);
    expect(callsOf(context)).toEqual({ 'POST /topapi/extcontact/get': 1 });
  });

  it('fails for one contact and not for the others', async () => {
    const context = fakeContext(
      {},
      {
        ...answers,
        'POST /topapi/extcontact/get': (request) => {
          const { user_id } = bodyOf(request);
          if (user_id === 'gone') return wrapped('60121');
          const label_ids = user_id === 'full' ? Array.from({ length: 20 }, (_, index) => index + 1_000) : [];
          return {
            errcode: 0,
            result: { ...contact, label_ids, ...(user_id === 'odd' ? { name: '' } : {}) },
          };
        },
      },
    );
    const items = ['ext1', 'gone', 'full', 'odd'].map((id) => customer(id, id));
    expect(await tag(context, { tagId: 7 }, items)).toMatchObject([
      { key: 'ext1', status: 'done' },
      { key: 'gone', status: 'failed', error: { code: 'not_found' } },
      { key: 'full', status: 'failed', error: { code: 'input_invalid' } },
      { key: 'odd', status: 'failed', error: { code: 'bad_response' } },
    ]);
  });

  it('has a name of its own when the options have none', async () => {
    const context = fakeContext({}, answers);
    expect(await tag(context, {}, [customer('a')])).toEqual([{ key: 'a', status: 'done' }]);
    expect(bodyOf(context.requests.at(-1))).toMatchObject({ contact: { label_ids: [1, 2, 1384909045] } });
  });

  it('must be there: the console to make it in is named', async () => {
    await expect(
      tag(fakeContext({}, answers), { tagName: '没有这个' }, [customer('a')]),
    ).rejects.toMatchObject({
      code: 'config_invalid',
      data: { advice: { en: expect.stringContaining('Labels') as string } },
    });
  });
});

it('an action DingTalk does not have is refused', async () => {
  await expect(
    results.report(fakeContext(), { action: 'record', options: {}, items: [] }),
  ).rejects.toMatchObject({ code: 'input_invalid' });
});
