import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@trainbridge/connector-kit';
import { directory } from '../src/directory.js';
import { bodyOf, callsOf, fakeContext, textIn, wrapped, type Answers } from './fake-context.js';
import { all, scopes } from './pages.js';

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
