import type { PlatformEvent, RawCallback } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import type { WecomConfig } from '../src/config.js';
import { events } from '../src/events.js';
import {
  appPair,
  contactEvent,
  contactsPair,
  envelope,
  NOW,
  pairConfig,
  push,
  verification,
} from './callback.js';
import { fakeContext } from './fake-context.js';
import { s1, s2, v1, v2, v3, v4, type Vector } from './vectors.js';

const receive = (raw: RawCallback, config: Partial<WecomConfig> = pairConfig, now = NOW) =>
  events.receive(fakeContext(config, undefined, now), raw);

const configOf = (vector: Vector): Partial<WecomConfig> => ({
  corpId: vector.receiveId,
  callbackToken: vector.token,
  callbackAesKey: vector.aesKey,
});

const changed = contactEvent('<ChangeType>update_user</ChangeType><UserID><![CDATA[lin.mei]]></UserID>');
const authFailed = expect.objectContaining({ code: 'auth_failed' }) as unknown;
const inputInvalid = expect.objectContaining({ code: 'input_invalid' }) as unknown;

describe('URL verification', () => {
  it.each([v1, v3, s1])('$name: answers the bare plain text', async (vector) => {
    const { reply, events } = await receive(verification(vector), configOf(vector));
    expect(reply.status).toBe(200);
    expect(reply.body).toBe(vector.message);
    expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(events).toEqual([]);
  });

  it.each([
    ['everything percent-encoded', encodeURIComponent(v1.encrypted)],
    ['nothing percent-encoded', v1.encrypted],
    ['a plus sign that something on the way took for a space', v1.encrypted.replaceAll('+', '%20')],
  ])('takes echostr with %s', async (_name, echostr) => {
    expect((await receive(verification(v1, echostr), configOf(v1))).reply.body).toBe(v1.message);
  });

  it('takes either key pair', async () => {
    expect((await receive(verification(s1), pairConfig)).reply.body).toBe(s1.message);
    const swappedPlaces = {
      callbackToken: s1.token,
      callbackAesKey: s1.aesKey,
      contactsCallbackToken: appPair.token,
      contactsCallbackAesKey: appPair.aesKey,
    };
    expect((await receive(verification(s1), swappedPlaces)).reply.body).toBe(s1.message);
  });

  it('is refused for another corporation, with another token, or without one', async () => {
    await expect(receive(verification(v1), { ...configOf(v1), corpId: 'wwother' })).rejects.toEqual(
      authFailed,
    );
    await expect(receive(verification(v1), { ...configOf(v1), callbackToken: 'other' })).rejects.toEqual(
      authFailed,
    );
    await expect(receive(verification(v1), {})).rejects.toEqual(authFailed);
    await expect(receive(verification(v1), { ...configOf(v1), callbackAesKey: undefined })).rejects.toEqual(
      authFailed,
    );
  });

  it.each([
    ['no echostr', verification(v1).queryString.replace(/&echostr.*/, '')],
    ['no signature', verification(v1).queryString.replace(/msg_signature=[^&]*&/, '')],
    ['broken percent signs', `${verification(v1).queryString}%E4%`],
    ['a parameter that comes twice', `${verification(v1).queryString}&nonce=1`],
    ['a timestamp of letters', verification(v1).queryString.replace(/timestamp=\d+/, 'timestamp=soon')],
    ['nothing', ''],
  ])('with %s it cannot be read', async (_name, queryString) => {
    await expect(receive({ ...verification(v1), queryString }, configOf(v1))).rejects.toEqual(inputInvalid);
  });
});

