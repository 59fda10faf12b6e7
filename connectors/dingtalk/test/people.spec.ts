import { describe, expect, it } from 'vitest';
import { directory } from '../src/directory.js';
import { bodyOf, callsOf, fakeContext, textIn, wrapped, type Answers } from './fake-context.js';
import { all, scopes } from './pages.js';

describe('people', () => {
  const members = Array.from({ length: 250 }, (_, index) => ({
    userid: `u${index}`,
    unionid: `un${index}`,
    name: `N${index}`,
    active: true,
    dept_id_list: [10],
    leader: index === 0,
    dept_order: 176362815343598500 - index,
  }));
  const listing: Answers = {
    'POST /topapi/v2/user/list': (request) => {
      const { cursor, size } = bodyOf(request) as { cursor: number; size: number };
      const next = cursor + size;
      const hasMore = next < members.length;
      return {
        errcode: 0,
        result: {
          has_more: hasMore,
          ...(hasMore ? { next_cursor: next } : {}),
          list: members.slice(cursor, next),
        },
      };
    },
  };

  it('come in pages of 100, no more calls than that, those with restricted access included', async () => {
    const context = fakeContext({}, listing);
    const people = await all((cursor) => directory.listUsers(context, { departmentId: '10', cursor }));
    expect(people).toHaveLength(250);
    expect(callsOf(context)).toEqual({ 'POST /topapi/v2/user/list': 3 });
    expect(bodyOf(context.requests[1])).toEqual({
      dept_id: 10,
      cursor: 100,
      size: 100,
      contain_access_limit: true,
    });
    expect(people[0]?.memberships).toEqual([
      { departmentId: '10', isLeader: true, isPrimary: true, order: -176362815343598500 },
    ]);
  });

  it.each([
    ['more is promised without a way to it', { has_more: true, list: [] }],
    ['nobody says whether it is the last', { list: [] }],
    ['the list is missing', { has_more: false }],
  ])('are not cut short: %s', async (_name, result) => {
    const context = fakeContext({}, { 'POST /topapi/v2/user/list': { errcode: 0, result } });
    await expect(directory.listUsers(context, { departmentId: '10', cursor: null })).rejects.toMatchObject({
      code: 'bad_response',
    });
  });

  it('pages that never end are ended', async () => {
    const context = fakeContext({}, listing);
    await expect(
      directory.listUsers(context, { departmentId: '10', cursor: '[5,9999,0,0]' }),
    ).rejects.toMatchObject({ code: 'bad_response' });
  });

  it.each([
    ['one page for ever', () => 0],
    ['two pages in turn', (cursor: number) => (cursor === 100 ? 200 : 100)],
    ['a circle met late', (cursor: number) => (cursor < 1_000 ? cursor + 100 : 500)],
  ])('pages in a circle are told from pages: %s', async (_name, follow: (cursor: number) => number) => {
    const context = fakeContext(
      {},
      {
        'POST /topapi/v2/user/list': (request) => ({
          errcode: 0,
          result: { has_more: true, next_cursor: follow(Number(bodyOf(request).cursor)), list: [] },
        }),
      },
    );
    await expect(
      all((cursor) => directory.listUsers(context, { departmentId: '10', cursor })),
    ).rejects.toMatchObject({ code: 'bad_response' });
    expect(context.requests.length).toBeLessThan(100);
  });

  it('a page that is sent twice once is survived', async () => {
    let repeats = 1;
    const context = fakeContext(
      {},
      {
        'POST /topapi/v2/user/list': (request) => {
          const cursor = Number(bodyOf(request).cursor);
          const next = cursor === 0 && repeats-- > 0 ? 0 : cursor + 100;
          const list = [{ userid: `u${cursor}` }];
          return { errcode: 0, result: { has_more: next < 300, next_cursor: next, list } };
        },
      },
    );
    const people = await all((cursor) => directory.listUsers(context, { departmentId: '10', cursor }));
    expect(people.map(({ externalId }) => externalId)).toEqual(['u0', 'u0', 'u100', 'u200']);
  });

  it('a foreign cursor starts the walk anew', async () => {
    const context = fakeContext({}, listing);
    for (const cursor of ['', 'x', '1', '[]', '[1]', '[-2,0,0,0]', '[1,2,3,4,5]', '{"at":1}', '["1",0,0,0]'])
      await expect(directory.listUsers(context, { departmentId: '10', cursor })).rejects.toMatchObject({
        code: 'cursor_expired',
      });
    await expect(directory.listDepartments(context, { parentId: '10', cursor: 'x' })).rejects.toMatchObject({
      code: 'cursor_expired',
    });
  });

  it('named one by one are asked for one by one, unless the root is granted', async () => {
    const users: Answers = {
      'POST /topapi/v2/user/get': (request) => {
        const userid = textIn(request, 'userid');
        if (userid === 'left') return wrapped('33012');
        if (userid === 'hidden') return wrapped('50002');
        return { errcode: 0, result: { userid, unionid: `un-${userid}`, name: userid, dept_id_list: [77] } };
      },
    };
    const context = fakeContext({}, { ...users, 'GET /auth/scopes': scopes([10], ['a', 'left', 'hidden']) });
    const named = await all((cursor) => directory.listUsers(context, { departmentId: null, cursor }));
    expect(named).toMatchObject([
      { externalId: 'a', managerExternalId: null },
      { externalId: 'hidden', idOnly: true },
    ]);
    const whole = fakeContext({}, { ...users, 'GET /auth/scopes': scopes([1], ['a']) });
    expect(await directory.listUsers(whole, { departmentId: null, cursor: null })).toMatchObject({
      items: [],
      done: true,
    });
    expect(callsOf(whole)).toEqual({ 'GET /auth/scopes': 1 });
  });

  it('that a department lost while it was read are not an error', async () => {
    const gone = fakeContext({}, { 'POST /topapi/v2/user/list': wrapped('60003') });
    expect(await directory.listUsers(gone, { departmentId: '10', cursor: null })).toMatchObject({
      items: [],
      done: true,
    });
    const hidden = fakeContext({}, { 'POST /topapi/v2/user/list': wrapped('50004') });
    await expect(directory.listUsers(hidden, { departmentId: '10', cursor: null })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });
});
