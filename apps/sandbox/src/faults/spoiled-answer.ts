import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { sendJson } from '../http/answers.js';
import type { Fault } from './faults.js';

const gatewayPage = (status: number): string =>
  `<html>\r\n<head><title>${status} Gateway</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n`;

const defaultHugeBytes = 50 * 1024 * 1024;

/**
 * Does what faults do before a platform thinks about a call. Answers the name of the fault when it was the
 * whole answer, `undefined` when the call goes on. A slow call comes back later; a hanging one when
 * the other side gave up.
 */
export async function spoilTransport(
  faults: readonly Fault[],
  response: ServerResponse,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const fault of faults) {
    switch (fault.kind) {
      case 'slow':
        await wait(fault.ms, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return 'slow';
        break;
      case 'hang':
        await closed(response, signal);
        return 'hang';
      case 'reset':
        response.socket?.resetAndDestroy();
        return 'reset';
      case 'html':
        sendJson(response, gatewayPage(fault.status ?? 200), fault.status ?? 200, 'text/html');
        return 'html';
      case 'http_error':
        sendJson(response, gatewayPage(fault.status ?? 502), fault.status ?? 502, 'text/html');
        return 'http_error';
      case 'huge_body':
        await sendHuge(response, fault.bytes ?? defaultHugeBytes);
        return 'huge_body';
      default:
    }
  }
  return undefined;
}

/** Sends half of a body; with `cut` more is promised than comes and the connection breaks. */
export function sendHalf(response: ServerResponse, body: Buffer, cut: boolean): void {
  const half = body.subarray(0, Math.max(1, Math.floor(body.length / 2)));
  response.writeHead(200, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': cut ? body.length : half.length,
  });
  if (!cut) response.end(half);
  else response.write(half, () => response.socket?.destroy());
}

function closed(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || response.destroyed) resolve();
    response.once('close', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Valid JSON of the given size, written no faster than it is read; ends early when nobody reads on. */
async function sendHuge(response: ServerResponse, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(256 * 1024, 'x');
  response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
  response.write('{"errcode":0,"errmsg":"ok","padding":"');
  for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length) {
    if (!response.write(chunk)) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          response.off('drain', done).off('close', done);
          resolve();
        };
        response.once('drain', done).once('close', done);
      });
    }
  }
  if (!response.destroyed) response.end('"}');
}
