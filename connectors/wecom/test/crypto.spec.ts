import { decrypt as officialDecrypt, encrypt as officialEncrypt, getSignature } from '@wecom/crypto';
import { describe, expect, it } from 'vitest';
import { envelopeKey, envelopeSignature, isSameText, openEnvelope } from '@trainbridge/connector-kit';
import { s1, v1, v2, v4, vectors, type Vector } from './vectors.js';

const sign = ({ token, timestamp, nonce, encrypted }: Vector): string =>
  envelopeSignature(token, timestamp, nonce, encrypted);

describe('known answers', () => {
  it.each(vectors)('$name: signature, plain text, receiveid', (vector) => {
    expect(sign(vector)).toBe(vector.signature);
    const { message, receiveId } = openEnvelope(vector.aesKey, vector.encrypted);
    expect(receiveId).toBe(vector.receiveId);
    expect(message).toHaveLength(vector.bytes);
    if (typeof vector.message === 'string') expect(message.toString()).toBe(vector.message);
    else expect(message.toString()).toMatch(vector.message);
  });

  it.each(vectors)('$name: the vendor’s own library agrees', (vector) => {
    const { token, timestamp, nonce, encrypted, aesKey } = vector;
    expect(getSignature(token, Number(timestamp), nonce as unknown as number, encrypted)).toBe(
      vector.signature,
    );
    const official = officialDecrypt(aesKey, encrypted);
    const { message, receiveId } = openEnvelope(aesKey, encrypted);
    expect({ message: message.toString(), receiveId }).toEqual({
      message: official.message,
      receiveId: official.id,
    });
  });

  it('gives the key of the published example, whose last character has unused bits', () => {
    expect(envelopeKey(v1.aesKey).toString('hex')).toBe(
      '8d69989bbaabe67328014c194631ad0719b3dca035b64023df292447aab60760',
    );
    expect(envelopeKey(v1.aesKey)).toEqual(envelopeKey(`${v1.aesKey.slice(0, -1)}A`));
  });
});

describe('against the vendor’s library', () => {
  it('opens messages of every length around the block size', () => {
    for (let length = 0; length <= 70; length += 1) {
      const text = '学'.repeat(length % 7) + 'x'.repeat(length);
      const { message, receiveId } = openEnvelope(s1.aesKey, officialEncrypt(s1.aesKey, text, s1.receiveId));
      expect([message.toString(), receiveId]).toEqual([text, s1.receiveId]);
    }
  });
});

describe('what is not genuine', () => {
  it.each(vectors)('$name: another last digit of the signature is refused', (vector) => {
    const last = vector.signature.endsWith('0') ? '1' : '0';
    expect(isSameText(vector.signature, sign(vector))).toBe(true);
    expect(isSameText(vector.signature.slice(0, -1) + last, sign(vector))).toBe(false);
  });

  it.each(['', 'abc', v1.signature.toUpperCase(), `${v1.signature}0`, '签'.repeat(40)])(
    'signature %j is refused',
    (given) => {
      expect(isSameText(given, v1.signature)).toBe(false);
    },
  );

  it('timestamp and nonce swapped sign the same, so a signature proves no more than it does', () => {
    expect(envelopeSignature(v1.token, v1.nonce, v1.timestamp, v1.encrypted)).toBe(v1.signature);
  });

  it.each([
    ['cut in the middle of a block', v2.encrypted.slice(0, -8)],
    ['not base64', `${v2.encrypted.slice(0, -4)}!!!!`],
    ['in the alphabet of URLs', v2.encrypted.replaceAll('+', '-')],
    ['empty', ''],
  ])('a ciphertext %s cannot be read', (_name, encrypted) => {
    expect(() => openEnvelope(v2.aesKey, encrypted)).toThrow(
      expect.objectContaining({ code: 'input_invalid' }),
    );
  });

  it('a ciphertext cut at a block, or of another key, is not opened', () => {
    const bytes = Buffer.from(v2.encrypted, 'base64');
    const cut = bytes.subarray(0, bytes.length - 16).toString('base64');
    for (const [key, encrypted] of [
      [v2.aesKey, cut],
      [v4.aesKey, v2.encrypted],
      [s1.aesKey, v4.encrypted],
    ] as const) {
      expect(() => openEnvelope(key, encrypted)).toThrow(expect.objectContaining({ code: 'auth_failed' }));
    }
  });

  it.each([42, 44])('a key of %i characters is a mistake of the configuration', (length) => {
    expect(() => envelopeKey('a'.repeat(length))).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });
});
