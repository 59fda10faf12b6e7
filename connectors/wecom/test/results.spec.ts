import type { ItemOutcome, JsonObject, ResultItem } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { results } from '../src/results.js';
import { byEndpoint, endpointOf, fakeContext, type Answer } from './fake-context.js';

const ok = { errcode: 0, errmsg: 'ok' };

const to = (
  key: string,
  externalId: string,
  text = '完成',
  more: Partial<ResultItem['recipient']> = {},
): ResultItem => ({
  key,
  recipient: { kind: 'user', externalId, externalIds: [], ...more },
  event: {},
  text,
});
const customer = (key: string, externalId: string, ownerExternalIds?: string[]): ResultItem =>
  to(key, externalId, '完成', { kind: 'customer', ...(ownerExternalIds ? { ownerExternalIds } : {}) });

const report = async (
  action: string,
  options: JsonObject,
  items: ResultItem[],
  answers: Record<string, JsonObject | Answer>,
  config = {},
) => {
  const context = fakeContext({ contactsSecret: 's', ...config }, byEndpoint(answers));
  const outcomes = await results.report(context, { action, options, items });
  // One outcome per item, whatever happened.
  expect(outcomes.map(({ key }) => key).sort()).toEqual(items.map(({ key }) => key).sort());
  return {
    of: Object.fromEntries(outcomes.map((outcome) => [outcome.key, outcome])) as Record<string, ItemOutcome>,
    requests: context.requests,
  };
};
const bodies = (requests: { json?: unknown; url: string; method: 'GET' }[] | readonly unknown[]) =>
  (requests as { json?: JsonObject }[]).map(({ json }) => json);

describe('message', () => {
  it('is one call for everybody who gets the same text', async () => {
    const { of, requests } = await report(
      'message',
      {},
      [to('a', 'Lin.Mei'), to('b', 'zhao.qi'), to('c', 'chen.bo', '未通过'), to('d', 'LIN.MEI')],
      { 'message/send': { ...ok, msgid: 'm1' } },
    );
    expect(bodies(requests)).toEqual([
      expect.objectContaining({
        touser: 'LIN.MEI|zhao.qi',
        msgtype: 'text',
        agentid: 1000002,
        text: { content: '完成' },
        enable_duplicate_check: 1,
        duplicate_check_interval: 14_400,
      }),
      expect.objectContaining({ touser: 'chen.bo', text: { content: '未通过' } }),
    ]);
    expect(Object.values(of).every(({ status }) => status === 'done')).toBe(true);
  });

  it('takes 1,000 people a call', async () => {
    const many = Array.from({ length: 1_001 }, (_, i) => to(`k${i}`, `u${i}`));
    const { requests } = await report('message', {}, many, { 'message/send': { ...ok, msgid: 'm1' } });
    expect(bodies(requests).map((json) => (json as { touser: string }).touser.split('|').length)).toEqual([
      1_000, 1,
    ]);
  });

  it('fails for those WeCom names, in lower case as it does, and for those without a licence', async () => {
    const { of } = await report(
      'message',
      {},
      [to('a', 'Lin.Mei'), to('b', 'Gone.Away'), to('c', 'NoSeat')],
      {
        'message/send': { ...ok, invaliduser: 'gone.away', unlicenseduser: 'noseat', msgid: 'm1' },
      },
    );
    expect(of['a']).toEqual({ key: 'a', status: 'done', externalRef: 'm1' });
    expect(of['b']).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
    expect(of['c']).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
  });

  it('fails for everybody of a text when nobody can be reached, and for no other text', async () => {
    const { of } = await report('message', {}, [to('a', 'x', 't1'), to('b', 'y', 't2')], {
      'message/send': ({ json }) =>
        (json as JsonObject).touser === 'x' ? { errcode: 81013, errmsg: 'x' } : { ...ok, msgid: 'm' },
    });
    expect(of['a']).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
    expect(of['b']).toMatchObject({ status: 'done' });
  });

  it.each(['@all', 'a|b', '@x'])('to %j reaches nobody else', async (externalId) => {
    const { of, requests } = await report('message', {}, [to('a', externalId)], {});
    expect(of['a']).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
    expect(requests).toEqual([]);
  });

  it('is cut at 2,048 bytes and never inside a character', async () => {
    const { requests } = await report('message', {}, [to('a', 'x', '汉'.repeat(1_000))], {
      'message/send': ok,
    });
    const { content } = (bodies(requests)[0] as { text: { content: string } }).text;
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2_048);
    expect(content).toMatch(/^汉{681}…$/);
  });

  it('tells what went wrong per item, with advice', async () => {
    const { of } = await report('message', {}, [to('a', 'x')], {
      'message/send': { errcode: 85002, errmsg: 'x' },
    });
    expect(of['a']).toMatchObject({
      status: 'failed',
      error: { code: 'input_invalid', vendorCode: '85002', advice: { en: expect.any(String) as string } },
    });
  });
});

