import type { IncomingHttpHeaders } from 'node:http';
import type { Company, CompanyMutations, Person } from '../company/index.js';
import type { Fault } from '../faults/faults.js';
import { NewApiError, OldApiError } from './api-error.js';
import type { DingtalkApp } from './app.js';
import type { Approvals } from './approvals.js';
import type { HttpCallbacks } from './events/http-callbacks.js';
import type { PlainEvent } from './events/plain-event.js';
import type { StreamGateway } from './events/stream-gateway.js';
import type { ExternalContacts } from './external-contacts.js';
import type { DingtalkFacts } from './facts.js';
import { departmentOf, type Humans } from './ids.js';
import type { Notifications } from './notifications.js';
import type { Todos } from './todos.js';
import type { AppTokens, UserTokens } from './tokens.js';
import type { Lens } from './visibility.js';
import type { LoginCodes, Visitor } from './visitors.js';

/** Somebody who left, for the leave records. */
export interface Leaver {
  person: Person;
  /** Milliseconds since the epoch. */
  at: number;
}

/** What the endpoints read and write: the simulated platform behind its API. */
export interface DingtalkWorld {
  readonly corpId: string;
  readonly app: DingtalkApp;
  readonly company: Company;
  readonly mutations: CompanyMutations;
  readonly facts: DingtalkFacts;
  readonly humans: Humans;
  readonly tokens: AppTokens;
  readonly userTokens: UserTokens;
  readonly loginCodes: LoginCodes;
  readonly contacts: ExternalContacts;
  readonly approvals: Approvals;
  readonly processCodes: readonly string[];
  readonly todoTasks: Todos;
  readonly notifications: Notifications;
  readonly leavers: readonly Leaver[];
  readonly callbacks: HttpCallbacks;
  readonly stream: StreamGateway;
  /** Tells an event on whichever channel is on. */
  announce(event: PlainEvent): void;
  now(): number;
}

/** One call that passed the gate. */
export interface DingtalkCall {
  endpoint: string;
  /** The parts of the path that stand for something. */
  path: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Record<string, unknown>;
  headers: IncomingHttpHeaders;
  /** Who logged in, where the endpoint wants a user's token. */
  visitor: Visitor | undefined;
  faults: readonly Fault[];
  lens: Lens;
}

/** One endpoint. What an old one returns stands beside `errcode`; a new one returns the whole body. */
export interface DingtalkEndpoint {
  generation: 'old' | 'new';
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path of the call; `{name}` in a new one stands for something. */
  path: string;
  /** Which token it wants. Default: the app's. */
  token?: 'app' | 'user' | 'none';
  scope?: string;
  /** Refuses with its own code instead of errcode 88: paths older than the gateway. */
  bare?: boolean;
  /** Not counted against the month: token, login and contact-book APIs (call-frequency-limit). */
  free?: boolean;
  handle(call: DingtalkCall, world: DingtalkWorld): unknown;
}

/** A whole number of the body, as JSON or as digits. @throws OldApiError 40035 when it is missing, `code` when it is none. */
export function oldNumber(body: Record<string, unknown>, name: string, code = 400002): number {
  const value = body[name];
  if (value === undefined || value === null || value === '') throw new OldApiError(40035);
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw new OldApiError(code);
  return number;
}

/** A text of the body. @throws OldApiError 40035 when it is missing, 400002 when it is none. */
export function oldText(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (value === undefined || value === null || value === '') throw new OldApiError(40035);
  if (typeof value !== 'string') throw new OldApiError(400002);
  return value;
}

/** A comma list of the body; empty when absent. */
export function commaList(value: unknown): string[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value !== 'string') throw new OldApiError(400002);
  return value.split(',').filter((part) => part !== '');
}

/** A text of a new API's body. @throws NewApiError `code` when it is missing or none. */
export function newText(body: Record<string, unknown>, name: string, code = 'invalidParameter'): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw new NewApiError(code, `${name} is needed`);
  return value;
}

/** A list of objects; `undefined` when it is anything else. */
export function objectsOf(value: unknown): Record<string, unknown>[] | undefined {
  const fits = (item: unknown): boolean => typeof item === 'object' && item !== null && !Array.isArray(item);
  return Array.isArray(value) && value.every(fits) ? (value as Record<string, unknown>[]) : undefined;
}

/** The company's id of a department the app may see. @throws OldApiError 60003 or 50004. */
export function visibleDepartment(deptId: number, call: DingtalkCall, world: DingtalkWorld): number {
  const id = knownDepartment(deptId, call, world);
  if (!call.lens.seesDepartment(id)) throw new OldApiError(50004);
  return id;
}

/** The same for calls that the contact range does not bind. @throws OldApiError 60003. */
export function knownDepartment(deptId: number, call: DingtalkCall, world: DingtalkWorld): number {
  const id = departmentOf(deptId);
  if (id === undefined || world.company.department(id) === undefined || !call.lens.exists(id))
    throw new OldApiError(60003);
  return id;
}

/** Somebody who exists, whether in range or not. @throws OldApiError. */
export function knownPerson(userid: string, call: DingtalkCall, world: DingtalkWorld): Person {
  const person = world.humans.byUserid(userid);
  if (person === undefined || call.lens.hides(person)) throw new OldApiError(world.facts.unknownUserCode);
  return person;
}

/** Somebody the app may see. @throws OldApiError 50002 for people outside the range. */
export function visiblePerson(userid: string, call: DingtalkCall, world: DingtalkWorld): Person {
  const person = knownPerson(userid, call, world);
  if (!call.lens.seesPerson(person)) throw new OldApiError(50002);
  return person;
}
