import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { ActivityLog } from '../../activity-log.js';
import type { Channel, DeliverySwitches, Handover } from './courier.js';
import { decodeFrame, encodeFrame, frameMethod, headerOf, type Frame } from './frame.js';

/** How long connections behave (event-subscription-guide: long connection mode); seconds, as clients are told. */
export interface ConnectionSettings {
  pingIntervalSeconds: number;
  reconnectIntervalSeconds: number;
  reconnectNonceSeconds: number;
  /** −1 = for ever. */
  reconnectCount: number;
  /** Open at one time. */
  most: number;
  /** Payloads above this many bytes come in several frames; 0 = never. */
  chunkBytes: number;
  /** Acknowledgements that get lost on the way from now on. */
  loseAcks: number;
}

export const defaultConnectionSettings: ConnectionSettings = {
  pingIntervalSeconds: 120,
  reconnectIntervalSeconds: 120,
  reconnectNonceSeconds: 30,
  reconnectCount: -1,
  most: 50,
  chunkBytes: 0,
  loseAcks: 0,
};

/** Path of the web socket; the address itself is only ever learned from the bootstrap call. */
export const socketPath = '/ws/v2';

const codes = { authFailed: 514, tooMany: 1000040350 } as const;
const serviceId = 33554678;
const largestFrame = 1024 * 1024;

