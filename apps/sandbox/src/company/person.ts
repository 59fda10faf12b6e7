import { aliases } from './names.js';
import { derived } from './random.js';

/** `inactive`: invited, has not logged in yet. */
export type PersonStatus = 'active' | 'inactive' | 'disabled';

/** One department a person works in. */
export interface Membership {
  departmentId: number;
  /** Rank inside the department; larger comes first. */
  order: number;
  isLeader: boolean;
}

/** What is known about a person beside the place in the organisation. */
export interface PersonDetails {
  gender: 'male' | 'female';
  mobile: string;
  email: string;
  bizMail: string;
  employeeNumber: string;
  telephone: string;
  alias: string;
  address: string;
  /** Attributes an administrator added, by name; the employee number (工号) is not among them. */
  attributes: Readonly<Record<string, string>>;
}

const mobilePrefixes = ['138', '139', '136', '150', '186', '177', '199'];
const cities = ['上海', '北京', '广州', '成都', '武汉', '杭州'];

/**
 * An employee. Details are derived from the number of the person and stored only once they differ, so that
 * a hundred thousand people cost some tens of megabytes.
 */
export class Person {
  private changed: Partial<PersonDetails> | undefined;
  /** True once the account was changed: platforms allow that a single time. */
  accountChanged = false;

  constructor(
    /** Number of the person inside the generated company; ascending by date of hire. */
    readonly id: number,
    /** Login name, unique without regard to case. */
    public account: string,
    /** The platform made the account up; only such an account may be changed (once). */
    readonly hasSystemAccount: boolean,
    public name: string,
    public memberships: Membership[],
    public primaryDepartmentId: number,
    /** Ids of the direct leaders, the first one being the one who counts. */
    public leaderIds: readonly number[],
    public position: string,
    public status: PersonStatus,
  ) {}

  get gender(): PersonDetails['gender'] {
    return this.changed?.gender ?? (derived(this.id, 1) < 0.5 ? 'male' : 'female');
  }

  /** Eleven digits, unique inside the company. */
  get mobile(): string {
    return this.changed?.mobile ?? mobileOf(this.id);
  }

  get email(): string {
    return this.changed?.email ?? `${this.account.toLowerCase()}@example.test`;
  }

  get bizMail(): string {
    return this.changed?.bizMail ?? `${this.account.toLowerCase()}@corp.example.test`;
  }

  get employeeNumber(): string {
    return this.changed?.employeeNumber ?? `E${String(100_000 + this.id)}`;
  }

  get telephone(): string {
    return (
      this.changed?.telephone ??
      (derived(this.id, 2) < 0.15 ? `021-555${String(this.id % 10_000).padStart(4, '0')}` : '')
    );
  }

  get alias(): string {
    if (this.changed?.alias !== undefined) return this.changed.alias;
    const draw = derived(this.id, 3);
    return draw < 0.2 ? (aliases[Math.floor((draw / 0.2) * aliases.length)] ?? '') : '';
  }

  get address(): string {
    return this.changed?.address ?? (cities[this.id % cities.length] as string);
  }

  get attributes(): Readonly<Record<string, string>> {
    return this.changed?.attributes ?? {};
  }

  get departmentIds(): number[] {
    return this.memberships.map((membership) => membership.departmentId);
  }

  /** Overrides derived details; absent keys stay as they are. */
  setDetails(details: Partial<PersonDetails>): void {
    this.changed = { ...this.changed, ...details };
  }

  /** Gives the person another login name; mail addresses stay what they were. */
  setAccount(account: string): void {
    this.setDetails({ email: this.email, bizMail: this.bizMail });
    this.account = account;
    this.accountChanged = true;
  }

  /** What a person takes along when leaving, to come back with. */
  details(): PersonDetails {
    const { gender, mobile, email, bizMail, employeeNumber, telephone, alias, address, attributes } = this;
    return { gender, mobile, email, bizMail, employeeNumber, telephone, alias, address, attributes };
  }
}

function mobileOf(id: number): string {
  // 7919 and 10^8 have no common factor: no number comes twice.
  const digits = (id * 7919 + 12_345) % 100_000_000;
  return `${mobilePrefixes[id % mobilePrefixes.length] as string}${String(digits).padStart(8, '0')}`;
}
