import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';

/** A Fastify request, or the raw one that middleware gets. */
export interface RequestLike {
  id?: unknown;
  method?: string;
  url?: string;
  headers?: IncomingMessage['headers'];
  raw?: IncomingMessage;
}

const SANE = /^[A-Za-z0-9._:/+=@-]{1,128}$/;
const KEY = Symbol('request id');

type Marked = IncomingMessage & { [KEY]?: string };

/** The caller's own id when it is short and plain, otherwise a new one. The same for one request however often asked. */
export function assignRequestId(raw: IncomingMessage): string {
  const marked = raw as Marked;
  if (marked[KEY]) return marked[KEY];
  const incoming = raw.headers[REQUEST_ID_HEADER];
  const id = typeof incoming === 'string' && SANE.test(incoming) ? incoming : newRequestId();
  marked[KEY] = id;
  return id;
}

/** The id of the request at hand; works for Fastify's request and for the raw one in middleware. */
export function requestIdOf(request: RequestLike): string {
  if (typeof request.id === 'string') return request.id;
  return request.headers ? assignRequestId(request as IncomingMessage) : newRequestId();
}

function newRequestId(): string {
  return `req_${Date.now().toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;
}
