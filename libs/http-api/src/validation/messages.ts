import type { LocalizedText } from '@trainbridge/connector-kit';

/** Gets the arguments of the validator, already as text. */
type Message = (shown: readonly string[]) => LocalizedText;

const fixed =
  (en: string, zh: string): Message =>
  () => ({ en, 'zh-CN': zh });

/** At most twenty values of an enumeration: a message is for reading. */
function asText(constraint: unknown): string {
  if (constraint instanceof RegExp) return constraint.toString();
  if (typeof constraint !== 'object' || constraint === null) return String(constraint);
  const values = Object.values(constraint).map(String);
  return values.slice(0, 20).join(', ') + (values.length > 20 ? ', …' : '');
}

export const UNKNOWN_FIELD: LocalizedText = { en: 'is not a known field', 'zh-CN': '未知字段' };
export const REQUIRED: LocalizedText = { en: 'is required', 'zh-CN': '必填' };
export const NOT_AN_OBJECT: LocalizedText = { en: 'must be an object', 'zh-CN': '必须是对象' };

/** What each validator of class-validator says, by its name. One that is missing here speaks English only. */
const MESSAGES: Record<string, Message> = {
  isDefined: () => REQUIRED,
  isString: fixed('must be a string', '必须是字符串'),
  isBoolean: fixed('must be true or false', '必须是 true 或 false'),
  isInt: fixed('must be a whole number', '必须是整数'),
  isNumber: fixed('must be a number', '必须是数字'),
  isArray: fixed('must be an array', '必须是数组'),
  isObject: () => NOT_AN_OBJECT,
  isDate: fixed('must be a date', '必须是日期'),
  isNotEmpty: fixed('must not be empty', '不能为空'),
  isNotEmptyObject: fixed('must not be empty', '不能为空'),
  arrayNotEmpty: fixed('must not be empty', '不能为空'),
  arrayUnique: fixed('must not hold the same value twice', '不能包含重复的值'),
  arrayMinSize: ([least]) => ({
    en: `must have at least ${least} elements`,
    'zh-CN': `至少需要 ${least} 个元素`,
  }),
  arrayMaxSize: ([most]) => ({ en: `must have at most ${most} elements`, 'zh-CN': `最多 ${most} 个元素` }),
  min: ([least]) => ({ en: `must not be less than ${least}`, 'zh-CN': `不能小于 ${least}` }),
  max: ([most]) => ({ en: `must not be greater than ${most}`, 'zh-CN': `不能大于 ${most}` }),
  isPositive: fixed('must be greater than 0', '必须大于 0'),
  isNegative: fixed('must be less than 0', '必须小于 0'),
  minLength: ([least]) => ({
    en: `must be at least ${least} characters long`,
    'zh-CN': `至少 ${least} 个字符`,
  }),
  maxLength: ([most]) => ({ en: `must be at most ${most} characters long`, 'zh-CN': `最多 ${most} 个字符` }),
  isLength: ([least, most]) => ({
    en: `must be at least ${least} and at most ${most} characters long`,
    'zh-CN': `长度必须为 ${least} 到 ${most} 个字符`,
  }),
  matches: ([pattern]) => ({ en: `must match ${pattern}`, 'zh-CN': `必须匹配 ${pattern}` }),
  isIn: ([values]) => ({
    en: `must be one of: ${values}`,
    'zh-CN': `必须是以下值之一：${values}`,
  }),
  isEnum: ([values]) => ({
    en: `must be one of: ${values}`,
    'zh-CN': `必须是以下值之一：${values}`,
  }),
  equals: ([value]) => ({ en: `must be ${value}`, 'zh-CN': `必须是 ${value}` }),
  isUrl: fixed('must be a URL', '必须是 URL'),
  isWebAddress: fixed(
    'must be an http or https address without credentials',
    '必须是不含用户名和密码的 http 或 https 地址',
  ),
  isEmail: fixed('must be an e-mail address', '必须是邮箱地址'),
  isUuid: fixed('must be a UUID', '必须是 UUID'),
  isIso8601: fixed('must be an ISO 8601 time', '必须是 ISO 8601 时间'),
  isRfc3339: fixed('must be an RFC 3339 time', '必须是 RFC 3339 时间'),
  isTimestamp: fixed(
    'must be a time with its offset, such as 2026-11-23T09:30:00Z',
    '必须是带时区的时间，例如 2026-11-23T09:30:00Z',
  ),
  isDateString: fixed('must be an ISO 8601 time', '必须是 ISO 8601 时间'),
  isTimeZone: fixed('must be an IANA time zone', '必须是 IANA 时区名'),
  isIp: fixed('must be an IP address', '必须是 IP 地址'),
  nestedValidation: fixed('must be an object or an array of objects', '必须是对象或对象数组'),
  whitelistValidation: () => UNKNOWN_FIELD,
};

/** These say what kind of thing is expected: they are told first, because the others make no sense before. */
const KINDS = new Set([
  'isDefined',
  'isString',
  'isBoolean',
  'isInt',
  'isNumber',
  'isArray',
  'isObject',
  'isDate',
  'isIn',
  'isEnum',
]);

export function isKindCheck(name: string): boolean {
  return KINDS.has(name);
}

/** The message in both languages; `fallback` is what class-validator says, prefixed with the property. */
export function messageFor(
  name: string,
  constraints: readonly unknown[],
  fallback: string,
): string | LocalizedText {
  return MESSAGES[name]?.(constraints.map(asText)) ?? fallback;
}
