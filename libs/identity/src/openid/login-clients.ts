import { Injectable } from '@nestjs/common';
import { OAuthClients, OAuthError, type OAuthClient } from '@trainbridge/access';
import { clientIpOf, localize, preferredLanguage } from '@trainbridge/http-api';
import type { AdapterPayload, KoaContextWithOIDC } from 'oidc-provider';
import { randomBytes } from 'node:crypto';
import type { OidcProviderModule } from './load-oidc-provider.js';

/** Where the provider's client carries ours. */
export const CLIENT_KEY = 'trainbridge_client';

/** The provider wants a secret to exist; ours are hashed, and compared by `compareSecret`. Nobody knows this one. */
const UNUSED_SECRET = randomBytes(32).toString('hex');

/** The API's clients as clients of the OpenID provider: those with scope `openid` and a place to send people back to. */
@Injectable()
export class LoginClients {
  constructor(private readonly clients: OAuthClients) {}

  /** Asked for every request: a client that was deleted, expired or changed is so at once. */
  async metadata(clientId: string): Promise<AdapterPayload | undefined> {
    const client = await this.clients.find(clientId);
    if (!client?.scopes.includes('openid') || client.redirectUris.length === 0) return undefined;
    return {
      client_id: client.id,
      client_name: client.name,
      client_secret: UNUSED_SECRET,
      redirect_uris: client.redirectUris,
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_basic',
      [CLIENT_KEY]: client,
    };
  }

  /**
   * Whether a secret is one of the client's, by the same rules and limits as at /oauth2/token.
   * @throws an error of the provider that says what to do.
   */
  async compareSecret(
    errors: OidcProviderModule['errors'],
    context: KoaContextWithOIDC,
    clientId: string,
    clientSecret: string,
  ): Promise<boolean> {
    try {
      await this.clients.authenticate({ clientId, clientSecret }, clientIpOf(context.req));
      return true;
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      const language = preferredLanguage(context.headers['accept-language']);
      // The challenge is the provider's to give: only to clients that used HTTP Basic.
      if (error.headers['retry-after']) context.set('retry-after', error.headers['retry-after']);
      const refusal = new errors.CustomOIDCProviderError(error.error, localize(error.description, language));
      throw Object.assign(refusal, { status: error.status, statusCode: error.status });
    }
  }
}

/** The client of a request; null where a request has none. */
export function clientOf(context: KoaContextWithOIDC): OAuthClient | null {
  return (context.oidc.client?.[CLIENT_KEY] as OAuthClient | undefined) ?? null;
}

/**
 * People who sign out come back to the LMS itself: any page on a host it signs people in on. Registering every such page
 * by its exact address would only be one more list to forget.
 */
export function isOwnAddress(redirectUris: readonly string[], address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { origin } = new URL(address);
  return redirectUris.some((uri) => new URL(uri).origin === origin);
}
