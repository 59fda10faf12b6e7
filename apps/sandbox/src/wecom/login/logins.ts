import { randomBytes } from 'node:crypto';
import type { Company, Person } from '../../company/index.js';
import { WecomApiError } from '../api-error.js';
import type { PrivateField } from '../credentials.js';
import type { Customer, Customers } from '../customers/customers.js';
import type { WecomFacts } from '../facts.js';

/** Somebody at a login page: a member, a customer of the company, or neither. */
export type Visitor =
  | { kind: 'member'; person: Person }
  | { kind: 'customer'; customer: Customer }
  | { kind: 'outsider'; openId: string };

/** The name under which somebody who is neither member nor customer logs in. */
export const outsider = 'outsider';

/** Who may log in: members by userid, customers by external_userid, and `outsider`. */
export function visitorOf(name: string, company: Company, customers: Customers): Visitor | undefined {
  const person = company.person(name);
  if (person !== undefined) return { kind: 'member', person };
  const customer = customers.get(name);
  if (customer !== undefined) return { kind: 'customer', customer };
  return name === outsider ? { kind: 'outsider', openId: 'oSimBBBBoutsider' } : undefined;
}

/** What a code stands for. */
export interface Grant {
  visitor: Visitor;
  /** Fields the person agreed to show; `null` for a login that asked for none. */
  consented: readonly PrivateField[] | null;
}

interface Code extends Grant {
  expiresAt: number;
  used: boolean;
}

interface Ticket {
  agentId: number;
  person: Person;
  fields: readonly PrivateField[];
  expiresAt: number;
}

const codeLifetimeMs = 300_000;
const ticketLifetimeMs = 1_800_000;

/** Codes of the login pages (five minutes, single use) and tickets for the sensitive fields (half an hour). */
export class Logins {
  private readonly codes = new Map<string, Code>();
  private readonly tickets = new Map<string, Ticket>();

  constructor(
    private readonly facts: WecomFacts,
    private readonly now: () => number,
  ) {}

  issue(grant: Grant): string {
    // 512 bytes is what a code may have: columns sized for less must fail here.
    const value = randomBytes(384).toString('base64url');
    this.codes.set(value, { ...grant, expiresAt: this.now() + codeLifetimeMs, used: false });
    return value;
  }

  /** An exchange of a good code is not counted (sheet 8). */
  isGood(value: string | null): boolean {
    const code = this.codes.get(value ?? '');
    return code !== undefined && !code.used && code.expiresAt > this.now();
  }

  /** @throws WecomApiError 40029 for an unknown code; for a spent one as the facts say. */
  exchange(value: string): Grant {
    const code = this.codes.get(value);
    const named = this.facts.spentLoginCodes === 'named';
    if (code === undefined) throw new WecomApiError(40029);
    if (code.used) throw new WecomApiError(named ? 42022 : 40029);
    if (code.expiresAt <= this.now()) throw new WecomApiError(named ? 42003 : 40029);
    code.used = true;
    return code;
  }

  ticket(ticket: Omit<Ticket, 'expiresAt'>): string {
    const value = randomBytes(384).toString('base64url');
    this.tickets.set(value, { ...ticket, expiresAt: this.now() + ticketLifetimeMs });
    return value;
  }

  /** @throws WecomApiError 84015 for an unknown ticket or another app's, 84014 after its time. */
  redeem(value: string, agentId: number): Ticket {
    const ticket = this.tickets.get(value);
    if (ticket === undefined || ticket.agentId !== agentId) throw new WecomApiError(84015);
    if (ticket.expiresAt <= this.now()) throw new WecomApiError(84014);
    return ticket;
  }
}
