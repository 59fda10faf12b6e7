import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ActivityLog } from '../activity-log.js';
import { CallCounter } from '../call-counter.js';
import type { Company, CompanyChange, CompanyMutations, Department, Person } from '../company/index.js';
import { FaultBoard } from '../faults/faults.js';
import type { PlatformControl, PlatformGlance, PlatformSimulator, SimulatedTodo } from '../platform.js';
import { defaultApp, type ContactRange, type FeishuApp } from './app.js';
import { Approvals } from './approvals.js';
import type { Base } from './bitable.js';
import { feishuDefaults } from './constants.js';
import { feishuControls } from './controls.js';
import { resultsBase, trainingApplication } from './furnishing.js';
import { faultTargets } from './endpoints/index.js';
import { FeishuAnnouncer } from './events/announcer.js';
import type { Courier } from './events/courier.js';
import type { PlainEvent } from './events/envelope.js';
import { socketPath, type ConnectionChannel } from './events/long-connection.js';
import type { RequestUrl, VerificationResult } from './events/request-url.js';
import { defaultFacts, type FeishuFacts } from './facts.js';
import { FeishuGate } from './gate.js';
import { glanceOf } from './glance.js';
import { Identifiers } from './identifiers.js';
import { defaultLimits, RateKeeper, type FeishuLimits } from './limits.js';
import { answerAuthorize } from './login/authorize.js';
import { Sessions } from './login/sessions.js';
import { Mailbox } from './messages.js';
import { PageSeal } from './page-seal.js';
import { TenantTokens, tokenLifetimeSeconds } from './tokens.js';
import { Optics } from './visibility.js';
import type { CustomField, FeishuWorld } from './world.js';
import { Tasks, type Task } from './tasks.js';

/** How the simulated Feishu is set up; everything has a default, and most can be changed later. */
export interface FeishuOptions {
  appId?: string;
  appSecret?: string;
  tenantKey?: string;
  /** Empty: events come in plain text and unsigned. */
  encryptKey?: string;
  verificationToken?: string;
  facts?: Partial<FeishuFacts>;
  limits?: Partial<FeishuLimits>;
  app?: Partial<FeishuApp>;
  /** Seconds a tenant token lives. Default 7200. */
  tokenLifetimeSeconds?: number;
  /** Custom fields of people, by name. */
  customFields?: string[];
}

/** The simulated Feishu: what an administrator can set, what tests can look at. */
export class FeishuSimulator implements FeishuWorld, PlatformSimulator {
  readonly id = 'feishu';
  readonly controls: Readonly<Record<string, PlatformControl>>;
  readonly appId: string;
  readonly appSecret: string;
  readonly tenantKey: string;
  readonly encryptKey: string;
  readonly verificationToken: string;
  readonly app: FeishuApp;
  readonly facts: FeishuFacts;
  readonly limits: FeishuLimits;
  readonly rates: RateKeeper;
  readonly ids: Identifiers;
  readonly deletedDepartments = new Map<number, Department>();
  readonly optics: Optics;
  readonly seal: PageSeal;
  readonly tenantTokens: TenantTokens;
  readonly sessions: Sessions;
  readonly customFields: readonly CustomField[];
  readonly approvals: Approvals;
  readonly tasks: Tasks;
  readonly mailbox = new Mailbox();
  readonly base: Base = resultsBase();
  readonly bases: readonly Base[] = [this.base];
  readonly calls = new CallCounter();
  readonly faults: FaultBoard;
  private readonly leavers = new Map<number, Person>();
  private readonly announcer: FeishuAnnouncer;
  private readonly gate: FeishuGate;

