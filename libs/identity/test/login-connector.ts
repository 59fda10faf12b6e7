import { ConnectorError, defineConnector, type LoginSubject } from '@trainbridge/connector-kit';

/** What the platform's login page would have found out; tests put it in under the code they then send. */
export const subjects = new Map<string, LoginSubject | Error>();

export function employee(externalId: string, more: Partial<LoginSubject> = {}): LoginSubject {
  return { kind: 'employee', externalId, externalIds: [], profile: {}, ...more };
}

/** How often each code was exchanged: a one-time code must be sent once. */
export const exchanged: { code: string; redirectUri: string; mode: string }[] = [];

/** A platform that signs in whoever a test says. */
export default defineConnector({
  manifest: {
    id: 'login-fixture',
    contractVersion: '1.0',
    name: { en: 'Fixture platform', 'zh-CN': '测试平台' },
    allowedHosts: ['platform.example.com', { fromConfig: 'exchangeAt' }],
    rateLimits: [],
    maxConcurrency: 4,
    identity: { inAppUserAgents: ['FixtureClient'] },
  },
  configSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['tenant', 'secret'],
    properties: {
      tenant: { type: 'string', title: 'Tenant', 'x-identity': true },
      secret: { type: 'string', title: 'Secret', writeOnly: true },
      exchangeAt: { type: 'string', title: 'Where codes are exchanged over HTTP', format: 'origin' },
    },
  },
  tokens: {},
  classify: ({ status }) => (status < 400 ? { outcome: 'ok' } : { outcome: 'error', code: 'input_invalid' }),
  check: async () => [],
  identity: {
    async authorizationUrl({ config }, { redirectUri, state, mode }) {
      const url = new URL(`https://platform.example.com/${mode === 'inApp' ? 'silent' : 'qr'}`);
      url.search = String(new URLSearchParams({ tenant: config.tenant, redirect_uri: redirectUri, state }));
      return { url: url.href };
    },
    async authenticate({ config, http }, { query, redirectUri, mode }) {
      const code = query.code ?? '';
      // As a careless author would: without telling the host that the code is secret.
      if (config.exchangeAt) {
        await http({
          method: 'POST',
          url: `${config.exchangeAt}/exchange?grant=${code}`,
          json: { grant: code },
        });
      }
      exchanged.push({ code, redirectUri, mode });
      const subject = subjects.get(code);
      if (subject instanceof Error) throw subject;
      if (subject) return subject;
      throw new ConnectorError('input_invalid', `code ${code} of secret ${config.secret} is not valid`);
    },
  },
});
