import type { ChangeListener, ChangeOrigin, CompanyChange, Department, PersonField } from './changes.js';
import { generateDepartments, generatePeople, rootDepartmentId, type CompanySize } from './generate.js';
import { countHeads, type HeadCount } from './head-counts.js';
import { Person } from './person.js';

/** Why a change to the company is impossible. `code` is for callers, the message for people. */
export class CompanyError extends Error {
  constructor(
    readonly code:
      | 'unknown_person' | 'unknown_department' | 'account_taken' | 'account_fixed' | 'not_empty' | 'is_root'
      | 'name_taken' | 'no_department' | 'circular' | 'invalid', // prettier-ignore
    message: string,
  ) {
    super(message);
  }
}

/**
 * The organisation all simulators show: departments and people, with the queries simulators need.
 * How it changes stands in `mutations.ts`; every change raises `revision` and tells the listeners.
 */
export class Company {
  /** Raised by every change; what is derived from the company is stale when it differs. */
  revision = 0;
  private readonly departmentsById = new Map<number, Department>();
  private readonly peopleById = new Map<number, Person>();
  private readonly idByAccount = new Map<string, number>();
  private readonly membersOf = new Map<number, Set<Person>>();
  private readonly childrenOf = new Map<number, Set<number>>();
  private readonly left = new Map<string, Person>();
  private readonly listeners = new Set<ChangeListener>();
  private ordered: Person[] | undefined;
  private heads: { revision: number; counts: Map<number, HeadCount> } | undefined;
  private lastPersonId = 0;
  private lastDepartmentId = 0;

  constructor(size: CompanySize = {}) {
    const departments = generateDepartments(size);
    for (const department of departments) this.putDepartment(department);
    for (const person of generatePeople(size, departments)) this.putPerson(person);
  }

  get name(): string {
    return this.departmentsById.get(rootDepartmentId)?.name ?? '';
  }

  get personCount(): number {
    return this.peopleById.size;
  }

  get departmentCount(): number {
    return this.departmentsById.size;
  }

  /** All departments, parents before children as founded. */
  departments(): IterableIterator<Department> {
    return this.departmentsById.values();
  }

  department(id: number): Department | undefined {
    return this.departmentsById.get(id);
  }

  /** Ids of the direct children, in the order of founding. */
  children(id: number): number[] {
    return [...(this.childrenOf.get(id) ?? [])];
  }

  /** A department and all below it, in breadth-first order. */
  subtree(id: number): number[] {
    const found = this.departmentsById.has(id) ? [id] : [];
    for (let at = 0; at < found.length; at += 1)
      found.push(...(this.childrenOf.get(found[at] as number) ?? []));
    return found;
  }

  /** People who work in the department itself. */
  members(departmentId: number): ReadonlySet<Person> {
    return this.membersOf.get(departmentId) ?? new Set();
  }

  /** Everybody, in order of hire. The array is shared: do not change it. */
  people(): readonly Person[] {
    this.ordered ??= [...this.peopleById.values()].sort((left, right) => left.id - right.id);
    return this.ordered;
  }

  /** By account, without regard to case. */
  person(account: string): Person | undefined {
    const id = this.idByAccount.get(account.toLowerCase());
    return id === undefined ? undefined : this.peopleById.get(id);
  }

  personById(id: number): Person | undefined {
    return this.peopleById.get(id);
  }

  /** Somebody who was dismissed and could come back. */
  formerPerson(account: string): Person | undefined {
    return this.left.get(account.toLowerCase());
  }

  /** Distinct people per department: working in it, and working in it or below it. */
  headCounts(): ReadonlyMap<number, HeadCount> {
    if (this.heads?.revision !== this.revision)
      this.heads = { revision: this.revision, counts: countHeads(this) };
    return this.heads.counts;
  }

  /** Calls `listener` after every change, until the returned function is called. */
  onChange(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // What follows is the storage that `mutations.ts` writes through.

  nextPersonId(): number {
    return this.lastPersonId + 1;
  }

  nextDepartmentId(): number {
    return this.lastDepartmentId + 1;
  }

  putDepartment(department: Department): void {
    this.departmentsById.set(department.id, department);
    this.lastDepartmentId = Math.max(this.lastDepartmentId, department.id);
    const siblings = this.childrenOf.get(department.parentId) ?? new Set();
    this.childrenOf.set(department.parentId, siblings.add(department.id));
  }

  reparent(department: Department, parentId: number): void {
    this.childrenOf.get(department.parentId)?.delete(department.id);
    department.parentId = parentId;
    this.putDepartment(department);
  }

  dropDepartment(department: Department): void {
    this.departmentsById.delete(department.id);
    this.childrenOf.get(department.parentId)?.delete(department.id);
  }

  putPerson(person: Person): void {
    this.peopleById.set(person.id, person);
    this.lastPersonId = Math.max(this.lastPersonId, person.id);
    this.idByAccount.set(person.account.toLowerCase(), person.id);
    this.left.delete(person.account.toLowerCase());
    this.joinDepartments(person);
    this.ordered = undefined;
  }

  dropPerson(person: Person): void {
    this.leaveDepartments(person);
    this.peopleById.delete(person.id);
    this.idByAccount.delete(person.account.toLowerCase());
    this.left.set(person.account.toLowerCase(), person);
    this.ordered = undefined;
  }

  /** Replaces the memberships of a person who is already in. */
  place(person: Person, change: () => void): void {
    this.leaveDepartments(person);
    change();
    this.joinDepartments(person);
  }

  renameAccount(person: Person, account: string): void {
    this.idByAccount.delete(person.account.toLowerCase());
    person.setAccount(account);
    this.idByAccount.set(account.toLowerCase(), person.id);
  }

  /** Makes a finished change known. */
  announce(change: CompanyChange): void {
    this.revision += 1;
    for (const listener of this.listeners) listener(change);
  }

  /** Makes a finished change of a person known, with what was true before. */
  announceUpdate(
    person: Person,
    changed: PersonField[],
    origin: ChangeOrigin,
    before: { account?: string; departmentIds?: number[] } = {},
  ): void {
    this.announce({
      kind: 'person.updated',
      person,
      changed,
      origin,
      previousAccount: before.account ?? person.account,
      previousDepartmentIds: before.departmentIds ?? person.departmentIds,
    });
  }

  private joinDepartments(person: Person): void {
    for (const { departmentId } of person.memberships) {
      const members = this.membersOf.get(departmentId) ?? new Set();
      this.membersOf.set(departmentId, members.add(person));
    }
  }

  private leaveDepartments(person: Person): void {
    for (const { departmentId } of person.memberships) this.membersOf.get(departmentId)?.delete(person);
  }
}
