import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** A new Standard Webhooks secret: `whsec_` and 32 random bytes in base64. */
export function newSigningSecret(): string {
  return PREFIX + randomBytes(32).toString('base64');
}

/**
 * The key inside a `whsec_…` secret.
 * @throws when the text is not base64 of 24 to 64 bytes; the message never repeats the secret.
 */
export function signingKey(secret: string): Buffer {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  const key = Buffer.from(text, 'base64');
  if (
    key.length < 24 ||
    key.length > 64 ||
    key.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')
  ) {
    throw new Error('a signing secret is whsec_ and 24 to 64 bytes in base64');
  }
  return key;
}

/**
 * The `webhook-signature` header of Standard Webhooks 1.0.0: `v1,` and HMAC-SHA256 of `id.timestamp.body`, one for each
 * living key, separated by a space. The body is signed as the bytes that are sent.
 */
export function webhookSignature(
  keys: readonly Buffer[],
  id: string,
  timestamp: number,
  body: string | Buffer,
): string {
  const head = `${id}.${timestamp}.`;
  let header = '';
  for (const key of keys) {
    const signature = createHmac('sha256', key).update(head).update(body).digest('base64');
    header += header === '' ? `v1,${signature}` : ` v1,${signature}`;
  }
  return header;
}