describe('tag of members', () => {
  it('by id is one call for all', async () => {
    const { of, requests } = await report('tag', { tagId: '12' }, [to('a', 'Lin.Mei'), to('b', 'Chen.Bo')], {
      'tag/addtagusers': { ...ok, invalidlist: 'chen.bo' },
    });
    expect(requests).toHaveLength(1);
    expect(bodies(requests)).toEqual([{ tagid: 12, userlist: ['Lin.Mei', 'Chen.Bo'] }]);
    expect(of['a']).toEqual({ key: 'a', status: 'done' });
    expect(of['b']).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
  });

  it('by number, as people paste it', async () => {
    const { requests } = await report('tag', { tagId: 12 }, [to('a', 'x')], { 'tag/addtagusers': ok });
    expect(bodies(requests)).toEqual([{ tagid: 12, userlist: ['x'] }]);
  });

  it('by name is found', async () => {
    const { of, requests } = await report('tag', { tagName: ' 已通过消防 ' }, [to('a', 'x')], {
      'tag/list': {
        ...ok,
        taglist: [
          { tagid: 3, tagname: 'x' },
          { tagid: '7', tagname: '已通过消防' },
        ],
      },
      'tag/addtagusers': ok,
    });
    expect(requests.map(endpointOf)).toEqual(['tag/list', 'tag/addtagusers']);
    expect(bodies(requests)[1]).toEqual({ tagid: 7, userlist: ['x'] });
    expect(of['a']).toMatchObject({ status: 'done' });
  });

  it('by name is made, and one made at the same moment by somebody else is used', async () => {
    const made = await report('tag', { tagName: '新' }, [to('a', 'x')], {
      'tag/list': { ...ok, taglist: [] },
      'tag/create': { errcode: 0, errmsg: 'created', tagid: '9' },
      'tag/addtagusers': ok,
    });
    expect(bodies(made.requests).slice(1)).toEqual([{ tagname: '新' }, { tagid: 9, userlist: ['x'] }]);
    let lists = 0;
    const raced = await report('tag', { tagName: '新' }, [to('a', 'x')], {
      'tag/list': () => ({ ...ok, taglist: (lists += 1) === 1 ? [] : [{ tagid: 9, tagname: '新' }] }),
      'tag/create': { errcode: 40071, errmsg: 'invalid tag name' },
      'tag/addtagusers': ok,
    });
    expect(raced.of['a']).toMatchObject({ status: 'done' });
  });

  it.each([
    ['zh-CN' as const, '培训完成'],
    ['en' as const, 'Training completed'],
  ])('without id and name has one in the language of the connection (%s)', async (locale, tagname) => {
    const context = {
      ...fakeContext(
        {},
        byEndpoint({ 'tag/list': { ...ok, taglist: [{ tagid: 4, tagname }] }, 'tag/addtagusers': ok }),
      ),
      connection: { id: 'c', timezone: 'Asia/Shanghai', locale },
    };
    const outcomes = await results.report(context, { action: 'tag', options: {}, items: [to('a', 'x')] });
    expect(outcomes).toEqual([{ key: 'a', status: 'done' }]);
  });

  it('that another app owns fails with advice', async () => {
    const { of } = await report('tag', { tagId: '12' }, [to('a', 'x')], {
      'tag/addtagusers': { errcode: 81011, errmsg: 'x' },
    });
    expect(of['a']).toMatchObject({
      error: { code: 'permission_denied', advice: { en: expect.stringContaining('tagName') as string } },
    });
  });

  it('none of whom can be reached', async () => {
    const { of } = await report('tag', { tagId: '12' }, [to('a', 'x')], {
      'tag/addtagusers': { errcode: 40070, errmsg: 'all list invalid' },
    });
    expect(of['a']).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
  });
});

