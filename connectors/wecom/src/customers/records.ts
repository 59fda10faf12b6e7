import {
  isJsonObject,
  type CustomerRecord,
  type JsonObject,
  type JsonValue,
  type RejectedRecord,
} from '@trainbridge/connector-kit';
import { userId, type Reading } from '../directory/records.js';

/** Names of customer tags and of their groups, by the tag's id. */
export type TagNames = ReadonlyMap<string, { name: string; group?: string }>;

type Tag = NonNullable<CustomerRecord['tags']>[number];

/** `type` of a tag of the corporation; 2 is one a member made for themselves, 3 one of a group of rules (D-92114). */
const OF_CORPORATION = 1;

/**
 * A row of `batch/get_by_user`: one customer as one member has them. The relation is an object with ids of tags here, and a
 * list with whole tags in `externalcontact/get`; both have to come to the same, or a customer would change whenever they are
 * read the other way. So only tags of the corporation are told: those of rules have no name here, and are in `raw`. Where
 * names could not be read (`null`), ids stand in for them.
 */
export function readRelation(row: JsonValue, names: TagNames | null): Reading<CustomerRecord> {
  const contact = isJsonObject(row) ? row.external_contact : undefined;
  const relation = isJsonObject(row) ? row.follow_info : undefined;
  if (!isJsonObject(contact) || !isJsonObject(relation)) {
    return rejected(row, 'The row has no customer or no relation.');
  }
  const tags = tagIdsIn(row).flatMap((id): Tag[] => {
    const named = names === null ? { name: id } : names.get(id);
    return named === undefined ? [] : [{ id, ...named }];
  });
  return readContact(contact, [relation], tags);
}

/** A customer with everybody who has added them, as `externalcontact/get` tells it. */
export function readCustomer(contact: JsonObject, followers: readonly JsonValue[]): Reading<CustomerRecord> {
  const relations = followers.filter(isJsonObject);
  const tags = new Map<string, Tag>();
  for (const tag of relations.flatMap(({ tags: given }) => (Array.isArray(given) ? given : []))) {
    if (!isJsonObject(tag) || typeof tag.tag_id !== 'string' || tag.tag_id === '') continue;
    if (Number(tag.type ?? OF_CORPORATION) !== OF_CORPORATION) continue;
    const group = nonEmpty(tag.group_name);
    tags.set(tag.tag_id, {
      id: tag.tag_id,
      name: nonEmpty(tag.tag_name) ?? tag.tag_id,
      ...(group === undefined ? {} : { group }),
    });
  }
  return readContact(contact, relations, [...tags.values()]);
}

/** Ids of the tags in a row of `batch/get_by_user`. */
export function tagIdsIn(row: JsonValue): string[] {
  const relation = isJsonObject(row) ? row.follow_info : undefined;
  const ids = isJsonObject(relation) && Array.isArray(relation.tag_id) ? relation.tag_id : [];
  return [...new Set(ids.filter((id): id is string => typeof id === 'string' && id !== ''))];
}

/** The names in `get_corp_tag_list`. */
export function readTagNames(groups: readonly JsonValue[]): TagNames {
  const names = new Map<string, { name: string; group?: string }>();
  for (const { id, name, group } of customerTags(groups)) names.set(id, group ? { name, group } : { name });
  return names;
}

/** Every tag of `get_corp_tag_list` with its group; those marked as deleted are left out. */
export function customerTags(groups: readonly JsonValue[]): (Tag & { group: string })[] {
  return groups.flatMap((group) => {
    if (!isJsonObject(group) || group.deleted === true || !Array.isArray(group.tag)) return [];
    const groupName = nonEmpty(group.group_name) ?? '';
    return group.tag.flatMap((tag) => {
      if (!isJsonObject(tag) || tag.deleted === true) return [];
      const { id, name } = tag;
      if (typeof id !== 'string' || id === '' || typeof name !== 'string') return [];
      return [{ id, name, group: groupName }];
    });
  });
}

/** Members whose customers WeCom did not tell for want of a licence: the listing is not whole, and must not look so. */
export function readUnlicensed(list: JsonValue): RejectedRecord[] {
  const members = Array.isArray(list) ? list.filter((id) => typeof id === 'string') : [];
  if (members.length === 0) return [];
  const reason = `WeCom keeps back the customers of ${members.length} members without an interface licence.`;
  return [{ externalId: null, reason, raw: { unlicensed_userid_list: members } }];
}

function readContact(
  contact: JsonObject,
  relations: readonly JsonObject[],
  tags: readonly Tag[],
): Reading<CustomerRecord> {
  const externalId = userId(contact.external_userid);
  if (externalId === null) return rejected(contact, 'The customer has no usable external_userid.');
  const unionId = nonEmpty(contact.unionid);
  const owners = new Map<string, string>();
  for (const { userid } of relations) {
    const owner = userId(userid);
    if (owner !== null) owners.set(owner.toLowerCase(), owner);
  }
  const record: CustomerRecord = {
    externalId,
    ownerExternalIds: [...owners.values()],
    tags: [...tags],
    raw: { ...contact, follow_user: [...relations] },
  };
  if (typeof contact.name === 'string') record.displayName = contact.name.trim() || null;
  // Told only to corporations that bound a WeChat developer account (D-92114).
  if (unionId !== undefined) record.externalIds = [{ type: 'unionid', value: unionId }];
  return { record };
}

function nonEmpty(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function rejected(raw: JsonValue, reason: string): { rejected: RejectedRecord } {
  return { rejected: { externalId: null, reason, raw: isJsonObject(raw) ? raw : { value: raw } } };
}
