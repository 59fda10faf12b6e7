import { envelope, text, type PlainEvent } from '../event-xml.js';

/** Change types of `change_external_contact` that are played (sheet 4.5). */
export type CustomerChangeType =
  | 'add_external_contact' | 'add_half_external_contact' | 'edit_external_contact' | 'del_external_contact'
  | 'del_follow_user' | 'transfer_fail'; // prettier-ignore

/** What happened between a member and a customer. */
export interface CustomerChange {
  type: CustomerChangeType;
  userid: string;
  externalUserId: string;
  state?: string;
  welcomeCode?: string;
  source?: 'DELETE_BY_TRANSFER';
  failReason?: 'customer_refused' | 'customer_limit_exceed';
}

/** What happened to a corp tag or a group of them. */
export interface TagChange {
  change: 'create' | 'update' | 'delete';
  kind: 'tag' | 'tag_group';
  id: string;
}

/** Where and when an event happens, and what is not settled about it. */
export interface CustomerEventContext {
  corpId: string;
  /** Milliseconds since the epoch. */
  at: number;
  tagTypes: readonly [tag: string, group: string];
}

export function customerChanged(change: CustomerChange, context: CustomerEventContext): PlainEvent {
  const optional = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [text(name, value)];
  const fields = [
    text('Event', 'change_external_contact'),
    text('ChangeType', change.type),
    ...optional('FailReason', change.failReason),
    text('UserID', change.userid),
    text('ExternalUserID', change.externalUserId),
    ...optional('State', change.state),
    ...optional('WelcomeCode', change.welcomeCode),
    ...optional('Source', change.source),
  ];
  return { changeType: change.type, about: change.externalUserId, xml: envelope('sys', fields, context) };
}

export function tagChanged({ change, kind, id }: TagChange, context: CustomerEventContext): PlainEvent {
  const fields = [
    text('Event', 'change_external_tag'),
    text('Id', id),
    text('TagType', context.tagTypes[kind === 'tag' ? 0 : 1]),
    text('ChangeType', change),
  ];
  return { changeType: `external_tag_${change}`, about: id, xml: envelope('sys', fields, context) };
}
