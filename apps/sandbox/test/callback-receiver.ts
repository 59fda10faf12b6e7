import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wecomDecrypt, wecomDefaults, wecomSign } from '@trainbridge/sandbox';

/** A received event: the XML before encryption, and the query it came with. */
export interface ReceivedEvent {
  xml: string;
  envelope: string;
  query: URLSearchParams;
  contentType: string | undefined;
}

/** A callback URL that checks signatures and can be told to misbehave. */
export class CallbackReceiver {
  readonly events: ReceivedEvent[] = [];
  /** Answers to the next POSTs: a status, `hang` or `reset`; then 200. */
  readonly answers: (number | 'hang' | 'reset')[] = [];
  /** How the URL verification is answered. */
  verification: 'right' | 'quoted' | 'wrong' | 'late' = 'right';
  url = '';
  private readonly server: Server;

  /** Token and key it was given, those of contacts sync unless told otherwise. */
  constructor(
    pair: { token: string; aesKey: string } = {
      token: wecomDefaults.callbackToken,
      aesKey: wecomDefaults.callbackAesKey,
    },
  ) {
    this.server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://receiver');
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const echo = url.searchParams.get('echostr');
        const encrypted = echo ?? /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? '';
        const query = url.searchParams;
        const expected = wecomSign(
          pair.token,
          query.get('timestamp') ?? '',
          query.get('nonce') ?? '',
          encrypted,
        );
        if (expected !== query.get('msg_signature')) {
          response.writeHead(403).end();
          return;
        }
        const { message } = wecomDecrypt(pair.aesKey, encrypted);
        if (echo !== null) {
          const answer = { right: message, quoted: `"${message}"`, wrong: 'success', late: message }[
            this.verification
          ];
          setTimeout(() => response.end(answer), this.verification === 'late' ? 400 : 0);
          return;
        }
        this.events.push({
          xml: message,
          envelope: body,
          query,
          contentType: request.headers['content-type'],
        });
        const answer = this.answers.shift() ?? 200;
        if (answer === 'hang') return;
        if (answer === 'reset') request.socket.resetAndDestroy();
        else response.writeHead(answer).end('success');
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

  /** `ChangeType` of the events, in the order they came. */
  types(): (string | undefined)[] {
    return this.events.map(({ xml }) => /<ChangeType>(?:<!\[CDATA\[)?(\w+)/.exec(xml)?.[1]);
  }

  /** The text of a field in every event that has it. */
  texts(name: string): string[] {
    return this.events.flatMap(({ xml }) => {
      const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1];
      return found === undefined ? [] : [found];
    });
  }
}

/** Receives what the app's own callback is told. */
export function appReceiver(): Promise<CallbackReceiver> {
  const { appCallbackToken: token, appCallbackAesKey: aesKey } = wecomDefaults;
  return new CallbackReceiver({ token, aesKey }).start();
}
