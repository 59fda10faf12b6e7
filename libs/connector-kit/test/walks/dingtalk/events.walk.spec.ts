import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject, PlatformEvent } from '../../../src/index.js';
import { callback, framed, RecordedPlatform, sha1 } from '../recorded-platform.js';
import connector from './connector.js';
import { config } from './recordings.js';

const { events } = connector as Required<typeof connector>;
let platform: RecordedPlatform;
beforeEach(() => {
  platform = new RecordedPlatform(connector, config);
});

describe('DingTalk events on paper', () => {
  /** Made the way vectors V5 to V7 of the sheet were. */
  function push(data: JsonObject, owner = config.clientId) {
    const encrypt = framed.encrypt(
      config.callbackAesKey,
      Buffer.from('aaaabbbbccccdddd'),
      JSON.stringify(data),
      owner,
    );
    const signature = sha1([config.callbackToken, '1700000000000', 'nonce001', encrypt].sort().join(''));
    return callback(
      JSON.stringify({ encrypt }),
      `signature=${signature}&msg_signature=${signature}&timestamp=1700000000000&nonce=nonce001`,
    );
  }

  it('uses the frame of the sheet (vector V7)', () => {
    const encrypted = framed.encrypt(
      config.callbackAesKey,
      Buffer.from('aaaabbbbccccdddd'),
      '{"EventType":"user_modify_org","name":"张三"}',
      'dingappkey0001',
    );
    expect(encrypted).toBe(
      't5BhzMl4vwWDGqbT+PBJEcvXXe61wYQMIl8dj2fyrXd2XjX71KmhicvDE6cPR5/o9NE67uDouJytPMboJX+80cysXQp3jk8lDOPNVElpMU4yjXGVqQCBlB0guZUUZZ9a',
    );
    expect(sha1(['123456', '1700000000000', 'nonce001', encrypted].sort().join(''))).toBe(
      '34b98adad8260ac0caa540674a4b0cebb6269d13',
    );
  });

  it('answers encrypted, accepts both owners and both spellings, several ids in one event', async () => {
    const context = platform.context();
    const check = await events.receive(context, push({ EventType: 'check_url' }));
    expect(check.events).toEqual([]);
    const reply = JSON.parse(check.reply.body) as { encrypt: string; timeStamp: string };
    expect(framed.decrypt(config.callbackAesKey, reply.encrypt, [config.clientId])).toBe('success');
    expect(reply.timeStamp).toBe('1700000000000');

    const recorded = await events.receive(
      context,
      push(
        {
          TimeStamp: '1646113889363',
          CorpId: config.corpId,
          UserId: ['a', 'b'],
          EventType: 'user_leave_org',
        },
        config.corpId,
      ),
    );
    expect(recorded.events).toMatchObject([{ kind: 'user.left', ids: ['a', 'b'], time: 1646113889363 }]);
    expect(recorded.events[0]?.key).toMatch(/^[0-9a-f]{64}$/);
    const documented = await events.receive(
      context,
      push({ EventType: 'org_dept_modify', deptId: [972130001], eventId: 'e-1', EventTime: 1700000000001 }),
    );
    expect(documented.events).toMatchObject([
      { key: 'e-1', kind: 'department.changed', ids: ['972130001'], time: 1700000000001 },
    ]);
    await expect(
      events.receive(context, push({ EventType: 'check_url' }, 'somebody-else')),
    ).rejects.toMatchObject({ code: 'auth_failed' });
  });

  it('listens to the stream: acknowledges after the commit, echoes pings, ends when told to', async () => {
    const context = platform.expects({
      call: 'POST https://api.dingtalk.com/v1.0/gateway/connections/open',
      json: {
        clientId: config.clientId,
        clientSecret: config.clientSecret,
        subscriptions: [{ type: 'EVENT', topic: '*' }],
      },
      answer: { endpoint: 'wss://wss-open-connection.dingtalk.com:443/connect', ticket: 'T/1' },
    });
    platform.frames = [
      {
        specVersion: '1.0',
        type: 'SYSTEM',
        headers: { topic: 'ping', messageId: 'm0' },
        data: '{"opaque":"x"}',
      },
      {
        specVersion: '1.0',
        type: 'EVENT',
        headers: {
          topic: '*',
          messageId: 'm1',
          eventType: 'user_add_org',
          eventId: 'ev-9',
          eventBornTime: '1700000000500',
        },
        data: '{"userId":["newcomer"],"timeStamp":"1700000000400"}',
      },
      {
        specVersion: '1.0',
        type: 'SYSTEM',
        headers: { topic: 'disconnect', messageId: 'm2' },
        data: '{"reason":"connection is expired"}',
      },
      {
        specVersion: '1.0',
        type: 'EVENT',
        headers: { topic: '*', messageId: 'm3', eventType: 'user_add_org', eventId: 'late' },
        data: '{}',
      },
    ];
    const emitted: PlatformEvent[] = [];
    await events.listen?.(context, {
      emit: async (_raw, decoded) => {
        // Nothing acknowledged yet but the ping.
        expect(platform.sent).toHaveLength(2);
        emitted.push(...decoded);
      },
    });
    expect(emitted).toMatchObject([
      { key: 'ev-9', kind: 'user.changed', ids: ['newcomer'], time: 1700000000500 },
    ]);
    expect(platform.sent).toMatchObject([
      'wss://wss-open-connection.dingtalk.com:443/connect?ticket=T%2F1',
      { code: 200, headers: { messageId: 'm0' }, data: '{"opaque":"x"}' },
      { code: 200, headers: { messageId: 'm1' }, data: '{"status":"SUCCESS","message":"stored"}' },
    ]);
    platform.done();
  });
});
