import type { Department } from '../../company/index.js';
import { OldApiError } from '../api-error.js';
import { deptIdOf } from '../ids.js';
import {
  knownDepartment,
  knownPerson,
  oldNumber,
  oldText,
  visibleDepartment,
  type DingtalkCall,
  type DingtalkEndpoint,
  type DingtalkWorld,
} from '../world.js';

// Documentation pages at open.dingtalk.com: user-management-acquires-the-list-departments, query-department-details0-v2.

const read = { generation: 'old', method: 'POST', scope: 'qyapi_get_department_list', free: true } as const;

/** The pseudo department of an education organisation's home-school book. */
export const homeSchoolId = -1;

/** The direct children, of the root unless another is named. */
const listSub: DingtalkEndpoint = {
  ...read,
  path: '/topapi/v2/department/listsub',
  handle(call, world) {
    const deptId = departmentParameter(call);
    if (isHomeSchool(deptId, world)) return { result: [] };
    const id = visibleDepartment(deptId, call, world);
    const result: Record<string, unknown>[] = visibleChildren(id, call, world).map((department) => ({
      dept_id: deptIdOf(department.id),
      name: department.name,
      parent_id: deptId,
      create_dept_group: false,
      auto_add_user: false,
    }));
    if (deptId === 1 && world.facts.homeSchoolBook)
      result.push({
        dept_id: homeSchoolId,
        name: '家校通讯录',
        parent_id: 1,
        create_dept_group: false,
        auto_add_user: false,
      });
    return { result };
  },
};

/** Ids of the direct children, whatever the contact range. */
const listSubIds: DingtalkEndpoint = {
  ...read,
  path: '/topapi/v2/department/listsubid',
  handle(call, world) {
    const id = knownDepartment(oldNumber(call.body, 'dept_id'), call, world);
    const ids = world.company.children(id).filter((child) => call.lens.exists(child));
    return { result: { dept_id_list: ids.map(deptIdOf) } };
  },
};

/** One department. Fields without a value are left out. */
const get: DingtalkEndpoint = {
  ...read,
  path: '/topapi/v2/department/get',
  handle(call, world) {
    const id = visibleDepartment(oldNumber(call.body, 'dept_id'), call, world);
    return { result: detail(world.company.department(id) as Department, world) };
  },
};

/** From a department up to the root, whatever the contact range. */
const parentsOfDepartment: DingtalkEndpoint = {
  ...read,
  path: '/topapi/v2/department/listparentbydept',
  handle(call, world) {
    const id = knownDepartment(oldNumber(call.body, 'dept_id'), call, world);
    return { result: { parent_id_list: lineage(id, world) } };
  },
};

/** The same for each department a person works in. */
const parentsOfUser: DingtalkEndpoint = {
  ...read,
  path: '/topapi/v2/department/listparentbyuser',
  handle(call, world) {
    const person = knownPerson(oldText(call.body, 'userid'), call, world);
    const parent_list = person.departmentIds.map((id) => ({ parent_dept_id_list: lineage(id, world) }));
    return { result: { parent_list } };
  },
};

export const departmentEndpoints = [listSub, listSubIds, get, parentsOfDepartment, parentsOfUser];

/** Is this the pseudo department, in an organisation that has one? */
export function isHomeSchool(deptId: number, world: DingtalkWorld): boolean {
  return deptId === homeSchoolId && world.facts.homeSchoolBook;
}

function departmentParameter(call: DingtalkCall): number {
  const { language } = call.body;
  if (language !== undefined && language !== 'zh_CN' && language !== 'en_US') throw new OldApiError(400002);
  return call.body.dept_id === undefined ? 1 : oldNumber(call.body, 'dept_id');
}

function visibleChildren(id: number, call: DingtalkCall, world: DingtalkWorld): Department[] {
  return world.company
    .children(id)
    .filter((child) => call.lens.seesDepartment(child))
    .map((child) => world.company.department(child) as Department);
}

function lineage(id: number, world: DingtalkWorld): number[] {
  const ids: number[] = [];
  for (let at = world.company.department(id); at !== undefined; at = world.company.department(at.parentId))
    ids.push(deptIdOf(at.id));
  return ids;
}

function detail(department: Department, world: DingtalkWorld): Record<string, unknown> {
  const { id, name, parentId, order } = department;
  const managers = [...world.company.members(id)]
    .filter((person) => person.memberships.some((at) => at.departmentId === id && at.isLeader))
    .map((person) => person.account);
  const counts = world.company.headCounts().get(id);
  const parent =
    parentId !== 0
      ? { parent_id: deptIdOf(parentId) }
      : world.facts.rootParentId === 'absent'
        ? {}
        : { parent_id: 0 };
  return {
    dept_id: deptIdOf(id),
    name,
    ...parent,
    ...(parentId === 0 ? {} : { code: `D${id}` }),
    order,
    create_dept_group: false,
    auto_add_user: false,
    auto_approve_apply: false,
    from_union_org: false,
    group_contain_sub_dept: false,
    ...(managers.length > 0 ? { dept_manager_userid_list: managers } : {}),
    outer_dept: false,
    hide_dept: false,
    member_count: counts?.total ?? 0,
    owning_member_count: counts?.direct ?? 0,
  };
}
