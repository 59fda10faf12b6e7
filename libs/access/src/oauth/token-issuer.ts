import { Injectable } from '@nestjs/common';
import { newId } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import { isIpInRanges } from '../ip-list.js';
import { isScope, type Scope } from '../scopes.js';
import { hashSecret, last4, mintSecret, secretKind } from '../secret-format.js';
import { LoginLimiter } from './login-limiter.js';
import { OAuthError } from './oauth-error.js';
import { invalidClient, type TokenRequest } from './token-request.js';

export interface IssuedToken {
  accessToken: string;
  expiresInSeconds: number;
  scopes: Scope[];
}

interface ClientRow {
  scopes: Scope[];
  allowed_ips: string[] | null;
  ttl: number;
  expired: boolean;
}

const FAILURES_PER_CLIENT = 10;
const FAILURES_PER_ADDRESS = 100;

/** Exchanges a client's secret for an access token. */
@Injectable()
export class TokenIssuer {
  private readonly perClient = new LoginLimiter(FAILURES_PER_CLIENT);
  private readonly perAddress = new LoginLimiter(FAILURES_PER_ADDRESS);

  constructor(private readonly dataSource: DataSource) {}

  /** @throws {OAuthError} */
  async issue(request: TokenRequest, ip: string): Promise<IssuedToken> {
    const pair = `${request.clientId.slice(0, 64)} ${ip}`;
    const wait = Math.max(this.perClient.retryAfterSeconds(pair), this.perAddress.retryAfterSeconds(ip));
    if (wait > 0) throw tooManyAttempts(wait);
    const client = await this.findClient(request);
    if (!client) {
      this.perClient.failed(pair);
      this.perAddress.failed(ip);
      throw invalidClient({
        en: 'The client id or secret is wrong, or the secret was replaced. Copy both again, or rotate the secret.',
        'zh-CN': '客户端 ID 或密钥错误，或密钥已被更换。请重新复制，或轮换密钥。',
      });
    }
    this.perClient.succeeded(pair);
    if (client.expired) {
      throw invalidClient({
        en: 'The client has expired; an administrator can extend its expiresAt.',
        'zh-CN': '该客户端已过期，管理员可以延长其 expiresAt。',
      });
    }
    if (client.allowed_ips && !isIpInRanges(ip, client.allowed_ips)) {
      throw new OAuthError('unauthorized_client', {
        en: 'The client may not be used from this address; add it to allowedIps.',
        'zh-CN': '不允许从该地址使用此客户端，请将其加入 allowedIps。',
      });
    }
    const scopes = grantedScopes(request.scope, client.scopes);
    const accessToken = mintSecret('accessToken');
    // The client may be deleted between the two statements: then its reference fails, and so does the login.
    const issued: unknown[] = await this.dataSource.query(
      `insert into tokens (id, client_id, kind, hash, last4, scopes, expires_at)
       select $1, c.id, 'access', $2, $3, $4, now() + $5 * interval '1 second' from clients c where c.id = $6 returning 1`,
      [newId('tok'), hashSecret(accessToken), last4(accessToken), scopes, client.ttl, request.clientId],
    );
    if (issued.length === 0)
      throw invalidClient({ en: 'The client was deleted.', 'zh-CN': '该客户端已被删除。' });
    return { accessToken, expiresInSeconds: client.ttl, scopes };
  }

  private async findClient({ clientId, clientSecret }: TokenRequest): Promise<ClientRow | null> {
    // A NUL cannot be asked for, and what is not one of our secrets need not be.
    if (clientId.length > 64 || clientId.includes('\0') || secretKind(clientSecret) !== 'clientSecret')
      return null;
    const rows: ClientRow[] = await this.dataSource.query(
      `select c.scopes, c.allowed_ips, c.access_token_ttl_seconds as ttl, coalesce(c.expires_at <= now(), false) as expired
       from clients c join client_secrets s on s.client_id = c.id
       where c.id = $1 and s.hash = $2 and (s.expires_at is null or s.expires_at > now())`,
      [clientId, hashSecret(clientSecret)],
    );
    return rows[0] ?? null;
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

function tooManyAttempts(seconds: number): OAuthError {
  return new OAuthError(
    'slow_down',
    {
      en: `Too many failed logins; try again in ${seconds} s with the right secret.`,
      'zh-CN': `登录失败次数过多，请在 ${seconds} 秒后使用正确的密钥重试。`,
    },
    { 'retry-after': String(seconds) },
  );
}
