import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ActivityLog } from '../activity-log.js';
import { CallCounter } from '../call-counter.js';
import type { Company, CompanyMutations } from '../company/index.js';
import { FaultBoard } from '../faults/faults.js';
import type { PlatformControl, PlatformGlance, PlatformSimulator, SimulatedTodo } from '../platform.js';
import { defaultScopes, type ContactRange, type DingtalkApp } from './app.js';
import { Approvals } from './approvals.js';
import { dingtalkDefaults } from './constants.js';
import { dingtalkControls } from './controls.js';
import { listingEndpoints, pagedEndpoints, tokenEndpointNames } from './endpoints/index.js';
import { Announcer } from './events/announcer.js';
import { EventRecords } from './events/delivery.js';
import { HttpCallbacks, type CallbackSetup, type VerificationResult } from './events/http-callbacks.js';
import { todoEvent, type PlainEvent } from './events/plain-event.js';
import { StreamGateway, streamPath } from './events/stream-gateway.js';
import { ExternalContacts } from './external-contacts.js';
import { defaultFacts, type DingtalkFacts } from './facts.js';
import { DingtalkGate } from './gate.js';
import { glanceOf } from './glance.js';
import { Humans } from './ids.js';
import { defaultLimits, LimitKeeper, type DingtalkLimits } from './limits.js';
import { answerLogin, loginPath } from './login-page.js';
import { Notifications, textOf } from './notifications.js';
import { Todos } from './todos.js';
import { AppTokens, tokenLifetimeSeconds, UserTokens } from './tokens.js';
import { Optics } from './visibility.js';
import { LoginCodes, visitorOf } from './visitors.js';
import type { DingtalkWorld, Leaver } from './world.js';

/** How the simulated DingTalk is set up; everything has a default, and most can be changed later. */
export interface DingtalkOptions {
  corpId?: string;
  /** Unconfirmed facts, by position. */
  facts?: Partial<DingtalkFacts>;
  limits?: Partial<DingtalkLimits>;
  app?: Partial<DingtalkApp>;
  /** Seconds a token lives. Default 7200. */
  tokenLifetimeSeconds?: number;
  /** External contacts that exist from the start. Default 8. */
  externalContacts?: number;
  processCodes?: readonly string[];
}

const oldPaths: readonly string[] = ['/gettoken', '/auth/scopes'];
const prefixes: readonly string[] = ['/v1.0/', '/topapi/', '/call_back/'];

/** The simulated DingTalk: what an administrator can set, what tests can look at. */
export class DingtalkSimulator implements DingtalkWorld, PlatformSimulator {
  readonly id = 'dingtalk';
  readonly controls: Readonly<Record<string, PlatformControl>>;
  readonly corpId: string;
  readonly facts: DingtalkFacts;
  readonly limits: DingtalkLimits;
  readonly app: DingtalkApp;
  readonly humans: Humans;
  readonly contacts: ExternalContacts;
  readonly approvals: Approvals;
  readonly processCodes: readonly string[];
  readonly todoTasks: Todos;
  readonly notifications: Notifications;
  readonly leavers: Leaver[] = [];
  readonly tokens: AppTokens;
  readonly userTokens: UserTokens;
  readonly loginCodes: LoginCodes;
  /** Calls per endpoint. */
  readonly calls = new CallCounter();
  /** What is broken at the moment. */
  readonly faults: FaultBoard;
  /** Events and what became of them, on both channels. */
  readonly events: EventRecords;
  readonly callbacks: HttpCallbacks;
  readonly stream: StreamGateway;
  readonly announcer: Announcer;
  private readonly keeper: LimitKeeper;
  private readonly gate: DingtalkGate;

  constructor(
    readonly company: Company,
    readonly mutations: CompanyMutations,
    log: ActivityLog,
    readonly now: () => number,
    options: DingtalkOptions = {},
  ) {
    this.corpId = options.corpId ?? dingtalkDefaults.corpId;
    this.facts = { ...defaultFacts, ...options.facts };
    this.limits = { ...defaultLimits, ...options.limits };
    this.app = { ...defaultApp, ...options.app };
    this.processCodes = options.processCodes ?? dingtalkDefaults.processCodes;
    this.humans = new Humans(company);
    this.contacts = new ExternalContacts(company, options.externalContacts ?? 8);
    this.approvals = new Approvals(company, this.facts, now, (events) => this.announcer.tell(events));
    this.todoTasks = new Todos(this.facts, now);
    this.notifications = new Notifications(now);
    const lifetime = options.tokenLifetimeSeconds ?? tokenLifetimeSeconds;
    this.tokens = new AppTokens(this.facts, now, () => lifetime);
    this.userTokens = new UserTokens(now);
    this.loginCodes = new LoginCodes(now);
    this.keeper = new LimitKeeper(() => this.limits, now);
    this.faults = new FaultBoard(
      { paged: pagedEndpoints, listings: listingEndpoints, spared: tokenEndpointNames },
      (fault) => {
        if (fault.kind === 'expire_tokens') this.tokens.expireAll(fault.revoke ?? false);
      },
    );
    this.events = new EventRecords(now, log);
    const { clientId } = this.app;
    this.callbacks = new HttpCallbacks(this.corpId, clientId, this.facts, this.events, now);
    this.stream = new StreamGateway({ corpId: this.corpId, clientId }, this.facts, this.events, now);
    this.announcer = new Announcer(this.facts, this.callbacks, this.stream, now);
    this.gate = new DingtalkGate(this, new Optics(company), this.keeper, this.faults, this.calls, log);
    this.controls = dingtalkControls(this);
    company.onChange((change) => {
      if (change.kind === 'person.removed') this.leavers.push({ person: change.person, at: now() });
      this.announcer.tellChange(change);
    });
  }

