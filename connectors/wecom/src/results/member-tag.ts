import { isJsonObject, type ItemOutcome, type JsonObject, type ResultItem } from '@trainbridge/connector-kit';
import type { WecomContext } from '../api.js';
import { addToTag, createTag, listTags } from '../api/member-writes.js';
import { failedItem, unreachableItem, vendorCodeOf } from '../errors.js';
import { isMemberTagId, wantedTag, wrongKind } from './tag-options.js';

/** Every target of a tag is unknown or out of sight. */
const NOBODY = 40070;
/** The name is in use. */
const NAME_EXISTS = 40071;

/** Puts people under a tag, in one call for all of them; the tag may have to be made first. */
export async function tagMembers(
  context: WecomContext,
  options: JsonObject,
  items: readonly ResultItem[],
): Promise<ItemOutcome[]> {
  if (items.length === 0) return [];
  const wanted = wantedTag(options, context);
  if ('id' in wanted && !isMemberTagId(wanted.id)) return wrongKind(items, 'members');
  try {
    const tagId = 'id' in wanted ? Number(wanted.id) : await findOrCreate(context, wanted.name);
    const people = new Map(
      items.map(({ recipient: { externalId } }) => [externalId.toLowerCase(), externalId]),
    );
    const refused = await addToTag(context, tagId, [...people.values()]);
    return items.map(({ key, recipient }) =>
      refused.has(recipient.externalId.toLowerCase()) ? unreachableItem(key) : { key, status: 'done' },
    );
  } catch (error) {
    if (vendorCodeOf(error) === NOBODY) return items.map(({ key }) => unreachableItem(key));
    return items.map(({ key }) => failedItem(key, error));
  }
}

/** Names are unique in the corporation, so a tag that somebody makes at the same moment is the one we want. */
async function findOrCreate(context: WecomContext, name: string): Promise<number> {
  const known = await find(context, name);
  if (known !== undefined) return known;
  try {
    return await createTag(context, name);
  } catch (error) {
    if (vendorCodeOf(error) !== NAME_EXISTS) throw error;
    const made = await find(context, name);
    if (made === undefined) throw error;
    return made;
  }
}

async function find(context: WecomContext, name: string): Promise<number | undefined> {
  for (const tag of await listTags(context)) {
    if (!isJsonObject(tag) || tag.tagname !== name) continue;
    const id = Number(tag.tagid);
    if (Number.isSafeInteger(id) && tag.tagid !== null) return id;
  }
  return undefined;
}
