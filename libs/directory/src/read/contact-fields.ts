import { hasScope, type Actor } from '@trainbridge/access';

const CONTACT_FIELDS = ['mobile', 'workEmail'] as const;

/** What every description of such a field has to say. */
export const NEEDS_CONTACT_SCOPE = 'Null without scope `directory:contact`.';

type WithContacts = Partial<Record<(typeof CONTACT_FIELDS)[number], unknown>>;

export function maySeeContacts(actor: Actor): boolean {
  return hasScope(actor, 'directory:contact');
}

/** The record with its contact fields null, where it has them. */
export function withContactsHidden<T extends object>(record: T): T {
  const hidden = CONTACT_FIELDS.filter((field) => field in record).map((field) => [field, null]);
  return { ...record, ...Object.fromEntries(hidden) };
}

/** The record without its contact fields: null would say that they were empty. */
export function withoutContacts<T extends object>(record: T): Omit<T, keyof WithContacts> {
  const { mobile: _mobile, workEmail: _workEmail, ...rest } = record as T & WithContacts;
  return rest;
}