describe('tag of customers', () => {
  it('is given for each member who has them', async () => {
    const { of, requests } = await report(
      'tag',
      { tagId: 'et1' },
      [customer('a', 'wm1', ['lin.mei', 'zhao.qi'])],
      {
        'externalcontact/mark_tag': ok,
      },
    );
    expect(bodies(requests)).toEqual([
      { userid: 'lin.mei', external_userid: 'wm1', add_tag: ['et1'] },
      { userid: 'zhao.qi', external_userid: 'wm1', add_tag: ['et1'] },
    ]);
    expect(of['a']).toEqual({ key: 'a', status: 'done' });
  });

  it('asks WeCom who has them where the host does not know', async () => {
    const { of, requests } = await report('tag', { tagId: 'et1' }, [customer('a', 'wm1')], {
      'externalcontact/get': {
        ...ok,
        external_contact: { external_userid: 'wm1' },
        follow_user: [{ userid: 'lin.mei' }],
      },
      'externalcontact/mark_tag': ok,
    });
    expect(requests.map(endpointOf)).toEqual(['externalcontact/get', 'externalcontact/mark_tag']);
    expect(of['a']).toMatchObject({ status: 'done' });
  });

  it.each<[string, Record<string, JsonObject>, string, string?]>([
    ['one relation that ended', { old: { errcode: 84061, errmsg: 'x' }, 'lin.mei': ok }, 'done'],
    [
      'all relations ended',
      { old: { errcode: 84061, errmsg: 'x' }, 'lin.mei': { errcode: 84061, errmsg: 'x' } },
      'failed',
      'not_found',
    ],
    [
      'one that has to wait',
      { old: ok, 'lin.mei': { errcode: 45033, errmsg: 'x' } },
      'failed',
      'rate_limited',
    ],
  ])('with %s', async (_name, answers, status, code) => {
    const { of } = await report('tag', { tagId: 'et1' }, [customer('a', 'wm1', ['old', 'lin.mei'])], {
      'externalcontact/mark_tag': ({ json }) => answers[(json as { userid: string }).userid] ?? ok,
    });
    expect(of['a']).toMatchObject({ status, ...(code ? { error: { code } } : {}) });
  });

  it('by name is found in any group, or made in one of ours', async () => {
    const group = (tags: JsonObject[], more: JsonObject = {}): JsonObject => ({
      group_id: 'g',
      group_name: '客户等级',
      tag: tags,
      ...more,
    });
    const found = await report('tag', { tagName: '学员' }, [customer('a', 'wm1', ['x'])], {
      'externalcontact/get_corp_tag_list': {
        ...ok,
        tag_group: [
          group([{ id: 'etOld', name: '学员', deleted: true }]),
          group([{ id: 'et5', name: '学员' }]),
        ],
      },
      'externalcontact/mark_tag': ok,
    });
    expect(bodies(found.requests).at(-1)).toMatchObject({ add_tag: ['et5'] });
    const made = await report('tag', { tagName: '学员' }, [customer('a', 'wm1', ['x'])], {
      'externalcontact/get_corp_tag_list': { ...ok, tag_group: [] },
      'externalcontact/add_corp_tag': {
        ...ok,
        tag_group: group([
          { id: 'et6', name: '其他' },
          { id: 'et7', name: '学员' },
        ]),
      },
      'externalcontact/mark_tag': ok,
    });
    expect(bodies(made.requests)[1]).toEqual({ group_name: '培训', tag: [{ name: '学员' }] });
    expect(bodies(made.requests).at(-1)).toMatchObject({ add_tag: ['et7'] });
  });

  it('that cannot be made fails for all of them', async () => {
    const { of } = await report(
      'tag',
      { tagName: '学员' },
      [customer('a', 'wm1', ['x']), customer('b', 'wm2', ['x'])],
      {
        'externalcontact/get_corp_tag_list': { ...ok, tag_group: [] },
        'externalcontact/add_corp_tag': { errcode: 40126, errmsg: 'x' },
      },
    );
    expect(of['b']).toMatchObject({ error: { code: 'permission_denied', vendorCode: '40126' } });
  });

  it('and members under one name goes to both; an id fits one kind only', async () => {
    const both = await report('tag', { tagName: '学员' }, [to('m', 'x'), customer('c', 'wm1', ['x'])], {
      'tag/list': { ...ok, taglist: [{ tagid: 1, tagname: '学员' }] },
      'tag/addtagusers': ok,
      'externalcontact/get_corp_tag_list': {
        ...ok,
        tag_group: [{ group_name: 'g', tag: [{ id: 'et1', name: '学员' }] }],
      },
      'externalcontact/mark_tag': ok,
    });
    expect(Object.values(both.of).map(({ status }) => status)).toEqual(['done', 'done']);
    const byId = await report('tag', { tagId: '12' }, [to('m', 'x'), customer('c', 'wm1', ['x'])], {
      'tag/addtagusers': ok,
    });
    expect(byId.of['m']).toMatchObject({ status: 'done' });
    expect(byId.of['c']).toMatchObject({ status: 'failed', error: { code: 'config_invalid' } });
    const other = await report('tag', { tagId: 'et1' }, [to('m', 'x')], {});
    expect(other.of['m']).toMatchObject({ status: 'failed', error: { code: 'config_invalid' } });
  });
});

