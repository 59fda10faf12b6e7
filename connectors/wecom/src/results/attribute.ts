import {
  ConnectorError,
  isConnectorError,
  isJsonObject,
  type ItemOutcome,
  type JsonObject,
  type JsonValue,
  type ResultItem,
} from '@trainbridge/connector-kit';
import type { WecomContext } from '../api.js';
import { getMember } from '../api/directory.js';
import { cutToCharacters } from '../api/limits.js';
import { updateMember } from '../api/member-writes.js';
import { failedItem, vendorCodeOf } from '../errors.js';

/** A text attribute takes no more (D-90196). */
const MAX_VALUE = 64;
/** The caller's address is not trusted, which has advice of its own. */
const UNTRUSTED_ADDRESS = 60020;
/** `type` of an attribute that is a link with a title. */
const LINK = 1;

/**
 * Writes a text to an extended attribute (扩展属性) of people's profile cards. Whether WeCom keeps the attributes a write does
 * not name is written nowhere, so all of them are sent: read with the app's secret, which may read, and written with the
 * contacts secret, which may write (D-90193, D-90197). Two attributes of one person that are written at the same moment by
 * two calls can therefore undo each other; the platform offers nothing against it.
 */
export async function writeAttribute(
  context: WecomContext,
  options: JsonObject,
  items: readonly ResultItem[],
): Promise<ItemOutcome[]> {
  const { attribute: name } = options;
  if (typeof name !== 'string' || name === '')
    throw new ConnectorError('config_invalid', 'The options name no attribute.');
  if (!context.config.contactsSecret) throw noContactsSecret();
  // Two values for one person must not race: the later one counts, and both are told.
  const byPerson = new Map<string, ResultItem[]>();
  for (const item of items) {
    const person = item.recipient.externalId.toLowerCase();
    byPerson.set(person, [...(byPerson.get(person) ?? []), item]);
  }
  const outcomes = await Promise.all([...byPerson.values()].map((group) => writeLast(context, name, group)));
  return outcomes.flat();
}

async function writeLast(
  context: WecomContext,
  name: string,
  group: readonly ResultItem[],
): Promise<ItemOutcome[]> {
  try {
    const last = group.at(-1);
    if (last) await writeValue(context, last.recipient.externalId, name, last.text);
    return group.map(({ key }) => ({ key, status: 'done' }));
  } catch (error) {
    return group.map(({ key }) => failedItem(key, error));
  }
}

async function writeValue(context: WecomContext, userId: string, name: string, text: string): Promise<void> {
  const before = await readAttributes(context, userId);
  const known = before.find((attribute) => attribute.name === name);
  if (known && Number(known.type) === LINK) {
    throw new ConnectorError('config_invalid', 'The attribute is a link, not a text.', {
      advice: attributeAdvice,
    });
  }
  const value = cutToCharacters(text, MAX_VALUE);
  if (textOf(known) === value) return;
  const mine: JsonObject = isOldForm(known) ? { ...known, value } : { type: 0, name, text: { value } };
  const attrs = [...before.filter((attribute) => attribute.name !== name), mine];
  await write(context, userId, attrs);
  // A name no administrator has set up is ignored without a word. One that was there before is known to exist.
  if (known) return;
  const after = await readAttributes(context, userId);
  if (after.some((attribute) => attribute.name === name)) return;
  throw new ConnectorError('config_invalid', 'WeCom ignored the attribute: it does not exist there.', {
    advice: attributeAdvice,
  });
}

/** WeCom's words for a contacts secret that may only read are those for a person out of sight; the advice names the former. */
async function write(context: WecomContext, userId: string, attrs: JsonObject[]): Promise<void> {
  try {
    await updateMember(context, userId, { extattr: { attrs } });
  } catch (error) {
    if (!isConnectorError(error) || vendorCodeOf(error) === UNTRUSTED_ADDRESS) throw error;
    if (error.code !== 'permission_denied') throw error;
    throw new ConnectorError('permission_denied', error.message, { ...error.data, advice: editAdvice });
  }
}

/** @throws ConnectorError `permission_denied` where the app may not read them: to write then could wipe the others. */
async function readAttributes(context: WecomContext, userId: string): Promise<JsonObject[]> {
  const { extattr } = await getMember(context, userId);
  const attrs: JsonValue | undefined = isJsonObject(extattr) ? extattr.attrs : undefined;
  if (Array.isArray(attrs)) return attrs.filter(isJsonObject);
  throw new ConnectorError('permission_denied', 'The app does not get extended attributes.', {
    advice: attributeAdvice,
  });
}

/** Private deployments write `{name, value}`, without a type (WxJava's WxCpUserGsonAdapterForPrivatizedVersionTest). */
function isOldForm(attribute: JsonObject | undefined): boolean {
  return attribute !== undefined && !isJsonObject(attribute.text) && typeof attribute.value === 'string';
}

function textOf(attribute: JsonObject | undefined): JsonValue | undefined {
  return isJsonObject(attribute?.text) ? attribute.text.value : attribute?.value;
}

const attributeAdvice = {
  en: 'Create a text attribute of exactly this name and let apps see it: admin console → Contacts → Member fields (Management Tools → Contacts Management → Member profile fields).',
  'zh-CN': '请在 管理后台 → 通讯录 → 成员资料字段 中新增同名的文本类型扩展属性，并确认其对应用可见。',
};

const editAdvice = {
  en: 'The contacts secret must be allowed to edit: admin console → Management Tools → Contacts Sync → Permission → “API edits contacts”. Enter its Secret as `contactsSecret`.',
  'zh-CN':
    '通讯录同步需有编辑权限：管理后台 → 管理工具 → 通讯录同步 → 权限 → “API编辑通讯录”，并将其 Secret 填入 `contactsSecret`。',
};

function noContactsSecret(): ConnectorError {
  return new ConnectorError('config_invalid', 'Writing attributes needs the contacts secret.', {
    advice: editAdvice,
  });
}
