import { CONTRACT_VERSION, type Manifest, type RateLimit } from '@trainbridge/connector-kit';

/**
 * Limits are per API, app and company (api-call-guide/frequency-control). Paths carry ids, so a family of APIs shares one
 * rule here: stricter than the platform, never laxer.
 */
function limit(name: string, paths: readonly string[], count: number, perMs: number): RateLimit {
  return {
    name,
    keyFrom: ['apiBaseUrl', 'appId'],
    paths: paths.map((path) => `/open-apis/${path}`),
    limit: count,
    perMs,
  };
}

const outcomeField = (en: string, zh: string) =>
  ({ type: 'string', title: `Column for the ${en}`, 'x-zh-CN': { title: `${zh}字段` } }) as const;

/** Facts the host acts on. */
export const manifest: Manifest = {
  id: 'feishu',
  contractVersion: CONTRACT_VERSION,
  name: { en: 'Feishu', 'zh-CN': '飞书' },
  allowedHosts: [{ fromConfig: 'apiBaseUrl' }],
  // The long connection is on a host of its own, which the API names (POST /callback/ws/endpoint).
  webSocketsNamedBy: { fromConfig: 'apiBaseUrl' },
  rateLimits: [
    limit('people per second', ['contact/v3/users'], 50, 1_000),
    limit('people per minute', ['contact/v3/users'], 1_000, 60_000),
    limit('departments per second', ['contact/v3/departments'], 50, 1_000),
    limit('departments per minute', ['contact/v3/departments'], 1_000, 60_000),
    limit('approvals', ['approval/v4/'], 100, 60_000),
    limit('tasks', ['task/v2/'], 10, 1_000),
    limit('messages per second', ['im/v1/messages'], 50, 1_000),
    limit('messages per minute', ['im/v1/messages'], 1_000, 60_000),
    limit('rows', ['bitable/v1/'], 20, 1_000),
  ],
  maxConcurrency: 16,
  identity: { inAppUserAgents: ['Lark', 'Feishu'] },
  directory: {
    // People granted one by one, and those directly under the root, stand in no department the app can list.
    usersBy: 'both',
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
    departmentFields: ['name', 'code', 'order'],
    lookupBatch: 50,
  },
  events: {
    delivery: ['callback', 'listen'],
    callbackKeys: ['encryptKey', 'verificationToken'],
    listenKeyFrom: ['apiBaseUrl', 'appId'],
  },
  // Events tell what happens meanwhile, and small editions count calls by the month (99991403).
  tasks: { listedBy: 'created', lookupBatch: 20, everyMinutes: 60 },
  // `client_token` is remembered for five minutes (task-v2/task/create).
  todos: { idempotency: 'key', keyLifetimeMs: 300_000, maxBatch: 20 },
  results: {
    actions: [
      {
        name: 'message',
        title: { en: 'Message of the app', 'zh-CN': '应用消息' },
        optionsSchema: {
          type: 'object',
          properties: {
            text: { type: 'string', title: 'Text', 'x-zh-CN': { title: '文案' }, maxLength: 2_000 },
          },
          additionalProperties: false,
        },
        // `uuid` is remembered for an hour (im-v1/message/create).
        idempotency: 'key',
        keyLifetimeMs: 3_600_000,
        recipients: ['user'],
        maxBatch: 20,
      },
      {
        name: 'record',
        title: { en: 'Row of a Bitable', 'zh-CN': '多维表格记录' },
        optionsSchema: {
          type: 'object',
          properties: {
            appToken: {
              type: 'string',
              title: 'App token of the base',
              'x-zh-CN': { title: '多维表格 app_token' },
              pattern: '^[A-Za-z0-9_-]{1,128}$',
            },
            tableId: {
              type: 'string',
              title: 'Table',
              'x-zh-CN': { title: '数据表 table_id' },
              pattern: '^[A-Za-z0-9_-]{1,128}$',
            },
            learnerField: outcomeField('learner', '学员'),
            courseField: outcomeField('course or exam', '课程或考试'),
            resultField: outcomeField('result', '结果'),
            scoreField: outcomeField('score', '成绩'),
            timeField: outcomeField('time', '时间'),
          },
          required: ['appToken', 'tableId'],
          additionalProperties: false,
        },
        // The key is the batch's: the same items in the same order give the same `client_token`.
        idempotency: 'key',
        recipients: ['user'],
        // 1,000 by the newer pages, 500 by the older ones and by the text of error 1254104.
        maxBatch: 500,
      },
      {
        name: 'attribute',
        title: { en: 'Custom field of the person', 'zh-CN': '成员自定义字段' },
        optionsSchema: {
          type: 'object',
          properties: {
            attribute: {
              type: 'string',
              title: 'Name or id of the custom field',
              'x-zh-CN': { title: '自定义字段名称或 ID' },
              minLength: 1,
              maxLength: 100,
            },
            text: { type: 'string', title: 'Value', 'x-zh-CN': { title: '写入内容' }, maxLength: 2_000 },
          },
          required: ['attribute'],
          additionalProperties: false,
        },
        idempotency: 'natural',
        recipients: ['user'],
        maxBatch: 20,
      },
    ],
  },
};
