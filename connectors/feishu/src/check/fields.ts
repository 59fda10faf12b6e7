import { isJsonObject, say, type Finding, type JsonObject } from '@trainbridge/connector-kit';
import { scopeAdvice } from '../errors/advice.js';

interface Told {
  /** Keys of a person of which at least one is there when the scope is. */
  keys: readonly string[];
  scope: string;
  en: string;
  zh: string;
}

/**
 * Which scope opens which fields (contact-v3/user, "字段权限要求"). A field whose scope is missing is left out of answers
 * without any error; the broad scopes for reading contacts open some of them, and not these marked here by their own.
 */
const fields: readonly Told[] = [
  { keys: ['name'], scope: 'contact:user.base:readonly', en: 'name', zh: '姓名' },
  {
    keys: ['department_ids', 'orders'],
    scope: 'contact:user.department:readonly',
    en: 'departments',
    zh: '部门',
  },
  { keys: ['status'], scope: 'contact:user.employee:readonly', en: 'status', zh: '状态' },
  { keys: ['employee_no'], scope: 'contact:user.employee_number:read', en: 'employee number', zh: '工号' },
  { keys: ['job_title'], scope: 'contact:user.employee:readonly', en: 'job title', zh: '职务' },
  { keys: ['mobile'], scope: 'contact:user.phone:readonly', en: 'mobile', zh: '手机号' },
  { keys: ['email', 'enterprise_email'], scope: 'contact:user.email:readonly', en: 'email', zh: '邮箱' },
  { keys: ['user_id'], scope: 'contact:user.employee_id:readonly', en: 'user_id', zh: 'user_id' },
];
/** Without these a person cannot be kept right: their name, where they stand, whether they are still there. */
const NEEDED = new Set(['name', 'departments', 'status']);

/** Which fields this app really gets, seen on a few people. Names of fields only: no value of theirs leaves here. */
export function readableFields(people: readonly JsonObject[]): Finding {
  const step = 'readable-fields';
  if (people.length === 0) {
    return {
      step,
      ok: true,
      message: say(
        'There is nobody to look at yet, so it is not known which fields the app gets.',
        '通讯录权限范围内暂无成员，无法判断可读取哪些字段。',
      ),
    };
  }
  const seen = (key: string): boolean => people.some((person) => Object.hasOwn(person, key));
  const withheld = fields.filter(({ keys }) => !keys.some(seen));
  const data = {
    present: fields.filter((field) => !withheld.includes(field)).map(({ en }) => en),
    withheld: withheld.map(({ en }) => en),
    scopes: [...new Set(withheld.map(({ scope }) => scope))],
    customFields: customFieldIds(people),
  };
  if (withheld.length === 0) {
    return {
      step,
      ok: true,
      message: say(
        'The app reads names, departments, status, employee numbers, job titles, mobiles and emails.',
        '应用可读取姓名、部门、状态、工号、职务、手机号和邮箱。',
      ),
      data,
    };
  }
  return {
    step,
    ok: !withheld.some(({ en }) => NEEDED.has(en)),
    message: say(
      `The app does not get: ${withheld.map(({ en }) => en).join(', ')}. Feishu leaves out what the app has no scope for.`,
      `应用无法读取：${withheld.map(({ zh }) => zh).join('、')}。未开通权限的字段，飞书不会返回。`,
    ),
    // All of them, unlike the scopes an error names, any one of which would do.
    advice: scopeAdvice([data.scopes.join(', ')]),
    data,
  };
}

function customFieldIds(people: readonly JsonObject[]): string[] {
  const ids = people.flatMap(({ custom_attrs: attrs }) =>
    Array.isArray(attrs)
      ? attrs.flatMap((attr) =>
          isJsonObject(attr) && typeof attr.id === 'string' ? [attr.id.slice(0, 64)] : [],
        )
      : [],
  );
  return [...new Set(ids)].slice(0, 50);
}
