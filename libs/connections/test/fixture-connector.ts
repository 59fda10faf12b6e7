import {
  ConnectorError,
  defineConnector,
  type CallbackReply,
  type PlatformEvent,
} from '@trainbridge/connector-kit';

/** A platform made for these tests: callbacks are signed by a word in the query, `check` does what `mode` says. */
export default defineConnector({
  manifest: {
    id: 'fixture',
    contractVersion: '1.0',
    name: { en: 'Fixture', 'zh-CN': '测试平台' },
    allowedHosts: [{ fromConfig: 'baseUrl' }],
    rateLimits: [],
    maxConcurrency: 4,
    events: { delivery: ['callback'] },
    servedFiles: [{ fromConfig: 'domainVerification' }],
    directory: {
      usersBy: 'company',
      userFields: ['displayName'],
      departmentFields: ['name'],
      lookupBatch: 10,
    },
  },
  configSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['tenant', 'secret'],
    properties: {
      tenant: { type: 'string', title: 'Tenant', 'x-identity': true },
      secret: { type: 'string', title: 'Secret', writeOnly: true, minLength: 8 },
      second: { type: 'string', title: 'Second secret', writeOnly: true },
      mode: { type: 'string', title: 'Mode', default: 'good' },
      baseUrl: {
        type: 'string',
        title: 'Base URL',
        format: 'origin',
        default: 'https://fixture.example.com',
      },
      domainVerification: {
        type: 'object',
        title: 'File',
        additionalProperties: false,
        required: ['name', 'content'],
        properties: {
          name: { type: 'string', title: 'Name' },
          content: { type: 'string', title: 'Content' },
        },
      },
    },
  },
  tokens: {},
  classify: (response) =>
    response.status < 400 ? { outcome: 'ok' } : { outcome: 'error', code: 'bad_response', vendorCode: 'E42' },
  async check({ config, http }) {
    if (config.mode === 'throws') throw new TypeError(`oops ${config.secret}`);
    if (config.mode === 'refused') {
      throw new ConnectorError('auth_failed', `secret ${config.secret} was refused`, {
        vendorCode: '40001',
        vendorMessage: 'invalid credential',
        advice: { en: 'Look at the console.', 'zh-CN': '请查看后台。' },
      });
    }
    if (config.mode === 'calls')
      await http({ method: 'GET', url: `${config.baseUrl}/me`, query: { key: config.secret } });
    const data = config.mode === 'echoes' ? { said: [`you are ${config.secret}`] } : undefined;
    return [
      { step: 'token', ok: true, message: { en: 'It works.', 'zh-CN': '正常。' }, ...(data && { data }) },
    ];
  },
  directory: {
    async visibility({ config }) {
      if (config.mode === 'refused') {
        throw new ConnectorError('permission_denied', `secret ${config.secret} may not`, {
          vendorMessage: `no right: ${config.secret}`,
        });
      }
      return { grants: [], summary: {} };
    },
    listDepartments: async () => ({ items: [], rejected: [], cursor: null, done: true }),
    listUsers: async () => ({ items: [], rejected: [], cursor: null, done: true }),
    getUsers: async () => [],
    getDepartments: async () => [],
  },
  events: {
    async receive(context, raw): Promise<{ reply: CallbackReply; events: PlatformEvent[] }> {
      const query = new URLSearchParams(raw.queryString);
      if (query.has('bug')) throw new TypeError(`oops ${context.config.secret}`);
      if (query.get('signature') !== context.config.secret)
        throw new ConnectorError('auth_failed', 'The signature is wrong.');
      if (raw.method === 'GET') {
        return {
          reply: { status: 200, headers: { 'content-type': 'text/plain' }, body: query.get('echo') ?? '' },
          events: [],
        };
      }
      const text = Buffer.from(raw.bodyBase64, 'base64').toString('utf8');
      let sent: { key: string; kind: 'user.changed' | 'other'; ids: string[] }[];
      try {
        sent = JSON.parse(text) as typeof sent;
      } catch {
        throw new ConnectorError('input_invalid', 'The body is cut off.');
      }
      const events = sent.map((event) => ({ ...event, time: context.now(), data: { text } }));
      return { reply: { status: 200, headers: { 'x-vendor': 'yes' }, body: 'success' }, events };
    },
  },
});
