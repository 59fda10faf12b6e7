import { randomBytes } from 'node:crypto';
import type { Person } from '../company/index.js';
import type { ExternalContact, ExternalContacts } from './external-contacts.js';
import { accountOf, type Account, type Humans } from './ids.js';

/** Somebody with a DingTalk account: of the company, of its customers, or of neither. */
export interface Visitor {
  account: Account;
  nick: string;
  mobile: string;
  /** Of the account, not of the company: it crosses the borders of organisations (tutorial-obtaining-user-personal-information). */
  email: string;
}

/** The name under which somebody who is neither employee nor customer logs in. */
export const outsider = 'outsider';

/** Who may log in, by userid: employees, external contacts, and `outsider`. */
export function visitorOf(userid: string, humans: Humans, contacts: ExternalContacts): Visitor | undefined {
  const person = humans.byUserid(userid);
  if (person !== undefined) return employee(person, humans);
  const contact = contacts.get(userid);
  if (contact !== undefined) return customer(contact);
  if (userid !== outsider) return undefined;
  const account = accountOf(outsider);
  return { account, nick: '路人', mobile: '13900000000', email: 'outsider@elsewhere.example.test' };
}

function employee(person: Person, humans: Humans): Visitor {
  const { name, mobile, email } = person;
  return { account: humans.account(person), nick: name, mobile, email };
}

function customer(contact: ExternalContact): Visitor {
  const { name, mobile, email = '' } = contact;
  return { account: accountOf(`contact ${contact.userid}`), nick: name, mobile, email };
}

const codeLifetimeMs = 300_000;

interface LoginCode {
  kind: 'web' | 'inApp';
  visitor: Visitor;
  userid: string;
  withCorp: boolean;
  expiresAt: number;
}

/** Codes of the login page and of the client: five minutes, single use, not good in each other's place. */
export class LoginCodes {
  private readonly codes = new Map<string, LoginCode>();

  constructor(private readonly now: () => number) {}

  issue(code: Omit<LoginCode, 'expiresAt'>): string {
    const value = randomBytes(16).toString('hex');
    this.codes.set(value, { ...code, expiresAt: this.now() + codeLifetimeMs });
    return value;
  }

  /** Takes a code of this kind; `undefined` for one unknown, used, expired or of the other kind. */
  take(value: unknown, kind: LoginCode['kind']): LoginCode | undefined {
    const found = typeof value === 'string' ? this.codes.get(value) : undefined;
    if (found === undefined || found.kind !== kind) return undefined;
    this.codes.delete(value as string);
    return found.expiresAt <= this.now() ? undefined : found;
  }
}
