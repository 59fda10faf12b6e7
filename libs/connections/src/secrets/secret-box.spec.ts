import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SecretBox, SecretUnreadableError } from './secret-box.js';

const box = new SecretBox(Buffer.alloc(32, 1));
const content = { agentSecret: 's3cret', nested: { value: '密钥' } };

describe('SecretBox', () => {
  it('opens what it sealed and shows nothing of it', () => {
    const envelope = box.seal('connections', 'con_1', content);
    expect(JSON.stringify(envelope)).not.toContain('s3cret');
    expect(box.open('connections', 'con_1', envelope)).toEqual(content);
  });

  it('never seals the same content to the same bytes', () => {
    const [a, b] = [box.seal('connections', 'con_1', content), box.seal('connections', 'con_1', content)];
    expect(a.body.data).not.toBe(b.body.data);
    expect(a.key.data).not.toBe(b.key.data);
  });

  it('does not open in another row or another table', () => {
    const envelope = box.seal('connections', 'con_1', content);
    expect(() => box.open('connections', 'con_2', envelope)).toThrow(SecretUnreadableError);
    expect(() => box.open('subscriptions', 'con_1', envelope)).toThrow(SecretUnreadableError);
  });

  it('notices a changed byte in any part', () => {
    for (const part of ['key', 'body'] as const) {
      for (const field of ['iv', 'tag', 'data'] as const) {
        const envelope = box.seal('connections', 'con_1', content);
        const bytes = Buffer.from(envelope[part][field], 'base64');
        bytes[0]! ^= 1;
        envelope[part][field] = bytes.toString('base64');
        expect(() => box.open('connections', 'con_1', envelope)).toThrow(SecretUnreadableError);
      }
    }
  });

  it('does not accept a shortened tag', () => {
    const envelope = box.seal('connections', 'con_1', content);
    envelope.body.tag = Buffer.from(envelope.body.tag, 'base64').subarray(0, 4).toString('base64');
    expect(() => box.open('connections', 'con_1', envelope)).toThrow(SecretUnreadableError);
  });

  it('says which key it was when the host has another', () => {
    const envelope = box.seal('connections', 'con_1', content);
    const other = new SecretBox(randomBytes(32));
    expect(() => other.open('connections', 'con_1', envelope)).toThrow(
      new RegExp(`key ${box.keyId}, and TRAINBRIDGE_SECRET_KEY is key ${other.keyId}`),
    );
  });
});
