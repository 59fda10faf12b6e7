import {
  ConnectorError,
  isConnectorError,
  isJsonObject,
  outcomeOf,
  type ItemOutcome,
  type JsonObject,
  type JsonValue,
  type ResultItem,
} from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { customFields, setCustomFields } from '../api/directory.js';
import { id } from '../directory/records.js';

/** The most a text field holds (contact-v3/user/patch). */
const MAX_TEXT = 100;
/** Pages of 100 definitions looked through for a field. */
const MAX_PAGES = 5;

/** Writes one custom field (自定义字段) of each person; writing the same again changes nothing. */
export async function setAttributes(
  context: FeishuContext,
  options: JsonObject,
  items: readonly ResultItem[],
): Promise<ItemOutcome[]> {
  const definition = await findField(context, typeof options.attribute === 'string' ? options.attribute : '');
  return Promise.all(
    items.map((item) =>
      outcomeOf(item.key, async () => {
        await setCustomFields(context, item.recipient.externalId, [attributeOf(definition, item)]);
        return { key: item.key, status: 'done' };
      }),
    ),
  );
}

interface Definition {
  id: string;
  type: string;
  /** Of a choice: the ids of its options by what they say. */
  options: ReadonlyMap<string, string>;
}

/** By its id, or by its name in any language. Ids begin with `C-`; one of a text is enough where no definition is shown. */
async function findField(context: FeishuContext, wanted: string): Promise<Definition> {
  try {
    return await lookForField(context, wanted);
  } catch (error) {
    const isShown = !isConnectorError(error) || !NOT_SHOWN.has(error.code);
    if (isShown || !/^C-\d+$/.test(wanted)) throw error;
    return { id: wanted, type: 'TEXT', options: new Map() };
  }
}

/** Reading definitions takes another scope than writing values. */
const NOT_SHOWN = new Set(['permission_denied', 'not_found', 'bad_response', 'internal']);

async function lookForField(context: FeishuContext, wanted: string): Promise<Definition> {
  let token: string | null = null;
  for (let pages = 0; pages === 0 || (token !== null && pages < MAX_PAGES); pages += 1) {
    const page = await customFields(context, token);
    const found = page.items.find((item) => isJsonObject(item) && isNamed(item, wanted));
    if (isJsonObject(found)) return readDefinition(found);
    token = page.next;
  }
  throw new ConnectorError('config_invalid', `There is no custom field "${wanted.slice(0, 100)}".`, {
    advice: {
      en: 'Create it, or correct its name in the options: Feishu admin console → Organization → Member field management. Apps must be allowed to use custom fields there.',
      'zh-CN':
        '请在 飞书管理后台 → 组织架构 → 成员字段管理 中创建该字段并开启“允许开放平台 API 调用”，或更正配置中的字段名称。',
    },
  });
}

function isNamed(item: JsonObject, wanted: string): boolean {
  const names = Array.isArray(item.i18n_name) ? item.i18n_name : [];
  return item.id === wanted || names.some((name) => isJsonObject(name) && name.value === wanted);
}

function readDefinition(item: JsonObject): Definition {
  const choices =
    isJsonObject(item.options) && Array.isArray(item.options.options) ? item.options.options : [];
  return {
    id: id(item.id) ?? '',
    type: typeof item.type === 'string' ? item.type : '',
    options: new Map(choices.flatMap(optionOf)),
  };
}

function optionOf(choice: JsonValue): [string, string][] {
  const optionId = isJsonObject(choice) ? id(choice.id) : null;
  if (!isJsonObject(choice) || optionId === null) return [];
  return [choice.value, choice.name].flatMap((words): [string, string][] =>
    typeof words === 'string' && words !== '' ? [[words, optionId]] : [],
  );
}

function attributeOf(definition: Definition, { text, event }: ResultItem): JsonObject {
  const { id: attributeId, type, options } = definition;
  switch (type) {
    case 'TEXT':
      return { type, id: attributeId, value: { text: text.slice(0, MAX_TEXT) } };
    case 'HREF': {
      const url = isJsonObject(event.course) ? event.course.url : undefined;
      if (typeof url !== 'string')
        throw new ConnectorError('input_invalid', 'The custom field is a link, and the course has none.');
      return { type, id: attributeId, value: { text: text.slice(0, MAX_TEXT), url, pc_url: url } };
    }
    case 'ENUMERATION':
    case 'PICTURE_ENUM': {
      const optionId = options.get(text);
      if (optionId === undefined)
        throw new ConnectorError(
          'input_invalid',
          `The custom field offers no choice "${text.slice(0, 60)}".`,
        );
      return { type, id: attributeId, value: { option_id: optionId } };
    }
    default:
      throw new ConnectorError(
        'config_invalid',
        `A custom field of kind ${type.slice(0, 40)} cannot hold a result.`,
      );
  }
}
