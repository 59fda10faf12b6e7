import { label, type ConfigOf } from '@trainbridge/connector-kit';

/**
 * A connection to one WeCom corporation. Only the first three are needed; what the others add stands in their help text
 * and in docs/connectors/wecom.md. The two callback pairs exist because WeCom has two places that send events (the
 * contacts-sync page and the app's own page); either is accepted on the one callback URL.
 */
export const configSchema = {
  type: 'object',
  properties: {
    corpId: {
      ...label(
        { en: 'Corporation ID', 'zh-CN': '企业ID（CorpID）' },
        {
          en: 'Admin console → My Company → Company Info, at the bottom of the page.',
          'zh-CN': '管理后台 → 我的企业 → 企业信息，页面最下方。',
        },
      ),
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{1,64}$',
      'x-identity': true,
    },
    agentId: {
      ...label(
        { en: 'App AgentId', 'zh-CN': '应用 AgentId' },
        {
          en: 'Admin console → App Management → your self-built app, for example 1000002.',
          'zh-CN': '管理后台 → 应用管理 → 自建应用详情页，例如 1000002。',
        },
      ),
      type: ['string', 'integer'],
      pattern: '^[0-9]{1,15}$',
      minimum: 0,
    },
    agentSecret: {
      ...label(
        { en: 'App Secret', 'zh-CN': '应用 Secret' },
        {
          en: 'On the same page as the AgentId. Reads names and attributes of people in the app’s visible range.',
          'zh-CN': '与 AgentId 在同一页面。用于读取应用可见范围内成员的姓名和属性。',
        },
      ),
      type: 'string',
      pattern: '^\\S{1,256}$',
      writeOnly: true,
    },
    contactsSecret: {
      ...label(
        { en: 'Contacts-sync Secret', 'zh-CN': '通讯录同步 Secret' },
        {
          en: 'Admin console → Management Tools → Contacts Sync. Lists the id of everybody, so that a person the app merely cannot see is never taken for somebody who left. Strongly recommended.',
          'zh-CN':
            '管理后台 → 管理工具 → 通讯录同步。可列出全部成员的 userid，避免把“应用看不到的人”误认为“已离职的人”。强烈建议填写。',
        },
      ),
      type: 'string',
      pattern: '^\\S{1,256}$',
      writeOnly: true,
    },
    callbackToken: {
      ...label(
        { en: 'App callback Token', 'zh-CN': '应用接收消息 Token' },
        {
          en: 'App Management → your app → Receive Messages → Set API. Together with its EncodingAESKey.',
          'zh-CN': '应用管理 → 自建应用 → 接收消息 → 设置API接收，与 EncodingAESKey 成对填写。',
        },
      ),
      type: 'string',
      pattern: '^[A-Za-z0-9]{1,32}$',
      writeOnly: true,
    },
    callbackAesKey: {
      ...label({ en: 'App callback EncodingAESKey', 'zh-CN': '应用接收消息 EncodingAESKey' }),
      type: 'string',
      pattern: '^[A-Za-z0-9+/]{43}$',
      writeOnly: true,
    },
    contactsCallbackToken: {
      ...label(
        { en: 'Contacts-sync callback Token', 'zh-CN': '通讯录同步 接收事件 Token' },
        {
          en: 'Management Tools → Contacts Sync → Receive Events. This is the pair that tells about joiners, movers and leavers.',
          'zh-CN': '管理工具 → 通讯录同步 → 设置接收事件服务器。入职、调动、离职事件由这一组推送。',
        },
      ),
      type: 'string',
      pattern: '^[A-Za-z0-9]{1,32}$',
      writeOnly: true,
    },
    contactsCallbackAesKey: {
      ...label({
        en: 'Contacts-sync callback EncodingAESKey',
        'zh-CN': '通讯录同步 接收事件 EncodingAESKey',
      }),
      type: 'string',
      pattern: '^[A-Za-z0-9+/]{43}$',
      writeOnly: true,
    },
    loginScope: {
      ...label(
        { en: 'Scope of in-app logins', 'zh-CN': '应用内登录授权范围' },
        {
          en: 'Absent: silent, tells only who it is. `snsapi_privateinfo` asks each person once and then tells mobile, email and avatar, as far as the app’s page in the admin console allows.',
          'zh-CN':
            '留空：静默授权，仅获取身份。`snsapi_privateinfo` 会请成员授权一次，之后可获取手机、邮箱、头像（以管理后台应用页的勾选为准）。',
        },
      ),
      type: 'string',
      enum: ['snsapi_base', 'snsapi_privateinfo'],
    },
    domainVerification: {
      ...label(
        { en: 'Domain verification file', 'zh-CN': '域名校验文件' },
        {
          en: 'The WW_verify_….txt file WeCom asks for when a trusted domain is set; served at the root of this host.',
          'zh-CN': '设置可信域名时企业微信要求的 WW_verify_….txt 文件，由本系统在根路径提供。',
        },
      ),
      type: 'object',
      properties: {
        name: {
          ...label({ en: 'File name', 'zh-CN': '文件名' }),
          type: 'string',
          pattern: '^[A-Za-z0-9_-]{1,100}\\.txt$',
        },
        content: {
          ...label({ en: 'File content', 'zh-CN': '文件内容' }),
          type: 'string',
          minLength: 1,
          maxLength: 1024,
        },
      },
      required: ['name', 'content'],
      additionalProperties: false,
    },
    apiBaseUrl: {
      ...label(
        { en: 'API address', 'zh-CN': 'API 地址' },
        {
          en: 'Only for private deployments and simulators.',
          'zh-CN': '仅私有部署或模拟环境需要修改。',
        },
      ),
      type: 'string',
      format: 'origin',
      default: 'https://qyapi.weixin.qq.com',
    },
    loginBaseUrl: {
      ...label({ en: 'Address of the QR login page', 'zh-CN': '扫码登录页地址' }),
      type: 'string',
      format: 'origin',
      default: 'https://login.work.weixin.qq.com',
    },
    oauthBaseUrl: {
      ...label({ en: 'Address of the in-app login page', 'zh-CN': '应用内网页授权地址' }),
      type: 'string',
      format: 'origin',
      default: 'https://open.weixin.qq.com',
    },
  },
  required: ['corpId', 'agentId', 'agentSecret'],
  additionalProperties: false,
} as const;

/** What the functions of this connector find in `context.config`. */
export type WecomConfig = ConfigOf<typeof configSchema>;

/** Where a callback may come from; the pair decides nothing but the keys. */
export type CallbackSource = 'app' | 'contacts';

export interface CallbackPair {
  source: CallbackSource;
  token: string;
  aesKey: string;
}

/** The complete callback pairs, the busier one first. A pair of which half is missing is left out; `check` names it. */
export function callbackPairs(config: WecomConfig): CallbackPair[] {
  const pairs: CallbackPair[] = [];
  if (config.contactsCallbackToken && config.contactsCallbackAesKey) {
    pairs.push({
      source: 'contacts',
      token: config.contactsCallbackToken,
      aesKey: config.contactsCallbackAesKey,
    });
  }
  if (config.callbackToken && config.callbackAesKey) {
    pairs.push({ source: 'app', token: config.callbackToken, aesKey: config.callbackAesKey });
  }
  return pairs;
}
