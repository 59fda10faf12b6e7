import { rootDepartmentId, type Department, type Person } from '../company/index.js';
import type { DepartmentIdType, UserIdType } from './identifiers.js';
import { departmentFieldScopes, permitted, userFieldScopes } from './scopes.js';
import type { FeishuWorld } from './world.js';

/** Which kinds of ids a record is written with. */
export interface IdTypes {
  user: UserIdType;
  department: DepartmentIdType;
}

const male = 1;
const female = 2;

/** `status` of a user; somebody who left has only `is_resigned`. */
export function statusFlags(status: Person['status'], resigned: boolean): Record<string, boolean> {
  return {
    is_frozen: !resigned && status === 'disabled',
    is_resigned: resigned,
    is_activated: !resigned && status !== 'inactive',
    is_exited: false,
    is_unjoin: !resigned && status === 'inactive',
  };
}

/** Departments of a person as ids; one who stands in the root shows `0`, or nothing. */
export function departmentIdsOf(
  departmentIds: readonly number[],
  world: FeishuWorld,
  type: DepartmentIdType,
): string[] {
  const shown =
    world.facts.rootMembership === 'zero'
      ? departmentIds
      : departmentIds.filter((id) => id !== rootDepartmentId);
  return shown.map((id) => world.ids.department(id, type));
}

/** `mobile` in one of the two forms that are seen. */
export function mobileOf(mobile: string, world: FeishuWorld): string {
  return world.facts.mobileForm === 'bare' || mobile.startsWith('+') ? mobile : `+86${mobile}`;
}

/** A user as far as the app may read it; keys of other scopes are absent. */
export function userRecord(person: Person, world: FeishuWorld, types: IdTypes): Record<string, unknown> {
  const { ids, company } = world;
  const resigned = company.personById(person.id) !== person;
  const leaders = person.leaderIds.flatMap((id) => company.personById(id) ?? []);
  const picture = (size: string): string => `https://img.example.test/feishu/${size}/${person.id}`;
  const record: Record<string, unknown> = {
    union_id: ids.unionId(person.id),
    user_id: person.account,
    open_id: ids.openId(person.id),
    name: person.name,
    en_name: '',
    nickname: person.alias,
    email: person.email,
    mobile: mobileOf(person.mobile, world),
    mobile_visible: true,
    gender: person.gender === 'male' ? male : female,
    avatar: {
      avatar_72: picture('72'),
      avatar_240: picture('240'),
      avatar_640: picture('640'),
      avatar_origin: picture('origin'),
    },
    status: statusFlags(person.status, resigned),
    department_ids: resigned ? [] : departmentIdsOf(person.departmentIds, world, types.department),
    leader_user_id: leaders[0] === undefined ? undefined : ids.of(leaders[0], types.user),
    dotted_line_leader_user_ids: leaders.slice(1).map((leader) => ids.of(leader, types.user)),
    city: person.address,
    country: 'CN',
    work_station: '',
    join_time: 1_600_000_000 + person.id * 3600,
    is_tenant_manager: person.id === 1,
    employee_no: person.employeeNumber,
    employee_type: 1,
    orders: resigned ? [] : ordersOf(person, world, types.department),
    custom_attrs: world.app.customFieldsOpen ? customAttributes(person.attributes, world) : undefined,
    enterprise_email: person.bizMail,
    job_title: person.position,
  };
  return permitted(record, userFieldScopes, world.app.scopes);
}

/** A department as far as the app may read it. `order` is a text in answers, a number in events. */
export function departmentRecord(
  department: Department,
  world: FeishuWorld,
  types: IdTypes,
): Record<string, unknown> {
  const { ids, company } = world;
  const leaders = [...company.members(department.id)].filter((person) => leads(person, department.id));
  const record: Record<string, unknown> = {
    name: department.name,
    i18n_name: { zh_cn: department.name, en_us: department.nameEn, ja_jp: '' },
    parent_department_id: ids.department(department.parentId, types.department),
    department_id: ids.department(department.id, 'department_id'),
    open_department_id: ids.department(department.id, 'open_department_id'),
    leader_user_id: leaders[0] === undefined ? undefined : ids.of(leaders[0], types.user),
    leaders: leaders.map((leader, index) => ({
      leaderType: index === 0 ? 1 : 2,
      leaderID: ids.of(leader, types.user),
    })),
    chat_id: ids.chatId(department),
    order: String(orderOf(department)),
    unit_ids: [],
    member_count: company.headCounts().get(department.id)?.total ?? 0,
    status: { is_deleted: company.department(department.id) === undefined },
  };
  return permitted(record, departmentFieldScopes, world.app.scopes);
}

/** Smaller comes first here; in the company larger does. */
export function orderOf(department: Pick<Department, 'order'>): number {
  return Math.max(0, 100_000_000 - department.order);
}

/** Does the person lead this department? */
export function leads(person: Person, departmentId: number): boolean {
  return person.memberships.some((at) => at.departmentId === departmentId && at.isLeader);
}

function ordersOf(person: Person, world: FeishuWorld, type: DepartmentIdType): Record<string, unknown>[] {
  return person.memberships.map((at, index) => ({
    department_id: world.ids.department(at.departmentId, type),
    user_order: at.order,
    department_order:
      at.departmentId === person.primaryDepartmentId
        ? person.memberships.length
        : index === 0
          ? 0
          : index - 1,
    is_primary_dept: at.departmentId === person.primaryDepartmentId,
  }));
}

/** Attributes of the company that exist as custom fields here. */
export function customAttributes(
  attributes: Person['attributes'],
  world: FeishuWorld,
): Record<string, unknown>[] {
  return world.customFields.flatMap(({ id, name }) => {
    const text = attributes[name];
    return text === undefined ? [] : [{ type: 'TEXT', id, value: { text } }];
  });
}
