import type { JsonObject, ResultItem } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { results } from '../src/results.js';
import { fakeContext, ok, refused, type Answer, type Answers, type Call } from './fake-context.js';

const event: JsonObject = {
  id: 'ev-1',
  type: 'exam.passed',
  learner: { employeeNumber: '0001' },
  course: { id: 'c-1', title: '安全培训', url: 'https://lms.example.test/c/1' },
  result: { success: true, score: { raw: 92, max: 100 } },
  occurredAt: '2026-11-01T08:00:00Z',
};
const itemOf = (n: number, more: Partial<ResultItem> = {}): ResultItem => ({
  key: `res_${n}`,
  recipient: { kind: 'user', externalId: `on_${n}`, externalIds: [] },
  event,
  text: `恭喜通过《安全培训》，成绩 9${n}`,
  ...more,
});
const items = [itemOf(1), itemOf(2)];

const report = (answers: Answers, action: string, options: JsonObject, given = items) => {
  const context = fakeContext(answers);
  return { context, outcomes: results.report(context, { action, options, items: given }) };
};

describe('a message', () => {
  const SEND = 'POST im/v1/messages';

  it('to each person by union id, as JSON in a text, kept single by its uuid', async () => {
    const { context, outcomes } = report({ [SEND]: ok({ message_id: 'om_1' }) }, 'message', {});
    expect(await outcomes).toEqual([
      { key: 'res_1', status: 'done', externalRef: 'om_1' },
      { key: 'res_2', status: 'done', externalRef: 'om_1' },
    ]);
    expect(context.calls[0]).toMatchObject({
      query: { receive_id_type: 'union_id' },
      json: {
        receive_id: 'on_1',
        msg_type: 'text',
        content: '{"text":"恭喜通过《安全培训》，成绩 91"}',
        uuid: 'res_1',
      },
    });
  });

  it('a long key becomes one of 50 characters at most, always the same', async () => {
    const key = 'k'.repeat(80);
    const { context, outcomes } = report({ [SEND]: ok({ message_id: 'om_1' }) }, 'message', {}, [
      itemOf(1, { key }),
      itemOf(2, { key }),
    ]);
    await outcomes;
    const uuids = context.calls.map(({ json }) => (json as JsonObject).uuid);
    expect(uuids[0]).toMatch(/^[A-Za-z0-9_-]{20,50}$/);
    expect(new Set(uuids).size).toBe(1);
  });

  it('somebody out of reach costs only their own', async () => {
    const { outcomes } = report(
      {
        [SEND]: ({ json }) =>
          (json as JsonObject).receive_id === 'on_1' ? refused(230013) : ok({ message_id: 'om_2' }),
      },
      'message',
      {},
    );
    expect(await outcomes).toMatchObject([
      { status: 'failed', error: { code: 'permission_denied', vendorCode: '230013' } },
      { status: 'done', externalRef: 'om_2' },
    ]);
  });
});

