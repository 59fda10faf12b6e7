import type { CustomerRecord, JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { customers } from '../src/customers.js';
import { byEndpoint, endpointOf, fakeContext, type Answer } from './fake-context.js';
import { readAll } from './read-all.js';

const BATCH = 'externalcontact/batch/get_by_user';
const ok = { errcode: 0, errmsg: 'ok' };

const contact = (id: string, more: JsonObject = {}): JsonObject => ({
  external_userid: id,
  name: `客户${id}`,
  type: 1,
  gender: 0,
  ...more,
});

/** A corporation with customers: member → the customers they have added, with ids of tags. */
type Relations = Record<string, { id: string; tags?: string[] }[]>;

/** Answers as WeCom does, `pageSize` rows at a time. */
function platform(relations: Relations, pageSize = 100): Record<string, JsonObject | Answer> {
  return {
    'externalcontact/get_follow_user_list': { ...ok, follow_user: Object.keys(relations) },
    [BATCH]: ({ json }) => {
      const { userid_list: members, cursor, limit } = json as JsonObject;
      expect(limit).toBe(100);
      expect((members as string[]).length).toBeLessThanOrEqual(100);
      const rows = (members as string[]).flatMap((userid) =>
        (relations[userid] ?? []).map(({ id, tags }): JsonObject => ({
          external_contact: contact(id),
          follow_info: { userid, remark: 'VIP', tag_id: tags ?? [] },
        })),
      );
      const from = typeof cursor === 'string' ? Number(cursor.slice(1)) : 0;
      const next = from + pageSize;
      return {
        ...ok,
        external_contact_list: rows.slice(from, next),
        next_cursor: next < rows.length ? `c${next}` : '',
      };
    },
    'externalcontact/get_corp_tag_list': {
      ...ok,
      tag_group: [
        {
          group_id: 'g1',
          group_name: '培训',
          tag: [
            { id: 'et1', name: '新人' },
            { id: 'et2', name: '老客户' },
          ],
        },
      ],
    },
  };
}

const list = (answers: Record<string, JsonObject | Answer>) => {
  const context = fakeContext({}, byEndpoint(answers));
  return { context, read: readAll<CustomerRecord>((cursor) => customers.list!(context, { cursor })) };
};
const calls = (context: { requests: Parameters<typeof endpointOf>[0][] }, endpoint: string) =>
  context.requests.filter((request) => endpointOf(request) === endpoint).length;

describe('the list of customers', () => {
  it('is a record per relation, with owner and named tags', async () => {
    const { context, read } = list(
      platform({ 'Lin.Mei': [{ id: 'wm1', tags: ['et1', 'etRule'] }], 'zhao.qi': [{ id: 'wm1' }] }),
    );
    const { items, rejected } = await read;
    expect(rejected).toEqual([]);
    expect(items).toEqual([
      {
        externalId: 'wm1',
        displayName: '客户wm1',
        ownerExternalIds: ['Lin.Mei'],
        tags: [{ id: 'et1', name: '新人', group: '培训' }],
        raw: {
          ...contact('wm1'),
          follow_user: [{ userid: 'Lin.Mei', remark: 'VIP', tag_id: ['et1', 'etRule'] }],
        },
      },
      expect.objectContaining({ externalId: 'wm1', ownerExternalIds: ['zhao.qi'], tags: [] }),
    ]);
    expect(context.requests.map(endpointOf)).toEqual([
      'externalcontact/get_follow_user_list',
      BATCH,
      'externalcontact/get_corp_tag_list',
    ]);
    expect(context.requests[2]).toMatchObject({ method: 'POST', json: {} });
  });

  it('costs one call a page and one for each hundred members', async () => {
    const relations: Relations = {};
    for (let i = 0; i < 250; i += 1) {
      relations[`m${i}`] = [{ id: `wm${i}a` }, { id: `wm${i}b` }];
    }
    const { context, read } = list(platform(relations));
    const { items, pages } = await read;
    expect(new Set(items.map(({ externalId }) => externalId)).size).toBe(500);
    expect(pages).toBe(5);
    expect(calls(context, BATCH)).toBe(5);
    expect(calls(context, 'externalcontact/get_follow_user_list')).toBe(3);
  });

  it('goes on from every cursor it gave, and cursors stay small', async () => {
    const relations: Relations = {};
    for (let i = 0; i < 130; i += 1) {
      relations[`${'x'.repeat(55)}-${i}`] = [{ id: `wm${i}` }, { id: 'wmShared' }];
    }
    const answers = platform(relations, 7);
    const from = (start: string | null) => {
      const context = fakeContext({}, byEndpoint(answers));
      return readAll((next) => customers.list!(context, { cursor: next ?? start }));
    };
    let read = 0;
    let cursor: string | null = null;
    do {
      const page = await customers.list!(fakeContext({}, byEndpoint(answers)), { cursor });
      read += page.items.length;
      cursor = page.cursor;
      if (cursor === null) continue;
      expect(cursor.length).toBeLessThan(1_500);
      // Nothing comes again, and nothing is missed.
      expect((await from(cursor)).items).toHaveLength(260 - read);
    } while (cursor !== null);
    expect(read).toBe(260);
  });

  it('of a company where nobody may have any is empty', async () => {
    const { context, read } = list(platform({}));
    expect(await read).toMatchObject({ items: [], pages: 1 });
    expect(context.requests).toHaveLength(1);
  });

  it('loses nobody when a member without customers is answered with 84061', async () => {
    const relations: Relations = { a: [{ id: 'wm1' }], b: [], c: [{ id: 'wm2' }], d: [{ id: 'wm3' }] };
    const plain = platform(relations)[BATCH] as Answer;
    const { read } = list({
      ...platform(relations),
      [BATCH]: (request) => {
        const members = (request.json as JsonObject).userid_list as string[];
        return members.includes('b') ? { errcode: 84061, errmsg: 'not external contact' } : plain(request);
      },
    });
    expect((await read).items.map(({ externalId }) => externalId)).toEqual(['wm1', 'wm2', 'wm3']);
  });

  it('is not whole while members lack a licence, and says so', async () => {
    const { read } = list({
      ...platform({ a: [] }),
      [BATCH]: { ...ok, external_contact_list: [], fail_info: { unlicensed_userid_list: ['a'] } },
    });
    expect((await read).rejected).toEqual([
      {
        externalId: null,
        reason: 'WeCom keeps back the customers of 1 members without an interface licence.',
        raw: { unlicensed_userid_list: ['a'] },
      },
    ]);
  });

  it.each([48001, 40068])('goes by ids of tags where their names are refused (%i)', async (errcode) => {
    const { read } = list({
      ...platform({ a: [{ id: 'wm1', tags: ['et1'] }] }),
      'externalcontact/get_corp_tag_list': { errcode, errmsg: 'x' },
    });
    expect((await read).items).toMatchObject([{ tags: [{ id: 'et1', name: 'et1' }] }]);
  });

  it('waits for the names of tags when WeCom is busy', async () => {
    const { read } = list({
      ...platform({ a: [{ id: 'wm1', tags: ['et1'] }] }),
      'externalcontact/get_corp_tag_list': { errcode: -1, errmsg: 'x' },
    });
    await expect(read).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('sets rows aside that are none', async () => {
    const rows: JsonValue[] = [
      null,
      {},
      { external_contact: { name: 'x' }, follow_info: {} },
      { external_contact: contact('wm1'), follow_info: { userid: 'a', tag_id: 'et1' } },
    ];
    const { read } = list({ ...platform({ a: [] }), [BATCH]: { ...ok, external_contact_list: rows } });
    const { items, rejected } = await read;
    expect(items.map(({ externalId }) => externalId)).toEqual(['wm1']);
    expect(rejected).toHaveLength(3);
  });

  it('is an error, never empty, when the app is not allowed or the list is missing', async () => {
    await expect(list({}).read).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(list({ 'externalcontact/get_follow_user_list': ok }).read).rejects.toMatchObject({
      code: 'bad_response',
    });
    // A deployment without customers shows the page of some web server: that is no whole answer, and no broken run.
    await expect(
      list({ 'externalcontact/get_follow_user_list': () => 'page not found' }).read,
    ).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(list({ ...platform({ a: [] }), [BATCH]: ok }).read).rejects.toMatchObject({
      code: 'bad_response',
    });
  });

  it('ends with an error when the pages go round in circles', async () => {
    const row = { external_contact: contact('wm1'), follow_info: { userid: 'a' } };
    const { context, read } = list({
      ...platform({ a: [] }),
      [BATCH]: { ...ok, external_contact_list: [row], next_cursor: 'again' },
    });
    await expect(read).rejects.toMatchObject({ code: 'bad_response' });
    expect(context.requests.length).toBeLessThan(15);
  });

  it.each(['', '[]', '["members"]', '["rows",[],true,"c",1,null,0]', '["rows",["a"],true,"c","x",null,0]'])(
    'does not go on from %j',
    async (cursor) => {
      await expect(customers.list!(fakeContext(), { cursor })).rejects.toMatchObject({
        code: 'cursor_expired',
      });
    },
  );
});

const get = (answer: JsonObject | Answer, id = 'wm1') =>
  customers.get(fakeContext({}, byEndpoint({ 'externalcontact/get': answer })), { externalIds: [id] });

describe('one customer', () => {
  it('has owners, and the tags of the corporation: the same that the list tells', async () => {
    const [found] = await get({
      ...ok,
      external_contact: contact('wm1', { unionid: 'oU', name: '' }),
      follow_user: [
        {
          userid: 'Lin.Mei',
          tags: [
            { group_name: '培训', tag_name: '新人', type: 1, tag_id: 'et1' },
            { group_name: '', tag_name: '自己看', type: 2 },
            { group_name: '', tag_name: '也是自己', type: 2, tag_id: 'etPersonal' },
            { group_name: '规则', tag_name: '华东', type: 3, tag_id: 'et9' },
          ],
        },
        { userid: 'zhao.qi', tags: [{ group_name: '培训', tag_name: '新人', type: 1, tag_id: 'et1' }] },
        { userid: 'ZHAO.QI' },
      ],
    });
    expect(found).toMatchObject({
      status: 'found',
      record: {
        externalId: 'wm1',
        displayName: null,
        externalIds: [{ type: 'unionid', value: 'oU' }],
        tags: [{ id: 'et1', name: '新人', group: '培训' }],
      },
    });
    expect(found?.status === 'found' && found.record.ownerExternalIds).toHaveLength(2);
  });

  it('of more than 500 members is read to the end', async () => {
    const [found] = await get(({ query }) => {
      const at = Number(query?.['cursor'] ?? 0);
      return {
        ...ok,
        external_contact: contact('wm1'),
        follow_user: [{ userid: `m${at}` }],
        ...(at < 2 ? { next_cursor: String(at + 1) } : {}),
      };
    });
    expect(found).toMatchObject({ record: { ownerExternalIds: ['m0', 'm1', 'm2'] } });
  });

  it.each([40096, 84061])(
    'whom nobody visible has (%i) is unknown, which proves nothing',
    async (errcode) => {
      expect(await get({ errcode, errmsg: 'x' })).toEqual([{ externalId: 'wm1', status: 'unknown' }]);
    },
  );

  it.each([60011, 50002, 60021])('out of sight (%i) exists, or may', async (errcode) => {
    // The keys are there, and empty.
    expect(await get({ errcode, errmsg: 'x', external_contact: {}, follow_user: [] })).toEqual([
      { externalId: 'wm1', status: 'notVisible' },
    ]);
  });

  it('answered with another one is unknown', async () => {
    expect(await get({ ...ok, external_contact: contact('wm2'), follow_user: [] })).toEqual([
      { externalId: 'wm1', status: 'unknown' },
    ]);
  });

  it.each([
    [48001, 'permission_denied'],
    [45033, 'rate_limited'],
    [-1, 'unavailable'],
  ])('an error of the app or the moment (%i) is an error', async (errcode, code) => {
    await expect(get({ errcode, errmsg: 'x' })).rejects.toMatchObject({ code });
  });

  it('whose cursor comes again and again ends', async () => {
    const [found] = await get({
      ...ok,
      external_contact: contact('wm1'),
      follow_user: [{ userid: 'a' }],
      next_cursor: 'again',
    });
    expect(found).toMatchObject({ status: 'found' });
  });
});
