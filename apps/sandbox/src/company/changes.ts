import type { Person } from './person.js';

/** A node of the organisation chart. */
export interface Department {
  id: number;
  name: string;
  nameEn: string;
  /** 0 for the root. */
  parentId: number;
  /** Rank among siblings; larger comes first. */
  order: number;
}

/** Groups of a person's fields, as far as platforms tell them apart when they announce a change. */
export type PersonField =
  | 'account' | 'departments' | 'leadership' | 'directLeader' | 'name' | 'position' | 'mobile' | 'email' | 'status' | 'other'; // prettier-ignore

/** Who caused a change: a platform does not announce what came in through its own API. */
export type ChangeOrigin = 'console' | 'api';

/** What happened in the company; simulators turn it into their platform's events. */
export type CompanyChange = { origin: ChangeOrigin } & (
  | { kind: 'person.created'; person: Person }
  | {
      kind: 'person.updated';
      person: Person;
      changed: PersonField[];
      previousAccount: string;
      previousDepartmentIds: number[];
    }
  | { kind: 'person.removed'; person: Person }
  | { kind: 'department.created'; department: Department }
  | { kind: 'department.updated'; department: Department; changed: ('name' | 'parent' | 'order')[] }
  | { kind: 'department.removed'; department: Department }
);

/** Told of every change, after it is true. */
export type ChangeListener = (change: CompanyChange) => void;
