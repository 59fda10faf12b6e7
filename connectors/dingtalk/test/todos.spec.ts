import { describe, expect, it } from 'vitest';
import type { TodoItem } from '@trainbridge/connector-kit';
import { todos } from '../src/todos.js';
import { Answer, bodyOf, callsOf, fakeContext, nameOf, wrapped, type Answers } from './fake-context.js';

const refusal = (code: string, message: string): Answer =>
  new Answer(400, { code, requestid: 'R-1', message });

function item(fields: Partial<TodoItem> = {}): TodoItem {
  return {
    key: 'enr_1',
    recipientExternalId: 'zhang3',
    recipientExternalIds: [{ type: 'unionid', value: 'un/1=' }],
    title: '新员工培训',
    description: '请在本周内完成',
    url: 'https://lms.example.test/go/con/c1',
    dueAt: '2026-12-31T16:00:00.000Z',
    ...fields,
  };
}

const created = 'POST /v1.0/todo/users/un%2F1%3D/tasks';
const one = '/v1.0/todo/users/un%2F1%3D/tasks/todo1';
const reference = JSON.stringify(['un/1=', 'todo1']);
const closing = {
  key: 'enr_1',
  externalRef: reference,
  recipientExternalId: 'zhang3',
};

describe('a to-do', () => {
  it('is made under the unionId with all DingTalk needs to show it', async () => {
    const context = fakeContext({}, { [created]: { id: 'todo1', subject: 'x', done: false } });
    expect(await todos.upsert(context, { items: [item()] })).toEqual([
      { key: 'enr_1', status: 'done', externalRef: reference },
    ]);
    const [request] = context.requests;
    expect(request?.query).toEqual({ operatorId: 'un/1=' });
    expect(request?.retry).toBeUndefined();
    expect(bodyOf(request)).toEqual({
      subject: '新员工培训',
      description: '请在本周内完成',
      dueTime: Date.parse('2026-12-31T16:00:00Z'),
      sourceId: 'enr_1',
      creatorId: 'un/1=',
      executorIds: ['un/1='],
      detailUrl: {
        appUrl: 'https://lms.example.test/go/con/c1',
        pcUrl: 'https://lms.example.test/go/con/c1',
      },
      isOnlyShowExecutor: true,
    });
  });

  it('of a try that got lost is found by its key, and brought up to date', async () => {
    const context = fakeContext(
      {},
      {
        [created]: refusal('todo.taskCreate.paramError', 'task exist'),
        'GET /v1.0/todo/users/un%2F1%3D/tasks/sources/enr_1': { id: 'todo1', subject: 'old' },
        [`PUT ${one}`]: { result: true },
      },
    );
    expect(await todos.upsert(context, { items: [item({ title: 'new' })] })).toEqual([
      { key: 'enr_1', status: 'done', externalRef: reference },
    ]);
    expect(bodyOf(context.requests[2])).toMatchObject({ subject: 'new' });
  });

  it('is made anew under the next generation of its key where a deleted one keeps the first', async () => {
    const gone = refusal('todo.taskQuery.paramError', 'task not exist');
    const context = fakeContext(
      {},
      {
        [created]: (request) =>
          bodyOf(request).sourceId === 'enr_1.2'
            ? { id: 'todo2' }
            : refusal('todo.taskCreate.paramError', 'task exist'),
        'GET /v1.0/todo/users/un%2F1%3D/tasks/sources/enr_1': gone,
      },
    );
    expect(await todos.upsert(context, { items: [item()] })).toEqual([
      { key: 'enr_1', status: 'done', externalRef: JSON.stringify(['un/1=', 'todo2']) },
    ]);
    const never = fakeContext(
      {},
      {
        [created]: refusal('todo.taskCreate.paramError', 'task exist'),
        ...Object.fromEntries(
          ['', '.2', '.3', '.4', '.5'].map((end) => [
            `GET /v1.0/todo/users/un%2F1%3D/tasks/sources/enr_1${end}`,
            gone,
          ]),
        ),
      },
    );
    expect(await todos.upsert(never, { items: [item()] })).toMatchObject([
      { status: 'failed', error: { code: 'input_invalid' } },
    ]);
  });

  it('is changed where it is known already, and left alone where the person deleted it', async () => {
    const context = fakeContext({}, { [`PUT ${one}`]: { result: true } });
    const known = item({ externalRef: reference, title: 'changed' });
    expect(await todos.upsert(context, { items: [known] })).toEqual([
      { key: 'enr_1', status: 'done', externalRef: reference },
    ]);
    expect(bodyOf(context.requests[0])).toEqual({
      subject: 'changed',
      description: '请在本周内完成',
      dueTime: Date.parse('2026-12-31T16:00:00Z'),
    });
    const deleted = fakeContext(
      {},
      { [`PUT ${one}`]: refusal('todo.taskUpdate.paramError', 'task not exist') },
    );
    expect(await todos.upsert(deleted, { items: [known] })).toMatchObject([{ status: 'skipped' }]);
  });

  it('asks for the unionId the directory did not have', async () => {
    const context = fakeContext(
      {},
      {
        'POST /topapi/v2/user/get': { errcode: 0, result: { userid: 'zhang3', unionid: 'un/1=' } },
        [created]: { id: 'todo1' },
      },
    );
    expect(await todos.upsert(context, { items: [item({ recipientExternalIds: [] })] })).toMatchObject([
      { status: 'done', externalRef: reference },
    ]);
    const without = fakeContext(
      {},
      { 'POST /topapi/v2/user/get': { errcode: 0, result: { userid: 'zhang3' } } },
    );
    expect(await todos.upsert(without, { items: [item({ recipientExternalIds: [] })] })).toMatchObject([
      { status: 'failed', error: { code: 'not_found' } },
    ]);
  });

  it('one that fails is a failure of its own', async () => {
    const answers: Answers = {
      'POST /v1.0/todo/users/a/tasks': { id: 'ta' },
      'POST /v1.0/todo/users/b/tasks': new Answer(403, {
        code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
        requestid: 'R',
        message: 'qps',
      }),
      'POST /v1.0/todo/users/c/tasks': refusal('todo.taskCreate.paramError', 'dueTime is invalid'),
      'POST /v1.0/todo/users/d/tasks': { done: false },
    };
    const items = ['a', 'b', 'c', 'd'].map((value) =>
      item({ key: value, recipientExternalIds: [{ type: 'unionid', value }] }),
    );
    expect(await todos.upsert(fakeContext({}, answers), { items })).toMatchObject([
      { key: 'a', status: 'done' },
      { key: 'b', status: 'failed', error: { code: 'rate_limited' } },
      { key: 'c', status: 'failed', error: { code: 'input_invalid', vendorMessage: 'dueTime is invalid' } },
      { key: 'd', status: 'failed', error: { code: 'bad_response' } },
    ]);
  });

  it('keeps to DingTalk’s lengths, and sends no date it cannot read', async () => {
    const context = fakeContext({}, { [created]: { id: 'todo1' } });
    const long = item({ title: '长'.repeat(2_000), description: 'x'.repeat(9_000), dueAt: 'someday' });
    await todos.upsert(context, { items: [long] });
    const body = bodyOf(context.requests[0]) as { subject: string; description: string };
    expect([body.subject.length, body.description.length]).toEqual([1_024, 4_096]);
    expect(body.subject.endsWith('…')).toBe(true);
    expect(body).not.toHaveProperty('dueTime');
  });
});