  constructor(
    readonly company: Company,
    readonly mutations: CompanyMutations,
    log: ActivityLog,
    readonly now: () => number,
    options: FeishuOptions = {},
  ) {
    const { appId, appSecret, tenantKey, encryptKey, verificationToken } = { ...feishuDefaults, ...options };
    this.appId = appId;
    this.appSecret = appSecret;
    this.tenantKey = tenantKey;
    this.encryptKey = encryptKey;
    this.verificationToken = verificationToken;
    this.app = { ...defaultApp, ...options.app };
    this.facts = { ...defaultFacts, ...options.facts };
    this.limits = { ...defaultLimits, ...options.limits };
    this.rates = new RateKeeper(() => this.limits, now);
    this.ids = new Identifiers(company, appId, this.leavers);
    this.optics = new Optics(company, () => this.app.range);
    this.seal = new PageSeal(now, () => this.facts.pageTokenSeconds);
    this.tenantTokens = new TenantTokens(now, () => options.tokenLifetimeSeconds ?? tokenLifetimeSeconds);
    this.sessions = new Sessions(this.facts, now);
    const names = options.customFields ?? ['培训积分', '最近证书'];
    this.customFields = names.map((name, index) => ({ id: `C-70000000000000000${10 + index}`, name }));
    const announce = (event: PlainEvent): void => this.announcer.announce(event);
    this.approvals = new Approvals(this.facts, this.ids, now, (person) => this.leaderOf(person), announce);
    this.approvals.definitions.push(trainingApplication);
    this.tasks = new Tasks(this.facts, now, announce);
    this.faults = new FaultBoard(faultTargets, (fault) => {
      if (fault.kind === 'expire_tokens') this.expireTokens();
    });
    this.announcer = new FeishuAnnouncer(this, verificationToken, log);
    this.gate = new FeishuGate(this, this.faults, this.calls, log);
    this.controls = feishuControls(this);
    company.onChange((change) => this.note(change));
  }

  handles(pathname: string): boolean {
    return (
      pathname.startsWith('/open-apis/') || pathname === '/callback/ws/endpoint' || pathname === socketPath
    );
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const path = url.pathname.replace(/^\/(open-apis\/)?/, '');
    const isLogin = path === 'authen/v1/authorize' || path === 'authen/v1/index';
    if (isLogin && request.method === 'GET') return answerAuthorize(url, response, this);
    await this.gate.handle(request, response, url, path);
  }

  /** Takes a long connection. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.connections.upgrade(request, socket, head);
  }

  connectionConfig(url: string): Record<string, unknown> {
    return {
      appId: this.appId,
      appSecret: this.appSecret,
      encryptKey: this.callback?.encryptKey ?? this.encryptKey,
      verificationToken: this.callback?.verificationToken ?? this.verificationToken,
      approvalCodes: this.approvals.definitions.map(({ code }) => code),
      apiBaseUrl: url,
      accountsBaseUrl: url,
    };
  }

  endpointOfConnections(host: string): Record<string, unknown> {
    return this.connections.endpoint(host);
  }

  /** Changes positions of unconfirmed facts; what is left out stays. */
  setFacts(facts: Partial<FeishuFacts>): void {
    Object.assign(this.facts, facts);
  }

  /** Changes limits and forgets what was counted. */
  setLimits(limits: Partial<FeishuLimits>): void {
    Object.assign(this.limits, limits);
    this.rates.reset();
  }

  /** Changes the app; another contact range is told as an event. */
  setApp(change: Partial<FeishuApp>): void {
    const { range: before } = this.app;
    Object.assign(this.app, change);
    if (change.range === undefined) return;
    this.app.range = { ...nobody, ...change.range };
    this.announcer.tellRange(before, this.app.range);
  }

  /** The contact range from now on: nobody but those named. */
  setRange(range: Partial<Omit<ContactRange, 'all'>>): void {
    this.setApp({ range: { ...nobody, ...range } });
  }

  /** Grants or takes scopes; both hold at once, as in a test tenant. */
  setScope(scope: string, granted: boolean): void {
    const others = this.app.scopes.filter((name) => name !== scope);
    this.app.scopes = granted ? [...others, scope] : others;
  }