  handles(pathname: string): boolean {
    return (
      prefixes.some((prefix) => pathname.startsWith(prefix)) ||
      oldPaths.includes(pathname) ||
      pathname === loginPath ||
      pathname === streamPath
    );
  }

  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> | void {
    return url.pathname === loginPath
      ? answerLogin(response, url, this)
      : this.gate.handle(request, response, url);
  }

  /** Takes a web socket of the stream. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.stream.upgrade(request, socket, head);
  }

  connectionConfig(url: string): Record<string, unknown> {
    return {
      corpId: this.corpId,
      clientId: this.app.clientId,
      clientSecret: this.app.clientSecret,
      agentId: this.app.agentId,
      callbackToken: this.callbacks.target?.token ?? dingtalkDefaults.callbackToken,
      callbackAesKey: this.callbacks.target?.aesKey ?? dingtalkDefaults.callbackAesKey,
      processCodes: [...this.processCodes],
      apiBaseUrl: url,
      oapiBaseUrl: url,
      loginBaseUrl: url,
    };
  }

  /** Changes positions of unconfirmed facts; what is left out stays. */
  setFacts(facts: Partial<DingtalkFacts>): void {
    Object.assign(this.facts, facts);
  }

  /** Changes limits and forgets what was counted. */
  setLimits(limits: Partial<DingtalkLimits>): void {
    Object.assign(this.limits, limits);
    this.keeper.reset();
  }

  /** Changes the app: permissions, contact range, addresses, where logins lead, stopped. */
  setApp(change: Partial<Omit<DingtalkApp, 'clientId' | 'agentId'>>): void {
    Object.assign(this.app, change);
  }

  /** Whom the app may see from now on; departments by their id in the company. */
  setContactRange(range: Partial<ContactRange>): void {
    this.setApp({ range: { departments: [], users: [], ...range } });
  }

  /** All tokens end now: expired, or unknown when `revoke`. */
  expireTokens(revoke = false): void {
    this.tokens.expireAll(revoke);
  }

  /** Saves the callback URL as the console does: only when it answers `check_url`. */
  setCallback(setup: CallbackSetup, verify = true): Promise<VerificationResult> {
    return this.callbacks.save(setup, verify);
  }

  /** The code `dd.requestAuthCode` gives inside the client (`inApp`), or the login page in its redirect (`web`). */
  loginCode(userid: string, kind: 'inApp' | 'web' = 'inApp'): string {
    const visitor = visitorOf(userid, this.humans, this.contacts);
    if (visitor === undefined) throw new TypeError(`nobody is called ${userid}`);
    return this.loginCodes.issue({ kind, visitor, userid, withCorp: true });
  }

  announce(event: PlainEvent): void {
    this.announcer.tell([event]);
  }

  submitApproval(approval: {
    account: string;
    title: string;
    form: Record<string, string>;
    processCode?: string;
  }): string {
    const originator = this.humans.byUserid(approval.account);
    if (originator === undefined) throw new TypeError(`nobody is called ${approval.account}`);
    const processCode = approval.processCode ?? this.processCodes[0] ?? '';
    const form = Object.entries(approval.form).map(([name, value]) => ({ name, value }));
    const { title } = approval;
    return this.approvals.submit({ processCode, originator, title, form }).processInstanceId;
  }

  decideApproval(id: string, decision: 'approved' | 'rejected' | 'withdrawn'): void {
    this.approvals.decide(id, decision);
  }

  /** Somebody ticks a to-do off in the client. */
  finishTodo(id: string, account: string): void {
    const person = this.humans.byUserid(account);
    const task = this.todoTasks.get(id);
    const unionId = person === undefined ? '' : this.humans.unionId(person);
    if (task === undefined || !task.executors.has(unionId))
      throw new TypeError(`${account} has no to-do ${id}`);
    this.todoTasks.mark(task, new Map([[unionId, true]]));
    this.announce(todoEvent('update', task, this.now()));
  }

  todos(): readonly SimulatedTodo[] {
    return this.todoTasks.all().flatMap((task) =>
      [...task.executors].map(([unionId, done]) => ({
        id: task.id,
        account: this.humans.byUnion(unionId)?.account ?? unionId,
        title: task.subject,
        url: task.detailUrl?.appUrl ?? '',
        status: task.removed
          ? ('removed' as const)
          : done || task.done
            ? ('done' as const)
            : ('open' as const),
      })),
    );
  }

  inbox(): readonly { id: string; account: string; text: string; at: number }[] {
    return this.notifications.sent
      .filter(({ recalled }) => !recalled)
      .flatMap(({ taskId, reached, msg, at }) =>
        reached.map((account) => ({ id: String(taskId), account, text: textOf(msg), at })),
      );
  }

  glance(): PlatformGlance {
    return glanceOf(this);
  }

  async idle(): Promise<void> {
    await this.announcer.idle();
    await Promise.all([this.callbacks.idle(), this.stream.idle()]);
  }

  close(): void {
    this.callbacks.close();
    this.stream.close();
    this.gate.close();
  }
}

const defaultApp: DingtalkApp = {
  clientId: dingtalkDefaults.clientId,
  clientSecret: dingtalkDefaults.clientSecret,
  agentId: dingtalkDefaults.agentId,
  name: '在线学习',
  scopes: defaultScopes,
  readsMobile: true,
  readsPersonal: true,
  range: { departments: [1], users: [] },
  serverIps: null,
  redirectUrls: null,
  stopped: false,
};
