import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { newSigningSecret, signingKey, webhookSignature } from '../src/webhook/signing-secret.js';
import { webhookBody } from '../src/webhook/webhook-body.js';

describe('Standard Webhooks signatures', () => {
  it('makes the known vector of the specification', () => {
    const key = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(webhookSignature([key], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('verifies with the official library, for either secret during a rotation, and not when anything changed', () => {
    const [old, current] = [newSigningSecret(), newSigningSecret()];
    const timestamp = Math.floor(Date.now() / 1_000);
    const body = webhookBody({
      id: 'lev_1',
      type: 'course.completed',
      timestamp: '2026-11-23T09:30:00.000Z',
      data: '{"名": "王"}',
    });
    const signature = webhookSignature([signingKey(current), signingKey(old)], 'lev_1', timestamp, body);
    const headers = {
      'webhook-id': 'lev_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
    };
    for (const secret of [old, current]) {
      expect(new Webhook(secret).verify(body, headers)).toEqual({
        id: 'lev_1',
        type: 'course.completed',
        timestamp: '2026-11-23T09:30:00.000Z',
        data: { 名: '王' },
      });
    }
    expect(() => new Webhook(current).verify(`${body} `, headers)).toThrow();
    expect(() => new Webhook(current).verify(body, { ...headers, 'webhook-id': 'lev_2' })).toThrow();
    expect(() => new Webhook(newSigningSecret()).verify(body, headers)).toThrow();
  });

  it('makes secrets of 32 random bytes and takes only 24 to 64', () => {
    expect(signingKey(newSigningSecret())).toHaveLength(32);
    expect(newSigningSecret()).not.toBe(newSigningSecret());
    for (const wrong of [
      'whsec_',
      'whsec_c2hvcnQ=',
      `whsec_${Buffer.alloc(65).toString('base64')}`,
      'whsec_***not base64***************',
    ]) {
      expect(() => signingKey(wrong)).toThrow('24 to 64 bytes');
    }
  });
});
