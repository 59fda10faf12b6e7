import type { LocalizedText } from '@trainbridge/connector-kit';

/**
 * What a deployer can do about an error, naming the console page to open. Written for somebody who set this up once,
 * at the end of a long day. `errmsg` is only read for the caller's address; its wording may change at any time
 * (D-90313).
 */
export function adviceFor(errcode: number, errmsg: string): LocalizedText | undefined {
  if (errcode === 60020) return trustedIpAdvice(callerIp(errmsg));
  return adviceByCode[errcode];
}

/** The address WeCom saw the call come from: `…, from ip: 203.0.113.7, more info at …`. */
export function callerIp(errmsg: string): string | undefined {
  return /from ip: ?([0-9a-fA-F.:]{3,45})/.exec(errmsg)?.[1];
}

/** For 60020. The address is what saves the deployer an hour, so it stands in the first sentence. */
export function trustedIpAdvice(ip: string | undefined): LocalizedText {
  return {
    en: `Add ${ip ?? 'the public outbound address of this server'} to the trusted IPs: admin console → App Management → your app → Developer interface → Trusted IPs (for contacts sync: Management Tools → Contacts Sync → Trusted IPs). WeCom lets you set it once a trusted domain or a verified callback URL exists. It takes about a minute.`,
    'zh-CN': `请把 ${ip ?? '本服务器的公网出口 IP'} 加入企业可信IP：管理后台 → 应用管理 → 自建应用 → 开发者接口 → 企业可信IP（通讯录同步：管理工具 → 通讯录同步 → 企业可信IP）。需先设置可信域名或接收消息服务器URL才能配置，约 1 分钟后生效。`,
  };
}

export const visibleRangeAdvice: LocalizedText = {
  en: 'Widen the visible range: admin console → App Management → your app → Visible to → choose the top department (the company itself).',
  'zh-CN': '请扩大可见范围：管理后台 → 应用管理 → 自建应用 → 可见范围 → 选择最上级部门（企业本身）。',
};

/** For login pages; `host` where it is known which one is missing. */
export function trustedDomainAdvice(host?: string): LocalizedText {
  return {
    en: `Enter ${host ?? 'the host of the redirect address'} in two places: admin console → App Management → your app → Web Authorization and JS-SDK → trusted domain, and → WeCom authorized login → Web page → authorization callback domain. Host and port must match exactly.`,
    'zh-CN': `请在两处填写 ${host ?? '回调地址的域名'}：管理后台 → 应用管理 → 自建应用 → 网页授权及JS-SDK → 可信域名，以及 企业微信授权登录 → Web网页 → 授权回调域。域名和端口须完全一致。`,
  };
}

const trustedDomain = trustedDomainAdvice();

const secret: LocalizedText = {
  en: 'The Secret is wrong, was reset, or the app was stopped. Copy it again from the page it belongs to: App Management → your app → Secret for `agentSecret`, Management Tools → Contacts Sync → Secret for `contactsSecret`. Do not keep trying: about 2,000 refusals an hour get this server’s address banned for an hour.',
  'zh-CN':
    'Secret 不正确、已被重置，或应用已停用。请重新复制：`agentSecret` 在 应用管理 → 自建应用 → Secret；`contactsSecret` 在 管理工具 → 通讯录同步 → Secret。请勿反复重试：约 2000 次/小时的错误会使本服务器 IP 被封禁 1 小时。',
};

const agent: LocalizedText = {
  en: '`agentId` and `agentSecret` belong to different apps. Copy both from the same page: App Management → your app.',
  'zh-CN': '`agentId` 与 `agentSecret` 不属于同一个应用。请在 应用管理 → 自建应用 的同一页面复制这两项。',
};

const nothingToDo: LocalizedText = {
  en: 'Nothing to do: the work goes on by itself. If it happens every day, look for another program that uses the same corporation’s API.',
  'zh-CN': '无需处理：稍后会自动继续。若每天出现，请检查是否有其他程序也在使用同一企业的接口。',
};

const person: LocalizedText = {
  en: 'The app finds nobody with this account: the person left, or stands outside its visible range. Compare with admin console → Contacts → the person → Account, and with App Management → your app → Visible to.',
  'zh-CN':
    '应用找不到该帐号：成员已离职，或不在可见范围内。请核对 管理后台 → 通讯录 → 成员详情 → 帐号，以及 应用管理 → 自建应用 → 可见范围。',
};

export const recipientsAdvice: LocalizedText = {
  en: 'None of the people named can be reached by this app: admin console → App Management → your app → Visible to must include them.',
  'zh-CN': '所列成员均不在应用可见范围内，请在 管理后台 → 应用管理 → 自建应用 → 可见范围 中加入。',
};

