import type { IncomingMessage, ServerResponse } from 'node:http';

/** One of the cookies of a request; null when it is not there. */
export function readCookie(request: IncomingMessage, name: string): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return null;
}

/**
 * Sets a cookie no script can read and no foreign page can send along with a form. `maxAgeSeconds: 0` removes it. On the
 * raw response, where the OpenID provider puts its own: Fastify's headers would replace them.
 */
export function setCookie(
  response: ServerResponse,
  cookie: { name: string; value: string; path: string; maxAgeSeconds: number; secure: boolean },
): void {
  const { name, value, path, maxAgeSeconds, secure } = cookie;
  response.appendHeader(
    'set-cookie',
    `${name}=${value}; Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`,
  );
}
