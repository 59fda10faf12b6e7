import { rootDepartmentId, type Company, type Person } from '../company/index.js';
import type { Fault } from '../faults/faults.js';
import type { ContactRange } from './app.js';

/** What one call may see. */
export interface Lens {
  /** The range is "all members": the root itself is in view. */
  all: boolean;
  range: ContactRange;
  /** Nothing is in view because a fault emptied the company. */
  empty: boolean;
  seesDepartment(id: number): boolean;
  seesPerson(person: Person): boolean;
}

/** Makes lenses: what the contact range lets through, minus what faults take away. */
export class Optics {
  private cached: { key: string; revision: number; lens: Lens } | undefined;

  constructor(
    private readonly company: Company,
    private readonly range: () => ContactRange,
  ) {}

  /** What a call sees, or what the range lets through when no faults are given. */
  lens(faults: readonly Fault[] = []): Lens {
    const narrowed = faults.find((fault) => fault.kind === 'narrow_range');
    const base =
      narrowed === undefined
        ? this.current()
        : this.of({ all: false, users: narrowed.users ?? [], departments: narrowed.parties ?? [] });
    return bend(base, faults);
  }

  private current(): Lens {
    const range = this.range();
    const key = JSON.stringify(range);
    if (this.cached?.key !== key || this.cached.revision !== this.company.revision) {
      this.cached = { key, revision: this.company.revision, lens: this.of(range) };
    }
    return this.cached.lens;
  }

  /** A range that names the root department is one for all members. */
  private of(range: ContactRange): Lens {
    const all = range.all || range.departments.includes(rootDepartmentId);
    if (all) return { all, range, empty: false, seesDepartment: () => true, seesPerson: () => true };
    const departments = new Set(range.departments.flatMap((id) => this.company.subtree(id)));
    const people = new Set(range.users.map((account) => account.toLowerCase()));
    return {
      all,
      range,
      empty: false,
      seesDepartment: (id) => departments.has(id),
      seesPerson: (person) =>
        people.has(person.account.toLowerCase()) ||
        person.memberships.some(({ departmentId }) => departments.has(departmentId)),
    };
  }
}

function bend(lens: Lens, faults: readonly Fault[]): Lens {
  const people = new Set<string>();
  const departments = new Set<number>();
  let empty = false;
  for (const fault of faults) {
    if (fault.kind === 'vanish_person') people.add(fault.account.toLowerCase());
    else if (fault.kind === 'vanish_department') departments.add(fault.departmentId);
    else if (fault.kind === 'empty_company') empty = true;
  }
  if (!empty && people.size === 0 && departments.size === 0) return lens;
  return {
    ...lens,
    empty,
    seesDepartment: (id) => !empty && !departments.has(id) && lens.seesDepartment(id),
    seesPerson: (person) => !empty && !people.has(person.account.toLowerCase()) && lens.seesPerson(person),
  };
}
