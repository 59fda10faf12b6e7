import type { ServerResponse } from 'node:http';

/** Sends JSON; a Buffer or string is sent as it is. */
export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  type = 'application/json; charset=UTF-8',
): void {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length });
  response.end(bytes);
}

/** Sends plain text. */
export function sendText(response: ServerResponse, text: string, status = 200): void {
  sendJson(response, text, status, 'text/plain; charset=UTF-8');
}

/** An error of the sandbox's own interface (not of a simulated platform). */
export function sendProblem(response: ServerResponse, status: number, detail: string): void {
  sendJson(response, { status, detail }, status, 'application/problem+json; charset=UTF-8');
}
