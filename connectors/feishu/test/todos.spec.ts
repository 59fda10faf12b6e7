import type { JsonObject, TodoItem } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { todos } from '../src/todos.js';
import { fakeContext, NOW, ok, refused, type Answers } from './fake-context.js';

const item: TodoItem = {
  key: 'enr_0123456789',
  recipientExternalId: 'on_1',
  recipientExternalIds: [],
  title: '安全培训',
  description: '请于月底前完成',
  url: 'https://lms.example.test/go/1',
  dueAt: '2026-12-31T10:00:00Z',
};
const CREATE = 'POST task/v2/tasks';
const created = ok({ task: { guid: 'g-1' } });

const put = (answers: Answers, ...items: TodoItem[]) => {
  const context = fakeContext(answers);
  return { context, outcomes: todos.upsert(context, { items }) };
};
const close = (answers: Answers, outcome: 'completed' | 'withdrawn') => {
  const context = fakeContext(answers);
  const items = [{ key: 'k', externalRef: 'g-1', recipientExternalId: 'on_1', outcome }];
  return { context, outcomes: todos.close(context, { items }) };
};

describe('a to-do', () => {
  it('is a task the app creates for the person, with a way back', async () => {
    const { context, outcomes } = put({ [CREATE]: created }, item);
    expect(await outcomes).toEqual([{ key: item.key, status: 'done', externalRef: 'g-1' }]);
    const [call] = context.calls;
    expect(call?.query).toEqual({ user_id_type: 'union_id' });
    expect(call?.request.retry).toBe('safe');
    expect(call?.json).toEqual({
      summary: '安全培训',
      description: '请于月底前完成\nhttps://lms.example.test/go/1',
      due: { timestamp: '1798711200000', is_all_day: false },
      members: [{ id: 'on_1', type: 'user', role: 'assignee' }],
      origin: {
        platform_i18n_name: { zh_cn: '在线培训', en_us: 'Training' },
        href: { url: item.url, title: '安全培训' },
      },
      mode: 2,
      client_token: 'enr_0123456789',
    });
  });

  it.each(['short', 'x'.repeat(101), 'enrollment 1/2', '学'.repeat(20)])(
    'the key %j becomes one the platform takes',
    async (key) => {
      const tokens = [];
      for (let round = 0; round < 2; round += 1) {
        const { context, outcomes } = put({ [CREATE]: created }, { ...item, key });
        expect(await outcomes).toMatchObject([{ key, status: 'done' }]);
        tokens.push((context.calls[0]?.json as JsonObject).client_token);
      }
      expect(tokens[0]).toMatch(/^[A-Za-z0-9_-]{10,100}$/);
      expect(tokens[1]).toBe(tokens[0]);
    },
  );

  it('changed: what is listed and not given is cleared', async () => {
    const PATCH = 'PATCH task/v2/tasks/g-1';
    const { dueAt: _dueAt, ...open } = { ...item, externalRef: 'g-1' };
    const { context, outcomes } = put({ [PATCH]: ok() }, open);
    expect(await outcomes).toEqual([{ key: item.key, status: 'done', externalRef: 'g-1' }]);
    expect(context.calls[0]?.json).toEqual({
      task: { summary: item.title, description: `${item.description}\n${item.url}` },
      update_fields: ['summary', 'description', 'due'],
    });
  });

  it('changed, and deleted by somebody: made again', async () => {
    const answers = { 'PATCH task/v2/tasks/g-0': refused(1470404, {}, 404), [CREATE]: created };
    const { outcomes } = put(answers, { ...item, externalRef: 'g-0' });
    expect(await outcomes).toEqual([{ key: item.key, status: 'done', externalRef: 'g-1' }]);
  });

  it('one that is refused costs only itself', async () => {
    const { outcomes } = put(
      {
        [CREATE]: ({ json }) =>
          JSON.stringify(json).includes('on_2') ? refused(99992363, { error: { log_id: 'L1' } }) : created,
      },
      item,
      { ...item, key: 'enr_0000000002', recipientExternalId: 'on_2' },
    );
    expect(await outcomes).toMatchObject([
      { status: 'done' },
      {
        key: 'enr_0000000002',
        status: 'failed',
        error: { code: 'not_found', vendorCode: '99992363', vendorRequestId: 'L1' },
      },
    ]);
  });

  it('an answer without the task is none', async () => {
    for (const answer of [ok(), ok({ task: {} }), ok({ task: { guid: '' } })])
      expect(await put({ [CREATE]: answer }, item).outcomes).toMatchObject([
        { status: 'failed', error: { code: 'bad_response' } },
      ]);
  });
});

describe('closing', () => {
  const GET = 'GET task/v2/tasks/g-1';
  const PATCH = 'PATCH task/v2/tasks/g-1';
  const DELETE = 'DELETE task/v2/tasks/g-1';

  it('completed: completed there, once', async () => {
    const { context, outcomes } = close(
      { [GET]: ok({ task: { guid: 'g-1', status: 'todo' } }), [PATCH]: ok() },
      'completed',
    );
    expect(await outcomes).toEqual([{ key: 'k', status: 'done', externalRef: 'g-1' }]);
    expect(context.calls[1]?.json).toEqual({
      task: { completed_at: String(NOW) },
      update_fields: ['completed_at'],
    });
    const again = close({ [GET]: ok({ task: { guid: 'g-1', status: 'done' } }) }, 'completed');
    expect(await again.outcomes).toMatchObject([{ status: 'done' }]);
  });

  it('completed, and deleted there: nothing to do any more', async () => {
    const { outcomes } = close({ [GET]: refused(1470404, {}, 404) }, 'completed');
    expect(await outcomes).toMatchObject([
      { status: 'skipped', reason: { 'zh-CN': expect.stringContaining('删除') as string } },
    ]);
  });

  it('withdrawn: deleted, also when it was already', async () => {
    expect(await close({ [DELETE]: ok() }, 'withdrawn').outcomes).toMatchObject([{ status: 'done' }]);
    expect(await close({ [DELETE]: refused(1470404, {}, 404) }, 'withdrawn').outcomes).toMatchObject([
      { status: 'done' },
    ]);
    expect(await close({ [DELETE]: refused(1470403, {}, 403) }, 'withdrawn').outcomes).toMatchObject([
      { status: 'failed', error: { code: 'permission_denied' } },
    ]);
  });
});
