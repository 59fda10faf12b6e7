import { label, type ConfigOf } from '@trainbridge/connector-kit';

/**
 * A connection to one Feishu company through one of its self-built apps. The first two are enough for people, logins,
 * messages and events over the long connection; the next two are for events by callback.
 */
export const configSchema = {
  type: 'object',
  properties: {
    appId: {
      ...label(
        { en: 'App ID', 'zh-CN': 'App ID' },
        {
          en: 'Developer console (open.feishu.cn/app) → your app → Credentials & Basic Info; begins with cli_.',
          'zh-CN': '开发者后台（open.feishu.cn/app）→ 应用 → 凭证与基础信息，以 cli_ 开头。',
        },
      ),
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{1,64}$',
      'x-identity': true,
    },
    appSecret: {
      ...label(
        { en: 'App Secret', 'zh-CN': 'App Secret' },
        { en: 'On the same page as the App ID.', 'zh-CN': '与 App ID 在同一页面。' },
      ),
      type: 'string',
      pattern: '^\\S{1,256}$',
      writeOnly: true,
    },
    encryptKey: {
      ...label(
        { en: 'Encrypt Key', 'zh-CN': 'Encrypt Key' },
        {
          en: 'Your app → Events & Callbacks → Encryption strategy. Recommended for events by callback: with it they are encrypted and signed.',
          'zh-CN': '应用 → 事件与回调 → 加密策略。使用回调地址接收事件时建议填写：填写后事件会被加密并签名。',
        },
      ),
      type: 'string',
      maxLength: 256,
      writeOnly: true,
    },
    verificationToken: {
      ...label(
        { en: 'Verification Token', 'zh-CN': 'Verification Token' },
        {
          en: 'On the same page as the Encrypt Key. Without an Encrypt Key it is all that tells real events from made-up ones.',
          'zh-CN': '与 Encrypt Key 在同一页面。未设置 Encrypt Key 时，仅靠它辨别事件真伪。',
        },
      ),
      type: 'string',
      maxLength: 256,
      writeOnly: true,
    },
    approvalCodes: {
      ...label(
        { en: 'Approval definitions', 'zh-CN': '审批定义' },
        {
          en: 'Codes of the approvals that may ask for learning. Approval admin → edit the definition: `definitionCode` in the address of the page.',
          'zh-CN': '可触发学习任务的审批定义 Code：审批管理后台 → 编辑审批，浏览器地址中的 definitionCode。',
        },
      ),
      type: 'array',
      items: { type: 'string' },
      maxItems: 100,
    },
    apiBaseUrl: {
      ...label(
        { en: 'API address', 'zh-CN': 'API 地址' },
        {
          en: 'For Lark: https://open.larksuite.com. An app of one brand is unknown to the other.',
          'zh-CN': 'Lark（国际版）填写 https://open.larksuite.com。飞书与 Lark 的应用互不相通。',
        },
      ),
      type: 'string',
      format: 'origin',
      default: 'https://open.feishu.cn',
    },
    accountsBaseUrl: {
      ...label(
        { en: 'Address of the login page', 'zh-CN': '登录页地址' },
        {
          en: 'For Lark: https://accounts.larksuite.com.',
          'zh-CN': 'Lark（国际版）填写 https://accounts.larksuite.com。',
        },
      ),
      type: 'string',
      format: 'origin',
      default: 'https://accounts.feishu.cn',
    },
  },
  required: ['appId', 'appSecret'],
  additionalProperties: false,
} as const;

/** What the functions of this connector find in `context.config`. */
export type FeishuConfig = ConfigOf<typeof configSchema>;

/** What callbacks are told by; a field that was emptied in a form counts as left out. */
export function callbackKeys({ encryptKey, verificationToken }: FeishuConfig): {
  encryptKey: string | undefined;
  verificationToken: string | undefined;
} {
  return { encryptKey: encryptKey || undefined, verificationToken: verificationToken || undefined };
}
