import {
  ConnectorError,
  type ConnectorContext,
  type DepartmentRecord,
  type DirectoryCapability,
  type JsonObject,
  type Lookup,
  type Manifest,
  type Page,
  type UserField,
  type UserRecord,
} from '@trainbridge/connector-kit';
import type { OpenedSource } from '../src/runs/run-engine.js';
import { declaredFieldsOf, guardOf, type GuardSettings } from '../src/sync/run-facts.js';
import { NO_MAPPING, type RecordMapper } from '../src/sync/stage/record-stager.js';

/** What a test makes the platform do instead of answering a page. */
export type Fault = (call: {
  listing: string;
  cursor: string | null;
  count: number;
}) => Page<never> | undefined | void;

/**
 * A platform in memory: departments and people a test changes, read through a directory capability that pages. Cursors
 * are offsets. Everything a real platform gets wrong is a `fault`.
 */
export class FakePlatform {
  readonly departments = new Map<string, DepartmentRecord>();
  readonly users = new Map<string, UserRecord>();
  grants = ['department:1'];
  pageSize = 100;
  usersBy: 'department' | 'company' | 'both' = 'department';
  /** `parent`: only direct children are told, department by department. */
  departmentsBy: 'company' | 'parent' = 'company';
  detailFields: UserField[] = [];
  mapper: RecordMapper = NO_MAPPING;
  guard: Partial<GuardSettings> = {};
  /** Lookups answer this instead of found or gone. */
  readonly lookups = new Map<string, 'gone' | 'notVisible' | 'unknown'>();
  readonly calls: string[] = [];
  private readonly counts = new Map<string, number>();
  private currentFault: Fault | null = null;

  /** Counts its calls from here on. */
  set fault(fault: Fault | null) {
    this.currentFault = fault;
    this.counts.clear();
  }

  /** `people` people spread over `departments` departments under a root `1`. */
  static company(people: number, departments = Math.max(1, Math.ceil(people / 50))): FakePlatform {
    const platform = new FakePlatform();
    platform.addDepartment('1', null, '总部');
    for (let i = 2; i <= departments; i++)
      platform.addDepartment(String(i), String(Math.floor(i / 8) || 1), `部门${i}`);
    for (let i = 1; i <= people; i++) platform.addUser(`p${i}`, [String((i % departments) + 1)]);
    return platform;
  }

  addDepartment(
    externalId: string,
    parentExternalId: string | null,
    name: string,
    more: Partial<DepartmentRecord> = {},
  ): void {
    this.departments.set(externalId, {
      externalId, parentExternalId, name, order: Number(externalId) || 0, leaderExternalIds: [], raw: { id: externalId, name }, ...more,
    }); // prettier-ignore
  }

  addUser(externalId: string, departmentIds: string[], more: Partial<UserRecord> = {}): void {
    const number = Number(externalId.replace(/\D/g, '')) || 0;
    this.index = null;
    this.users.set(externalId, {
      externalId,
      displayName: `员工${externalId}`,
      employeeNumber: `E-${externalId}`,
      workEmail: `${externalId}@corp.example.test`,
      mobile: `139${String(number).padStart(8, '0')}`,
      jobTitle: '工程师',
      status: 'active',
      memberships: departmentIds.map((departmentId, index) => ({
        departmentId,
        isPrimary: index === 0,
        order: number,
      })),
      raw: {
        userid: externalId,
        department: departmentIds,
        extattr: { attrs: [{ name: '工号', text: { value: `E-${externalId}` } }] },
      },
      ...more,
    });
  }

  change(externalId: string, change: Partial<UserRecord>): void {
    this.index = null;
    this.users.set(externalId, { ...this.users.get(externalId)!, ...change });
  }

  remove(externalId: string): void {
    this.index = null;
    this.users.delete(externalId);
  }

  move(externalId: string, departmentIds: string[]): void {
    this.change(externalId, {
      memberships: departmentIds.map((departmentId, index) => ({ departmentId, isPrimary: index === 0 })),
    });
  }

