import type { JsonObject, RawCallback } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { events } from '../src/events.js';
import { readEvent } from '../src/events/readings.js';
import { fakeContext, NOW, ok, refused } from './fake-context.js';
import { bodyOf, vector } from './vectors.js';

function v2(type: string, event: JsonObject, header: JsonObject = {}): JsonObject {
  return {
    schema: '2.0',
    header: {
      event_id: 'evt-1',
      event_type: type,
      create_time: '1700000000000',
      app_id: 'cli_a1',
      ...header,
    },
    event,
  };
}

function v1(event: JsonObject, more: JsonObject = {}): JsonObject {
  return { ts: '1700000000.123456', uuid: 'u-1', token: 'vt-001', type: 'event_callback', event, ...more };
}

const read = (message: JsonObject) => readEvent(message, JSON.stringify(message), NOW);
const user = {
  open_id: 'ou_1a',
  union_id: 'on_1a',
  user_id: 'e1',
  name: 'Zhao Yi',
  mobile: '+8613000000001',
};

describe('what messages mean', () => {
  it.each([
    ['contact.user.created_v3', { object: user }, 'user.changed', ['on_1a']],
    [
      'contact.user.updated_v3',
      { object: user, old_object: { department_ids: ['od-aa'] } },
      'user.changed',
      ['on_1a'],
    ],
    ['contact.user.deleted_v3', { object: user, old_object: { open_id: 'ou_1a' } }, 'user.left', ['on_1a']],
    ['contact.user.deleted_v3', { object: { open_id: 'ou_1a' } }, 'user.left', ['open_id:ou_1a']],
    ['contact.user.deleted_v3', { old_object: { open_id: 'ou_1a' } }, 'user.left', ['open_id:ou_1a']],
    ['contact.user.updated_v3', { object: { user_id: 'e1' } }, 'user.changed', ['user_id:e1']],
    ['contact.user.updated_v3', { object: { name: 'nobody' } }, 'other', []],
    [
      'contact.department.created_v3',
      { object: { open_department_id: 'od-aa', order: 10 } },
      'department.changed',
      ['od-aa'],
    ],
    [
      'contact.department.updated_v3',
      { object: { open_department_id: 'od-aa' } },
      'department.changed',
      ['od-aa'],
    ],
    [
      'contact.department.deleted_v3',
      { old_object: { open_department_id: 'od-aa' } },
      'department.removed',
      ['od-aa'],
    ],
    ['contact.scope.updated_v3', { added: { departments: [] }, removed: {} }, 'visibility.changed', []],
    ['contact.custom_attr_event.updated_v3', {}, 'other', []],
    ['contact.employee_type_enum.created_v3', {}, 'other', []],
    [
      'approval.instance.status_changed_v4',
      { instance_code: 'i-1', status: 'APPROVED' },
      'task.changed',
      ['i-1'],
    ],
    ['approval.task.status_changed_v4', { instance_code: 'i-1', task_id: 't-1' }, 'other', []],
    ['approval.approval.updated_v4', { object: {} }, 'other', []],
    ['task.task.updated_v1', { task_id: 't-1', obj_type: 5 }, 'todo.changed', ['t-1']],
    ['task.task.update_tenant_v1', { task_id: 't-1', event_type: 'update' }, 'todo.changed', ['t-1']],
    [
      'task.task.update_user_access_v2',
      { task_guid: 'g-1', event_types: ['task_completed_update'] },
      'todo.changed',
      ['g-1'],
    ],
    ['task.task.comment.updated_v1', { task_id: 't-1', comment_id: 'c-1' }, 'other', []],
    ['elearning.course_registration.updated_v2', { course_id: '7', learner: {} }, 'other', []],
    ['drive.file.bitable_record_changed_v1', { file_token: 'f', table_id: 't' }, 'other', []],
    ['im.message.receive_v1', {}, 'other', []],
  ] as const)('%s %j is %s', (type, event, kind, ids) => {
    expect(read(v2(type, event as unknown as JsonObject))).toMatchObject({
      key: 'evt-1',
      kind,
      ids,
      data: { type },
    });
  });

  it('the older envelope, which approvals use', () => {
    const event = {
      type: 'approval_instance',
      approval_code: 'A-1',
      instance_code: 'I-1',
      status: 'APPROVED',
      operate_time: 1700000000000,
    };
    expect(read(v1(event))).toEqual({
      key: 'u-1',
      kind: 'task.changed',
      ids: ['I-1'],
      time: 1_700_000_000_123,
      data: {
        type: 'approval_instance',
        approvalCode: 'A-1',
        instanceCode: 'I-1',
        status: 'APPROVED',
        operateTime: 1700000000000,
      },
    });
    expect(read(v1({ type: 'approval_task', instance_code: 'I-1', task_id: 'T-1' }))).toMatchObject({
      kind: 'other',
      ids: [],
    });
  });

  it.each([
    ['1700000000000', 1_700_000_000_000],
    ['1603977298000000', 1_603_977_298_000],
    ['1700000000', 1_700_000_000_000],
    [1700000000000, 1_700_000_000_000],
    ['soon', NOW],
    [null, NOW],
    ['-5', NOW],
  ])('the time %j is read by its length', (createTime, expected) => {
    expect(read(v2('x', {}, { create_time: createTime })).time).toBe(expected);
  });

  it('without an id, the bytes tell events apart', () => {
    const once = v2('contact.user.updated_v3', { object: user }, { event_id: '' });
    const other = v2('contact.user.updated_v3', { object: { ...user, name: 'Zhao Er' } }, { event_id: '' });
    expect(read(once).key).toBe(read(once).key);
    expect(read(once).key).not.toBe(read(other).key);
  });

  it('keeps ids and states, and nothing personal', () => {
    const kept = JSON.stringify(read(v2('contact.user.updated_v3', { object: user, old_object: user })).data);
    expect(kept).toContain('on_1a');
    expect(kept).not.toMatch(/Zhao|13000000001/);
  });

  it.each([
    {},
    { schema: '2.0' },
    { header: null, event: null },
    { header: { event_type: 7, event_id: {}, create_time: [] }, event: [] },
    { event: { type: 'a b' } },
  ] as JsonObject[])('%j is an event of no known kind', (message) => {
    expect(read(message)).toMatchObject({ kind: 'other', ids: [], time: NOW, data: { type: 'unknown' } });
  });
});

