import { createCipheriv, createHash } from 'node:crypto';
import { AESCipher, EventDispatcher, generateChallenge } from '@larksuiteoapi/node-sdk';
import type { RawCallback } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { openCallback, signatureOver } from '../src/events/envelope.js';
import { baseConfig } from './fake-context.js';
import { bodyOf, rawBody, vector, vectors, type Vector } from './vectors.js';

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

function callback(body: string, headers: Record<string, string> = {}): RawCallback {
  return { method: 'POST', queryString: '', headers, bodyBase64: Buffer.from(body).toString('base64') };
}

const signedBy = ({ timestamp, nonce, signature }: Pick<Vector, 'timestamp' | 'nonce' | 'signature'>) => ({
  'x-lark-request-timestamp': timestamp,
  'x-lark-request-nonce': nonce,
  'x-lark-signature': signature,
});

const open = (of: Vector, headers: Record<string, string> = signedBy(of)) =>
  openCallback({ ...baseConfig, encryptKey: of.encryptKey }, callback(bodyOf(of), headers));

const sealed = (
  encryptKey: string,
  text: string,
  iv = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'),
) => {
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(encryptKey).digest(), iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
};

describe('known answers', () => {
  it.each(vectors)('$id: signature over the raw body', (of) => {
    const body = Buffer.from(bodyOf(of));
    expect(body).toHaveLength(of.bodyBytes);
    expect(signatureOver(of.timestamp, of.nonce, of.encryptKey, body)).toBe(of.signature);
  });

  it.each(vectors)('$id: the vendor’s library reads the same plain text', (of) => {
    const text = new AESCipher(of.encryptKey).decrypt(of.encrypt);
    expect(text).toBe(of.plaintext);
    expect([Buffer.byteLength(text), sha256(text)]).toEqual([of.plaintextBytes, of.plaintextSha256]);
  });

  it.each(['V4', 'B'])('%s: an event, its text byte for byte', (id) => {
    expect(open(vector(id))).toEqual({
      kind: 'event',
      text: vector(id).plaintext,
      message: JSON.parse(vector(id).plaintext) as unknown,
    });
  });

  it.each([
    ['V2', '1212'],
    ['V3', '5634b122-c042-4634-bc7f-b07a3c3e77ad'],
    ['A', 'c-001'],
  ])('%s: the check of an address, signed or not (H)', (id, challenge) => {
    expect(open(vector(id))).toEqual({ kind: 'challenge', challenge });
    expect(open(vector(id), {})).toEqual({ kind: 'challenge', challenge });
    const of = vector(id);
    expect(generateChallenge({ encrypt: of.encrypt }, { encryptKey: of.encryptKey }).challenge).toEqual({
      challenge,
    });
  });

  it('V1: plain text that is no JSON is unreadable, though genuine', () => {
    expect(() => open(vector('V1'))).toThrow(/no JSON/);
  });

  it.each(['A', 'B'])('%s: encrypting again with its vector gives it again', (id) => {
    const of = vector(id);
    expect(sealed(of.encryptKey, of.plaintext)).toBe(of.encrypt);
  });

  it('C: a body that would be written otherwise is signed as it came', () => {
    const { encryptKey, timestamp, nonce, body, signature, ofRewritten } = rawBody;
    expect(signatureOver(timestamp, nonce, encryptKey, Buffer.from(body))).toBe(signature);
    const config = { ...baseConfig, encryptKey };
    const headers = signedBy(rawBody);
    expect(openCallback(config, callback(body, headers)).kind).toBe('event');
    const wrong = { ...headers, 'x-lark-signature': ofRewritten };
    expect(() => openCallback(config, callback(body, wrong))).toThrow(/signature/);
  });
});

describe('against the vendor’s library', () => {
  it('opens messages of every length around a block', () => {
    for (let length = 0; length <= 40; length += 1) {
      const text = JSON.stringify({
        type: 'url_verification',
        challenge: '学'.repeat(length % 5) + 'x'.repeat(length),
      });
      const of = { ...vector('A'), encrypt: sealed('some key', text), encryptKey: 'some key' };
      expect(new AESCipher('some key').decrypt(of.encrypt)).toBe(text);
      expect(open(of, {})).toMatchObject({ kind: 'challenge' });
    }
  });

  it('an event its dispatcher accepts is accepted here, and one it drops is refused', async () => {
    const of = vector('B');
    const seen: unknown[] = [];
    const logger = { error: quietly, warn: quietly, info: quietly, debug: quietly, trace: quietly };
    const dispatcher = new EventDispatcher({ encryptKey: of.encryptKey, logger }).register({
      'contact.user.deleted_v3': (event) => void seen.push(event),
    });
    // It looks for headers on the prototype, and hashes the body as it would write it.
    const delivered = (headers: Record<string, string>) =>
      dispatcher.invoke(Object.assign(Object.create({ headers }) as object, { encrypt: of.encrypt }));
    await delivered(signedBy(of));
    expect(seen).toHaveLength(1);
    expect(open(of).kind).toBe('event');
    const wrong = { ...signedBy(of), 'x-lark-signature': of.signature.replace(/^./, 'f') };
    await delivered(wrong);
    expect(seen).toHaveLength(1);
    expect(() => open(of, wrong)).toThrow(/signature/);
  });
});

