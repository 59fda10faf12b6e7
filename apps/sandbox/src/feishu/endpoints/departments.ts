import { rootDepartmentId, type Department } from '../../company/index.js';
import { FeishuApiError, invalidField } from '../api-error.js';
import { tiers } from '../limits.js';
import { contactPages, cutPage, shownItems } from '../paging.js';
import { departmentRecord, type IdTypes } from '../records.js';
import { broadContactScopes } from '../scopes.js';
import { idTypesOf, type FeishuCall, type FeishuEndpoint, type FeishuWorld } from '../world.js';

/** Scopes that open listings of contacts. */
export const listingScopes = [
  'contact:contact.base:readonly',
  'contact:department.organize:readonly',
  ...broadContactScopes,
];

/** Batches name this one alone. */
export const batchScopes = ['contact:contact.base:readonly'];

const largestBatch = 50;

/** contact-v3/department/children: direct children, or with `fetch_child` everything below; not the department itself. */
export const departmentChildren: FeishuEndpoint = {
  method: 'GET',
  path: 'contact/v3/departments/:department_id/children',
  token: 'either',
  scopes: listingScopes,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const types = idTypesOf(call, world);
    const parent = departmentInView(call.params.department_id ?? '', types, call, world);
    const whole = call.query.get('fetch_child') === 'true';
    const { company, facts } = world;
    const { largestTree } = world.limits;
    if (whole && largestTree > 0 && company.subtree(parent.id).length > largestTree)
      throw new FeishuApiError(43010);
    const below = whole ? company.subtree(parent.id).slice(1) : company.children(parent.id);
    const own = facts.childrenIncludeParent && parent.id !== rootDepartmentId ? [parent.id] : [];
    const departments = [...own, ...below]
      .filter((id) => call.lens.seesDepartment(id))
      .sort((left, right) => left - right)
      .map((id) => company.department(id) as Department);
    const { items, fields } = cutPage(call, world, departments, ({ id }) => id, contactPages);
    const records = items.map((department) => departmentRecord(department, world, types));
    return { ...fields, ...shownItems(records, world) };
  },
};

/** contact-v3/department/batch: ids that name nothing in view are passed over in silence. */
export const departmentBatch: FeishuEndpoint = {
  method: 'GET',
  path: 'contact/v3/departments/batch',
  token: 'either',
  scopes: batchScopes,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const types = idTypesOf(call, world);
    const departments = batchIds(call, 'department_ids').flatMap((id) => {
      const number = world.ids.departmentNumber(id, types.department) ?? 0;
      const department = world.company.department(number);
      return department !== undefined && call.lens.seesDepartment(number) ? [department] : [];
    });
    const records = departments.map((department) => departmentRecord(department, world, types));
    return { ...shownItems(records, world) };
  },
};

/** contact-v3/department/get. */
export const departmentGet: FeishuEndpoint = {
  method: 'GET',
  path: 'contact/v3/departments/:department_id',
  token: 'either',
  scopes: listingScopes,
  rate: tiers.fiftyPerSecond,
  handle(call, world) {
    const types = idTypesOf(call, world);
    const id = call.params.department_id ?? '';
    const deleted = world.deletedDepartments.get(world.ids.departmentNumber(id, types.department) ?? 0);
    if (deleted !== undefined && world.facts.deletedDepartment === 'is_deleted') {
      return { department: departmentRecord(deleted, world, types) };
    }
    return { department: departmentRecord(departmentInView(id, types, call, world), world, types) };
  },
};

/** contact-v3/department/parent: from the direct parent up to the child of the root. */
export const departmentParents: FeishuEndpoint = {
  method: 'GET',
  path: 'contact/v3/departments/parent',
  token: 'either',
  scopes: listingScopes,
  rate: tiers.fiftyPerSecond,
  handle(call, world) {
    const types = idTypesOf(call, world);
    const chain: Department[] = [];
    let at = departmentInView(call.query.get('department_id') ?? '', types, call, world);
    for (;;) {
      const parent = world.company.department(at.parentId);
      if (parent === undefined || parent.id === rootDepartmentId) break;
      chain.push((at = parent));
    }
    const { items, fields } = cutPage(call, world, chain, (_item, index) => index, contactPages);
    const records = items.map((department) => departmentRecord(department, world, types));
    return { ...fields, ...shownItems(records, world) };
  },
};

/**
 * The department an id names.
 * @throws FeishuApiError 99992357 or 99992358 for an id of no department, 40004 for one out of the range, the root included.
 */
export function departmentInView(
  id: string,
  types: Pick<IdTypes, 'department'>,
  call: FeishuCall,
  world: FeishuWorld,
): Department {
  const number = world.ids.departmentNumber(id, types.department);
  const unknown = types.department === 'open_department_id' ? 99992357 : 99992358;
  if (number === undefined) throw new FeishuApiError(unknown);
  const department = world.company.department(number);
  const vanished = call.faults.some(
    (fault) => fault.kind === 'vanish_department' && fault.departmentId === number,
  );
  if (department === undefined || vanished) {
    const { deletedDepartment } = world.facts;
    throw new FeishuApiError(deletedDepartment === 99992357 ? unknown : 40015);
  }
  // A company that a fault emptied has its root still: lists are empty then, not refused.
  const hidden = call.lens.empty ? number !== rootDepartmentId : !call.lens.seesDepartment(number);
  if (hidden) throw new FeishuApiError(40004);
  return department;
}

/** Ids of a batch: the parameter is repeated, 1 to 50 times. */
export function batchIds(call: FeishuCall, name: string): string[] {
  const ids = call.query.getAll(name);
  if (ids.length < 1 || ids.length > largestBatch) {
    throw invalidField(name, String(ids.length), `the length must be between 1 and ${largestBatch}`);
  }
  return ids;
}
