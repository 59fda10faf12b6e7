import ipaddr from 'ipaddr.js';
import { SettingError } from './setting-error.js';

/** One parser per form a setting may have. Each throws a SettingError that names the setting and says what it wants. */

export function wholeNumber(name: string, value: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (!(number >= least && number <= most)) {
    throw new SettingError(name, `must be a whole number from ${least} to ${most}, not "${value}"`);
  }
  return number;
}

export function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  if (!allowed.includes(value as T)) {
    throw new SettingError(name, `must be one of ${allowed.join(', ')}, not "${value}"`);
  }
  return value as T;
}

export function list(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Where browsers and platforms reach this host: https, or http on a loopback address; without a slash at the end. */
export function publicUrl(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new SettingError(name, `must be an absolute https URL, not "${value}"`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new SettingError(name, 'must be a plain address without user, query or fragment');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new SettingError(name, `may use http on a loopback address only; use https for ${url.host}`);
  }
  return url.href.replace(/\/+$/, '');
}

/** Holds a password more often than not: no message repeats it. */
export function postgresUrl(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')) {
    throw new SettingError(name, 'must look like postgres://user:password@host:5432/database');
  }
  if (url.pathname.length < 2) throw new SettingError(name, 'names no database: …@host:5432/database');
  return value;
}

export function proxyUrl(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new SettingError(name, 'must look like http://proxy.example.com:3128');
  }
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    throw new SettingError(name, 'has a user or password that is not correctly percent-encoded');
  }
  return value;
}

/** 32 bytes, base64 or base64url. */
export function secretKey(name: string, value: string): Buffer {
  const key = /^[A-Za-z0-9+/_-]+={0,2}$/.test(value) ? Buffer.from(value, 'base64') : Buffer.alloc(0);
  if (key.length !== 32) {
    throw new SettingError(name, 'must be 32 bytes in base64, as `openssl rand -base64 32` prints them');
  }
  return key;
}

/** What can stand in an Authorization header. */
export function token(name: string, value: string): string {
  if (!/^[\x21-\x7e]{1,512}$/.test(value)) {
    throw new SettingError(name, 'must be printable ASCII without spaces, at most 512 characters');
  }
  return value;
}

export function networks(name: string, value: string): string[] {
  const ranges = list(value);
  for (const range of ranges) {
    if (!isNetwork(range)) {
      throw new SettingError(name, `must be a comma list of networks such as 10.0.0.0/8, not "${range}"`);
    }
  }
  return ranges;
}

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

export function packageNames(name: string, value: string): string[] {
  const names = list(value);
  const wrong = names.find((candidate) => !PACKAGE_NAME.test(candidate));
  if (wrong !== undefined) {
    throw new SettingError(name, `must be a comma list of package names, not "${wrong}"`);
  }
  if (names.length === 0) throw new SettingError(name, 'names no package');
  return names;
}

const NAMED_PROXIES = ['loopback', 'linklocal', 'uniquelocal'];

/** Whose X-Forwarded-For is believed: a number of hops, addresses, networks or the names proxy-addr knows. */
export function trustedProxies(name: string, value: string): boolean | number | string[] {
  if (value === 'false') return false;
  if (value === 'true') return true;
  if (/^\d{1,2}$/.test(value)) return Number(value);
  const proxies = list(value);
  for (const proxy of proxies) {
    if (!NAMED_PROXIES.includes(proxy) && !ipaddr.isValid(proxy) && !isNetwork(proxy)) {
      throw new SettingError(
        name,
        `must be true, false, a number of hops, or a comma list of proxies' addresses and networks, not "${proxy}"`,
      );
    }
  }
  return proxies;
}

/** An address to listen on: an IP address or a host name, no scheme and no port. */
export function listenHost(name: string, value: string): string {
  if (!ipaddr.isValid(value) && !/^[A-Za-z0-9]([A-Za-z0-9.-]{0,252})$/.test(value)) {
    throw new SettingError(name, `must be an address or host name to listen on, not "${value}"`);
  }
  return value;
}

export function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true;
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback';
}

function isNetwork(range: string): boolean {
  try {
    ipaddr.parseCIDR(range);
    return true;
  } catch {
    return false;
  }
}
