import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActivityLog } from '../activity-log.js';
import { CallCounter } from '../call-counter.js';
import type { Company, CompanyMutations } from '../company/index.js';
import { FaultBoard } from '../faults/faults.js';
import type { WecomConnection } from '../parts.js';
import type { PlatformControl, PlatformSimulator } from '../platform.js';
import { WecomAnnouncer } from './announcer.js';
import { wecomControls } from './controls.js';
import { CallbackSender } from './callback-sender.js';
import type { CallbackTarget, SealedCallback, VerificationResult } from './callback.js';
import type { EventForm } from './contact-events.js';
import { wecomDefaults } from './constants.js';
import {
  TokenRegistry,
  tokenLifetimeSeconds,
  type ContactsSync,
  type VisibleRange,
  type WecomApp,
} from './credentials.js';
import { CursorSeal } from './cursor-seal.js';
import { listingEndpoints } from './endpoints/index.js';
import { defaultFacts, type WecomFacts } from './facts.js';
import { WecomGate } from './gate.js';
import { defaultLimits, LimitKeeper, type WecomLimits } from './limits.js';
import { Optics, type WecomTag } from './visibility.js';
import { warmUp } from './warm-up.js';
import { AnswerCache, type SentMessage, type WecomWorld } from './world.js';

/** How the simulated WeCom is set up; everything has a default, and most can be changed later. */
export interface WecomOptions {
  corpId?: string;
  /** Unconfirmed facts, by position. */
  facts?: Partial<WecomFacts>;
  limits?: Partial<WecomLimits>;
  /** Overrides for the one app that exists by default, or several apps. */
  app?: Partial<WecomApp>;
  moreApps?: WecomApp[];
  contacts?: Partial<ContactsSync>;
  /** Seconds a token lives. Default 7200. */
  tokenLifetimeSeconds?: number;
  /** Extended attributes that exist beside 工号. */
  attributeNames?: string[];
}

/** What a callback URL needs; token and key default to the demo's, receiveId to the corp id, form to `ids`. */
export interface CallbackSetup {
  url: string;
  token?: string;
  aesKey?: string;
  receiveId?: string;
  /** `ids`: as for callback URLs configured since 2022-08-15 (default). `full`: as before. */
  form?: EventForm;
}

/** The simulated WeCom: what an administrator can set, what tests can look at. */
export class WecomSimulator implements WecomWorld, PlatformSimulator {
  readonly id = 'wecom';
  readonly controls: Readonly<Record<string, PlatformControl>>;
  readonly corpId: string;
  readonly facts: WecomFacts;
  readonly limits: WecomLimits;
  readonly contacts: ContactsSync;
  readonly apps: readonly WecomApp[];
  readonly tags = new Map<number, WecomTag>();
  readonly optics: Optics;
  readonly bodies: AnswerCache;
  readonly seal = new CursorSeal();
  /** Messages the apps sent, oldest first. */
  readonly messages: SentMessage[] = [];
  readonly attributeNames: readonly string[];
  readonly callbackIps = ['101.226.103.*', '101.226.62.*', '127.0.0.1'];
  /** Calls per endpoint. */
  readonly calls = new CallCounter();
  /** What is broken at the moment. */
  readonly faults: FaultBoard;
  /** Deliveries, their switches and records. */
  readonly callbacks: CallbackSender;
  private readonly tokens: TokenRegistry;
  private readonly keeper: LimitKeeper;
  private readonly gate: WecomGate;
  private readonly announcer: WecomAnnouncer;

  constructor(
    readonly company: Company,
    readonly mutations: CompanyMutations,
    log: ActivityLog,
    readonly now: () => number,
    options: WecomOptions = {},
  ) {
    this.corpId = options.corpId ?? wecomDefaults.corpId;
    this.facts = { ...defaultFacts, ...options.facts };
    this.limits = { ...defaultLimits, ...options.limits };
    this.contacts = {
      secret: wecomDefaults.contactsSecret,
      trustedIps: null,
      legacyCaller: false,
      ...options.contacts,
    };
    this.apps = [{ ...defaultApp, ...options.app }, ...(options.moreApps ?? [])];
    this.attributeNames = options.attributeNames ?? ['主页', '培训积分', '最近证书'];
    this.optics = new Optics(company, this.tags);
    this.bodies = new AnswerCache(company);
    this.tokens = new TokenRegistry(
      this.facts,
      now,
      () => options.tokenLifetimeSeconds ?? tokenLifetimeSeconds,
    );
    this.keeper = new LimitKeeper(() => this.limits, now);
    this.faults = new FaultBoard(
      { paged: ['user/list_id'], listings: listingEndpoints, spared: ['gettoken'] },
      (fault) => {
        if (fault.kind === 'expire_tokens') this.expireTokens(fault.revoke);
      },
    );
    this.callbacks = new CallbackSender(this.corpId, this.facts, now, log);
    this.gate = new WecomGate(this, this.tokens, this.keeper, this.faults, this.calls, log);
    this.announcer = new WecomAnnouncer(this, () => this.app, this.callbacks, log);
    this.controls = wecomControls(this);
    company.onChange((change) => this.announcer.tell(change));
  }

  /** The app that exists by default. */
  get app(): WecomApp {
    return this.apps[0] as WecomApp;
  }

  handles(pathname: string): boolean {
    return pathname.startsWith('/cgi-bin/');
  }