  get manifest(): Manifest {
    return {
      id: 'fake', contractVersion: '1.0', name: { en: 'Fake', 'zh-CN': '模拟' }, allowedHosts: [], rateLimits: [], maxConcurrency: 8,
      directory: {
        usersBy: this.usersBy, departmentsBy: this.departmentsBy, detailFields: this.detailFields, lookupBatch: 10, departmentFields: ['name', 'order'],
        userFields: ['displayName', 'employeeNumber', 'workEmail', 'mobile', 'jobTitle', 'status'],
      },
    }; // prettier-ignore
  }

  readonly directory: DirectoryCapability<JsonObject> = {
    visibility: async () => {
      this.tripped('visibility', null);
      return { grants: this.grants, summary: {} };
    },
    listDepartments: async (_context, { parentId, cursor }) => {
      const listing = parentId ? `children:${parentId}` : 'departments';
      return this.tripped(listing, cursor) ?? this.page(this.departmentsBelow(parentId), cursor);
    },
    listUsers: async (_context, { departmentId, cursor }) => {
      const listing = departmentId === null ? 'company' : `department:${departmentId}`;
      return this.tripped(listing, cursor) ?? this.page(this.peopleOf(departmentId), cursor);
    },
    getUsers: async (_context, { externalIds }) => this.lookUp('users', this.details(), externalIds),
    getDepartments: async (_context, { externalIds }) =>
      this.lookUp('departments', this.departments, externalIds),
  };

  /** Ready for the engine, without connections and without HTTP. */
  open = async (): Promise<OpenedSource> => ({
    directory: this.directory,
    manifest: this.manifest,
    detailFields: this.detailFields,
    context: {} as ConnectorContext,
    mapper: this.mapper,
    facts: { guard: guardOf(this.guard), declaredFields: declaredFieldsOf(this.manifest.directory) },
  });

  /** By department; thrown away with every change of a person. */
  private index: Map<string, UserRecord[]> | null = null;

  /** What lookups tell beside the listings. */
  readonly managers = new Map<string, string | null>();

  private details(): Map<string, UserRecord> {
    if (this.managers.size === 0) return this.users;
    return new Map(
      [...this.users].map(([id, user]) =>
        this.managers.has(id)
          ? [id, { ...user, managerExternalId: this.managers.get(id) ?? null }]
          : [id, user],
      ),
    );
  }

  /** `undefined`: the platform was asked for all of them. */
  private departmentsBelow(parentId: string | null | undefined): DepartmentRecord[] {
    const all = [...this.departments.values()];
    return parentId === undefined ? all : all.filter((one) => (one.parentExternalId ?? null) === parentId);
  }

  private peopleOf(departmentId: string | null): UserRecord[] {
    if (departmentId === null) return [...this.users.values()];
    if (!this.index) {
      this.index = new Map();
      for (const user of this.users.values()) {
        for (const { departmentId: id } of user.memberships ?? []) {
          const people = this.index.get(id);
          if (people) people.push(user);
          else this.index.set(id, [user]);
        }
      }
    }
    return this.index.get(departmentId) ?? [];
  }

  private page<T>(items: T[], cursor: string | null): Page<T> {
    const offset = cursor === null ? 0 : Number(cursor);
    const next = offset + this.pageSize;
    const done = next >= items.length;
    return { items: items.slice(offset, next), rejected: [], cursor: done ? null : String(next), done };
  }

  private tripped(listing: string, cursor: string | null): Page<never> | undefined {
    const count = (this.counts.get(listing) ?? 0) + 1;
    this.counts.set(listing, count);
    this.calls.push(`${listing}@${cursor ?? ''}`);
    return this.currentFault?.({ listing, cursor, count }) ?? undefined;
  }

  private lookUp<T>(what: string, records: Map<string, T>, ids: string[]): Lookup<T>[] {
    this.tripped(`lookup:${what}`, ids.join(','));
    return ids.map((externalId): Lookup<T> => {
      const status = this.lookups.get(externalId);
      const record = records.get(externalId);
      if (status) return { externalId, status };
      return record ? { externalId, status: 'found', record } : { externalId, status: 'gone' };
    });
  }
}

export function unavailable(): never {
  throw new ConnectorError('unavailable', 'the platform does not answer');
}
