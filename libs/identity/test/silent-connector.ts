import { defineConnector } from '@trainbridge/connector-kit';

/** A platform that signs nobody in. */
export default defineConnector({
  manifest: {
    id: 'no-login-fixture',
    contractVersion: '1.0',
    name: { en: 'Without sign-in', 'zh-CN': '无登录功能' },
    allowedHosts: [],
    rateLimits: [],
    maxConcurrency: 1,
  },
  configSchema: { type: 'object', additionalProperties: false, properties: {} },
  tokens: {},
  classify: () => ({ outcome: 'ok' }),
  check: async () => [],
});
