import { createHash } from 'node:crypto';
import type { Company, Department, Person } from '../company/index.js';

export type UserIdType = 'open_id' | 'union_id' | 'user_id';
export type DepartmentIdType = 'open_department_id' | 'department_id';

/** The root as every department id type writes it. */
export const rootId = '0';

/**
 * The three ids of a person and the two of a department. All but `user_id` (the account of the company) are
 * derived from the number inside the company, so that they outlive a restart and a change of the account.
 */
export class Identifiers {
  private readonly openIds: string[] = [];
  private readonly unionIds: string[] = [];
  private readonly people = new Map<string, number>();
  private readonly departments = new Map<string, number>();
  private lastPerson = 0;
  private lastDepartment = 0;

  constructor(
    private readonly company: Company,
    private readonly appId: string,
    /** People who left, by number: the platform still answers for them. */
    readonly leavers: ReadonlyMap<number, Person>,
  ) {}

  openId(personId: number): string {
    return (this.openIds[personId] ??= `ou_${derive(`${this.appId} ${personId}`)}`);
  }

  unionId(personId: number): string {
    return (this.unionIds[personId] ??= `on_${derive(`developer ${personId}`)}`);
  }

  of(person: Person, type: UserIdType): string {
    if (type === 'user_id') return person.account;
    return type === 'open_id' ? this.openId(person.id) : this.unionId(person.id);
  }

  /** All three, as events name people. */
  all(person: Person): { open_id: string; union_id: string; user_id: string } {
    return {
      open_id: this.openId(person.id),
      union_id: this.unionId(person.id),
      user_id: person.account,
    };
  }

  /** Somebody who works here or left; `undefined` when nobody ever had the id. */
  person(id: string, type: UserIdType): Person | undefined {
    if (type === 'user_id') {
      const found = this.company.person(id) ?? this.company.formerPerson(id);
      return found?.account === id ? found : undefined;
    }
    for (let next = this.lastPerson + 1; next < this.company.nextPersonId(); next += 1) {
      this.people.set(this.openId(next), next).set(this.unionId(next), next);
      this.lastPerson = next;
    }
    if (!id.startsWith(type === 'open_id' ? 'ou_' : 'on_')) return undefined;
    const number = this.people.get(id);
    return number === undefined ? undefined : (this.company.personById(number) ?? this.leavers.get(number));
  }

  /** `0` for the root; the number of the department must be known to be one. */
  department(departmentId: number, type: DepartmentIdType): string {
    if (departmentId <= 1) return rootId;
    return type === 'open_department_id'
      ? `od-${derive(`department ${departmentId}`)}`
      : customId(departmentId);
  }

  /** Number of the department an id names, 1 for the root; `undefined` when there never was one. */
  departmentNumber(id: string, type: DepartmentIdType): number | undefined {
    if (id === rootId) return 1;
    for (let next = this.lastDepartment + 1; next < this.company.nextDepartmentId(); next += 1) {
      this.departments.set(`od-${derive(`department ${next}`)}`, next).set(customId(next), next);
      this.lastDepartment = next;
    }
    if (id.startsWith('od-') !== (type === 'open_department_id')) return undefined;
    return this.departments.get(id);
  }

  /** The chat of a department, as `chat_id`. */
  chatId(department: Department): string {
    return `oc_${derive(`chat ${department.id}`)}`;
  }
}

function customId(departmentId: number): string {
  return `D${String(departmentId).padStart(4, '0')}`;
}

function derive(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
