import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../src/audit/redact.js';
import { isRedirectUri } from '../src/clients/redirect-uri.js';
import { isIpInRanges, isIpRange } from '../src/ip-list.js';
import { LoginLimiter } from '../src/oauth/login-limiter.js';
import { mintSecret, secretKind } from '../src/secret-format.js';

describe('secrets', () => {
  it('have their own prefix, enough randomness and a checksum', () => {
    const minted = new Set(Array.from({ length: 500 }, () => mintSecret('apiToken')));
    expect(minted.size).toBe(500);
    const characters = new Set([...minted].join(''));
    expect(characters.size).toBe(63);
    for (const kind of ['apiToken', 'accessToken', 'clientSecret'] as const)
      expect(secretKind(mintSecret(kind))).toBe(kind);
    const token = mintSecret('apiToken');
    const typo = token.slice(0, 10) + (token[10] === 'a' ? 'b' : 'a') + token.slice(11);
    for (const wrong of [typo, token.slice(0, -1), `${token}x`, token.replace('tb_', 'tbcs_'), '', 'tb_']) {
      expect(secretKind(wrong)).toBeNull();
    }
  });
});

describe('address ranges', () => {
  it('match IPv4, IPv6 and IPv4 in IPv6 clothes', () => {
    for (const [ip, range, inside] of [
      ['10.1.2.3', '10.0.0.0/8', true],
      ['11.1.2.3', '10.0.0.0/8', false],
      ['10.1.2.3', '10.1.2.3', true],
      ['::ffff:10.1.2.3', '10.0.0.0/8', true],
      ['10.1.2.3', '::ffff:10.0.0.0/104', true],
      ['11.1.2.3', '::ffff:10.0.0.0/104', false],
      ['2001:db8::1', '2001:db8::/32', true],
      ['2001:db9::1', '2001:db8::/32', false],
      ['2001:db8::1', '0.0.0.0/0', false],
      ['10.0.0.1', '::/0', false],
      ['not an ip', '0.0.0.0/0', false],
    ] as const) {
      expect([ip, range, isIpInRanges(ip, [range])]).toEqual([ip, range, inside]);
    }
    for (const wrong of ['10.0.0.0/33', '10.0.0', '1', 'example.com', '', 5, '10.0.0.0/8/8'])
      expect(isIpRange(wrong)).toBe(false);
  });
});

describe('redirect URIs', () => {
  it('are https, or http on a loopback address', () => {
    for (const right of ['https://a.example/x?y=1', 'http://localhost:1/x', 'http://[::1]/x'])
      expect(isRedirectUri(right)).toBe(true);
    for (const wrong of [
      'http://a.example',
      'https://a.example/#',
      'https://u:p@a.example',
      'javascript:alert(1)',
      '/x',
      'http://127.0.0.1.evil.example',
    ]) {
      expect([wrong, isRedirectUri(wrong)]).toEqual([wrong, false]);
    }
  });
});

describe('LoginLimiter', () => {
  it('opens again after a minute or a success, and stays bounded', () => {
    let now = 0;
    const limiter = new LoginLimiter(2, () => now);
    limiter.failed('a');
    expect(limiter.retryAfterSeconds('a')).toBe(0);
    limiter.failed('a');
    expect(limiter.retryAfterSeconds('a')).toBe(60);
    expect(limiter.retryAfterSeconds('b')).toBe(0);
    now = 60_000;
    expect(limiter.retryAfterSeconds('a')).toBe(0);
    limiter.failed('a');
    limiter.failed('a');
    limiter.succeeded('a');
    expect(limiter.retryAfterSeconds('a')).toBe(0);
    for (let n = 0; n < 20_000; n++) limiter.failed(`k${n}`);
    expect((limiter as unknown as { windows: Map<string, unknown> }).windows.size).toBe(10_000);
  });
});

describe('withoutSecrets', () => {
  it('hides by key and by form, and keeps the rest', () => {
    const secret = mintSecret('apiToken');
    expect(
      withoutSecrets({
        agentSecret: 'x',
        callbackAesKey: ['x', 'y'],
        nested: { password: null, token: { any: 'thing' }, accessTokenTtlSeconds: 60 },
        note: `the token is ${secret}!`,
        proxyUrl: 'http://user:pw@proxy:1/',
        url: 'https://oa.example/hook?room=5&key=k-123&access_token=t#x',
        list: [{ secret: 's', n: 1 }],
      }),
    ).toEqual({
      agentSecret: '[redacted]',
      callbackAesKey: ['[redacted]', '[redacted]'],
      nested: { password: null, token: '[redacted]', accessTokenTtlSeconds: 60 },
      note: 'the token is [redacted]!',
      proxyUrl: 'http://[redacted]@proxy:1/',
      url: 'https://oa.example/hook?room=5&key=[redacted]&access_token=[redacted]#x',
      list: [{ secret: '[redacted]', n: 1 }],
    });
  });
});
