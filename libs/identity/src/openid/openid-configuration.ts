import type { JsonObject } from '@trainbridge/connector-kit';
import type { Configuration, Grant, KoaContextWithOIDC, JWK } from 'oidc-provider';
import type { LoginChoices } from '../login/login-choices.js';
import type { PublicAddress } from '../public-address.js';
import { CLAIMS, type Accounts } from './accounts.js';
import { interactionPolicy } from './interaction-policy.js';
import type { OidcProviderModule } from './load-oidc-provider.js';
import { CLIENT_KEY, clientOf, type LoginClients } from './login-clients.js';
import { askSignOut, showError, showSignedOut } from './openid-pages.js';
import type { OpenIdRecords } from './openid-records.js';

export interface OpenIdParts {
  module: OidcProviderModule;
  keys: JsonObject[];
  records: OpenIdRecords;
  clients: LoginClients;
  accounts: Accounts;
  choices: LoginChoices;
  address: PublicAddress;
}

/** A working day. Inside a platform's own client a new login costs nobody anything. */
export const SESSION_SECONDS = 8 * 3_600;
const INTERACTION_SECONDS = 30 * 60;
/** Longer than any access token may live: a token is worth what its grant is. */
const GRANT_SECONDS = 25 * 3_600;

/** Authorization code with PKCE for confidential clients, and nothing that nobody asked for. */
export function openIdConfiguration(parts: OpenIdParts): Configuration {
  const { module, keys, records, clients, accounts, choices, address } = parts;
  const off = { enabled: false } as const;
  const alreadyUsed = () => new module.errors.InvalidGrant('authorization code already consumed');
  return {
    adapter: (model: string) =>
      model === 'Client'
        ? { ...records.adapter(model, alreadyUsed), find: (id: string) => clients.metadata(id) }
        : records.adapter(model, alreadyUsed),
    jwks: { keys: keys as unknown as JWK[] },
    scopes: Object.keys(CLAIMS),
    claims: CLAIMS,
    // The ID token tells what userinfo tells: many systems only read the one.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256'] },
    pkce: { required: () => true },
    extraClientMetadata: { properties: [CLIENT_KEY] },
    extraParams: {
      connection: async (context, value) => {
        if (value === undefined) return;
        const { connectionIds } = clientOf(context) ?? { connectionIds: [] };
        if (await choices.includes(connectionIds, value)) return;
        throw new module.errors.InvalidRequest(
          'connection is not one this client can sign people in through',
        );
      },
    },
    features: {
      devInteractions: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
      resourceIndicators: off,
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: askSignOut,
        postLogoutSuccessSource: showSignedOut,
      },
    },
    discovery: { ui_locales_supported: ['zh-CN', 'en'] },
    findAccount: (context, sub) => accounts.find(sub, clientOf(context)),
    loadExistingGrant: (context) => grantOf(context),
    interactions: {
      policy: interactionPolicy(module),
      url: (_context, { uid }) => address.url(`/sso/interactions/${uid}`),
    },
    // Tokens are called by servers; a script on a page has no business here.
    clientBasedCORS: () => false,
    cookies: {
      names: { session: 'tb_session', interaction: 'tb_interaction', resume: 'tb_resume' },
      long: sessionCookie(address),
    },
    ttl: {
      AccessToken: (context, _token, _client) => clientOf(context)?.accessTokenTtlSeconds ?? 3_600,
      AuthorizationCode: 60,
      Grant: GRANT_SECONDS,
      IdToken: 3_600,
      Interaction: INTERACTION_SECONDS,
      Session: SESSION_SECONDS,
    },
    renderError: showError,
  };
}

/** Below the path this host is served at: another application on the same domain has no use for it. */
export function sessionCookie(address: PublicAddress): { httpOnly: true; sameSite: 'lax'; path: string } {
  return { httpOnly: true, sameSite: 'lax', path: address.path('/') };
}

/**
 * Grants what the client was given when it was made, and declines the rest, so that the `scope` a token answer names is
 * what the token opens. A new one per sign-in: it never says more than the client may have today.
 */
async function grantOf(context: KoaContextWithOIDC): Promise<Grant> {
  const { client, session, provider } = context.oidc;
  const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
  const scopes = clientOf(context)?.scopes ?? [];
  const may: Record<keyof typeof CLAIMS, boolean> = {
    openid: true,
    profile: scopes.includes('profile'),
    email: scopes.includes('directory:contact'),
    phone: scopes.includes('directory:contact'),
  };
  for (const [scope, granted] of Object.entries(may)) {
    if (granted) grant.addOIDCScope(scope);
    else grant.rejectOIDCScope(scope);
  }
  await grant.save();
  return grant;
}
