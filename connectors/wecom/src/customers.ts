import {
  isConnectorError,
  isRetryable,
  type CustomerRecord,
  type CustomersCapability,
  type JsonValue,
  type Lookup,
  type Page,
  type RejectedRecord,
} from '@trainbridge/connector-kit';
import type { WecomContext } from './api.js';
import {
  FOLLOWERS_PER_CALL,
  getCustomer,
  listCustomersOf,
  listCustomerTags,
  listFollowers,
} from './api/customers.js';
import { firstPosition, nextPosition, type Position } from './api/paging.js';
import type { WecomConfig } from './config.js';
import { firstMembers, readCursor, writeCursor } from './customers/cursors.js';
import {
  readCustomer,
  readRelation,
  readTagNames,
  readUnlicensed,
  tagIdsIn,
  type TagNames,
} from './customers/records.js';
import { isOutOfRange } from './directory/lookups.js';
import { userId } from './directory/records.js';
import { vendorCodeOf } from './errors.js';

/** "No relation between this member and a customer" (D-90313). */
const NO_RELATION = 84061;
/** "Bad external_userid", also said when no member in the visible range has added them (D-90313). */
const UNKNOWN_CUSTOMER = new Set([40096, NO_RELATION]);
/** The ids of a batch are part of the cursor, and cursors are to be small. */
const MAX_BATCH_CHARACTERS = 1_000;
/** Pages of 500 followers each: nobody has been added by ten thousand members. */
const MAX_FOLLOWER_PAGES = 20;

/**
 * External contacts (客户联系). A customer belongs to each member who has added them; tags are given per relation. What the
 * app sees are the customers of the members in its visible range (D-92113).
 */
export const customers: CustomersCapability<WecomConfig> = {
  async list(context, { cursor }) {
    const from = cursor === null ? firstMembers : readCursor(cursor);
    if (from.stage === 'rows') return customersOf(context, from.userIds, from);
    const members = await membersAfter(context, from.after);
    if (members.length === 0) return { items: [], rejected: [], cursor: null, done: true };
    const batch = firstBatch(members);
    return customersOf(context, batch, {
      position: firstPosition,
      more: members.length > batch.length,
    });
  },

  async get(context, { externalIds }) {
    return Promise.all(externalIds.map((externalId) => lookUpCustomer(context, externalId)));
  },
};

/** Members who may have customers, after `after` in the order of their lower-case ids: who comes or goes moves nobody else. */
async function membersAfter(context: WecomContext, after: string): Promise<string[]> {
  const members = new Map<string, string>();
  for (const entry of await listFollowers(context)) {
    const id = userId(entry);
    if (id !== null && id.toLowerCase() > after) members.set(id.toLowerCase(), id);
  }
  return [...members].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, id]) => id);
}

/** As many as one call takes, and as a cursor has room for. */
function firstBatch(members: readonly string[]): readonly string[] {
  let room = MAX_BATCH_CHARACTERS;
  let count = 0;
  for (const id of members) {
    room -= id.length;
    if (count === FOLLOWERS_PER_CALL || (room < 0 && count > 0)) break;
    count += 1;
  }
  return members.slice(0, count);
}

/** One page of the customers of `members`, a record per relation: the host unites those of one customer. */
async function customersOf(
  context: WecomContext,
  members: readonly string[],
  { position, more }: { position: Position; more: boolean },
): Promise<Page<CustomerRecord>> {
  const { asked, page } = await firstThatAnswer(context, members, position);
  const names = await namesOf(context, page.rows);
  const items: CustomerRecord[] = [];
  const rejected: RejectedRecord[] = readUnlicensed(page.unlicensed);
  for (const row of page.rows) {
    const reading = readRelation(row, names);
    if ('record' in reading) items.push(reading.record);
    else rejected.push(reading.rejected);
  }
  const moreMembers = more || asked.length < members.length;
  if (page.next !== null) {
    const next = nextPosition(position, page.next, 'externalcontact/batch/get_by_user');
    const cursor = writeCursor({ stage: 'rows', userIds: asked, position: next, more: moreMembers });
    return { items, rejected, cursor, done: false };
  }
  if (!moreMembers) return { items, rejected, cursor: null, done: true };
  const after = (asked.at(-1) ?? '').toLowerCase();
  return { items, rejected, cursor: writeCursor({ stage: 'members', after }), done: false };
}

/**
 * A member without customers may be answered with an error instead of with nothing, and whether that spoils the whole
 * batch is not written anywhere. So a batch that is refused with it is asked for in halves.
 */
async function firstThatAnswer(
  context: WecomContext,
  members: readonly string[],
  position: Position,
): Promise<{ asked: readonly string[]; page: Awaited<ReturnType<typeof listCustomersOf>> }> {
  try {
    return { asked: members, page: await listCustomersOf(context, members, position.at) };
  } catch (error) {
    if (vendorCodeOf(error) !== NO_RELATION || position.at !== null) throw error;
    if (members.length === 1) return { asked: members, page: { rows: [], next: null, unlicensed: null } };
    return firstThatAnswer(context, members.slice(0, Math.ceil(members.length / 2)), position);
  }
}

/**
 * Rows carry ids of tags only, so a page that has any costs one call more. Null where the names are not to be had: customers
 * without them are better than none.
 */
async function namesOf(context: WecomContext, rows: readonly JsonValue[]): Promise<TagNames | null> {
  if (rows.every((row) => tagIdsIn(row).length === 0)) return null;
  try {
    return readTagNames(await listCustomerTags(context));
  } catch (error) {
    if (!isConnectorError(error) || isRetryable(error)) throw error;
    context.log.warn('the names of customer tags could not be read', { code: error.code });
    return null;
  }
}

async function lookUpCustomer(context: WecomContext, externalId: string): Promise<Lookup<CustomerRecord>> {
  try {
    const { contact, followers, next } = await getCustomer(context, externalId, null);
    const all = [...followers];
    let cursor = next;
    for (let pages = 1; cursor !== null && pages < MAX_FOLLOWER_PAGES; pages += 1) {
      const page = await getCustomer(context, externalId, cursor);
      all.push(...page.followers);
      cursor = page.next === cursor ? null : page.next;
    }
    const reading = readCustomer(contact, all);
    if ('record' in reading && reading.record.externalId === externalId) {
      return { externalId, status: 'found', record: reading.record };
    }
    return { externalId, status: 'unknown' };
  } catch (error) {
    // The same words for a customer whom nobody has and for one whose owner is out of sight: no proof of anything.
    if (UNKNOWN_CUSTOMER.has(vendorCodeOf(error) ?? 0)) return { externalId, status: 'unknown' };
    if (isOutOfRange(error)) return { externalId, status: 'notVisible' };
    throw error;
  }
}
