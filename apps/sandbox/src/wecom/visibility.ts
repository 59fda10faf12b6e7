import type { Company, Person } from '../company/index.js';
import type { Fault } from '../faults/faults.js';
import type { Principal, VisibleRange } from './credentials.js';

/** A member tag: people by their id in the company, departments by id. */
export interface WecomTag {
  id: number;
  name: string;
  personIds: Set<number>;
  parties: Set<number>;
  /** Who may change it: an administrator, contacts sync, or the app with this id. */
  creator: 'console' | 'contacts' | number;
}

/** What one call may see. */
export interface Lens {
  /** Same key, same view; `undefined` while a fault bends it, so that nothing of it is kept. */
  key: string | undefined;
  /** Departments in view, or all. */
  departments: ReadonlySet<number> | 'all';
  /** Nothing is in view because a fault emptied the company. */
  empty: boolean;
  seesDepartment(id: number): boolean;
  seesPerson(person: Person): boolean;
}

/** Makes lenses: what an app's visible range lets through, minus what faults take away. */
export class Optics {
  private readonly cache = new Map<string, Lens>();
  private revision = -1;

  constructor(
    private readonly company: Company,
    private readonly tags: ReadonlyMap<number, WecomTag>,
  ) {}

  /** The lens of a call, cached per range until the company changes. */
  lens(principal: Principal, faults: readonly Fault[]): Lens {
    const narrowed = faults.find((fault) => fault.kind === 'narrow_range');
    const base =
      principal.kind === 'contacts'
        ? everything
        : this.rangeLens(narrowed === undefined ? principal.app.range : rangeOf(narrowed));
    return bend(base, faults);
  }

  /** What a range lets through. */
  rangeLens(range: VisibleRange): Lens {
    if (this.revision !== this.company.revision) {
      this.cache.clear();
      this.revision = this.company.revision;
    }
    const key = JSON.stringify([range.users, range.parties, range.tags]);
    let lens = this.cache.get(key);
    if (lens === undefined) {
      lens = this.compute(key, range);
      this.cache.set(key, lens);
    }
    return lens;
  }

  /** Tags changed: ranges that name them look different. */
  forget(): void {
    this.cache.clear();
  }

  private compute(key: string, range: VisibleRange): Lens {
    const tags = range.tags.flatMap((id) => this.tags.get(id) ?? []);
    const parties = [...range.parties, ...tags.flatMap((tag) => [...tag.parties])];
    const departments = new Set(parties.flatMap((id) => this.company.subtree(id)));
    const people = new Set(tags.flatMap((tag) => [...tag.personIds]));
    for (const userid of range.users) {
      const person = this.company.person(userid);
      if (person !== undefined) people.add(person.id);
    }
    return {
      key,
      departments: departments.size === this.company.departmentCount ? 'all' : departments,
      empty: false,
      seesDepartment: (id) => departments.has(id),
      seesPerson: (person) =>
        people.has(person.id) ||
        person.memberships.some((membership) => departments.has(membership.departmentId)),
    };
  }
}

const everything: Lens = {
  key: 'everything',
  departments: 'all',
  empty: false,
  seesDepartment: () => true,
  seesPerson: () => true,
};

function rangeOf(fault: Extract<Fault, { kind: 'narrow_range' }>): VisibleRange {
  return { users: fault.users ?? [], parties: fault.parties ?? [], tags: fault.tags ?? [] };
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
    key: undefined,
    empty,
    seesDepartment: (id) => !empty && !departments.has(id) && lens.seesDepartment(id),
    seesPerson: (person) => !empty && !people.has(person.account.toLowerCase()) && lens.seesPerson(person),
  };
}
