import {
  ConnectorError,
  isConnectorError,
  isJsonObject,
  isRetryable,
  type ItemOutcome,
  type JsonObject,
  type ResultItem,
} from '@trainbridge/connector-kit';
import type { WecomContext } from '../api.js';
import { createCustomerTag, getCustomer, listCustomerTags, markCustomer } from '../api/customers.js';
import { customerTags } from '../customers/records.js';
import { userId } from '../directory/records.js';
import { failedItem, missing, vendorCodeOf } from '../errors.js';
import { isMemberTagId, wantedTag, wrongKind } from './tag-options.js';

const NAME_EXISTS = 40071;

/**
 * Tags customers. A tag belongs to the relation between a customer and a member (D-92118), so it is given for every member
 * who has added them, a call each; there is none for several.
 */
export async function tagCustomers(
  context: WecomContext,
  options: JsonObject,
  items: readonly ResultItem[],
): Promise<ItemOutcome[]> {
  if (items.length === 0) return [];
  const wanted = wantedTag(options, context);
  if ('id' in wanted && isMemberTagId(wanted.id)) return wrongKind(items, 'customers');
  let tagId: string;
  try {
    tagId = 'id' in wanted ? wanted.id : await findOrCreate(context, wanted.name);
  } catch (error) {
    return items.map(({ key }) => failedItem(key, error));
  }
  return Promise.all(items.map((item) => tagCustomer(context, tagId, item)));
}

/** Done when at least one relation has the tag and none is worth another try: relations end all the time. */
async function tagCustomer(
  context: WecomContext,
  tagId: string,
  { key, recipient }: ResultItem,
): Promise<ItemOutcome> {
  try {
    const owners = recipient.ownerExternalIds?.length
      ? recipient.ownerExternalIds
      : await ownersOf(context, recipient.externalId);
    const failures = await Promise.all(
      owners.map((owner) =>
        failureOf(markCustomer(context, { userId: owner, externalUserId: recipient.externalId }, tagId)),
      ),
    );
    const worst = failures.find(isRetryable) ?? (failures.includes(null) ? null : failures[0]);
    return worst ? failedItem(key, worst) : { key, status: 'done' };
  } catch (error) {
    return failedItem(key, error);
  }
}

async function failureOf(call: Promise<void>): Promise<unknown> {
  try {
    await call;
    return null;
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return error;
  }
}

async function ownersOf(context: WecomContext, externalId: string): Promise<string[]> {
  const { followers } = await getCustomer(context, externalId, null);
  const owners = followers.flatMap((follower) =>
    isJsonObject(follower) ? (userId(follower.userid) ?? []) : [],
  );
  if (owners.length === 0)
    throw new ConnectorError('not_found', 'No member in the visible range has this customer.');
  return owners;
}

/** The tag of that name in any group; where there is none it is made, in a group of ours. */
async function findOrCreate(context: WecomContext, name: string): Promise<string> {
  const known = await find(context, name);
  if (known !== undefined) return known;
  try {
    const group = context.connection.locale === 'en' ? 'Training' : '培训';
    const made = customerTags([await createCustomerTag(context, group, name)]);
    // The answer may show the whole group, and not only what was added.
    const tag = made.find((candidate) => candidate.name === name);
    if (!tag) throw missing('externalcontact/add_corp_tag', 'the new tag');
    return tag.id;
  } catch (error) {
    if (vendorCodeOf(error) !== NAME_EXISTS) throw error;
    const since = await find(context, name);
    if (since === undefined) throw error;
    return since;
  }
}

async function find(context: WecomContext, name: string): Promise<string | undefined> {
  return customerTags(await listCustomerTags(context)).find((tag) => tag.name === name)?.id;
}
