import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { LocalizedText } from '@trainbridge/connector-kit';
import { ProblemError } from '@trainbridge/http-api';
import type { Actor } from './actor.js';
import { isIpInRanges } from './ip-list.js';
import { AccessOptions } from './options.js';
import { ALL_SCOPES } from './scopes.js';
import { hashSecret, secretKind } from './secret-format.js';
import { TokenLookup } from './token-lookup.js';
import { TokenUsage } from './token-usage.js';

const WEAK_BELOW = 16;

/** Turns an Authorization header into an Actor. */
@Injectable()
export class Authenticator {
  private readonly adminTokenHash: Buffer;

  constructor(
    options: AccessOptions,
    private readonly lookup: TokenLookup,
    private readonly usage: TokenUsage,
  ) {
    if (options.adminToken === '') throw new Error('the admin token is empty');
    if (options.adminToken.length < WEAK_BELOW) {
      new Logger('Access').warn(
        `the admin token is shorter than ${WEAK_BELOW} characters and can be guessed`,
      );
    }
    this.adminTokenHash = sha256(options.adminToken);
  }

  /** @throws {ProblemError} 401 when there is no valid token, 403 when it may not be used from this address. */
  async authenticate(authorization: string | undefined, ip: string | null): Promise<Actor> {
    const token = bearerToken(authorization);
    // Both sides hashed: the same length, and no timing that depends on the secret.
    if (timingSafeEqual(sha256(token), this.adminTokenHash)) {
      return { kind: 'admin', clientId: null, name: 'admin', scopes: ALL_SCOPES, connectionIds: null };
    }
    const kind = secretKind(token);
    if (kind === 'clientSecret') throw unauthorized(SECRET_AS_TOKEN);
    const known = kind ? await this.lookup.find(hashSecret(token)) : null;
    if (!known) throw unauthorized(UNKNOWN_TOKEN);
    if (known.expired) throw unauthorized(EXPIRED_TOKEN);
    const { client } = known;
    if (client.expired) throw unauthorized(EXPIRED_CLIENT);
    if (client.allowedIps && !(ip && isIpInRanges(ip, client.allowedIps)))
      throw new ProblemError('ip_not_allowed');
    this.usage.note(known.id, ip);
    return {
      kind: 'client',
      clientId: client.id,
      name: client.name,
      scopes: known.scopes,
      connectionIds: client.connectionIds,
    };
  }
}

function bearerToken(authorization: string | undefined): string {
  if (!authorization) throw new ProblemError('unauthorized');
  const token = /^Bearer +([^\s]{1,512})\s*$/i.exec(authorization)?.[1];
  if (!token) throw unauthorized(NOT_BEARER);
  return token;
}

function unauthorized(detail: LocalizedText): ProblemError {
  return new ProblemError('unauthorized', {
    detail,
    headers: { 'www-authenticate': 'Bearer realm="trainbridge", error="invalid_token"' },
  });
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

const NOT_BEARER = {
  en: 'The Authorization header is not of the form `Bearer …`.',
  'zh-CN': 'Authorization 请求头的格式不是 `Bearer …`。',
};
const SECRET_AS_TOKEN = {
  en: 'This is a client secret. Exchange it for an access token at POST /oauth2/token.',
  'zh-CN': '这是客户端密钥，请先通过 POST /oauth2/token 换取访问令牌。',
};
const UNKNOWN_TOKEN = {
  en: 'The token is not known: mistyped, revoked or expired long ago. Request a new one at POST /oauth2/token.',
  'zh-CN': '令牌无效：可能输入有误、已被吊销或早已过期。请通过 POST /oauth2/token 重新获取。',
};
const EXPIRED_TOKEN = {
  en: 'The token has expired. Request a new one at POST /oauth2/token.',
  'zh-CN': '令牌已过期，请通过 POST /oauth2/token 重新获取。',
};
const EXPIRED_CLIENT = {
  en: 'The client has expired; an administrator can extend its `expiresAt`.',
  'zh-CN': '该客户端已过期，管理员可以延长其 `expiresAt`。',
};
