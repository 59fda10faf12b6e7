import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { call, listOf, type WecomContext } from '../api.js';
import { missing } from '../errors.js';
import { barList } from './messages.js';

/** Every member tag of the corporation (D-90214). */
export async function listTags(context: WecomContext): Promise<JsonValue[]> {
  return listOf(await call(context, 'app', 'tag/list'), 'taglist', 'tag/list');
}

/** Makes a tag that belongs to this app, and answers its id, which some answers write as text (D-90210). */
export async function createTag(context: WecomContext, name: string): Promise<number> {
  const { tagid } = await call(context, 'app', 'tag/create', { json: { tagname: name } });
  const id = Number(tagid);
  if (tagid === null || tagid === '' || !Number.isSafeInteger(id)) throw missing('tag/create', '"tagid"');
  return id;
}

/**
 * Puts up to 1,000 people under a tag and answers those it did not take, in lower case. Doing it twice changes nothing.
 * Success for some and not for others is `errcode` 0 with a text of ids joined by bars (D-90214).
 */
export async function addToTag(
  context: WecomContext,
  tagId: number,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { invalidlist } = await call(context, 'app', 'tag/addtagusers', {
    json: { tagid: tagId, userlist: [...userIds] },
    retry: 'safe',
  });
  return new Set(barList(invalidlist));
}

/** Writes some fields of a person; the others stay as they are (D-90197). The contacts secret alone may do it. */
export async function updateMember(context: WecomContext, userId: string, fields: JsonObject): Promise<void> {
  await call(context, 'contacts', 'user/update', { json: { userid: userId, ...fields }, retry: 'safe' });
}
