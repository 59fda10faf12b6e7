import {
  ConnectorError,
  isConnectorError,
  isJsonObject,
  type Classification,
  type HttpRequest,
  type HttpResponse,
  type JsonObject,
  type VendorErrorData,
} from '@trainbridge/connector-kit';
import { adviceFor } from './errors/advice.js';
import { codeFor, EXPIRED_TOKEN, waitFor } from './errors/codes.js';

/**
 * What an answer means. The old API says 200 and an `errcode`, the new one a status and a `code`, and each turns up on the
 * other's host now and then, so the body decides and not the address. A third form is the gateway's, which shuts out a
 * caller's address for minutes and knows no envelope at all.
 */
export function classify({ body, status, headers }: HttpResponse, request: HttpRequest): Classification {
  if (!isJsonObject(body)) {
    return status === 204
      ? { outcome: 'ok' }
      : { outcome: 'error', code: byStatus(status), vendorMessage: `status ${status}, not a JSON object` };
  }
  if (body.punish !== undefined) {
    return {
      outcome: 'error',
      code: 'rate_limited',
      vendorCode: 'punish',
      vendorMessage: 'the gateway bans this address for some minutes',
      retryAfterMs: 300_000,
    };
  }
  const said = body.errcode === undefined || body.errcode === null ? newStyle(body) : oldStyle(body);
  if (said === null) {
    // The new API has no envelope: an answer without a code is the payload, as long as the status agrees.
    if (status < 300) return { outcome: 'ok' };
    return { outcome: 'error', code: byStatus(status), vendorMessage: `status ${status}` };
  }
  if (said.code === '0') return { outcome: 'ok' };
  if (said.style === 'new' && status < 300) return { outcome: 'ok' };
  const vendor = vendorData(said, body, headers);
  const path = new URL(request.url).pathname;
  if (EXPIRED_TOKEN.has(said.code)) {
    if (request.token !== undefined) return { outcome: 'token_expired', ...vendor };
    // Only a token of ours can be fetched anew; with a person's own they have to log in again.
    return {
      outcome: 'error',
      code: path.endsWith('/users/me') ? 'input_invalid' : 'auth_failed',
      ...vendor,
    };
  }
  const code = codeFor(said.code, said.message, path) ?? byStatus(status);
  const advice = adviceFor(said.code, { message: said.message, scopes: scopesOf(body, said.message) });
  const retryAfterMs = waitFor(said.code);
  return {
    outcome: 'error',
    code,
    ...vendor,
    ...(advice ? { advice } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

interface Said {
  style: 'old' | 'new';
  /** Numbers of the old API as text. */
  code: string;
  message: string;
}

/** `errcode` 88 is a wrapper: the code is `sub_code`, and where even that is missing, it stands in the message. */
function oldStyle(body: JsonObject): Said {
  const errmsg = typeof body.errmsg === 'string' ? body.errmsg : '';
  const outer = codeText(body.errcode);
  if (outer !== '88') return { style: 'old', code: outer, message: errmsg };
  const inner = codeText(body.sub_code) || /subcode ?= ?([\w.-]{1,80})/.exec(errmsg)?.[1];
  const submsg = typeof body.sub_msg === 'string' ? `${body.sub_msg} ` : '';
  return { style: 'old', code: inner || outer, message: `${submsg}${errmsg}` };
}

function newStyle(body: JsonObject): Said | null {
  const code = codeText(body.code);
  if (code === '') return null;
  return { style: 'new', code, message: typeof body.message === 'string' ? body.message : '' };
}

function codeText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim().slice(0, 120) : '';
}

function byStatus(status: number): 'unavailable' | 'rate_limited' | 'permission_denied' | 'bad_response' {
  if (status >= 500) return 'unavailable';
  if (status === 429) return 'rate_limited';
  return status === 403 ? 'permission_denied' : 'bad_response';
}

/** Names of missing permissions: a list in answers of the new API, part of the message in those of the old one. */
function scopesOf(body: JsonObject, message: string): string[] {
  const detail = Object.entries(body).find(([key]) => key.toLowerCase() === 'accessdenieddetail')?.[1];
  const listed = isJsonObject(detail) && Array.isArray(detail.requiredScopes) ? detail.requiredScopes : [];
  const written = /requiredScopes ?= ?\[([^\]]{0,500})\]/.exec(message)?.[1]?.split(',') ?? [];
  const names = [...listed, ...written].map((name) => (typeof name === 'string' ? name.trim() : ''));
  return [...new Set(names.filter((name) => /^[\w.-]{1,80}$/.test(name)))].slice(0, 10);
}

const MAX_MESSAGE = 300;

function vendorData(said: Said, body: JsonObject, headers: Record<string, string>): VendorErrorData {
  const ids = [body.request_id, body.requestid, body.requestId, headers['x-acs-request-id']];
  const id = ids.find((value): value is string => typeof value === 'string' && /^[\w-]{1,80}$/.test(value));
  const message = said.message
    .slice(0, 4 * MAX_MESSAGE)
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, MAX_MESSAGE);
  return {
    vendorCode: said.code,
    ...(message ? { vendorMessage: message } : {}),
    ...(id ? { vendorRequestId: id } : {}),
  };
}

/** The vendor's code of an error, for the few places where two codes of one kind mean different things. */
export function vendorCodeOf(error: unknown): string | undefined {
  return isConnectorError(error) ? error.data.vendorCode : undefined;
}

/** For an answer that reports success and lacks what the call is made for: never to be taken for an empty list. */
export function missing(path: string, what: string): ConnectorError {
  return new ConnectorError('bad_response', `${path} answered without ${what}.`);
}
