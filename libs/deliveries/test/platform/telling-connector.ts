import {
  CONTRACT_VERSION,
  defineConnector,
  type ItemOutcome,
  type ResultItem,
} from '@trainbridge/connector-kit';

/** What platforms of this process were told, and what they answer. */
export const platform = {
  told: [] as { action: string; items: ResultItem[] }[],
  answer: (items: ResultItem[]): ItemOutcome[] =>
    items.map(({ key }) => ({ key, status: 'done', externalRef: 'm-1' })),
};

/** A connector that only tells, for a host that loads it by its file. */
export default defineConnector({
  manifest: {
    id: 'telling',
    contractVersion: CONTRACT_VERSION,
    name: { en: 'Telling', 'zh-CN': '通知' },
    allowedHosts: [],
    rateLimits: [],
    maxConcurrency: 4,
    results: {
      actions: [
        {
          name: 'message',
          title: { en: 'Message', 'zh-CN': '消息' },
          idempotency: 'key',
          keyLifetimeMs: 3_600_000,
          maxBatch: 50,
          recipients: ['user', 'customer'],
          optionsSchema: {
            type: 'object',
            additionalProperties: false,
            properties: { text: { type: 'string', title: 'Text' } },
          },
        },
      ],
    },
  },
  configSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['tenant'],
    properties: { tenant: { type: 'string', title: 'Tenant', 'x-identity': true } },
  },
  tokens: {},
  classify: () => ({ outcome: 'ok' }),
  check: async () => [],
  results: {
    report: async (_context, { action, items }) => {
      platform.told.push({ action, items });
      return platform.answer(items);
    },
  },
});
