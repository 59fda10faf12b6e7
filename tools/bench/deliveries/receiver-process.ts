import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the receiver has seen since it was told to begin anew. Times are of one clock for all processes: Unix milliseconds. */
export interface Reception {
  arrived: number;
  distinct: number;
  badSignatures: number;
  firstAt: number;
  lastDistinctAt: number;
}

export type ReceiverCommand = { kind: 'begin'; secret: string } | { kind: 'report' };
export type ReceiverAnswer =
  { kind: 'listening'; port: number } | { kind: 'begun' } | ({ kind: 'report' } & Reception);

/** A receiver in a process of its own: checks every signature, remembers every id, answers 204. */
let key = Buffer.alloc(0);
let ids = new Set<string>();
let seen: Reception;

function begin(secret: string): void {
  key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  ids = new Set();
  seen = { arrived: 0, distinct: 0, badSignatures: 0, firstAt: 0, lastDistinctAt: 0 };
}

begin('whsec_');

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const now = performance.timeOrigin + performance.now();
    const id = request.headers['webhook-id'] as string;
    const timestamp = request.headers['webhook-timestamp'] as string;
    const signature = request.headers['webhook-signature'] as string;
    const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`);
    for (const chunk of chunks) hmac.update(chunk);
    const given = Buffer.from(signature.slice(3), 'base64');
    const expected = hmac.digest();
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) seen.badSignatures += 1;
    if (seen.arrived++ === 0) seen.firstAt = now;
    if (!ids.has(id)) {
      ids.add(id);
      seen.lastDistinctAt = now;
    }
    response.writeHead(204).end();
  });
});

process.on('message', (command: ReceiverCommand) => {
  if (command.kind === 'begin') {
    begin(command.secret);
    answer({ kind: 'begun' });
  } else {
    answer({ kind: 'report', ...seen, distinct: ids.size });
  }
});
process.on('disconnect', () => process.exit(0));

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  answer({ kind: 'listening', port: (server.address() as AddressInfo).port }),
);

function answer(message: ReceiverAnswer): void {
  process.send?.(message);
}
