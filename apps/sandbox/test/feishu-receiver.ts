import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { feishuDecrypt, feishuDefaults, feishuSign } from '@trainbridge/sandbox';
import type { Json } from './feishu-caller.js';

/** A received event: what was inside, and what it came in. */
export interface ReceivedFeishuEvent {
  envelope: Json;
  headers: IncomingHttpHeaders;
  raw: string;
}

/** A request URL that checks signatures and can be told to misbehave. */
export class FeishuReceiver {
  readonly events: ReceivedFeishuEvent[] = [];
  /** Answers to the next events: a status, `hang` or `reset`; then 200. */
  readonly answers: (number | 'hang' | 'reset')[] = [];
  /** How the check of the URL is answered. */
  check: 'right' | 'bare' | 'wrong' | 'late' = 'right';
  /** Headers of the last check. */
  checkHeaders: IncomingHttpHeaders = {};
  /** Empty: nothing is encrypted and nothing signed. */
  encryptKey: string = feishuDefaults.encryptKey;
  url = '';
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const { headers } = request;
        const outer = JSON.parse(raw) as Json;
        const envelope =
          this.encryptKey === ''
            ? outer
            : (JSON.parse(feishuDecrypt(this.encryptKey, String(outer.encrypt))) as Json);
        if (envelope.type === 'url_verification') {
          this.checkHeaders = headers;
          const challenge = JSON.stringify({ challenge: envelope.challenge });
          const bodies = {
            right: challenge,
            bare: String(envelope.challenge),
            wrong: '{"challenge":"x"}',
            late: challenge,
          };
          setTimeout(() => response.end(bodies[this.check]), this.check === 'late' ? 400 : 0);
          return;
        }
        const expected = feishuSign(
          this.encryptKey,
          String(headers['x-lark-request-timestamp']),
          String(headers['x-lark-request-nonce']),
          raw,
        );
        if (this.encryptKey !== '' && headers['x-lark-signature'] !== expected) {
          response.writeHead(401).end();
          return;
        }
        this.events.push({ envelope, headers, raw });
        const answer = this.answers.shift() ?? 200;
        if (answer === 'hang') return;
        if (answer === 'reset') request.socket.resetAndDestroy();
        else response.writeHead(answer).end('{}');
      });
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/callbacks/con_1`;
    return this;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Types of the events, in the order they came. */
  types(): string[] {
    return this.events.map(({ envelope }) => typeOf(envelope));
  }

  /** What the last event says. */
  last(): Json {
    return (this.events.at(-1)?.envelope.event ?? {}) as Json;
  }
}

/** The type of an event of either generation. */
export function typeOf(envelope: Json): string {
  const { event_type } = (envelope.header ?? {}) as { event_type?: string };
  return event_type ?? (envelope.event as { type: string }).type;
}
