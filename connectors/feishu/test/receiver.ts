import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  isConnectorError,
  type ConnectorContext,
  type PlatformEvent,
  type RawCallback,
} from '@trainbridge/connector-kit';
import { events } from './sandbox-world.js';

/** A callback address that answers as the host does: what was understood is kept, then the connector's reply is sent. */
export class Receiver {
  readonly told: PlatformEvent[] = [];
  readonly refusals: string[] = [];
  /** The last callback as it came. */
  last: RawCallback | null = null;

  private constructor(private readonly server: Server) {}

  static async start(context: () => ConnectorContext): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const bodyBase64 = Buffer.concat(chunks).toString('base64');
        const raw = { method: request.method ?? '', queryString: '', headers, bodyBase64 };
        void receiver.take(context(), raw).then(({ status, body }) => response.writeHead(status).end(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/callbacks/con_1`;
  }

  /** Each event once, by its key, in the order they first came. */
  get once(): { kind: string; ids: string[]; data: PlatformEvent['data'] }[] {
    return [...new Map([...this.told].reverse().map((event) => [event.key, event])).values()].reverse();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(context: ConnectorContext, raw: RawCallback): Promise<{ status: number; body: string }> {
    this.last = raw;
    try {
      const { reply, events: decoded } = await events.receive(context, raw);
      this.told.push(...decoded);
      return reply;
    } catch (error) {
      if (!isConnectorError(error)) throw error;
      this.refusals.push(error.code);
      return { status: 401, body: '' };
    }
  }
}
