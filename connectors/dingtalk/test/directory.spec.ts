import { describe, expect, it } from 'vitest';
import type { JsonObject, Page } from '@trainbridge/connector-kit';
import { directory } from '../src/directory.js';
import { bodyOf, callsOf, fakeContext, textIn, wrapped, type Answers } from './fake-context.js';

async function all<T>(read: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor);
    expect(page.done).toBe(page.cursor === null);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return items;
}

function scopes(authed_dept: number[], authed_user: string[] = []): JsonObject {
  return {
    errcode: 0,
    auth_org_scopes: { authed_dept, authed_user },
    auth_user_field: ['name', 'mobile'],
  };
}

const departments: Record<string, string> = { 1: 'Sim', 10: '研发', 20: '市场', 11: '后端' };
const children: Record<string, number[]> = { 1: [10, 20], 10: [11], 11: [], 20: [] };

const departmentAnswers: Answers = {
  'POST /topapi/v2/department/get': (request) => {
    const id = Number(bodyOf(request).dept_id);
    const name = departments[id];
    if (name === undefined) return wrapped('60003');
    return { errcode: 0, errmsg: 'ok', result: { dept_id: id, name, ...(id === 1 ? {} : { parent_id: 1 }) } };
  },
  'POST /topapi/v2/department/listsub': (request) => {
    const parent = Number(bodyOf(request).dept_id);
    const below = children[parent];
    if (below === undefined) return wrapped('60003');
    return {
      errcode: 0,
      result: below.map((dept_id) => ({ dept_id, name: departments[dept_id] ?? '', parent_id: parent })),
    };
  },
};

describe('what the app may see', () => {
  it('is the contact range as grants', async () => {
    const context = fakeContext({}, { 'GET /auth/scopes': scopes([20, 10], ['b', 'a']) });
    expect(await directory.visibility(context)).toEqual({
      grants: ['department:10', 'department:20', 'user:a', 'user:b'],
      summary: { departments: 2, users: 2, fields: ['mobile', 'name'] },
    });
  });

  it('is not taken for nothing when the answer lacks it', async () => {
    const bodies: JsonObject[] = [
      { errcode: 0 },
      { errcode: 0, auth_org_scopes: {} },
      { errcode: 0, auth_org_scopes: [] },
    ];
    for (const body of bodies) {
      const context = fakeContext({}, { 'GET /auth/scopes': body });
      await expect(directory.visibility(context)).rejects.toMatchObject({ code: 'bad_response' });
    }
  });
});

