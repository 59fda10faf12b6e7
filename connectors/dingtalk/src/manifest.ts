import { CONTRACT_VERSION, label, type Manifest, type RateLimit } from '@trainbridge/connector-kit';

/** Published: 20 a second per app and API. A little less, because ours and theirs do not begin their seconds together. */
const PER_SECOND = 18;

function perSecond(name: string, paths: readonly string[], perEndpoint?: true): RateLimit {
  return {
    name,
    keyFrom: ['apiBaseUrl', 'oapiBaseUrl', 'clientId'],
    paths,
    limit: PER_SECOND,
    perMs: 1_000,
    ...(perEndpoint ? { perEndpoint } : {}),
  };
}

/** Facts the host acts on. Limits: open.dingtalk.com, page call-frequency-limit. */
export const manifest: Manifest = {
  id: 'dingtalk',
  contractVersion: CONTRACT_VERSION,
  name: { en: 'DingTalk', 'zh-CN': '钉钉' },
  allowedHosts: [{ fromConfig: 'apiBaseUrl' }, { fromConfig: 'oapiBaseUrl' }],
  // Stream: `connections/open` answers the endpoint, publicly on wss-open-connection.dingtalk.com.
  webSocketsNamedBy: { fromConfig: 'apiBaseUrl' },
  rateLimits: [
    perSecond('old API', ['/topapi/', '/auth/'], true),
    // Paths of the new API carry ids, so a family of them counts as one.
    perSecond('login', ['/v1.0/oauth2/', '/v1.0/contact/']),
    perSecond('to-dos', ['/v1.0/todo/']),
    perSecond('approvals', ['/v1.0/workflow/']),
  ],
  maxConcurrency: 24,
  identity: { inAppUserAgents: ['DingTalk'] },
  directory: {
    // Departments one by one, and the people who were granted one by one and stand in none of them.
    usersBy: 'both',
    departmentsBy: 'parent',
    userFields: [
      'displayName',
      'employeeNumber',
      'workEmail',
      'mobile',
      'jobTitle',
      'managerExternalId',
      'status',
      'avatarUrl',
      'customFields',
    ],
    departmentFields: ['name'],
    lookupBatch: 20,
    detailFields: ['managerExternalId'],
  },
  events: {
    delivery: ['callback', 'listen'],
    callbackKeys: ['callbackToken', 'callbackAesKey'],
    listenKeyFrom: ['apiBaseUrl', 'clientId'],
  },
  // Half a day, because the standard edition counts 5,000 calls a month and each open approval costs one per reading; what
  // happens meanwhile comes by event.
  tasks: { listedBy: 'created', lookupBatch: 20, everyMinutes: 720 },
  // `sourceId` is unique per app for good: a repeat is refused, and then found by it.
  todos: { idempotency: 'key', maxBatch: 20 },
  results: {
    actions: [
      {
        name: 'message',
        title: { en: 'Work notification', 'zh-CN': '工作通知' },
        optionsSchema: {
          type: 'object',
          properties: {
            text: {
              ...label(
                { en: 'Text', 'zh-CN': '文本' },
                {
                  en: 'DingTalk silently drops a text the same person already got today: name the course in it.',
                  'zh-CN': '同一天内相同内容发送给同一人会被钉钉静默丢弃，请在文本中包含课程名称。',
                },
              ),
              type: 'string',
              minLength: 1,
              maxLength: 500,
            },
          },
          additionalProperties: false,
        },
        recipients: ['user'],
        // There is no key. What DingTalk drops by content until midnight makes a repeat after a crash rare, not impossible.
        idempotency: 'none',
        maxBatch: 100,
      },
      {
        name: 'tag',
        title: { en: 'Label of an external contact', 'zh-CN': '外部联系人标签' },
        optionsSchema: {
          type: 'object',
          properties: {
            tagId: {
              ...label({ en: 'Label id', 'zh-CN': '标签 ID' }),
              type: ['string', 'integer'],
              pattern: '^[0-9]{1,16}$',
              minimum: 1,
            },
            tagName: {
              ...label(
                { en: 'Label name', 'zh-CN': '标签名称' },
                {
                  en: 'Instead of the id. Labels are made in the admin console → Contacts → External contacts. Absent, and no label id: “Training completed”.',
                  'zh-CN':
                    '可代替标签 ID。标签须在 管理后台 → 通讯录 → 外部联系人 中创建。名称与 ID 均留空则为“培训完成”。',
                },
              ),
              type: 'string',
              minLength: 1,
              maxLength: 64,
            },
          },
          additionalProperties: false,
        },
        recipients: ['customer'],
        idempotency: 'natural',
        maxBatch: 20,
      },
    ],
  },
};
