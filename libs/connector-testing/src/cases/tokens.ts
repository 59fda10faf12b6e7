import { expect } from 'vitest';
import type { Case, CaseInput } from '../case.js';

/** Something cheap that needs a token: the first thing each capability can be asked. */
function probe({ connector, stand }: CaseInput): (() => Promise<unknown>) | null {
  const context = stand.context();
  const { directory, customers, tasks } = connector;
  if (directory) return () => directory.visibility(context);
  if (customers?.list) return () => customers.list!(context, { cursor: null });
  if (tasks) return () => tasks.list(context, { since: Date.now(), cursor: null });
  return null;
}

export const tokenCases: readonly Case[] = [
  {
    name: 'a token that ends under ten parallel calls is fetched again once',
    async run(input) {
      const { connector, stand, platform } = input;
      const call = probe(input);
      if (Object.keys(connector.tokens).length === 0 || call === null) return;
      await stand.call('a first call', call);
      const before = new Map(stand.tokenFetches);
      await platform.expireTokens();
      await Promise.all(Array.from({ length: 10 }, () => stand.call('a call', call)));
      for (const [name, count] of stand.tokenFetches)
        expect(count - (before.get(name) ?? 0), `fetches of token "${name}"`).toBeLessThanOrEqual(1);
    },
  },
  {
    name: 'tokens are cached: twenty calls fetch each of them once',
    async run(input) {
      const call = probe(input);
      if (call === null) return;
      for (let calls = 0; calls < 20; calls += 1) await input.stand.call('a call', call);
      for (const [name, count] of input.stand.tokenFetches) expect(count, `fetches of "${name}"`).toBe(1);
    },
  },
  {
    name: 'a refused credential is an error with a code of its own, and is not tried over and over',
    async run({ connector, stand, platform }) {
      const context = stand.context({ config: platform.refusedConfig });
      const { directory, tasks, customers } = connector;
      const outcome = await stand.outcome('a call', async (): Promise<unknown> => {
        if (directory) return directory.listDepartments(context, { cursor: null });
        if (customers?.list) return customers.list(context, { cursor: null });
        return tasks?.list(context, { since: 0, cursor: null });
      });
      if (!('error' in outcome)) throw new Error('nothing refused the wrong credentials');
      expect(['auth_failed', 'config_invalid', 'permission_denied']).toContain(outcome.error.code);
      for (const count of stand.tokenFetches.values()) expect(count).toBeLessThanOrEqual(2);
    },
  },
];
