import type { FaultSpec } from '@trainbridge/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  connectedCompany,
  PLATFORM_IDS,
  type ConnectedCompany,
  type PlatformId,
} from '../../src/connected-platforms.js';
import { readChanges } from '../../src/directory-run.js';

/** Where each platform hands out the app's token, and where it lists people. */
const ENDPOINTS: Record<PlatformId, { token: string; people: string }> = {
  wecom: { token: 'gettoken', people: 'user/list' },
  dingtalk: { token: 'POST /v1.0/oauth2/accessToken', people: '/topapi/v2/user/list' },
  feishu: {
    token: 'auth/v3/tenant_access_token/internal',
    people: 'contact/v3/users/find_by_department',
  },
};

/** Trouble in the middle of a run that a run goes on through. */
const TROUBLE: readonly (readonly [string, FaultSpec])[] = [
  ['calls refused as too many at one time', { kind: 'concurrency', times: 2, after: 1 }],
  ['calls refused as too many', { kind: 'rate_limit', times: 2, after: 2 }],
  ['a gateway that is down for a moment', { kind: 'http_error', times: 2, after: 1 }],
  ['half an answer', { kind: 'half_json', times: 1, after: 2, cut: true }],
  ['connections reset', { kind: 'reset', times: 2, after: 1 }],
];

describe('a run through trouble', () => {
  let company: ConnectedCompany;

  beforeAll(async () => {
    company = await connectedCompany();
  });
  afterEach(() => company.sandbox.platforms.forEach(({ faults }) => faults.clear()));
  afterAll(() => company?.close());

  describe.each(PLATFORM_IDS)('of %s', (id) => {
    // WeCom shuts a caller out for the rest of its window, which is waited out for 15 s: its connector's own tests see to that.
    const trouble = TROUBLE.filter(([, { kind }]) => id !== 'wecom' || kind !== 'rate_limit');

    it.each(trouble)(
      'with %s reads everybody',
      async (_what, fault) => {
        const platform = company.platform(id);
        const before = await readChanges(company.host.admin, platform.connectionId);
        platform.simulator.faults.add({ ...fault, endpoint: ENDPOINTS[id].people });
        const run = await platform.sync();
        expect([run.status, run.error]).toEqual(['success', null]);
        expect(platform.simulator.faults.list()).toEqual([]);
        const after = await readChanges(company.host.admin, platform.connectionId);
        expect(after.slice(before.length)).toEqual([]);
        // WeCom shuts a caller out for as long as the window is: a refusal is waited out for seconds.
      },
      60_000,
    );

    it('takes a page in HTML for no empty department: nothing changes', async () => {
      const platform = company.platform(id);
      const before = await readChanges(company.host.admin, platform.connectionId);
      platform.simulator.faults.add({ kind: 'html', times: 1, after: 1, endpoint: ENDPOINTS[id].people });
      const run = await platform.sync();
      expect([run.status, run.error?.code]).toEqual(['partial', 'partial_read']);
      expect((await platform.sync()).status).toBe('success');
      const after = await readChanges(company.host.admin, platform.connectionId);
      expect(after.slice(before.length)).toEqual([]);
    });

    it('fetches one token when all of them end in the middle', async () => {
      const platform = company.platform(id);
      const { calls, faults } = platform.simulator;
      calls.reset();
      // Slow enough that the tokens end while calls are under way.
      faults.add({ kind: 'slow', ms: 150, times: 3, endpoint: ENDPOINTS[id].people });
      const running = platform.sync();
      while (calls.count(ENDPOINTS[id].people) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      faults.add({ kind: 'expire_tokens' });
      const run = await running;
      expect([run.status, run.error]).toEqual(['success', null]);
      expect(run.counts.users).toMatchObject({ created: 0, disabled: 0, rejected: 0 });
      // WeCom has a token for each of its two secrets.
      expect(calls.count(ENDPOINTS[id].token)).toBeLessThanOrEqual(id === 'wecom' ? 2 : 1);
      expect(calls.count(ENDPOINTS[id].token)).toBeGreaterThan(0);
    });
  });
});
