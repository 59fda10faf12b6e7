import type { Page } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { directory } from '../src/directory.js';
import { companyAnswers, listOf, type Branch } from './company.js';
import { fakeContext, ok, refused, type FakeContext } from './fake-context.js';

const many = (prefix: string, count: number): Branch[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}` }));

/** Reads a listing to its end, as the host does, and from every cursor once more. */
async function readAll<T extends { externalId: string }>(read: (cursor: string | null) => Promise<Page<T>>) {
  const ids: string[] = [];
  const cursors: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor);
    expect(page.done).toBe(page.cursor === null);
    expect(page.rejected).toEqual([]);
    ids.push(...page.items.map(({ externalId }) => externalId));
    cursor = page.cursor;
    if (cursor !== null) cursors.push(cursor);
  } while (cursor !== null && cursors.length < 500);
  return { ids, cursors };
}

const departmentsOf = (context: FakeContext) =>
  readAll((cursor) => directory.listDepartments(context, { cursor }));
const peopleGranted = (context: FakeContext) =>
  readAll((cursor) => directory.listUsers(context, { departmentId: null, cursor }));

describe('departments', () => {
  const granted: Branch[] = [
    { id: 'od-a', below: [{ id: 'od-a1', below: many('od-a1-', 130) }] },
    { id: 'od-b' },
    ...many('od-', 20),
  ];
  const everything = [
    'od-a',
    'od-a1',
    'od-b',
    ...many('od-a1-', 130).map(({ id }) => id),
    ...many('od-', 20).map(({ id }) => id),
  ];

  it('begin at what was granted and never at root; each once, in as few pages as the platform has', async () => {
    const context = fakeContext(companyAnswers({ granted }));
    const { ids, cursors } = await departmentsOf(context);
    expect([...ids].sort()).toEqual([...everything].sort());
    expect(context.names()).not.toContain('GET contact/v3/departments/0/children');
    const subtrees = context.names().filter((name) => name.endsWith('/children'));
    // 22 grants, one page each, and two more for the 131 below the first.
    expect(subtrees).toHaveLength(22 + 2);
    expect(context.names().filter((name) => name.endsWith('/batch'))).toHaveLength(1);
    expect(context.names().filter((name) => name.endsWith('/scopes'))).toHaveLength(1);
    expect(Math.max(...cursors.map((cursor) => cursor.length))).toBeLessThan(1_500);
  });

  it('go on from every cursor as if nothing had happened', async () => {
    const context = fakeContext(companyAnswers({ granted }, 7));
    const { ids, cursors } = await departmentsOf(context);
    expect(cursors.length).toBeGreaterThan(5);
    for (const from of cursors) {
      const rest = await readAll((cursor) => directory.listDepartments(context, { cursor: cursor ?? from }));
      expect(rest.ids).toEqual(ids.slice(ids.length - rest.ids.length));
    }
  });

  it('many long subtrees at once: the cursor stays small, and still each page is read once', async () => {
    const wide = Array.from({ length: 60 }, (_, n) => ({
      id: `od-${'x'.repeat(32)}-${n}`,
      below: many(`od-${n}-`, 7),
    }));
    const context = fakeContext(companyAnswers({ granted: wide }, 3));
    const { ids, cursors } = await departmentsOf(context);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(60 * 8);
    expect(Math.max(...cursors.map((cursor) => cursor.length))).toBeLessThan(1_500);
    const asked = context.calls.map(({ name, query }) => JSON.stringify([name, query]));
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('too large to be listed at once: level by level, and still each once', async () => {
    const deep: Branch[] = [
      {
        id: 'od-a',
        below: [
          { id: 'od-a1', below: [{ id: 'od-a11', below: many('od-a11-', 3) }, { id: 'od-a12' }] },
          ...many('od-a2-', 30),
        ],
      },
      { id: 'od-b', below: many('od-b-', 3) },
    ];
    const context = fakeContext(companyAnswers({ granted: deep, tooLarge: ['od-a', 'od-a1'] }, 4));
    const { ids } = await departmentsOf(context);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(1 + 1 + 2 + 3 + 30 + 1 + 3);
  });

  it('an answer that names the department itself among those below it leads in no circle', async () => {
    const answers = companyAnswers({
      granted: [{ id: 'od-a', below: [{ id: 'od-a1' }] }],
      tooLarge: ['od-a'],
    });
    answers['GET contact/v3/departments/od-a/children'] = (call) =>
      call.query.fetch_child === true
        ? refused(43010)
        : ok({ has_more: false, items: [{ open_department_id: 'od-a' }, { open_department_id: 'od-a1' }] });
    const { ids } = await departmentsOf(fakeContext(answers));
    expect([...new Set(ids)]).toEqual(['od-a', 'od-a1']);
    expect(ids.length).toBeLessThan(4);
  });

  it('deleted ones are left out, and root is no department', async () => {
    const answers = companyAnswers({ granted: [{ id: 'od-a' }] });
    answers['GET contact/v3/scopes'] = ok({ department_ids: ['0'], has_more: false });
    answers['GET contact/v3/departments/0/children'] = ok({
      has_more: false,
      items: [
        { open_department_id: 'od-x', status: { is_deleted: true } },
        { open_department_id: 'od-y', status: { is_deleted: false } },
      ],
    });
    expect((await departmentsOf(fakeContext(answers))).ids).toEqual(['od-y']);
  });

  it.each([
    '',
    'x',
    '[]',
    '[[],{}]',
    '[[[1,null]],[]]',
    '[[[null,0.5]],[]]',
    '[[],[["od-a",null]]]',
    '{"a":1}',
  ])('the cursor %j is not one of ours', async (cursor) => {
    const context = fakeContext();
    await expect(directory.listDepartments(context, { cursor })).rejects.toMatchObject({
      code: 'cursor_expired',
    });
  });

  it('a page token the platform has forgotten starts the walk anew', async () => {
    const answers = companyAnswers({ granted }, 7);
    answers['GET contact/v3/departments/od-a/children'] = (call) =>
      call.query.page_token === undefined
        ? ok({ has_more: true, page_token: 't', items: [] })
        : refused(40012);
    await expect(departmentsOf(fakeContext(answers))).rejects.toMatchObject({ code: 'cursor_expired' });
  });
});

describe('people', () => {
  it('granted one by one: read in fifties over all pages of the grants', async () => {
    const users = Array.from({ length: 130 }, (_, index) => `on_${index}`);
    const context = fakeContext(companyAnswers({ granted: [{ id: 'od-a' }], users }, 100));
    const { ids } = await peopleGranted(context);
    expect(ids).toEqual(users);
    const batches = context.calls.filter(({ name }) => name.endsWith('users/batch'));
    expect(batches.map(({ query }) => listOf(query.user_ids).length)).toEqual([50, 50, 30]);
  });

  it('granted and not to be read: they exist, until the platform says that they left', async () => {
    const answers = companyAnswers({
      granted: [{ id: 'od-a' }, { id: 'od-b' }],
      users: ['on_1', 'on_2', 'on_3'],
    });
    const context = fakeContext({
      ...answers,
      'GET contact/v3/users/batch': ok({ items: [{ union_id: 'on_1' }] }),
      'GET contact/v3/users/on_2': refused(41050),
      'GET contact/v3/users/on_3': ok({ user: { union_id: 'on_3', status: { is_resigned: true } } }),
      'GET contact/v3/departments/batch': ok(),
      'GET contact/v3/departments/od-a': refused(40004, {}, 403),
      'GET contact/v3/departments/od-b': refused(40015),
    });
    const people = await directory.listUsers(context, { departmentId: null, cursor: null });
    expect(people.items.map(({ externalId, idOnly }) => [externalId, idOnly])).toEqual([
      ['on_1', undefined],
      ['on_2', true],
    ]);
    const departments = await directory.listDepartments(context, { cursor: null });
    expect(departments.items).toEqual([
      { externalId: 'od-a', idOnly: true, raw: { open_department_id: 'od-a' } },
    ]);
  });

  it('of a department, with ids of the kinds everything is kept by, fifty a page', async () => {
    const context = fakeContext({
      'GET contact/v3/users/find_by_department': ({ query }) =>
        query.page_token === undefined
          ? ok({ has_more: true, page_token: 'a/+=%', items: [{ union_id: 'on_1' }] })
          : ok({ has_more: false, items: [{ union_id: 'on_2' }, { open_id: 'ou_3' }] }),
    });
    const first = await directory.listUsers(context, { departmentId: 'od-a', cursor: null });
    expect(first).toMatchObject({ items: [{ externalId: 'on_1' }], cursor: 'a/+=%', done: false });
    const second = await directory.listUsers(context, { departmentId: 'od-a', cursor: first.cursor });
    expect(second).toMatchObject({ items: [{ externalId: 'on_2' }], cursor: null, done: true });
    expect(second.rejected).toHaveLength(1);
    expect(context.calls[1]?.query).toEqual({
      user_id_type: 'union_id',
      department_id_type: 'open_department_id',
      department_id: 'od-a',
      page_size: 50,
      page_token: 'a/+=%',
    });
  });

  it('of an empty department there are none, and an answer that says nothing is no empty department', async () => {
    const list = (data: object) =>
      directory.listUsers(fakeContext({ 'GET contact/v3/users/find_by_department': ok(data as never) }), {
        departmentId: 'od-a',
        cursor: null,
      });
    expect((await list({ has_more: false })).items).toEqual([]);
    for (const data of [
      {},
      { items: 'none', has_more: false },
      { items: [], has_more: true },
      { has_more: true },
    ])
      await expect(list(data)).rejects.toMatchObject({ code: 'bad_response' });
  });

  it('of a department dissolved meanwhile there are none, of one out of sight it is an error', async () => {
    const gone = fakeContext({
      'GET contact/v3/users/find_by_department': refused(99992357),
      'GET contact/v3/departments/batch': ok(),
      'GET contact/v3/departments/od-a': refused(40015),
    });
    expect(await directory.listUsers(gone, { departmentId: 'od-a', cursor: null })).toMatchObject({
      items: [],
      done: true,
    });
    const hidden = fakeContext({
      'GET contact/v3/users/find_by_department': refused(99992357),
      'GET contact/v3/departments/batch': ok(),
      'GET contact/v3/departments/od-a': refused(40004, {}, 403),
    });
    await expect(directory.listUsers(hidden, { departmentId: 'od-a', cursor: null })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('what the app may see', () => {
  it('all members: one grant, whoever stands under the root today', async () => {
    const context = fakeContext(
      companyAnswers({ granted: [{ id: 'od-a' }], users: ['on_1'], wholeCompany: true }),
    );
    const { grants, summary } = await directory.visibility(context);
    expect(grants).toEqual(['company']);
    expect(summary).toEqual({ wholeCompany: true, departments: 1, users: 1, groups: 1 });
  });

  it('a part: each grant, sorted, from all pages', async () => {
    const context = fakeContext(companyAnswers({ granted: many('od-', 3), users: ['on_2', 'on_1'] }, 2));
    const { grants } = await directory.visibility(context);
    expect(grants).toEqual([
      'department:od-0',
      'department:od-1',
      'department:od-2',
      'user:on_1',
      'user:on_2',
    ]);
  });

  it('an answer without the lists is no empty range, and a missing scope is an error', async () => {
    const silent = fakeContext({
      'GET contact/v3/departments/0/children': refused(40004, {}, 403),
      'GET contact/v3/scopes': ok(),
    });
    await expect(directory.visibility(silent)).rejects.toMatchObject({ code: 'bad_response' });
    const unpermitted = fakeContext({ 'GET contact/v3/departments/0/children': refused(99991672) });
    await expect(directory.visibility(unpermitted)).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
