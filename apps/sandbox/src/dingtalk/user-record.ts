import type { Membership, Person } from '../company/index.js';
import { derived } from '../company/random.js';
import { deptIdOf } from './ids.js';
import type { DingtalkWorld } from './world.js';

const hiredFrom = Date.UTC(2010, 0, 4);
const hiredDays = 5000;
const dayMs = 86_400_000;

/** Rank inside a department, larger than 32 bits hold (query-user-details). */
function orderOf(membership: Membership): number {
  return 176_000_000_000_000 + membership.order;
}

/** Main admin 1, sub admin 2, nobody of the kind 0; the first people hired hold the posts. */
export function adminLevel(person: Person): 0 | 1 | 2 {
  return person.id === 1 ? 1 : person.id <= 3 ? 2 : 0;
}

/** What `user/get` and `user/list` have in common. Fields without a value, or without the permission, are left out. */
function commonFields(person: Person, world: DingtalkWorld): Record<string, unknown> {
  const { app } = world;
  return {
    userid: person.account,
    unionid: world.humans.unionId(person),
    name: person.name,
    ...(person.id % 3 === 0 ? {} : { avatar: `https://img.example.test/d/${person.id}` }),
    ...(app.readsMobile ? { mobile: person.mobile, state_code: '86' } : {}),
    hide_mobile: false,
    ...present('telephone', person.telephone),
    ...present('job_number', person.employeeNumber),
    title: person.position,
    ...(app.readsPersonal ? personalFields(person) : {}),
    ...present('org_email', person.bizMail),
    dept_id_list: person.departmentIds.map(deptIdOf),
    hired_date: hiredFrom + Math.floor(derived(person.id, 41) * hiredDays) * dayMs,
    // DingTalk knows no suspended employee: who is disabled in the company merely counts as never activated.
    active: person.status === 'active',
    admin: adminLevel(person) > 0,
    boss: person.id === 1,
    exclusive_account: false,
  };
}

function personalFields(person: Person): Record<string, unknown> {
  const hasAttributes = Object.keys(person.attributes).length > 0;
  return {
    ...present('email', person.email),
    ...present('work_place', person.address),
    ...present('remark', person.alias),
    // A string that holds JSON, not an object.
    ...(hasAttributes ? { extension: JSON.stringify(person.attributes) } : {}),
  };
}

function present(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value };
}

/** A person as `user/get` shows them (query-user-details). */
export function userDetail(person: Person, world: DingtalkWorld): Record<string, unknown> {
  const manager = person.leaderIds[0];
  const managerUserid = manager === undefined ? undefined : world.company.personById(manager)?.account;
  const leads = person.memberships.some((membership) => membership.isLeader);
  return {
    ...commonFields(person, world),
    ...(managerUserid === undefined ? {} : { manager_userid: managerUserid }),
    dept_order_list: person.memberships.map((membership) => ({
      dept_id: deptIdOf(membership.departmentId),
      order: orderOf(membership),
    })),
    leader_in_dept: person.memberships.map(({ departmentId, isLeader }) => ({
      dept_id: deptIdOf(departmentId),
      leader: isLeader,
    })),
    dept_position_list: person.memberships.map(({ departmentId }) => ({
      dept_id: deptIdOf(departmentId),
      is_main: departmentId === person.primaryDepartmentId,
      title: person.position,
    })),
    ...(leads ? { role_list: [{ id: 20_000_000_001, name: '主管', group_name: '默认' }] } : {}),
    real_authed: person.status === 'active',
    senior: false,
  };
}

/** A person as `user/list` of one department shows them: `leader` and `dept_order` speak of that department. */
export function listedUser(
  person: Person,
  departmentId: number,
  world: DingtalkWorld,
): Record<string, unknown> {
  const here = person.memberships.find((membership) => membership.departmentId === departmentId);
  return {
    ...commonFields(person, world),
    leader: here?.isLeader ?? false,
    dept_order: here === undefined ? 0 : orderOf(here),
  };
}
