import { ConnectorError, type WebSocketConnection } from '@trainbridge/connector-kit';
import { subscribe } from 'node:diagnostics_channel';
import { ping, WebSocket, type Dispatcher } from 'undici';
import { cancelled } from './network-errors.js';

type Message = { text: string } | { base64: string };

/** Frames waiting for the connector. A platform that floods faster than events can be committed is cut off, not buffered. */
const MAX_WAITING = 10_000;
const OPEN_TIMEOUT_MS = 15_000;
/** A pull on the line when nothing came for this long, and the end of it when twice that brought no answer either. */
export const QUIET_MS = 30_000;

/** Pongs are told by this channel only; the line they came over is looked up among those that wait for one. */
const lastSigns = new WeakMap<object, number>();
subscribe('undici:websocket:pong', (message) => {
  const { websocket } = message as { websocket: object };
  if (lastSigns.has(websocket)) lastSigns.set(websocket, performance.now());
});

/**
 * Opens a message-framed web socket; it ends with the signal, and when the other side is silent even to pings for a minute.
 * Rejects with `unavailable` when it cannot be opened.
 */
export async function openWebSocket(
  url: URL,
  dispatcher: Dispatcher,
  signal: AbortSignal,
  quietMs = QUIET_MS,
): Promise<WebSocketConnection> {
  if (signal.aborted) throw cancelled();
  const socket = new WebSocket(url, { dispatcher });
  socket.binaryType = 'arraybuffer';
  const inbox = new Inbox(() => socket.close(1009, 'too many messages waiting'));
  // A peer that vanished without a word (a firewall that forgot the connection) is only found out by asking.
  lastSigns.set(socket, performance.now());
  const watch = setInterval(() => {
    const silentMs = performance.now() - (lastSigns.get(socket) ?? 0);
    if (silentMs > quietMs * 2) close();
    else if (silentMs > quietMs) ping(socket);
  }, quietMs / 2).unref();
  const close = (): void => {
    clearInterval(watch);
    if (socket.readyState === WebSocket.CONNECTING || socket.readyState === WebSocket.OPEN) socket.close();
    inbox.end();
  };
  socket.addEventListener('message', (event) => {
    lastSigns.set(socket, performance.now());
    inbox.put(
      typeof event.data === 'string'
        ? { text: event.data }
        : { base64: Buffer.from(event.data as ArrayBuffer).toString('base64') },
    );
  });
  socket.addEventListener('close', () => {
    signal.removeEventListener('abort', close);
    clearInterval(watch);
    inbox.end();
  });
  signal.addEventListener('abort', close, { once: true });

  await new Promise<void>((resolve, reject) => {
    const fail = (): void => {
      clearTimeout(timer);
      close();
      reject(
        signal.aborted
          ? cancelled()
          : new ConnectorError(
              'unavailable',
              `${url.host} did not open a web socket. Check the address and the outbound proxy.`,
            ),
      );
    };
    const timer = setTimeout(fail, OPEN_TIMEOUT_MS);
    socket.addEventListener('open', () => {
      clearTimeout(timer);
      resolve();
    });
    // Stays: an unheard error event of a later failure is followed by `close`, which ends the inbox.
    socket.addEventListener('error', fail);
    signal.addEventListener('abort', fail, { once: true });
  });

  return {
    messages: () => inbox,
    async send(message) {
      if (socket.readyState !== WebSocket.OPEN) {
        throw new ConnectorError('unavailable', `The web socket to ${url.host} is closed.`);
      }
      socket.send('text' in message ? message.text : Buffer.from(message.base64, 'base64'));
    },
    async close() {
      close();
    },
  };
}

class Inbox implements AsyncIterable<Message> {
  readonly #waiting: Message[] = [];
  #ended = false;
  #wake: (() => void) | null = null;

  constructor(private readonly onFlood: () => void) {}

  put(message: Message): void {
    if (this.#ended) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.end();
      this.onFlood();
      return;
    }
    this.#waiting.push(message);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Message> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next) {
        yield next;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#wake = null;
      }
    }
  }
}