describe('departments', () => {
  it('begin at the root when it is granted, one call per parent after that', async () => {
    const context = fakeContext({}, { ...departmentAnswers, 'GET /auth/scopes': scopes([20, 1]) });
    const seen: string[] = [];
    const walk = async (parentId: string | null): Promise<void> => {
      for (const { externalId } of await all((cursor) =>
        directory.listDepartments(context, { parentId, cursor }),
      )) {
        seen.push(externalId);
        await walk(externalId);
      }
    };
    await walk(null);
    expect(seen).toEqual(['1', '10', '11', '20']);
    expect(callsOf(context)).toEqual({
      'GET /auth/scopes': 1,
      'POST /topapi/v2/department/get': 1,
      'POST /topapi/v2/department/listsub': 4,
    });
  });

  it('begin at what is granted when the root is not, which may then not even be asked for', async () => {
    const context = fakeContext({}, { ...departmentAnswers, 'GET /auth/scopes': scopes([20, 10]) });
    const tops = await all((cursor) => directory.listDepartments(context, { cursor }));
    expect(tops.map(({ externalId, parentExternalId }) => [externalId, parentExternalId])).toEqual([
      ['10', '1'],
      ['20', '1'],
    ]);
  });

  it('many grants come in pages, and a grant that goes moves nobody out of them', async () => {
    const granted = Array.from({ length: 120 }, (_, index) => 1_000 + index);
    let answers = granted;
    const context = fakeContext(
      {},
      {
        'GET /auth/scopes': () => scopes(answers),
        'POST /topapi/v2/department/get': (request) => ({
          errcode: 0,
          result: { dept_id: bodyOf(request).dept_id ?? 0, name: 'x', parent_id: 1 },
        }),
      },
    );
    const first = await directory.listDepartments(context, { cursor: null });
    answers = granted.slice(3);
    const rest = await all((cursor) =>
      directory.listDepartments(context, { cursor: cursor ?? first.cursor }),
    );
    expect(first.items).toHaveLength(50);
    expect([...first.items, ...rest].map(({ externalId }) => externalId)).toEqual(granted.map(String));
  });

  it('that is dissolved meanwhile has no children; one out of sight is an error, not an empty one', async () => {
    const context = fakeContext({}, departmentAnswers);
    expect(await directory.listDepartments(context, { parentId: '99', cursor: null })).toMatchObject({
      items: [],
      done: true,
    });
    const refused = fakeContext({}, { 'POST /topapi/v2/department/listsub': wrapped('50004') });
    await expect(directory.listDepartments(refused, { parentId: '10', cursor: null })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  it('of an education organisation: the pseudo department is no part of the company', async () => {
    const context = fakeContext(
      {},
      {
        'POST /topapi/v2/department/listsub': {
          errcode: 0,
          result: [
            { dept_id: -1, name: '家校通讯录', parent_id: 1 },
            { dept_id: -7, name: '班级', parent_id: -1 },
            { dept_id: 10, name: '教务', parent_id: 1 },
          ],
        },
      },
    );
    const page = await directory.listDepartments(context, { parentId: '1', cursor: null });
    expect(page.items.map(({ externalId }) => externalId)).toEqual(['10']);
    expect(page.rejected).toEqual([]);
  });

  it('granted and yet unreadable is kept as an id, so that nobody below it looks gone', async () => {
    const context = fakeContext(
      {},
      { 'GET /auth/scopes': scopes([10]), 'POST /topapi/v2/department/get': wrapped('50004') },
    );
    expect((await directory.listDepartments(context, { cursor: null })).items).toEqual([
      { externalId: '10', idOnly: true, raw: {} },
    ]);
  });
});

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
      { departmentId: '10', isLeader: true, order: -176362815343598500 },
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

describe('what an id is now', () => {
  it('tells gone from out of sight from somebody else', async () => {
    const answers: Record<string, JsonObject> = {
      here: { errcode: 0, result: { userid: 'here', name: 'H' } },
      left: wrapped('33012'),
      unknown: { errcode: 60121, errmsg: 'user not found' },
      hidden: wrapped('50002'),
      swapped: { errcode: 0, result: { userid: 'other', name: 'O' } },
    };
    const context = fakeContext(
      {},
      { 'POST /topapi/v2/user/get': (request) => answers[textIn(request, 'userid')] ?? wrapped('-1') },
    );
    const found = await directory.getUsers(context, { externalIds: Object.keys(answers) });
    expect(found.map(({ externalId, status }) => [externalId, status])).toEqual([
      ['here', 'found'],
      ['left', 'gone'],
      ['unknown', 'gone'],
      ['hidden', 'notVisible'],
      ['swapped', 'unknown'],
    ]);
    expect(context.warnings).toHaveLength(1);
    await expect(directory.getUsers(context, { externalIds: ['busy'] })).rejects.toMatchObject({
      code: 'unavailable',
    });
    const denied = fakeContext({}, { 'POST /topapi/v2/user/get': wrapped('60011') });
    await expect(directory.getUsers(denied, { externalIds: ['here'] })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  it('the same of departments, and pseudo departments are not even asked for', async () => {
    const context = fakeContext({}, departmentAnswers);
    const found = await directory.getDepartments(context, { externalIds: ['10', '99', '-1', 'x'] });
    expect(found.map(({ status }) => status)).toEqual(['found', 'gone', 'unknown', 'unknown']);
    expect(context.requests).toHaveLength(2);
  });
});