describe('what is not genuine', () => {
  const of = vector('B');

  it('G: one character of the encrypted text changed, the signature kept', () => {
    for (const at of [0, 20, of.encrypt.length - 3]) {
      const other = of.encrypt[at] === 'A' ? 'B' : 'A';
      const encrypt = of.encrypt.slice(0, at) + other + of.encrypt.slice(at + 1);
      expect(() =>
        openCallback(
          { ...baseConfig, encryptKey: of.encryptKey },
          callback(bodyOf({ ...of, encrypt }), signedBy(of)),
        ),
      ).toThrow(/signature/);
    }
  });

  it.each([
    ['no headers at all', {}],
    ['an empty signature', { ...signedBy(of), 'x-lark-signature': '' }],
    ['another timestamp', { ...signedBy(of), 'x-lark-request-timestamp': '1700000124' }],
    ['another nonce', { ...signedBy(of), 'x-lark-request-nonce': 'n-4' }],
    ['capital letters', { ...signedBy(of), 'x-lark-signature': of.signature.toUpperCase() }],
    ['more than a signature', { ...signedBy(of), 'x-lark-signature': `${of.signature}00` }],
  ])('an event with %s is refused', (_name, headers) => {
    expect(() => open(of, headers)).toThrow(expect.objectContaining({ code: 'auth_failed' }));
  });

  it('another Encrypt Key opens nothing, whoever signed', () => {
    const body = bodyOf(vector('A'));
    expect(() => openCallback({ ...baseConfig, encryptKey: 'another' }, callback(body))).toThrow(
      expect.objectContaining({ code: 'auth_failed' }),
    );
    expect(() => openCallback(baseConfig, callback(body))).toThrow(/no Encrypt Key/);
  });

  it.each([
    ['another Verification Token in an event', of, { verificationToken: 'vt-002' }],
    ['another Verification Token in a check', vector('A'), { verificationToken: 'vt-002' }],
  ])('%s is refused', (_name, given, more) => {
    const config = { ...baseConfig, encryptKey: given.encryptKey, ...more };
    expect(() => openCallback(config, callback(bodyOf(given), signedBy(given)))).toThrow(
      /Verification Token/,
    );
    const right = { ...config, verificationToken: 'vt-001' };
    expect(openCallback(right, callback(bodyOf(given), signedBy(given))).kind).toBeDefined();
  });

  it('an event in the clear is told by its token, and by nothing else', () => {
    const plain = callback(
      '{"schema":"2.0","header":{"event_id":"e1","event_type":"x","token":"vt-001"},"event":{}}',
    );
    expect(openCallback({ ...baseConfig, verificationToken: 'vt-001' }, plain).kind).toBe('event');
    expect(() => openCallback(baseConfig, plain)).toThrow(/nothing to tell it by/);
    const emptied = { ...baseConfig, encryptKey: '', verificationToken: '' };
    expect(() => openCallback(emptied, plain)).toThrow(/nothing to tell it by/);
    expect(openCallback({ ...emptied, verificationToken: 'vt-001' }, plain).kind).toBe('event');
    expect(() =>
      openCallback({ ...baseConfig, verificationToken: 'vt-001', encryptKey: 'k' }, plain),
    ).toThrow(/not signed/);
  });

  it('a check in the clear is answered, unless this connection knows better', () => {
    const plain = callback('{"challenge":"c","token":"vt-001","type":"url_verification"}');
    const answered = { kind: 'challenge', challenge: 'c' };
    expect(openCallback(baseConfig, plain)).toEqual(answered);
    expect(openCallback({ ...baseConfig, verificationToken: 'vt-001' }, plain)).toEqual(answered);
    expect(openCallback({ ...baseConfig, verificationToken: 'vt-001', encryptKey: 'k' }, plain)).toEqual(
      answered,
    );
    expect(() => openCallback({ ...baseConfig, encryptKey: 'k' }, plain)).toThrow(/not encrypted/);
  });
});

describe('what cannot be read', () => {
  const config = { ...baseConfig, encryptKey: 'k', verificationToken: 'vt-001' };

  it.each([
    ['nothing', ''],
    ['no JSON', 'encrypt=abc'],
    ['a list', '[]'],
    ['no base64', '{"encrypt":"***"}'],
    ['a number', '{"encrypt":1}'],
    ['an initialisation vector alone', `{"encrypt":"${Buffer.alloc(16).toString('base64')}"}`],
    ['half a block', `{"encrypt":"${Buffer.alloc(40).toString('base64')}"}`],
    ['a check without a challenge', '{"type":"url_verification","token":"vt-001"}'],
  ])('%s: input_invalid', (_name, body) => {
    expect(() => openCallback(config, callback(body))).toThrow(
      expect.objectContaining({ code: 'input_invalid' }),
    );
  });

  it('bytes that are no UTF-8: input_invalid, and deep nesting costs no stack', () => {
    const bytes = { ...callback(''), bodyBase64: Buffer.from([0x7b, 0xff, 0x7d]).toString('base64') };
    expect(() => openCallback(config, bytes)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
    const deep = callback(`{"a":${'['.repeat(200_000)}`);
    expect(() => openCallback(config, deep)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
  });

  it('random bytes never come in as an event', () => {
    for (let round = 0; round < 200; round += 1) {
      const blob = createHash('sha512').update(String(round)).digest().toString('base64');
      const body = callback(`{"encrypt":"${blob}"}`);
      expect(() => openCallback({ ...baseConfig, encryptKey: 'k' }, body)).toThrow(/callback/);
    }
  });
});

function quietly(): void {
  // Its log is not what is tested.
}
