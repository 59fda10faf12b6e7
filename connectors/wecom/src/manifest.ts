import { CONTRACT_VERSION, type Manifest } from '@trainbridge/connector-kit';
import { DUPLICATE_CHECK_SECONDS } from './api/messages.js';
import { resultActions } from './results/actions.js';

/** What one corporation may ask for is counted for all its apps together. */
const corporation = ['apiBaseUrl', 'corpId'] as const;

/** Facts the host acts on; pages of the vendor are cited as D-N. */
export const manifest: Manifest = {
  id: 'wecom',
  contractVersion: CONTRACT_VERSION,
  name: { en: 'WeCom', 'zh-CN': '企业微信' },
  // The login pages are only linked to; nothing is called there.
  allowedHosts: [{ fromConfig: 'apiBaseUrl' }],
  // Published per corporation and endpoint (D-90312); exceeding one shuts the caller out for the whole window.
  rateLimits: [
    { name: 'per-minute', keyFrom: corporation, perEndpoint: true, limit: 10_000, perMs: 60_000 },
    { name: 'per-hour', keyFrom: corporation, perEndpoint: true, limit: 150_000, perMs: 3_600_000 },
    {
      name: 'approvals',
      keyFrom: corporation,
      paths: ['/cgi-bin/oa/getapprovalinfo', '/cgi-bin/oa/getapprovaldetail'],
      limit: 600,
      perMs: 60_000,
    },
  ],
  // 45033 was seen at about 400 parallel calls of one endpoint (no page names the limit); nothing is won far below that either.
  maxConcurrency: 32,
  // The client's own browser says both `wxwork` and `MicroMessenger`, WeChat's only the latter.
  identity: { inAppUserAgents: ['wxwork'] },
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
  // Approvals are listed by the time they were submitted (D-91816).
  tasks: { listedBy: 'created', lookupBatch: 50 },
  // One card message per person, which WeCom drops when the same comes again within four hours (D-90236).
  todos: { idempotency: 'key', keyLifetimeMs: DUPLICATE_CHECK_SECONDS * 1_000, maxBatch: 100 },
  results: { actions: resultActions },
  servedFiles: [{ fromConfig: 'domainVerification' }],
};