/** A corporation that keeps attributes; with `wipes` a write takes out what it does not name. */
function cards(
  people: Record<string, JsonObject[]>,
  { wipes = false, exists = ['成绩', '工号', '主页'] } = {},
) {
  const answers: Record<string, Answer> = {
    'user/get': ({ query }) => {
      const attrs = people[String(query?.['userid'])];
      return attrs
        ? { ...ok, userid: String(query?.['userid']), extattr: { attrs } }
        : { errcode: 60111, errmsg: 'x' };
    },
    'user/update': ({ json, token }) => {
      if (token !== 'contacts') return { errcode: 48002, errmsg: 'x' };
      const { userid, extattr } = json as { userid: string; extattr: { attrs: JsonObject[] } };
      const named = extattr.attrs.filter(({ name }) => exists.includes(name as string));
      const kept = wipes
        ? []
        : (people[userid] ?? []).filter(({ name }) => !named.some((attr) => attr.name === name));
      people[userid] = [...kept, ...named];
      return { errcode: 0, errmsg: 'updated' };
    },
  };
  return answers;
}
const textAttr = (name: string, value: string): JsonObject => ({ type: 0, name, text: { value } });
const link: JsonObject = { type: 1, name: '主页', web: { url: 'https://x.test', title: '档案' } };

