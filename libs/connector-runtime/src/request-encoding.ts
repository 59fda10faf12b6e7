import { ConnectorError, type HttpRequest } from '@trainbridge/connector-kit';

export interface EncodedRequest {
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

/** Headers the host sets itself, or that would change what goes over the line. */
const RESERVED = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'expect',
  'proxy-authorization',
]);

/** A request as it goes over the line: the query encoded exactly once, lists as repeated keys, one kind of body. */
export function encodeRequest(request: HttpRequest): EncodedRequest {
  const headers: Record<string, string> = { 'user-agent': 'trainbridge', accept: 'application/json' };
  let body: string | null = null;
  if (request.json !== undefined && request.form !== undefined) {
    throw new ConnectorError('internal', 'A request carries either a JSON body or a form, not both.');
  }
  if (request.json !== undefined) {
    headers['content-type'] = 'application/json; charset=utf-8';
    body = JSON.stringify(request.json);
  } else if (request.form !== undefined) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    body = new URLSearchParams(request.form).toString();
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    const lower = name.toLowerCase();
    if (RESERVED.has(lower) || !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(lower) || /[\r\n\0]/.test(value)) {
      throw new ConnectorError(
        'internal',
        `A connector may not send the header "${lower.slice(0, 60)}" like this.`,
      );
    }
    headers[lower] = value;
  }
  return { url: withQuery(request.url, request.query), headers, body };
}

/** The host's own encoding of `HttpRequest.query`; parameters already in the URL stay as they are. */
export function withQuery(url: string, query: HttpRequest['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const values = Array.isArray(value) ? (value as readonly string[]) : [value as string | number | boolean];
    return values.map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`);
  });
  if (pairs.length === 0) return url;
  const [head = '', fragment] = url.split('#', 2);
  const mark = head.includes('?') ? (/[?&]$/.test(head) ? '' : '&') : '?';
  return `${head}${mark}${pairs.join('&')}${fragment === undefined ? '' : `#${fragment}`}`;
}
