import { PersonBrowser } from '@trainbridge/sandbox';
import * as oidc from 'openid-client';
import { must } from '../api.js';
import { accountOf, onEachPlatform, type Lane, type Stage, type User } from '../lane.js';
import { seconds } from '../screen.js';

/** What the id token tells beside the standard claims (docs/api-guide.md). */
interface LoginClaims extends oidc.IDToken {
  name: string;
  employee_number: string;
  departments: { name: string }[];
}

/** One person of each platform logs in at the LMS, whose side is played by an independent OpenID client. */
export async function logIn(stage: Stage): Promise<void> {
  const { admin, sandbox, hostUrl } = stage;
  const redirectUri = `${sandbox.lmsUrl}/callback`;
  const { clientId, clientSecret } = must(
    await admin.POST('/api/v1/clients', {
      body: { name: 'Demo LMS, login', scopes: ['openid', 'profile'], redirectUris: [redirectUri] },
    }),
  );
  const lms = await oidc.discovery(new URL(`${hostUrl}/oidc`), clientId, clientSecret, undefined, {
    // The demo's host is on loopback, where https has nothing to protect.
    execute: [oidc.allowInsecureRequests],
  });
  const heading = {
    zh: '4. 登录：扫码或免登 → OpenID Connect → LMS',
    en: '4. Log in: platform → OpenID Connect → LMS',
  };
  await onEachPlatform(stage, heading, async (lane) => {
    const began = Date.now();
    const user = await somebody(stage, lane);
    const claims = await signIn(lms, stage, lane, accountOf(user), redirectUri);
    if (claims.sub !== user.id) throw new Error(`somebody else was logged in: ${claims.sub}`);
    lane.figures.loginMs = Date.now() - began;
    const { name, employee_number: number, departments } = claims as LoginClaims;
    const places = departments.map((place) => place.name).join(', ');
    return `${name} · 工号 no. ${number} · ${places} · sub ${claims.sub} · ${seconds(lane.figures.loginMs)}`;
  });
}

async function somebody({ admin }: Stage, { connectionId }: Lane): Promise<User> {
  const query = { connectionId, status: 'active' as const, limit: 1 };
  const [user] = must(await admin.GET('/api/v1/users', { params: { query } })).data;
  if (!user) throw new Error('the directory is empty');
  return user;
}

/** From the LMS's link to the claims of the id token. */
async function signIn(
  lms: oidc.Configuration,
  { sandbox }: Stage,
  { connectionId }: Lane,
  account: string,
  redirectUri: string,
): Promise<oidc.IDToken> {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedNonce: oidc.randomNonce(), expectedState: oidc.randomState() };
  const link = oidc.buildAuthorizationUrl(lms, {
    redirect_uri: redirectUri,
    scope: 'openid profile',
    connection: connectionId,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    nonce: checks.expectedNonce,
    state: checks.expectedState,
  });
  const browser = new PersonBrowser(sandbox.url, account);
  const arrival = await browser.goTo(link.href, redirectUri);
  if (arrival.status !== null)
    throw new Error(`stuck at ${arrival.url}: ${arrival.status} ${arrival.text.slice(0, 300)}`);
  const tokens = await oidc.authorizationCodeGrant(lms, new URL(arrival.url), checks);
  const claims = tokens.claims();
  if (!claims) throw new Error('the answer held no id token');
  return claims;
}
