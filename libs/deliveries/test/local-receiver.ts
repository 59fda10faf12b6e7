import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ReceivedWebhook {
  id: string;
  headers: IncomingMessage['headers'];
  body: string;
  at: number;
}

export type Answer = (webhook: ReceivedWebhook, response: ServerResponse, number: number) => void;

const ok: Answer = (_webhook, response) => void response.writeHead(204).end();

/** A real HTTP server on a free port that keeps what it got and answers as told. */
export class LocalReceiver {
  readonly received: ReceivedWebhook[] = [];
  answer: Answer = ok;
  private constructor(private readonly server: Server) {}

  static async start(answer: Answer = ok): Promise<LocalReceiver> {
    const server = createServer((request, response) => void receiver.take(request, response));
    const receiver = new LocalReceiver(server);
    receiver.answer = answer;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  get ids(): string[] {
    return this.received.map((webhook) => webhook.id);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const webhook: ReceivedWebhook = {
      id: String(request.headers['webhook-id']),
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
      at: Date.now(),
    };
    this.received.push(webhook);
    this.answer(webhook, response, this.received.length);
  }
}

export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 5_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`did not happen within ${timeoutMs} ms`);
    await sleep(10);
  }
}
