import type { ChangeOrigin, Department, PersonField } from './changes.js';
import { CompanyError, type Company } from './company.js';
import { rootDepartmentId, systemAccount } from './generate.js';
import { generateName } from './names.js';
import { Person, type PersonDetails, type PersonStatus } from './person.js';
import { pick, randomFrom } from './random.js';

/** A new employee; everything left out is made up. */
export interface Hire {
  account?: string;
  name?: string;
  departmentIds?: number[];
  primaryDepartmentId?: number;
  position?: string;
  status?: PersonStatus;
  /** The platform makes the account up (and allows one change of it). */
  systemAccount?: boolean;
  /** Accounts of the direct leaders. */
  leaders?: string[];
  details?: Partial<PersonDetails>;
}

/** What may be changed of an employee beside the place in the company. */
export interface PersonEdit {
  name?: string;
  position?: string;
  status?: PersonStatus;
  leaders?: string[];
  details?: Partial<PersonDetails>;
}

/**
 * What an administrator does in the console, one function per deed. People are named by account. Each
 * throws `CompanyError` when it is impossible and otherwise announces exactly one change.
 */
export class CompanyMutations {
  constructor(private readonly company: Company) {}

  hire(hire: Hire = {}, origin: ChangeOrigin = 'console'): Person {
    const { company } = this;
    const id = company.nextPersonId();
    const random = randomFrom(id * 31 + 7);
    const made = generateName(random);
    const account = hire.account ?? (hire.systemAccount ? systemAccount(id) : this.freeAccount(made.account));
    if (company.person(account) !== undefined) throw new CompanyError('account_taken', `${account} is taken`);
    const departmentIds = hire.departmentIds ?? [pick(random, [...company.departments()]).id];
    this.mustExist(departmentIds);
    const person = new Person(
      id,
      account,
      hire.systemAccount ?? false,
      hire.name ?? made.name,
      [...new Set(departmentIds)].map((departmentId) => ({ departmentId, order: 0, isLeader: false })),
      hire.primaryDepartmentId ?? (departmentIds[0] as number),
      this.leaderIds(hire.leaders ?? []),
      hire.position ?? '新员工',
      hire.status ?? 'active',
    );
    if (hire.details !== undefined) person.setDetails(hire.details);
    company.putPerson(person);
    company.announce({ kind: 'person.created', person, origin });
    return person;
  }

  /** Places a person in other departments; leadership is kept where the person stays. */
  move(
    account: string,
    departmentIds: number[],
    origin: ChangeOrigin = 'console',
    primaryId?: number,
  ): Person {
    const person = this.mustFind(account);
    this.mustExist(departmentIds);
    const before = { departmentIds: person.departmentIds };
    const kept = new Map(person.memberships.map((membership) => [membership.departmentId, membership]));
    this.company.place(person, () => {
      person.memberships = [...new Set(departmentIds)].map(
        (departmentId) => kept.get(departmentId) ?? { departmentId, order: 0, isLeader: false },
      );
      const primary = primaryId ?? person.primaryDepartmentId;
      person.primaryDepartmentId = departmentIds.includes(primary) ? primary : (departmentIds[0] as number);
    });
    this.company.announceUpdate(person, ['departments'], origin, before);
    return person;
  }

  /** The person leaves the company; others may still name the leaver as leader until edited. */
  dismiss(account: string, origin: ChangeOrigin = 'console'): Person {
    const person = this.mustFind(account);
    this.company.dropPerson(person);
    this.company.announce({ kind: 'person.removed', person, origin });
    return person;
  }

  /** Somebody dismissed comes back with the same account and details, as a new record. */
  rehire(account: string, departmentIds?: number[], origin: ChangeOrigin = 'console'): Person {
    const former = this.company.formerPerson(account);
    if (former === undefined) throw new CompanyError('unknown_person', `${account} never worked here`);
    const open = former.departmentIds.filter((id) => this.company.department(id) !== undefined);
    return this.hire(
      {
        account: former.account,
        name: former.name,
        departmentIds: departmentIds ?? (open.length > 0 ? open : [rootDepartmentId]),
        position: former.position,
        details: former.details(),
      },
      origin,
    );
  }

  /** Leader (or no longer) of a department the person works in. */
  makeLeader(
    account: string,
    departmentId: number,
    isLeader = true,
    origin: ChangeOrigin = 'console',
  ): Person {
    const person = this.mustFind(account);
    const at = person.memberships.find((membership) => membership.departmentId === departmentId);
    if (at === undefined)
      throw new CompanyError('no_department', `${account} does not work in ${departmentId}`);
    at.isLeader = isLeader;
    this.company.announceUpdate(person, ['leadership'], origin);
    return person;
  }

