import {
  ConnectorError,
  isConnectorError,
  type ConnectorErrorData,
  type ItemOutcome,
  type JsonObject,
  type ResultItem,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from '../api.js';
import { getContact, updateContact } from '../api/customers.js';
import { labelId, readLabels } from '../customers.js';
import { idOf, list, text } from '../values.js';

/** The most labels a contact carries (page update-enterprise-external-contacts). */
const MAX_LABELS = 20;

/**
 * Puts a label on external contacts. There is no call that adds one: an update replaces the list, so it is read, added to
 * and written back. Doing it twice changes nothing.
 */
export async function tagCustomers(
  context: DingtalkContext,
  options: JsonObject,
  items: readonly ResultItem[],
): Promise<ItemOutcome[]> {
  const label = await labelOf(context, options);
  // Once per contact: two writes side by side would overwrite each other.
  const contacts = [...new Set(items.map(({ recipient }) => recipient.externalId))];
  const failures = new Map(
    await Promise.all(contacts.map(async (id) => [id, await addLabel(context, id, label)] as const)),
  );
  return items.map(({ key, recipient }): ItemOutcome => {
    const error = failures.get(recipient.externalId);
    return error ? { key, status: 'failed', error } : { key, status: 'done' };
  });
}

/** What went wrong; null when the contact carries the label now. */
async function addLabel(
  context: DingtalkContext,
  userid: string,
  label: number,
): Promise<ConnectorErrorData | null> {
  try {
    const contact = await getContact(context, userid);
    const labels = list(contact.label_ids)
      .flatMap((id) => labelId(id) ?? [])
      .map(Number);
    if (labels.includes(label)) return null;
    if (labels.length >= MAX_LABELS)
      throw new ConnectorError(
        'input_invalid',
        `The contact carries ${MAX_LABELS} labels, the most there can be.`,
      );
    await updateContact(context, writable(userid, contact, [...labels, label]));
    return null;
  } catch (error) {
    if (isConnectorError(error)) return error.data;
    throw error;
  }
}

/** Fields an update takes. All that are known are sent along, because what is left out might be cleared. */
const OPTIONAL = ['title', 'address', 'remark', 'company_name', 'share_dept_ids', 'share_user_ids'];

function writable(userid: string, contact: JsonObject, labels: number[]): JsonObject {
  const name = text(contact.name);
  const owner = idOf(contact.follower_user_id);
  if (!name || owner === null)
    throw new ConnectorError('bad_response', 'extcontact/get answered without the name or the follower.');
  const kept = OPTIONAL.flatMap((field) => {
    const value = contact[field];
    return value === undefined || value === null ? [] : [[field, value] as const];
  });
  return { ...Object.fromEntries(kept), user_id: userid, name, follower_user_id: owner, label_ids: labels };
}

/** An id goes before a name; where the options have neither, the label has a name of its own. */
async function labelOf(context: DingtalkContext, options: JsonObject): Promise<number> {
  const given = labelId(options.tagId);
  if (given !== null) return Number(given);
  const name =
    text(options.tagName) || (context.connection.locale === 'en' ? 'Training completed' : '培训完成');
  const [found] = [...(await readLabels(context))].filter(([, label]) => label.name === name);
  if (found) return Number(found[0]);
  throw new ConnectorError('config_invalid', `There is no label of the name "${name.slice(0, 64)}".`, {
    advice: {
      en: 'Labels are made in the admin console (oa.dingtalk.com) → Contacts → External contacts → Labels; the name must be the same to the letter.',
      'zh-CN':
        '标签须在 管理后台（oa.dingtalk.com）→ 通讯录 → 外部联系人 → 标签管理 中创建，名称须完全一致。',
    },
  });
}
