import { PersonBrowser, type Arrival } from '@trainbridge/sandbox';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedCompany, PLATFORM_IDS, type ConnectedCompany } from '../../src/connected-platforms.js';
import { dataOf } from '../../src/expect-data.js';

const REDIRECT_URI = 'https://lms.example.com/callback';
/** What the platforms' own clients say they are. */
const CLIENTS = { wecom: 'wxwork/4.1 MicroMessenger/7.0', dingtalk: 'DingTalk/7.6', feishu: 'Lark/7.20' };

/** Login: from the LMS's link through the platform to an id token, by an OpenID client we did not write. */
describe('logging in', () => {
  let company: ConnectedCompany;
  let lms: oidc.Configuration;

  beforeAll(async () => {
    company = await connectedCompany();
    const { admin, url } = company.host;
    const made = await admin.POST('/api/v1/clients', {
      body: { name: 'LMS', scopes: ['openid', 'profile'], redirectUris: [REDIRECT_URI] },
    });
    const { clientId, clientSecret } = dataOf(made);
    const options = { execute: [oidc.allowInsecureRequests] };
    lms = await oidc.discovery(new URL(`${url}/oidc`), clientId, clientSecret, undefined, options);
  });
  afterAll(() => company?.close());

  describe.each(PLATFORM_IDS)('with %s', (id) => {
    interface Login {
      arrival: Arrival;
      checks: oidc.AuthorizationCodeGrantChecks;
    }

    async function logIn(account: string, userAgent?: string): Promise<Login> {
      const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
      const checks = {
        pkceCodeVerifier,
        expectedNonce: oidc.randomNonce(),
        expectedState: oidc.randomState(),
      };
      const link = oidc.buildAuthorizationUrl(lms, {
        redirect_uri: REDIRECT_URI,
        scope: 'openid profile',
        connection: company.platform(id).connectionId,
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        nonce: checks.expectedNonce,
        state: checks.expectedState,
      });
      const browser = new PersonBrowser(company.sandbox.url, account, userAgent);
      return { arrival: await browser.goTo(link.href, REDIRECT_URI), checks };
    }

    it.each(['in a browser', "in the platform's own client"])('signs a person in %s', async (where) => {
      const platform = company.platform(id);
      const [user] = await platform.people(1);
      const userAgent = where === 'in a browser' ? undefined : `Mozilla/5.0 (iPhone) ${CLIENTS[id]}`;
      const { arrival, checks } = await logIn(platform.accountOf(user!), userAgent);
      expect(arrival).toMatchObject({ status: null });
      const tokens = await oidc.authorizationCodeGrant(lms, new URL(arrival.url), checks);
      expect(tokens.claims()).toMatchObject({
        sub: user!.id,
        person_id: user!.personId,
        name: user!.displayName,
        connection_id: platform.connectionId,
      });
      const info = await oidc.fetchUserInfo(lms, tokens.access_token, user!.id);
      expect(info).toMatchObject({ sub: user!.id, name: user!.displayName });
    });

    if (id !== 'feishu') {
      it('refuses a customer, who is nobody of the company', async () => {
        const [customer] = company.platform(id).simulator.glance().customers!;
        const { arrival } = await logIn(customer!.id, CLIENTS[id]);
        expect(arrival.status).toBe(403);
        expect(arrival.url).toContain(company.host.url);
      });
    }

    it('refuses somebody who is disabled here, whatever the platform says', async () => {
      const platform = company.platform(id);
      const [, user] = await platform.people(2);
      // The platform still lets them in: as when its event of their leaving is late.
      await company.host.database.dataSource.query(`update users set status = 'disabled' where id = $1`, [
        user!.id,
      ]);
      const { arrival } = await logIn(platform.accountOf(user!));
      expect(arrival.status).toBe(403);
      expect(arrival.text).toContain('disabled');
    });
  });
});
