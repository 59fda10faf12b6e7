import { Injectable } from '@nestjs/common';
import { newId } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import { isScope, type Scope } from '../scopes.js';
import { hashSecret, last4, mintSecret } from '../secret-format.js';
import { OAuthClients } from './oauth-clients.js';
import { OAuthError } from './oauth-error.js';
import { invalidClient, type TokenRequest } from './token-request.js';

export interface IssuedToken {
  accessToken: string;
  expiresInSeconds: number;
  scopes: Scope[];
}

/** Exchanges a client's secret for an access token. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clients: OAuthClients,
  ) {}

  /** @throws {OAuthError} */
  async issue(request: TokenRequest, ip: string): Promise<IssuedToken> {
    const client = await this.clients.authenticate(request, ip);
    const scopes = grantedScopes(request.scope, client.scopes);
    const accessToken = mintSecret('accessToken');
    const ttl = client.accessTokenTtlSeconds;
    // The client may be deleted between the two statements: then its reference fails, and so does the login.
    const issued: unknown[] = await this.dataSource.query(
      `insert into tokens (id, client_id, kind, hash, last4, scopes, expires_at)
       select $1, c.id, 'access', $2, $3, $4, now() + $5 * interval '1 second' from clients c where c.id = $6 returning 1`,
      [newId('tok'), hashSecret(accessToken), last4(accessToken), scopes, ttl, client.id],
    );
    if (issued.length === 0)
      throw invalidClient({ en: 'The client was deleted.', 'zh-CN': '该客户端已被删除。' });
    return { accessToken, expiresInSeconds: ttl, scopes };
  }
}

function grantedScopes(asked: string | null, allowed: Scope[]): Scope[] {
  const names = asked === null ? [] : [...new Set(asked.split(' ').filter(Boolean))];
  if (names.length === 0) return allowed;
  const beyond = names.filter((name) => !isScope(name) || !allowed.includes(name));
  if (beyond.length === 0) return names.filter(isScope);
  const shown = beyond.slice(0, 5).join(', ').slice(0, 200);
  throw new OAuthError('invalid_scope', {
    en: `The client does not have: ${shown}. Leave scope out to get all it has.`,
    'zh-CN': `该客户端没有以下权限范围：${shown}。省略 scope 可获得其全部权限范围。`,
  });
}
