import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type LocalizedText,
} from '@trainbridge/connector-kit';

/** What a deployer can do about an error, naming the console page to open. */
export function adviceFor(code: number, body: JsonObject): LocalizedText | undefined {
  if (missingScope.has(code)) return scopeAdvice(missingScopes(body));
  return adviceByCode.get(code);
}

/** The app, or the person for it, was not given a permission. */
const missingScope = new Set([99991672, 99991676, 99991679]);

/**
 * The scopes an answer says are missing, any one of which would do: `permission_violations[].subject`, on older pages
 * `.scope`, and where neither is there the brackets of the message.
 */
export function missingScopes(body: JsonObject): string[] {
  const error = isJsonObject(body.error) ? body.error : {};
  const violations = Array.isArray(error.permission_violations) ? error.permission_violations : [];
  const named = violations.flatMap((violation): (JsonValue | undefined)[] =>
    isJsonObject(violation) ? [violation.subject ?? violation.scope] : [],
  );
  const listed = typeof body.msg === 'string' ? (/\[([^\]]{1,400})\]/.exec(body.msg)?.[1] ?? '') : '';
  const candidates = named.length > 0 ? named : listed.split(',').map((scope) => scope.trim());
  const scopes = candidates.filter(
    (scope): scope is string => typeof scope === 'string' && /^[A-Za-z0-9_.:-]{3,100}$/.test(scope),
  );
  return [...new Set(scopes)].slice(0, 5);
}

/** How to grant one of these scopes; a grant counts only after a new version of the app was released. */
export function scopeAdvice(scopes: readonly string[]): LocalizedText {
  const either = scopes.length > 0 ? scopes.join(' / ') : '';
  return {
    en: `Grant the app ${either === '' ? 'the permission' : scopes.length > 1 ? `one of ${either}` : either}: developer console → your app → Permissions & Scopes. Then release a new version of the app (Version Management & Release) and have it approved: before that the permission does not count.`,
    'zh-CN': `请为应用开通权限${either === '' ? '' : ` ${either}${scopes.length > 1 ? '（任一即可）' : ''}`}：开发者后台 → 应用 → 权限管理。开通后需在 版本管理与发布 中创建版本并通过审核，权限才会生效。`,
  };
}

export const contactRangeAdvice: LocalizedText = {
  en: 'To sync the whole company, let the app see all members: developer console → your app → Permissions & Scopes → data permissions → contact scope → all members; then release a new version.',
  'zh-CN':
    '如需同步全公司，请将通讯录权限范围设为“全部成员”：开发者后台 → 应用 → 权限管理 → 数据权限 → 通讯录权限范围，并发布新版本。',
};

const credentials: LocalizedText = {
  en: 'The App ID or App Secret is wrong or was reset. Copy both from the same page: developer console → your app → Credentials & Basic Info. An app of Lark needs apiBaseUrl https://open.larksuite.com.',
  'zh-CN':
    'App ID 或 App Secret 不正确，或已被重置。请从 开发者后台 → 应用 → 凭证与基础信息 成对复制。Lark（国际版）应用需将 apiBaseUrl 设为 https://open.larksuite.com。',
};

const disabledApp: LocalizedText = {
  en: 'The app is not in use in this company. Release it and enable it: Feishu admin console → Workplace → App Management → your app.',
  'zh-CN': '应用在该企业中未启用。请发布应用，并在 飞书管理后台 → 工作台 → 应用管理 中启用。',
};

const redirect: LocalizedText = {
  en: 'Add the exact login address of this host to the app’s redirect URLs: developer console → your app → Security Settings → Redirect URLs.',
  'zh-CN': '请将本系统的登录回调地址完整填入 开发者后台 → 应用 → 安全设置 → 重定向 URL。',
};

const availability: LocalizedText = {
  en: 'The person is outside the app’s availability, or left. Widen it: developer console → your app → Version Management & Release → availability.',
  'zh-CN': '该成员不在应用可用范围内，或已离职。请在 开发者后台 → 应用 → 版本管理与发布 中扩大可用范围。',
};

const bot: LocalizedText = {
  en: 'Messages are sent by the app’s bot. Switch it on: developer console → your app → Add Features → Bot, then release a new version.',
  'zh-CN': '消息由应用机器人发送。请在 开发者后台 → 应用 → 添加应用能力 中添加“机器人”，并发布新版本。',
};

