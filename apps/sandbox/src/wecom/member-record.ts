import type { Company, Person } from '../company/index.js';
import type { WecomFacts } from './facts.js';
import type { Lens } from './visibility.js';

/** Everything a record depends on beside the person. */
export interface RecordView {
  company: Company;
  facts: WecomFacts;
  lens: Lens;
  /** The sensitive fields are withheld: their keys are absent (sheet 2.2). */
  restricted: boolean;
}

/** `status` of a member: 1 activated, 2 disabled, 4 not activated (sheet 2.2). */
export function statusCode(person: Person): 1 | 2 | 4 {
  return person.status === 'active' ? 1 : person.status === 'disabled' ? 2 : 4;
}

/** `gender`, a string in contact answers. */
export function genderCode(person: Person): '1' | '2' {
  return person.gender === 'male' ? '1' : '2';
}

/** Userids of the direct leaders who are in view, at most as many as the platform shows. */
export function directLeaders(
  person: Person,
  view: Pick<RecordView, 'company' | 'facts' | 'lens'>,
): string[] {
  const leaders: string[] = [];
  for (const id of person.leaderIds) {
    const leader = view.company.personById(id);
    if (leader !== undefined && view.lens.seesPerson(leader)) leaders.push(leader.account);
  }
  return leaders.slice(0, view.facts.directLeaderMax);
}

/** A member as `user/get` and `user/list` show it: arrays cut to what is in view, one index for all of them. */
export function memberRecord(person: Person, view: RecordView): Record<string, unknown> {
  const { facts, lens } = view;
  const memberships = person.memberships.filter((membership) => lens.seesDepartment(membership.departmentId));
  const record: Record<string, unknown> = {
    userid: person.account,
    name: person.name,
    department: memberships.map((membership) => membership.departmentId),
    position: person.position,
  };
  if (!view.restricted) {
    record.mobile = person.mobile;
    record.gender = genderCode(person);
    record.email = person.email;
    record.biz_mail = person.bizMail;
    record.avatar = `https://img.example.test/a/${person.id}`;
    record.qr_code = `https://img.example.test/qr/${person.id}`;
    record.address = person.address;
  }
  if (!view.restricted || !facts.thumbAvatarWithheld) {
    record.thumb_avatar = `https://img.example.test/t/${person.id}`;
  }
  record.status = statusCode(person);
  if (facts.enableField) record.enable = person.status === 'disabled' ? 0 : 1;
  if (facts.legacyFields) {
    record.isleader = memberships.some((membership) => membership.isLeader) ? 1 : 0;
    record.hide_mobile = 0;
    record.english_name = person.alias;
  }
  record.extattr = { attrs: extendedAttributes(person) };
  record.telephone = person.telephone;
  record.order = memberships.map((membership) => membership.order);
  if (lens.seesDepartment(person.primaryDepartmentId)) record.main_department = person.primaryDepartmentId;
  record.alias = person.alias;
  record.is_leader_in_dept = memberships.map((membership) => (membership.isLeader ? 1 : 0));
  record.direct_leader = directLeaders(person, view);
  record.external_profile = { external_attr: [], external_corp_name: '' };
  return record;
}

/** A member as `user/simplelist` shows it. */
export function simpleMemberRecord(person: Person, lens: Lens): Record<string, unknown> {
  return {
    userid: person.account,
    name: person.name,
    department: person.departmentIds.filter((id) => lens.seesDepartment(id)),
  };
}

/** `extattr.attrs`: the employee number (工号) first, then what administrators added. */
export function extendedAttributes(person: Person): Record<string, unknown>[] {
  const attributes: Record<string, unknown>[] = [
    { name: '工号', text: { value: person.employeeNumber }, type: 0 },
  ];
  if (person.id % 7 === 0) {
    const url = `https://hr.example.test/${person.employeeNumber}`;
    attributes.push({ name: '主页', type: 1, web: { title: '档案', url } });
  }
  for (const [name, value] of Object.entries(person.attributes))
    attributes.push({ name, text: { value }, type: 0 });
  return attributes;
}
