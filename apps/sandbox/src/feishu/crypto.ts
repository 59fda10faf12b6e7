import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/*
 * Encryption and signature of events (event-subscription-guide: encrypt key): AES-256-CBC under the SHA-256 of the key's
 * text, the 16 bytes of the IV in front, Base64; the signature is a plain SHA-256 over four texts, no HMAC.
 */

const ivBytes = 16;

const keyOf = (encryptKey: string): Buffer => createHash('sha256').update(encryptKey, 'utf8').digest();

/** The value of `encrypt`; `iv` only for known answers. */
export function encrypt(encryptKey: string, plain: string, iv: Buffer = randomBytes(ivBytes)): string {
  const cipher = createCipheriv('aes-256-cbc', keyOf(encryptKey), iv);
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]).toString('base64');
}

/** @throws Error when the key is another one or the text was changed. */
export function decrypt(encryptKey: string, encrypted: string): string {
  const blob = Buffer.from(encrypted, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', keyOf(encryptKey), blob.subarray(0, ivBytes));
  return Buffer.concat([decipher.update(blob.subarray(ivBytes)), decipher.final()]).toString('utf8');
}

/** `X-Lark-Signature` for a body as it stands on the wire. */
export function sign(encryptKey: string, timestamp: string, nonce: string, body: string | Buffer): string {
  return createHash('sha256').update(timestamp).update(nonce).update(encryptKey).update(body).digest('hex');
}
