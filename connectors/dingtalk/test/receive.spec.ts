import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { envelopeSignature, openEnvelope, type JsonObject } from '@trainbridge/connector-kit';
import { events } from '../src/events.js';
import { pair, pairConfig, push, rawOf, vectorPush } from './callback.js';
import { baseConfig, fakeContext, NOW } from './fake-context.js';
import { vector } from './vectors.js';

const context = fakeContext(pairConfig);

async function only(message: JsonObject, options: Parameters<typeof push>[1] = {}) {
  const { events: decoded } = await events.receive(context, push(message, options));
  expect(decoded).toHaveLength(1);
  return decoded[0] as (typeof decoded)[number];
}

interface Reply {
  msg_signature: string;
  timeStamp: string;
  nonce: string;
  encrypt: string;
}

describe('the answer', () => {
  it.each([baseConfig.clientId, baseConfig.corpId])(
    'is an encrypted `success` of exactly four keys, for the owner who asked: %s',
    async (owner) => {
      const { reply, events: decoded } = await events.receive(
        context,
        push({ EventType: 'check_url' }, { owner }),
      );
      expect(decoded).toEqual([]);
      expect(reply.status).toBe(200);
      expect(reply.headers['content-type']).toContain('application/json');
      const body = JSON.parse(reply.body) as Reply;
      expect(Object.keys(body).sort()).toEqual(['encrypt', 'msg_signature', 'nonce', 'timeStamp']);
      expect(Object.values(body).every((value) => typeof value === 'string')).toBe(true);
      const { message, receiveId } = openEnvelope(pair.aesKey, body.encrypt);
      expect([message.toString(), receiveId]).toEqual(['success', owner]);
      expect(body.msg_signature).toBe(
        envelopeSignature(pair.token, body.timeStamp, body.nonce, body.encrypt),
      );
    },
  );

  it('is opened by dingtalk-encrypt', async () => {
    const Counterpart = createRequire(import.meta.url)('dingtalk-encrypt') as new (...given: string[]) => {
      getDecryptMsg(signature: string, timestamp: string, nonce: string, encrypted: string): string;
    };
    const other = new Counterpart(pair.token, pair.aesKey, baseConfig.clientId);
    const { reply } = await events.receive(context, push({ EventType: 'user_add_org', UserId: ['a'] }));
    const { msg_signature, timeStamp, nonce, encrypt } = JSON.parse(reply.body) as Reply;
    expect(other.getDecryptMsg(msg_signature, timeStamp, nonce, encrypt)).toBe('success');
  });

  it('goes to the recorded address checks, however old they are', async () => {
    for (const name of ['V1', 'V2'] as const) {
      const known = vector(name);
      const own = fakeContext({
        clientId: known.owner,
        callbackToken: known.token,
        callbackAesKey: known.aesKey,
      });
      const { reply, events: decoded } = await events.receive(own, vectorPush(known));
      expect(decoded).toEqual([]);
      const { encrypt } = JSON.parse(reply.body) as Reply;
      expect(openEnvelope(known.aesKey, encrypt).message.toString()).toBe('success');
    }
  });
});

