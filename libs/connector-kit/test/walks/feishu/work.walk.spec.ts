import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/index.js';
import { allPages, callback, NOW, RecordedPlatform } from '../recorded-platform.js';
import connector from './connector.js';
import { config, recorded, refused } from './recordings.js';

const { events, tasks, todos, results } = connector as Required<typeof connector>;
let platform: RecordedPlatform;
beforeEach(() => {
  platform = new RecordedPlatform(connector, config);
});

describe('Feishu events on paper', () => {
  const signed = (timestamp: string, nonce: string, signature: string) => ({
    'x-lark-request-timestamp': timestamp,
    'x-lark-request-nonce': nonce,
    'x-lark-signature': signature,
  });
  const A =
    'AAECAwQFBgcICQoLDA0OD1QYxPSJo5BXtk+qSHMFpqQ5IWCcVgbh9E9OiPp38RBFkFpEnIueXdxWXb043GTOCSHM+OEaS/Miqw8dTCWEf1EMSZVnAMGkIYBnIWgkoLhe';
  const B =
    'AAECAwQFBgcICQoLDA0OD0taiZmGMoFdKTpUwiDe42XcEQSso11NS0L2gKwxgcJj7CmUeF8xQXQ2Y16oGVtv+tFPj3VaKgtq8GtWlNslMtcRC3DVxYKrtvVhN4VomKZryLgYvUYC8P1ALjrDyE5kI+QjFEwIAwrpLWatdjJVBKm2vSLoIocha/b8NXct0RG58rpRqinOQexENneAL3CvMRmWmuW2nFUaHlufr6Edv3IlINDUGySnxp5HerA2Z4xhu5smrSzz+Kaysv2gmIbUbK91Pp28BBmdVYc0QUoVhdCeOfxojmt3KXuB/AbGazbqSbu6iSnxDL89l+upAxdwWj93iQeqXqA/7EBfaPWuPbxHXPP+4PRRh1naZwhhqQMY4CcNFmDo6Px7MAzJDBm0oV4LR/qhojPNCrrS+iCwh1E=';

  it('answers the check, plain and encrypted, without asking for a signature (vectors A and H)', async () => {
    const plain = { challenge: 'c-001', token: 'vt-001', type: 'url_verification' };
    for (const body of [{ encrypt: A }, plain]) {
      expect(await events.receive(platform.context(), callback(JSON.stringify(body)))).toMatchObject({
        reply: { status: 200, body: '{"challenge":"c-001"}' },
        events: [],
      });
    }
    await expect(
      events.receive(platform.context(), callback(JSON.stringify({ ...plain, token: 'x' }))),
    ).rejects.toMatchObject({ code: 'auth_failed' });
  });

  it('decodes a signed, encrypted v2 event (vector B) and refuses a changed signature', async () => {
    const signature = '16b8b426a725bc4c73c68d98411b449d19e8c9b142c9446b18175b5cae1215a1';
    const body = JSON.stringify({ encrypt: B });
    const received = await events.receive(
      platform.context(),
      callback(body, '', signed('1700000123', 'n-2', signature)),
    );
    expect(received).toMatchObject({
      reply: { status: 200 },
      events: [{ key: 'evt-kat-2', kind: 'user.left', ids: ['open_id:ou_kat'], time: 1700000000000 }],
    });
    await expect(
      events.receive(
        platform.context(),
        callback(body, '', signed('1700000123', 'n-2', signature.replace(/^1/, '2'))),
      ),
    ).rejects.toMatchObject({ code: 'auth_failed' });
    await expect(events.receive(platform.context(), callback(body))).rejects.toMatchObject({
      code: 'auth_failed',
    });
  });

  it('signs the bytes as they came, not JSON written anew (vector C)', async () => {
    const { verificationToken: _none, ...untokened } = config;
    const raw = callback(
      '{"schema": "2.0", "n": 1.0}',
      '',
      signed('1700000200', 'n-3', '9f8ad1b28de37b23b45301bb5ff3466ffb91edfb064f057d76113bc86e9f18c1'),
    );
    expect(
      (await events.receive(new RecordedPlatform(connector, untokened).context(), raw)).events,
    ).toMatchObject([{ kind: 'other' }]);
  });

  it('reads the v1 envelope of approvals, and times of 13 and 16 digits', async () => {
    const { encryptKey: _none, ...plain } = config;
    const context = new RecordedPlatform(connector, plain).context();
    const v1 = {
      ts: '1700000000.123456',
      uuid: 'u-appr-1',
      token: 'vt-001',
      type: 'event_callback',
      event: {
        type: 'approval_instance',
        approval_code: '7C468A54',
        instance_code: '81D31358',
        status: 'APPROVED',
        operate_time: '1700000000000',
      },
    };
    expect((await events.receive(context, callback(JSON.stringify(v1)))).events).toMatchObject([
      { key: 'u-appr-1', kind: 'task.changed', ids: ['81D31358'], time: 1700000000123 },
    ]);
    const v2 = (create_time: string) => ({
      schema: '2.0',
      header: { event_id: 'e', event_type: 'contact.user.updated_v3', create_time, token: 'vt-001' },
      event: { object: { union_id: 'on_1a', open_id: 'ou_1a' } },
    });
    for (const digits of ['1603977298000', '1603977298000000']) {
      expect((await events.receive(context, callback(JSON.stringify(v2(digits))))).events).toMatchObject([
        { kind: 'user.changed', ids: ['on_1a'], time: 1603977298000 },
      ]);
    }
  });

  it('subscribes each approval form, and says which one cannot be', async () => {
    const context = platform.expects(
      recorded('POST approval/v4/approvals/7C468A54/subscribe', {}),
      refused('POST approval/v4/approvals/7C468A54/subscribe', 1390002, 400),
    );
    expect(await events.activate?.(context)).toMatchObject([{ step: 'approval 7C468A54', ok: true }]);
    expect(await events.activate?.(context)).toMatchObject([{ ok: false }]);
    platform.done();
  });
});

