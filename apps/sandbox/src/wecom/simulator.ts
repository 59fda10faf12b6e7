import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActivityLog } from '../activity-log.js';
import { CallCounter } from '../call-counter.js';
import type { Company, CompanyMutations, Person } from '../company/index.js';
import { FaultBoard } from '../faults/faults.js';
import type { WecomConnection } from '../parts.js';
import type { PlatformControl, PlatformGlance, PlatformSimulator, SimulatedTodo } from '../platform.js';
import { WecomAnnouncer } from './announcer.js';
import { Approvals } from './approvals/approvals.js';
import { CallbackSender } from './callback-sender.js';
import type { CallbackTarget, SealedCallback, VerificationResult } from './callback.js';
import { wecomDefaults } from './constants.js';
import { wecomControls } from './controls.js';
import {
  privateFields, TokenRegistry, tokenLifetimeSeconds, type ContactsSync, type VisibleRange, type WecomApp,
} from './credentials.js'; // prettier-ignore
import { CursorSeal } from './cursor-seal.js';
import { CorpTags } from './customers/corp-tags.js';
import { Customers } from './customers/customers.js';
import { listingEndpoints, pagedEndpoints } from './endpoints/index.js';
import { defaultFacts, type WecomFacts } from './facts.js';
import { WecomGate } from './gate.js';
import { glanceOf } from './glance.js';
import { defaultLimits, LimitKeeper, type WecomLimits } from './limits.js';
import { Logins, visitorOf } from './login/logins.js';
import { answerLogin, isLoginPath } from './login/pages.js';
import { MemberTags } from './member-tags.js';
import { cardPressed } from './messages/events.js';
import { Mailbox, type SentMessage } from './messages/mailbox.js';
import { defaultApp, targetOf, type CallbackSetup, type WecomOptions } from './options.js';
import { Optics, type WecomTag } from './visibility.js';
import { warmUp } from './warm-up.js';
import { AnswerCache, type WecomWorld } from './world.js';

/** The simulated WeCom: what an administrator can set, what tests can look at. */
export class WecomSimulator implements WecomWorld, PlatformSimulator {
  readonly id = 'wecom';
  readonly controls: Readonly<Record<string, PlatformControl>>;
  readonly corpId: string;
  readonly facts: WecomFacts;
  readonly limits: WecomLimits;
  readonly contacts: ContactsSync;
  readonly apps: readonly WecomApp[];
  readonly tags = new MemberTags(() => {
    this.optics.forget();
    this.bodies.clear();
  });
  readonly optics: Optics;
  readonly bodies: AnswerCache;
  readonly seal = new CursorSeal();
  readonly mailbox: Mailbox;
  /** Customers, their followers, and what people do with them in the client. */
  readonly customers: Customers;
  readonly corpTags: CorpTags;
  readonly approvals: Approvals;
  readonly logins: Logins;
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
    this.apps = [options.app, ...(options.moreApps ?? [])].map((app) => ({ ...defaultApp, ...app }));
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
      { paged: pagedEndpoints, listings: listingEndpoints, spared: ['gettoken'] },
      (fault) => {
        if (fault.kind === 'expire_tokens') this.expireTokens(fault.revoke);
      },
    );
    this.callbacks = new CallbackSender(this.corpId, this.facts, now, log);
    this.gate = new WecomGate(this, this.tokens, this.keeper, this.faults, this.calls, log);
    this.announcer = new WecomAnnouncer(this, () => this.app, this.callbacks, log);
    this.mailbox = new Mailbox(this);
    this.customers = new Customers(company, now, options.customers ?? 8, (person, change) =>
      this.announcer.tellCustomer(person, change),
    );
    this.corpTags = new CorpTags(now, (change) => this.announcer.tellCorpTag(change));
    this.approvals = new Approvals(company, now, (approval, action) =>
      this.announcer.tellApproval(approval, action),
    );
    this.logins = new Logins(this.facts, now);
    this.controls = wecomControls(this);
    company.onChange((change) => this.announcer.tell(change));
  }

  /** The app that exists by default. */
  get app(): WecomApp {
    return this.apps[0] as WecomApp;
  }

  handles(pathname: string): boolean {
    return pathname.startsWith('/cgi-bin/') || isLoginPath(pathname);
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
      callbackToken: this.appCallback?.token ?? wecomDefaults.appCallbackToken,
      callbackAesKey: this.appCallback?.aesKey ?? wecomDefaults.appCallbackAesKey,
      apiBaseUrl: url,
      loginBaseUrl: url,
      oauthBaseUrl: url,
    };
  }

  /** Answers the API and the login pages. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> | void {
    return isLoginPath(url.pathname)
      ? answerLogin(response, url, this)
      : this.gate.handle(request, response, url);
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
      creator: before?.creator ?? 'console',
    };
    this.tags.set(id, tag);
    this.announcer.tellTag(tag, before);
  }

  /** The code a login would give in the client (`inApp`), or the QR page in its redirect (`web`). */
  loginCode(name: string, kind: 'inApp' | 'web' = 'inApp', withConsent = false): string {
    const visitor = visitorOf(name, this.company, this.customers);
    if (visitor === undefined) throw new TypeError(`nobody is called ${name}`);
    return this.logins.issue({ visitor, consented: kind === 'inApp' && withConsent ? privateFields : null });
  }

  submitApproval(approval: { account: string; title: string; form: Record<string, string> }): string {
    return this.approvals.fillIn(this.personOf(approval.account), approval.title, approval.form).number;
  }

  decideApproval(id: string, decision: 'approved' | 'rejected' | 'withdrawn'): void {
    this.approvals.decide(id, decision);
  }

  /** Somebody presses a button of a card in the client. @throws TypeError for a card they do not have. */
  pressCard(messageId: string, account: string, key: string): void {
    const press = this.mailbox.press(messageId, this.personOf(account).account);
    this.announcer.tellApp((context) => cardPressed({ ...press, key }, context));
  }

  todos(): readonly SimulatedTodo[] {
    return this.mailbox.todos();
  }

  inbox(): readonly { id: string; account: string; text: string; at: number }[] {
    return this.mailbox.inbox();
  }

  /** Messages the apps sent, oldest first. */
  get messages(): readonly SentMessage[] {
    return this.mailbox.sent;
  }

  /** @throws TypeError when nobody has the account. */
  personOf(account: string): Person {
    const person = this.company.person(account);
    if (person === undefined) throw new TypeError(`nobody is called ${account}`);
    return person;
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

  /** The same for the default app's own callback: who enters its view, customers, approvals, cards. */
  async setAppCallback(setup: CallbackSetup, verify = true): Promise<VerificationResult> {
    const target = targetOf(setup, this.corpId, this.app.agentId);
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

  glance(): PlatformGlance {
    return glanceOf(this);
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
