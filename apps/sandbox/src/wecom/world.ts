import type { Company, CompanyMutations } from '../company/index.js';
import type { Fault } from '../faults/faults.js';
import { WecomApiError } from './api-error.js';
import type { Approvals } from './approvals/approvals.js';
import type { CallbackTarget } from './callback.js';
import type { ContactsSync, Principal, WecomApp } from './credentials.js';
import type { CursorSeal } from './cursor-seal.js';
import type { CorpTags } from './customers/corp-tags.js';
import type { Customers } from './customers/customers.js';
import type { WecomFacts } from './facts.js';
import type { WecomLimits } from './limits.js';
import type { Logins } from './login/logins.js';
import type { Mailbox } from './messages/mailbox.js';
import type { MemberTags } from './member-tags.js';
import type { Lens, Optics } from './visibility.js';

/** What the endpoints read and write: the simulated platform behind its API. */
export interface WecomWorld {
  readonly corpId: string;
  readonly company: Company;
  readonly mutations: CompanyMutations;
  readonly facts: WecomFacts;
  readonly limits: WecomLimits;
  readonly contacts: ContactsSync;
  readonly apps: readonly WecomApp[];
  /** Member tags; what the API changes in them is not told (sheet 4.1). */
  readonly tags: MemberTags;
  readonly optics: Optics;
  readonly bodies: AnswerCache;
  readonly seal: CursorSeal;
  readonly customers: Customers;
  readonly corpTags: CorpTags;
  readonly approvals: Approvals;
  readonly logins: Logins;
  readonly mailbox: Mailbox;
  /** The default app's callback, if it has one. */
  readonly appCallback: CallbackTarget | undefined;
  /** Extended attributes an administrator created; others are ignored on write (sheet 3). */
  readonly attributeNames: readonly string[];
  readonly callbackIps: readonly string[];
  now(): number;
}

/** One call that passed the gate. */
export interface WecomCall {
  endpoint: string;
  principal: Principal;
  query: URLSearchParams;
  body: Record<string, unknown>;
  faults: readonly Fault[];
  lens: Lens;
}

/** The payload beside `errcode` and `errmsg`, or a finished body. */
export type WecomAnswer = Record<string, unknown> | Buffer;

/** One endpoint. */
export interface WecomEndpoint {
  method: 'GET' | 'POST';
  /** What a GET to a POST endpoint gets; 40058 unless the page says otherwise. */
  wrongMethodCode?: number;
  handle(call: WecomCall, world: WecomWorld): WecomAnswer;
}

/** Finished bodies, kept until the company or a setting changes. */
export class AnswerCache {
  private readonly bodies = new Map<string, Buffer>();
  private revision = -1;

  constructor(private readonly company: Company) {}

  /** The body under `key`, made by `make` when there is none; nothing is kept without a key. */
  get(key: string | undefined, make: () => Record<string, unknown>): WecomAnswer {
    if (key === undefined) return make();
    if (this.revision !== this.company.revision) {
      this.bodies.clear();
      this.revision = this.company.revision;
    }
    let body = this.bodies.get(key);
    if (body === undefined) {
      body = Buffer.from(JSON.stringify({ errcode: 0, errmsg: 'ok', ...make() }));
      this.bodies.set(key, body);
    }
    return body;
  }

  clear(): void {
    this.bodies.clear();
  }
}

/** May this principal read names and attributes? The contacts secret only from an old address (sheet 0). */
export function requireDetails(principal: Principal): void {
  if (principal.kind === 'contacts' && !principal.contacts.legacyCaller) throw new WecomApiError(48009);
}

/** @throws WecomApiError 48002 for an app: only the contacts secret writes (sheet 3). */
export function requireContacts(principal: Principal): ContactsSync {
  if (principal.kind !== 'contacts') throw new WecomApiError(48002);
  return principal.contacts;
}

/** @throws WecomApiError 48002 for the contacts secret. */
export function requireApp(principal: Principal): WecomApp {
  if (principal.kind !== 'app') throw new WecomApiError(48002);
  return principal.app;
}

/** @throws WecomApiError 48002 unless an app that may call 客户联系 (sheet 0). */
export function requireCustomers(principal: Principal): WecomApp {
  const app = requireApp(principal);
  if (!app.customers) throw new WecomApiError(48002);
  return app;
}

/** @throws WecomApiError 48002 for the contacts secret, 301055 for an app that may not call 审批 (sheet 0). */
export function requireApprovals(principal: Principal): WecomApp {
  const app = requireApp(principal);
  if (!app.approvals) throw new WecomApiError(301055);
  return app;
}

/** Whether a fault takes this customer out of the answers. */
export function isGone(externalUserId: string, call: WecomCall): boolean {
  return (
    call.lens.empty ||
    call.faults.some((fault) => fault.kind === 'vanish_person' && fault.account === externalUserId)
  );
}

/** A whole number from the query; `undefined` when absent. @throws WecomApiError 40058 when it is none. */
export function queryNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new WecomApiError(40058);
  return Number(text);
}

/** A text from the body. @throws WecomApiError 40063 when it is missing or empty, 40058 when it is no text. */
export function bodyText(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (value === undefined || value === null || value === '') throw new WecomApiError(40063);
  if (typeof value !== 'string') throw new WecomApiError(40058);
  return value;
}

/** A list of texts from the body; empty when absent. @throws WecomApiError 40058 when it is something else. */
export function textList(body: Record<string, unknown>, name: string): string[] {
  const value = body[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new WecomApiError(40058);
  return value;
}