describe('Feishu work on paper', () => {
  const HOUR = 3_600_000;

  it('lists approvals in windows of ten hours and reads one; the applicant is named by another id', async () => {
    const since = NOW - 15 * HOUR;
    const window = (from: number, until: number, token?: string): { query: JsonObject } => ({
      query: {
        approval_code: '7C468A54',
        start_time: String(from),
        end_time: String(until),
        page_size: 100,
        ...(token ? { page_token: token } : {}),
      },
    });
    const context = platform.expects(
      recorded(
        'GET approval/v4/instances',
        { instance_code_list: ['i-1'], has_more: true, page_token: 't2' },
        window(since, since + 10 * HOUR),
      ),
      recorded(
        'GET approval/v4/instances',
        { instance_code_list: ['i-2'], has_more: false },
        window(since, since + 10 * HOUR, 't2'),
      ),
      recorded(
        'GET approval/v4/instances',
        { instance_code_list: [], has_more: false },
        window(since + 10 * HOUR, NOW),
      ),
      recorded('GET approval/v4/instances/i-1', {
        approval_code: '7C468A54',
        approval_name: '外训申请',
        status: 'APPROVED',
        open_id: 'ou_zhao',
        user_id: 'e33ggbyz',
        form: '[{"id":"w1","name":"课程","type":"input","value":"消防安全"}]',
        start_time: '1767200000000',
        end_time: '1767220000000',
      }),
    );
    expect(await allPages((cursor) => tasks.list(context, { since, cursor }))).toEqual([
      { externalId: 'i-1' },
      { externalId: 'i-2' },
    ]);
    expect(await tasks.get(context, { externalIds: ['i-1'] })).toMatchObject([
      {
        record: {
          status: 'approved',
          applicantExternalId: 'open_id:ou_zhao',
          kind: '7C468A54',
          form: { 课程: '消防安全' },
          updatedAt: '2025-12-31T22:26:40.000Z',
        },
      },
    ]);
    platform.done();
  });

  it('creates a task once and completes it, or finds it completed', async () => {
    const query = { user_id_type: 'union_id' };
    const complete = { task: { completed_at: String(NOW) }, update_fields: ['completed_at'] };
    const context = platform.expects(
      recorded(
        'POST task/v2/tasks',
        { task: { guid: 'g-1' } },
        {
          query,
          json: {
            summary: '消防安全',
            due: { timestamp: '1767312000000', is_all_day: false },
            origin: {
              platform_i18n_name: { zh_cn: '培训', en_us: 'Training' },
              href: { url: 'https://lms.example/c', title: '消防安全' },
            },
            members: [{ id: 'on_zhao', type: 'user', role: 'assignee' }],
            mode: 2,
            client_token: 'enr_0001_key',
          },
        },
      ),
      recorded('GET task/v2/tasks/g-1', { task: { status: 'todo' } }, { query }),
      recorded('PATCH task/v2/tasks/g-1', { task: {} }, { query, json: complete }),
      recorded('GET task/v2/tasks/g-1', { task: { status: 'done' } }, { query }),
      recorded('DELETE task/v2/tasks/g-1', {}),
    );
    const item = {
      key: 'enr_0001_key',
      recipientExternalId: 'on_zhao',
      recipientExternalIds: [],
      title: '消防安全',
      url: 'https://lms.example/c',
      dueAt: '2026-01-02T00:00:00Z',
    };
    expect(await todos.upsert(context, { items: [item] })).toEqual([
      { key: 'enr_0001_key', status: 'done', externalRef: 'g-1' },
    ]);
    const closing = { key: 'enr_0001_key', externalRef: 'g-1', recipientExternalId: 'on_zhao' };
    for (const outcome of ['completed', 'completed', 'withdrawn'] as const)
      expect(await todos.close(context, { items: [{ ...closing, outcome }] })).toMatchObject([
        { status: 'done' },
      ]);
    platform.done();
  });

  it('writes results as message, row and custom field', async () => {
    const item = (key: string) => ({
      key,
      recipient: { kind: 'user' as const, externalId: 'on_zhao', externalIds: [] },
      event: {},
      text: '已通过',
    });
    const row = { fields: { 学员: [{ id: 'on_zhao' }], 结果: '已通过' } };
    const context = platform.expects(
      recorded(
        'POST im/v1/messages',
        { message_id: 'om_1' },
        {
          query: { receive_id_type: 'union_id' },
          json: { receive_id: 'on_zhao', msg_type: 'text', content: '{"text":"已通过"}', uuid: 'k1' },
        },
      ),
      recorded(
        'POST bitable/v1/apps/bas1/tables/tbl1/records/batch_create',
        { records: [{ record_id: 'rec1' }, { record_id: 'rec2' }] },
        {
          query: { user_id_type: 'union_id', client_token: 'bca1d981-f8a3-4d3e-a345-f420d836614d' },
          json: { records: [row, row] },
        },
      ),
      recorded(
        'PATCH contact/v3/users/on_zhao',
        { user: {} },
        {
          query: { user_id_type: 'union_id' },
          json: { custom_attrs: [{ type: 'TEXT', id: 'C-10', value: { text: '已通过' } }] },
        },
      ),
    );
    expect(await results.report(context, { action: 'message', options: {}, items: [item('k1')] })).toEqual([
      { key: 'k1', status: 'done', externalRef: 'om_1' },
    ]);
    expect(
      await results.report(context, {
        action: 'record',
        options: { appToken: 'bas1', tableId: 'tbl1' },
        items: [item('k1'), item('k2')],
      }),
    ).toMatchObject([{ externalRef: 'rec1' }, { externalRef: 'rec2' }]);
    expect(
      await results.report(context, {
        action: 'attribute',
        options: { attributeId: 'C-10' },
        items: [item('k3')],
      }),
    ).toEqual([{ key: 'k3', status: 'done' }]);
    platform.done();
  });
});
