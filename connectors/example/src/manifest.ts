import { CONTRACT_VERSION, type Manifest } from '@trainbridge/connector-kit';

/** Data the host acts on. Nothing here is code, so the host can read it without trusting the connector. */
export const manifest: Manifest = {
  id: 'example',
  contractVersion: CONTRACT_VERSION,
  name: { en: 'Acme OA (example)', 'zh-CN': '示例 OA' },

  // The only places `context.http` will go. Here it is whatever origin the deployer typed into `baseUrl`; a platform with
  // fixed public hosts lists their names instead.
  allowedHosts: [{ fromConfig: 'baseUrl' }],

  // The host counts calls for us. Connections with the same `client` share the limit, because the OA counts per client.
  rateLimits: [{ name: 'calls per client', keyFrom: ['baseUrl', 'client'], limit: 50, perMs: 1_000 }],
  maxConcurrency: 8,

  directory: {
    // People come in one list for the whole company. `department` would make the host walk the departments.
    usersBy: 'company',
    // What this platform can tell. A record without one of these keys means "withheld", and blanks nothing.
    userFields: [
      'displayName',
      'employeeNumber',
      'workEmail',
      'mobile',
      'jobTitle',
      'managerExternalId',
      'status',
    ],
    departmentFields: ['name'],
    lookupBatch: 20,
  },
  events: { delivery: ['callback'] },
};
