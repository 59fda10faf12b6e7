import type { Company, Person } from '../company/index.js';
import type { Fault } from '../faults/faults.js';
import type { ContactRange } from './app.js';

/** What one call may see. Departments by their id in the company. */
export interface Lens {
  range: ContactRange;
  /** A department that is not missing because of a fault. */
  exists(departmentId: number): boolean;
  seesDepartment(departmentId: number): boolean;
  /** Missing because of a fault, whatever the range says. */
  hides(person: Person): boolean;
  seesPerson(person: Person): boolean;
}

/** Makes lenses: what the contact range lets through, minus what faults take away. */
export class Optics {
  private departments: { key: string; ids: ReadonlySet<number> } | undefined;

  constructor(private readonly company: Company) {}

  lens(range: ContactRange, faults: readonly Fault[]): Lens {
    const narrowed = faults.find((fault) => fault.kind === 'narrow_range');
    const seen =
      narrowed === undefined ? range : { departments: narrowed.parties ?? [], users: narrowed.users ?? [] };
    const departments = this.within(seen.departments);
    const users = new Set(seen.users);
    const lostPeople = new Set<string>();
    const lostDepartments = new Set<number>();
    let empty = false;
    for (const fault of faults) {
      if (fault.kind === 'vanish_person') lostPeople.add(fault.account.toLowerCase());
      else if (fault.kind === 'vanish_department') lostDepartments.add(fault.departmentId);
      else if (fault.kind === 'empty_company') empty = true;
    }
    const exists = (id: number): boolean => !lostDepartments.has(id) && (!empty || id === 1);
    const hides = (person: Person): boolean => empty || lostPeople.has(person.account.toLowerCase());
    return {
      range: seen,
      exists,
      seesDepartment: (id) => exists(id) && departments.has(id),
      hides,
      seesPerson: (person) =>
        !hides(person) &&
        (users.has(person.account) || person.memberships.some((at) => departments.has(at.departmentId))),
    };
  }

  /** The departments and all below them, kept until the company or the range changes. */
  private within(ids: readonly number[]): ReadonlySet<number> {
    const key = `${this.company.revision} ${ids.join()}`;
    if (this.departments?.key !== key)
      this.departments = { key, ids: new Set(ids.flatMap((id) => this.company.subtree(id))) };
    return this.departments.ids;
  }
}
