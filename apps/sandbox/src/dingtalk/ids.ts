import { createHash } from 'node:crypto';
import { rootDepartmentId, type Company, type Person } from '../company/index.js';

/*
 * DingTalk's names for people and departments of the shared company. All are derived, so that two sandboxes
 * of one seed agree. The userid is the account of the company and, unlike there, compares with case.
 */

const departmentBase = 5_000_000_000;
const departmentStep = 7919;

/** `dept_id`: 1 for the root, else more than 32 bits hold (as real ones may be). */
export function deptIdOf(departmentId: number): number {
  return departmentId === rootDepartmentId
    ? rootDepartmentId
    : departmentBase + departmentId * departmentStep;
}

/** The company's id behind a `dept_id`; `undefined` for one that was never given out. */
export function departmentOf(deptId: number): number | undefined {
  if (deptId === rootDepartmentId) return rootDepartmentId;
  const id = (deptId - departmentBase) / departmentStep;
  return Number.isInteger(id) && id > rootDepartmentId ? id : undefined;
}

/** What DingTalk knows of a human beside their work: ids that outlive an employment. */
export interface Account {
  /** The same in all apps of one developer organisation. */
  unionId: string;
  /** Another in every app. */
  openId: string;
  /** A short number some reads give instead of the union id. */
  internalId: string;
}

/** The DingTalk account of a human with this key. */
export function accountOf(human: string): Account {
  return {
    unionId: `${digest('union', human).slice(0, 22)}iEiE`,
    openId: `${digest('open', human).slice(0, 22)}iE`,
    internalId: String(
      100_000_000 + (createHash('sha1').update(human).digest().readUInt32BE() % 800_000_000),
    ),
  };
}

function digest(kind: string, human: string): string {
  return createHash('sha256').update(`${kind} ${human}`).digest('base64').replace(/[+/=]/g, '');
}

/** Who is who: people by union id. Somebody who comes back has the account they left with. */
export class Humans {
  private readonly humanOf = new Map<number, string>();
  private readonly leftAs = new Map<string, string>();
  private readonly accounts = new Map<number, Account>();
  /** Made when first asked for: a hundred thousand hashes are not spent on who never looks. */
  private byUnionId: Map<string, number> | undefined;

  constructor(private readonly company: Company) {
    company.onChange((change) => {
      if (change.kind === 'person.created') this.learn(change.person);
      else if (change.kind === 'person.removed') this.forget(change.person);
    });
  }

  account(person: Person): Account {
    let account = this.accounts.get(person.id);
    if (account === undefined) {
      account = accountOf(this.human(person));
      this.accounts.set(person.id, account);
    }
    return account;
  }

  unionId(person: Person): string {
    return this.account(person).unionId;
  }

  /** Who works here under this union id. */
  byUnion(unionId: string): Person | undefined {
    this.byUnionId ??= new Map(this.company.people().map((person) => [this.unionId(person), person.id]));
    const id = this.byUnionId.get(unionId);
    return id === undefined ? undefined : this.company.personById(id);
  }

  /** By userid, in exactly this case. */
  byUserid(userid: string): Person | undefined {
    const person = this.company.person(userid);
    return person?.account === userid ? person : undefined;
  }

  private human(person: Person): string {
    return this.humanOf.get(person.id) ?? `person ${person.id}`;
  }

  private learn(person: Person): void {
    const returned = this.leftAs.get(person.account.toLowerCase());
    if (returned !== undefined) this.humanOf.set(person.id, returned);
    this.byUnionId?.set(this.unionId(person), person.id);
  }

  private forget(person: Person): void {
    this.leftAs.set(person.account.toLowerCase(), this.human(person));
    this.byUnionId?.delete(this.unionId(person));
  }
}
