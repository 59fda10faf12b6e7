import {
  CONTRACT_VERSION,
  defineConnector,
  isJsonObject,
  label,
  type Classification,
  type ConfigOf,
  type ConfigSchema,
  type ConnectorContext,
  type ErrorCode,
  type HttpResponse,
  type Manifest,
} from '../../../src/index.js';
import { events } from './events.js';
import { identity } from './identity.js';
import { directory } from './people.js';
import { results } from './results.js';
import { tasks, todos } from './work.js';

export const configSchema = {
  type: 'object',
  properties: {
    appId: { type: 'string', 'x-identity': true, ...label({ en: 'App ID', 'zh-CN': 'App ID' }) },
    appSecret: { type: 'string', writeOnly: true, ...label({ en: 'App secret', 'zh-CN': 'App Secret' }) },
    encryptKey: { type: 'string', writeOnly: true, ...label({ en: 'Encrypt key', 'zh-CN': 'Encrypt Key' }) },
    verificationToken: {
      type: 'string',
      writeOnly: true,
      ...label({ en: 'Verification token', 'zh-CN': 'Verification Token' }),
    },
    approvalCodes: {
      type: 'array',
      items: { type: 'string' },
      ...label({ en: 'Approval codes', 'zh-CN': '审批定义' }),
    },
    apiBaseUrl: {
      type: 'string',
      format: 'origin',
      default: 'https://open.feishu.cn',
      ...label({ en: 'API', 'zh-CN': '接口地址' }),
    },
    accountsBaseUrl: {
      type: 'string',
      format: 'origin',
      default: 'https://accounts.feishu.cn',
      ...label({ en: 'Login', 'zh-CN': '登录地址' }),
    },
  },
  required: ['appId', 'appSecret'],
  additionalProperties: false,
} as const satisfies ConfigSchema;

export type Config = ConfigOf<typeof configSchema>;
export type Context = ConnectorContext<Config>;

const rule = (name: string, path: string, limit: number, perMs: number): Manifest['rateLimits'][number] => ({
  name,
  keyFrom: ['appId'],
  paths: [`/open-apis/${path}`],
  limit,
  perMs,
});
const NO_OPTIONS = { type: 'object', properties: {}, additionalProperties: false } as const;

const manifest: Manifest = {
  id: 'feishu-walk',
  contractVersion: CONTRACT_VERSION,
  name: { en: 'Feishu', 'zh-CN': '飞书' },
  allowedHosts: [{ fromConfig: 'apiBaseUrl' }],
  // Sheet section 2.5, per API; the paths carry ids, so each family is one rule (stricter than the platform, never laxer).
  rateLimits: [
    rule('contact/minute', 'contact/v3/', 1_000, 60_000),
    rule('contact/second', 'contact/v3/', 50, 1_000),
    rule('messages', 'im/v1/messages', 50, 1_000),
    rule('tasks', 'task/v2/', 10, 1_000),
    rule('approvals', 'approval/v4/', 100, 60_000),
    rule('bitable', 'bitable/v1/', 50, 1_000),
  ],
  maxConcurrency: 10,
  directory: {
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
  events: { delivery: ['callback'] },
  tasks: { listedBy: 'created', lookupBatch: 20 },
  // client_token is remembered for five minutes.
  todos: { idempotency: 'key', keyLifetimeMs: 300_000, maxBatch: 20 },
  results: {
    actions: [
      {
        name: 'message',
        title: { en: 'Message', 'zh-CN': '消息' },
        optionsSchema: NO_OPTIONS,
        idempotency: 'key',
        keyLifetimeMs: 3_600_000,
        recipients: ['user'],
        maxBatch: 20,
      },
      {
        name: 'record',
        title: { en: 'Bitable row', 'zh-CN': '多维表格记录' },
        optionsSchema: {
          type: 'object',
          properties: {
            appToken: { type: 'string', title: 'App token' },
            tableId: { type: 'string', title: 'Table' },
          },
          required: ['appToken', 'tableId'],
          additionalProperties: false,
        },
        idempotency: 'key',
        recipients: ['user'],
        maxBatch: 500,
      },
      {
        name: 'attribute',
        title: { en: 'Custom field', 'zh-CN': '自定义字段' },
        optionsSchema: {
          type: 'object',
          properties: { attributeId: { type: 'string', title: 'Attribute' } },
          required: ['attributeId'],
          additionalProperties: false,
        },
        idempotency: 'natural',
        recipients: ['user'],
        maxBatch: 20,
      },
    ],
  },
};

/** Sheet section 2.3 and the error lists of each family. */
const CODES: Record<number, ErrorCode> = {
  10003: 'config_invalid',
  10014: 'config_invalid',
  10015: 'auth_failed',
  2200: 'unavailable',
  20003: 'input_invalid',
  20004: 'input_invalid',
  20065: 'input_invalid',
  40004: 'permission_denied',
  40012: 'cursor_expired',
  40014: 'permission_denied',
  40015: 'not_found',
  41050: 'permission_denied',
  99991400: 'rate_limited',
  99991401: 'permission_denied',
  99991403: 'permission_denied',
  99991672: 'permission_denied',
  99992363: 'not_found',
  99992357: 'not_found',
  1254291: 'rate_limited',
  1470422: 'unavailable',
};
const EXPIRED = new Set([99991663, 99991664]);

/** Decides on `code` at any status: 200, 400 and 429 all carry errors here. */
export function classify({ status, headers, body }: HttpResponse): Classification {
  if (!isJsonObject(body)) return { outcome: 'error', code: status >= 500 ? 'unavailable' : 'bad_response' };
  const {
    code = status >= 400 ? -status : 0,
    msg,
    error_description,
    error,
  } = body as {
    code?: number;
    msg?: string;
    error_description?: string;
    error?: { log_id?: string; logid?: string } | string;
  };
  if (code === 0) return { outcome: 'ok' };
  const inBody = typeof error === 'object' ? (error.log_id ?? error.logid) : undefined;
  const vendor = {
    vendorCode: String(code),
    vendorMessage: msg ?? error_description,
    vendorRequestId: headers['x-tt-logid'] ?? inBody,
  };
  if (EXPIRED.has(code)) return { outcome: 'token_expired', ...vendor };
  const reset = headers['x-ogw-ratelimit-reset'];
  const wait = reset === undefined ? {} : { retryAfterMs: Number(reset) * 1_000 };
  return {
    outcome: 'error',
    code: CODES[code] ?? (status >= 500 ? 'unavailable' : 'bad_response'),
    ...vendor,
    ...wait,
  };
}

export default defineConnector({
  manifest,
  configSchema,
  tokens: {
    tenant: {
      credentials: ['appId', 'appSecret'],
      async fetch({ http, config }) {
        const json = { app_id: config.appId, app_secret: config.appSecret };
        const url = `${config.apiBaseUrl}/open-apis/auth/v3/tenant_access_token/internal`;
        const { body } = await http({ method: 'POST', url, json, retry: 'safe' });
        const { tenant_access_token, expire } = body as { tenant_access_token: string; expire: number };
        return { value: tenant_access_token, expiresInSeconds: expire };
      },
      apply: (request, token) => ({
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${token}` },
      }),
    },
  },
  classify,
  async check(context) {
    const { summary } = await directory.visibility(context);
    return [
      {
        step: 'contact-scope',
        ok: true,
        message: { en: 'The contact scope can be read.', 'zh-CN': '通讯录权限范围可读取。' },
        data: summary,
      },
    ];
  },
  identity,
  directory,
  events,
  tasks,
  todos,
  results,
});