describe('attribute', () => {
  it.each([false, true])(
    'keeps every other attribute, whether a write wipes what it does not name (%s)',
    async (wipes) => {
      const people = { 'Lin.Mei': [textAttr('工号', 'E-1'), link] };
      const { of } = await report(
        'attribute',
        { attribute: '成绩' },
        [to('a', 'Lin.Mei', '95')],
        cards(people, { wipes }),
      );
      expect(of['a']).toEqual({ key: 'a', status: 'done' });
      expect(people['Lin.Mei']).toEqual(
        expect.arrayContaining([textAttr('工号', 'E-1'), link, textAttr('成绩', '95')]),
      );
      expect(people['Lin.Mei']).toHaveLength(3);
    },
  );

  it('writes nothing but attributes, and nothing when the value stands there', async () => {
    const people = { x: [textAttr('成绩', '80')] };
    const { requests } = await report(
      'attribute',
      { attribute: '成绩' },
      [to('a', 'x', '95')],
      cards(people),
    );
    expect(requests.map(endpointOf)).toEqual(['user/get', 'user/update']);
    expect(bodies(requests)[1]).toEqual({ userid: 'x', extattr: { attrs: [textAttr('成绩', '95')] } });
    const again = await report('attribute', { attribute: '成绩' }, [to('a', 'x', '95')], cards(people));
    expect(again.requests.map(endpointOf)).toEqual(['user/get']);
  });

  it('of one person in one batch: the last value, in one write', async () => {
    const people = { x: [textAttr('成绩', '1')] };
    const { of, requests } = await report(
      'attribute',
      { attribute: '成绩' },
      [to('a', 'x', '2'), to('b', 'X', '3')],
      {
        ...cards(people),
        'user/get': { ...ok, userid: 'x', extattr: { attrs: [textAttr('成绩', '1')] } },
      },
    );
    expect(requests.filter((request) => endpointOf(request) === 'user/update')).toHaveLength(1);
    expect(bodies(requests)[1]).toMatchObject({ extattr: { attrs: [textAttr('成绩', '3')] } });
    expect([of['a']?.status, of['b']?.status]).toEqual(['done', 'done']);
  });

  it('that WeCom silently ignores is told, with the page where it is made', async () => {
    const { of } = await report('attribute', { attribute: '没有' }, [to('a', 'x', '1')], cards({ x: [] }));
    expect(of['a']).toMatchObject({
      status: 'failed',
      error: {
        code: 'config_invalid',
        advice: { 'zh-CN': expect.stringContaining('成员资料字段') as string },
      },
    });
  });

  it('of a private deployment keeps its older form', async () => {
    const people = { x: [{ name: '成绩', value: '1' }] };
    const { of, requests } = await report(
      'attribute',
      { attribute: '成绩' },
      [to('a', 'x', '2')],
      cards(people),
    );
    expect(of['a']).toMatchObject({ status: 'done' });
    expect(bodies(requests)[1]).toEqual({ userid: 'x', extattr: { attrs: [{ name: '成绩', value: '2' }] } });
  });

  it('that is a link is left alone', async () => {
    const people = { x: [link] };
    const { of, requests } = await report(
      'attribute',
      { attribute: '主页' },
      [to('a', 'x', '1')],
      cards(people),
    );
    expect(of['a']).toMatchObject({ status: 'failed', error: { code: 'config_invalid' } });
    expect(requests.map(endpointOf)).toEqual(['user/get']);
  });

  it('is not written where the app does not get to read the others', async () => {
    const { of, requests } = await report('attribute', { attribute: '成绩' }, [to('a', 'x', '1')], {
      'user/get': { ...ok, userid: 'x' },
    });
    expect(of['a']).toMatchObject({ status: 'failed', error: { code: 'permission_denied' } });
    expect(requests.map(endpointOf)).toEqual(['user/get']);
  });

  it.each([
    [60011, '编辑'],
    [48002, '编辑'],
    [60020, '企业可信IP'],
  ])('that may not be written (%i) names the right to edit, or the address', async (errcode, page) => {
    const { of } = await report('attribute', { attribute: '成绩' }, [to('a', 'x', '1')], {
      ...cards({ x: [] }),
      'user/update': { errcode, errmsg: 'x' },
    });
    expect(of['a']).toMatchObject({
      status: 'failed',
      error: {
        code: 'permission_denied',
        vendorCode: String(errcode),
        advice: { 'zh-CN': expect.stringContaining(page) as string },
      },
    });
  });

  it('has at most 64 characters', async () => {
    const people: Record<string, JsonObject[]> = { x: [] };
    await report('attribute', { attribute: '成绩' }, [to('a', 'x', '长'.repeat(100))], cards(people));
    const [written] = people['x'] as { text: { value: string } }[];
    expect([...(written?.text.value ?? '')]).toHaveLength(64);
  });

  it('of somebody out of sight fails for them alone', async () => {
    const { of } = await report(
      'attribute',
      { attribute: '成绩' },
      [to('a', 'x', '1'), to('b', 'gone', '1')],
      cards({ x: [] }),
    );
    expect(of['a']).toMatchObject({ status: 'done' });
    expect(of['b']).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
  });

  it.each([
    ['without the contacts secret', { attribute: '成绩' }, { contactsSecret: undefined }],
    ['without a name', {}, {}],
  ])('%s is a mistake of the configuration', async (_name, options, config) => {
    await expect(report('attribute', options, [to('a', 'x')], {}, config)).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});

it.each(['message', 'attribute'])('%s is skipped for customers', async (action) => {
  const { of, requests } = await report(action, { attribute: '成绩' }, [customer('a', 'wm1', ['x'])], {});
  expect(of['a']).toMatchObject({ status: 'skipped', reason: { en: expect.any(String) as string } });
  expect(requests).toEqual([]);
});

it('an action WeCom does not have is refused', async () => {
  await expect(report('record', {}, [to('a', 'x')], {})).rejects.toMatchObject({ code: 'config_invalid' });
});