describe('a row', () => {
  const options = { appToken: 'bascn1', tableId: 'tbl1' };
  const BASE = 'bitable/v1/apps/bascn1/tables/tbl1';
  const FIELDS = `GET ${BASE}/fields`;
  const ROWS = `POST ${BASE}/records/batch_create`;
  const PEOPLE = 'GET contact/v3/users/batch';
  const field = (name: string, type: number) => ({ field_id: `fld${name}`, field_name: name, type });
  const usual = ok({
    has_more: false,
    items: [
      field('学员', 11),
      field('课程', 1),
      field('结果', 3),
      field('成绩', 2),
      field('时间', 5),
      field('备注', 1),
    ],
  });
  const recordsOf = (call: Call | undefined) => (call?.json as { records: { fields: JsonObject }[] }).records;
  const added = (call: Call): Answer =>
    ok({ records: recordsOf(call).map((_row, index) => ({ record_id: `rec${index}` })) });

  it('in one call for all, each part in the form its column takes', async () => {
    const { context, outcomes } = report({ [FIELDS]: usual, [ROWS]: added }, 'record', options);
    expect(await outcomes).toEqual([
      { key: 'res_1', status: 'done', externalRef: 'rec0' },
      { key: 'res_2', status: 'done', externalRef: 'rec1' },
    ]);
    expect(context.calls).toHaveLength(2);
    const call = context.calls[1];
    expect(call?.query).toMatchObject({ user_id_type: 'union_id' });
    expect(recordsOf(call)[0]?.fields).toEqual({
      学员: [{ id: 'on_1' }],
      课程: '安全培训',
      结果: '通过',
      成绩: 92,
      时间: Date.parse('2026-11-01T08:00:00Z'),
    });
  });

  it('the same batch bears the same key, a UUID of version 4; another one does not', async () => {
    const keyOf = async (given: ResultItem[]) => {
      const { context, outcomes } = report({ [FIELDS]: usual, [ROWS]: added }, 'record', options, given);
      await outcomes;
      return context.calls[1]?.query.client_token as string;
    };
    const key = await keyOf(items);
    expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await keyOf(items)).toBe(key);
    expect(await keyOf([...items].reverse())).not.toBe(key);
  });

  it('columns of other kinds and names', async () => {
    const fields = ok({
      has_more: false,
      items: [
        field('Who', 1),
        field('What', 15),
        field('How', 7),
        field('Points', 1),
        field('When', 1),
        field('Sum', 20),
      ],
    });
    const named = {
      learnerField: 'Who',
      courseField: 'What',
      resultField: 'How',
      scoreField: 'Points',
      timeField: 'When',
    };
    const people = ok({ items: [{ union_id: 'on_1', name: '张三' }] });
    const { context, outcomes } = report({ [FIELDS]: fields, [PEOPLE]: people, [ROWS]: added }, 'record', {
      ...options,
      ...named,
    });
    await outcomes;
    expect(context.calls[1]?.query.user_ids).toEqual(['on_1', 'on_2']);
    expect(recordsOf(context.calls[2]).map(({ fields: cells }) => cells.Who)).toEqual(['张三', 'on_2']);
    expect(recordsOf(context.calls[2])[0]?.fields).toEqual({
      Who: '张三',
      What: { text: '安全培训', link: 'https://lms.example.test/c/1' },
      How: true,
      Points: '92',
      When: '2026-11-01T08:00:00.000Z',
    });
  });

  it('names that may not be read cost the name, names that cannot be read now cost time', async () => {
    const fields = ok({ has_more: false, items: [field('学员', 1)] });
    const hidden = report(
      { [FIELDS]: fields, [PEOPLE]: refused(99991672), [ROWS]: added },
      'record',
      options,
    );
    await hidden.outcomes;
    expect(recordsOf(hidden.context.calls[2])[0]?.fields).toEqual({ 学员: 'on_1' });
    const busy = report({ [FIELDS]: fields, [PEOPLE]: refused(99991400, {}, 429) }, 'record', options);
    await expect(busy.outcomes).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it.each([
    [{ type: 'course.completed', result: { completion: true } }, '已完成'],
    [{ type: 'course.completed', result: { success: false } }, '未通过'],
    [{ type: 'course.failed' }, '未通过'],
    [{ type: 'certificate.issued' }, '已发证书'],
    [{ type: 'skill.granted' }, 'skill.granted'],
  ])('%j is told as %s; what is not told stays empty', async (change, word) => {
    const given = [itemOf(1, { event: { id: 'ev', ...change } })];
    const { context, outcomes } = report({ [FIELDS]: usual, [ROWS]: added }, 'record', options, given);
    await outcomes;
    expect(recordsOf(context.calls[1])[0]?.fields).toEqual({ 学员: [{ id: 'on_1' }], 结果: word });
  });

  it.each([
    ['an empty list', ok({ has_more: false, items: [] })],
    ['a refusal', refused(1254302, {}, 403)],
  ])('where columns are hidden by %s, the usual ones are tried', async (_name, hidden) => {
    const { context, outcomes } = report({ [FIELDS]: hidden, [ROWS]: added }, 'record', options);
    expect(await outcomes).toMatchObject([{ status: 'done' }, { status: 'done' }]);
    expect(recordsOf(context.calls[1])[0]?.fields).toMatchObject({ 学员: [{ id: 'on_1' }], 成绩: 92 });
  });

  it('a column that is named and not there is the deployer’s to mend', async () => {
    const wrong = report({ [FIELDS]: usual }, 'record', { ...options, scoreField: '得分' });
    await expect(wrong.outcomes).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('得分') as string,
    });
    const bare = report({ [FIELDS]: ok({ has_more: false, items: [field('备注', 1)] }) }, 'record', options);
    await expect(bare.outcomes).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('a value the table does not take costs only its own row', async () => {
    const { context, outcomes } = report(
      {
        [FIELDS]: usual,
        [ROWS]: (call) =>
          JSON.stringify(call.json).includes('on_2') ? refused(1254066, {}, 200) : added(call),
      },
      'record',
      options,
    );
    expect(await outcomes).toMatchObject([
      { key: 'res_1', status: 'done' },
      { key: 'res_2', status: 'failed', error: { code: 'config_invalid', vendorCode: '1254066' } },
    ]);
    const keys = context.calls.slice(1).map(({ query }) => query.client_token);
    expect(new Set(keys).size).toBe(3);
  });

  it('one bad row among a hundred is found in a few calls', async () => {
    const hundred = Array.from({ length: 100 }, (_, n) => itemOf(n));
    const { context, outcomes } = report(
      {
        [FIELDS]: usual,
        [ROWS]: (call) =>
          JSON.stringify(call.json).includes('"on_77"') ? refused(1254066, {}, 200) : added(call),
      },
      'record',
      options,
      hundred,
    );
    const failed = (await outcomes).filter(({ status }) => status !== 'done');
    expect(failed).toMatchObject([{ key: 'res_77', status: 'failed' }]);
    expect((await outcomes).map(({ key }) => key)).toEqual(hundred.map(({ key }) => key));
    expect(context.calls.length).toBeLessThan(20);
  });

  it('what is wrong with the table fails all, and is not tried row by row', async () => {
    const { context, outcomes } = report(
      { [FIELDS]: usual, [ROWS]: refused(91403, {}, 200) },
      'record',
      options,
    );
    expect(await outcomes).toMatchObject([
      { status: 'failed', error: { code: 'permission_denied' } },
      { status: 'failed', error: { code: 'permission_denied' } },
    ]);
    expect(context.calls).toHaveLength(2);
  });
});

describe('a custom field', () => {
  const DEFINITIONS = 'GET contact/v3/custom_attrs';
  const definitions = (...defined: JsonObject[]): Answer => ok({ has_more: false, items: defined });
  const text = { id: 'C-1', type: 'TEXT', i18n_name: [{ locale: 'zh_cn', value: '培训结果' }] };
  const choice: JsonObject = {
    id: 'C-2',
    type: 'ENUMERATION',
    i18n_name: [{ locale: 'en_us', value: 'Level' }],
    options: { options: [{ id: 'o1', value: '通过' }, { id: 'o2', name: '未通过' }, null] },
  };
  const link = { id: 'C-3', type: 'HREF', i18n_name: null };
  const one = (answers: Answers, attribute: string, written = '通过') =>
    report({ 'PATCH contact/v3/users/on_1': ok(), ...answers }, 'attribute', { attribute }, [
      itemOf(1, { text: written }),
    ]);
  const written = (calls: Call[]) => (calls.at(-1)?.json as { custom_attrs: JsonObject[] }).custom_attrs;

  it.each(['C-1', '培训结果'])('a text, found by %s', async (attribute) => {
    const { context, outcomes } = one(
      { [DEFINITIONS]: definitions(choice, text) },
      attribute,
      'x'.repeat(150),
    );
    expect(await outcomes).toEqual([{ key: 'res_1', status: 'done' }]);
    expect(context.calls.at(-1)?.query).toMatchObject({ user_id_type: 'union_id' });
    expect(written(context.calls)).toEqual([{ type: 'TEXT', id: 'C-1', value: { text: 'x'.repeat(100) } }]);
  });

  it('one of several choices, by its words', async () => {
    const { context, outcomes } = one({ [DEFINITIONS]: definitions(choice) }, 'Level', '未通过');
    await outcomes;
    expect(written(context.calls)).toEqual([{ type: 'ENUMERATION', id: 'C-2', value: { option_id: 'o2' } }]);
    const other = one({ [DEFINITIONS]: definitions(choice) }, 'Level', '优秀');
    expect(await other.outcomes).toMatchObject([{ status: 'failed', error: { code: 'input_invalid' } }]);
  });

  it('a link to the course', async () => {
    const { context, outcomes } = one({ [DEFINITIONS]: definitions(link) }, 'C-3');
    await outcomes;
    const url = 'https://lms.example.test/c/1';
    expect(written(context.calls)).toEqual([
      { type: 'HREF', id: 'C-3', value: { text: '通过', url, pc_url: url } },
    ]);
  });

  it('on the second page of definitions', async () => {
    const pages: Answers = {
      [DEFINITIONS]: ({ query }) =>
        query.page_token === undefined
          ? ok({ has_more: true, page_token: 'p2', items: [choice] })
          : definitions(text),
    };
    expect(await one(pages, '培训结果').outcomes).toMatchObject([{ status: 'done' }]);
  });

  it('not there: the deployer’s to mend; hidden: an id is taken for a text', async () => {
    await expect(one({ [DEFINITIONS]: definitions(choice) }, '没有').outcomes).rejects.toMatchObject({
      code: 'config_invalid',
    });
    const hidden = { [DEFINITIONS]: refused(99991672) };
    const { context, outcomes } = one(hidden, 'C-9');
    expect(await outcomes).toMatchObject([{ status: 'done' }]);
    expect(written(context.calls)).toEqual([{ type: 'TEXT', id: 'C-9', value: { text: '通过' } }]);
    await expect(one(hidden, '培训结果').outcomes).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('a kind that cannot hold a result, and a person somebody else keeps', async () => {
    const person = { id: 'C-4', type: 'GENERIC_USER' };
    expect(await one({ [DEFINITIONS]: definitions(person) }, 'C-4').outcomes).toMatchObject([
      { status: 'failed', error: { code: 'config_invalid' } },
    ]);
    const managed = { [DEFINITIONS]: definitions(text), 'PATCH contact/v3/users/on_1': refused(44053) };
    expect(await one(managed, 'C-1').outcomes).toMatchObject([
      { status: 'failed', error: { code: 'permission_denied' } },
    ]);
  });
});

it('another action is none of Feishu’s', async () => {
  await expect(report({}, 'tag', {}).outcomes).rejects.toMatchObject({ code: 'config_invalid' });
});
