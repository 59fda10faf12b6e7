import { label, type ConfigOf } from '@trainbridge/connector-kit';

/**
 * A connection to one DingTalk organisation through an internal app (企业内部应用). The first three are needed; what the
 * others add stands in their help text. Events need none of them: without a callback pair they come by Stream.
 */
export const configSchema = {
  type: 'object',
  properties: {
    corpId: {
      ...label(
        { en: 'CorpId', 'zh-CN': '企业 CorpId' },
        {
          en: 'Developer console (open-dev.dingtalk.com) → the company’s name, top right; it begins with `ding`.',
          'zh-CN': '开发者后台（open-dev.dingtalk.com）右上角企业名称处查看，以 ding 开头。',
        },
      ),
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{1,64}$',
      'x-identity': true,
    },
    clientId: {
      ...label(
        { en: 'Client ID (AppKey)', 'zh-CN': 'Client ID（原 AppKey）' },
        {
          en: 'Developer console → App development → your app → Credentials and basic information.',
          'zh-CN': '开发者后台 → 应用开发 → 企业内部应用 → 凭证与基础信息。',
        },
      ),
      type: 'string',
      pattern: '^\\S{1,128}$',
    },
    clientSecret: {
      ...label(
        { en: 'Client Secret (AppSecret)', 'zh-CN': 'Client Secret（原 AppSecret）' },
        { en: 'On the same page as the Client ID.', 'zh-CN': '与 Client ID 在同一页面。' },
      ),
      type: 'string',
      pattern: '^\\S{1,256}$',
      writeOnly: true,
    },
    agentId: {
      ...label(
        { en: 'AgentId', 'zh-CN': 'AgentId' },
        {
          en: 'On the same page. Only needed to send work notifications.',
          'zh-CN': '与 Client ID 在同一页面。仅发送工作通知时需要。',
        },
      ),
      type: ['string', 'integer'],
      pattern: '^[0-9]{1,15}$',
      minimum: 1,
    },
    callbackToken: {
      ...label(
        { en: 'Event callback: token', 'zh-CN': '事件订阅：签名 token' },
        {
          en: 'Your app → Event subscription → HTTP push. Leave both empty for Stream push, which needs no public address and is what DingTalk recommends.',
          'zh-CN':
            '应用 → 事件订阅 → HTTP 推送。如使用 Stream 推送（钉钉推荐，无需公网地址），两项均留空即可。',
        },
      ),
      type: 'string',
      pattern: '^[A-Za-z0-9]{3,63}$',
      writeOnly: true,
    },
    callbackAesKey: {
      ...label(
        { en: 'Event callback: aes_key', 'zh-CN': '事件订阅：加密 aes_key' },
        { en: 'From the same page as the token.', 'zh-CN': '与签名 token 在同一页面。' },
      ),
      type: 'string',
      pattern: '^[A-Za-z0-9+/]{43}$',
      writeOnly: true,
    },
    processCodes: {
      ...label(
        { en: 'Approval forms (processCode)', 'zh-CN': '审批模板 processCode' },
        {
          en: 'Forms whose approvals ask for learning. DingTalk lists approvals per form only. OA admin → Approval → edit the form: `processCode=PROC-…` stands in the address of the page.',
          'zh-CN':
            '用于触发学习任务的审批模板。钉钉只支持按模板查询审批。OA 审批管理后台 → 编辑模板，浏览器地址栏中的 processCode=PROC-…。',
        },
      ),
      type: 'array',
      items: { type: 'string' },
      maxItems: 50,
    },
    apiBaseUrl: {
      ...label(
        { en: 'Address of the new API', 'zh-CN': '新版 API 地址' },
        {
          en: 'Only for dedicated deployments and simulators, like the two below.',
          'zh-CN': '仅专属部署或模拟环境需要修改，下面两项同。',
        },
      ),
      type: 'string',
      format: 'origin',
      default: 'https://api.dingtalk.com',
    },
    oapiBaseUrl: {
      ...label({ en: 'Address of the old API', 'zh-CN': '旧版 API 地址' }),
      type: 'string',
      format: 'origin',
      default: 'https://oapi.dingtalk.com',
    },
    loginBaseUrl: {
      ...label({ en: 'Address of the login page', 'zh-CN': '登录页地址' }),
      type: 'string',
      format: 'origin',
      default: 'https://login.dingtalk.com',
    },
  },
  required: ['corpId', 'clientId', 'clientSecret'],
  additionalProperties: false,
} as const;

/** What the functions of this connector find in `context.config`. */
export type DingtalkConfig = ConfigOf<typeof configSchema>;
