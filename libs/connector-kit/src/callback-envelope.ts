import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { ConnectorError } from './errors.js';

/*
 * The encrypted envelope that several platforms share to the byte: SHA-1 over four sorted strings, AES-256-CBC, and a plain
 * text of random (16 bytes) ‖ length (4, big endian) ‖ message ‖ receive id, padded to blocks of 32 bytes.
 */

const BLOCK = 32;
const HEAD = 20;

/**
 * 32 bytes from the 43 characters of an EncodingAESKey. The last character may carry bits that say nothing (`…2B2C` and
 * `…2B2A` are the same key), so nothing is checked by encoding it again.
 *
 * @throws ConnectorError `config_invalid` for anything else.
 */
export function envelopeKey(encodingAesKey: string): Buffer {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  if (encodingAesKey.length !== 43 || key.length !== 32) {
    throw new ConnectorError('config_invalid', 'An EncodingAESKey has 43 letters and digits.');
  }
  return key;
}

/** SHA-1 over the four strings in the order of their bytes, nothing between them; lower-case hex. */
export function envelopeSignature(
  token: string,
  timestamp: string,
  nonce: string,
  encrypted: string,
): string {
  const parts = [token, timestamp, nonce, encrypted]
    .map((part) => Buffer.from(part, 'utf8'))
    .sort((left, right) => left.compare(right));
  return createHash('sha1').update(Buffer.concat(parts)).digest('hex');
}

/** Whether two texts are the same, in constant time: for signatures and verification tokens. */
export function isSameText(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}

export interface OpenedEnvelope {
  /** The bytes of the message, not yet believed to be text. */
  message: Buffer;
  /** Whom it was encrypted for: the corporation's or the app's id. */
  receiveId: string;
}

/**
 * Opens what a signature has vouched for.
 *
 * @throws ConnectorError `input_invalid` when it is no ciphertext at all, `auth_failed` when this key does not open it.
 */
export function openEnvelope(encodingAesKey: string, encrypted: string): OpenedEnvelope {
  const key = envelopeKey(encodingAesKey);
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

/**
 * The encrypted text of a message, base64.
 *
 * @param randomBase64 16 random bytes; from `context.randomBase64(16)`
 */
export function sealEnvelope(
  encodingAesKey: string,
  receiveId: string,
  message: string,
  randomBase64: string,
): string {
  const key = envelopeKey(encodingAesKey);
  const text = Buffer.from(message, 'utf8');
  const head = Buffer.alloc(HEAD);
  Buffer.from(randomBase64, 'base64').copy(head, 0, 0, 16);
  head.writeUInt32BE(text.length, 16);
  const plain = Buffer.concat([head, text, Buffer.from(receiveId, 'utf8')]);
  const padding = BLOCK - (plain.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding)])),
    cipher.final(),
  ]).toString('base64');
}

/** PKCS#7 over blocks of 32: 1 to 32 bytes that all say how many they are. Node's own unpadding knows only 16. */
function paddingOf(padded: Buffer): number {
  const padding = padded[padded.length - 1] ?? 0;
  if (padding < 1 || padding > BLOCK || padding > padded.length) throw wrongKey();
  if (!padded.subarray(padded.length - padding).every((byte) => byte === padding)) throw wrongKey();
  return padding;
}

/** The token vouched and the key does not open it: a mix-up in the configuration, not an attack. */
function wrongKey(): ConnectorError {
  return new ConnectorError(
    'auth_failed',
    'The EncodingAESKey of this connection does not open the message.',
    {
      advice: {
        en: 'The Token fits and the EncodingAESKey does not: copy both again, as a pair, from the same page of the console.',
        'zh-CN': 'Token 正确但 EncodingAESKey 不匹配，请从控制台的同一页面成对重新复制。',
      },
    },
  );
}

/** Standard alphabet, padded; anything else in it is nothing these platforms sent. */
function fromBase64(text: string): Buffer | null {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}

/**
 * A callback's parameters by their own characters: percent signs decoded, and a "+" left a "+", because signatures are made
 * over it. One that comes twice is refused rather than chosen from.
 *
 * @throws ConnectorError `input_invalid`.
 */
export function readCallbackQuery(queryString: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of queryString.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = percentDecoded(at === -1 ? pair : pair.slice(0, at));
    if (query.has(name)) throw unreadable(`Its query has "${name.slice(0, 30)}" twice.`);
    query.set(name, at === -1 ? '' : percentDecoded(pair.slice(at + 1)));
  }
  return query;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable('Its query is not properly percent-encoded.');
  }
}

/** The text of these bytes. @throws ConnectorError `input_invalid` naming `what` when they are no UTF-8. */
export function utf8Text(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(`Its ${what} is not UTF-8.`);
  }
}

function unreadable(why: string): ConnectorError {
  return new ConnectorError('input_invalid', `The callback cannot be read. ${why}`);
}
