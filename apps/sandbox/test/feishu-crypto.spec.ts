import { describe, expect, it } from 'vitest';
import { AESCipher } from '@larksuiteoapi/node-sdk';
import {
  feishuDecodeFrame,
  feishuDecrypt,
  feishuEncodeFrame,
  feishuEncrypt,
  feishuSign,
} from '@trainbridge/sandbox';
import { feishuVectors } from './feishu-vectors.js';

const countedIv = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');

describe('encryption of Feishu events', () => {
  it.each(feishuVectors)('$id is decrypted and signed as published', (vector) => {
    const { encryptKey, encrypt, plaintext, timestamp, nonce, signature } = vector;
    expect(feishuDecrypt(encryptKey, encrypt)).toBe(plaintext);
    expect(feishuSign(encryptKey, timestamp, nonce, `{"encrypt":"${encrypt}"}`)).toBe(signature);
  });

  it.each(feishuVectors.filter(({ id }) => id === 'A' || id === 'B'))(
    '$id is encrypted to the byte',
    (vector) => {
      expect(feishuEncrypt(vector.encryptKey, vector.plaintext, countedIv)).toBe(vector.encrypt);
    },
  );

  it('is read by the official SDK, whatever the random bytes', () => {
    const blob = feishuEncrypt('kat-encrypt-key-01', '{"名":"张三"}');
    expect(new AESCipher('kat-encrypt-key-01').decrypt(blob)).toBe('{"名":"张三"}');
    expect(feishuEncrypt('kat-encrypt-key-01', '{}')).not.toBe(feishuEncrypt('kat-encrypt-key-01', '{}'));
  });

  it('signs the bytes as they stand, white space included', () => {
    const body = '{"schema": "2.0", "n": 1.0}';
    expect(feishuSign('kat-encrypt-key-01', '1700000200', 'n-3', body)).toBe(
      '9f8ad1b28de37b23b45301bb5ff3466ffb91edfb064f057d76113bc86e9f18c1',
    );
  });

  it('refuses another key and a changed text', () => {
    const blob = feishuEncrypt('one', 'a text of some length, over two blocks');
    const broken = `${blob.slice(0, -6)}AAAAA=`;
    expect(() => feishuDecrypt('one', broken)).toThrow();
    expect(() => feishuDecrypt('one', 'c2hvcnQ=')).toThrow();
  });
});

describe('frames of the long connection', () => {
  const frame = {
    seqId: 300,
    logId: 2 ** 40,
    service: 33554678,
    method: 1,
    headers: [
      ['type', 'event'],
      ['message_id', '消息'],
    ] as [string, string][],
    payload: Buffer.from('{"code":200}'),
  };

  it('come back as they went', () => {
    expect(feishuDecodeFrame(feishuEncodeFrame(frame))).toEqual(frame);
    const ping = { ...frame, seqId: 0, headers: [], payload: Buffer.alloc(0) };
    expect(feishuDecodeFrame(feishuEncodeFrame(ping))).toEqual(ping);
  });

  it('may hold fields nobody knows, but not end in the middle', () => {
    const bytes = feishuEncodeFrame(frame);
    const unknown = Buffer.from([(6 << 3) | 2, 1, 0x78, 9 << 3, 1]);
    expect(feishuDecodeFrame(Buffer.concat([unknown, bytes]))).toEqual(frame);
    expect(() => feishuDecodeFrame(bytes.subarray(0, -3))).toThrow(RangeError);
    expect(() => feishuDecodeFrame(Buffer.from([0xff, 0xff]))).toThrow(RangeError);
    expect(() => feishuDecodeFrame(Buffer.from([(1 << 3) | 5, 0, 0, 0, 0]))).toThrow(RangeError);
  });
});
