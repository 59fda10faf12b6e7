import {
  ConnectorError,
  isConnectorError,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@trainbridge/connector-kit';
import { call, listOf, type VendorPage, type WecomContext } from '../api.js';
import { missing } from '../errors.js';
import { cursorIn } from './paging.js';

/** Members per call of `batch/get_by_user`, and rows per page of its answer: the most it takes and gives (D-92994). */
export const FOLLOWERS_PER_CALL = 100;
const ROWS_PER_PAGE = 100;

/**
 * Ids of the visible members who may have customers (D-92571; all calls here need 客户联系 → API). It is the
 * call every reading of customers begins with, so it is the one that finds out whether there are any to be had.
 *
 * @throws ConnectorError `permission_denied` as well where the deployment does not know the call.
 */
export async function listFollowers(context: WecomContext): Promise<JsonValue[]> {
  const endpoint = 'externalcontact/get_follow_user_list';
  let payload: JsonObject;
  try {
    payload = await call(context, 'app', endpoint);
  } catch (error) {
    throw isNoAnswerOfWecom(error) ? noCustomers(error) : error;
  }
  return listOf(payload, 'follow_user', endpoint);
}

/** A page of some web server: private deployments without 客户联系 have it in the place of an `errcode`. */
function isNoAnswerOfWecom(error: unknown): error is ConnectorError {
  return isConnectorError(error) && error.code === 'bad_response' && error.data.vendorCode === undefined;
}

function noCustomers({ message }: ConnectorError): ConnectorError {
  return new ConnectorError('permission_denied', `This WeCom offers no customers. ${message}`, {
    advice: {
      en: 'Nothing to do where the deployment has no Customer Contact. Otherwise check `apiBaseUrl` and the outbound proxy.',
      'zh-CN': '若该部署未提供 客户联系，无需处理；否则请检查 `apiBaseUrl` 与出口代理。',
    },
  });
}

/** One page of the customers of up to 100 members, a row per member and customer. */
export async function listCustomersOf(
  context: WecomContext,
  userIds: readonly string[],
  cursor: string | null,
): Promise<VendorPage & { unlicensed: JsonValue }> {
  const endpoint = 'externalcontact/batch/get_by_user';
  const payload = await call(context, 'app', endpoint, {
    json: { userid_list: [...userIds], limit: ROWS_PER_PAGE, ...(cursor === null ? {} : { cursor }) },
    retry: 'safe',
  });
  const { fail_info: failed } = payload;
  return {
    rows: listOf(payload, 'external_contact_list', endpoint),
    next: cursorIn(payload, 'next_cursor', endpoint),
    unlicensed: isJsonObject(failed) ? (failed.unlicensed_userid_list ?? null) : null,
  };
}

/** One customer with the members who have added them; more than 500 of those come in pages. */
export async function getCustomer(
  context: WecomContext,
  externalUserId: string,
  cursor: string | null,
): Promise<{ contact: JsonObject; followers: JsonValue[]; next: string | null }> {
  const endpoint = 'externalcontact/get';
  const payload = await call(context, 'app', endpoint, {
    query: { external_userid: externalUserId, ...(cursor === null ? {} : { cursor }) },
  });
  const { external_contact: contact } = payload;
  if (!isJsonObject(contact)) throw missing(endpoint, '"external_contact"');
  return {
    contact,
    followers: listOf(payload, 'follow_user', endpoint),
    next: cursorIn(payload, 'next_cursor', endpoint),
  };
}

/**
 * The corporation's customer tags by group, at most 3,000 (D-92117). Never narrowed down by ids: one that is no tag of the
 * corporation would spoil the whole answer.
 */
export async function listCustomerTags(context: WecomContext): Promise<JsonValue[]> {
  const endpoint = 'externalcontact/get_corp_tag_list';
  return listOf(await call(context, 'app', endpoint, { json: {}, retry: 'safe' }), 'tag_group', endpoint);
}

/** Adds a customer tag to the group of that name, which is made where there is none; answers the group with the tag. */
export async function createCustomerTag(
  context: WecomContext,
  group: string,
  name: string,
): Promise<JsonValue> {
  const endpoint = 'externalcontact/add_corp_tag';
  const payload = await call(context, 'app', endpoint, { json: { group_name: group, tag: [{ name }] } });
  if (!isJsonObject(payload.tag_group)) throw missing(endpoint, '"tag_group"');
  return payload.tag_group;
}

/** Tags a customer as one member has them. Doing it twice changes nothing (D-92118). */
export async function markCustomer(
  context: WecomContext,
  relation: { userId: string; externalUserId: string },
  tagId: string,
): Promise<void> {
  await call(context, 'app', 'externalcontact/mark_tag', {
    json: { userid: relation.userId, external_userid: relation.externalUserId, add_tag: [tagId] },
    retry: 'safe',
  });
}
