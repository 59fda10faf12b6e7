import { createHmac } from 'node:crypto';
import type { RawCallback } from '@trainbridge/connector-kit';
import type { ConformanceHarness } from '@trainbridge/connector-testing';
import { AcmeOa } from './acme-oa.js';

const NOW = 1_767_225_600_000;
const WEBHOOK_SECRET = 'webhook-secret-1';
const PEOPLE = 230;

/** The OA of the tests, with a company in it. */
export const acmeHarness: ConformanceHarness = {
  async start() {
    const oa = await AcmeOa.start();
    oa.employees = Array.from({ length: PEOPLE }, (_, index) => ({
      id: `E${index}`,
      name: `员工${index}`,
      number: String(index).padStart(4, '0'),
      email: index % 5 === 0 ? null : `e${index}@acme.example`,
      ...(index % 7 === 0 ? {} : { phone: `139${String(index).padStart(8, '0')}` }),
      jobTitle: '工程师',
      department: ['研发部', '销售部', '人事部'][index % 3]!,
      manager: 'E0',
      enabled: index % 11 !== 3,
    }));
    let events = 0;
    const config = { baseUrl: oa.origin, client: 'acme', secret: oa.secret, webhookSecret: WEBHOOK_SECRET };
    return {
      config,
      refusedConfig: { ...config, secret: 'not-the-secret' },
      now: () => NOW,
      expireTokens: () => oa.revokeToken(),
      limitRate: (calls) => oa.limitRate(calls),
      directory: {
        people: oa.employees.map(({ id }) => id as string),
        departments: ['研发部', '销售部', '人事部'],
        inThreeDepartments: '',
        nobody: 'E99999',
      },
      events: {
        genuine: () =>
          signed({ id: `ev-${(events += 1)}`, type: 'employee.changed', employee: 'E1', at: NOW }),
        forged: () => {
          const raw = signed({ id: 'ev-0', type: 'employee.left', employee: 'E1', at: NOW });
          const old = signed({ id: 'ev-0', type: 'employee.left', employee: 'E1', at: NOW }, NOW - 3_600_000);
          const unsigned = { ...raw, headers: {} };
          const another = { ...raw, headers: { ...raw.headers, 'x-oa-signature': 'ab'.repeat(32) } };
          return [old, unsigned, another];
        },
      },
      close: () => oa.stop(),
    };
  },
  skip: {
    'somebody in three departments is one person with three memberships, one of them primary at most':
      'this OA puts everybody into one department',
    'the challenge is answered with exactly the text the platform wants':
      'this OA does not verify the address',
  },
};

function signed(event: object, timestamp = NOW): RawCallback {
  const body = JSON.stringify(event);
  const signature = createHmac('sha256', WEBHOOK_SECRET).update(`${timestamp}.${body}`).digest('hex');
  return {
    method: 'POST',
    queryString: '',
    headers: { 'x-oa-timestamp': String(timestamp), 'x-oa-signature': signature },
    bodyBase64: Buffer.from(body).toString('base64'),
  };
}
