import { expect } from 'vitest';
import { given, type Case } from '../case.js';

const STATE = 'a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4';

export const identityCases: readonly Case[] = [
  {
    name: 'the address of the login page carries state and return address, and no secret',
    capability: 'identity',
    async run({ connector, stand, platform }) {
      const { redirectUri } = given(platform.identity, 'identity');
      for (const mode of ['browser', 'inApp'] as const) {
        const { url } = await stand.call('identity.authorizationUrl', () =>
          connector.identity!.authorizationUrl(stand.context({ offline: true }), {
            redirectUri,
            state: STATE,
            mode,
          }),
        );
        expect(url).toContain(STATE);
        expect(url).toContain(encodeURIComponent(redirectUri));
        expect(new URL(url).username).toBe('');
      }
    },
  },
  {
    name: 'a login tells who it is, by the id people are listed by',
    capability: 'identity',
    async run({ connector, stand, platform }) {
      const { redirectUri, mode, login, externalId } = given(platform.identity, 'identity');
      const query = await login(externalId);
      const subject = await stand.call('identity.authenticate', () =>
        connector.identity!.authenticate(stand.context(), { query, redirectUri, mode }),
      );
      expect(subject).toMatchObject({ kind: 'employee', externalId });
      for (const { type, value } of subject.externalIds) expect(type && value).toBeTruthy();
    },
  },
  {
    name: 'a code that was used, or made up, or is missing logs nobody in',
    capability: 'identity',
    async run({ connector, stand, platform }) {
      const { redirectUri, mode, login, externalId } = given(platform.identity, 'identity');
      const used = await login(externalId);
      const authenticate = (query: Record<string, string>) =>
        stand.outcome('identity.authenticate', () =>
          connector.identity!.authenticate(stand.context(), { query, redirectUri, mode }),
        );
      await authenticate(used);
      const madeUp = Object.fromEntries(
        Object.entries(used).map(([name, value]) => [name, name === 'state' ? value : 'made-up-code-0001']),
      );
      for (const query of [used, madeUp, {}]) {
        const outcome = await authenticate(query);
        if (!('error' in outcome))
          throw new Error(`${JSON.stringify(Object.keys(query))} logged somebody in`);
        expect(['auth_failed', 'input_invalid', 'not_found']).toContain(outcome.error.code);
      }
    },
  },
];
