import { validateConfig } from '@trainbridge/connector-runtime';
import { describe, expect, it } from 'vitest';
import connector from '../src/index.js';

const least = { appId: 'cli_a5a4d0b0c0e0f00d', appSecret: 's3cret' };

describe('the configuration', () => {
  it('needs an app and its secret, and knows the addresses of Feishu', () => {
    expect(validateConfig(connector, least)).toEqual({
      ok: true,
      config: {
        ...least,
        apiBaseUrl: 'https://open.feishu.cn',
        accountsBaseUrl: 'https://accounts.feishu.cn',
      },
    });
  });

  it('takes everything else there is', () => {
    const config = {
      ...least,
      encryptKey: 'test key',
      verificationToken: 'vt-001',
      approvalCodes: ['7C468A54-8745-2245-9675-08B7C63E7A01'],
      apiBaseUrl: 'https://open.larksuite.com',
      accountsBaseUrl: 'https://accounts.larksuite.com',
    };
    expect(validateConfig(connector, config)).toEqual({ ok: true, config });
  });

  it.each([
    ['no secret', { appId: 'cli_1' }, '/config'],
    ['an app id with a path in it', { ...least, appId: '../x' }, '/config/appId'],
    ['a secret with a space', { ...least, appSecret: 'a b' }, '/config/appSecret'],
    [
      'an address with a path',
      { ...least, apiBaseUrl: 'https://open.feishu.cn/open-apis' },
      '/config/apiBaseUrl',
    ],
    ['approval codes as a text', { ...least, approvalCodes: 'A' }, '/config/approvalCodes'],
    ['something unknown', { ...least, agentId: '1' }, '/config'],
  ])('refuses %s', (_name, config, path) => {
    const validation = validateConfig(connector, config);
    if (validation.ok) throw new Error('it was accepted');
    expect(validation.errors[0]?.path).toContain(path);
  });

  it('publishes no secret', () => {
    const { properties } = connector.configSchema;
    const secret = Object.entries(properties).filter(
      ([, property]) => 'writeOnly' in property && property.writeOnly,
    );
    expect(secret.map(([name]) => name)).toEqual(['appSecret', 'encryptKey', 'verificationToken']);
  });
});
