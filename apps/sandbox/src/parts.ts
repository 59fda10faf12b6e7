import type { ActivityLog } from './activity-log.js';
import type { Company, CompanyMutations } from './company/index.js';
import type { Lms } from './lms/index.js';
import type { PlatformSimulator } from './platform.js';

/** What a connection to the simulated WeCom is configured with (names as in the host's connection config). */
export interface WecomConnection extends Record<string, unknown> {
  corpId: string;
  agentId: number;
  agentSecret: string;
  contactsSecret: string;
  contactsCallbackToken: string;
  contactsCallbackAesKey: string;
  callbackToken: string;
  callbackAesKey: string;
  apiBaseUrl: string;
  loginBaseUrl: string;
  oauthBaseUrl: string;
}

/** What stands behind the HTTP server. */
export interface SandboxParts {
  company: Company;
  mutations: CompanyMutations;
  platforms: readonly PlatformSimulator[];
  lms: Lms;
  log: ActivityLog;
  url(): string;
  lmsUrl(): string;
}
