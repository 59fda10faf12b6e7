import { allScopes } from './scopes.js';

/** The contact range (通讯录权限范围) as an administrator ticks it: everybody, or people by account and departments. */
export interface ContactRange {
  all: boolean;
  users: readonly string[];
  departments: readonly number[];
}

/** The self-built app of the simulated tenant: what an administrator or the developer console can change. */
export interface FeishuApp {
  name: string;
  /** Scopes granted and released. */
  scopes: readonly string[];
  range: ContactRange;
  /** Event types subscribed in the console; null = all. */
  events: readonly string[] | null;
  /** The bot ability, without which no message is sent. */
  bot: boolean;
  /** Enabled in the tenant. */
  enabled: boolean;
  /** Callers it answers (token endpoints excepted); null = everybody. */
  trustedIps: readonly string[] | null;
  /** Redirect URLs of the console; null = any, for demos whose port nobody knows beforehand. */
  redirectUrls: readonly string[] | null;
  /** The administrator's switch that opens custom fields to apps. */
  customFieldsOpen: boolean;
}

export const defaultApp: FeishuApp = {
  name: '在线学习',
  scopes: allScopes,
  range: { all: true, users: [], departments: [] },
  events: null,
  bot: true,
  enabled: true,
  trustedIps: null,
  redirectUrls: null,
  customFieldsOpen: true,
};
