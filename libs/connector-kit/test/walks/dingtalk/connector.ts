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
import { customers, directory } from './people.js';
import { identity } from './identity.js';
import { events } from './events.js';
import { results, tasks, todos } from './work.js';

export const configSchema = {
  type: 'object',
  properties: {
    corpId: { type: 'string', 'x-identity': true, ...label({ en: 'Corp ID', 'zh-CN': '企业 CorpId' }) },
    clientId: { type: 'string', 'x-identity': true, ...label({ en: 'Client ID', 'zh-CN': 'Client ID' }) },
    clientSecret: {
      type: 'string',
      writeOnly: true,
      ...label({ en: 'Client secret', 'zh-CN': 'Client Secret' }),
    },
    agentId: { type: 'string', ...label({ en: 'Agent ID', 'zh-CN': 'AgentId' }) },
    callbackToken: {
      type: 'string',
      writeOnly: true,
      ...label({ en: 'Callback token', 'zh-CN': '回调 Token' }),
    },
    callbackAesKey: {
      type: 'string',
      writeOnly: true,
      ...label({ en: 'Callback key', 'zh-CN': '回调 aes_key' }),
    },
    // Approvals can only be listed per form.
    processCodes: {
      type: 'array',
      items: { type: 'string' },
      ...label({ en: 'Approval forms', 'zh-CN': '审批模板' }),
    },
    apiBaseUrl: {
      type: 'string',
      format: 'origin',
      default: 'https://api.dingtalk.com',
      ...label({ en: 'API', 'zh-CN': '新版接口地址' }),
    },
    oapiBaseUrl: {
      type: 'string',
      format: 'origin',
      default: 'https://oapi.dingtalk.com',
      ...label({ en: 'Old API', 'zh-CN': '旧版接口地址' }),
    },
    loginBaseUrl: {
      type: 'string',
      format: 'origin',
      default: 'https://login.dingtalk.com',
      ...label({ en: 'Login', 'zh-CN': '登录地址' }),
    },
  },
  required: ['corpId', 'clientId', 'clientSecret'],
  additionalProperties: false,
} as const satisfies ConfigSchema;

export type Config = ConfigOf<typeof configSchema>;
export type Context = ConnectorContext<Config>;

const perSecond = (
  name: string,
  paths: readonly string[],
  perEndpoint?: true,
): Manifest['rateLimits'][number] => ({
  name,
  keyFrom: ['clientId'],
  paths,
  limit: 20,
  perMs: 1_000,
  ...(perEndpoint ? { perEndpoint } : {}),
});

const manifest: Manifest = {
  id: 'dingtalk-walk',
  contractVersion: CONTRACT_VERSION,
  name: { en: 'DingTalk', 'zh-CN': '钉钉' },
  allowedHosts: [
    { fromConfig: 'apiBaseUrl' },
    { fromConfig: 'oapiBaseUrl' },
    'wss-open-connection.dingtalk.com',
  ],
  // Sheet section 11: 20 per second per app and API. New paths carry ids, so each family is one rule.
  rateLimits: [
    perSecond('old API', ['/topapi/', '/auth/'], true),
    perSecond('to-dos', ['/v1.0/todo/']),
    perSecond('approvals', ['/v1.0/workflow/']),
    perSecond('contact', ['/v1.0/contact/']),
  ],
  maxConcurrency: 10,
  directory: {
    // Departments one by one, and the people granted one by one who stand in none of them.
    usersBy: 'both',
    departmentsBy: 'parent',
    userFields: [
      'displayName',
      'employeeNumber',
      'workEmail',
      'mobile',
      'jobTitle',
      'avatarUrl',
      'customFields',
      'status',
    ],
    departmentFields: ['name'],
    lookupBatch: 20,
    detailFields: ['managerExternalId'],
  },
  events: { delivery: ['callback', 'listen'] },
  tasks: { listedBy: 'created', lookupBatch: 20 },
  // sourceId is unique per app for good: a repeat is refused, and then found.
  todos: { idempotency: 'key', maxBatch: 20 },
  results: {
    actions: [
      {
        name: 'message',
        title: { en: 'Work notification', 'zh-CN': '工作通知' },
        optionsSchema: { type: 'object', properties: {}, additionalProperties: false },
        idempotency: 'none',
        recipients: ['user'],
        maxBatch: 20,
      },
      {
        name: 'tag',
        title: { en: 'External contact label', 'zh-CN': '外部联系人标签' },
        optionsSchema: {
          type: 'object',
          properties: { labelId: { type: 'string', title: 'Label id' } },
          required: ['labelId'],
          additionalProperties: false,
        },
        idempotency: 'natural',
        recipients: ['customer'],
        maxBatch: 20,
      },
    ],
  },
};

