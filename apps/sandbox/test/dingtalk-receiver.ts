import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dingtalkDefaults, dingtalkSeal, dingtalkUnseal } from '@trainbridge/sandbox';

/** A received event, and what it came in. */
export interface ReceivedCallback {
  event: Record<string, unknown>;
  ownerKey: string;
  query: URLSearchParams;
}

/** What is wrong with an answer. */
export type Answering =
  | 'right' | 'fresh' | 'hang' | 'reset' | 'late' | 'plain' | 'quoted' | 'other word' | 'other owner' | 'bad signature'
  | 'number as time' | 503; // prettier-ignore

/** A callback URL that checks signatures and can be told to misbehave. */
export class DingtalkReceiver {
  readonly received: ReceivedCallback[] = [];
  /** How the next calls are answered; then rightly. */
  readonly answers: Answering[] = [];
  url = '';
  private readonly server: Server;

  constructor(private readonly ownerKey: string = dingtalkDefaults.clientId) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const query = new URL(request.url ?? '/', 'http://receiver').searchParams;
        const { encrypt } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { encrypt: string };
        const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? ''];
        const signature = query.get('msg_signature') ?? query.get('signature') ?? '';
        const { message, ownerKey } = dingtalkUnseal(keys, { signature, timestamp, nonce, encrypt });
        this.received.push({ event: JSON.parse(message) as Record<string, unknown>, ownerKey, query });
        const answering = this.answers.shift() ?? 'right';
        if (answering === 'hang') return;
        if (answering === 'reset') return void request.socket.resetAndDestroy();
        if (answering === 503) return void response.writeHead(503).end();
        setTimeout(
          () => response.end(this.body(answering, { timestamp, nonce })),
          answering === 'late' ? 300 : 0,
        );
      });
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/callbacks/con_2`;
    return this;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** `EventType` of what came, in the order it came, the check of the URL left out. */
  types(): unknown[] {
    return this.received.map(({ event }) => event.EventType).filter((type) => type !== 'check_url');
  }

  private body(answering: Answering, echo: { timestamp: string; nonce: string }): string {
    const word = answering === 'other word' ? 'fail' : 'success';
    const ownerKey = answering === 'other owner' ? 'dingother' : this.ownerKey;
    const sealed = dingtalkSeal({ ...keys, ownerKey }, word, answering === 'fresh' ? {} : echo);
    const reply = {
      msg_signature: answering === 'bad signature' ? '0'.repeat(40) : sealed.signature,
      timeStamp: answering === 'number as time' ? Number(sealed.timestamp) : sealed.timestamp,
      nonce: sealed.nonce,
      encrypt: sealed.encrypt,
    };
    if (answering === 'plain') return 'success';
    return answering === 'quoted' ? JSON.stringify(JSON.stringify(reply)) : JSON.stringify(reply);
  }
}

const keys = { token: dingtalkDefaults.callbackToken, aesKey: dingtalkDefaults.callbackAesKey };
