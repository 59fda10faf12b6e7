import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** How a call to somebody's callback URL ended. */
export interface OutboundResult {
  /** HTTP status; absent when no answer came. */
  status?: number;
  /** The first 4 KiB of the answer. */
  body: string;
  /** Why no answer came: `timeout`, or the code of the network error. */
  error?: string;
  durationMs: number;
}

const keptBytes = 4096;

/** One HTTP call on a connection of its own; never throws. The time limit covers everything. */
export function callOut(input: {
  method: 'GET' | 'POST';
  url: URL;
  body?: string;
  contentType?: string;
  /** Beside content type and length. */
  headers?: Readonly<Record<string, string>>;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<OutboundResult> {
  const started = performance.now();
  return new Promise((resolve) => {
    const finish = (result: Omit<OutboundResult, 'durationMs'>): void => {
      clearTimeout(timer);
      resolve({ ...result, durationMs: Math.round(performance.now() - started) });
    };
    const send = input.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers =
      input.body === undefined
        ? {}
        : {
            'content-type': input.contentType ?? 'text/xml',
            'content-length': Buffer.byteLength(input.body),
            ...input.headers,
          };
    const outgoing = send(
      input.url,
      { method: input.method, headers, agent: false, signal: input.signal },
      (answer) => {
        let kept = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          if (kept.length < keptBytes) kept += chunk.slice(0, keptBytes - kept.length);
        });
        answer.on('end', () => finish({ status: answer.statusCode ?? 0, body: kept }));
        answer.on('error', (error: NodeJS.ErrnoException) =>
          finish({ body: kept, error: error.code ?? error.message }),
        );
      },
    );
    const timer = setTimeout(() => {
      finish({ body: '', error: 'timeout' });
      outgoing.destroy();
    }, input.timeoutMs);
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      finish({ body: '', error: error.code ?? error.message }),
    );
    outgoing.end(input.body);
  });
}