describe('a push', () => {
  it.each([v2, v4])('$name is opened, for all that it is an ordinary message', async (vector) => {
    const raw: RawCallback = {
      method: 'POST',
      queryString: `msg_signature=${vector.signature}&timestamp=${vector.timestamp}&nonce=${vector.nonce}`,
      headers: {},
      bodyBase64: Buffer.from(envelope(vector.encrypted)).toString('base64'),
    };
    const { reply, events } = await receive(raw, configOf(vector), Number(vector.timestamp) * 1_000);
    expect(reply).toMatchObject({ status: 200, body: 'success' });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ kind: 'other', ids: [] });
    expect(JSON.stringify(events)).not.toMatch(/hello|x123/);
  });

  it('answers success as plain text and tells the event', async () => {
    const { reply, events } = await receive(push(changed));
    expect(reply.body).toBe('success');
    expect(events).toEqual([
      {
        key: expect.stringMatching(/^change_contact\.update_user\.[0-9a-f]{40}$/) as string,
        kind: 'user.changed',
        ids: ['lin.mei'],
        time: 1_767_225_600_000,
        data: {
          source: 'contacts',
          msgType: 'event',
          event: 'change_contact',
          changeType: 'update_user',
          userID: 'lin.mei',
        },
      },
    ]);
  });

  it('says which pair opened it', async () => {
    const source = async (raw: RawCallback): Promise<unknown> => (await receive(raw)).events[0]?.data.source;
    expect(await source(push(changed))).toBe('contacts');
    expect(await source(push(changed, appPair))).toBe('app');
  });

  it('takes an envelope in any order, without CDATA, with an XML declaration, a BOM and a comment', async () => {
    const forms = [
      (text: string) => `<xml><Encrypt>${text}</Encrypt><ToUserName>x</ToUserName></xml>`,
      (text: string) =>
        `<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n  <AgentID>1</AgentID>\n  <Encrypt><![CDATA[${text}]]></Encrypt>\n</xml>\n`,
      (text: string) => `\uFEFF<xml><!-- hi --><Encrypt >${text}</Encrypt></xml>`,
    ];
    for (const wrap of forms) {
      expect((await receive(push(changed, { envelope: wrap }))).events[0]?.ids).toEqual(['lin.mei']);
    }
  });

  it('has one key for two deliveries of one event, and another for another', async () => {
    const key = async (xml: string, at = NOW / 1_000): Promise<string | undefined> =>
      (await receive(push(xml, { timestamp: at }))).events[0]?.key;
    expect(await key(changed, NOW / 1_000 + 5)).toBe(await key(changed));
    expect(await key(changed.replace('lin.mei', 'lin.mai'))).not.toBe(await key(changed));
    expect(await key(changed.replace('1767225600', '1767225601'))).not.toBe(await key(changed));
  });
});

describe('a push that is not genuine', () => {
  it('forged: signed by somebody who does not know the token', async () => {
    await expect(receive(push(changed, { token: 'guess' }))).rejects.toEqual(authFailed);
    const raw = push(changed);
    await expect(
      receive({ ...raw, queryString: raw.queryString.replace(/msg_signature=../, 'msg_signature=zz') }),
    ).rejects.toEqual(authFailed);
  });

  it('tampered: one character of the body differs', async () => {
    const raw = push(changed, { envelope: (text) => envelope(text.replace(/.$/, 'A').replace(/^./, 'B')) });
    await expect(receive(raw)).rejects.toEqual(authFailed);
  });

  it('stale or from the future: more than five minutes off', async () => {
    for (const off of [-301, 301, -86_400]) {
      await expect(receive(push(changed, { timestamp: NOW / 1_000 + off }))).rejects.toEqual(authFailed);
    }
    for (const off of [-299, 0, 299]) {
      await expect(receive(push(changed, { timestamp: NOW / 1_000 + off }))).resolves.toBeDefined();
    }
  });

  it('of another corporation', async () => {
    await expect(receive(push(changed, { corpId: 'ww6a112864f8022910' }))).rejects.toThrow(
      /another corporation/,
    );
    await expect(receive(push(changed, { corpId: '' }))).rejects.toThrow(/another corporation/);
    await expect(receive(push(changed, { corpId: 'WWSIM0123456789AB' }))).rejects.toThrow(
      /another corporation/,
    );
  });

  it('with the keys of the two pages mixed up, and says so', async () => {
    const mixed = {
      ...pairConfig,
      callbackAesKey: contactsPair.aesKey,
      contactsCallbackAesKey: appPair.aesKey,
    };
    await expect(receive(push(changed), mixed)).rejects.toMatchObject({
      code: 'auth_failed',
      data: { advice: { en: expect.stringMatching(/as a pair/) as string } },
    });
  });

  it('without any callback configured, and says what to fill in', async () => {
    await expect(receive(push(changed), {})).rejects.toMatchObject({
      code: 'auth_failed',
      data: { advice: { 'zh-CN': expect.stringContaining('contactsCallbackToken') as string } },
    });
  });
});