const login: LocalizedText = {
  en: 'The person has to begin the login anew.',
  'zh-CN': '请该成员重新发起登录。',
};

const bitable: LocalizedText = {
  en: 'Check appToken, tableId and the names of the columns in the options: keys are names, and renaming a column breaks them. The address of the base shows both ids.',
  'zh-CN':
    '请检查 appToken、tableId 及各字段名称：写入按字段名称进行，重命名字段会导致失败。两个 ID 可在多维表格的浏览器地址中找到。',
};

const bitableRights: LocalizedText = {
  en: 'The app may not write to this base. Open it in Feishu → “…” → More → Add document app → choose the app with editing rights; with advanced permissions switched on, give it a role, too.',
  'zh-CN':
    '应用无权写入该多维表格。请打开多维表格 → “…” → 更多 → 添加文档应用，选择本应用并授予可编辑权限；若开启了高级权限，还需为其分配角色。',
};

const customField: LocalizedText = {
  en: 'Check the custom field, and let apps use custom fields: Feishu admin console → Organization → Member field management → allow open platform API.',
  'zh-CN': '请检查自定义字段，并在 飞书管理后台 → 组织架构 → 成员字段管理 中开启“允许开放平台 API 调用”。',
};

const groups: readonly (readonly [LocalizedText, readonly number[]])[] = [
  [credentials, [10003, 10014, 10015, 20002, 20048, 99991543, 514]],
  [disabledApp, [20009, 20069, 99991662, 99991673]],
  [redirect, [20029, 20071]],
  [availability, [20010, 230013]],
  [bot, [230002, 230006]],
  [login, [20003, 20004, 20065, 20049]],
  [contactRangeAdvice, [40004, 40014, 41050]],
  [bitable, [1254003, 1254004, 1254040, 1254041, 1254045, 1254015]],
  [bitableRights, [1254027, 1254302, 1254304, 1254306, 91403]],
  [customField, [41044, 41045, 41056]],
];

const adviceByCode = new Map<number, LocalizedText>([
  ...groups.flatMap(([text, numbers]) => numbers.map((number) => [number, text] as const)),
  [
    20046,
    {
      en: 'The app and the addresses belong to different brands. Feishu: open.feishu.cn and accounts.feishu.cn; Lark: open.larksuite.com and accounts.larksuite.com.',
      'zh-CN':
        '应用与地址属于不同品牌。飞书：open.feishu.cn、accounts.feishu.cn；Lark：open.larksuite.com、accounts.larksuite.com。',
    },
  ],
  [
    99991401,
    {
      en: 'Add the public outbound address of this server to the app’s IP allowlist: developer console → your app → Security Settings → IP allowlist. It counts at once.',
      'zh-CN': '请将本服务器的公网出口 IP 加入 开发者后台 → 应用 → 安全设置 → IP 白名单，保存后立即生效。',
    },
  ],
  [
    99991403,
    {
      en: 'The company has used up its API calls of this month. Feishu admin console → Cost center → API calls shows the quota and how to raise it.',
      'zh-CN': '企业本月 API 调用量已用尽。请在 飞书管理后台 → 费用中心 中查看用量并升级。',
    },
  ],
  [
    1390002,
    {
      en: 'There is no approval with this code, or it is not one of this company. Approval admin → edit the definition: `definitionCode` in the address of the page goes into approvalCodes.',
      'zh-CN':
        '该审批定义 Code 不存在或不属于本企业。请在 审批管理后台 → 编辑审批 的浏览器地址中复制 definitionCode，填入 approvalCodes。',
    },
  ],
  [
    1254103,
    {
      en: 'The table is full (20,000 rows). Start a new one and name it in the options.',
      'zh-CN': '数据表已满（20000 行）。请新建数据表并更新配置中的 tableId。',
    },
  ],
  [
    44053,
    {
      en: 'The person’s data are managed by another source (HR system); the field has to be filled there.',
      'zh-CN': '该成员资料由外部数据源（如人事系统）管理，请在数据源中维护该字段。',
    },
  ],
  [
    1000040350,
    {
      en: 'The app already has 50 long connections. Stop other programs that use the same app: each of them takes events away from this one.',
      'zh-CN': '该应用的长连接已达 50 个。请停用使用同一应用的其他程序：它们会分走事件。',
    },
  ],
]);
