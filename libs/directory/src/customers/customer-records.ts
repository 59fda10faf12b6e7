import type { CustomerRecord, JsonObject, Page } from '@trainbridge/connector-kit';
import { newId } from '@trainbridge/persistence';
import { externalIdsOf, idOf, rawOf, RecordProblem, rejection, textOf } from '../sync/stage/normalize.js';
import type { Rejection } from '../sync/stage/staged-records.js';

/** A customer as a page or a lookup tells them, checked. Null: not told, so what is stored stays. */
export interface StagedCustomer {
  externalId: string;
  /** The id this customer gets if they turn out to be new. */
  newId: string;
  nameTold: boolean;
  displayName: string | null;
  externalIds: JsonObject[] | null;
  owners: string[] | null;
  tags: JsonObject[] | null;
  raw: JsonObject;
}

const MAX_OWNERS = 2_000;
const MAX_TAGS = 3_000;

/** Everything a page comes to; what cannot be taken is rejected record by record. */
export function stagePage(page: Pick<Page<CustomerRecord>, 'items' | 'rejected'>): {
  customers: StagedCustomer[];
  rejected: Rejection[];
} {
  const customers: StagedCustomer[] = [];
  const rejected = page.rejected.filter(isRecord).map((record) => rejection('customer', record));
  for (const item of page.items) {
    try {
      customers.push(normalizeCustomer(item));
    } catch (error) {
      if (!(error instanceof RecordProblem)) throw error;
      const { externalId = null, raw = {} } = isRecord(item) ? item : {};
      rejected.push(rejection('customer', { externalId, reason: error.message, raw }));
    }
  }
  return { customers, rejected };
}

/**
 * Records are hostile: nothing about their types is believed.
 * @throws {RecordProblem} naming the field that cannot be taken.
 */
export function normalizeCustomer(record: CustomerRecord): StagedCustomer {
  if (!isRecord(record)) throw new RecordProblem('is not a record');
  const { displayName, externalIds, ownerExternalIds, tags } = record;
  return {
    externalId: idOf(record.externalId, 'externalId'),
    newId: newId('cus'),
    nameTold: displayName !== undefined,
    displayName: displayName === undefined ? null : textOf(displayName, 'displayName', 200),
    externalIds: externalIds === undefined ? null : externalIdsOf(externalIds),
    owners: ownerExternalIds === undefined ? null : ownersOf(ownerExternalIds),
    tags: tags === undefined ? null : tagsOf(tags),
    raw: rawOf(record.raw),
  };
}

/** The rows a platform lists for one customer, such as one per owner, as one: names from the last that tells one, the rest united. */
export function mergeCustomers(customers: readonly StagedCustomer[]): StagedCustomer[] {
  const merged = new Map<string, StagedCustomer>();
  for (const customer of customers) {
    const known = merged.get(customer.externalId);
    merged.set(customer.externalId, known ? merge(known, customer) : customer);
  }
  return [...merged.values()];
}

function merge(a: StagedCustomer, b: StagedCustomer): StagedCustomer {
  return {
    ...a,
    nameTold: a.nameTold || b.nameTold,
    displayName: b.displayName ?? a.displayName,
    externalIds: united(a.externalIds, b.externalIds, (id) => JSON.stringify([id.type, id.value])),
    owners: united(a.owners, b.owners, (owner) => owner),
    tags: united(a.tags, b.tags, (tag) => JSON.stringify(tag.id)),
    raw: { ...a.raw, ...b.raw },
  };
}

function united<T>(a: T[] | null, b: T[] | null, keyOf: (item: T) => string): T[] | null {
  if (!a || !b) return a ?? b;
  return [...new Map([...a, ...b].map((item) => [keyOf(item), item])).values()];
}

function ownersOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MAX_OWNERS)
    throw new RecordProblem('ownerExternalIds cannot be read');
  return [...new Set(value.map((id) => idOf(id, 'ownerExternalIds')))];
}

function tagsOf(value: unknown): JsonObject[] {
  if (!Array.isArray(value) || value.length > MAX_TAGS) throw new RecordProblem('tags cannot be read');
  const tags = value.map((item: unknown) => {
    const { id, name, group } = isRecord(item) ? item : ({} as JsonObject);
    const tag: JsonObject = { id: idOf(id, 'tags id'), name: textOf(name ?? '', 'tags name', 200) ?? '' };
    const groupName = textOf(group ?? null, 'tags group', 200);
    return groupName === null ? tag : { ...tag, group: groupName };
  });
  return united(tags, [], (tag) => JSON.stringify(tag.id))!;
}

function isRecord<T>(value: T): value is T & JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
