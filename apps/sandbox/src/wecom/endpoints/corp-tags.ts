import { WecomApiError } from '../api-error.js';
import type { WecomApp } from '../credentials.js';
import type { CorpTag, CorpTagGroup } from '../customers/corp-tags.js';
import { bodyText, requireCustomers, textList, type WecomEndpoint, type WecomWorld } from '../world.js';

// D-92117: tags of the corporation for its customers. An app changes only those it made.

const longestName = 30;

/** All groups, or those asked for; group ids win over tag ids. What was deleted shows only when asked for. */
export const corpTagList: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    requireCustomers(call.principal);
    const groupIds = textList(call.body, 'group_id');
    const tagIds = groupIds.length > 0 ? [] : textList(call.body, 'tag_id');
    const groups = world.corpTags.all().flatMap((group) => {
      if (groupIds.length > 0) return groupIds.includes(group.id) ? [groupRecord(group, group.tags)] : [];
      const wanted = group.tags.filter(({ id, deleted }) =>
        tagIds.length > 0 ? tagIds.includes(id) : !deleted,
      );
      return wanted.length > 0 ? [groupRecord(group, wanted)] : [];
    });
    return { tag_group: groups };
  },
};

/** New tags in a group of that id or name; answers the group with what is new. */
export const corpTagAdd: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    const app = requireCustomers(call.principal);
    const { body } = call;
    const { group_id: groupId, tag: tags, order } = body;
    const isById = typeof groupId === 'string' && groupId !== '';
    if (isById && world.corpTags.group(groupId) === undefined) throw new WecomApiError(40068);
    if (!Array.isArray(tags) || tags.length === 0) throw new WecomApiError(40063);
    const { group, added } = world.corpTags.create({
      name: isById ? groupId : nameOf(body, 'group_name'),
      tags: tags.map((tag: unknown) => nameOf((tag ?? {}) as Record<string, unknown>, 'name')),
      creator: app.agentId,
      ...(typeof order === 'number' ? { order } : {}),
    });
    return { tag_group: groupRecord(group, added) };
  },
};

/** Another name or place for a tag or a group. */
export const corpTagEdit: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    const item = ownItem(bodyText(call.body, 'id'), requireCustomers(call.principal), world);
    if (call.body.name !== undefined) item.name = nameOf(call.body, 'name');
    if (typeof call.body.order === 'number') item.order = call.body.order;
    return {};
  },
};

/** Deletes tags, and groups with their tags. */
export const corpTagDelete: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    const app = requireCustomers(call.principal);
    const ids = [...textList(call.body, 'tag_id'), ...textList(call.body, 'group_id')];
    if (ids.length === 0) throw new WecomApiError(40063);
    for (const id of ids) ownItem(id, app, world);
    for (const id of ids) world.corpTags.erase(id);
    return {};
  },
};

/** @throws WecomApiError 40068 for what is not there, 81011 for what somebody else made. */
function ownItem(id: string, app: WecomApp, world: WecomWorld): CorpTag {
  const item = world.corpTags.item(id);
  if (item === undefined) throw new WecomApiError(40068);
  if (item.creator !== app.agentId) throw new WecomApiError(81011);
  return item;
}

function nameOf(body: Record<string, unknown>, field: string): string {
  const name = bodyText(body, field);
  if ([...name].length > longestName) throw new WecomApiError(40072);
  return name;
}

function groupRecord(group: CorpTagGroup, tags: readonly CorpTag[]): Record<string, unknown> {
  const { id, name, ...rest } = itemRecord(group);
  return { group_id: id, group_name: name, ...rest, tag: tags.map(itemRecord) };
}

function itemRecord({ id, name, createdAt, order, deleted }: CorpTag): Record<string, unknown> {
  return { id, name, create_time: createdAt, order, ...(deleted ? { deleted: true } : {}) };
}
