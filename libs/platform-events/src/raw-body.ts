import type { IncomingMessage } from 'node:http';

export const CALLBACK_BODY_LIMIT = 1024 * 1024;

/** More bytes than the limit came, or were announced. The rest was not read. */
export class BodyTooLargeError extends Error {}

/** The caller hung up before the body was whole. */
export class BodyCutOffError extends Error {}

/**
 * The bytes of a request exactly as they came, whatever their content type says.
 * @throws {BodyTooLargeError | BodyCutOffError}
 */
export async function readRawBody(request: IncomingMessage, limit = CALLBACK_BODY_LIMIT): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLargeError();
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise<Buffer>((resolve, reject) => {
    const settle = (end: () => void): void => {
      request.off('data', take).off('end', whole).off('close', cutOff).off('error', cutOff);
      end();
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else {
        request.pause();
        settle(() => reject(new BodyTooLargeError()));
      }
    };
    const whole = (): void => settle(() => resolve(Buffer.concat(chunks, length)));
    const cutOff = (): void => settle(() => reject(new BodyCutOffError()));
    // 'error' keeps a listener after the end: a reset that comes late must not end the process.
    request.on('error', () => undefined);
    request.on('data', take).on('end', whole).on('close', cutOff).on('error', cutOff);
  });
}