describe('closing', () => {
  it.each([
    ['completed', `PUT ${one}`, { done: true }],
    ['withdrawn', `DELETE ${one}`, undefined],
  ] as const)('%s is %s', async (outcome, call, body) => {
    const context = fakeContext({}, { [call]: { result: true, requestId: 'x' } });
    expect(await todos.close(context, { items: [{ ...closing, outcome }] })).toEqual([
      { key: 'enr_1', status: 'done', externalRef: reference },
    ]);
    expect(callsOf(context)).toEqual({ [call]: 1 });
    expect(context.requests[0]?.json).toEqual(body);
    expect(context.requests.map(nameOf)).toEqual([call]);
  });

  it.each(['completed', 'withdrawn'] as const)('%s what is gone already is done', async (outcome) => {
    const gone = refusal('todo.taskUpdate.paramError', 'task not exist');
    const context = fakeContext({}, { [`PUT ${one}`]: gone, [`DELETE ${one}`]: gone });
    expect(await todos.close(context, { items: [{ ...closing, outcome }] })).toMatchObject([
      { status: 'done' },
    ]);
  });

  it.each([
    [
      'another app’s',
      refusal('todo.taskUpdate.paramError', 'task not belong to bizTag'),
      'permission_denied',
    ],
    ['a no without a reason', new Answer(200, { result: false }), 'bad_response'],
    ['a dead API', new Answer(500, { code: 'systemError', requestid: 'R', message: '' }), 'unavailable'],
  ])('%s is a failure', async (_name, answer, code) => {
    const context = fakeContext({}, { [`PUT ${one}`]: answer });
    expect(await todos.close(context, { items: [{ ...closing, outcome: 'completed' }] })).toMatchObject([
      { status: 'failed', error: { code } },
    ]);
  });

  it.each(['', 'x', '[]', '{"a":1}', '["only one"]'])(
    'a foreign reference is told as such: %s',
    async (externalRef) => {
      const items = [{ ...closing, externalRef, outcome: 'completed' as const }];
      expect(await todos.close(fakeContext(), { items })).toMatchObject([
        { status: 'failed', error: { code: 'internal' } },
      ]);
    },
  );

  it('a person who left is not a crash', async () => {
    const context = fakeContext({}, { 'POST /topapi/v2/user/get': wrapped('60121') });
    const outcome = await todos.upsert(context, { items: [item({ recipientExternalIds: [] })] });
    expect(outcome).toMatchObject([{ status: 'failed', error: { code: 'not_found' } }]);
  });
});
