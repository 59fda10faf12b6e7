import type { Person } from '../../company/index.js';
import { WecomApiError } from '../api-error.js';
import { memberRecord, simpleMemberRecord, type RecordView } from '../member-record.js';
import {
  bodyText,
  queryNumber,
  requireDetails,
  type WecomCall,
  type WecomEndpoint,
  type WecomWorld,
} from '../world.js';
import { visibleDepartment } from './departments.js';

/** Sheet 2.1: direct members of one department, in full. */
export const userList: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    return departmentMembers(call, world, (person, view) => memberRecord(person, view));
  },
};

/** Sheet 2.1: direct members of one department, names only. */
export const userSimpleList: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    return departmentMembers(call, world, (person) => simpleMemberRecord(person, call.lens));
  },
};

/** Sheet 2.1: one member, the fields beside `errcode`. The userid compares without case. */
export const userGet: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    requireDetails(call.principal);
    const userid = call.query.get('userid') ?? '';
    if (userid === '') throw new WecomApiError(40063);
    return memberRecord(visiblePerson(world.company.person(userid), call, world), viewOf(call, world));
  },
};

/** Sheet 2.1: the userid behind a mobile number. */
export const userIdByMobile: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    return findBy(call, world, 'mobile', (person) => [person.mobile]);
  },
};

/** Sheet 2.1: the userid behind a mail address, the company's (default) or the personal one. */
export const userIdByEmail: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    const personal = call.body.email_type === 2;
    return findBy(call, world, 'email', (person) => [personal ? person.email : person.bizMail]);
  },
};

/** @throws WecomApiError 60111, or what the platform says of people outside the range. */
export function visiblePerson(person: Person | undefined, call: WecomCall, world: WecomWorld): Person {
  if (person === undefined || call.lens.empty) throw new WecomApiError(60111);
  const account = person.account.toLowerCase();
  const vanished = call.faults.some(
    (fault) => fault.kind === 'vanish_person' && fault.account.toLowerCase() === account,
  );
  if (vanished) throw new WecomApiError(60111);
  if (!call.lens.seesPerson(person)) throw new WecomApiError(world.facts.invisibleUserCode);
  return person;
}

function findBy(
  call: WecomCall,
  world: WecomWorld,
  field: 'mobile' | 'email',
  valuesOf: (person: Person) => string[],
): Record<string, unknown> {
  const wanted = bodyText(call.body, field).toLowerCase();
  const person = world.company.people().find((candidate) => valuesOf(candidate).includes(wanted));
  if (person === undefined || !call.lens.seesPerson(person)) throw new WecomApiError(46004);
  return { userid: person.account };
}

function departmentMembers(
  call: WecomCall,
  world: WecomWorld,
  render: (person: Person, view: RecordView) => Record<string, unknown>,
): ReturnType<WecomEndpoint['handle']> {
  requireDetails(call.principal);
  const id = queryNumber(call.query, 'department_id');
  if (id === undefined) throw new WecomApiError(40063);
  visibleDepartment(id, call, world);
  const members = world.company.members(id);
  const { userListMax } = world.limits;
  if (userListMax > 0 && members.size > userListMax) throw new WecomApiError(45029);
  const view = viewOf(call, world);
  const { lens } = call;
  const key =
    lens.key === undefined ? undefined : `${call.endpoint} ${id} ${String(view.restricted)} ${lens.key}`;
  return world.bodies.get(key, () => ({
    userlist: [...members].filter((person) => lens.seesPerson(person)).map((person) => render(person, view)),
  }));
}

function viewOf(call: WecomCall, world: WecomWorld): RecordView {
  const { principal } = call;
  const restricted = principal.kind === 'app' && principal.app.restricted;
  return { company: world.company, facts: world.facts, lens: call.lens, restricted };
}
