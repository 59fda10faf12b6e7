import {
  ConnectorError,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type PlatformEvent,
  type WebSocketConnection,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from '../api.js';
import { openStream } from '../api/stream.js';
import { whole } from '../values.js';
import { readEvent, textOf } from './decode.js';

type Emit = (raw: JsonObject, events: PlatformEvent[]) => Promise<void>;

interface Frame {
  type: string;
  topic: string;
  headers: JsonObject;
  data: string;
  raw: JsonObject;
}

/**
 * Stream push (page develop-stream-mode-push-server): a ticket, a web socket, one JSON frame per message. An event is
 * acknowledged after `emit` committed it; what was not is sent again, on this connection or the next. Returns when
 * DingTalk ends the connection, which it does every few hours.
 */
export async function listen(context: DingtalkContext, emit: Emit): Promise<void> {
  const socket = await context.webSocket(addressOf(await openStream(context)));
  try {
    for await (const message of socket.messages()) {
      const frame = 'text' in message ? readFrame(message.text) : null;
      if (frame === null) {
        context.log.warn('a stream frame could not be read and is left unanswered');
      } else if (frame.type === 'EVENT') {
        await handleEvent(context, socket, frame, emit);
      } else if (frame.type !== 'SYSTEM') {
        // We subscribed to nothing else, and silence would have it sent again.
        await answer(socket, frame, 404, 'topic not supported', '{}');
      } else if (frame.topic === 'ping') {
        await answer(socket, frame, 200, 'OK', frame.data);
      } else if (frame.topic === 'disconnect') {
        return;
      }
    }
  } finally {
    await socket.close();
  }
}

async function handleEvent(
  context: DingtalkContext,
  socket: WebSocketConnection,
  frame: Frame,
  emit: Emit,
): Promise<void> {
  const { headers } = frame;
  const corpId = textOf(headers.eventCorpId);
  if (corpId !== undefined && corpId !== context.config.corpId) {
    context.log.warn('an event of another organisation came by this app’s stream and is left out', {
      corpId,
    });
    return answer(socket, frame, 200, 'OK', status('SUCCESS', 'not ours'));
  }
  const data = parse(frame.data);
  const meta = {
    type: textOf(headers.eventType) ?? '',
    id: textOf(headers.eventId),
    time: whole(headers.eventBornTime),
  };
  const event = readEvent(meta, isJsonObject(data) ? data : {}, whole(headers.time) ?? context.now());
  try {
    await emit(frame.raw, [event]);
  } catch (error) {
    // Not stored: DingTalk is asked to send it again. Whether it hears us is no matter, silence means the same.
    await answer(socket, frame, 200, 'OK', status('LATER', 'not stored')).catch(() => undefined);
    throw error;
  }
  return answer(socket, frame, 200, 'OK', status('SUCCESS', 'stored'));
}

function addressOf({ endpoint, ticket }: { endpoint: string; ticket: string }): string {
  if (!/^wss?:\/\//i.test(endpoint) || !URL.canParse(endpoint)) {
    throw new ConnectorError('bad_response', 'connections/open answered an endpoint that is no web socket.');
  }
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}ticket=${encodeURIComponent(ticket)}`;
}

function answer(
  socket: WebSocketConnection,
  { headers }: Frame,
  code: number,
  message: string,
  data: string,
): Promise<void> {
  const messageId = textOf(headers.messageId) ?? '';
  const reply = { code, headers: { contentType: 'application/json', messageId }, message, data };
  return socket.send({ text: JSON.stringify(reply) });
}

function status(word: 'SUCCESS' | 'LATER', message: string): string {
  return JSON.stringify({ status: word, message });
}

/** A frame as the protocol draws it: flat headers and a text. Whatever else one holds is not kept. */
function readFrame(text: string): Frame | null {
  const given = parse(text);
  if (!isJsonObject(given) || typeof given.type !== 'string' || !isJsonObject(given.headers)) return null;
  const { type } = given;
  const headers = Object.fromEntries(
    Object.entries(given.headers).filter(([, value]) => typeof value !== 'object'),
  );
  const data = typeof given.data === 'string' ? given.data : '{}';
  return { type, headers, topic: textOf(headers.topic) ?? '', data, raw: { type, headers, data } };
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
