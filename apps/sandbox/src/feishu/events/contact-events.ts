import type { CompanyChange, Department, Person } from '../../company/index.js';
import type { ContactRange } from '../app.js';
import {
  customAttributes,
  departmentIdsOf,
  departmentRecord,
  mobileOf,
  orderOf,
  statusFlags,
  userRecord,
  type IdTypes,
} from '../records.js';
import {
  contactBaseScopes,
  departmentFieldScopes,
  grantsAny,
  permitted,
  userFieldScopes,
} from '../scopes.js';
import type { FeishuWorld } from '../world.js';
import type { PlainEvent } from './envelope.js';
import type { Memory, RememberedDepartment, RememberedPerson } from './memory.js';

/** Ids inside events are of these kinds, whatever a client asks for elsewhere. */
const eventIds: IdTypes = { user: 'open_id', department: 'open_department_id' };

/** The contact events of a change: only for what is inside the range, and only with one of the contact scopes. */
export function contactEvents(change: CompanyChange, world: FeishuWorld, memory: Memory): PlainEvent[] {
  const events = eventsOf(change, world, memory);
  return grantsAny(world.app.scopes, contactBaseScopes) ? events : [];
}

function eventsOf(change: CompanyChange, world: FeishuWorld, memory: Memory): PlainEvent[] {
  const lens = world.optics.lens();
  switch (change.kind) {
    case 'person.created':
      memory.person(change.person);
      if (!lens.seesPerson(change.person)) return [];
      return [userEvent('created', change.person, { object: eventUser(change.person, world) })];
    case 'person.updated': {
      const before = memory.person(change.person);
      if (before === undefined || !lens.seesPerson(change.person)) return [];
      return [
        ...updatedEvents(change.person, before, world),
        ...leadershipEvents(change.person, before, world),
      ];
    }
    case 'person.removed':
      if (!lens.seesPerson(change.person)) return [];
      return [deletedEvent(change.person, world)];
    case 'department.created':
      memory.department(change.department);
      if (!lens.seesDepartment(change.department.id)) return [];
      return [
        departmentEvent('created', change.department, { object: eventDepartment(change.department, world) }),
      ];
    case 'department.updated': {
      const before = memory.department(change.department);
      if (before === undefined || !lens.seesDepartment(change.department.id)) return [];
      const old_object = oldDepartment(change.department, before, world);
      return [
        departmentEvent('updated', change.department, {
          object: eventDepartment(change.department, world),
          old_object,
        }),
      ];
    }
    case 'department.removed': {
      const { range } = lens;
      const inView =
        lens.all ||
        range.departments.includes(change.department.id) ||
        lens.seesDepartment(change.department.parentId);
      if (!inView) return [];
      const object = eventDepartment(change.department, world);
      const old_object = { status: { is_deleted: false }, open_department_id: object.open_department_id };
      return [departmentEvent('deleted', change.department, { object, old_object })];
    }
  }
}

/** `contact.scope.updated_v3`: what the administrator added to the range and took from it. */
export function scopeEvent(before: ContactRange, after: ContactRange, world: FeishuWorld): PlainEvent {
  const nodes = (range: ContactRange): { users: string[]; departments: number[] } =>
    range.all
      ? { users: [], departments: world.company.children(1) }
      : { users: [...range.users], departments: [...range.departments] };
  const was = nodes(before);
  const is = nodes(after);
  const side = (these: typeof is, those: typeof is): Record<string, unknown> => ({
    departments: these.departments
      .filter((id) => !those.departments.includes(id))
      .flatMap((id) => world.company.department(id) ?? [])
      .map((department) => departmentRecord(department, world, eventIds)),
    users: these.users
      .filter((account) => !those.users.includes(account))
      .flatMap((account) => world.company.person(account) ?? [])
      .map((person) => eventUser(person, world)),
    user_groups: [],
  });
  const event = { added: side(is, was), removed: side(was, is) };
  return { type: 'contact.scope.updated_v3', about: 'range', version: 2, event };
}

