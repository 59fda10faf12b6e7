import type { Company, CompanyChange, Department, Person } from '../company/index.js';
import { envelope, number, text, type PlainEvent } from './event-xml.js';
import type { WecomFacts } from './facts.js';
import { genderCode, statusCode } from './member-record.js';
import type { WecomTag } from './visibility.js';

/** Bodies since 2022-08-15 carry ids only, older callback URLs get the fields too (sheet 4.4). */
export type EventForm = 'ids' | 'full';

/** What an event needs to know beside the change. */
export interface EventContext {
  corpId: string;
  company: Company;
  facts: WecomFacts;
  form: EventForm;
  /** Milliseconds since the epoch. */
  at: number;
  /** One creation was once seen as update, update, create (sheet 4.7). */
  createAs: 'create' | 'update-update-create';
}

/** The `change_contact` events of a change; none where the platform stays silent. */
export function contactEvents(change: CompanyChange, context: EventContext): PlainEvent[] {
  // What came in through the API is not told again (sheet 4.1).
  if (change.origin === 'api') return [];
  switch (change.kind) {
    case 'person.created':
      return createdEvents(change.person, context);
    case 'person.updated':
      return updatedEvents(change, context);
    case 'person.removed':
      return [
        contactEvent('delete_user', change.person.account, [text('UserID', change.person.account)], context),
      ];
    case 'department.created':
      return [
        contactEvent(
          'create_party',
          String(change.department.id),
          partyFields(change.department, context, ['name', 'parent', 'order']),
          context,
        ),
      ];
    case 'department.updated': {
      // Renames are silent for callback URLs of today.
      if (context.form === 'ids' && !change.changed.includes('parent')) return [];
      const fields = partyFields(change.department, context, change.changed);
      return [contactEvent('update_party', String(change.department.id), fields, context)];
    }
    case 'department.removed':
      return [
        contactEvent(
          'delete_party',
          String(change.department.id),
          [number('Id', change.department.id)],
          context,
        ),
      ];
  }
}

/** `subscribe` / `unsubscribe` for an app's own callback: somebody enters or leaves its view (sheet 4.4). */
export function subscriptionEvent(
  event: 'subscribe' | 'unsubscribe',
  userid: string,
  agentId: number,
  context: Pick<EventContext, 'corpId' | 'at'>,
): PlainEvent {
  const fields = [text('Event', event), text('EventKey', ''), number('AgentID', agentId)];
  return { changeType: event, about: userid, xml: envelope(userid, fields, context) };
}

/** `update_tag`: who was added to and taken from a tag. */
export function tagEvent(
  tag: WecomTag,
  items: { addUsers?: string[]; delUsers?: string[]; addParties?: number[]; delParties?: number[] },
  context: EventContext,
): PlainEvent {
  const lists: [string, readonly (string | number)[]][] = [
    ['AddUserItems', items.addUsers ?? []],
    ['DelUserItems', items.delUsers ?? []],
    ['AddPartyItems', items.addParties ?? []],
    ['DelPartyItems', items.delParties ?? []],
  ];
  const fields = lists
    .filter(([, list]) => list.length > 0 || context.facts.emptyTagItems === 'empty')
    .map(([name, list]) => text(name, list.join(',')));
  return contactEvent('update_tag', String(tag.id), [number('TagId', tag.id), ...fields], context);
}

function createdEvents(person: Person, context: EventContext): PlainEvent[] {
  const ids = [text('UserID', person.account), text('Department', person.departmentIds.join(','))];
  const fields = context.form === 'ids' ? ids : [...ids, ...detailFields(person, context)];
  const created = contactEvent('create_user', person.account, fields, context);
  if (context.createAs === 'create') return [created];
  const updated = contactEvent('update_user', person.account, ids, context);
  return [updated, updated, created];
}

function updatedEvents(
  change: Extract<CompanyChange, { kind: 'person.updated' }>,
  context: EventContext,
): PlainEvent[] {
  const { person, changed } = change;
  const renamed = changed.includes('account');
  const ids = [
    text('UserID', change.previousAccount),
    ...(renamed ? [text('NewUserID', person.account)] : []),
  ];
  if (context.form === 'ids') {
    // Only the place in the organisation and the userid are told.
    if (!renamed && !changed.includes('departments') && !changed.includes('leadership')) return [];
    const fields = [...ids, text('Department', person.departmentIds.join(','))];
    return [contactEvent('update_user', change.previousAccount, fields, context)];
  }
  const wanted: Record<string, boolean> = {
    Department: changed.includes('departments'),
    MainDepartment: changed.includes('departments'),
    IsLeaderInDept: changed.includes('departments') || changed.includes('leadership'),
    DirectLeader: changed.includes('directLeader'),
    Name: changed.includes('name'),
    Position: changed.includes('position'),
    Mobile: changed.includes('mobile'),
    Email: changed.includes('email'),
    Status: changed.includes('status'),
  };
  const all = [text('Department', person.departmentIds.join(',')), ...detailFields(person, context)];
  const fields = all.filter((field) => wanted[field.slice(1, field.indexOf('>'))] === true);
  return [contactEvent('update_user', change.previousAccount, [...ids, ...fields], context)];
}

/** The fields of the full form, beside userid and departments. */
function detailFields(person: Person, context: EventContext): string[] {
  const leaders = person.leaderIds.flatMap((id) => context.company.personById(id)?.account ?? []);
  return [
    text('Name', person.name),
    number('MainDepartment', person.primaryDepartmentId),
    text('IsLeaderInDept', person.memberships.map((at) => (at.isLeader ? 1 : 0)).join(',')),
    text('DirectLeader', leaders.slice(0, context.facts.directLeaderMax).join(',')),
    text('Position', person.position),
    `<Mobile>${person.mobile}</Mobile>`,
    `<Gender>${genderCode(person)}</Gender>`,
    text('Email', person.email),
    text('BizMail', person.bizMail),
    number('Status', statusCode(person)),
    text('Avatar', `https://img.example.test/a/${person.id}`),
    text('Alias', person.alias),
    text('Telephone', person.telephone),
    text('Address', person.address),
    `<ExtAttr><Item>${text('Name', '工号')}<Type>0</Type><Text>${text('Value', person.employeeNumber)}</Text></Item></ExtAttr>`,
  ];
}

function partyFields(department: Department, context: EventContext, changed: readonly string[]): string[] {
  const full = context.form === 'full';
  return [
    number('Id', department.id),
    ...(full && changed.includes('name') ? [text('Name', department.name)] : []),
    ...(changed.includes('parent') ? [text('ParentId', String(department.parentId))] : []),
    ...(full && changed.includes('order') ? [number('Order', department.order)] : []),
  ];
}

function contactEvent(
  changeType: string,
  about: string,
  fields: string[],
  context: EventContext,
): PlainEvent {
  const type = context.facts.changeTypeCdata
    ? text('ChangeType', changeType)
    : `<ChangeType>${changeType}</ChangeType>`;
  return {
    changeType,
    about,
    xml: envelope('sys', [text('Event', 'change_contact'), type, ...fields], context),
  };
}
