import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** The other side: sends a frame again to whoever is connected until it is acknowledged. */
export class SocketPlatform {
  readonly acknowledged: string[] = [];
  readonly tickets: string[] = [];
  mostAtOnce = 0;
  /** Refuse everybody who knocks. */
  shut = false;
  /** Cut the connection when an acknowledgement of one of these arrives, before it counts. */
  readonly deafTo = new Set<string>();
  private readonly waiting = new Map<string, unknown>();
  private readonly server = createServer();
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly open = new Set<WebSocket>();

  static async start(): Promise<SocketPlatform> {
    const platform = new SocketPlatform();
    await new Promise<void>((resolve) => platform.server.listen(0, '127.0.0.1', resolve));
    return platform;
  }

  private constructor() {
    this.server.on('upgrade', (request, socket, head) => {
      if (this.shut) return void socket.destroy();
      const { searchParams } = new URL(request.url ?? '/', 'http://platform');
      this.tickets.push(searchParams.get('ticket') ?? '');
      this.sockets.handleUpgrade(request, socket, head, (connected) => this.welcome(connected));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get connections(): number {
    return this.open.size;
  }

  tell(id: string, events: unknown[]): void {
    this.waiting.set(id, { id, events });
    for (const socket of this.open) socket.send(JSON.stringify({ id, events }));
  }

  /** To whoever has been connected longest, as platforms tell one connection of an app. */
  tellOne(id: string, events: unknown[]): void {
    const [first] = this.open;
    first?.send(JSON.stringify({ id, events }));
  }

  cutAll(): void {
    for (const socket of this.open) socket.terminate();
  }

  async close(): Promise<void> {
    this.cutAll();
    this.sockets.close();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private welcome(socket: WebSocket): void {
    this.open.add(socket);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.open.size);
    socket.on('close', () => this.open.delete(socket));
    socket.on('message', (data: Buffer) => {
      const id = data.toString().replace(/^ack:/, '');
      if (this.deafTo.delete(id)) return void socket.terminate();
      this.acknowledged.push(id);
      this.waiting.delete(id);
    });
    for (const frame of this.waiting.values()) socket.send(JSON.stringify(frame));
  }
}