describe('an event', () => {
  it('is read in the documented and in the recorded spelling', async () => {
    const documented = await only({
      EventType: 'user_leave_org',
      EventTime: NOW - 5,
      CorpId: baseConfig.corpId,
      BizId: 'b-1',
      eventId: 'e-1',
      userId: ['a', 'b'],
      timeStamp: String(NOW - 9),
    });
    expect(documented).toMatchObject({ key: 'e-1', kind: 'user.left', ids: ['a', 'b'], time: NOW - 5 });
    const recorded = await only({
      TimeStamp: '1646113889363',
      CorpId: baseConfig.corpId,
      UserId: ['020101'],
      EventType: 'user_modify_org',
    });
    expect(recorded).toMatchObject({ kind: 'user.changed', ids: ['020101'], time: 1646113889363 });
  });

  it.each([
    ['user_add_org', { userId: ['u'] }, 'user.changed', ['u']],
    ['user_active_org', { userId: ['u'] }, 'user.changed', ['u']],
    ['org_admin_add', { userId: ['u'] }, 'user.changed', ['u']],
    ['org_admin_remove', { userId: ['u'] }, 'user.changed', ['u']],
    ['org_dept_create', { deptId: [972130001] }, 'department.changed', ['972130001']],
    ['org_dept_modify', { DeptId: [1] }, 'department.changed', ['1']],
    ['org_dept_remove', { DeptId: [97393190, 97393189] }, 'department.removed', ['97393190', '97393189']],
    ['bpms_instance_change', { processInstanceId: 'p-1', type: 'start' }, 'task.changed', ['p-1']],
    ['bpms_task_change', { processInstanceId: 'p-1', taskId: 7 }, 'task.changed', ['p-1']],
    ['todo_task_update', { taskId: 't-1', UnionIdList: ['x'] }, 'todo.changed', ['t-1']],
    ['contact_leave_org', { userId: ['c'] }, 'customer.removed', ['c']],
    ['org_change', {}, 'other', []],
    ['label_conf_add', { labelIdList: [3], scope: '1' }, 'other', []],
    ['hrm_user_record_change', { staffId: 's', actionType: '1' }, 'other', []],
    ['something_new', { userId: ['u'] }, 'other', []],
    ['user_add_org', {}, 'other', []],
    ['org_dept_modify', { deptId: [-1] }, 'other', []],
    ['constructor', { userId: ['u'] }, 'other', []],
  ])('%s %j is %s of %j', async (EventType, fields, kind, ids) => {
    expect(await only({ EventType, ...fields })).toMatchObject({ kind, ids });
  });

  it('has one key however often and in which spelling it comes, and another than its neighbours', async () => {
    const base = { EventType: 'user_modify_org', TimeStamp: '1646113889363', UserId: ['a'] };
    const { key } = await only(base);
    const again = { UserId: ['a'], CorpId: baseConfig.corpId, timestamp: '1646113889363' };
    expect((await only({ ...again, eventtype: 'user_modify_org' })).key).toBe(key);
    for (const other of [
      { ...base, EventType: 'user_active_org' },
      { ...base, UserId: ['b'] },
      { ...base, TimeStamp: '1646113889364' },
    ])
      expect((await only(other)).key).not.toBe(key);
    // Old and new values, however deep, change nothing, and crash nothing.
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = JSON.stringify({ ...base, diffInfo: 0 }).replace('"diffInfo":0', `"diffInfo":${deep}`);
    const { events: decoded } = await events.receive(context, push(text));
    expect(decoded.map((event) => event.key)).toEqual([key]);
    // The start and the end of an approval share ids and creation time.
    const approval = { EventType: 'bpms_instance_change', processInstanceId: 'p', createTime: 1 };
    const changes: JsonObject[] = [
      { type: 'start' },
      { type: 'finish', result: 'agree' },
      { type: 'finish', result: 'refuse' },
    ];
    const ends = await Promise.all(changes.map((fields) => only({ ...approval, ...fields })));
    expect(new Set(ends.map((event) => event.key)).size).toBe(3);
  });

  it('keeps ids and states, and nobody’s personal data', async () => {
    const event = await only({
      EventType: 'user_modify_org',
      userId: ['a'],
      diffInfo: { prev: { name: '张三', email: 'z@example.test' }, curr: {}, userid: 'a' },
      title: '张三提交的请假',
    });
    expect(event.data).toEqual({ eventType: 'user_modify_org', userId: ['a'] });
  });

  it('of an approval names its form, which the approval itself does not', async () => {
    const fields = { processInstanceId: 'p', ProcessCode: 'PROC-1', staffId: 'a', type: 'finish' };
    const event = await only({ EventType: 'bpms_instance_change', ...fields });
    expect(event.data).toMatchObject({ taskKind: 'PROC-1', processCode: 'PROC-1', type: 'finish' });
    expect(
      (await only({ EventType: 'user_add_org', userId: ['a'], processCode: 'x' })).data,
    ).not.toHaveProperty('taskKind');
  });

  it('of another organisation is answered and left out', async () => {
    const { reply, events: decoded } = await events.receive(
      context,
      push({ EventType: 'user_leave_org', userId: ['a'], corpId: 'dingother' }),
    );
    expect([reply.status, decoded]).toEqual([200, []]);
  });
});

