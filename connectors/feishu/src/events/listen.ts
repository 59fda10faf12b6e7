import { setTimeout as sleep } from 'node:timers/promises';
import {
  isConnectorError,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type PlatformEvent,
  type WebSocketConnection,
} from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { longConnection } from '../api/long-connection.js';
import { Fragments } from './fragments.js';
import { CONTROL, DATA, decodeFrame, encodeFrame, headerOf, type Frame } from './frame.js';
import { readEvent } from './readings.js';

type Emit = (raw: JsonObject, events: PlatformEvent[]) => Promise<void>;

const DEFAULT_PING_SECONDS = 120;
/** Pings in a row without an answer after which a connection that used to answer is taken for dead. */
const SILENT_PINGS = 2;

/**
 * Events over the long connection (event-subscription-guide/long-connection), which needs no public address. The platform
 * names where to connect; each event is acknowledged within three seconds or comes again like a callback would. Ends when
 * the platform or `context.signal` ends it.
 */
export async function listen(context: FeishuContext, { emit }: { emit: Emit }): Promise<void> {
  const { url, pingSeconds } = await longConnection(context);
  const socket = await context.webSocket(url);
  const line = new Line(context, socket, serviceOf(url), secondsOf(pingSeconds));
  const stop = new AbortController();
  const pinging = line.keepAlive(stop.signal);
  try {
    for await (const message of socket.messages()) {
      // The protocol has no text frames.
      if ('base64' in message) await line.receive(Buffer.from(message.base64, 'base64'), emit);
    }
  } finally {
    stop.abort();
    await pinging;
    await socket.close();
  }
}

/** One open connection. */
class Line {
  readonly #fragments = new Fragments();
  /** Pings since anything was heard; null before the first pong, when nothing is known about what silence means. */
  #unanswered: number | null = null;

  constructor(
    private readonly context: FeishuContext,
    private readonly socket: WebSocketConnection,
    private readonly service: number,
    private pingSeconds: number,
  ) {}

  /** Pings in the interval the platform asked for; some networks drop a connection without a word, and then it is closed. */
  async keepAlive(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        await this.#send({
          seqId: 0n,
          logId: 0n,
          service: this.service,
          method: CONTROL,
          headers: [['type', 'ping']],
        });
        if (this.#unanswered !== null) this.#unanswered += 1;
        await sleep(this.pingSeconds * 1_000, undefined, { signal, ref: false });
        if ((this.#unanswered ?? 0) >= SILENT_PINGS) {
          this.context.log.warn('the long connection is silent and is opened anew', {
            pingSeconds: this.pingSeconds,
          });
          await this.socket.close();
          return;
        }
      }
    } catch {
      // Stopped, or the connection is closed: whoever reads the messages notices as well.
    }
  }

  async receive(bytes: Uint8Array, emit: Emit): Promise<void> {
    const frame = this.#decode(bytes);
    if (frame === null) return;
    const isPong = frame.method === CONTROL && headerOf(frame, 'type') === 'pong';
    if (isPong || this.#unanswered !== null) this.#unanswered = 0;
    if (isPong) this.#adjust(frame.payload);
    if (frame.method !== DATA) return;
    const whole = this.#fragments.take(
      headerOf(frame, 'message_id'),
      Number(headerOf(frame, 'sum') || '1'),
      Number(headerOf(frame, 'seq') || '0'),
      frame.payload ?? new Uint8Array(),
    );
    if (whole === null) return;
    const began = this.context.now();
    const code = await this.#handle(whole, frame, emit);
    const took: [string, string] = ['biz_rt', String(Math.max(0, this.context.now() - began))];
    const payload = Buffer.from(JSON.stringify({ code }));
    try {
      await this.#send({ ...frame, headers: [...frame.headers, took], payload });
    } catch (error) {
      // Closed in the meantime: the messages end by themselves, and what was kept may come again.
      if (!isConnectorError(error)) throw error;
    }
  }

  /** 200 when the host has it for good, 500 when the platform should send it again. */
  async #handle(payload: Uint8Array, frame: Frame, emit: Emit): Promise<200 | 500> {
    const text = new TextDecoder().decode(payload);
    const message = parse(text);
    if (message === null) {
      this.context.log.warn('a message of the long connection is no JSON object', {
        messageId: headerOf(frame, 'message_id').slice(0, 100),
      });
      return 500;
    }
    try {
      await emit(withoutToken(message), [readEvent(message, text, this.context.now())]);
      return 200;
    } catch (error) {
      if (this.context.signal.aborted) throw error;
      this.context.log.warn('an event of the long connection could not be kept and will come again', {
        messageId: headerOf(frame, 'message_id').slice(0, 100),
      });
      return 500;
    }
  }

  /** What cannot be read is passed over: closing would not make the next one better. */
  #decode(bytes: Uint8Array): Frame | null {
    try {
      return decodeFrame(bytes);
    } catch (error) {
      if (!isConnectorError(error)) throw error;
      this.context.log.warn(error.message);
      return null;
    }
  }

  /** A pong may bring a new interval. */
  #adjust(payload: Uint8Array | undefined): void {
    const told = payload === undefined ? null : parse(new TextDecoder().decode(payload));
    if (told?.PingInterval !== undefined) this.pingSeconds = secondsOf(told.PingInterval);
  }

  async #send(frame: Frame): Promise<void> {
    await this.socket.send({ base64: encodeFrame(frame).toString('base64') });
  }
}

/** The connection's number, which pings have to bear. */
function serviceOf(url: string): number {
  const given = URL.canParse(url) ? Number(new URL(url).searchParams.get('service_id')) : 0;
  return Number.isSafeInteger(given) && given > 0 ? given : 0;
}

/** A second to ten minutes, whatever the platform says. */
function secondsOf(value: JsonValue | undefined): number {
  const seconds = Number(value);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(Math.max(seconds, 1), 600) : DEFAULT_PING_SECONDS;
}

function parse(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The Verification Token is a secret of callbacks, and no part of what happened. */
function withoutToken(message: JsonObject): JsonObject {
  const { token: _token, ...rest } = message;
  if (!isJsonObject(rest.header)) return rest;
  const { token: _inner, ...header } = rest.header;
  return { ...rest, header };
}
