import { decrypt as vendorDecrypt, encrypt as vendorEncrypt, getSignature } from '@wecom/crypto';
import { describe, expect, it } from 'vitest';
import { wecomDecrypt, wecomEncrypt, wecomSign } from '@trainbridge/sandbox';
import { vectors } from './vectors.js';

describe('callback encryption, known answers', () => {
  it.each(vectors)('$name: signature, message and receiver', (vector) => {
    expect(wecomSign(vector.token, vector.timestamp, vector.nonce, vector.encrypted)).toBe(vector.signature);
    const { message, receiveId } = wecomDecrypt(vector.key, vector.encrypted);
    if (typeof vector.message === 'string') expect(message).toBe(vector.message);
    else expect(message).toMatch(vector.message);
    expect(Buffer.byteLength(message)).toBe(vector.length);
    expect(receiveId).toBe(vector.receiveId);
  });

  it.each(vectors.filter((vector) => vector.random !== undefined))(
    '$name: encrypts to the same text',
    (vector) => {
      const { message } = wecomDecrypt(vector.key, vector.encrypted);
      const random = Buffer.from(vector.random ?? '');
      expect(wecomEncrypt({ encodingAesKey: vector.key, receiveId: vector.receiveId, message, random })).toBe(
        vector.encrypted,
      );
    },
  );

  it('says the receiver of V4 is not the one of V1', () => {
    const [first, , , fourth] = vectors;
    expect(wecomDecrypt(fourth?.key ?? '', fourth?.encrypted ?? '').receiveId).not.toBe(first?.receiveId);
  });

  it('sorts: swapping timestamp and nonce changes nothing, another token does', () => {
    const { token, timestamp, nonce, encrypted, signature } = vectors[0] as (typeof vectors)[0];
    expect(wecomSign(token, nonce, timestamp, encrypted)).toBe(signature);
    expect(wecomSign(`${token}x`, timestamp, nonce, encrypted)).not.toBe(signature);
  });

  it('refuses what was cut or made with another key', () => {
    const { key, encrypted } = vectors[1] as (typeof vectors)[1];
    expect(() => wecomDecrypt(key, encrypted.slice(0, 64))).toThrow();
    expect(() => wecomDecrypt(key, encrypted.slice(0, 61))).toThrow();
    expect(() => wecomDecrypt(key, '')).toThrow();
    expect(() => wecomDecrypt('short', encrypted)).toThrow();
  });

  it("agrees with the vendor's package on messages of every padding", () => {
    const key = vectors[4]?.key ?? '';
    for (let length = 0; length < 40; length += 1) {
      const message = '训'.repeat(length) + 'x'.repeat(length % 3);
      const mine = wecomEncrypt({ encodingAesKey: key, receiveId: 'wwsim', message });
      expect(vendorDecrypt(key, mine)).toMatchObject({ message, id: 'wwsim' });
      expect(wecomDecrypt(key, vendorEncrypt(key, message, 'wwsim'))).toEqual({
        message,
        receiveId: 'wwsim',
      });
      expect(wecomSign('t', '1', 'n', mine)).toBe(getSignature('t', '1', 'n', mine));
    }
  });
});