describe('what is not genuine, or cannot be read', () => {
  const fine = { EventType: 'user_add_org', userId: ['a'] };

  it.each([
    ['either name of the signature alone', { signed: (value: string) => `signature=${value}` }],
    ['the new name alone', { signed: (value: string) => `msg_signature=${value}` }],
    ['a clock in seconds', { timestamp: String(Math.round(NOW / 1_000)) }],
  ])('%s is enough', async (_name, options) => {
    expect(await only(fine, options)).toMatchObject({ ids: ['a'] });
  });

  it.each([
    ['another token', push(fine, { token: 'other1' })],
    ['no signature', push(fine, { signed: () => 'x=1' })],
    ['a wrong signature beside none', push(fine, { signed: () => 'signature=&msg_signature=abc' })],
    ['another owner', push(fine, { owner: 'suite4xxxxxxxxxxxxxxx' })],
    ['an old clock', push(fine, { timestamp: String(NOW - 11 * 60_000) })],
    ['a clock ahead', push(fine, { timestamp: String(NOW + 11 * 60_000) })],
  ])('%s is refused', async (_name, raw) => {
    await expect(events.receive(context, raw)).rejects.toMatchObject({ code: 'auth_failed' });
  });

  it.each([
    ['GET', rawOf('', 'signature=a&timestamp=1&nonce=b', 'GET')],
    ['no body', rawOf('', `timestamp=${NOW}&nonce=n&signature=x`)],
    ['a body of text', rawOf('"encrypt"', `timestamp=${NOW}&nonce=n&signature=x`)],
    ['a list', rawOf('[]', `timestamp=${NOW}&nonce=n&signature=x`)],
    ['no encrypt', rawOf('{"encrypt":7}', `timestamp=${NOW}&nonce=n&signature=x`)],
    ['bytes that are no text', rawOf(Buffer.from([0xff, 0xfe]), `timestamp=${NOW}&nonce=n&signature=x`)],
    ['no timestamp', rawOf('{"encrypt":"AAAA"}', 'nonce=n&signature=x')],
    ['no nonce', rawOf('{"encrypt":"AAAA"}', `timestamp=${NOW}&signature=x`)],
    ['a parameter twice', rawOf('{"encrypt":"AAAA"}', `timestamp=${NOW}&timestamp=1&nonce=n&signature=x`)],
    ['too much', rawOf(`{"encrypt":"${'A'.repeat(1_500_000)}"}`, `timestamp=${NOW}&nonce=n&signature=x`)],
    ['a message that is no JSON', push('EventType=check_url')],
    ['a message that is a list', push('[1]')],
  ])('%s cannot be read', async (_name, raw) => {
    await expect(events.receive(context, raw)).rejects.toMatchObject({ code: 'input_invalid' });
  });

  it('without the pair says what to do', async () => {
    await expect(events.receive(fakeContext(), push(fine))).rejects.toMatchObject({
      code: 'auth_failed',
      data: { advice: { en: expect.stringContaining('Stream push') as string } },
    });
  });

  it('a key that does not open it is told from a forgery', async () => {
    const other = fakeContext({ ...pairConfig, callbackAesKey: vector('V2').aesKey });
    await expect(events.receive(other, push(fine))).rejects.toMatchObject({
      code: 'auth_failed',
      data: { advice: { en: expect.stringContaining('as a pair') as string } },
    });
  });
});
