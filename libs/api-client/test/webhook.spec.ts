import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { verifyWebhook, WebhookVerificationError } from '../src/index.js';

const secret = `whsec_${randomBytes(24).toString('base64')}`;
const body = JSON.stringify({
  id: 'm1',
  type: 'course.completed',
  timestamp: '2026-11-23T08:00:00Z',
  data: { name: '张三' },
});

/** Signed by the reference implementation. */
function headers(key = secret, at = new Date()): Record<string, string> {
  return {
    'Webhook-Id': 'm1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign('m1', at, body),
  };
}

describe('verifyWebhook', () => {
  it('takes what the reference implementation signed, as text and as bytes', async () => {
    expect(await verifyWebhook({ secret, headers: headers(), body })).toEqual(JSON.parse(body));
    const asBytes = { secret, headers: new Headers(headers()), body: Buffer.from(body) };
    expect(await verifyWebhook(asBytes)).toMatchObject({ id: 'm1', data: { name: '张三' } });
  });

  it('takes either signature while a secret is rotated, and either secret', async () => {
    const old = `whsec_${randomBytes(24).toString('base64')}`;
    const at = new Date();
    const both = `${headers(old, at)['webhook-signature']} ${headers(secret, at)['webhook-signature']}`;
    expect(
      await verifyWebhook({ secret, headers: { ...headers(secret, at), 'webhook-signature': both }, body }),
    ).toBeTruthy();
    expect(await verifyWebhook({ secret: [secret, old], headers: headers(old), body })).toBeTruthy();
  });

  it.each([
    ['another secret', { secret: `whsec_${randomBytes(24).toString('base64')}` }],
    ['another body', { body: `${body} ` }],
    ['a stale message', { headers: headers(secret, new Date(Date.now() - 301_000)) }],
    ['a message from the future', { headers: headers(secret, new Date(Date.now() + 301_000)) }],
    ['another id', { headers: { ...headers(), 'Webhook-Id': 'm2' } }],
    ['no signature', { headers: { ...headers(), 'webhook-signature': '' } }],
    [
      'another version of signature',
      {
        headers: {
          ...headers(),
          'webhook-signature': headers()['webhook-signature']!.replace('v1,', 'v1a,'),
        },
      },
    ],
    ['broken base64', { headers: { ...headers(), 'webhook-signature': 'v1,***' } }],
  ])('refuses %s', async (_name, change) => {
    await expect(verifyWebhook({ secret, headers: headers(), body, ...change })).rejects.toThrow(
      WebhookVerificationError,
    );
  });
});
