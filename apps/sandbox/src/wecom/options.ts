import type { CallbackTarget } from './callback.js';
import { wecomDefaults } from './constants.js';
import type { EventForm } from './contact-events.js';
import { privateFields, type ContactsSync, type WecomApp } from './credentials.js';
import type { WecomFacts } from './facts.js';
import type { WecomLimits } from './limits.js';

/** How the simulated WeCom is set up; everything has a default, and most can be changed later. */
export interface WecomOptions {
  corpId?: string;
  /** Unconfirmed facts, by position. */
  facts?: Partial<WecomFacts>;
  limits?: Partial<WecomLimits>;
  /** Overrides for the one app that exists by default, or several apps. */
  app?: Partial<WecomApp>;
  moreApps?: (Partial<WecomApp> & Pick<WecomApp, 'agentId' | 'secret'>)[];
  contacts?: Partial<ContactsSync>;
  /** Seconds a token lives. Default 7200. */
  tokenLifetimeSeconds?: number;
  /** Extended attributes that exist beside 工号. */
  attributeNames?: string[];
  /** Customers that exist from the start. Default 8. */
  customers?: number;
}

/**
 * What a callback URL needs; token and key default to the demo's (contacts sync and the app have a pair each),
 * receiveId to the corp id, form to `ids`.
 */
export interface CallbackSetup {
  url: string;
  token?: string;
  aesKey?: string;
  receiveId?: string;
  /** `ids`: as for callback URLs configured since 2022-08-15 (default). `full`: as before. */
  form?: EventForm;
}

export const defaultApp: WecomApp = {
  agentId: wecomDefaults.agentId,
  secret: wecomDefaults.agentSecret,
  name: '在线学习',
  restricted: true,
  range: { users: [], parties: [1], tags: [] },
  trustedIps: null,
  disabled: false,
  customers: true,
  approvals: true,
  trustedDomain: null,
  privateFields,
};

/** The target of contacts sync, or of the app with that id. */
export function targetOf(setup: CallbackSetup, corpId: string, agentId?: number): CallbackTarget {
  const { callbackToken, callbackAesKey, appCallbackToken, appCallbackAesKey } = wecomDefaults;
  const isApp = agentId !== undefined;
  return {
    url: new URL(setup.url).href,
    token: setup.token ?? (isApp ? appCallbackToken : callbackToken),
    aesKey: setup.aesKey ?? (isApp ? appCallbackAesKey : callbackAesKey),
    receiveId: setup.receiveId ?? corpId,
    form: setup.form ?? 'ids',
    ...(isApp ? { agentId } : {}),
  };
}
