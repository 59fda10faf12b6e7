import path from 'node:path';
import { BUILT_IN_CONNECTORS } from '../connector-list.js';
import {
  listenHost,
  networks,
  oneOf,
  packageNames,
  postgresUrl,
  proxyUrl,
  publicUrl,
  secretKey,
  token,
  trustedProxies,
  wholeNumber,
} from './parse.js';
import { SettingError } from './setting-error.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything the host can be told from outside, read once and checked before anything starts. */
export interface HostSettings {
  production: boolean;
  /** 0: any free port. */
  port: number;
  host: string;
  /** Without a slash at the end; null: callback URLs are null. */
  publicUrl: string | null;
  /** Null: an embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | null;
  /** Absolute. */
  dataDir: string;
  /** Null: made once and kept in `dataDir`. */
  adminToken: string | null;
  /** 32 bytes; null: made once and kept in `dataDir`. */
  secretKey: Buffer | null;
  connectors: string[];
  /** Private ranges outbound calls may reach. */
  allowedNetworks: string[];
  outboundProxy: string | null;
  trustProxy: boolean | number | string[];
  logLevel: LogLevel;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/**
 * @throws {SettingError} on the first setting that cannot be used. A setting this version does not implement yet is
 *   refused as well: a deployer who sets it counts on it.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): HostSettings {
  const read = <T>(name: string, parse: (name: string, value: string) => T, absent: T): T => {
    const value = environment[name]?.trim();
    return value === undefined || value === '' ? absent : parse(name, value);
  };
  refuseUnimplemented(environment);
  // Saying nothing (compose files like to leave it empty) must not open what only development may reach.
  const production = read<string>('NODE_ENV', (_name, value) => value, 'production') === 'production';
  const databaseUrl = read<string | null>('DATABASE_URL', postgresUrl, null);
  const key = read<Buffer | null>('TRAINBRIDGE_SECRET_KEY', secretKey, null);
  if (databaseUrl !== null && key === null) {
    throw new SettingError(
      'TRAINBRIDGE_SECRET_KEY',
      'is required when DATABASE_URL is set: without it no other process could read the stored secrets',
    );
  }
  return {
    production,
    port: read('PORT', (name, value) => wholeNumber(name, value, 0, 65_535), 3000),
    host: read('HOST', listenHost, '127.0.0.1'),
    publicUrl: read<string | null>('PUBLIC_URL', publicUrl, null),
    databaseUrl,
    dataDir: path.resolve(read('DATA_DIR', (_name, value) => value, '.trainbridge')),
    adminToken: read<string | null>('TRAINBRIDGE_ADMIN_TOKEN', token, null),
    secretKey: key,
    connectors: read('TRAINBRIDGE_CONNECTORS', packageNames, [...BUILT_IN_CONNECTORS]),
    allowedNetworks: read('TRAINBRIDGE_ALLOWED_NETWORKS', networks, production ? [] : LOOPBACK),
    outboundProxy: read<string | null>('OUTBOUND_PROXY', proxyUrl, null),
    trustProxy: read<boolean | number | string[]>('TRUST_PROXY', trustedProxies, false),
    logLevel: read<LogLevel>('LOG_LEVEL', (name, value) => oneOf(name, value, LOG_LEVELS), 'info'),
  };
}

function refuseUnimplemented(environment: Readonly<Record<string, string | undefined>>): void {
  if (environment.REDIS_URL?.trim()) {
    throw new SettingError(
      'REDIS_URL',
      'is not supported by this version: jobs run in the process; unset it',
    );
  }
  const role = environment.TRAINBRIDGE_ROLE?.trim();
  if (!role || role === 'all') return;
  oneOf('TRAINBRIDGE_ROLE', role, ['all', 'api', 'worker']);
  throw new SettingError(
    'TRAINBRIDGE_ROLE',
    `cannot be "${role}" in this version: one process does everything; unset it or say "all"`,
  );
}