  /**
   * Another login name. Platforms allow it once, for accounts they made up themselves; `force` ignores that
   * rule (for tests that need a rename of just this person).
   */
  changeAccount(account: string, newAccount: string, origin: ChangeOrigin = 'console', force = true): Person {
    const person = this.mustFind(account);
    const holder = this.company.person(newAccount);
    if (holder !== undefined && holder !== person)
      throw new CompanyError('account_taken', `${newAccount} is taken`);
    if (!force && (!person.hasSystemAccount || person.accountChanged)) {
      throw new CompanyError('account_fixed', `${account} cannot be changed`);
    }
    const before = { account: person.account };
    this.company.renameAccount(person, newAccount);
    this.company.announceUpdate(person, ['account'], origin, before);
    return person;
  }

  edit(account: string, edit: PersonEdit, origin: ChangeOrigin = 'console'): Person {
    const person = this.mustFind(account);
    const changed: PersonField[] = [];
    if (edit.name !== undefined && edit.name !== person.name) changed.push('name');
    if (edit.position !== undefined && edit.position !== person.position) changed.push('position');
    if (edit.status !== undefined && edit.status !== person.status) changed.push('status');
    if (edit.details?.mobile !== undefined) changed.push('mobile');
    if (edit.details?.email !== undefined) changed.push('email');
    if (edit.leaders !== undefined) changed.push('directLeader');
    if (changed.length === 0 && edit.details !== undefined) changed.push('other');
    if (edit.leaders !== undefined) person.leaderIds = this.leaderIds(edit.leaders);
    person.name = edit.name ?? person.name;
    person.position = edit.position ?? person.position;
    person.status = edit.status ?? person.status;
    if (edit.details !== undefined) person.setDetails(edit.details);
    if (changed.length > 0) this.company.announceUpdate(person, changed, origin);
    return person;
  }

  createDepartment(
    input: { name: string; parentId?: number; nameEn?: string; id?: number; order?: number },
    origin: ChangeOrigin = 'console',
  ): Department {
    const parentId = input.parentId ?? rootDepartmentId;
    this.mustExist([parentId]);
    this.mustBeFree(input.name, parentId);
    if (input.id !== undefined && this.company.department(input.id) !== undefined) {
      throw new CompanyError('invalid', `department ${input.id} exists`);
    }
    const { name, nameEn = '', order = 0, id = this.company.nextDepartmentId() } = input;
    const department: Department = { id, name, nameEn, parentId, order };
    this.company.putDepartment(department);
    this.company.announce({ kind: 'department.created', department, origin });
    return department;
  }

  renameDepartment(id: number, name: string, origin: ChangeOrigin = 'console'): Department {
    const department = this.mustFindDepartment(id);
    this.mustBeFree(name, department.parentId, id);
    department.name = name;
    this.company.announce({ kind: 'department.updated', department, changed: ['name'], origin });
    return department;
  }

  moveDepartment(id: number, parentId: number, origin: ChangeOrigin = 'console'): Department {
    const department = this.mustFindDepartment(id);
    if (id === rootDepartmentId) throw new CompanyError('is_root', 'the root department stays where it is');
    this.mustExist([parentId]);
    if (this.company.subtree(id).includes(parentId))
      throw new CompanyError('circular', `${parentId} is inside ${id}`);
    this.company.reparent(department, parentId);
    this.company.announce({ kind: 'department.updated', department, changed: ['parent'], origin });
    return department;
  }

  /** Only an empty department without children can be removed. */
  removeDepartment(id: number, origin: ChangeOrigin = 'console'): Department {
    const department = this.mustFindDepartment(id);
    if (id === rootDepartmentId) throw new CompanyError('is_root', 'the root department cannot be removed');
    if (this.company.children(id).length > 0 || this.company.members(id).size > 0) {
      throw new CompanyError('not_empty', `department ${id} is not empty`);
    }
    this.company.dropDepartment(department);
    this.company.announce({ kind: 'department.removed', department, origin });
    return department;
  }

  private mustFind(account: string): Person {
    const person = this.company.person(account);
    if (person === undefined) throw new CompanyError('unknown_person', `nobody is called ${account}`);
    return person;
  }

  private mustFindDepartment(id: number): Department {
    const department = this.company.department(id);
    if (department === undefined)
      throw new CompanyError('unknown_department', `there is no department ${id}`);
    return department;
  }

  private mustExist(departmentIds: readonly number[]): void {
    if (departmentIds.length === 0)
      throw new CompanyError('no_department', 'at least one department is needed');
    for (const id of departmentIds) this.mustFindDepartment(id);
  }

  private mustBeFree(name: string, parentId: number, exceptId?: number): void {
    const twin = this.company
      .children(parentId)
      .find((id) => id !== exceptId && this.company.department(id)?.name === name);
    if (twin !== undefined)
      throw new CompanyError('name_taken', `${parentId} has a department called ${name}`);
  }

  private leaderIds(accounts: readonly string[]): number[] {
    return accounts.map((account) => this.mustFind(account).id);
  }

  private freeAccount(wished: string): string {
    for (let number = 1; ; number += 1) {
      const account = number === 1 ? wished : `${wished}${String(number).padStart(2, '0')}`;
      if (this.company.person(account) === undefined) return account;
    }
  }
}
