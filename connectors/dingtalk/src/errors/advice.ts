import type { LocalizedText } from '@trainbridge/connector-kit';

interface Detail {
  /** DingTalk's words; read for the caller's address only. */
  message: string;
  /** Permissions DingTalk named as missing. */
  scopes: readonly string[];
}

/** What a deployer can do about an error, naming the console page to open; absent when there is nothing to do. */
export function adviceFor(code: string, { message, scopes }: Detail): LocalizedText | undefined {
  if (code === '60020' || code.endsWith('.IpNotInWhiteList')) return addressAdvice(callerIp(message));
  if (scopes.length > 0) return permissionAdvice(scopes);
  if (Object.hasOwn(byCode, code)) return byCode[code];
  return /^Forbidden\.(?!AccessDenied\.Q)/.test(code) ? permission : undefined;
}

/** The address DingTalk saw the call come from: `… request ip=203.0.113.7 appKey(…) …`. */
export function callerIp(message: string): string | undefined {
  return /ip ?[=:] ?([0-9a-fA-F.:]{3,45})/.exec(message)?.[1];
}

/** Missing permissions by their names, where they are applied for. */
export function permissionAdvice(scopes: readonly string[]): LocalizedText {
  const names = scopes.map((scope) => `\`${scope}\``);
  return {
    en: `Apply for ${names.join(', ')}: developer console (open-dev.dingtalk.com) → App development → your app → Permission management. It takes effect at once; some need an administrator’s consent.`,
    'zh-CN': `请申请权限 ${names.join('、')}：开发者后台（open-dev.dingtalk.com）→ 应用开发 → 企业内部应用 → 权限管理，通常立即生效，部分需管理员审批。`,
  };
}

function addressAdvice(ip: string | undefined): LocalizedText {
  return {
    en: `Add ${ip ?? 'the public outbound address of this server'} to the server egress IPs: developer console → App development → your app → Security settings. One \`*\` per address is allowed.`,
    'zh-CN': `请把 ${ip ?? '本服务器的公网出口 IP'} 加入服务器出口 IP：开发者后台 → 应用开发 → 企业内部应用 → 安全设置。每个 IP 可使用一个 * 通配符。`,
  };
}

const permission: LocalizedText = {
  en: 'The app lacks a permission: developer console (open-dev.dingtalk.com) → App development → your app → Permission management.',
  'zh-CN': '应用缺少接口权限：开发者后台（open-dev.dingtalk.com）→ 应用开发 → 企业内部应用 → 权限管理。',
};

const range: LocalizedText = {
  en: 'It lies outside the app’s contact range: developer console → App development → your app → Permission management → contact range → choose the whole company.',
  'zh-CN':
    '不在应用的通讯录权限范围内：开发者后台 → 应用开发 → 企业内部应用 → 权限管理 → 通讯录权限范围，选择“全部员工”。',
};

const credentials: LocalizedText = {
  en: 'Client ID or Client Secret is wrong. Copy both again from the same page: developer console → App development → your app → Credentials and basic information.',
  'zh-CN':
    'Client ID 或 Client Secret 不正确。请在 开发者后台 → 应用开发 → 企业内部应用 → 凭证与基础信息 的同一页面重新复制。',
};

const agent: LocalizedText = {
  en: '`agentId` is not this app’s. Copy it from Credentials and basic information, the page of the Client ID; it is a different number.',
  'zh-CN': '`agentId` 不属于该应用。请从 凭证与基础信息 页面复制 AgentId，它与 Client ID 不同。',
};

const login: LocalizedText = {
  en: 'A login code is good once and for minutes only: start the login again. If it happens every time, check that the redirect address is listed under your app → Security settings → redirect URL.',
  'zh-CN':
    '登录 code 只能使用一次且数分钟内有效，请重新登录。若每次都出现，请检查 应用 → 安全设置 → 重定向 URL 是否已登记回调地址。',
};

const quota: LocalizedText = {
  en: 'The organisation has used up its API calls of this month. Raise the quota (developer console → Resource usage) or wait for the first of the month.',
  'zh-CN': '本企业本月的 API 调用量已用完。请在 开发者后台 → 资源用量 中扩容，或等待下月 1 日。',
};

const byCode: Readonly<Record<string, LocalizedText>> = {
  40096: credentials,
  40089: credentials,
  invalidClientIdOrSecret: credentials,
  'invalid.client': credentials,
  'unauthorized.client': credentials,
  43007: permission,
  60011: permission,
  60019: permission,
  400020: permission,
  50002: range,
  50004: range,
  50003: {
    en: 'The app is stopped. Enable it: admin console (oa.dingtalk.com) → Workbench → App management → your app.',
    'zh-CN': '应用已停用，请在 管理后台（oa.dingtalk.com）→ 工作台 → 应用管理 中启用。',
  },
  40056: agent,
  52019: agent,
  52010: {
    en: '`corpId` is not this organisation’s. Developer console → the company’s name, top right; it begins with `ding`.',
    'zh-CN': '`corpId` 不正确。请在开发者后台右上角企业名称处查看，以 ding 开头。',
  },
  40029: login,
  42003: login,
  40078: login,
  60203: {
    en: 'The organisation has as many external contacts as it may have: admin console → Contacts → External contacts.',
    'zh-CN': '企业外部联系人数量已达上限：管理后台 → 通讯录 → 外部联系人。',
  },
  60205: {
    en: 'External contacts are not enabled: admin console (oa.dingtalk.com) → Contacts → External contacts.',
    'zh-CN': '企业未开启外部联系人：管理后台（oa.dingtalk.com）→ 通讯录 → 外部联系人。',
  },
  90020: quota,
  'Forbidden.AccessDenied.ApiCountLimitForOrg': quota,
  processCodeError: {
    en: 'A `processCode` of this connection is wrong, or the form was deleted: OA admin → Approval → edit the form; the code stands in the address of the page.',
    'zh-CN':
      '`processCodes` 中有无效模板，或模板已删除：OA 审批管理后台 → 编辑模板，浏览器地址栏中的 processCode。',
  },
  needAuth: permission,
  processSetupNoPermission: {
    en: 'The app may not read this form’s approvals: apply for `Workflow.Instance.Read`, and let an administrator of the form include the app (OA admin → Approval).',
    'zh-CN':
      '应用无权读取该模板的审批：请申请 `Workflow.Instance.Read` 权限，并由模板管理员在 OA 审批管理后台授权。',
  },
};
