import { isConnectorError, type JsonObject } from '@trainbridge/connector-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { maskPersonal, Redactor } from '../src/index.js';
import { bench, json, SECRET, testConnector, type Bench } from './platform.js';

let world: Bench;
beforeEach(async () => {
  world = await bench();
});
afterEach(() => world.close());

const TOKEN = 'tok+en/9f8e7d6c5b4a==';

/** Every spelling a secret might be read back from. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    encodeURIComponent(encodeURIComponent(secret)),
    new URLSearchParams({ s: secret }).toString().slice(2),
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, '').slice(0, -1),
    bytes.toString('base64url').slice(0, -1),
    ...['', 'i', 'id'].map((prefix) =>
      Buffer.from(`${prefix}${secret}:tail`).toString('base64').slice(4, 16),
    ),
  ];
}

describe('exchanges and errors', () => {
  it('hold neither a secret nor a token in any spelling, wherever the platform echoes them', async () => {
    const echo = (secret: string): JsonObject => ({
      plain: secret,
      url: `https://platform.test/?s=${encodeURIComponent(secret)}&again=${encodeURIComponent(encodeURIComponent(secret))}`,
      basic: ['', 'i', 'id', 'id:'].map((prefix) =>
        Buffer.from(`${prefix}${secret}:tail`).toString('base64'),
      ),
      hex: Buffer.from(secret).toString('hex').toUpperCase(),
      form: new URLSearchParams({ secret }).toString(),
    });
    world.platform.handle = (request, response) => {
      if (request.url?.startsWith('/token')) return json(response, { code: 0, token: TOKEN, expires: 7200 });
      json(response, { code: -5, message: `no: ${SECRET} ${TOKEN}`, echo: [echo(SECRET), echo(TOKEN)] });
    };
    const logged: string[] = [];
    const log = {
      debug: () => undefined,
      info: (message: string, fields?: JsonObject) => void logged.push(message, JSON.stringify(fields)),
      warn: () => undefined,
    };
    const context = world.context({ log });
    const error: unknown = await context
      .http({
        method: 'POST',
        url: `${world.platform.origin}/send`,
        token: 'app',
        query: { also: SECRET },
        json: { secretCopy: SECRET, nested: { text: `x${TOKEN}y` } },
      })
      .catch((caught: unknown) => caught);
    context.log.info(`with ${SECRET}`, { deep: [{ token: TOKEN }] });

    const written = [
      JSON.stringify(world.exchanges),
      ...world.exchanges.flatMap((exchange) => Object.values(exchange).map(String)),
      isConnectorError(error) ? `${error.message} ${JSON.stringify(error.data)}` : '',
      ...logged,
    ].join('\n');
    expect(written).toContain('[redacted]');
    expect(world.exchanges).toHaveLength(2);
    expect(isConnectorError(error) && error.code).toBe('bad_response');
    for (const secret of [SECRET, TOKEN]) {
      for (const spelling of spellings(secret))
        expect(written.toLowerCase()).not.toContain(spelling.toLowerCase());
    }
    // The test would notice: unredacted, the same text holds them all.
    expect(JSON.stringify(echo(SECRET))).toContain(encodeURIComponent(SECRET));
  });

  it('keep bodies of failures only, cut at 4 KiB', async () => {
    world.platform.handle = (request, response) =>
      json(response, { code: request.url === '/ok' ? 0 : 404, filler: '好'.repeat(50_000) });
    await world.context().http({ method: 'POST', url: `${world.platform.origin}/ok`, json: { a: 1 } });
    await world
      .context()
      .http({ method: 'POST', url: `${world.platform.origin}/bad`, json: { b: 'x'.repeat(10_000) } })
      .catch(() => undefined);
    const [good, bad] = world.exchanges;
    expect(good).toMatchObject({
      direction: 'outbound',
      method: 'POST',
      status: 200,
      errorCode: null,
      attempt: 1,
      connectionId: 'con_1',
    });
    expect(good).not.toHaveProperty('requestBody');
    expect(good).not.toHaveProperty('responseExcerpt');
    expect(bad?.requestBody).toMatch(/^\{"b":"xxx/);
    for (const text of [bad?.requestBody, bad?.responseExcerpt]) {
      expect(Buffer.byteLength(text ?? '')).toBeGreaterThan(4_000);
      expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(4_096);
      expect(text).not.toContain('\uFFFD');
    }
  });

  it('do not let half a secret survive the cut', () => {
    const secret = 'k'.repeat(10) + 'Q'.repeat(3_000);
    for (const filler of [0, 1_000, 3_000, 4_090, 15_000, 16_300]) {
      expect(new Redactor([secret]).excerpt('a'.repeat(filler) + secret)).not.toMatch(/kQ|QQQ/);
    }
    // Placeholders are shorter than what they stand for: the place of the first cut moves into what is kept.
    expect(new Redactor([secret]).excerpt(secret.repeat(5) + 'a'.repeat(300) + secret)).not.toMatch(/kQ|QQQ/);
  });

  it('mask names that speak for themselves, even when the value is unknown', () => {
    const redactor = new Redactor();
    expect(redactor.excerpt('{"access_token":"abc","corpsecret":"d\\"e","name":"f"}')).toBe(
      '{"access_token":"[redacted]","corpsecret":"[redacted]","name":"f"}',
    );
    expect(redactor.excerpt('{"refresh_token":"cut off in the mid')).toBe('{"refresh_token":"[redacted]"');
    expect(redactor.url('https://a.b/c?access_token=x&code=y&page=2')).toBe(
      'https://a.b/c?access_token=[redacted]&code=[redacted]&page=2',
    );
  });

  it('mask mobile numbers and email addresses, and leave other numbers alone', () => {
    expect(maskPersonal('13900001111, +86 139-0000-1111; 8613900001111 %2B8613900001111')).toBe(
      '139****1111, +86 139****1111; 86139****1111 %2B86139****1111',
    );
    expect(maskPersonal('lin.mei@example.com lin%40example.cn')).toBe('l***@example.com l***%40example.cn');
    for (const number of ['1700000000000', '9139000011112', '4561255354251345929', '2026-11-23T10:00:00']) {
      expect(maskPersonal(number)).toBe(number);
    }
  });

  it('forget long dead tokens, never a secret that is still in use', () => {
    const redactor = new Redactor(['first-secret']);
    for (let i = 0; i < 500; i += 1) {
      redactor.add(`token-number-${i}`);
      redactor.add('first-secret');
    }
    expect(redactor.text('first-secret token-number-499')).toBe('[redacted] [redacted]');
    expect(redactor.text('token-number-1 ')).toContain('token-number-1');
  });

  it('also serves what a connector says itself', () => {
    const connection = { id: 'con_7', config: { appSecret: SECRET } };
    expect(world.runtime.redact(testConnector(), connection, `refused: ${SECRET}.`)).toBe(
      'refused: [redacted].',
    );
  });

  it('hold no secret that only one call knew', async () => {
    world.platform.handle = (request, response) =>
      json(response, { code: 404, message: `no ${request.headers.authorization}` });
    const call = world.context().http({
      method: 'GET',
      url: `${world.platform.origin}/me`,
      headers: { authorization: 'Bearer a-persons-own-token' },
      secrets: ['a-persons-own-token'],
    });
    await expect(call).rejects.toThrow('no Bearer [redacted]');
    expect(JSON.stringify(world.exchanges)).not.toContain('persons-own');
  });

  it('of one who came with a word as if it were secret leave everybody else’s words alone', async () => {
    const logged: string[] = [];
    const note = (message: string) => void logged.push(message);
    const log = { debug: note, info: note, warn: note };
    const connection = { id: 'con_1', config: { appSecret: SECRET } };
    const redact = (text: string, secrets: string[] = []) =>
      world.runtime.redact(testConnector(), connection, text, secrets);
    world.platform.handle = (_request, response) => json(response, { code: 404, message: 'not approved' });
    const get = { method: 'GET', url: `${world.platform.origin}/me` } as const;
    const stranger = world.context({ log, secrets: ['approved'] });
    await expect(stranger.http(get)).rejects.toThrow('not [redacted]');
    stranger.log.info(`approved with ${SECRET}`);
    expect(logged.at(-1)).toBe('[redacted] with [redacted]');
    expect(redact(`approved with ${SECRET}`, ['approved'])).toBe('[redacted] with [redacted]');

    const other = world.context({ log });
    await expect(other.http(get)).rejects.toThrow('not approved');
    other.log.info('approved');
    expect(logged.at(-1)).toBe('approved');
    expect(redact('approved')).toBe('approved');
  });

  it('recording that fails does not fail the call', async () => {
    await world.close();
    world = await bench({
      onExchange: async () => {
        throw new Error('database is down');
      },
    });
    await expect(
      world.context().http({ method: 'GET', url: `${world.platform.origin}/` }),
    ).resolves.toMatchObject({ status: 200 });
  });
});
