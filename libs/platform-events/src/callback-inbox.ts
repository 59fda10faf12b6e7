import { Injectable, Logger } from '@nestjs/common';
import { Connections, ExchangeLog, type ConnectionContext } from '@trainbridge/connections';
import {
  ConnectorError,
  ERROR_CODES,
  isConnectorError,
  type CallbackReply,
  type PlatformEvent,
  type RawCallback,
} from '@trainbridge/connector-kit';
import { JobQueue } from '@trainbridge/jobs';
import { PLATFORM_EVENTS_QUEUE } from './drain.js';
import { keptEvents, keptMessage } from './kept-message.js';
import { PlatformEventStore } from './platform-event-store.js';
import { MOST_REFUSALS_KEPT, RefusalLimit } from './refusal-limit.js';

/** Platforms give up after 1 to 5 seconds; a connector that hangs must not hold the socket longer. */
const RECEIVE_TIMEOUT_MS = 4_000;
const KEPT_BODY = 2_048;

/** Takes one callback in: the connector verifies and decodes, we commit raw and decoded, then it is answered. */
@Injectable()
export class CallbackInbox {
  private readonly logger = new Logger('Callbacks');
  private readonly refusals = new RefusalLimit();

  constructor(
    private readonly connections: Connections,
    private readonly store: PlatformEventStore,
    private readonly exchanges: ExchangeLog,
    private readonly jobs: JobQueue,
  ) {}

  /**
   * The connector's own reply, to be sent as it is; what it told is committed by then.
   * @throws {ProblemError} `not_found` for an unknown connection.
   * @throws {ConnectorError} when the callback is refused: forged, stale, cut off. Nothing has changed then.
   */
  async take(connectionId: string, path: string, raw: RawCallback): Promise<CallbackReply> {
    const at = new Date();
    const signal = AbortSignal.timeout(RECEIVE_TIMEOUT_MS);
    const prepared = await this.connections.contextFor(connectionId, signal);
    const begin = performance.now();
    try {
      const { reply, events } = await this.receive(prepared, raw, signal);
      const { redact } = prepared;
      const accepted = await this.store.accept(
        connectionId,
        keptMessage(raw, redact),
        keptEvents(events, redact),
      );
      this.record(prepared, path, raw, at, begin, { status: reply.status });
      if (accepted > 0) await this.jobs.wake(PLATFORM_EVENTS_QUEUE, connectionId);
      return reply;
    } catch (error) {
      const refusal = asConnectorError(error);
      if (this.isWorthKeeping(connectionId, refusal)) {
        this.record(prepared, path, raw, at, begin, {
          status: ERROR_CODES[refusal.code].status,
          errorCode: refusal.code,
          errorMessage: prepared.redact(refusal.message),
          requestBody: prepared.redact(excerpt(raw)),
        });
      }
      if (refusal.code === 'internal') {
        const stack = error instanceof Error ? error.stack : undefined;
        this.logger.error(`a callback for ${connectionId} failed`, prepared.redact(stack ?? String(error)));
      }
      throw refusal;
    }
  }

  /** What is our own fault always is. */
  private isWorthKeeping(connectionId: string, refusal: ConnectorError): boolean {
    if (refusal.code === 'internal') return true;
    const verdict = this.refusals.count(connectionId);
    if (verdict === 'first-beyond') {
      this.logger.warn(
        `more than ${MOST_REFUSALS_KEPT} callbacks for ${connectionId} were refused within a minute; the others of this minute are not recorded`,
      );
    }
    return verdict === 'keep';
  }

  private async receive(
    { connector, context }: ConnectionContext,
    raw: RawCallback,
    signal: AbortSignal,
  ): Promise<{ reply: CallbackReply; events: PlatformEvent[] }> {
    if (!connector.events) {
      throw new ConnectorError('not_found', `Connector "${connector.manifest.id}" takes no callbacks.`);
    }
    const timeout = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () =>
        reject(new ConnectorError('unavailable', 'The connector did not decode the callback in time.')),
      );
    });
    return Promise.race([connector.events.receive(context, raw), timeout]);
  }

  private record(
    { connection, redact }: ConnectionContext,
    path: string,
    raw: RawCallback,
    at: Date,
    begin: number,
    outcome: { status: number; errorCode?: string; errorMessage?: string; requestBody?: string },
  ): void {
    this.exchanges.record({
      connectionId: connection.id,
      direction: 'inbound',
      method: raw.method,
      url: redact(raw.queryString === '' ? path : `${path}?${raw.queryString}`),
      durationMs: performance.now() - begin,
      at: at.toISOString(),
      ...outcome,
    });
  }
}

/** What is no ConnectorError is a bug of the connector or our database: either way nothing is told about it outside. */
function asConnectorError(error: unknown): ConnectorError {
  if (isConnectorError(error)) return error;
  return new ConnectorError('internal', 'The callback could not be taken.', {});
}

function excerpt(raw: RawCallback): string {
  return Buffer.from(raw.bodyBase64, 'base64').subarray(0, KEPT_BODY).toString('utf8');
}
