import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/index.js';
import { allPages, RecordedPlatform, type Recording } from '../recorded-platform.js';
import connector from './connector.js';
import { config, old, refused } from './recordings.js';

const { tasks, todos, results, identity } = connector as Required<typeof connector>;
let platform: RecordedPlatform;
beforeEach(() => {
  platform = new RecordedPlatform(connector, config);
});

describe('DingTalk work on paper', () => {
  const fresh = (call: string, more: Partial<Recording>): Recording => ({
    call: `${call.split(' ')[0]} https://api.dingtalk.com/v1.0/${call.split(' ')[1]}`,
    token: 'app',
    answer: {},
    ...more,
  });

  it('lists approvals per form and reads one', async () => {
    const query = (processCode: string, nextToken: number): JsonObject => ({
      processCode,
      startTime: 1_767_000_000_000,
      nextToken,
      maxResults: 20,
    });
    const context = platform.expects(
      fresh('POST workflow/processes/instanceIds/query', {
        json: query('PROC-1', 0),
        answer: { result: { list: ['i-1'], nextToken: '20' }, success: true },
      }),
      fresh('POST workflow/processes/instanceIds/query', {
        json: query('PROC-1', 20),
        answer: { result: { list: ['i-2'] }, success: true },
      }),
      fresh('POST workflow/processes/instanceIds/query', {
        json: query('PROC-2', 0),
        answer: { result: { list: [] }, success: true },
      }),
      fresh('GET workflow/processInstances', {
        query: { processInstanceId: 'i-1' },
        answer: {
          success: 'true',
          result: {
            title: '李娜提交的外训申请',
            createTime: '2022-08-31T11:40Z',
            finishTime: '2022-08-31T11:52Z',
            originatorUserId: 'lina',
            status: 'COMPLETED',
            result: 'agree',
            formComponentValues: [{ name: '课程', value: '["消防安全"]' }],
          },
        },
      }),
    );
    expect(await allPages((cursor) => tasks.list(context, { since: 1_767_000_000_000, cursor }))).toEqual([
      { externalId: 'i-1' },
      { externalId: 'i-2' },
    ]);
    expect(await tasks.get(context, { externalIds: ['i-1'] })).toMatchObject([
      {
        record: {
          status: 'approved',
          applicantExternalId: 'lina',
          form: { 课程: '["消防安全"]' },
          updatedAt: '2022-08-31T11:52:00.000Z',
        },
      },
    ]);
    platform.done();
  });

  it('puts a to-do once, however often it is asked, and closes it', async () => {
    const body = {
      subject: '消防安全',
      sourceId: 'enr_1',
      creatorId: 'union-lina',
      executorIds: ['union-lina'],
      detailUrl: { appUrl: 'https://lms.example/c', pcUrl: 'https://lms.example/c' },
    };
    const create = (answer: JsonObject, status = 200): Recording =>
      fresh('POST todo/users/union-lina/tasks', {
        query: { operatorId: 'union-lina' },
        json: body,
        status,
        answer,
      });
    const context = platform.expects(
      create({ id: 'task-1' }),
      create({ code: 'todo.taskCreate.paramError', requestid: 'r', message: 'task exist' }, 400),
      fresh('GET todo/users/union-lina/tasks/sources/enr_1', { answer: { id: 'task-1' } }),
      fresh('PUT todo/users/union-lina/tasks/task-1', {
        query: { operatorId: 'union-lina' },
        json: { done: true },
        answer: { result: true },
      }),
      fresh('DELETE todo/users/union-lina/tasks/task-1', {
        query: { operatorId: 'union-lina' },
        answer: { result: true },
      }),
    );
    const item = {
      key: 'enr_1',
      recipientExternalId: 'lina',
      recipientExternalIds: [{ type: 'unionid', value: 'union-lina' }],
      title: '消防安全',
      url: 'https://lms.example/c',
    };
    const externalRef = '["union-lina","task-1"]';
    expect(await todos.upsert(context, { items: [item] })).toEqual([
      { key: 'enr_1', status: 'done', externalRef },
    ]);
    expect(await todos.upsert(context, { items: [item] })).toEqual([
      { key: 'enr_1', status: 'done', externalRef },
    ]);
    expect(await todos.upsert(context, { items: [{ ...item, recipientExternalIds: [] }] })).toMatchObject([
      { status: 'failed', error: { code: 'not_found' } },
    ]);
    for (const outcome of ['completed', 'withdrawn'] as const) {
      expect(
        await todos.close(context, {
          items: [{ key: 'enr_1', externalRef, recipientExternalId: 'lina', outcome }],
        }),
      ).toMatchObject([{ status: 'done' }]);
    }
    platform.done();
  });

  it('sends a notification and labels a contact without losing its labels', async () => {
    const contact = { name: '周女士', follower_user_id: 'lina', label_ids: [11] };
    const context = platform.expects(
      old(
        '/topapi/message/corpconversation/asyncsend_v2',
        { agent_id: 880001, userid_list: 'lina', msg: { msgtype: 'text', text: { content: '已通过' } } },
        { task_id: 256271667526 },
      ),
      old('/topapi/extcontact/get', { user_id: 'ext-1' }, { result: contact }),
      old(
        '/topapi/extcontact/update',
        { contact: { user_id: 'ext-1', name: '周女士', follower_user_id: 'lina', label_ids: [11, 12] } },
        {},
      ),
    );
    const item = (kind: 'user' | 'customer', externalId: string) => ({
      key: 'k',
      recipient: { kind, externalId, externalIds: [] },
      event: {},
      text: '已通过',
    });
    expect(
      await results.report(context, { action: 'message', options: {}, items: [item('user', 'lina')] }),
    ).toEqual([{ key: 'k', status: 'done', externalRef: '256271667526' }]);
    expect(
      await results.report(context, {
        action: 'tag',
        options: { labelId: '12' },
        items: [item('customer', 'ext-1')],
      }),
    ).toEqual([{ key: 'k', status: 'done' }]);
    platform.done();
  });

  it('logs in by browser and in the app, with two kinds of code', async () => {
    const context = platform.expects(
      {
        call: 'POST https://api.dingtalk.com/v1.0/oauth2/userAccessToken',
        json: {
          clientId: config.clientId,
          clientSecret: config.clientSecret,
          code: 'AC',
          grantType: 'authorization_code',
        },
        answer: { accessToken: 'user-token', refreshToken: 'r', expireIn: 7200 },
      },
      {
        call: 'GET https://api.dingtalk.com/v1.0/contact/users/me',
        answer: { nick: '李娜', unionId: 'union-lina', openId: 'o' },
      },
      refused('/topapi/user/getbyunionid', { unionid: 'union-lina' }, 60121, 'not found'),
      old(
        '/topapi/v2/user/getuserinfo',
        { code: 'IC' },
        { result: { userid: 'lina', unionid: 'union-lina', name: '李娜', sys: false, sys_level: 0 } },
      ),
    );
    const redirectUri = 'https://bridge.example/cb';
    expect(
      await identity.authenticate(context, {
        query: { code: 'AC', authCode: 'AC' },
        redirectUri,
        mode: 'browser',
      }),
    ).toMatchObject({ kind: 'stranger', externalId: null });
    expect(
      await identity.authenticate(context, { query: { code: 'IC' }, redirectUri, mode: 'inApp' }),
    ).toMatchObject({
      kind: 'employee',
      externalId: 'lina',
      externalIds: [{ type: 'unionid', value: 'union-lina' }],
    });
    platform.done();
  });
});
