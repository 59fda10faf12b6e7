import type { Person } from '../../company/index.js';
import { OldApiError } from '../api-error.js';
import { listedUser } from '../user-record.js';
import {
  knownDepartment,
  oldNumber,
  visibleDepartment,
  type DingtalkCall,
  type DingtalkEndpoint,
  type DingtalkWorld,
} from '../world.js';
import { homeSchoolId, isHomeSchool } from './departments.js';

// Documentation pages at open.dingtalk.com: queries-the-complete-information-of-a-department-user.

const orders: readonly unknown[] = [
  undefined,
  'entry_asc',
  'entry_desc',
  'modify_asc',
  'modify_desc',
  'custom',
];

/** The members of exactly this department, in full. */
const list: DingtalkEndpoint = {
  generation: 'old',
  method: 'POST',
  path: '/topapi/v2/user/list',
  scope: 'qyapi_get_department_member',
  free: true,
  handle: (call, world) =>
    page(call, world, (person, departmentId) => listedUser(person, departmentId, world)),
};

/** The same, ids and names only. */
const listSimple: DingtalkEndpoint = {
  ...list,
  path: '/topapi/user/listsimple',
  handle: (call, world) => page(call, world, ({ account, name }) => ({ userid: account, name })),
};

/** All ids of a department at once, whatever the contact range. */
const listIds: DingtalkEndpoint = {
  ...list,
  path: '/topapi/user/listid',
  scope: 'qyapi_get_member',
  handle(call, world) {
    const id = knownDepartment(oldNumber(call.body, 'dept_id'), call, world);
    const people = [...world.company.members(id)].filter((person) => !call.lens.hides(person));
    return { result: { userid_list: people.map((person) => person.account) } };
  },
};

export const userListEndpoints = [list, listSimple, listIds];

function page(
  call: DingtalkCall,
  world: DingtalkWorld,
  render: (person: Person, departmentId: number) => Record<string, unknown>,
): { result: Record<string, unknown> } {
  const deptId = oldNumber(call.body, 'dept_id');
  const cursor = oldNumber(call.body, 'cursor', 40068);
  const size = oldNumber(call.body, 'size', 40069);
  if (cursor < 0) throw new OldApiError(40068);
  if (size < 1 || size > world.facts.userListMax) throw new OldApiError(40069);
  if (!orders.includes(call.body.order_field)) throw new OldApiError(400002);
  if (isHomeSchool(deptId, world)) return { result: { has_more: false, list: pupils } };
  const id = visibleDepartment(deptId, call, world);
  const people = ordered(id, call, world);
  const list = people.slice(cursor, cursor + size).map((person) => render(person, id));
  const next = nextCursor(call, cursor, size, people.length);
  // On the last page the cursor is not zero or empty: it is absent.
  return {
    result: { has_more: next !== undefined, ...(next === undefined ? {} : { next_cursor: next }), list },
  };
}

/** Members in range by rank in the department, then by date of hire. */
function ordered(departmentId: number, call: DingtalkCall, world: DingtalkWorld): Person[] {
  const rank = (person: Person): number =>
    person.memberships.find((at) => at.departmentId === departmentId)?.order ?? 0;
  return [...world.company.members(departmentId)]
    .filter((person) => call.lens.seesPerson(person))
    .sort((left, right) => rank(right) - rank(left) || left.id - right.id);
}

function nextCursor(call: DingtalkCall, from: number, size: number, total: number): number | undefined {
  for (const fault of call.faults) {
    if (fault.kind === 'cursor_loop') return 0;
    if (fault.kind === 'duplicate_page') return from;
    if (fault.kind === 'skip_page') return from + size * 2 < total ? from + size * 2 : undefined;
  }
  return from + size < total ? from + size : undefined;
}

/** Children of the home-school book: not staff, though they come like staff. */
const pupils = ['小明', '小红'].map((name, index) => ({
  userid: `pupil${index + 1}`,
  unionid: `pupilUnion${index + 1}iEiE`,
  name,
  dept_id_list: [homeSchoolId],
  leader: false,
  dept_order: 0,
  active: false,
}));
