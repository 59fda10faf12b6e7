import type { HttpRequest, JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { tasks } from '../src/tasks.js';
import { byEndpoint, fakeContext, type Answer } from './fake-context.js';
import { readAll } from './read-all.js';

const NOW = 1_767_226_500;
const DAY = 86_400;
const ok = { errcode: 0, errmsg: 'ok' };
const LIST = 'oa/getapprovalinfo';

const list = (answer: JsonObject | Answer, since: number) => {
  const context = fakeContext({}, byEndpoint({ [LIST]: answer }), NOW * 1_000);
  return { context, read: readAll((cursor) => tasks.list(context, { since: since * 1_000, cursor })) };
};

const askedFor = ({ json }: HttpRequest) => {
  const { starttime, endtime, new_cursor } = json as {
    starttime: string;
    endtime: string;
    new_cursor: string;
  };
  return { from: Number(starttime), until: Number(endtime), cursor: new_cursor };
};

describe('the list of approvals', () => {
  it('asks for what was submitted since then, in seconds, a hundred numbers at a time', async () => {
    const { context, read } = list({ ...ok, sp_no_list: ['202601010007'] }, NOW - DAY);
    expect(await read).toMatchObject({ items: [{ externalId: '202601010007' }], pages: 1 });
    expect(context.requests).toMatchObject([
      {
        method: 'POST',
        url: 'https://qyapi.weixin.qq.com/cgi-bin/oa/getapprovalinfo',
        json: { starttime: String(NOW - DAY), endtime: String(NOW), new_cursor: '', size: 100 },
        token: 'app',
        retry: 'safe',
      },
    ]);
  });

  it('is read in windows of less than 31 days that leave no gap', async () => {
    const since = NOW - 100 * DAY;
    const { context, read } = list({ ...ok, sp_no_list: [] }, since);
    await read;
    const windows = context.requests.map(askedFor);
    expect(windows[0]?.from).toBe(since);
    expect(windows.at(-1)?.until).toBe(NOW);
    expect(windows).toHaveLength(4);
    for (const [index, { from, until }] of windows.entries()) {
      expect(until - from).toBeLessThanOrEqual(31 * DAY);
      if (index > 0) expect(from).toBe(windows[index - 1]?.until);
    }
  });

  it('goes on after an empty page, for applicants out of sight are taken out of pages', async () => {
    const pages: Record<string, JsonObject> = {
      '': { sp_no_list: [], new_next_cursor: 'k1' },
      k1: { sp_no_list: ['1'], new_next_cursor: 'k2' },
      k2: { sp_no_list: [], new_next_cursor: 'k3' },
      k3: { sp_no_list: ['2'] },
    };
    const { context, read } = list((request) => ({ ...ok, ...pages[askedFor(request).cursor] }), NOW - DAY);
    expect((await read).items.map(({ externalId }) => externalId)).toEqual(['1', '2']);
    expect(
      new Set(
        context.requests.map((request) => JSON.stringify([askedFor(request).from, askedFor(request).until])),
      ).size,
    ).toBe(1);
  });

  it('keeps its window while it is read, whatever the clock says', async () => {
    const answers = byEndpoint({ [LIST]: { ...ok, sp_no_list: [], new_next_cursor: 'k1' } });
    const first = fakeContext({}, answers, NOW * 1_000);
    const { cursor } = await tasks.list(first, { since: (NOW - DAY) * 1_000, cursor: null });
    const later = fakeContext({}, byEndpoint({ [LIST]: { ...ok, sp_no_list: [] } }), (NOW + 600) * 1_000);
    const page = await tasks.list(later, { since: (NOW - DAY) * 1_000, cursor });
    expect(later.requests.map(askedFor)).toEqual([{ from: NOW - DAY, until: NOW, cursor: 'k1' }]);
    expect(page).toMatchObject({ done: true, cursor: null });
  });

  it('does not begin before there was a WeCom, nor in the future', async () => {
    const { context, read } = list({ ...ok, sp_no_list: [] }, 0);
    await read;
    expect(context.requests.length).toBeLessThan(130);
    const future = list({ ...ok, sp_no_list: ['1'] }, NOW + 1);
    expect(await future.read).toMatchObject({ items: [], pages: 1 });
    expect(future.context.requests).toEqual([]);
  });

  it('takes numbers for numbers and sets nonsense aside', async () => {
    const { read } = list({ ...ok, sp_no_list: [202601010007, '2', null, {}, '../x', ''] }, NOW - DAY);
    const { items, rejected } = await read;
    expect(items).toEqual([{ externalId: '202601010007' }, { externalId: '2' }]);
    expect(rejected).toHaveLength(4);
  });

  it.each<[JsonObject, string]>([
    [{ errcode: 301055, errmsg: 'no permission' }, 'permission_denied'],
    [{ errcode: 301025, errmsg: 'param' }, 'internal'],
    [{ errcode: 45009, errmsg: 'freq' }, 'rate_limited'],
    [ok, 'bad_response'],
    [{ ...ok, sp_no_list: 'x' }, 'bad_response'],
    [{ ...ok, sp_no_list: [], new_next_cursor: 'x'.repeat(2_001) }, 'bad_response'],
  ])('%j is an error, never an empty list', async (answer, code) => {
    await expect(list(answer, NOW - DAY).read).rejects.toMatchObject({ code });
  });

  it('ends with an error when the pages go round in circles', async () => {
    const { context, read } = list({ ...ok, sp_no_list: [], new_next_cursor: 'again' }, NOW - DAY);
    await expect(read).rejects.toMatchObject({ code: 'bad_response' });
    expect(context.requests.length).toBeLessThan(12);
  });

  it.each(['', '[]', '["approvals",0,1,null,0,null,0]', `["approvals",${NOW},1,null,0,null,0]`])(
    'does not go on from %j',
    async (cursor) => {
      await expect(tasks.list(fakeContext(), { since: 0, cursor })).rejects.toMatchObject({
        code: 'cursor_expired',
      });
    },
  );
});

const text = (label: string, value: string, control = 'Text'): JsonObject => ({
  control,
  id: `${control}-${label}`,
  title: [
    { text: 'x', lang: 'en' },
    { text: label, lang: 'zh_CN' },
  ],
  value: { text: value },
});

const approval = (more: JsonObject = {}): JsonObject => ({
  sp_no: '202601010007',
  sp_name: '外训申请',
  sp_status: 2,
  template_id: 'SimTemplateAAAA',
  apply_time: 1767226000,
  applyer: { userid: 'lin.mei', partyid: '2' },
  sp_record: [
    {
      sp_status: 2,
      approverattr: 1,
      details: [{ approver: { userid: 'zhao.qi' }, speech: '同意', sp_status: 2, sptime: 1767226090 }],
    },
  ],
  comments: [{ commentUserInfo: { userid: 'zhao.qi' }, commenttime: 1767226080, commentcontent: '请附证书' }],
  apply_data: { contents: [text('课程', '消防安全')] },
  ...more,
});

const get = (answer: JsonObject | Answer) => {
  const context = fakeContext({}, byEndpoint({ 'oa/getapprovaldetail': answer }), NOW * 1_000);
  return tasks.get(context, { externalIds: ['202601010007'] });
};
const told = async (more: JsonObject) => {
  const [found] = await get({ ...ok, info: approval(more) });
  if (found?.status !== 'found') throw new Error(`is ${found?.status}`);
  return found.record;
};

describe('one approval', () => {
  it('is read with its form', async () => {
    expect(await told({})).toEqual({
      externalId: '202601010007',
      kind: 'SimTemplateAAAA',
      title: '外训申请',
      status: 'approved',
      applicantExternalId: 'lin.mei',
      form: { 课程: '消防安全' },
      updatedAt: '2026-01-01T00:08:10.000Z',
      raw: approval(),
    });
  });

  it.each([
    [1, 'open'],
    [2, 'approved'],
    [3, 'rejected'],
    [4, 'withdrawn'],
    [6, 'withdrawn'],
    [7, 'deleted'],
    [10, 'approved'],
    [99, 'open'],
  ])('with sp_status %i is %s', async (sp_status, status) => {
    expect((await told({ sp_status })).status).toBe(status);
  });

  it('keeps what was entered: one text or number unwrapped, everything else as WeCom gives it', async () => {
    const fields: [string, JsonObject, JsonValue][] = [
      ['Textarea', { text: '两行' }, '两行'],
      ['Number', { new_number: '12' }, '12'],
      ['Money', { new_money: '99.50' }, '99.50'],
      [
        'Selector',
        { selector: { type: 'single', options: [{ key: 'o1', value: [{ text: '线上', lang: 'zh_CN' }] }] } },
        '线上',
      ],
      ['Selector', { selector: { type: 'multi', options: [{ key: 'o1' }, { key: 'o2' }] } }, ['o1', 'o2']],
      ['Selector', { selector: { type: 'single', options: [] } }, null],
      [
        'Date',
        { date: { type: 'day', s_timestamp: '1767196800' } },
        { date: { type: 'day', s_timestamp: '1767196800' } },
      ],
      ['Contact', { members: [{ userid: 'a', name: '甲' }] }, { members: [{ userid: 'a', name: '甲' }] }],
    ];
    const contents = fields.map(([control, value], index) => ({
      control,
      id: `f${index}`,
      title: [{ text: `字段${index}`, lang: 'zh_CN' }],
      value,
    }));
    const { form } = await told({ apply_data: { contents } });
    expect(form).toEqual(Object.fromEntries(fields.map(([, , kept], index) => [`字段${index}`, kept])));
  });

  it('tells two fields of one label apart, and fields without a label by their id', async () => {
    const nameless = { control: 'Text', id: 'Text-9', title: [], value: { text: 'c' } };
    const { form } = await told({
      apply_data: { contents: [text('课程', 'a'), text('课程', 'b'), nameless, null, 7] },
    });
    expect(form).toEqual({ 课程: 'a', '课程 (2)': 'b', 'Text-9': 'c' });
  });

  it('with a hostile label changes nothing but its own form', async () => {
    const { form } = await told({ apply_data: { contents: [text('__proto__', 'x')] } });
    expect(Object.keys(form)).toEqual(['__proto__']);
    expect(({} as { text?: unknown }).text).toBeUndefined();
  });

  it('was last touched by the newest of its steps, in either form of the process', async () => {
    const node = { sub_node_list: [{ userid: 'b', sptime: 1767226300 }] };
    expect((await told({ process_list: { node_list: [node] } })).updatedAt).toBe('2026-01-01T00:11:40.000Z');
    expect((await told({ sp_record: [], comments: [] })).updatedAt).toBe('2026-01-01T00:06:40.000Z');
    expect((await told({ apply_time: 'soon', sp_record: 1, comments: null })).updatedAt).toBe(
      '1970-01-01T00:00:00.000Z',
    );
  });

  it('may lack everything but its number', async () => {
    const [found] = await get({ ...ok, info: { sp_no: '202601010007' } });
    expect(found).toMatchObject({
      status: 'found',
      record: { kind: '', title: '', status: 'open', applicantExternalId: null, form: {} },
    });
  });

  it.each<[string, JsonObject, string]>([
    ['whose number WeCom does not know', { errcode: 301025, errmsg: 'x' }, 'unknown'],
    ['of somebody out of sight', { errcode: 60011, errmsg: 'x' }, 'notVisible'],
    ['answered with another one', { ...ok, info: { sp_no: '1' } }, 'unknown'],
  ])('%s', async (_name, answer, status) => {
    expect(await get(answer)).toEqual([{ externalId: '202601010007', status }]);
  });

  it.each<[JsonObject, string]>([
    [{ errcode: 301055, errmsg: 'x' }, 'permission_denied'],
    [{ errcode: -1, errmsg: 'x' }, 'unavailable'],
    [ok, 'bad_response'],
  ])('%j is an error', async (answer, code) => {
    await expect(get(answer)).rejects.toMatchObject({ code });
  });
});
