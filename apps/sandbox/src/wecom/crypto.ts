import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/*
 * The callback encryption of the sheet's section 4.2, written from the sheet alone. The connector has its
 * own: two readings that agree are worth more than one that is shared.
 */

const padBlock = 32;

/** 32 bytes from the 43 characters of an EncodingAESKey; its last character may carry unused bits. */
export function aesKeyBytes(encodingAesKey: string): Buffer {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  if (encodingAesKey.length !== 43 || key.length !== 32)
    throw new Error('an EncodingAESKey has 43 characters');
  return key;
}

/** Base64 of AES-256-CBC over random ‖ length ‖ message ‖ receiveid, padded to blocks of 32 bytes. */
export function encrypt(input: {
  encodingAesKey: string;
  receiveId: string;
  message: string;
  /** 16 bytes; only tests fix them. */
  random?: Buffer;
}): string {
  const key = aesKeyBytes(input.encodingAesKey);
  const message = Buffer.from(input.message, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const body = Buffer.concat([
    input.random ?? randomBytes(16),
    length,
    message,
    Buffer.from(input.receiveId, 'utf8'),
  ]);
  const pad = padBlock - (body.length % padBlock);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(Buffer.concat([body, Buffer.alloc(pad, pad)])),
    cipher.final(),
  ]).toString('base64');
}

/**
 * The reverse of `encrypt`.
 * @throws Error when the text was not made with this key or is cut.
 */
export function decrypt(encodingAesKey: string, encrypted: string): { message: string; receiveId: string } {
  const key = aesKeyBytes(encodingAesKey);
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length === 0 || bytes.length % 16 !== 0) throw new Error('not a whole number of cipher blocks');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const pad = padded[padded.length - 1] ?? 0;
  if (pad < 1 || pad > padBlock || pad > padded.length) throw new Error('impossible padding');
  const plain = padded.subarray(0, padded.length - pad);
  if (plain.length < 20) throw new Error('too short');
  const end = 20 + plain.readUInt32BE(16);
  if (end > plain.length) throw new Error('message is longer than what arrived');
  return { message: plain.toString('utf8', 20, end), receiveId: plain.toString('utf8', end) };
}

/** `msg_signature`: SHA-1 over token, timestamp, nonce and encrypted text in ascending byte order. */
export function sign(token: string, timestamp: string, nonce: string, encrypted: string): string {
  const parts = [token, timestamp, nonce, encrypted].sort((left, right) =>
    Buffer.compare(Buffer.from(left), Buffer.from(right)),
  );
  return createHash('sha1').update(parts.join('')).digest('hex');
}

/** Compares in constant time. */
export function isSignature(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
