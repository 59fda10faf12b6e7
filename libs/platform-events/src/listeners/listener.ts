import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionContext, ExchangeEntry, ListenerState } from '@trainbridge/connections';
import {
  ConnectorError,
  isConnectorError,
  type ConnectorContext,
  type JsonObject,
  type PlatformEvent,
} from '@trainbridge/connector-kit';

export interface ListenerParts {
  open(signal: AbortSignal): Promise<ConnectionContext>;
  /** Commits a message with its events, and without what `redact` takes out of it. */
  accept(
    raw: JsonObject,
    events: readonly PlatformEvent[],
    redact: ConnectionContext['redact'],
  ): Promise<void>;
  record(entry: ExchangeEntry): void;
  /** Told once per kind of failure, not once per try. */
  warn(message: string): void;
  /** Pauses between tries, milliseconds; tests shorten them. */
  pauses?: { firstMs: number; longestMs: number };
}

const PAUSES = { firstMs: 1_000, longestMs: 5 * 60_000 };
/** Lived this long, a connection was a good one: the next pause is the shortest again. */
const GOOD_AFTER_MS = 60_000;
/** A connector that does not listen to its signal is not waited for any longer. */
const GRACE_MS = 3_000;

/**
 * Holds one connection to a platform: listens, and listens again after a pause that grows with failures. What the connector
 * emits is committed before `emit` resolves, so what was not acknowledged comes again from the platform.
 */
export class Listener {
  private readonly ending = new AbortController();
  private readonly ended: Promise<void>;
  private current: ListenerState = {
    status: 'connecting',
    since: now(),
    lastMessageAt: null,
    error: null,
  };
  private lastFailure = '';
  private provenApp: string | null = null;

  constructor(
    readonly connectionId: string,
    readonly revision: number,
    private readonly parts: ListenerParts,
  ) {
    this.ended = this.run();
  }

  get state(): ListenerState {
    return this.current;
  }

  /**
   * The platform's app this connection is of, equal for all of one app. Null before the platform has taken its credentials:
   * whoever only says to be of an app hears nothing of it.
   */
  get app(): string | null {
    return this.provenApp;
  }

  /** Resolves when nothing listens any more. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    const { firstMs, longestMs } = this.parts.pauses ?? PAUSES;
    let failures = 0;
    while (!signal.aborted) {
      const began = performance.now();
      // Why the last try failed stays until one succeeds.
      this.become('connecting', this.current.error);
      const error = await this.once();
      if (signal.aborted) return;
      failures = performance.now() - began > GOOD_AFTER_MS ? 0 : failures + 1;
      this.become('waiting', error);
      const pauseMs = Math.min(longestMs, firstMs * 2 ** Math.min(20, Math.max(0, failures - 1)));
      // Up to a half more, so that hosts that were cut off together do not come back together.
      await sleep(pauseMs * (1 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Until the platform ends the connection (null) or something fails. */
  private async once(): Promise<ListenerState['error']> {
    // Whatever this try left open ends with it, so that two tries never listen side by side.
    const trial = new AbortController();
    const signal = AbortSignal.any([this.ending.signal, trial.signal]);
    let redact = (text: string): string => text;
    try {
      const opened = await this.parts.open(signal);
      redact = opened.redact;
      const { connector } = opened;
      if (!connector.events?.listen) throw new ConnectorError('internal', 'This connector cannot listen.');
      const context = this.watched(opened);
      const emit = (raw: JsonObject, events: PlatformEvent[]): Promise<void> =>
        this.take(raw, events, opened, signal);
      await orGrace(connector.events.listen(context, { emit }), signal);
      return null;
    } catch (error) {
      return this.failure(error, redact);
    } finally {
      trial.abort();
    }
  }

  private async take(
    raw: JsonObject,
    events: PlatformEvent[],
    { redact }: ConnectionContext,
    signal: AbortSignal,
  ): Promise<void> {
    // Not acknowledged, it comes again to whoever listens next.
    signal.throwIfAborted();
    this.current = { ...this.current, lastMessageAt: now() };
    await this.parts.accept(raw, events, redact);
  }

  /** The connector's context with its web sockets on the record: when one opens, and when one cannot. */
  private watched(opened: ConnectionContext): ConnectorContext {
    const { context, redact } = opened;
    return {
      ...context,
      webSocket: async (url) => {
        const at = now();
        const began = performance.now();
        // Tickets stand in the query.
        const shown = redact(url.split('?')[0] ?? '');
        const record = (outcome: Pick<ExchangeEntry, 'status' | 'errorCode' | 'errorMessage'>): void =>
          this.parts.record({
            connectionId: this.connectionId,
            direction: 'outbound',
            method: 'WS',
            url: shown,
            durationMs: performance.now() - began,
            at,
            ...outcome,
          });
        try {
          const socket = await context.webSocket(url);
          record({ status: 101 });
          this.become('connected');
          this.provenApp = appOf(opened);
          this.lastFailure = '';
          return socket;
        } catch (error) {
          const { code, message } = told(error, redact);
          if (!this.ending.signal.aborted) record({ status: null, errorCode: code, errorMessage: message });
          throw error;
        }
      },
    };
  }

  private failure(error: unknown, redact: (text: string) => string): ListenerState['error'] {
    if (this.ending.signal.aborted) return null;
    const failure = told(error, redact);
    const same = `${failure.code} ${failure.message}`;
    if (same !== this.lastFailure)
      this.parts.warn(`listening for ${this.connectionId} failed: ${failure.code}: ${failure.message}`);
    this.lastFailure = same;
    return failure;
  }

  private become(status: ListenerState['status'], error: ListenerState['error'] = null): void {
    this.current = { ...this.current, status, error, since: now() };
  }
}

function appOf({ connector, context }: ConnectionContext): string | null {
  const { id, events } = connector.manifest;
  const keys = events?.listenKeyFrom;
  return keys ? JSON.stringify([id, ...keys.map((key) => context.config[key] ?? null)]) : null;
}

/** What is no ConnectorError is a bug of the connector or our database; its stack goes nowhere, its name does. */
function told(error: unknown, redact: (text: string) => string): { code: string; message: string } {
  if (isConnectorError(error)) return { code: error.code, message: redact(error.message) };
  return { code: 'internal', message: redact(error instanceof Error ? error.message : String(error)) };
}

async function orGrace(listening: Promise<void>, signal: AbortSignal): Promise<void> {
  let giveUp: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    const begin = (): void => void (giveUp = setTimeout(resolve, GRACE_MS));
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin, { once: true });
  });
  try {
    await Promise.race([listening, grace]);
  } finally {
    clearTimeout(giveUp);
    listening.catch(() => undefined);
  }
}

function now(): string {
  return new Date().toISOString();
}
