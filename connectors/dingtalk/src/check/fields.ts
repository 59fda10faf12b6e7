import { say, type Finding, type JsonObject, type LocalizedText } from '@trainbridge/connector-kit';

/** Fields that are left out without a word where their permission is missing (page query-user-details). */
const sensitive: Readonly<Record<string, LocalizedText>> = {
  mobile: say('mobile', '手机号'),
  email: say('email', '邮箱'),
  org_email: say('company mailbox', '企业邮箱'),
  job_number: say('employee number', '工号'),
  title: say('job title', '职位'),
  extension: say('own fields', '自定义字段'),
};

/** Which fields this app really gets, seen on one person. Names of fields only: no value of theirs leaves here. */
export function readableFields(person: JsonObject | null): Finding {
  const step = 'readable-fields';
  if (!person) {
    return {
      step,
      ok: true,
      message: say(
        'There is nobody to look at yet, so it is not known which fields the app gets.',
        '权限范围内暂无成员，无法判断可读取哪些字段。',
      ),
    };
  }
  const names = Object.keys(sensitive);
  const present = names.filter((name) => Object.hasOwn(person, name));
  const withheld = names.filter((name) => !present.includes(name));
  const data = { present, withheld };
  if (withheld.length === 0) {
    return {
      step,
      ok: true,
      message: say(
        'The app reads mobiles, mails, employee numbers, titles and the company’s own fields.',
        '应用可读取手机号、邮箱、工号、职位和自定义字段。',
      ),
      data,
    };
  }
  return {
    step,
    ok: true,
    message: say(
      `Not told about the person looked at: ${withheld.map((name) => sensitive[name]?.en).join(', ')}. Either they are empty, or the app may not read them.`,
      `抽查的成员未返回：${withheld.map((name) => sensitive[name]?.['zh-CN']).join('、')}。可能为空，也可能是应用无权读取。`,
    ),
    advice: say(
      'Mobiles need the permission “employees’ mobile numbers”, mails, work places and own fields the one for “email and other personal information”: developer console → your app → Permission management → Contacts.',
      '手机号需“企业员工手机号信息”权限，邮箱、办公地点、自定义字段需“邮箱等个人信息”权限：开发者后台 → 应用 → 权限管理 → 通讯录管理。',
    ),
    data,
  };
}
