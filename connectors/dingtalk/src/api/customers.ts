import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { call, listOf, objectOf, read, type DingtalkContext } from '../api.js';

/** The most contacts, or groups of labels, per page. */
export const PAGE = 100;

/** External contacts. No total and no `has_more`: a page that is not full is the last. */
export async function listContacts(
  context: DingtalkContext,
  offset: number,
  size = PAGE,
): Promise<JsonValue[]> {
  const path = '/topapi/extcontact/list';
  return listOf(await read(context, path, { size, offset }), 'results', path);
}

export async function listLabelGroups(context: DingtalkContext, offset: number): Promise<JsonValue[]> {
  const path = '/topapi/extcontact/listlabelgroups';
  return listOf(await read(context, path, { size: PAGE, offset }), 'results', path);
}

export async function getContact(context: DingtalkContext, userid: string): Promise<JsonObject> {
  const path = '/topapi/extcontact/get';
  return objectOf(await read(context, path, { user_id: userid }), 'result', path);
}

/** Replaces what it is given; writing the same twice changes nothing. */
export async function updateContact(context: DingtalkContext, contact: JsonObject): Promise<void> {
  await call(context, 'POST', '/topapi/extcontact/update', { json: { contact }, retry: 'safe' });
}
