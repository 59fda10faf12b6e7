import type { Department } from '../../company/index.js';
import { WecomApiError } from '../api-error.js';
import {
  queryNumber,
  requireDetails,
  type WecomCall,
  type WecomEndpoint,
  type WecomWorld,
} from '../world.js';

/** Sheet 2.1: a department with all below it, or everything the token may see. */
export const departmentList: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    requireDetails(call.principal);
    return listing(call, world, (departments) => ({
      department: departments.map((department) => detail(department, call, world)),
    }));
  },
};

/** Sheet 2.1: ids only, open to both secrets; the list is called `department_id`. */
export const departmentSimpleList: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    return listing(call, world, (departments) => ({
      department_id: departments.map((department) => ({
        id: department.id,
        ...parentOf(department, world),
        order: department.order,
      })),
    }));
  },
};

/** Sheet 2.1: one department, as a single object. */
export const departmentGet: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    requireDetails(call.principal);
    const id = queryNumber(call.query, 'id');
    if (id === undefined) throw new WecomApiError(40063);
    return { department: detail(visibleDepartment(id, call, world), call, world) };
  },
};

/** @throws WecomApiError when there is no such department, or none the token may see. */
export function visibleDepartment(id: number, call: WecomCall, world: WecomWorld): Department {
  const department = world.company.department(id);
  const vanished = call.faults.some(
    (fault) => fault.kind === 'vanish_department' && fault.departmentId === id,
  );
  if (department === undefined || vanished) throw new WecomApiError(world.facts.unknownDepartmentCode);
  if (!call.lens.empty && !call.lens.seesDepartment(id))
    throw new WecomApiError(world.facts.invisibleDepartmentCode);
  return department;
}

function listing(
  call: WecomCall,
  world: WecomWorld,
  render: (departments: Department[]) => Record<string, unknown>,
): ReturnType<WecomEndpoint['handle']> {
  const id = queryNumber(call.query, 'id');
  const { lens } = call;
  if (id !== undefined && id !== 0) visibleDepartment(id, call, world);
  else if (lens.departments !== 'all' && lens.departments.size === 0 && !lens.empty) {
    if (world.facts.emptyRangeDepartmentList === 'error') throw new WecomApiError(60011);
  }
  const key = lens.key === undefined ? undefined : `${call.endpoint} ${id ?? 0} ${lens.key}`;
  return world.bodies.get(key, () => {
    const all =
      id === undefined || id === 0
        ? [...world.company.departments()]
        : world.company.subtree(id).map((below) => world.company.department(below) as Department);
    return render(all.filter((department) => lens.seesDepartment(department.id)));
  });
}

function detail(department: Department, call: WecomCall, world: WecomWorld): Record<string, unknown> {
  const leaders: string[] = [];
  for (const person of world.company.members(department.id)) {
    const leads = person.memberships.some((at) => at.departmentId === department.id && at.isLeader);
    if (leads && call.lens.seesPerson(person)) leaders.push(person.account);
  }
  return {
    id: department.id,
    name: department.name,
    name_en: department.nameEn,
    department_leader: leaders,
    ...parentOf(department, world),
    order: department.order,
  };
}

function parentOf(department: Department, world: WecomWorld): { parentid?: number } {
  if (department.parentId === 0 && world.facts.rootParentId === 'absent') return {};
  return { parentid: department.parentId };
}
