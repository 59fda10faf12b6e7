import type { Company, Department, Person } from '../../company/index.js';

/** What was last true of a person, as far as updates tell old values. */
export interface RememberedPerson {
  account: string;
  name: string;
  position: string;
  mobile: string;
  email: string;
  status: Person['status'];
  leaderIds: readonly number[];
  departmentIds: readonly number[];
  attributes: Person['attributes'];
  /** Departments the person leads. */
  leads: readonly number[];
}

export type RememberedDepartment = Pick<Department, 'name' | 'parentId' | 'order'>;

/**
 * What the platform told last. The company announces a change after it is true, but an update event shows the values
 * before it; so they are kept here, from the moment on
 * that somebody listens.
 */
export class Memory {
  private readonly people = new Map<number, RememberedPerson>();
  private readonly departments = new Map<number, RememberedDepartment>();

  constructor(company: Company) {
    for (const person of company.people()) this.person(person);
    for (const department of company.departments()) this.department(department);
  }

  /** What was true of a person until now; remembers what is. */
  person(person: Person): RememberedPerson | undefined {
    const before = this.people.get(person.id);
    const { account, name, position, mobile, email, status, leaderIds, departmentIds, attributes } = person;
    const leads = person.memberships.filter((at) => at.isLeader).map((at) => at.departmentId);
    this.people.set(person.id, {
      account, name, position, mobile, email, status, leaderIds, departmentIds, attributes, leads,
    }); // prettier-ignore
    return before;
  }

  /** The same for a department. */
  department(department: Department): RememberedDepartment | undefined {
    const before = this.departments.get(department.id);
    const { name, parentId, order } = department;
    this.departments.set(department.id, { name, parentId, order });
    return before;
  }
}
