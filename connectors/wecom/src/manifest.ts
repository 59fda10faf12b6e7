import { CONTRACT_VERSION, type Manifest } from '@trainbridge/connector-kit';

/** Facts the host acts on; pages of the vendor are cited as D-N. */
export const manifest: Manifest = {
  id: 'wecom',
  contractVersion: CONTRACT_VERSION,
  name: { en: 'WeCom', 'zh-CN': '企业微信' },
  allowedHosts: [{ fromConfig: 'apiBaseUrl' }],
  // Published per corporation and endpoint (D-90312); exceeding one shuts the caller out for the whole window.
  rateLimits: [
    {
      name: 'per-minute',
      keyFrom: ['apiBaseUrl', 'corpId'],
      perEndpoint: true,
      limit: 10_000,
      perMs: 60_000,
    },
    {
      name: 'per-hour',
      keyFrom: ['apiBaseUrl', 'corpId'],
      perEndpoint: true,
      limit: 150_000,
      perMs: 3_600_000,
    },
  ],
  // 45033 was seen at about 400 parallel calls of one endpoint (no page names the limit); nothing is won far below that either.
  maxConcurrency: 32,
  directory: {
    // The contacts secret lists every id of the company, the app secret describes the people of each department.
    usersBy: 'both',
    userFields: [
      'displayName',
      'workEmail',
      'mobile',
      'jobTitle',
      'managerExternalId',
      'status',
      'avatarUrl',
      'customFields',
    ],
    departmentFields: ['name', 'order'],
    lookupBatch: 50,
  },
  events: { delivery: ['callback'] },
  servedFiles: [{ fromConfig: 'domainVerification' }],
};