  /** What a connection to it is configured with. */
  connectionConfig(url: string): WecomConnection {
    return {
      corpId: this.corpId,
      agentId: this.app.agentId,
      agentSecret: this.app.secret,
      contactsSecret: this.contacts.secret,
      contactsCallbackToken: this.callback?.token ?? wecomDefaults.callbackToken,
      contactsCallbackAesKey: this.callback?.aesKey ?? wecomDefaults.callbackAesKey,
      apiBaseUrl: url,
    };
  }

  /** Answers a request to `/cgi-bin/…`. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    return this.gate.handle(request, response, url);
  }

  /** Changes positions of unconfirmed facts; what is left out stays. */
  setFacts(facts: Partial<WecomFacts>): void {
    Object.assign(this.facts, facts);
    this.bodies.clear();
  }

  /** Changes limits and forgets what was counted. */
  setLimits(limits: Partial<WecomLimits>): void {
    Object.assign(this.limits, limits);
    this.keeper.reset();
  }

  /** Changes an app (visible range, restricted, trusted addresses, disabled); the default one unless named. */
  setApp(change: Partial<Omit<WecomApp, 'agentId'>>, agentId = this.app.agentId): void {
    const app = this.apps.find((candidate) => candidate.agentId === agentId);
    if (app === undefined) throw new TypeError(`there is no app ${agentId}`);
    const before = app.range;
    Object.assign(app, change);
    this.bodies.clear();
    if (change.range !== undefined && app === this.app) this.announcer.tellRange(before, change.range);
  }

  /** What the default app may see from now on; those who enter or leave its view cause app events. */
  setVisibleRange(range: Partial<VisibleRange>): void {
    this.setApp({ range: { users: [], parties: [], tags: [], ...range } });
  }

  /** Changes the contacts-sync assistant: its trusted addresses, and whether the caller is an old one. */
  setContacts(change: Partial<ContactsSync>): void {
    Object.assign(this.contacts, change);
    this.bodies.clear();
  }

  /** All tokens end now: calls answer 42001, or 40014 when `revoke`. */
  expireTokens(revoke = false): void {
    this.tokens.expireAll(revoke);
  }

  /** Creates a tag or replaces what is in it, and tells the contacts callback what changed. */
  putTag(id: number, name: string, content: { users?: string[]; parties?: number[] }): void {
    const personIds = (content.users ?? []).flatMap((userid) => this.company.person(userid)?.id ?? []);
    const before = this.tags.get(id);
    const tag: WecomTag = {
      id,
      name,
      personIds: new Set(personIds),
      parties: new Set(content.parties ?? []),
    };
    this.tags.set(id, tag);
    this.optics.forget();
    this.bodies.clear();
    this.announcer.tellTag(tag, before);
  }

  /**
   * Saves the callback URL of contacts sync, as the console does: only when the URL passes verification.
   * `verify: false` saves without asking.
   */
  async setCallback(setup: CallbackSetup, verify = true): Promise<VerificationResult> {
    const target = targetOf(setup, this.corpId);
    const result = verify ? await this.callbacks.verify(target) : { ok: true, durationMs: 0 };
    if (result.ok) this.announcer.contacts = target;
    return result;
  }

  /** The same for the default app's own callback (subscribe and unsubscribe events). */
  async setAppCallback(setup: CallbackSetup, verify = true): Promise<VerificationResult> {
    const target = { ...targetOf(setup, this.corpId), agentId: this.app.agentId };
    const result = verify ? await this.callbacks.verify(target) : { ok: true, durationMs: 0 };
    if (result.ok) this.announcer.app = target;
    return result;
  }

  /** Nobody is told any more. */
  removeCallbacks(): void {
    this.announcer.contacts = undefined;
    this.announcer.app = undefined;
  }

  /** The configured callback of contacts sync. */
  get callback(): CallbackTarget | undefined {
    return this.announcer.contacts;
  }

  /** The configured callback of the default app. */
  get appCallback(): CallbackTarget | undefined {
    return this.announcer.app;
  }

  /** An event encrypted and signed for the contacts callback, not sent: for tests that replay or tamper. */
  sealCallback(xml: string, fixed: { timestamp?: string; nonce?: string } = {}): SealedCallback {
    if (this.announcer.contacts === undefined) throw new Error('no callback is configured');
    return this.callbacks.seal(this.announcer.contacts, xml, fixed);
  }

  /** Sends an event of the caller's own making to the contacts callback. */
  sendEvent(changeType: string, about: string, xml: string): void {
    if (this.announcer.contacts === undefined) throw new Error('no callback is configured');
    this.callbacks.send(this.announcer.contacts, [{ changeType, about, xml }]);
  }

  /** Resolves when no callback is waiting any more. */
  idle(): Promise<void> {
    return this.callbacks.idle();
  }

  /** Prepares the answers of a full sync; they hold until something changes. */
  warm(): void {
    warmUp(this);
  }

  /** Cuts what is in flight; nothing is announced any more. */
  close(): void {
    this.removeCallbacks();
    this.callbacks.close();
    this.gate.close();
  }
}

const defaultApp: WecomApp = {
  agentId: wecomDefaults.agentId,
  secret: wecomDefaults.agentSecret,
  name: '在线学习',
  restricted: true,
  range: { users: [], parties: [1], tags: [] },
  trustedIps: null,
  disabled: false,
};

function targetOf(setup: CallbackSetup, corpId: string): CallbackTarget {
  return {
    url: new URL(setup.url).href,
    token: setup.token ?? wecomDefaults.callbackToken,
    aesKey: setup.aesKey ?? wecomDefaults.callbackAesKey,
    receiveId: setup.receiveId ?? corpId,
    form: setup.form ?? 'ids',
  };
}
