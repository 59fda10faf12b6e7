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
  type TokenDefinition,
} from '../../../src/index.js';
import { customers, directory, identity } from './people.js';
import { events, results, tasks, todos } from './work.js';

export const configSchema = {
  type: 'object',
  properties: {
    corpId: { type: 'string', 'x-identity': true, ...label({ en: 'Corp ID', 'zh-CN': '企业 ID' }) },
    agentId: { type: 'string', 'x-identity': true, ...label({ en: 'Agent ID', 'zh-CN': '应用 ID' }) },
    agentSecret: { type: 'string', writeOnly: true, ...label({ en: 'App secret', 'zh-CN': '应用 Secret' }) },
    contactsSecret: {
      type: 'string',
      writeOnly: true,
      ...label({ en: 'Contacts secret', 'zh-CN': '通讯录 Secret' }),
    },
    callbackToken: {
      type: 'string',
      writeOnly: true,
      ...label({ en: 'Callback token', 'zh-CN': '回调 Token' }),
    },
    callbackAesKey: {
      type: 'string',
      writeOnly: true,
      ...label({ en: 'Callback key', 'zh-CN': 'EncodingAESKey' }),
    },
    apiBaseUrl: {
      type: 'string',
      format: 'origin',
      default: 'https://qyapi.weixin.qq.com',
      ...label({ en: 'API address', 'zh-CN': '接口地址' }),
    },
    loginBaseUrl: {
      type: 'string',
      format: 'origin',
      default: 'https://login.work.weixin.qq.com',
      ...label({ en: 'Login address', 'zh-CN': '登录地址' }),
    },
    oauthBaseUrl: {
      type: 'string',
      format: 'origin',
      default: 'https://open.weixin.qq.com',
      ...label({ en: 'In-app login address', 'zh-CN': '应用内登录地址' }),
    },
  },
  required: ['corpId', 'agentId', 'agentSecret'],
  additionalProperties: false,
} as const satisfies ConfigSchema;

export type Config = ConfigOf<typeof configSchema>;
export type Context = ConnectorContext<Config>;

const manifest: Manifest = {
  id: 'wecom-walk',
  contractVersion: CONTRACT_VERSION,
  name: { en: 'WeCom', 'zh-CN': '企业微信' },
  allowedHosts: [{ fromConfig: 'apiBaseUrl' }],
  // Sheet section 8. Paths carry no ids, so counting per path is counting per endpoint.
  rateLimits: [
    { name: 'endpoint/minute', keyFrom: ['corpId'], perEndpoint: true, limit: 10_000, perMs: 60_000 },
    { name: 'endpoint/hour', keyFrom: ['corpId'], perEndpoint: true, limit: 150_000, perMs: 3_600_000 },
    { name: 'approvals', keyFrom: ['corpId'], paths: ['/cgi-bin/oa/getapproval'], limit: 600, perMs: 60_000 },
  ],
  maxConcurrency: 20,
  directory: {
    // Ids of everybody under one secret, attributes of the visible under another.
    usersBy: 'both',
    userFields: [
      'displayName',
      'employeeNumber',
      'workEmail',
      'mobile',
      'jobTitle',
      'managerExternalId',
      'status',
    ],
    departmentFields: ['name', 'order'],
    lookupBatch: 20,
  },
  events: { delivery: ['callback'] },
  tasks: { listedBy: 'created', lookupBatch: 20 },
  // There is no to-do API: a card message stands for one, and duplicate checking remembers four hours.
  todos: { idempotency: 'key', keyLifetimeMs: 14_400_000, maxBatch: 20 },
  results: {
    actions: [
      {
        name: 'message',
        title: { en: 'Message', 'zh-CN': '应用消息' },
        optionsSchema: { type: 'object', properties: {}, additionalProperties: false },
        idempotency: 'key',
        keyLifetimeMs: 14_400_000,
        recipients: ['user'],
        maxBatch: 20,
      },
      {
        name: 'tag',
        title: { en: 'Tag', 'zh-CN': '标签' },
        optionsSchema: {
          type: 'object',
          properties: { tagId: { type: 'string', title: 'Tag id' } },
          required: ['tagId'],
          additionalProperties: false,
        },
        idempotency: 'natural',
        recipients: ['user', 'customer'],
        maxBatch: 1_000,
      },
    ],
  },
  servedFiles: [],
};

/** Sheet section 1.1: the same call with either secret. */
const token = (
  secretOf: (config: Config) => string,
  credentials: TokenDefinition<Config>['credentials'],
): TokenDefinition<Config> => ({
  credentials,
  async fetch({ http, config }) {
    const { body } = await http({
      method: 'GET',
      url: `${config.apiBaseUrl}/cgi-bin/gettoken`,
      query: { corpid: config.corpId, corpsecret: secretOf(config) },
    });
    const { access_token, expires_in } = body as { access_token: string; expires_in: number };
    return { value: access_token, expiresInSeconds: expires_in };
  },
  apply: (request, value) => ({ ...request, query: { ...request.query, access_token: value } }),
});

/** Sheet section 1.2. */
const CODES: Record<number, ErrorCode> = {
  [-1]: 'unavailable',
  40001: 'auth_failed',
  40013: 'config_invalid',
  40029: 'input_invalid',
  45009: 'rate_limited',
  45033: 'rate_limited',
  48002: 'permission_denied',
  48009: 'permission_denied',
  50100: 'cursor_expired',
  60011: 'permission_denied',
  60020: 'permission_denied',
  60111: 'not_found',
  81013: 'input_invalid',
  84061: 'not_found',
};

export function classify({ body }: HttpResponse): Classification {
  if (!isJsonObject(body)) return { outcome: 'error', code: 'bad_response' };
  const { errcode = 0, errmsg } = body as { errcode?: number; errmsg?: string };
  if (errcode === 0) return { outcome: 'ok' };
  const vendor = { vendorCode: String(errcode), vendorMessage: errmsg };
  if (errcode === 40014 || errcode === 42001) return { outcome: 'token_expired', ...vendor };
  return { outcome: 'error', code: CODES[errcode] ?? 'bad_response', ...vendor };
}

export default defineConnector({
  manifest,
  configSchema,
  tokens: {
    app: token((config) => config.agentSecret, ['corpId', 'agentSecret']),
    contacts: token((config) => config.contactsSecret ?? '', ['corpId', 'contactsSecret']),
  },
  classify,
  async check(context) {
    const { summary } = await directory.visibility(context);
    return [
      {
        step: 'visible-range',
        ok: true,
        message: { en: 'The app can be read.', 'zh-CN': '应用可读取。' },
        data: summary,
      },
    ];
  },
  identity,
  directory,
  customers,
  events,
  tasks,
  todos,
  results,
});
