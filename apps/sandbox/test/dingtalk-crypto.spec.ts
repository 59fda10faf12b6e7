import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import {
  dingtalkDecrypt,
  dingtalkEncrypt,
  dingtalkSeal,
  dingtalkSign,
  dingtalkUnseal,
} from '@trainbridge/sandbox';
import { dingtalkVectors } from './dingtalk-vectors.js';

/** The official package has no types. */
interface VendorEncryptor {
  getEncryptedMap(
    message: string,
    timestamp: string,
    nonce: string,
  ): { msg_signature: string; timeStamp: string; nonce: string; encrypt: string };
  getDecryptMsg(signature: string, timestamp: string, nonce: string, encrypt: string): string;
}
const VendorEncrypt = createRequire(import.meta.url)('dingtalk-encrypt') as new (
  token: string,
  aesKey: string,
  ownerKey: string,
) => VendorEncryptor;

describe('DingTalk callback encryption', () => {
  it.each(dingtalkVectors)('$name: signature, message, owner, and the same text again', (vector) => {
    const { token, aesKey, ownerKey, timestamp, nonce, random, message, signature, encrypted } = vector;
    expect(dingtalkSign(token, timestamp, nonce, encrypted)).toBe(signature);
    expect(dingtalkDecrypt(aesKey, encrypted)).toEqual({ message, ownerKey });
    expect(dingtalkEncrypt(aesKey, message, ownerKey, random)).toBe(encrypted);
    expect(dingtalkSeal(vector, message, { random, timestamp, nonce })).toEqual({
      signature,
      timestamp,
      nonce,
      encrypt: encrypted,
    });
  });

  it('agrees with the official package on plain ASCII, where that one is right', () => {
    for (const { token, aesKey, ownerKey, timestamp, nonce, message } of dingtalkVectors.slice(0, 6)) {
      const vendor = new VendorEncrypt(token, aesKey, ownerKey);
      // It URI-encodes what it encrypts: right for plain words only.
      const theirs = vendor.getEncryptedMap('success', timestamp, nonce);
      const sealed = {
        signature: theirs.msg_signature,
        timestamp: String(theirs.timeStamp),
        nonce: theirs.nonce,
        encrypt: theirs.encrypt,
      };
      expect(dingtalkUnseal({ token, aesKey }, sealed)).toEqual({ message: 'success', ownerKey });
      const mine = dingtalkSeal({ token, aesKey, ownerKey }, message, { timestamp, nonce });
      expect(vendor.getDecryptMsg(mine.signature, timestamp, nonce, mine.encrypt)).toBe(message);
    }
  });

  it('refuses what was cut, made with another key or signed with another token', () => {
    const [first, second] = dingtalkVectors as [(typeof dingtalkVectors)[0], (typeof dingtalkVectors)[0]];
    expect(() => dingtalkDecrypt(first.aesKey, first.encrypted.slice(0, 64))).toThrow();
    expect(() => dingtalkDecrypt(first.aesKey, first.encrypted.slice(0, 61))).toThrow();
    expect(() => dingtalkDecrypt(second.aesKey, first.encrypted)).toThrow();
    expect(() => dingtalkDecrypt('short', first.encrypted)).toThrow();
    const sealed = dingtalkSeal(first, 'success');
    expect(() => dingtalkUnseal({ ...first, token: 'other' }, sealed)).toThrow('signature');
  });
});