describe('a push that cannot be read', () => {
  const raw = push(changed);
  const body = Buffer.from(raw.bodyBase64, 'base64').toString();
  const withBody = (text: string | Buffer): RawCallback => ({
    ...raw,
    bodyBase64: Buffer.from(text).toString('base64'),
  });

  it.each([
    ['truncated', body.slice(0, -20)],
    ['truncated in CDATA', body.slice(0, 120)],
    ['empty', ''],
    ['JSON', '{"Encrypt":"x"}'],
    ['HTML', '<html><body>502</body></html>'],
    ['without Encrypt', '<xml><ToUserName>a</ToUserName></xml>'],
    ['with Encrypt twice', body.replace('</xml>', '<Encrypt>x</Encrypt></xml>')],
    ['with Encrypt as an element', '<xml><Encrypt><a>b</a></Encrypt></xml>'],
    ['two roots', `${body}${body}`],
    ['with a DOCTYPE', `<!DOCTYPE xml [<!ENTITY a "b">]>${body}`],
    ['with an external entity', `<!DOCTYPE x SYSTEM "file:///etc/passwd">${body}`],
    ['with a stylesheet', `<?xml-stylesheet href="x"?>${body}`],
    ['with a declaration in the middle', body.replace('<Encrypt>', '<?xml version="1.0"?><Encrypt>')],
  ])('%s', async (_name, text) => {
    await expect(receive(withBody(text))).rejects.toEqual(inputInvalid);
  });

  it('not UTF-8', async () => {
    await expect(receive(withBody(Buffer.from([0x3c, 0x78, 0xff, 0xfe])))).rejects.toEqual(inputInvalid);
  });

  it('larger than a callback can be', async () => {
    await expect(receive(withBody(`<xml>${'a'.repeat(2_000_000)}</xml>`))).rejects.toEqual(inputInvalid);
  });

  it('with an entity bomb inside the encryption: refused, at once', async () => {
    const bomb =
      '<!DOCTYPE x [<!ENTITY a "' + 'ha'.repeat(50) + '">' +
      Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? '' : i - 1};`.repeat(20)}">`).join('') +
      ']><xml><Event>&a19;</Event></xml>'; // prettier-ignore
    const began = performance.now();
    await expect(receive(push(bomb))).rejects.toEqual(inputInvalid);
    expect(performance.now() - began).toBeLessThan(200);
  });

  it('with a genuine signature over text that is no XML', async () => {
    await expect(receive(push('hello'))).rejects.toEqual(inputInvalid);
  });

  it('by another method', async () => {
    await expect(receive({ ...raw, method: 'PUT' })).rejects.toEqual(inputInvalid);
  });
});

describe('known ciphertexts through the whole way', () => {
  it('S2: the id list of an update with Chinese text', async () => {
    const raw: RawCallback = {
      method: 'POST',
      queryString: `msg_signature=${s2.signature}&timestamp=${s2.timestamp}&nonce=${s2.nonce}`,
      headers: {},
      bodyBase64: Buffer.from(envelope(s2.encrypted)).toString('base64'),
    };
    const told = (await receive(raw)).events;
    expect(told.map(({ kind, ids }: PlatformEvent) => [kind, ids])).toEqual([['user.changed', ['lin.mei']]]);
    expect(told[0]?.data).toMatchObject({ department: '2,7' });
    expect(JSON.stringify(told)).not.toContain('林梅');
  });
});