/** Sheet section 12, after finding the code that counts (0.1). */
const CODES: Record<string, ErrorCode> = {
  '-1': 'unavailable',
  '33012': 'not_found',
  '60121': 'not_found',
  '60003': 'not_found',
  '40096': 'auth_failed',
  invalidClientIdOrSecret: 'auth_failed',
  '40078': 'input_invalid',
  '40068': 'cursor_expired',
  '50002': 'permission_denied',
  '50004': 'permission_denied',
  '60011': 'permission_denied',
  '60020': 'permission_denied',
  '90002': 'rate_limited',
  '90018': 'rate_limited',
  '90020': 'permission_denied',
};
const EXPIRED = new Set(['40001', '40014', '42001', 'InvalidAuthentication', 'invalidAccessToken']);

/** Two envelopes: `errcode` at status 200 (wrapped once more in 88), or `code` at 4xx and 5xx. */
export function classify({ status, body }: HttpResponse): Classification {
  if (!isJsonObject(body)) return { outcome: 'error', code: status >= 500 ? 'unavailable' : 'bad_response' };
  const { errcode, sub_code, errmsg, sub_msg, code, message, request_id, requestid } = body as Record<
    string,
    string | number | undefined
  >;
  // An address that called too often is answered by a gateway, in no API's form (sheet section 11).
  if (body['punish'] !== undefined)
    return { outcome: 'error', code: 'rate_limited', retryAfterMs: Number(body['wait'] ?? 5) * 60_000 };
  const failed = (errcode !== undefined && errcode !== 0) || (errcode === undefined && status >= 400);
  if (!failed) return { outcome: 'ok' };
  const wrapped =
    String(errcode) === '88' ? (sub_code ?? /subcode=(\d+)/.exec(String(errmsg))?.[1]) : errcode;
  const effective = String(wrapped ?? code ?? status);
  const vendor = {
    vendorCode: effective,
    vendorMessage: String(sub_msg ?? errmsg ?? message ?? ''),
    vendorRequestId: String(request_id ?? requestid ?? ''),
  };
  if (EXPIRED.has(effective)) return { outcome: 'token_expired', ...vendor };
  if (/^(900|Forbidden\.AccessDenied\.Q)/.test(effective) && effective !== '90020')
    return { outcome: 'error', code: 'rate_limited', retryAfterMs: 1_000, ...vendor };
  if (effective.startsWith('Forbidden')) return { outcome: 'error', code: 'permission_denied', ...vendor };
  return {
    outcome: 'error',
    code: CODES[effective] ?? (status >= 500 ? 'unavailable' : 'bad_response'),
    ...vendor,
  };
}

export default defineConnector({
  manifest,
  configSchema,
  tokens: {
    app: {
      credentials: ['clientId', 'clientSecret'],
      async fetch({ http, config }) {
        const json = { appKey: config.clientId, appSecret: config.clientSecret };
        const { body } = await http({
          method: 'POST',
          url: `${config.apiBaseUrl}/v1.0/oauth2/accessToken`,
          json,
          retry: 'safe',
        });
        const { accessToken, expireIn } = body as { accessToken: string; expireIn: number };
        return { value: accessToken, expiresInSeconds: expireIn };
      },
      // One token, two places: the generation shows in the path, whatever the host is called in a private deployment.
      apply: (request, token) =>
        new URL(request.url).pathname.startsWith('/v1.0/')
          ? { ...request, headers: { ...request.headers, 'x-acs-dingtalk-access-token': token } }
          : { ...request, query: { ...request.query, access_token: token } },
    },
  },
  classify,
  async check(context) {
    const { summary } = await directory.visibility(context);
    return [
      {
        step: 'scope',
        ok: true,
        message: { en: 'The contact range can be read.', 'zh-CN': '通讯录范围可读取。' },
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
