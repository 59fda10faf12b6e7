import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/*
 * The callback encryption as the page callback-event-message-body-encryption-and-decryption has it. The
 * connector has its own: two readings that agree are worth more than one that is shared.
 */

const padBlock = 32;
const randomLength = 16;
const headLength = randomLength + 4;
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** What travels: the four values of a reply, or of a request's query and body. */
export interface Sealed {
  signature: string;
  timestamp: string;
  nonce: string;
  encrypt: string;
}

/** Encrypts a message for `ownerKey` and signs it. Random text, time (ms) and nonce are made up unless given. */
export function seal(
  keys: { token: string; aesKey: string; ownerKey: string },
  message: string,
  fixed: { random?: string; timestamp?: string; nonce?: string } = {},
): Sealed {
  const timestamp = fixed.timestamp ?? String(Date.now());
  const nonce = fixed.nonce ?? randomText(8);
  const encrypt = encryptMessage(keys.aesKey, message, keys.ownerKey, fixed.random);
  return { signature: signatureOf(keys.token, timestamp, nonce, encrypt), timestamp, nonce, encrypt };
}

/**
 * Checks and decrypts what `seal` made.
 * @throws Error that says which of the four values is wrong.
 */
export function unseal(
  keys: { token: string; aesKey: string },
  sealed: Sealed,
): { message: string; ownerKey: string } {
  const { signature, timestamp, nonce, encrypt } = sealed;
  if (signature !== signatureOf(keys.token, timestamp, nonce, encrypt))
    throw new Error('the signature is wrong');
  return decryptMessage(keys.aesKey, encrypt);
}

/** Base64 of AES-256-CBC over 16 random characters, length, message and owner, padded to blocks of 32. */
export function encryptMessage(
  aesKey: string,
  message: string,
  ownerKey: string,
  random = randomText(randomLength),
): string {
  const key = keyOf(aesKey);
  const text = Buffer.from(message, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const frame = Buffer.concat([Buffer.from(random, 'ascii'), length, text, Buffer.from(ownerKey, 'utf8')]);
  const pad = padBlock - (frame.length % padBlock);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(frame),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ]).toString('base64');
}

/**
 * The reverse of `encryptMessage`.
 * @throws Error when the text was not made with this key or is cut.
 */
export function decryptMessage(aesKey: string, encrypted: string): { message: string; ownerKey: string } {
  const key = keyOf(aesKey);
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length === 0 || bytes.length % 16 !== 0) throw new Error('not a whole number of cipher blocks');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const last = padded[padded.length - 1] ?? 0;
  // A last byte that cannot be padding means there is none.
  const frame = last >= 1 && last <= padBlock ? padded.subarray(0, padded.length - last) : padded;
  if (frame.length < headLength) throw new Error('too short');
  const end = headLength + frame.readUInt32BE(randomLength);
  if (end > frame.length) throw new Error('the message is longer than what arrived');
  return { message: frame.toString('utf8', headLength, end), ownerKey: frame.toString('utf8', end) };
}

/** Lower-case hex of SHA-1 over the four values, sorted as plain strings and joined. */
export function signatureOf(token: string, timestamp: string, nonce: string, encrypt: string): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypt].sort().join('')).digest('hex');
}

/** 32 bytes from the 43 characters of an aes_key; its last character may carry unused bits. */
function keyOf(aesKey: string): Buffer {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  if (aesKey.length !== 43 || key.length !== 32) throw new Error('an aes_key has 43 characters');
  return key;
}

function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('');
}