  /** All tokens end now: calls answer 99991663 or 99991668. */
  expireTokens(): void {
    this.tenantTokens.expireAll();
    this.sessions.expireAll();
  }

  /** Saves the request URL, as the console does: only when it passes the check. `verify: false` saves without asking. */
  async setCallback(
    setup: { url: string; encryptKey?: string; verificationToken?: string },
    verify = true,
  ): Promise<VerificationResult> {
    const { encryptKey = this.encryptKey, verificationToken = this.verificationToken } = setup;
    const url = new URL(setup.url).href;
    const target = { url, verificationToken, ...(encryptKey === '' ? {} : { encryptKey }) };
    return this.announcer.save(target, verify);
  }

  /** No request URL any more; long connections take over when one is or gets open. */
  removeCallback(): void {
    this.announcer.forgetUrl();
  }

  get callback(): RequestUrl | undefined {
    return this.announcer.target;
  }

  /** Deliveries of events, their switches and records. */
  get courier(): Courier {
    return this.announcer.courier;
  }

  /** Long connections and their settings. */
  get connections(): ConnectionChannel {
    return this.announcer.connections;
  }

  /** Tells an event of the caller's own making. */
  announce(event: PlainEvent): void {
    this.announcer.announce(event);
  }

  submitApproval(approval: { account: string; title: string; form: Record<string, string> }): string {
    return this.approvals.fillIn(this.personOf(approval.account), approval.title, approval.form).code;
  }

  decideApproval(id: string, decision: 'approved' | 'rejected' | 'withdrawn'): void {
    this.approvals.decide(id, decision);
  }

  /** Somebody completes a task in the client, or opens it again. */
  completeTask(guid: string, done = true): void {
    const task = this.tasks.get(guid);
    if (task === undefined) throw new TypeError(`there is no task ${guid}`);
    this.tasks.change(task, { completedAt: done ? String(this.now()) : '0' }, ['task_completed_update']);
  }

  todos(): readonly SimulatedTodo[] {
    const removed = this.tasks.deleted.flatMap((task) => todosOf(task, 'removed'));
    const present = this.tasks
      .all()
      .flatMap((task) => todosOf(task, task.completedAt === '0' ? 'open' : 'done'));
    return [...removed, ...present];
  }

  inbox(): readonly { id: string; account: string; text: string; at: number }[] {
    return this.mailbox.messages.map(({ id, receiver, text, at }) => ({
      id,
      account: receiver.account,
      text,
      at,
    }));
  }

  glance(): PlatformGlance {
    return glanceOf(this);
  }

  idle(): Promise<void> {
    return this.courier.idle();
  }

  close(): void {
    this.announcer.close();
    this.gate.close();
  }

  /** @throws TypeError when nobody has the account. */
  personOf(account: string): Person {
    const person = this.company.person(account);
    if (person === undefined) throw new TypeError(`nobody is called ${account}`);
    return person;
  }

  /** Who and what is gone is kept: the platform still answers for it. */
  private note(change: CompanyChange): void {
    if (change.kind === 'person.removed') this.leavers.set(change.person.id, change.person);
    if (change.kind === 'department.removed') {
      this.deletedDepartments.set(change.department.id, change.department);
    }
    this.announcer.tell(change);
  }

  private leaderOf(person: Person): Person | undefined {
    return this.company.personById(person.leaderIds[0] ?? 0);
  }
}

const nobody: ContactRange = { all: false, users: [], departments: [] };

/** A task as it stands in the lists of its assignees. */
function todosOf(task: Task, status: SimulatedTodo['status']): SimulatedTodo[] {
  const { href } = (task.origin ?? {}) as { href?: { url?: string } };
  return task.members.flatMap(({ who, role }) =>
    who === 'app' || role !== 'assignee'
      ? []
      : [{ id: task.guid, account: who.account, title: task.summary, url: href?.url ?? '', status }],
  );
}