describe('a callback', () => {
  const post = (body: string, headers: Record<string, string> = {}, method = 'POST'): RawCallback => ({
    method,
    queryString: '',
    headers,
    bodyBase64: Buffer.from(body).toString('base64'),
  });
  const B = vector('B');
  const config = { encryptKey: B.encryptKey, verificationToken: 'vt-001' };
  const signed = {
    'x-lark-request-timestamp': B.timestamp,
    'x-lark-request-nonce': B.nonce,
    'x-lark-signature': B.signature,
  };

  it('B: the leaver it tells about, and an answer in the clear', async () => {
    const { reply, events: told } = await events.receive(fakeContext({}, config), post(bodyOf(B), signed));
    expect(reply).toMatchObject({ status: 200, body: '{}' });
    expect(told).toEqual([
      {
        key: 'evt-kat-2',
        kind: 'user.left',
        ids: ['open_id:ou_kat'],
        time: 1_700_000_000_000,
        data: { type: 'contact.user.deleted_v3', openId: 'ou_kat' },
      },
    ]);
  });

  it('sent again, it bears the same key', async () => {
    const context = fakeContext({}, config);
    const keys = [];
    for (let round = 0; round < 2; round += 1)
      keys.push((await events.receive(context, post(bodyOf(B), signed))).events[0]?.key);
    expect(new Set(keys).size).toBe(1);
  });

  it('A: the check is answered in plain text though it came encrypted', async () => {
    const { reply, events: told } = await events.receive(fakeContext({}, config), post(bodyOf(vector('A'))));
    expect(JSON.parse(reply.body)).toEqual({ challenge: 'c-001' });
    expect(reply.headers['content-type']).toContain('application/json');
    expect(told).toEqual([]);
  });

  it('needs no network, and other methods are refused', async () => {
    const context = fakeContext({}, config);
    await events.receive(context, post(bodyOf(B), signed));
    expect(context.calls).toEqual([]);
    await expect(events.receive(context, post('', {}, 'GET'))).rejects.toMatchObject({
      code: 'input_invalid',
    });
  });
});

describe('activation', () => {
  it('subscribes each definition; one that is subscribed already is fine', async () => {
    const context = fakeContext(
      {
        'POST approval/v4/approvals/A-1/subscribe': ok(),
        'POST approval/v4/approvals/A-2/subscribe': refused(1390007),
        'POST approval/v4/approvals/A-3/subscribe': refused(1390002),
      },
      { approvalCodes: ['A-1', 'A-2', 'A-3', 'A-1'] },
    );
    const findings = await events.activate?.(context);
    expect(findings?.map(({ message, ok: fine }) => [/A-\d/.exec(message.en)?.[0], fine])).toEqual([
      ['A-1', true],
      ['A-2', true],
      ['A-3', false],
    ]);
    expect(findings?.[2]?.advice?.['zh-CN']).toContain('definitionCode');
  });

  it('without definitions there is nothing to do', async () => {
    const context = fakeContext();
    expect(await events.activate?.(context)).toEqual([]);
  });
});