/** The long connections of the app. Each event goes to one of them, chosen by chance; there is no broadcast. */
export class ConnectionChannel implements Channel {
  readonly name = 'connection';
  readonly settings: ConnectionSettings = { ...defaultConnectionSettings };
  /** Set by the first connection: the mode is chosen in the console, and only while a client is connected. */
  chosen = false;
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: largestFrame });
  private readonly sockets = new Set<WebSocket>();
  private readonly tickets = new Set<string>();
  private readonly unacknowledged = new Map<string, (code: number) => void>();
  private sequence = 0;

  constructor(
    private readonly switches: DeliverySwitches,
    private readonly log: ActivityLog,
    /** The first connection was opened. */
    private readonly onChosen: () => void,
  ) {}

  get openConnections(): number {
    return this.sockets.size;
  }

  /** The bootstrap answer for an app whose credentials are right: where to connect, once. */
  endpoint(host: string): Record<string, unknown> {
    if (this.sockets.size >= this.settings.most) {
      return { code: codes.tooMany, msg: 'too many connections', data: {} };
    }
    const ticket = randomUUID();
    this.tickets.add(ticket);
    const query = new URLSearchParams({
      device_id: randomBytes(9).readBigUInt64BE().toString(),
      service_id: String(serviceId),
      access_key: randomUUID(),
      ticket,
    });
    const data = { URL: `ws://${host}${socketPath}?${query.toString()}`, ClientConfig: this.clientConfig() };
    return { code: 0, msg: '', data };
  }

  /** Takes the web socket of a ticket; who has none is told why in the headers of the refusal. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { searchParams } = new URL(request.url ?? '/', 'http://sandbox');
    if (!this.tickets.delete(searchParams.get('ticket') ?? '')) {
      return refuse(socket, codes.authFailed, 'auth failed', 1000040344);
    }
    if (this.sockets.size >= this.settings.most) {
      return refuse(socket, codes.authFailed, 'too many connections', codes.tooMany);
    }
    this.server.handleUpgrade(request, socket, head, (connection) => this.take(connection));
  }

  async deliver(envelope: string): Promise<Handover> {
    const started = performance.now();
    const ended = (ok: boolean, detail: string): Handover => ({
      ok,
      detail,
      durationMs: Math.round(performance.now() - started),
    });
    const open = [...this.sockets].filter((socket) => socket.readyState === socket.OPEN);
    const connection = open[Math.floor(Math.random() * open.length)];
    if (connection === undefined) return ended(false, 'no connection is open');
    const messageId = randomUUID();
    const acknowledged = this.acknowledgement(connection, messageId);
    for (const frame of this.frames(messageId, Buffer.from(envelope))) connection.send(encodeFrame(frame));
    const code = await acknowledged;
    return ended(code === 200, typeof code === 'number' ? `code ${code}` : code);
  }

  /** Cuts every connection, as the platform does when it restarts a server. */
  kick(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  close(): void {
    this.kick();
    this.server.close();
  }

  /** The code a connection answers to a message, or why none came in time. */
  private acknowledgement(connection: WebSocket, messageId: string): Promise<number | 'timeout' | 'closed'> {
    return new Promise((resolve) => {
      const finish = (result: number | 'timeout' | 'closed'): void => {
        clearTimeout(timer);
        connection.off('close', closed);
        this.unacknowledged.delete(messageId);
        resolve(result);
      };
      const closed = (): void => finish('closed');
      const timer = setTimeout(() => finish('timeout'), this.switches.timeoutMs);
      connection.once('close', closed);
      this.unacknowledged.set(messageId, finish);
    });
  }

  private take(connection: WebSocket): void {
    this.sockets.add(connection);
    if (!this.chosen) this.onChosen();
    this.chosen = true;
    this.note('long connection opened 长连接建立');
    connection.on('message', (data) => this.receive(connection, data));
    // What the peer does wrong ends its own connection; "close" follows.
    connection.on('error', () => connection.terminate());
    connection.once('close', () => {
      this.sockets.delete(connection);
      this.note('long connection closed 长连接断开');
    });
  }

  private receive(connection: WebSocket, data: RawData): void {
    let frame: Frame;
    let code: unknown;
    try {
      frame = decodeFrame(Buffer.isBuffer(data) ? data : Buffer.from(data as ArrayBuffer));
      if (frame.method === frameMethod.data) {
        code = (JSON.parse(frame.payload.toString('utf8')) as { code?: unknown } | null)?.code;
      }
    } catch {
      return connection.terminate();
    }
    if (frame.method === frameMethod.control && headerOf(frame, 'type') === 'ping') {
      const payload = Buffer.from(JSON.stringify(this.clientConfig()));
      connection.send(encodeFrame({ ...frame, headers: [['type', 'pong']], payload }));
    } else if (frame.method === frameMethod.data) {
      if (this.settings.loseAcks > 0) this.settings.loseAcks -= 1;
      else this.unacknowledged.get(headerOf(frame, 'message_id') ?? '')?.(Number(code));
    }
  }

  private *frames(messageId: string, payload: Buffer): Generator<Frame> {
    const size = this.settings.chunkBytes > 0 ? this.settings.chunkBytes : payload.length;
    const sum = Math.max(1, Math.ceil(payload.length / size));
    const traceId = randomUUID();
    for (let seq = 0; seq < sum; seq += 1) {
      this.sequence += 1;
      yield {
        seqId: this.sequence,
        logId: this.sequence,
        service: serviceId,
        method: frameMethod.data,
        headers: [
          ['type', 'event'],
          ['message_id', messageId],
          ['sum', String(sum)],
          ['seq', String(seq)],
          ['trace_id', traceId],
        ],
        payload: payload.subarray(seq * size, (seq + 1) * size),
      };
    }
  }

  private clientConfig(): Record<string, number> {
    const { settings } = this;
    return {
      ReconnectCount: settings.reconnectCount,
      ReconnectInterval: settings.reconnectIntervalSeconds,
      ReconnectNonce: settings.reconnectNonceSeconds,
      PingInterval: settings.pingIntervalSeconds,
    };
  }

  private note(title: string): void {
    const detail = `${this.sockets.size} open`;
    this.log.add({ source: 'callback', title: `飞书 ${title}`, outcome: 'ok', detail });
  }
}

/** Credentials that do not fit the bootstrap call. */
export function refusedEndpoint(): Record<string, unknown> {
  return { code: codes.authFailed, msg: 'auth failed', data: {} };
}

function refuse(socket: Duplex, status: number, message: string, code: number): void {
  const head = [
    'HTTP/1.1 400 Bad Request',
    `Handshake-Status: ${status}`,
    `Handshake-Msg: ${message}`,
    `Handshake-Autherrcode: ${code}`,
    'Content-Length: 0',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n`);
}
