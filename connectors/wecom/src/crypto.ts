import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { ConnectorError } from '@trainbridge/connector-kit';

/*
 * WeCom's callback cryptography, vendors/wecom.md section 4.2. Only what receiving needs: the plain text is
 * random (16 bytes) ‖ length (4, big endian) ‖ message ‖ receiveid, padded to blocks of 32 bytes.
 */

const BLOCK = 32;
const HEAD = 20;

/**
 * 32 bytes from the 43 characters of an EncodingAESKey. The last character may carry bits that say nothing (`…2B2C` and
 * `…2B2A` are the same key), so nothing is checked by encoding it again.
 */
export function keyBytes(encodingAesKey: string): Buffer {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  if (encodingAesKey.length !== 43 || key.length !== 32) {
    throw new ConnectorError('config_invalid', 'An EncodingAESKey has 43 letters and digits.');
  }
  return key;
}

/** `msg_signature`: SHA-1 over the four strings in the order of their bytes, nothing between them. */
export function signatureOf(token: string, timestamp: string, nonce: string, encrypted: string): string {
  const parts = [token, timestamp, nonce, encrypted]
    .map((part) => Buffer.from(part, 'utf8'))
    .sort((left, right) => left.compare(right));
  return createHash('sha1').update(Buffer.concat(parts)).digest('hex');
}

/** In constant time. Only the lower-case hex form WeCom sends is accepted. */
export function isSignature(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}

export interface Decrypted {
  /** The bytes of the message, not yet believed to be text. */
  message: Buffer;
  /** Whom it was encrypted for: the corporation's id. */
  receiveId: string;
}

/**
 * Opens what a signature has vouched for.
 *
 * @throws ConnectorError `input_invalid` when it is no ciphertext at all, `auth_failed` when this key does not open it.
 */
export function decrypt(encodingAesKey: string, encrypted: string): Decrypted {
  const key = keyBytes(encodingAesKey);
  const bytes = fromBase64(encrypted);
  if (bytes === null || bytes.length === 0 || bytes.length % 16 !== 0) {
    throw new ConnectorError(
      'input_invalid',
      'The encrypted text is not whole: it is no base64 of full cipher blocks.',
    );
  }
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const plain = padded.subarray(0, padded.length - paddingOf(padded));
  const length = plain.length >= HEAD ? plain.readUInt32BE(16) : Number.POSITIVE_INFINITY;
  if (HEAD + length > plain.length) throw wrongKey();
  return { message: plain.subarray(HEAD, HEAD + length), receiveId: plain.toString('utf8', HEAD + length) };
}

/** PKCS#7 over blocks of 32: 1 to 32 bytes that all say how many they are. Node's own unpadding knows only 16. */
function paddingOf(padded: Buffer): number {
  const padding = padded[padded.length - 1] ?? 0;
  if (padding < 1 || padding > BLOCK || padding > padded.length) throw wrongKey();
  if (!padded.subarray(padded.length - padding).every((byte) => byte === padding)) throw wrongKey();
  return padding;
}

/** The Token vouched and the key does not open it: a mix-up in the configuration, not an attack. */
function wrongKey(): ConnectorError {
  return new ConnectorError(
    'auth_failed',
    'The EncodingAESKey of this connection does not open the message.',
    {
      advice: {
        en: 'The Token fits and the EncodingAESKey does not. The pairs of the app’s page and of the contacts-sync page are often mixed up: copy both again, each pair from its own page.',
        'zh-CN':
          'Token 正确但 EncodingAESKey 不匹配。应用页面与通讯录同步页面的两组值容易混用，请分别从各自页面成对重新复制。',
      },
    },
  );
}

/** Standard alphabet, padded; anything else in it is nothing WeCom sent. */
function fromBase64(text: string): Buffer | null {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}
