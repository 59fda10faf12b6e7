import type { Company, CompanyMutations, Department, Person } from '../company/index.js';
import type { Fault } from '../faults/faults.js';
import { FeishuApiError, invalidField } from './api-error.js';
import type { FeishuApp } from './app.js';
import type { Approvals } from './approvals.js';
import type { Base } from './bitable.js';
import type { FeishuFacts } from './facts.js';
import type { DepartmentIdType, Identifiers, UserIdType } from './identifiers.js';
import type { FeishuLimits, Rate, RateKeeper } from './limits.js';
import type { Sessions } from './login/sessions.js';
import type { Mailbox } from './messages.js';
import type { PageSeal } from './page-seal.js';
import type { IdTypes } from './records.js';
import type { Tasks } from './tasks.js';
import type { Principal, TenantTokens } from './tokens.js';
import type { Lens, Optics } from './visibility.js';

/** A custom field (自定义字段) an administrator created; the name is also the attribute's name in the company. */
export interface CustomField {
  id: string;
  name: string;
}

/** What the endpoints read and write: the simulated platform behind its API. */
export interface FeishuWorld {
  readonly appId: string;
  readonly appSecret: string;
  readonly tenantKey: string;
  readonly app: FeishuApp;
  readonly company: Company;
  readonly mutations: CompanyMutations;
  readonly facts: FeishuFacts;
  readonly limits: FeishuLimits;
  readonly rates: RateKeeper;
  readonly ids: Identifiers;
  /** Departments that were deleted, by number. */
  readonly deletedDepartments: ReadonlyMap<number, Department>;
  readonly optics: Optics;
  readonly seal: PageSeal;
  readonly tenantTokens: TenantTokens;
  readonly sessions: Sessions;
  readonly customFields: readonly CustomField[];
  readonly approvals: Approvals;
  readonly tasks: Tasks;
  readonly mailbox: Mailbox;
  readonly bases: readonly Base[];
  /** Where a long connection is opened, for an app whose credentials are right: `{code, msg, data}`. */
  endpointOfConnections(host: string): Record<string, unknown>;
  now(): number;
}

/** One call that passed the gate. */
export interface FeishuCall {
  endpoint: string;
  principal: Principal;
  /** Named parts of the path. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Record<string, unknown>;
  faults: readonly Fault[];
  lens: Lens;
  /** The `Host` the caller used. */
  host: string;
}

/** One endpoint. What it answers stands in `data`, unless it is `flat`. */
export interface FeishuEndpoint {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below `/open-apis/`, with `:names` for the parts that vary. */
  path: string;
  /** Which token it takes. */
  token: 'none' | 'tenant' | 'user' | 'either';
  /** What a token that is none gets, where it is not the gateway's own answer. */
  badTokenCode?: number;
  /** Scopes of which the app needs one. */
  scopes?: readonly string[];
  rate?: Rate;
  /** The answer is the whole body. */
  flat?: true;
  handle(call: FeishuCall, world: FeishuWorld): Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** Who is logged in. @throws FeishuApiError 99991668 for a call in the app's own name. */
export function userOf(call: FeishuCall): Person {
  if (call.principal.kind !== 'user') throw new FeishuApiError(99991668);
  return call.principal.person;
}

const userIdTypes: readonly string[] = ['open_id', 'union_id', 'user_id'];
const departmentIdTypes: readonly string[] = ['open_department_id', 'department_id'];
const employeeIdScope = 'contact:user.employee_id:readonly';

/**
 * The id types a call asks for; the defaults are `open_id` and `open_department_id`.
 * @throws FeishuApiError for an unknown type, and 99991672 for `user_id` without its scope: that one is not silent.
 */
export function idTypesOf(call: FeishuCall, world: FeishuWorld): IdTypes {
  const user = call.query.get('user_id_type') ?? 'open_id';
  const department = call.query.get('department_id_type') ?? 'open_department_id';
  if (!userIdTypes.includes(user))
    throw invalidField('user_id_type', user, 'the options are open_id, union_id, user_id');
  if (!departmentIdTypes.includes(department)) {
    throw invalidField('department_id_type', department, 'the options are open_department_id, department_id');
  }
  if (user === 'user_id') requireEmployeeId(world);
  return { user: user as UserIdType, department: department as DepartmentIdType };
}

/** @throws FeishuApiError 99991672 with a `field_scope_required` violation. */
export function requireEmployeeId(world: FeishuWorld): void {
  if (world.app.scopes.includes(employeeIdScope)) return;
  throw scopeMissing([employeeIdScope], 'field_scope_required');
}

/** Access denied for want of a scope; the message names the scopes, as the platform's does. */
export function scopeMissing(scopes: readonly string[], type = 'action_scope_required'): FeishuApiError {
  return new FeishuApiError(99991672, {
    msg: `Access denied. One of the following scopes is required: [${scopes.join(', ')}]. 应用尚未开通所需的应用身份权限：[${scopes.join(', ')}]`,
    violations: scopes.map((subject) => ({ type, subject })),
  });
}

/** A list of objects from the body. @throws FeishuApiError `code` for anything else. */
export function objectsOf(value: unknown, code: number): Record<string, unknown>[] {
  const isObject = (item: unknown): boolean =>
    typeof item === 'object' && item !== null && !Array.isArray(item);
  if (!Array.isArray(value) || !value.every(isObject)) throw new FeishuApiError(code);
  return value as Record<string, unknown>[];
}

/** A text from the body. @throws FeishuApiError when it is missing, empty or no text. */
export function bodyText(body: Record<string, unknown>, name: string, otherwise?: number): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '') return value;
  if (otherwise !== undefined) throw new FeishuApiError(otherwise);
  throw invalidField(name, value, `${name} is required`);
}
