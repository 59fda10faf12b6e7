import type { JsonObject, TaskReference } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { tasks } from '../src/tasks.js';
import { fakeContext, NOW, ok, refused, type Answers, type FakeContext } from './fake-context.js';

const HOUR = 3_600_000;
const LIST = 'GET approval/v4/instances';

async function listAll(context: FakeContext, since: number) {
  const items: TaskReference[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page = await tasks.list(context, { since, cursor });
    expect(page.done).toBe(page.cursor === null);
    items.push(...page.items);
    cursor = page.cursor;
    pages += 1;
  } while (cursor !== null && pages < 100);
  return items.map(({ externalId }) => externalId);
}

describe('the list', () => {
  it('definition after definition, in windows of ten hours without a gap', async () => {
    const context = fakeContext(
      { [LIST]: ok({ has_more: false, instance_code_list: [] }) },
      { approvalCodes: ['A', 'B'] },
    );
    await listAll(context, NOW - 25 * HOUR);
    const windows = context.calls.map(({ query }) => [
      query.approval_code,
      Number(query.start_time),
      Number(query.end_time),
    ]);
    const expected = ['A', 'B'].flatMap((code) => [
      [code, NOW - 25 * HOUR, NOW - 15 * HOUR],
      [code, NOW - 15 * HOUR, NOW - 5 * HOUR],
      [code, NOW - 5 * HOUR, NOW],
    ]);
    expect(windows).toEqual(expected);
  });

  it('a page’s token is used for exactly the question it was given for, while the clock goes on', async () => {
    let now = NOW;
    const answers: Answers = {
      [LIST]: ({ query }) => {
        now += 60_000;
        return query.page_token === undefined
          ? ok({ has_more: true, page_token: 'p2', instance_code_list: ['I-1'] })
          : ok({ has_more: false, instance_code_list: ['I-2', '', null] });
      },
    };
    const context = { ...fakeContext(answers, { approvalCodes: ['A'] }), now: () => now };
    expect(await listAll(context, NOW - HOUR)).toEqual(['I-1', 'I-2']);
    const asked = context.calls.map(({ query: { page_token: _token, ...rest } }) => rest);
    expect(asked[1]).toEqual(asked[0]);
    expect(asked).toHaveLength(2);
  });

  it('without definitions, or with nothing since, nobody is asked', async () => {
    expect(await listAll(fakeContext(), 0)).toEqual([]);
    expect(await listAll(fakeContext({}, { approvalCodes: ['A'] }), NOW)).toEqual([]);
  });

  it.each(['', 'x', '[]', '["C",1,2,null]', '["A","1",2,null]', '["A",1,2,5]', '{}'])(
    'the cursor %j is not one of ours',
    async (cursor) => {
      const context = fakeContext({}, { approvalCodes: ['A'] });
      await expect(tasks.list(context, { since: 0, cursor })).rejects.toMatchObject({
        code: 'cursor_expired',
      });
    },
  );
});

const instance: JsonObject = {
  approval_name: '培训申请',
  approval_code: 'A',
  instance_code: 'I-1',
  status: 'APPROVED',
  start_time: '1700000000000',
  end_time: '1700000600000',
  open_id: 'ou_1',
  user_id: 'e1',
  form: JSON.stringify([
    { id: 'w1', name: '课程', type: 'input', value: '安全' },
    { id: 'w2', name: '人数', type: 'number', value: 3 },
    { id: 'w3', name: '课程', type: 'input', value: '消防' },
    { id: 'w4', name: '', type: 'text', value: 'x' },
    { id: 'w5', name: '空', type: 'input' },
  ]),
  timeline: [{ type: 'PASS', create_time: '1700000300000' }],
};

const read = async (change: JsonObject = {}) => {
  const context = fakeContext({ 'GET approval/v4/instances/I-1': ok({ ...instance, ...change }) });
  const [lookup] = await tasks.get(context, { externalIds: ['I-1'] });
  if (lookup?.status !== 'found') throw new Error(lookup?.status);
  return lookup.record;
};

describe('one approval', () => {
  it('with its form by label, and its applicant by the id approvals use', async () => {
    expect(await read()).toEqual({
      externalId: 'I-1',
      kind: 'A',
      title: '培训申请',
      status: 'approved',
      applicantExternalId: 'open_id:ou_1',
      form: { 课程: '安全', 人数: 3, '课程 (w3)': '消防', w4: 'x' },
      updatedAt: '2023-11-14T22:23:20.000Z',
      raw: instance,
    });
  });

  it.each([
    ['PENDING', 'open'],
    ['APPROVED', 'approved'],
    ['REJECTED', 'rejected'],
    ['CANCELED', 'withdrawn'],
    ['DELETED', 'deleted'],
    ['REVERTED', 'withdrawn'],
  ])('%s is %s', async (status, expected) => {
    expect((await read({ status })).status).toBe(expected);
  });

  it('approved and taken back is withdrawn; open ones changed when something last happened', async () => {
    expect((await read({ reverted: true })).status).toBe('withdrawn');
    expect((await read({ status: 'PENDING', end_time: '0' })).updatedAt).toBe('2023-11-14T22:18:20.000Z');
  });

  it('who has no open_id is known by the other id, or not at all', async () => {
    expect((await read({ open_id: '' })).applicantExternalId).toBe('user_id:e1');
    expect((await read({ open_id: '', user_id: '' })).applicantExternalId).toBeNull();
  });

  it.each(['', 'no JSON', '{}', '[null,1,"x"]', 7, null])('the form %j is empty', async (form) => {
    expect((await read({ form })).form).toEqual({});
  });

  it('gone, hidden, of an unknown state, or an error', async () => {
    const context = fakeContext({
      'GET approval/v4/instances/I-1': refused(1390003),
      'GET approval/v4/instances/I-2': refused(1390009, {}, 403),
      'GET approval/v4/instances/I-3': ok({ ...instance, status: 'DREAMT' }),
    });
    const lookups = await tasks.get(context, { externalIds: ['I-1', 'I-2', 'I-3'] });
    expect(lookups.map(({ status }) => status)).toEqual(['gone', 'notVisible', 'unknown']);
    const broken = fakeContext({ 'GET approval/v4/instances/I-1': refused(1395001, {}, 500) });
    await expect(tasks.get(broken, { externalIds: ['I-1'] })).rejects.toMatchObject({ code: 'unavailable' });
  });
});