/** Mobile and mail changes are events of their own; everything else that changed comes together. */
function updatedEvents(person: Person, before: RememberedPerson, world: FeishuWorld): PlainEvent[] {
  const { ids, company } = world;
  const old: Record<string, unknown> = {};
  if (before.account !== person.account) old.user_id = before.account;
  if (before.name !== person.name) old.name = before.name;
  if (before.position !== person.position) old.job_title = before.position;
  if (before.status !== person.status) old.status = statusFlags(before.status, false);
  if (String(before.departmentIds) !== String(person.departmentIds)) {
    old.department_ids = departmentIdsOf(before.departmentIds, world, 'open_department_id');
  }
  if (before.leaderIds[0] !== person.leaderIds[0]) {
    const leader = company.personById(before.leaderIds[0] ?? 0);
    old.leader_user_id = leader === undefined ? '' : ids.openId(leader.id);
  }
  if (JSON.stringify(before.attributes) !== JSON.stringify(person.attributes))
    old.custom_attrs = customAttributes(before.attributes, world);
  const changes = [old];
  if (before.mobile !== person.mobile) changes.push({ mobile: mobileOf(before.mobile, world) });
  if (before.email !== person.email) changes.push({ email: before.email });
  const object = eventUser(person, world);
  if (world.facts.updatedDepartmentIds === 'absent') delete object.department_ids;
  return changes
    .filter((change) => Object.keys(change).length > 0)
    .map((change) =>
      userEvent('updated', person, {
        object,
        old_object: permitted(change, userFieldScopes, world.app.scopes),
      }),
    );
}

/** Who leads a department is a fact of the department here. */
function leadershipEvents(person: Person, before: RememberedPerson, world: FeishuWorld): PlainEvent[] {
  const leads = person.memberships.filter((at) => at.isLeader).map((at) => at.departmentId);
  const changed = [
    ...leads.filter((id) => !before.leads.includes(id)),
    ...before.leads.filter((id) => !leads.includes(id)),
  ];
  return changed
    .flatMap((id) => world.company.department(id) ?? [])
    .filter((department) => world.optics.lens().seesDepartment(department.id))
    .map((department) =>
      departmentEvent('updated', department, {
        object: eventDepartment(department, world),
        old_object: before.leads.includes(department.id)
          ? { leader_user_id: world.ids.openId(person.id) }
          : { leader_user_id: '' },
      }),
    );
}

/** The leaver's departments stand in the old object only. */
function deletedEvent(person: Person, world: FeishuWorld): PlainEvent {
  const object = eventUser(person, world);
  delete object.department_ids;
  delete object.orders;
  if (world.facts.deletedStatus === 'absent') delete object.status;
  else if (world.facts.deletedStatus === 'unchanged' && object.status !== undefined) {
    object.status = statusFlags(person.status, false);
  }
  const old_object = {
    open_id: world.ids.openId(person.id),
    department_ids: departmentIdsOf(person.departmentIds, world, 'open_department_id'),
  };
  return userEvent('deleted', person, {
    object,
    old_object: permitted(old_object, userFieldScopes, world.app.scopes),
  });
}

function oldDepartment(
  department: Department,
  before: RememberedDepartment,
  world: FeishuWorld,
): Record<string, unknown> {
  const old: Record<string, unknown> = {};
  const full = world.facts.departmentOldObject === 'full';
  if (full || before.name !== department.name) old.name = before.name;
  if (full || before.parentId !== department.parentId) {
    old.parent_department_id = world.ids.department(before.parentId, 'open_department_id');
  }
  if (full || before.order !== department.order) old.order = orderOf(before);
  return permitted(old, departmentFieldScopes, world.app.scopes);
}

function eventUser(person: Person, world: FeishuWorld): Record<string, unknown> {
  return userRecord(person, world, eventIds);
}

/** `order` is a number here, and the counts are absent. */
function eventDepartment(department: Department, world: FeishuWorld): Record<string, unknown> {
  const {
    order,
    member_count: _count,
    i18n_name: _names,
    unit_ids: _units,
    ...record
  } = departmentRecord(department, world, eventIds);
  return order === undefined ? record : { ...record, order: Number(order) };
}

function userEvent(what: string, person: Person, event: Record<string, unknown>): PlainEvent {
  return { type: `contact.user.${what}_v3`, about: person.account, version: 2, event };
}

function departmentEvent(what: string, department: Department, event: Record<string, unknown>): PlainEvent {
  return { type: `contact.department.${what}_v3`, about: String(department.id), version: 2, event };
}
