import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isIpInRanges } from '../ip-list.js';
import type { Scope } from '../scopes.js';
import { hashSecret, secretKind } from '../secret-format.js';
import { LoginLimiter } from './login-limiter.js';
import { OAuthError } from './oauth-error.js';
import { invalidClient } from './token-request.js';

/** A client as the endpoints of OAuth 2 and OpenID Connect see it. */
export interface OAuthClient {
  id: string;
  name: string;
  scopes: Scope[];
  /** Null: all. */
  connectionIds: string[] | null;
  redirectUris: string[];
  accessTokenTtlSeconds: number;
}

interface Row extends OAuthClient {
  allowedIps: string[] | null;
  expired: boolean;
}

const FAILURES_PER_CLIENT = 10;
const FAILURES_PER_ADDRESS = 100;

const COLUMNS = `
  c.id, c.name, c.scopes, c.connection_ids as "connectionIds", c.redirect_uris as "redirectUris",
  c.access_token_ttl_seconds as "accessTokenTtlSeconds", c.allowed_ips as "allowedIps",
  coalesce(c.expires_at <= now(), false) as expired`;

/** Who a client is and whether its secret is right: asked by every endpoint that takes a client's credentials. */
@Injectable()
export class OAuthClients {
  private readonly perClient = new LoginLimiter(FAILURES_PER_CLIENT);
  private readonly perAddress = new LoginLimiter(FAILURES_PER_ADDRESS);

  constructor(private readonly dataSource: DataSource) {}

  /** The client as it is now; null when there is none, or none that still may be used. Proves nothing about the caller. */
  async find(clientId: string): Promise<OAuthClient | null> {
    if (!isPossibleId(clientId)) return null;
    const [row]: Row[] = await this.dataSource.query(`select ${COLUMNS} from clients c where c.id = $1`, [
      clientId,
    ]);
    return row && !row.expired ? toClient(row) : null;
  }

  /**
   * The client these credentials belong to. While a secret is being replaced both work.
   * @throws {OAuthError} `slow_down` after too many failures, `invalid_client`, `unauthorized_client` for a foreign address.
   */
  async authenticate(
    { clientId, clientSecret }: { clientId: string; clientSecret: string },
    ip: string,
  ): Promise<OAuthClient> {
    const pair = `${clientId.slice(0, 64)} ${ip}`;
    const wait = Math.max(this.perClient.retryAfterSeconds(pair), this.perAddress.retryAfterSeconds(ip));
    if (wait > 0) throw tooManyAttempts(wait);
    const client = await this.findBySecret(clientId, clientSecret);
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
    if (client.allowedIps && !isIpInRanges(ip, client.allowedIps)) {
      throw new OAuthError('unauthorized_client', {
        en: 'The client may not be used from this address; add it to allowedIps.',
        'zh-CN': '不允许从该地址使用此客户端，请将其加入 allowedIps。',
      });
    }
    return toClient(client);
  }

  private async findBySecret(clientId: string, clientSecret: string): Promise<Row | null> {
    // What is not one of our secrets need not be asked for.
    if (!isPossibleId(clientId) || secretKind(clientSecret) !== 'clientSecret') return null;
    const rows: Row[] = await this.dataSource.query(
      `select ${COLUMNS} from clients c join client_secrets s on s.client_id = c.id
       where c.id = $1 and s.hash = $2 and (s.expires_at is null or s.expires_at > now())`,
      [clientId, hashSecret(clientSecret)],
    );
    return rows[0] ?? null;
  }
}

/** A NUL cannot be asked for. */
function isPossibleId(clientId: string): boolean {
  return clientId.length <= 64 && !clientId.includes('\0');
}

function toClient({ allowedIps: _allowedIps, expired: _expired, ...client }: Row): OAuthClient {
  return client;
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
