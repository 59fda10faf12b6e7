import {
  isJsonObject,
  say,
  type Finding,
  type JsonObject,
  type LocalizedText,
} from '@trainbridge/connector-kit';

/** What apps created since 2022-06-20 20:00 do not get (D-90196). */
const sensitive: Readonly<Record<string, LocalizedText>> = {
  mobile: say('mobile', '手机'),
  email: say('email', '邮箱'),
  biz_mail: say('company mailbox', '企业邮箱'),
  avatar: say('avatar', '头像'),
  gender: say('gender', '性别'),
};

/** Names under which companies keep the employee number; the first of them is what a mapping should read. */
const numberNames = ['工号', '员工编号', '员工号', '职工号', 'employee number', 'employee id'];

/** Which fields this app really gets, seen on one person. Names of fields only: no value of theirs leaves here. */
export function readableFields(person: JsonObject | null): Finding {
  const step = 'readable-fields';
  if (!person) {
    return {
      step,
      ok: true,
      message: say(
        'There is nobody to look at yet, so it is not known which fields the app gets.',
        '可见范围内暂无成员，无法判断可读取哪些字段。',
      ),
    };
  }
  const names = Object.keys(sensitive);
  const present = names.filter((name) => Object.hasOwn(person, name));
  const withheld = names.filter((name) => !present.includes(name));
  const attributes = attributeNames(person);
  const number = numberNames.find((name) => attributes.some((attribute) => attribute.toLowerCase() === name));
  const data = { present, withheld, attributes };
  const mapping = mappingAdvice(number);
  if (withheld.length === 0) {
    return {
      step,
      ok: true,
      message: say(
        'The app reads names, positions, mobiles, emails and avatars.',
        '应用可读取姓名、职务、手机、邮箱和头像。',
      ),
      ...(number ? { advice: mapping } : {}),
      data,
    };
  }
  return {
    step,
    ok: true,
    message: say(
      `The app does not get: ${withheld.map((name) => sensitive[name]?.en).join(', ')}. WeCom withholds these from apps created since June 2022; accounts need another key to match by.`,
      `应用无法读取：${withheld.map((name) => sensitive[name]?.['zh-CN']).join('、')}。2022 年 6 月之后创建的应用均不返回这些字段，账号匹配需使用其他字段。`,
    ),
    advice: mapping,
    data,
  };
}

function mappingAdvice(number: string | undefined): LocalizedText {
  if (number) {
    const expression = `extattr.attrs[name='${number}'].text.value`;
    return say(
      `The employee number is among the extended attributes. Set mapping.user.employeeNumber to: ${expression}`,
      `工号在成员扩展属性中。请将 mapping.user.employeeNumber 设为：${expression}`,
    );
  }
  return say(
    "Keep the employee number in an extended attribute (admin console → Contacts → Member fields) and set mapping.user.employeeNumber to: extattr.attrs[name='工号'].text.value — or match by userid.",
    "建议在 管理后台 → 通讯录 → 成员资料字段 中增加“工号”扩展属性，并将 mapping.user.employeeNumber 设为：extattr.attrs[name='工号'].text.value；也可直接按 userid 匹配。",
  );
}

/** Names of the person's extended attributes; private deployments leave out the type. */
function attributeNames(person: JsonObject): string[] {
  const attrs = isJsonObject(person.extattr) ? person.extattr.attrs : undefined;
  if (!Array.isArray(attrs)) return [];
  return attrs.flatMap((attr) =>
    isJsonObject(attr) && typeof attr.name === 'string' ? [attr.name.slice(0, 64)] : [],
  );
}
