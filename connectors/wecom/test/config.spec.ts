import { loadConnectors, secretsOf, validateConfig } from '@trainbridge/connector-runtime';
import { describe, expect, it } from 'vitest';
import connector from '../src/index.js';

const required = { corpId: 'wwsim0123456789ab', agentId: '1000002', agentSecret: 'secret' };
const paths = (config: unknown): string[] => {
  const result = validateConfig(connector, config);
  return result.ok ? [] : result.errors.map(({ path }) => path);
};

describe('the configuration', () => {
  it('needs three values and fills the public addresses in', () => {
    expect(validateConfig(connector, required)).toEqual({
      ok: true,
      config: {
        ...required,
        apiBaseUrl: 'https://qyapi.weixin.qq.com',
        loginBaseUrl: 'https://login.work.weixin.qq.com',
        oauthBaseUrl: 'https://open.weixin.qq.com',
      },
    });
    expect(paths({})).toEqual(['/config/corpId', '/config/agentId', '/config/agentSecret']);
  });

  it.each([1000002, '1000002', 0])('takes the agent id as %j', (agentId) => {
    expect(paths({ ...required, agentId })).toEqual([]);
  });

  it.each(['', 'my app', -1, 1.5, true, null])('does not take %j for an agent id', (agentId) => {
    expect(paths({ ...required, agentId })).toContain('/config/agentId');
  });

  it('takes an EncodingAESKey whose last character re-encodes to another one', () => {
    const key = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
    expect(paths({ ...required, callbackToken: 'QDG6eK', callbackAesKey: key })).toEqual([]);
    expect(paths({ ...required, callbackToken: 'QDG6eK', callbackAesKey: key.slice(1) })).toEqual([
      '/config/callbackAesKey',
    ]);
  });

  it.each([
    ['a secret with a line end copied along', { agentSecret: 'secret\n' }, '/config/agentSecret'],
    ['an address with a path', { apiBaseUrl: 'https://x.test/cgi-bin' }, '/config/apiBaseUrl'],
    [
      'a verification file outside the root',
      { domainVerification: { name: '../x.txt', content: 'x' } },
      '/config/domainVerification/name',
    ],
    [
      'a verification file without content',
      { domainVerification: { name: 'WW_verify_a.txt' } },
      '/config/domainVerification/content',
    ],
    ['an unknown field', { secret: 'x' }, '/config/secret'],
  ])('refuses %s', (_name, change, path) => {
    expect(paths({ ...required, ...change })).toEqual([path]);
  });

  it('keeps every secret secret', () => {
    const config = {
      ...required,
      contactsSecret: 's1',
      callbackToken: 's2',
      callbackAesKey: 's3',
      contactsCallbackToken: 's4',
      contactsCallbackAesKey: 's5',
    };
    expect(secretsOf(connector.configSchema, config).sort()).toEqual([
      's1',
      's2',
      's3',
      's4',
      's5',
      'secret',
    ]);
  });

  it('only the corporation defines the tenant', () => {
    const identity = Object.entries(connector.configSchema.properties).filter(
      ([, property]) => property['x-identity'],
    );
    expect(identity.map(([name]) => name)).toEqual(['corpId']);
  });

  it('says everything in both languages', () => {
    for (const property of Object.values(connector.configSchema.properties)) {
      expect(property['x-zh-CN']?.title).toMatch(/\S/);
      expect(Boolean(property.description)).toBe(Boolean(property['x-zh-CN']?.description));
    }
  });
});

describe('the package', () => {
  it('is one the host can load', async () => {
    expect(await loadConnectors(['@trainbridge/connector-wecom'])).toMatchObject([
      { status: 'available', id: 'wecom', version: '1.0.0' },
    ]);
  });
});
