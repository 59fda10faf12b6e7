import { hasScope, type Actor } from '@trainbridge/access';
import type { JsonObject } from '@trainbridge/connector-kit';

const CONTACT_FIELDS = ['mobile', 'workEmail'] as const;

/** What every description of such a field has to say. */
export const NEEDS_CONTACT_SCOPE = 'Null without scope `directory:contact`.';

export function maySeeContacts(actor: Actor): boolean {
  return hasScope(actor, 'directory:contact');
}

/** The record with its contact fields null, where it has them. */
export function withContactsHidden<T extends object>(record: T): T {
  const hidden = CONTACT_FIELDS.filter((field) => field in record).map((field) => [field, null] as const);
  return { ...record, ...Object.fromEntries(hidden) };
}

/** The entries of an object that are not contact fields: null would say that they were empty. */
export function withoutContacts(record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record).filter(([field]) => !CONTACT_FIELDS.some((one) => one === field)),
  );
}
