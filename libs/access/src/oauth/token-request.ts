import { isJsonObject } from '@trainbridge/connector-kit';
import { OAuthError } from './oauth-error.js';

export interface TokenRequest {
  clientId: string;
  clientSecret: string;
  /** What was asked for; null for everything the client has. */
  scope: string | null;
}

/** Reads a client-credentials request: HTTP Basic or body, form or JSON. @throws {OAuthError} */
export function readTokenRequest(authorization: string | undefined, body: unknown): TokenRequest {
  const fields = isJsonObject(body) ? body : {};
  const grantType = field(fields, 'grant_type');
  if (grantType === null) {
    throw new OAuthError('invalid_request', {
      en: 'grant_type is missing; send grant_type=client_credentials.',
      'zh-CN': '缺少 grant_type，请发送 grant_type=client_credentials。',
    });
  }
  if (grantType !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', {
      en: 'Only grant_type=client_credentials is supported here.',
      'zh-CN': '此处仅支持 grant_type=client_credentials。',
    });
  }
  return {
    ...credentials(authorization, field(fields, 'client_id'), field(fields, 'client_secret')),
    scope: field(fields, 'scope'),
  };
}

function credentials(authorization: string | undefined, id: string | null, secret: string | null) {
  if (authorization === undefined) {
    if (id !== null && secret !== null) return { clientId: id, clientSecret: secret };
    throw invalidClient({
      en: 'Send the client id and secret with HTTP Basic, or as client_id and client_secret in the body.',
      'zh-CN': '请通过 HTTP Basic，或在请求体中以 client_id 和 client_secret 发送客户端 ID 与密钥。',
    });
  }
  const basic = basicCredentials(authorization);
  if (!basic) {
    throw invalidClient({
      en: 'The Authorization header is not valid HTTP Basic.',
      'zh-CN': 'Authorization 请求头不是有效的 HTTP Basic 格式。',
    });
  }
  if (secret !== null || (id !== null && id !== basic.clientId)) {
    throw new OAuthError('invalid_request', {
      en: 'Send the credentials once: with HTTP Basic or in the body, not both.',
      'zh-CN': '凭证只能发送一次：使用 HTTP Basic 或请求体，二者不可同时使用。',
    });
  }
  return basic;
}

/** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
function basicCredentials(authorization: string): { clientId: string; clientSecret: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]{1,2000})\s*$/i.exec(authorization)?.[1];
  if (!encoded) return null;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1) return null;
  try {
    const [clientId, clientSecret] = [decoded.slice(0, colon), decoded.slice(colon + 1)].map((part) =>
      decodeURIComponent(part.replace(/\+/g, ' ')),
    );
    return { clientId: clientId!, clientSecret: clientSecret! };
  } catch {
    return null;
  }
}

export function invalidClient(description: { en: string; 'zh-CN': string }): OAuthError {
  return new OAuthError('invalid_client', description, {
    'www-authenticate': 'Basic realm="trainbridge", charset="UTF-8"',
  });
}

/** Null when absent or empty, which RFC 6749 treats alike. @throws {OAuthError} when repeated or not a text. */
function field(fields: Record<string, unknown>, name: string): string | null {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' && value.length <= 2_000) return value;
  throw new OAuthError('invalid_request', {
    en: `${name} must be given once, as a text.`,
    'zh-CN': `${name} 只能出现一次，且必须是文本。`,
  });
}
