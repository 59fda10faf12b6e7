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

const visibleRange: LocalizedText = {
  en: 'Widen the visible range: admin console → App Management → your app → Visible to → choose the top department (the company itself).',
  'zh-CN': '请扩大可见范围：管理后台 → 应用管理 → 自建应用 → 可见范围 → 选择最上级部门（企业本身）。',
};

const secret: LocalizedText = {
  en: 'The Secret is wrong, was reset, or the app was stopped. Copy it again from the page it belongs to: App Management → your app → Secret for `agentSecret`, Management Tools → Contacts Sync → Secret for `contactsSecret`. Do not keep trying: about 2,000 refusals an hour get this server’s address banned for an hour.',
  'zh-CN':
    'Secret 不正确、已被重置，或应用已停用。请重新复制：`agentSecret` 在 应用管理 → 自建应用 → Secret；`contactsSecret` 在 管理工具 → 通讯录同步 → Secret。请勿反复重试：约 2000 次/小时的错误会使本服务器 IP 被封禁 1 小时。',
};

const agent: LocalizedText = {
  en: '`agentId` and `agentSecret` belong to different apps. Copy both from the same page: App Management → your app.',
  'zh-CN': '`agentId` 与 `agentSecret` 不属于同一个应用。请在 应用管理 → 自建应用 的同一页面复制这两项。',
};

const rateLimit: LocalizedText = {
  en: 'Nothing to do: the work goes on by itself when the window is over. If it happens every day, look for another program that uses the same corporation’s API.',
  'zh-CN': '无需处理：限流窗口结束后会自动继续。若每天出现，请检查是否有其他程序也在使用同一企业的接口。',
};

const adviceByCode: Readonly<Record<number, LocalizedText>> = {
  40001: secret,
  40013: {
    en: 'The corporation ID is not right. Copy it from My Company → Company Info, at the bottom of the page; it begins with `ww` or `wx`.',
    'zh-CN': '企业ID 不正确。请从 我的企业 → 企业信息 页面最下方复制，一般以 ww 或 wx 开头。',
  },
  40056: agent,
  301002: agent,
  45009: rateLimit,
  45024: {
    en: 'The corporation has used up its number of members. Raise it: admin console → My Company → Company Info.',
    'zh-CN': '企业成员数量已达上限，请在 管理后台 → 我的企业 → 企业信息 中申请扩容。',
  },
  45033: rateLimit,
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
  48006: {
    en: 'WeCom withdrew the permission because the app was not used for a long time. An administrator has to enable it again: App Management → your app.',
    'zh-CN': '应用长期未使用，接口权限已被回收。请管理员在 应用管理 → 自建应用 中重新启用。',
  },
  48009: {
    en: 'Since August 2022 the contacts-sync Secret may only list ids. Names and attributes need a self-built app: put its AgentId and Secret into `agentId` and `agentSecret`, and make the app visible to the whole company.',
    'zh-CN':
      '自 2022 年 8 月起，通讯录同步 Secret 只能获取 ID 列表。读取姓名等属性需使用自建应用：请将其 AgentId、Secret 填入 `agentId`、`agentSecret`，并把可见范围设为全公司。',
  },
  48010: {
    en: 'The connection used an outdated TLS version. Check the outbound proxy between this server and WeCom.',
    'zh-CN': 'TLS 版本过低，请检查本服务器与企业微信之间的出口代理。',
  },
  50001: {
    en: 'The redirect address is not in the app’s trusted domain: App Management → your app → Web Authorization and JS-SDK → trusted domain. Host and port must match exactly.',
    'zh-CN':
      '回调地址不在可信域名内：应用管理 → 自建应用 → 网页授权及JS-SDK → 可信域名，域名和端口须完全一致。',
  },
  50002: visibleRange,
  50003: {
    en: 'The app is disabled. Enable it: admin console → App Management → your app → Enable.',
    'zh-CN': '应用已停用，请在 管理后台 → 应用管理 → 自建应用 中启用。',
  },
  60011: visibleRange,
  60021: visibleRange,
  81011: {
    en: 'Only the app that created a tag may change its members. Let this connection create its own tag, or fill the tag with the Secret of its creator.',
    'zh-CN': '只有创建标签的应用才能修改其成员。请让本连接自行创建标签，或使用创建者的 Secret。',
  },
  301055: {
    en: 'Add the app under Approval → API → “apps that may call the API”.',
    'zh-CN': '请在 审批 → API → “可调用接口的应用” 中勾选本应用。',
  },
};
