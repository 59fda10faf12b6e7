import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';
import { BUILT_IN_CONNECTORS } from '../connector-list.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

describe('readSettings', () => {
  it('has a default for everything', () => {
    expect(readSettings({ NODE_ENV: 'production' })).toEqual({
      production: true,
      port: 3000,
      host: '127.0.0.1',
      publicUrl: null,
      databaseUrl: null,
      dataDir: path.resolve('.trainbridge'),
      adminToken: null,
      secretKey: null,
      connectors: [...BUILT_IN_CONNECTORS],
      allowedNetworks: [],
      outboundProxy: null,
      trustProxy: false,
      logLevel: 'info',
    });
  });

  it('reads every setting', () => {
    const settings = readSettings({
      PORT: '0',
      HOST: '::1',
      PUBLIC_URL: 'https://bridge.example.com/',
      DATABASE_URL: 'postgres://tb:geheim@db:5432/tb',
      DATA_DIR: '/var/lib/tb',
      TRAINBRIDGE_ADMIN_TOKEN: 'correct-horse',
      TRAINBRIDGE_SECRET_KEY: KEY,
      TRAINBRIDGE_CONNECTORS: '@acme/oa, plain-oa',
      TRAINBRIDGE_ALLOWED_NETWORKS: '10.0.0.0/8, fd00::/8',
      OUTBOUND_PROXY: 'http://proxy:3128',
      TRUST_PROXY: '10.1.2.3,loopback',
      LOG_LEVEL: 'debug',
      TRAINBRIDGE_ROLE: 'all',
      REDIS_URL: '',
    });
    expect(settings).toMatchObject({
      port: 0,
      host: '::1',
      publicUrl: 'https://bridge.example.com',
      databaseUrl: 'postgres://tb:geheim@db:5432/tb',
      connectors: ['@acme/oa', 'plain-oa'],
      allowedNetworks: ['10.0.0.0/8', 'fd00::/8'],
      trustProxy: ['10.1.2.3', 'loopback'],
    });
    expect(settings.secretKey?.length).toBe(32);
  });

  it('lets outbound calls reach loopback outside production only', () => {
    expect(readSettings({ NODE_ENV: 'test' }).allowedNetworks).toContain('127.0.0.0/8');
    for (const NODE_ENV of ['production', '', ' ', undefined])
      expect(readSettings({ NODE_ENV })).toMatchObject({ production: true, allowedNetworks: [] });
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '3e3'],
    ['HOST', 'http://x'],
    ['PUBLIC_URL', 'http://bridge.example.com'],
    ['PUBLIC_URL', 'bridge.example.com'],
    ['PUBLIC_URL', 'https://a.example.com/?x=1'],
    ['DATABASE_URL', 'mysql://root@db/x'],
    ['DATABASE_URL', 'postgres://tb:geheim@db:5432'],
    ['TRAINBRIDGE_SECRET_KEY', 'too-short'],
    ['TRAINBRIDGE_ADMIN_TOKEN', 'two words'],
    ['TRAINBRIDGE_CONNECTORS', '../../etc/passwd'],
    ['TRAINBRIDGE_ALLOWED_NETWORKS', '10.0.0.0'],
    ['OUTBOUND_PROXY', 'proxy:3128'],
    ['OUTBOUND_PROXY', 'http://user:%zz@proxy:3128'],
    ['TRUST_PROXY', 'everybody'],
    ['LOG_LEVEL', 'loud'],
    ['REDIS_URL', 'redis://localhost'],
    ['TRAINBRIDGE_ROLE', 'api'],
    ['TRAINBRIDGE_ROLE', 'king'],
  ])('refuses %s=%s in one line that names it', (name, value) => {
    expect(() => readSettings({ TRAINBRIDGE_SECRET_KEY: KEY, [name]: value })).toThrow(
      new RegExp(`^${name} [^\\n]+$`),
    );
  });

  it('never repeats what may hold a password', () => {
    for (const [name, value] of [
      ['DATABASE_URL', 'mysql://tb:geheim@db/x'],
      ['OUTBOUND_PROXY', 'socks5://u:geheim@proxy'],
      ['TRAINBRIDGE_SECRET_KEY', 'geheim'],
    ] as const) {
      let message = '';
      try {
        readSettings({ [name]: value });
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toMatch(new RegExp(`^${name}`));
      expect(message).not.toContain('geheim');
    }
  });

  it('wants a key of the deployer beside a database of the deployer', () => {
    expect(() => readSettings({ DATABASE_URL: 'postgres://tb@db/tb' })).toThrow(
      /^TRAINBRIDGE_SECRET_KEY is required/,
    );
  });
});