const department: LocalizedText = {
  en: 'The department was deleted since the last run. Compare with admin console → Contacts; the next full run puts it right.',
  'zh-CN': '该部门在上次同步后已被删除。请核对 管理后台 → 通讯录，下次全量同步会自动更正。',
};

export const tagAdvice: LocalizedText = {
  en: 'There is no such tag. Member tags: admin console → Contacts → Tags. Customer tags: Customer Contact → Customer Tags. Put the right `tagId`, or a `tagName`, into the options.',
  'zh-CN':
    '标签不存在。成员标签见 管理后台 → 通讯录 → 标签；客户标签见 客户联系 → 客户标签。请在选项中改填正确的 `tagId` 或 `tagName`。',
};

const customer: LocalizedText = {
  en: 'No employee in the app’s visible range has this customer (any more). See admin console → Customer Contact → Customers, and widen App Management → your app → Visible to where the owner is outside of it.',
  'zh-CN':
    '可见范围内没有成员（仍）添加该客户。请查看 管理后台 → 客户联系 → 客户；如归属成员不在范围内，请扩大 应用管理 → 自建应用 → 可见范围。',
};

const loginAgain: LocalizedText = {
  en: 'The login took too long or the page was loaded twice: start it again from the first page. If it happens to everybody, see that nothing else consumes the redirect address under App Management → your app → WeCom authorized login.',
  'zh-CN':
    '登录超时或页面被重复加载，请重新发起登录。若所有人都出现，请检查 应用管理 → 自建应用 → 企业微信授权登录 的回调地址是否被其他程序占用。',
};

const ourMistake: LocalizedText = {
  en: 'This is a mistake of this connector or a change at WeCom. Look the request id up at https://open.work.weixin.qq.com/devtool/query and report both.',
  'zh-CN':
    '这是连接器的缺陷或企业微信接口变更。请在 https://open.work.weixin.qq.com/devtool/query 查询请求 hint 后一并反馈。',
};

const credentials: LocalizedText = {
  en: 'Corporation ID or Secret did not reach WeCom. Enter them again: My Company → Company Info for `corpId`, App Management → your app for `agentSecret`; and check the outbound proxy.',
  'zh-CN':
    '请求中缺少企业ID或 Secret。请重新填写：`corpId` 在 我的企业 → 企业信息，`agentSecret` 在 应用管理 → 自建应用；并检查出口代理。',
};

const inUse: LocalizedText = {
  en: 'Another member already has this account, mobile or mailbox. Find them in admin console → Contacts and correct one of the two.',
  'zh-CN': '帐号、手机或邮箱已被其他成员占用，请在 管理后台 → 通讯录 中查找并更正。',
};

const idle: LocalizedText = {
  en: 'WeCom withdrew the permission because the app was hardly used for a long time. An administrator has to enable it again: App Management → your app.',
  'zh-CN': '应用长期未使用或活跃度过低，接口权限已被回收。请管理员在 应用管理 → 自建应用 中重新启用。',
};

const text: LocalizedText = {
  en: 'Change the text of the message (`options.text` of the result, or the course’s title): WeCom refuses its length or a forbidden word in it.',
  'zh-CN': '请修改消息文本（结果选项 `options.text` 或课程标题）：超出长度或含有违禁词，企业微信拒绝发送。',
};

