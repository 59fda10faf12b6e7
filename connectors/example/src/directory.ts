import {
  ConnectorError,
  isConnectorError,
  toE164,
  type DepartmentRecord,
  type DirectoryCapability,
  type JsonObject,
  type Lookup,
  type Page,
  type RejectedRecord,
  type UserRecord,
} from '@trainbridge/connector-kit';
import { readEmployee, readEmployees, type Context } from './api.js';
import type { Config } from './config.js';

const PAGE_SIZE = 100;

export const directory: DirectoryCapability<Config> = {
  /**
   * This OA shows an API client everything or nothing, so there is one grant. Platforms with a visible range list its
   * departments and people here: when one is missing that was there, the host removes nobody until a person approves.
   */
  async visibility(context) {
    const { total } = await readEmployees(context, { page: 1, size: 1 });
    return { grants: ['company'], summary: { employees: total } };
  },

  /**
   * The OA has no departments of its own, only their names on employees. So this reads the same list and answers the names
   * of one page; the host merges a department that several pages name. One call, one page: the host comes back for more.
   */
  async listDepartments(context, { cursor }) {
    const { employees, next } = await onePage(context, cursor);
    const names = new Set(employees.map(departmentOf).filter((name) => name !== null));
    return page([...names].map(toDepartment), [], next);
  },

  async listUsers(context, { cursor }) {
    const { employees, next } = await onePage(context, cursor);
    const items: UserRecord[] = [];
    const rejected: RejectedRecord[] = [];
    for (const employee of employees) {
      const user = toUser(employee);
      // A record that cannot be understood is reported and makes the run partial. It never ends the run.
      if (user) items.push(user);
      else rejected.push({ externalId: null, reason: 'An employee without an id.', raw: employee });
    }
    return page(items, rejected, next);
  },

  async getUsers(context, { externalIds }) {
    return Promise.all(externalIds.map((externalId) => lookUpUser(context, externalId)));
  },

  async getDepartments(context, { externalIds }) {
    return Promise.all(
      externalIds.map(async (externalId): Promise<Lookup<DepartmentRecord>> => {
        const { total } = await readEmployees(context, { page: 1, size: 1, department: externalId });
        // A department is a name somebody bears: nobody left means it is gone.
        return total > 0
          ? { externalId, status: 'found', record: toDepartment(externalId) }
          : { externalId, status: 'gone' };
      }),
    );
  },
};

async function lookUpUser(context: Context, externalId: string): Promise<Lookup<UserRecord>> {
  try {
    const record = toUser(await readEmployee(context, externalId));
    return record ? { externalId, status: 'found', record } : { externalId, status: 'unknown' };
  } catch (error) {
    // The OA shows everybody, so "not found" is proof. Where an app sees only a part of the company, it proves nothing:
    // answer `unknown` or `notVisible` there, because `gone` lets the host disable the person.
    if (isConnectorError(error) && error.code === 'not_found') return { externalId, status: 'gone' };
    throw error;
  }
}

/** The cursor is ours to define: small, and understood only here. The page number will do. */
async function onePage(
  context: Context,
  cursor: string | null,
): Promise<{ employees: JsonObject[]; next: string | null }> {
  const number = Number(cursor ?? '1');
  if (!Number.isSafeInteger(number) || number < 1)
    throw new ConnectorError('cursor_expired', 'This cursor is not one of ours.');
  const { employees, total } = await readEmployees(context, { page: number, size: PAGE_SIZE });
  // An empty page ends the walk even when `total` promises more: a wrong total must not walk forever.
  const more = employees.length > 0 && number * PAGE_SIZE < total;
  return { employees, next: more ? String(number + 1) : null };
}

function page<T>(items: T[], rejected: RejectedRecord[], next: string | null): Page<T> {
  return { items, rejected, cursor: next, done: next === null };
}

function toDepartment(name: string): DepartmentRecord {
  // A flat company: every department is a root, and its name is the only id there is.
  return { externalId: name, name, parentExternalId: null, raw: { name } };
}

/**
 * From the platform's words to the kit's. Three states, and they are not the same: a value; `null`, the platform says it is
 * empty; key absent, the platform did not tell. `given` keeps them apart.
 */
function toUser(raw: JsonObject): UserRecord | null {
  const externalId = text(raw['id']);
  if (externalId === null) return null;
  const department = departmentOf(raw);
  return {
    externalId,
    ...given(raw, 'name', 'displayName', text),
    ...given(raw, 'number', 'employeeNumber', text),
    ...given(raw, 'email', 'workEmail', text),
    ...given(raw, 'phone', 'mobile', (value) => toE164(text(value))),
    ...given(raw, 'jobTitle', 'jobTitle', text),
    ...given(raw, 'manager', 'managerExternalId', text),
    ...(typeof raw['enabled'] === 'boolean'
      ? { status: raw['enabled'] ? ('active' as const) : ('disabled' as const) }
      : {}),
    memberships:
      department === null
        ? []
        : [{ departmentId: department, isPrimary: true, isLeader: raw['leader'] === true }],
    raw,
  };
}

function departmentOf(raw: JsonObject): string | null {
  return text(raw['department']);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function given<K extends string>(
  raw: JsonObject,
  from: string,
  to: K,
  read: (value: unknown) => string | null,
): { [key in K]?: string | null } {
  return Object.hasOwn(raw, from) ? ({ [to]: read(raw[from]) } as { [key in K]: string | null }) : {};
}
