import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { envelopeKey, envelopeSignature, openEnvelope, sealEnvelope } from '@trainbridge/connector-kit';
import { vector, vectors, type Vector } from './vectors.js';

/** The package most Node integrations use. It ships no types, and is right for ASCII only. */
interface Encryptor {
  encrypt(random: string, plain: string): string;
  decrypt(encrypted: string): string;
  getSignature(token: string, timestamp: string, nonce: string, encrypted: string): string;
}
const Counterpart = createRequire(import.meta.url)('dingtalk-encrypt') as new (
  token: string,
  aesKey: string,
  owner: string,
) => Encryptor;

const counterpart = ({ token, aesKey, owner }: Vector): Encryptor => new Counterpart(token, aesKey, owner);
const random = (text: string): string => Buffer.from(text).toString('base64');

describe('known answers', () => {
  it.each(vectors)('$name: signature, plain text, owner', (known) => {
    const { token, timestamp, nonce, encrypted, aesKey } = known;
    expect(envelopeSignature(token, timestamp, nonce, encrypted)).toBe(known.signature);
    const { message, receiveId } = openEnvelope(aesKey, encrypted);
    expect([message.toString(), receiveId]).toEqual([known.message, known.owner]);
  });

  it.each(vectors)('$name: encrypted again it is the same text', (known) => {
    expect(sealEnvelope(known.aesKey, known.owner, known.message, random(known.random))).toBe(
      known.encrypted,
    );
  });

  it('gives the published keys, of which the last character may carry spare bits', () => {
    expect(envelopeKey(vector('V1').aesKey).toString('hex')).toBe(
      'e20e63eb8aa5ca5df3bdeb6ac73e638a871daf9f3a7e7db3be3a5af3396cde28',
    );
    expect(envelopeKey(vector('V4').aesKey).toString('hex')).toBe(
      'd76df8e7aefcf74d76df8e7aefcf74d76df8e7aefcf74d76df8e7aefcf74d76d',
    );
  });
});

describe('against dingtalk-encrypt, where it is right', () => {
  it.each(vectors.filter(({ name }) => !name.startsWith('V7')))('$name', (known) => {
    const other = counterpart(known);
    const { token, timestamp, nonce, encrypted } = known;
    expect(other.getSignature(token, timestamp, nonce, encrypted)).toBe(known.signature);
    expect(other.decrypt(encrypted)).toBe(known.message);
  });

  it('each opens what the other sealed, at every length around the block size', () => {
    const known = vector('V5');
    const other = counterpart(known);
    for (let length = 1; length <= 70; length += 1) {
      const text = 'x'.repeat(length);
      const theirs = openEnvelope(known.aesKey, other.encrypt('0123456789abcdef', text));
      expect([theirs.message.toString(), theirs.receiveId]).toEqual([text, known.owner]);
      const ours = sealEnvelope(known.aesKey, known.owner, text, random('0123456789abcdef'));
      expect(other.decrypt(ours)).toBe(text);
    }
  });

  it('and where it is not: Chinese', () => {
    const known = vector('V7');
    expect(counterpart(known).decrypt(known.encrypted)).not.toBe(known.message);
    expect(openEnvelope(known.aesKey, known.encrypted).message.toString()).toBe(known.message);
  });
});