const adviceByCode: Readonly<Record<number, LocalizedText>> = {
  [-1]: nothingToDo,
  6000: nothingToDo,
  40001: secret,
  40003: person,
  40013: {
    en: 'The corporation ID is not right. Copy it from My Company → Company Info, at the bottom of the page; it begins with `ww` or `wx`.',
    'zh-CN': '企业ID 不正确。请从 我的企业 → 企业信息 页面最下方复制，一般以 ww 或 wx 开头。',
  },
  40029: loginAgain,
  40031: ourMistake,
  40032: ourMistake,
  40035: ourMistake,
  40056: agent,
  40058: ourMistake,
  40063: ourMistake,
  40066: department,
  40068: tagAdvice,
  40070: recipientsAdvice,
  40071: {
    en: 'Another app owns a tag of this name: admin console → Contacts → Tags. Choose another `tagName`.',
    'zh-CN': '已存在由其他应用创建的同名标签：管理后台 → 通讯录 → 标签。请改用其他 `tagName`。',
  },
  40072: {
    en: 'A tag’s name has 1 to 32 characters. Shorten `tagName`; the names in use are listed in admin console → Contacts → Tags.',
    'zh-CN': '标签名称长度为 1–32 个字符，请缩短 `tagName`；现有标签见 管理后台 → 通讯录 → 标签。',
  },
  40096: customer,
  40126: {
    en: 'The corporation has its 3,000 customer tags. Delete some that are not used: admin console → Customer Contact → Customer Tags.',
    'zh-CN': '企业客户标签已达 3000 个上限，请在 管理后台 → 客户联系 → 客户标签 中清理。',
  },
  41001: ourMistake,
  41002: credentials,
  41004: credentials,
  42003: loginAgain,
  42022: loginAgain,
  42052: {
    en: 'WeCom takes a message back within 24 hours only. An older one can be hidden by hand: admin console → App Management → your app → Sent messages.',
    'zh-CN':
      '企业微信仅支持撤回 24 小时内的消息。更早的消息可在 管理后台 → 应用管理 → 自建应用 → 历史消息 中查看。',
  },
  45002: text,
  45009: nothingToDo,
  45024: {
    en: 'The corporation has used up its number of members. Raise it: admin console → My Company → Company Info.',
    'zh-CN': '企业成员数量已达上限，请在 管理后台 → 我的企业 → 企业信息 中申请扩容。',
  },
  45029: {
    en: 'One department is too large for a single answer. Splitting it makes runs faster: admin console → Contacts.',
    'zh-CN': '单个部门成员过多。建议在 管理后台 → 通讯录 中拆分部门以加快同步。',
  },
  45033: nothingToDo,
  45035: nothingToDo,
  45036: nothingToDo,
  46004: person,
  48001: {
    en: 'The app is not allowed to use this interface. Open the feature’s page in the admin console (for example Customer Contact or Approval → API) and add your app under “apps that may call the API”.',
    'zh-CN':
      '应用未获得该接口权限。请在对应功能页（如 客户联系、审批 → API）的“可调用接口的应用”中勾选本应用。',
  },
  48002: {
    en: 'This Secret may not call this interface. Check that `agentSecret` is the Secret of a self-built app and `contactsSecret` the one under Management Tools → Contacts Sync: they are often swapped.',
    'zh-CN':
      '该 Secret 不能调用此接口。请确认 `agentSecret` 是自建应用的 Secret，`contactsSecret` 是 管理工具 → 通讯录同步 的 Secret，两者容易填反。',
  },
  48006: idle,
  48009: {
    en: 'Since August 2022 the contacts-sync Secret may only list ids. Names and attributes need a self-built app: put AgentId and Secret of App Management → your app into `agentId` and `agentSecret`, and make it visible to the whole company.',
    'zh-CN':
      '自 2022 年 8 月起，通讯录同步 Secret 只能获取 ID 列表。读取姓名等属性需使用自建应用：请将 应用管理 → 自建应用 的 AgentId、Secret 填入 `agentId`、`agentSecret`，并把可见范围设为全公司。',
  },
  48010: {
    en: 'The connection used an outdated TLS version. Check the outbound proxy between this server and WeCom.',
    'zh-CN': 'TLS 版本过低，请检查本服务器与企业微信之间的出口代理。',
  },
  48011: idle,
  50001: trustedDomain,
  50002: visibleRangeAdvice,
  50003: {
    en: 'The app is disabled. Enable it: admin console → App Management → your app → Enable.',
    'zh-CN': '应用已停用，请在 管理后台 → 应用管理 → 自建应用 中启用。',
  },
  50100: nothingToDo,
  60003: department,
  60011: visibleRangeAdvice,
  60021: visibleRangeAdvice,
  60102: inUse,
  60104: inUse,
  60106: inUse,
  60111: person,
  60123: department,
  60132: ourMistake,
  60140: {
    en: 'The card can be changed once and within 72 hours. Nothing to do in the admin console: the next change is sent as a card of its own.',
    'zh-CN': '卡片消息仅可在 72 小时内更新一次，无需在管理后台处理：后续变更会另发卡片。',
  },
  60145: inUse,
  80001: {
    en: 'The trusted domain has no ICP filing, or one of another company. Use a filed one: App Management → your app → Web Authorization and JS-SDK → trusted domain.',
    'zh-CN':
      '可信域名未完成 ICP 备案，或备案主体不符。请在 应用管理 → 自建应用 → 网页授权及JS-SDK → 可信域名 中更换已备案域名。',
  },
  81011: {
    en: 'Only the app that created a tag may change its members. Let this connection create its own tag with `tagName`, see admin console → Contacts → Tags for who owns which.',
    'zh-CN':
      '只有创建标签的应用才能修改其成员。请改用 `tagName` 由本连接自行创建标签；标签归属见 管理后台 → 通讯录 → 标签。',
  },
  81013: recipientsAdvice,
  84014: loginAgain,
  84015: loginAgain,
  84061: customer,
  85002: text,
  301002: agent,
  301025: ourMistake,
  301055: {
    en: 'Add the app under admin console → Approval → API → “apps that may call the API”.',
    'zh-CN': '请在 管理后台 → 审批 → API → “可调用接口的应用” 中勾选本应用。',
  },
};
