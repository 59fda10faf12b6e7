import type { IncomingMessage } from 'node:http';

const KEY = Symbol('client ip');

type Marked = IncomingMessage & { [KEY]?: string };

export function rememberClientIp(raw: IncomingMessage, ip: string): void {
  (raw as Marked)[KEY] = ip;
}

/** Where a request came from, for middleware: behind trusted proxies the address they forwarded, as `request.ip` in routes. */
export function clientIpOf(raw: IncomingMessage): string {
  return (raw as Marked)[KEY] ?? raw.socket.remoteAddress ?? '';
}
